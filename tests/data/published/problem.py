"""One published problem, its truth in two independent ways, and the rounding that it must be granted.

A problem holds a function twice, as text in the language of calcgrad and as an mpmath callable, and its
derivative as the source prints it, again as an mpmath callable. Nothing here imports calcgrad.

Points are the nearest doubles of the exact point, and decimals inside a function are the nearest doubles of
what is written: this is what calcgrad is asked, so this is what truth is for. ``pi``, ``1/3`` and the like
are exact. In a callable, a Python float such as ``0.2`` is that nearest double by itself; a quotient of
integers is written ``mpf(1) / 3``, since ``1 / 3`` would round.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Any

from mpmath import mp, mpf

#: Digits in which truth is computed, and in which it is written down.
WORKING_DIGITS, WRITTEN_DIGITS = 110, 40
#: Two ways must agree to this relative error ...
AGREEMENT = mpf("1e-30")
#: ... and what is below this, beside the size of the function, is a zero.
ZERO = mpf("1e-60")
DOUBLE_BITS = 53
#: The textbook's step of a central difference at a coordinate of size one: the cube root of the spacing at 1.
DIFFERENCE_STEP = 2.0 ** (-52 / 3)
NEIGHBOURS = 12


class DisagreementError(Exception):
    """The printed derivative is not the derivative of the printed function."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A function, a point, and the derivative that the source prints for it.

    ``at`` is ``"x=1/2, y=pi"``; ``f`` and ``d`` take these variables in this order; ``d`` gives one number
    for each non-decreasing tuple of ``wrt``, or the number itself where there is one. ``derivative`` is the
    formula for people.
    """

    name: str
    origin: str
    expr: str
    at: str
    f: Callable[..., Any]
    d: Callable[..., Any]
    derivative: str | None = None
    wrt: str = ""
    order: int = 1

    @property
    def point(self) -> dict[str, str]:
        """The point as it is given to calcgrad."""
        return {k.strip(): v.strip() for k, v in (pair.split("=") for pair in self.at.split(","))}

    @property
    def doubles(self) -> list[float]:
        """The nearest doubles of the point."""
        return [nearest_double(text) for text in self.point.values()]

    @property
    def names(self) -> list[str]:
        """The variables of differentiation: all of the point's, unless the problem says otherwise."""
        return self.wrt.split() or list(self.point)

    @property
    def tuples(self) -> list[tuple[str, ...]]:
        """One tuple of variables for each derivative, in the order of ``d``."""
        return list(combinations_with_replacement(self.names, self.order))

    def printed(self, point: list[float]) -> list[Any]:
        """The derivatives by the formula of the source, in the precision that ``mp`` is set to."""
        values = self.d(*map(mpf, point))
        return list(values) if isinstance(values, tuple) else [values]

    def differentiated(self) -> list[Any]:
        """The derivatives by ``mpmath.diff`` of the function, which never looks at the formula."""
        inputs, names = list(map(mpf, self.doubles)), list(self.point)
        return [
            mp.diff(self.f, tuple(inputs), tuple(wrt.count(name) for name in names)) for wrt in self.tuples
        ]


def nearest_double(text: str) -> float:
    """The double nearest to an exact number: an integer, a decimal, a fraction, or one of these times pi.

    >>> nearest_double("1/10"), nearest_double("-3*pi/4")
    (0.1, -2.356194490192345)
    """
    if "pi" not in text:
        return float(Fraction(text))
    factor = Fraction(text.replace("*pi", "").replace("pi", "1"))
    with mp.workdps(WORKING_DIGITS):
        return float(mp.pi * factor.numerator / factor.denominator)


