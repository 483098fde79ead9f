"""Does f go on beyond a grid as the grid foretells? A tread may be wider than the grid: then it is resolved, and a tread.

Half precision keeps the tail of tanh on one value over a unit and more. Two points twice as far out as the grid, where the
polynomial through it still says what a smooth f would be, show that f is another function there.
"""

from __future__ import annotations

import math
from functools import lru_cache

from calcgrad.numerical_diff.grain import grain
from calcgrad.numerical_diff.sampling import Samples
from calcgrad.numerical_diff.shot import HALF, NOISE_SIGMAS, Shot

#: Where f is asked for, in steps of the grid.
FAR = 2 * HALF
#: Pairs of the grid through which f is foretold, from few to all: what one adds to the one before is its error.
_PAIRS = ((2, 4, 6, 8), (1, 3, 4, 6, 7, 8), (1, 2, 3, 4, 5, 6, 7, 8))
#: A value so many errors off is a surprise.
_SURPRISE = 10.0
#: The place where a surprise begins is halved down so often; at a leap its size is the same over so many halvings.
_HALVINGS, _STILL = 9, 4
_ALIKE = 0.5
#: Values of this size are not weighed.
_LARGE = 1e290
#: So many leaps are a staircase; one is a place where f breaks. Noise of one leap is a share of it.
_AGREED = 2
_NOISE = 0.3


def leaps_beyond(samples: Samples, shot: Shot) -> float:
    """The size of the leaps, if f leaps more than once beyond the grid of the shot; else 0.

    Where f, twice as far out as the grid, is not what it foretells, the place at which that begins is found: at a leap f is
    off at once, at a kink by less and less. Where there is one leap, wider grids are asked for another.
    """
    found: list[float] = []
    if not _fits_into_range(samples, shot):
        return 0.0
    for side in (1, -1):
        near, shift = float(HALF), 0.0
        while len(found) < _AGREED:
            leap = _next_leap(samples, shot, side, near, shift)
            if leap is None:
                break
            near, size = leap
            shift += size
            found.append(abs(size))
    if len(found) == 1:
        return grain(samples, FAR * shot.step, _NOISE * found[0])
    return max(found, default=0.0)


def _fits_into_range(samples: Samples, shot: Shot) -> bool:
    """Can the values be weighed without overflow?"""
    largest = max(map(abs, samples.at([j * shot.step for j in (-HALF, 0, HALF)])))
    return largest < _LARGE


def _next_leap(
    samples: Samples, shot: Shot, side: int, near: float, shift: float
) -> tuple[float, float] | None:
    """Where f first leaves what is foretold, less a shift, beyond ``near`` (in steps), and by how much; None if by no leap."""
    off, error = _off(samples, shot, side * FAR)
    far, sizes = float(FAR), [off - shift]
    if not abs(sizes[0]) > _SURPRISE * error:
        return None
    for _ in range(_HALVINGS):
        middle = 0.5 * (near + far)
        off, error = _off(samples, shot, side * middle)
        off -= shift
        if abs(off) > _SURPRISE * error:
            far = middle
            sizes.append(off)
        elif math.isnan(off):
            return None
        else:
            near = middle
            sizes.append(sizes[-1])
    return (far, sizes[-1]) if sizes[-1] / sizes[-1 - _STILL] > _ALIKE else None


def _off(samples: Samples, shot: Shot, place: float) -> tuple[float, float]:
    """How far f is from what is foretold for this place, in steps, nan where it has no value; and the error of that."""
    offset = samples.landing(place * shot.step)
    seen = samples.one(offset)
    value, error = _foretold(samples, shot, offset / shot.step)
    if offset / shot.step != place:
        error = _foretold(samples, shot, place)[1]
    return seen - value, error


def _foretold(samples: Samples, shot: Shot, target: float) -> tuple[float, float]:
    """The value of the best polynomial at the target, in steps, and its error.

    The error is taken from how the polynomial changes with the number of its points, and from their noise.
    """
    step, noise = shot.step, max(shot.noise, shot.floor)
    made = []
    for pairs in _PAIRS:
        nodes = (0, *pairs, *(-n for n in pairs))
        weights, norm = _weights(nodes, target)
        values = samples.at([n * step for n in nodes])
        terms = [w * v for w, v in zip(weights, values, strict=True)]
        value = math.fsum(terms) if all(map(math.isfinite, terms)) else math.nan
        made.append((value, NOISE_SIGMAS * noise * norm))
    tried = []
    for k, (value, rounding) in enumerate(made):
        other = made[k + 1 if k + 1 < len(made) else k - 1][0]
        tried.append((abs(other - value) + rounding, value))
    error, value = min(tried)
    return value, error


@lru_cache(maxsize=64)
def _weights(nodes: tuple[int, ...], target: float) -> tuple[tuple[float, ...], float]:
    """Lagrange's weights of the nodes at the target, and the norm of the error that their noise makes."""
    weights = tuple(math.prod((target - m) / (n - m) for m in nodes if m != n) for n in nodes)
    return weights, math.sqrt(1.0 + math.fsum([w * w for w in weights]))
