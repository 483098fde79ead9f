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
#: What is left of equal values after their second differences over the nearest distance.
ROUNDED = mpmath.mpf("1e-60")
#: How far a limit by these distances may be off: the last gap, or this share of the size.
CLOSE = mpmath.mpf("1e-12")


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


def mixed(question: Question) -> Any:
    """The mixed second derivative by four values, for each of four quadrants; ``None`` where they are no number."""
    with mpmath.workdps(DIGITS):
        found = []
        for h in DISTANCES[:2]:
            for a in (-h, h):
                for b in (-h, h):
                    moves = [{}, {"x": a}, {"y": b}, {"x": a, "y": b}]
                    values = [_at(question, move) for move in moves]
                    if None in values:
                        return None
                    found.append((values[3] - values[1] - values[2] + values[0]) / (a * b))
    rough, fine = found[:4], found[4:]
    middle = sum(fine) / 4
    spread = max(abs(a - middle) for a in fine)
    before = max(abs(a - middle) for a in rough)
    return middle if spread <= before / 100 + CLOSE * abs(middle) else None


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
    if limit is None or not mpmath.isfinite(limit):
        return Side(limit=limit)
    start = value if value is not None and abs(value - limit) <= CLOSE * abs(limit) + CLOSE else None
    near = f(NEAREST) if start is None else start
    if near is None:
        return Side(limit=limit)
    second = _quotient(f, near, sign, 2) if len(question.wrt) == 2 else None
    return Side(limit=limit, slope=_quotient(f, near, sign, 1), second=second)


def _quotient(f: Callable[[Any], Any], start: Any, sign: int, order: int) -> Any:
    quotients = []
    for h in DISTANCES:
        a, b = f(h), f(2 * h)
        if a is None or b is None:
            return None
        quotients.append(sign * (a - start) / h if order == 1 else (b - 2 * a + start) / h**2)
    return limit_of(quotients)


def limit_of(values: list[Any]) -> Any:
    """The limit of values at the distances: a number, an infinity, or ``None`` for undecided."""
    if any(v is None for v in values):
        return None
    gaps = [b - a for a, b in pairwise(values)]
    size = max(map(abs, values))
    if all(abs(g) <= ROUNDED * max(size, 1) for g in gaps):
        return values[-1]
    if all(abs(b) <= abs(a) / 20 for a, b in pairwise(gaps)):
        ratio = gaps[-1] / gaps[-2]
        return values[-1] + gaps[-1] * ratio / (1 - ratio)
    growing = all(abs(b) >= abs(a) * mpmath.mpf("0.999") for a, b in pairwise(gaps))
    if growing and (all(g > 0 for g in gaps) or all(g < 0 for g in gaps)):
        return mpmath.inf * mpmath.sign(gaps[-1])
    return None
