"""Finite-difference stencils: exact weights, order of accuracy, error term.

Weights on any offsets come from Fornberg's recursion (B. Fornberg, *Generation of finite difference formulas
on arbitrarily spaced grids*, Math. Comp. 51, 1988), run in exact fractions. Weights on symmetric integer
nodes, which the adaptive derivative uses by the thousand, come from the Lagrange polynomials in whole
numbers, and are rounded once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from calcgrad.errors import UsageError

if TYPE_CHECKING:
    from fractions import Fraction

MAX_POINTS = 200


class Symmetric(NamedTuple):
    """Weights on 0 and ±nodes: ``centre * f(0) + sum(w * (f(+n) ± f(-n)))``, minus for odd orders.

    ``norm`` is the Euclidean norm of all weights: white noise of level s moves the result by ``s * norm``.
    """

    centre: float
    sides: tuple[float, ...]
    norm: float


@lru_cache(maxsize=256)
def symmetric_weights(order: int, nodes: tuple[int, ...]) -> Symmetric:
    """The weights of the derivative of this order at 0, for unit spacing, on 0 and ± the positive ``nodes``.

    The Lagrange polynomial of a pair is (t/n)^parity · prod (m² - t²)/(m² - n²); its coefficient of t^order,
    times order!, is the weight. Whole numbers throughout, one rounding at the end.

    >>> symmetric_weights(1, (1, 2)).sides == (2 / 3, -1 / 12)
    True
    >>> symmetric_weights(2, (1,))[:2]
    (-2.0, (1.0,))
    """
    odd = order % 2
    power = (order - (1 if odd else 2)) // 2
    if power >= len(nodes):
        raise ValueError(f"derivative {order} needs more than {len(nodes)} pairs of points")
    sides = []
    exact_centre = 0.0
    for n in nodes:
        numerator = [1]
        denominator = n if odd else n * n
        for m in nodes:
            if m != n:
                numerator = _times_square_minus_t(numerator, m * m)
                denominator *= m * m - n * n
        # A pair shares the weight: f(+n) - f(-n) is twice the odd part, f(+n) + f(-n) twice the even one.
        sides.append(math.factorial(order) * numerator[power] / (2 * denominator))
    if not odd:
        exact_centre = -2.0 * math.fsum(sides)
    norm = math.sqrt(exact_centre**2 + 2.0 * math.fsum(w * w for w in sides))
    return Symmetric(exact_centre, tuple(sides), norm)


def _times_square_minus_t(polynomial: list[int], square: int) -> list[int]:
    """``polynomial(u) * (square - u)``, where u stands for t²; lowest coefficient first."""
    shifted = [0, *polynomial]
    return [square * a - b for a, b in zip([*polynomial, 0], shifted, strict=True)]


def fornberg_weights(order: int, offsets: Iterable[Fraction | int]) -> list[Fraction]:
    """Exact weights of the derivative of this order at 0 from values at the offsets (Fornberg 1988).

    >>> [str(w) for w in fornberg_weights(1, [-1, 0, 1])]
    ['-1/2', '0', '1/2']
    """
    from fractions import Fraction

    points = [Fraction(o) for o in offsets]
    # weights[k][j]: weight of point j in the k-th derivative, from the points seen so far.
    weights = [[Fraction(0)] * len(points) for _ in range(order + 1)]
    weights[0][0] = Fraction(1)
    product = Fraction(1)
    for n in range(1, len(points)):
        highest = min(n, order)
        new_product = Fraction(1)
        for j in range(n):
            gap = points[n] - points[j]
            new_product *= gap
            if j == n - 1:
                for k in range(highest, -1, -1):
                    lower = weights[k - 1][n - 1] * k if k else Fraction(0)
                    weights[k][n] = product * (lower - points[n - 1] * weights[k][n - 1]) / new_product
            for k in range(highest, -1, -1):
                lower = weights[k - 1][j] * k if k else Fraction(0)
                weights[k][j] = (points[n] * weights[k][j] - lower) / gap
        product = new_product
    return weights[order]


@dataclass(frozen=True, slots=True)
class Stencil:
    """A finite-difference formula: f^(order)(x) ≈ sum(w · f(x + o·h)) / h^order, and what it leaves out.

    ``accuracy`` is p in the leading error C·h^p·f^(order+p)(x); ``error_coefficient`` is C, exact;
    ``error_derivative`` is order + p.
    """

    order: int
    offsets: tuple[Fraction, ...]
    weights: tuple[Fraction, ...]
    accuracy: int
    error_coefficient: Fraction
    error_derivative: int

    def lines(self) -> list[str]:
        """The stencil for people, a line each: the formula's points and weights, then the error term."""
        rows = [(str(o), str(w)) for o, w in zip(self.offsets, self.weights, strict=True)]
        wide = max(len("offset"), *(len(o) for o, _ in rows))
        wide_weight = max(len("weight"), *(len(w) for _, w in rows))
        power = "h" if self.order == 1 else f"h^{self.order}"
        step = "h" if self.accuracy == 1 else f"h^{self.accuracy}"
        return [
            f"derivative {self.order} from {len(rows)} points, order of accuracy {self.accuracy}",
            f"{'offset':>{wide}}  {'weight':>{wide_weight}}",
            *(f"{o:>{wide}}  {w:>{wide_weight}}" for o, w in rows),
            f"sum of weight * f(x + offset*h), divided by {power}",
            f"leading error: ({self.error_coefficient}) * {step} * f^({self.error_derivative})(x)",
        ]

    def __str__(self) -> str:
        return "\n".join(self.lines())


