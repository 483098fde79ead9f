"""Two sides that touch: a function with one slope whose curvature jumps (Huber's loss, a spline, a cut-off).

Each side is fitted by its own polynomial. Where the polynomials meet with one slope, close to x, they are one
function with a derivative; where they only cross, it is a kink. Both are decided at the widest interval at which a
side is fitted to rounding, because there the slopes are sharpest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from calcgrad.numerical_diff.breaks import Break
from calcgrad.numerical_diff.one_sided import Side, fit_side
from calcgrad.numerical_diff.sampling import Samples

#: From one width to the next.
_SHRINK = 8.0
_MOST_WIDTHS = 9
#: A side is fitted to rounding where its noise is below so many roundings.
_ROUNDINGS = 64.0
#: Terms are at most so many times as large as their sum, where their rounding is reckoned with.
_CANCELLED = 2.0**20
#: Or so many of the least noise.
_QUIETEST = 4.0
#: A width of fewer units in the last place of x tells nothing.
_FEWEST_UNITS = 256.0
#: Shares of the width at which a side must predict f.
_PROBES = (0.01173, 0.37)
#: A contact further from x than this share of the width says nothing of x.
_CLOSE = 0.2
#: Slopes are one within so many times both bounds.
_APART = 4.0


@dataclass(frozen=True, slots=True)
class Slope:
    """The derivative at a seam or beside it, with its bound, and the width of the interval that it is from."""

    value: float
    bound: float
    width: float


def one_slope(samples: Samples, width: float) -> Slope | Break | None:
    """The slope that both sides of x have; a kink where they have two; None where no width resolves both.

    The terms of a sum may round by more than the sum: where no side is fitted to rounding, the least noise of any fit is
    what rounding leaves.
    """
    found = _walked(samples, width, 0.0)
    return found if found is not None else _walked(samples, width, _least_noise(samples, width))


def _least_noise(samples: Samples, width: float) -> float:
    """Of all fits that the walk made; their values are known."""
    noises = []
    for k in range(_MOST_WIDTHS):
        if width / _SHRINK**k >= _FEWEST_UNITS * samples.smallest:
            sides = (fit_side(samples, sign, width / _SHRINK**k, 1) for sign in (-1, 1))
            noises += [side.noise for side in sides if side is not None and _is_rounding(samples, side)]
    return min(noises, default=0.0)


def _is_rounding(samples: Samples, side: Side) -> bool:
    """Could the noise be the rounding of terms that cancel? Where it is more, the fit is a bad one."""
    size = max(abs(samples.one(0.0)), *map(abs, side.coefficients))
    return side.noise <= _CANCELLED * samples.floor * size


def _walked(samples: Samples, width: float, least: float) -> Slope | Break | None:
    here = samples.one(0.0)
    kept: dict[int, Side] = {}
    best: Slope | None = None
    for _ in range(_MOST_WIDTHS):
        if width < _FEWEST_UNITS * samples.smallest:
            break
        sides = {s: side for s in (-1, 1) if (side := _fitted(samples, s, width, here, least)) is not None}
        for sign, side in sides.items():
            sharper = sign not in kept or side.bounds[1] < kept[sign].bounds[1]
            if sharper and abs(side.value - here) <= _tolerance(side):
                kept[sign] = side
        if len(sides) == 2:
            found = _of_pair(samples, sides[-1], sides[1], here)
            if found is not None:
                return found
        if len(kept) == 2:
            hull = _hull(kept[-1], kept[1])
            if hull is not None and best is not None and hull.bound > 3.0 * best.bound:
                return best
            if hull is not None and (best is None or hull.bound < best.bound):
                best = hull
        width /= _SHRINK
    return best


def _tolerance(side: Side) -> float:
    return 4.0 * side.bounds[0] + 20.0 * side.noise + 1e-15 * abs(side.value)


def _fitted(samples: Samples, sign: int, width: float, here: float, least: float) -> Side | None:
    """The fit of a side where it is good to rounding, ``least`` at least, and foretells two more values."""
    side = fit_side(samples, sign, width, 1)
    if side is None:
        return None
    size = max(abs(here), *map(abs, side.coefficients))
    if side.noise > max(_ROUNDINGS * samples.floor * size, _QUIETEST * least) + 1e-300:
        return None
    offsets = [samples.landing(sign * width * share) for share in _PROBES]
    foretold = all(
        abs(seen - side.predict(t)) <= _tolerance(side)
        for t, seen in zip(offsets, samples.at(offsets), strict=True)
    )
    return side if foretold else None


def _of_pair(samples: Samples, left: Side, right: Side, here: float) -> Slope | Break | None:
    """What two sides of one width say."""
    allowed = max(_tolerance(left), _tolerance(right))
    strays = [side for side in (left, right) if abs(side.value - here) > allowed]
    where = contact(left, right)
    width = min(left.width, right.width)
    if not strays:
        # The seam cannot be told from x: the slope is one of both sides' or between them.
        gap = abs(right.derivatives[1] - left.derivatives[1])
        if gap > _APART * (left.bounds[1] + right.bounds[1]) and where is None:
            return Break("kink", left, right)
        middle = 0.5 * (left.derivatives[1] + right.derivatives[1])
        return Slope(middle, 0.5 * gap + max(left.bounds[1], right.bounds[1]), width)
    if len(strays) == 1 and where:
        # The seam lies clearly to one side of x: x belongs to the other, as far as the seam.
        good = right if strays[0] is left else left
        between = samples.landing(0.5 * where)
        follows = abs(samples.one(between) - good.predict(between)) <= 2.0 * _tolerance(good)
        if (where > 0.0) == (good is left) and follows:
            return Slope(good.derivatives[1], good.bounds[1], width)
    return None


def contact(left: Side, right: Side) -> float | None:
    """Where the two fits touch, close to x: their difference and its slope vanish at one place. None if they cross.

    The difference is taken as its cubic about x; its slope has one root there, or two.
    """
    gap = (
        right.value - left.value,
        right.derivatives[1] - left.derivatives[1],
        right.end_derivative(2) - left.end_derivative(2),
        right.end_derivative(3) - left.end_derivative(3),
    )
    allowed = _tolerance(left) + _tolerance(right)
    reach = _CLOSE * min(left.width, right.width)

    def touches(t: float) -> bool:
        apart = gap[0] + t * (gap[1] + t * (gap[2] / 2.0 + t * gap[3] / 6.0))
        return abs(t) < reach and abs(apart) <= allowed

    return next((t for t in sorted(_stationary(*gap[1:]), key=abs) if touches(t)), None)


def _stationary(slope: float, curvature: float, third: float) -> list[float]:
    """The roots of slope + curvature·t + third·t²/2, and the one that there is without the last term."""
    found = [-slope / curvature] if curvature else []
    discriminant = curvature * curvature - 2.0 * slope * third
    if discriminant < 0.0:
        return found
    larger = curvature + math.copysign(math.sqrt(discriminant), curvature)
    return [*found, *([-2.0 * slope / larger] if larger else []), *([-larger / third] if third else [])]


def _hull(left: Side, right: Side) -> Slope | None:
    """Two fits of different widths: the sharper one's slope, with the other's as far as they differ."""
    good, other = sorted((left, right), key=lambda side: side.bounds[1])
    gap = abs(good.derivatives[1] - other.derivatives[1])
    if gap > _APART * (good.bounds[1] + other.bounds[1]) and contact(left, right) is None:
        return None
    return Slope(good.derivatives[1], good.bounds[1] + gap, min(good.width, other.width))
