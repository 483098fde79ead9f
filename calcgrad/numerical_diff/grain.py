"""Is noise a grain? A rounded part of a function is a staircase: flat at a small scale, and smooth only at a large one.

On its treads a staircase looks smoother than any function, so that agreement of grids proves nothing. What tells
grain from structure of a fine scale is that rounding leaps: let D be f inside of an interval less the chord there.
Half of the interval has a quarter of D where f is smooth, half of it at a kink, and all of it at a leap. A fine regime
is believed only where f is continuous between it and the coarse one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from calcgrad.numerical_diff.sampling import Samples, exact_step
from calcgrad.numerical_diff.shot import HALF, Shot, take_shot

#: Intervals are cut at this share: not in the middle, where the leaps of a regular staircase cancel at every scale.
_CUT = 0.43
#: A leap keeps its size, within a tenth, over so many cuts.
_STILL = 6
_ALIKE = 1.1
#: So many cuts in a row without any bend are continuity, or more, while there is room for several treads.
_QUIET = 3
_QUIET_AT_LAST = 5
#: A rise of so many times the level is too small for several leaps.
_FEW_TREADS = 200.0
_MOST_CUTS = 60
#: Toward a pole bends grow by more than this.
_STEEPER = 1.3
#: Differences of this order say where the values of a grid are irregular: a leap is six times as large in the one about it.
_ORDER = 5
#: Leaps are looked for first where f rises by so many times the noise, if that is a smaller part of a stretch than this.
_SEVERAL_TREADS = 64.0
_PART = 0.3
#: So many leaps are a staircase.
_AGREED = 2
#: So many stretches of a grid without a leap are enough.
_GIVEN_UP = 2
#: A grid that shows one leap is doubled so often, less one.
_WIDENINGS = 4
#: Noise of so many leaps is not theirs: the grid does not resolve f.
MUCH = 2.0
#: So many grids are tried, each half as wide as the one before.
_MOST_GRIDS = 12
#: Noise of a grid allows its values to be off by so many of it (see ``shot``).
_ALLOWANCE = 1.4


@dataclass(frozen=True, slots=True)
class Piece:
    """An interval with f at its ends and between them, at the share ``_CUT`` of the way."""

    a: float
    b: float
    fa: float
    fm: float
    fb: float

    @property
    def bend(self) -> float:
        """How far f between the ends is from the chord."""
        return self.fm - (1.0 - _CUT) * self.fa - _CUT * self.fb

    @property
    def step(self) -> float:
        """The size of the one leap that makes the bend: before the cut it leaves the larger part of itself."""
        before = abs(self.fm - self.fa) > abs(self.fb - self.fm)
        return abs(self.bend) / (1.0 - _CUT if before else _CUT)

    @property
    def rise(self) -> float:
        """How far apart f is at the ends."""
        return abs(self.fb - self.fa)

    def parts(self, at: Callable[[float], float]) -> tuple[Piece, Piece]:
        """The two parts, at the price of two values."""
        a, m, b = self.a, _cut(self.a, self.b), self.b
        left = Piece(a, m, self.fa, at(_cut(a, m)), self.fm)
        return left, Piece(m, b, self.fm, at(_cut(m, b)), self.fb)


def _cut(a: float, b: float) -> float:
    return a + _CUT * (b - a)


def leap(at: Callable[[float], float], a: float, b: float, level: float, smallest: float) -> float:
    """The size of a discontinuity of f inside of [a, b], or 0 where there is none above ``level``.

    >>> leap(lambda t: 1e-3 * t + (t > 0.3), 0.0, 1.0, 1e-9, 1e-15), leap(abs, -1.0, 0.9, 1e-9, 1e-15)
    (1.0, 0.0)
    """
    piece = Piece(a, b, at(a), at(_cut(a, b)), at(b))
    bends: list[float] = []
    steps: list[float] = []
    quiet = 0
    for _ in range(_MOST_CUTS):
        left, right = piece.parts(at)
        bent = max(left, right, key=lambda part: abs(part.bend))
        bends.append(abs(bent.bend))
        steps.append(bent.step)
        quiet = 0 if bends[-1] > level else quiet + 1
        settled = piece.rise < _FEW_TREADS * level or quiet >= _QUIET_AT_LAST
        if (quiet >= _QUIET and settled) or _grows(bends):
            return 0.0
        last = steps[-_STILL:]
        still = len(last) == _STILL and not quiet and max(last) < _ALIKE * min(last)
        if still or abs(piece.b - piece.a) < 8.0 * smallest:
            return round_up(steps[-1])
        in_left = abs(left.bend - _CUT**2 * piece.bend)
        in_right = abs(right.bend - (1.0 - _CUT) ** 2 * piece.bend)
        piece = left if in_left >= in_right else right
    return 0.0


def round_up(size: float) -> float:
    """The size without the digits that two ends of an interval leave in it: to four digits."""
    return float(f"{size:.4g}")


def _grows(bends: Sequence[float]) -> bool:
    """Toward a pole the bends grow without end."""
    over = len(bends) > 3 and bends[-1] > 8.0 * bends[0] > 0.0
    return over and bends[-1] > _STEEPER * bends[-2] > _STEEPER**2 * bends[-3]


def grain(samples: Samples, wide: float, noise: float) -> float:
    """The size of the leaps, if f leaps more than once about (-wide, wide); 0 where it is continuous, or leaps once.

    ``noise`` is the level that a grid of this half-width showed. Leaps are looked for where the values of such a grid
    are least regular: were there any, they are there. Two must be found; where there is one, in wider grids too.
    """
    at = _landing(samples)
    ends = [v for v in map(at, (0.0, wide, -wide)) if not math.isnan(v)]
    level = max(
        0.005 * noise,
        32.0 * samples.floor * max(map(abs, ends), default=0.0),
        16.0 * math.ulp(samples.x) * (max(ends) - min(ends)) / wide if ends else 0.0,
    )
    found: list[tuple[float, Stretch]] = []
    for _ in range(_WIDENINGS):
        tried = [stretch for _, stretch in found]
        without = 0
        for each in _least_regular(samples, exact_step(samples.x, wide / HALF)):
            if any(each.overlaps(other) for other in tried):
                continue
            tried.append(each)
            pieces = each.pieces(at, _SEVERAL_TREADS * noise)
            size = next((s for piece in pieces if (s := leap(at, *piece, level, samples.smallest))), 0.0)
            found += [(size, each)] if size else []
            without += not size
            if len(found) == _AGREED:
                return max(size for size, _ in found)
            if without == _GIVEN_UP:
                break
        wide *= 2.0
        if not found or wide >= min(samples.bad_left, samples.bad_right):
            break
    return 0.0


def _landing(samples: Samples) -> Callable[[float], float]:
    return lambda t: samples.one(samples.landing(t))


@dataclass(frozen=True, slots=True)
class Stretch:
    """The interval of three gaps of a grid, and the difference of the values about it: how irregular they are."""

    a: float
    b: float
    irregular: float

    def overlaps(self, other: Stretch) -> bool:
        """Have the two an inner point in common? Or do they meet at x: a steep place there is half in each, and is one."""
        low, high = max(self.a, other.a), min(self.b, other.b)
        return low < high or low == high == 0.0

    def pieces(self, at: Callable[[float], float], rise: float) -> list[tuple[float, float]]:
        """The interval; before it, where it rises by much more than this, a part of it that does not."""
        share = rise / abs(at(self.b) - at(self.a)) if at(self.b) != at(self.a) else 1.0
        whole = (self.a, self.b)
        return [(self.a, self.a + share * (self.b - self.a)), whole] if share < _PART else [whole]


def _least_regular(samples: Samples, step: float) -> list[Stretch]:
    """The stretches of the grid of this spacing, the least regular first; those with a point without value left out.

    The leap is in the middle gap, or beside it: of a staircase whose treads are hardly longer than the gaps, it is the
    middle one that has none.
    """
    offsets = [j * step for j in range(-HALF, HALF + 1)]
    row = samples.at(offsets)
    for _ in range(_ORDER):
        row = [b - a for a, b in pairwise(row)]
    middle = _ORDER // 2
    made = [Stretch(offsets[i + middle - 1], offsets[i + middle + 2], abs(d)) for i, d in enumerate(row)]
    return sorted((s for s in made if not math.isnan(s.irregular)), key=lambda s: -s.irregular)


def trend(
    samples: Samples, size: float, width: float, widest: float, order: int, seen: Sequence[Shot] = ()
) -> Shot | None:
    """The grid that sees the trend over leaps of this size best; None where f is hardly more than its leaps.

    Each value is taken to be off by half a leap at least, which a grid that falls in with the treads does not show.
    From the widest grid down the bounds first fall and then rise. A grid so wide that it has another slope than a finer
    one of those ``seen`` allows does not see this trend.
    """
    shots: list[Shot] = []
    witnesses = [roughened(each, size) for each in seen]
    worse = 0
    step = 2.0 * exact_step(samples.x, min(width / HALF, widest / (HALF + 1)))
    for _ in range(_MOST_GRIDS):
        shot = take_shot(samples, step, order, noisy=True) if HALF * step < widest else None
        if isinstance(shot, Shot) and shot.noise < MUCH * size:
            shot = roughened(shot, size)
            if shots and shot.bound > min(each.bound for each in shots):
                worse += 1
            if shot.noise < 0.1 * shot.spread and not _contradicts(shot, witnesses):
                shots.append(shot)
        step = exact_step(samples.x, step / 2.0)
        if worse > 1 or step < 4.0 * samples.smallest:
            break
    return min(shots, key=lambda each: each.bound, default=None)


def _contradicts(shot: Shot, witnesses: Sequence[Shot]) -> bool:
    finer = (each for each in witnesses if each.step < shot.step)
    return any(abs(shot.value - each.value) > shot.bound + each.bound for each in finer)


def roughened(shot: Shot, size: float) -> Shot:
    """The shot with noise of half a leap at least, and a bound that goes with it."""
    seen = _ALLOWANCE * shot.noise
    noise = max(seen, 0.5 * size)
    least = max(seen, shot.floor)
    rounding = shot.rounding * noise / least if least else shot.rounding
    return replace(
        shot, kind="noisy", noise=noise, rounding=rounding, bound=shot.bound - shot.rounding + rounding
    )