def truth(problem: Problem) -> tuple[str, list[str]]:
    """The value and the derivatives as decimal strings, once both ways agree on them.

    A value has no second way; it is computed twice, with different digits.

    Raises :class:`DisagreementError` where they do not.
    """
    inputs = list(map(mpf, problem.doubles))
    with mp.workdps(WORKING_DIGITS + 10):
        finer = problem.f(*inputs)
    with mp.workdps(WORKING_DIGITS):
        value = problem.f(*inputs)
        small = ZERO * max(1, abs(value))
        printed, differentiated = problem.printed(problem.doubles), problem.differentiated()
        if len(printed) != len(differentiated):
            raise DisagreementError(
                f"{problem.name}: {len(printed)} formulas, {len(differentiated)} derivatives"
            )
        pairs = zip(printed, differentiated, strict=True)
        return agreed(problem, value, finer, small), [agreed(problem, a, b, small) for a, b in pairs]


def agreed(problem: Problem, a: Any, b: Any, small: Any) -> str:
    """The decimal string on which two ways agree; ``0`` where both are nothing but rounding."""
    if a and abs(a - b) <= AGREEMENT * abs(a):
        return str(mp.nstr(a, WRITTEN_DIGITS, strip_zeros=True))
    if max(abs(a), abs(b)) <= small:
        return "0"
    raise DisagreementError(f"{problem.name}: {mp.nstr(a, 20)} against {mp.nstr(b, 20)}")


def rounding(problem: Problem) -> list[float]:
    """How far each printed derivative strays from itself when computed in 53 bits.

    The largest absolute error seen at the point and at neighbours of it. It grows with the cancellation
    inside the formula, which no way of computing it can escape, so it is the measure of what a method may be
    off by; at a minimum, where the derivative is zero and a relative error has no meaning, it is the only
    one.
    """
    errors = [strays(problem.printed, point) for point in neighbours(problem, 1e-8)]
    return [max(each) for each in zip(*errors, strict=True)]


def value_rounding(problem: Problem) -> float:
    """The same for the function, over the reach of a difference's step."""

    def value(point: list[float]) -> list[Any]:
        return [problem.f(*map(mpf, point))]

    return max(strays(value, p)[0] for p in neighbours(problem, DIFFERENCE_STEP, absolute=True))


def strays(compute: Callable[[list[float]], list[Any]], point: list[float]) -> list[float]:
    """The absolute errors of computing in 53 bits at this point."""
    with mp.workdps(WORKING_DIGITS):
        exact = compute(point)
    with mp.workprec(DOUBLE_BITS):
        rounded = compute(point)
    with mp.workdps(WORKING_DIGITS):
        return [float(abs(a - b)) for a, b in zip(exact, rounded, strict=True)]


def neighbours(problem: Problem, reach: float, absolute: bool = False) -> Iterator[list[float]]:
    """The point, then points within ``reach`` of it.

    The reach is relative, but for coordinates that are zero and, where it is ``absolute``, below one in size.
    """
    drawn = random.Random(problem.name)
    yield problem.doubles
    for _ in range(NEIGHBOURS):
        scales = [max(abs(x), 1.0) if absolute else abs(x) or 1.0 for x in problem.doubles]
        yield [x + drawn.uniform(-reach, reach) * s for x, s in zip(problem.doubles, scales, strict=True)]


def third_derivatives(problem: Problem) -> list[float]:
    """The third derivative along each variable: what the error of a central difference is made of."""
    inputs = list(map(mpf, problem.doubles))
    with mp.workdps(30):
        orders = [tuple(3 * (name == variable) for name in problem.point) for variable in problem.names]
        return [float(abs(mp.diff(problem.f, tuple(inputs), order))) for order in orders]


def entry(problem: Problem) -> dict[str, Any]:
    """The problem as it stands in ``published.json``."""
    value, derivatives = truth(problem)
    record: dict[str, Any] = {
        "name": problem.name,
        "origin": problem.origin,
        "expr": problem.expr,
        "at": problem.point,
        "wrt": problem.names,
        "order": problem.order,
        "derivative": problem.derivative,
        "value": value,
        "true": derivatives,
        "value_rounding": short(value_rounding(problem)),
        "rounding": [short(r) for r in rounding(problem)],
    }
    if problem.order == 1:
        record["third"] = [short(t) for t in third_derivatives(problem)]
    return record


def short(number: float) -> float:
    """A magnitude to two digits: no more is meant by it."""
    return float(f"{number:.1e}")