def stencil(order: int = 1, points: str | Iterable[Fraction | int | float | str] = "-1..1") -> Stencil:
    """The finite-difference stencil of a derivative on any offsets, with exact weights (Fornberg 1988).

    ``points`` are offsets in steps: a text such as ``"-2..2"`` or ``"0,1,5/2"``, or an iterable of numbers or
    texts. Raises :class:`~calcgrad.errors.UsageError` when there are too few points, or two that are the
    same.

    >>> print(stencil(1, "-2..2"))
    derivative 1 from 5 points, order of accuracy 4
    offset  weight
        -2    1/12
        -1    -2/3
         0       0
         1     2/3
         2   -1/12
    sum of weight * f(x + offset*h), divided by h
    leading error: (-1/30) * h^4 * f^(5)(x)
    """
    offsets = parse_offsets(points)
    if order < 1:
        raise UsageError.of("E340", f"the order of a derivative cannot be {order}", hints=("try --order 1",))
    if len(offsets) > MAX_POINTS:
        raise UsageError.of("E341", f"a stencil may have {MAX_POINTS} points, not {len(offsets)}")
    if len(offsets) <= order:
        raise UsageError.of(
            "E342",
            f"derivative {order} needs at least {order + 1} points, not {len(offsets)}",
            hints=(f"try --points {-((order + 1) // 2)}..{(order + 1) // 2}",),
        )
    if len(set(offsets)) < len(offsets):
        raise UsageError.of("E343", "two points of the stencil are the same")
    weights = tuple(fornberg_weights(order, offsets))
    accuracy, coefficient = _error_term(order, offsets, weights)
    return Stencil(order, offsets, weights, accuracy, coefficient, order + accuracy)


def _error_term(
    order: int, offsets: tuple[Fraction, ...], weights: tuple[Fraction, ...]
) -> tuple[int, Fraction]:
    """The first power of h that Taylor's series of the stencil leaves over, and its coefficient."""
    for accuracy in range(1, len(offsets) + 2):
        power = order + accuracy
        moment = sum(w * o**power for w, o in zip(weights, offsets, strict=True))
        if moment:
            return accuracy, moment / math.factorial(power)
    raise AssertionError("a stencil of n points cannot be exact for every power up to n + 1")


def parse_offsets(points: str | Iterable[Fraction | int | float | str]) -> tuple[Fraction, ...]:
    """Offsets as exact fractions, from ``"-2..2"``, ``"0, 1, 5/2"`` or an iterable.

    >>> [str(o) for o in parse_offsets("-1..1, 5/2")]
    ['-1', '0', '1', '5/2']
    """
    from fractions import Fraction

    parts = points.split(",") if isinstance(points, str) else list(points)
    offsets: list[Fraction] = []
    for part in parts:
        try:
            if isinstance(part, str) and ".." in part:
                first, last = (int(end) for end in part.split("..", 1))
                if last - first >= MAX_POINTS:
                    raise UsageError.of(
                        "E341", f"a stencil may have {MAX_POINTS} points, not {last - first + 1}"
                    )
                offsets.extend(Fraction(i) for i in range(first, last + 1))
            else:
                offsets.append(Fraction(part.strip() if isinstance(part, str) else part))
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            raise UsageError.of(
                "E344", f"cannot read the points {part!r}", hints=("write -2..2, or -1,0,1,5/2",)
            ) from None
    return tuple(offsets)
