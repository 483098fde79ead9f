"""Powers of h fitted to errors: on the side where they fall, and on the side where they rise."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calcgrad.numerical_diff.summing import plain_sum

#: Points that a fit needs, and the most that count on the falling side: those with the smallest steps, where the leading
#: term is all that is left.
_NEEDED, _LAST = 3, 4
#: How far above rounding an error must stand to be truncation's alone, within a few percent.
_ABOVE = 20.0
#: A fall from one power of ten to the next by less than this is no fall: the quotients' powers are 1 and more.
_FALL = 0.5


@dataclass(frozen=True, slots=True)
class Fit:
    """``size * h^power``, fitted to so many points by least squares of the logarithms."""

    size: float
    power: float
    points: int


def falling(errors: Sequence[tuple[float, float]], floor: Callable[[float], float]) -> Fit | None:
    """The power with which errors fall on the side of large steps, where they stand well above what rounding makes there.

    ``floor`` is the error that rounding makes at a step. ``None`` where fewer than two errors stand above it.

    >>> fit = falling([(0.1, 0.3), (0.01, 0.03), (0.001, 0.003), (1e-4, 5e-2)], lambda h: 1e-5 / h)
    >>> round(fit.power, 9), round(fit.size, 9), fit.points
    (1.0, 3.0, 2)
    """
    run: list[tuple[float, float]] = []
    for pair in sorted(errors, reverse=True):
        if not pair[1] > _ABOVE * floor(pair[0]) or (run and pair[1] > _FALL * run[-1][1]):
            break
        run.append(pair)
    return _fitted(run[-_LAST:]) if len(run) > 1 else None


def rising(errors: Sequence[tuple[float, float]]) -> Fit | None:
    """The power with which errors rise below the step with the smallest one; the size is that of 1/h, in the middle.

    >>> fit = rising([(1e-7, 1e-7), (1e-8, 1e-9), (1e-9, 2e-7), (1e-10, 2e-6), (1e-11, 2e-5)])
    >>> round(fit.power, 9), fit.points
    (-1.0, 3)
    """
    ordered = sorted(errors, reverse=True)
    positive = [error for _, error in ordered if error > 0]
    if not positive:
        return None
    best = min(range(len(ordered)), key=lambda k: (ordered[k][1], k))
    side = [pair for pair in ordered[best + 1 :] if pair[1] > 0]
    if len(side) < _NEEDED:
        return None
    fit = _fitted(side)
    if fit.power > -_FALL:
        return None
    level = math.exp(plain_sum(math.log(h * error) for h, error in side) / len(side))
    return Fit(level, fit.power, fit.points)


def _fitted(pairs: Sequence[tuple[float, float]]) -> Fit:
    xs = [math.log(h) for h, _ in pairs]
    ys = [math.log(error) for _, error in pairs]
    middle_x, middle_y = plain_sum(xs) / len(xs), plain_sum(ys) / len(ys)
    spread = plain_sum((x - middle_x) ** 2 for x in xs)
    power = plain_sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True)) / spread
    return Fit(math.exp(middle_y - power * middle_x), power, len(pairs))
