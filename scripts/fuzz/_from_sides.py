"""What a function does beside a point, from values alone: limits and slopes from both sides, by mpmath at 260 digits.

A limit is told from values at distances that shrink by 10^4 each: it is there where their gaps shrink too, it is infinite where
the values grow without end, and it is undecided (``None``) where neither is plain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import mpmath
from _own_words import OutsideError, Question, real

DIGITS = 260
DISTANCES = tuple(mpmath.mpf(10) ** -k for k in (10, 14, 18, 22))
#: Where the limit of the values is taken, if there is none at the point.
NEAREST = mpmath.mpf("1e-90")
#: The share of a slope by which the second quotients may be off, and of a limit by which it may be: far above rounding.
ROUNDED = mpmath.mpf("1e-40")
#: The share of a function's value that is left in its quotients over the nearest distance, by rounding to 260 digits.
EXACT = mpmath.mpf("1e-200")


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that was extrapolated, or an infinity; it is within ``blur`` of the true one."""

    value: Any
    blur: Any

    def near(self, other: Limit) -> bool | None:
        """Whether the two are one number; ``None`` where their blurs do not tell."""
        if not (mpmath.isfinite(self.value) and mpmath.isfinite(other.value)):
            return bool(self.value == other.value)
        apart, blur = abs(self.value - other.value), self.blur + other.blur
        if apart <= blur:  # a small kink may hide in a large blur
            return True if blur <= max(CLEAR * abs(self.value), NOTHING) else None
        return False if apart > SURE * blur else None

    def holds(self, said: Any) -> bool:
        """Whether a number that was said, to nine digits or more, may be this one."""
        said = mpmath.mpf(said)
        if said == 0 or mpmath.isinf(said):  # one-sided numbers are doubles
            return bool(mpmath.mpf(float(self.value)) == said) or abs(self.value - said) <= SURE * self.blur
        if not (mpmath.isfinite(self.value) and mpmath.isfinite(said)):
            return bool(self.value == said)
        return bool(abs(self.value - said) <= SURE * self.blur + SAID * abs(said))


#: So many blurs apart two limits are surely two.
SURE = 1000
#: A blur below this share of its limit, or below this number, hides nothing that is drawn.
CLEAR, NOTHING = mpmath.mpf("1e-24"), mpmath.mpf("1e-30")
#: A double's rounding, and more.
SAID = mpmath.mpf("1e-12")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a point: ``outside`` where there is no value, else the limits of the value, the quotient and the second one."""

    outside: bool = False
    limit: Any = None
    slope: Any = None
    second: Any = None


@dataclass(frozen=True, slots=True)
class Beside:
    """The value at the point (``None`` for none), and both sides."""

    value: Any
    left: Side
    right: Side


def beside(question: Question) -> Beside | None:
    """What the function is beside the point along its first variable of ``wrt``; ``None`` where it cannot be told."""
    try:
        with mpmath.workdps(DIGITS):
            value = _at(question, {})
            left, right = (_side(question, sign, value) for sign in (-1, 1))
    except (ArithmeticError, ValueError, mpmath.libmp.NoConvergence):
        return None
    return Beside(value, left, right)


def mixed(question: Question) -> Limit | None:
    """The mixed second derivative by four values, in each of four quadrants; ``None`` where they do not agree on a number."""
    with mpmath.workdps(DIGITS):
        quadrants = [_quadrant(question, a, b) for a in (-1, 1) for b in (-1, 1)]
    found = [limit for limit in quadrants if limit is not None]
    if len(found) < 4 or not all(found[0].near(limit) for limit in found[1:]):
        return None
    return found[0]


def _quadrant(question: Question, right: int, up: int) -> Limit | None:
    quotients = []
    for h in DISTANCES:
        a, b = right * h, up * h
        values = [_at(question, move) for move in ({}, {"x": a}, {"y": b}, {"x": a, "y": b})]
        if None in values:
            return None
        quotients.append((values[3] - values[1] - values[2] + values[0]) / (a * b))
    return limit_of(quotients, EXACT * max(map(abs, values)))


def _at(question: Question, moves: dict[str, Any]) -> Any:
    try:
        value = question.part.value({n: real(v) + moves.get(n, 0) for n, v in question.at.items()})
    except (OutsideError, ZeroDivisionError):
        return None
    return value if isinstance(value, mpmath.mpf) and mpmath.isfinite(value) else None


def _side(question: Question, sign: int, value: Any) -> Side:
    name = question.wrt[0]

    def f(h: Any) -> Any:
        return _at(question, {name: sign * h})

    values = [f(h) for h in DISTANCES]
    if all(v is None for v in values):
        return Side(outside=True)
    limit = limit_of(values)
    if limit is None or not mpmath.isfinite(limit.value):
        return Side(limit=limit)
    start = value if value is not None and limit.near(Limit(value, 0)) else f(NEAREST)
    if start is None:
        return Side(limit=limit)
    slope = limit_of(_quotients(f, start, sign, 1), EXACT * abs(limit.value))
    if len(question.wrt) == 1 or slope is None:
        return Side(limit=limit, slope=slope)
    # A start taken at the nearest distance is off by the slope times that.
    left = EXACT * abs(limit.value) + (ROUNDED * abs(slope.value) if mpmath.isfinite(slope.value) else 0)
    return Side(limit=limit, slope=slope, second=limit_of(_quotients(f, start, sign, 2), left))


def _quotients(f: Callable[[Any], Any], start: Any, sign: int, order: int) -> list[Any]:
    found = []
    for h in DISTANCES:
        a, b = f(h), f(2 * h)
        if a is None or b is None:
            return [None]
        found.append(sign * (a - start) / h if order == 1 else (b - 2 * a + start) / h**2)
    return found


def limit_of(values: list[Any], left: Any = None) -> Limit | None:
    """The limit of values at the distances: a number, an infinity, or ``None`` for undecided.

    Of quotients, ``left`` is what may be left of rounding in them: that is no growth.
    """
    if any(v is None for v in values):
        return None
    gaps = [b - a for a, b in pairwise(values)]
    size = max(map(abs, values))
    rounding = EXACT * size if left is None else max(left, ROUNDED * size)
    if all(abs(g) <= rounding for g in gaps):
        return Limit(values[-1], rounding)
    if all(abs(b) <= abs(a) / 20 + rounding for a, b in pairwise(gaps)):
        last, before = (_extrapolated(values[k : k + 3]) for k in (1, 0))
        return Limit(last, abs(last - before) + rounding)
    growing = all(abs(b) >= abs(a) * mpmath.mpf("0.999") for a, b in pairwise(gaps))
    if growing and (all(g > 0 for g in gaps) or all(g < 0 for g in gaps)):
        return Limit(mpmath.inf * mpmath.sign(gaps[-1]), 0)
    return None


def _extrapolated(values: list[Any]) -> Any:
    """Aitken's: the limit of a geometric series with these three sums."""
    a, b = values[1] - values[0], values[2] - values[1]
    return values[2] + (b * b / (a - b) if a != b else 0)
