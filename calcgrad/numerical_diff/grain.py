"""Is noise a grain? A rounded part of a function is a staircase: flat at a small scale, and smooth only at a large one.

On its treads a staircase looks smoother than any function, so that agreement of grids proves nothing. What tells
grain from structure of a fine scale is that rounding leaps: let D be f at the middle of an interval less the mean of
f at its ends. Halving the interval divides D by four where f is smooth, by two at a kink, and by nothing at a leap. A
fine regime is believed only where f is continuous between it and the coarse one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from calcgrad.numerical_diff.sampling import Samples, exact_step
from calcgrad.numerical_diff.shot import HALF, Shot, take_shot

#: A leap keeps its size, within a tenth, over so many halvings.
_STILL = 5
_ALIKE = 1.1
#: So many halvings in a row without any bend are continuity, or more, while there is room for several treads: those
#: of a regular staircase may cancel.
_QUIET = 3
_QUIET_AT_LAST = 5
#: A rise of so many times the level is too small for several leaps.
_FEW_TREADS = 200.0
_MOST_HALVINGS = 48
#: Where leaps are looked for, in half-widths of the coarse grid: irregular, and on both sides, because the tread
#: that x lies on may be wide.
_PLACES = (0.3183, -0.4142, 0.6931, -0.7071, 0.1711)
#: So many places must say yes.
_AGREED = 2
#: Noise of so many leaps is not theirs: the grid does not resolve f.
MUCH = 8.0
#: Noise of a grid allows its values to be off by so many of it (see ``shot``).
_ALLOWANCE = 1.4


@dataclass(frozen=True, slots=True)
class Piece:
    """An interval with f at its ends and in the middle."""

    a: float
    b: float
    fa: float
    fm: float
    fb: float

    @property
    def middle(self) -> float:
        """Half way."""
        return self.a + 0.5 * (self.b - self.a)

    @property
    def bend(self) -> float:
        """How far f in the middle is from the chord."""
        return self.fm - 0.5 * self.fa - 0.5 * self.fb

    def halves(self, at: Callable[[float], float]) -> tuple[Piece, Piece]:
        """The two halves, at the price of two values."""
        a, m, b = self.a, self.middle, self.b
        left = Piece(a, m, self.fa, at(a + 0.5 * (m - a)), self.fm)
        return left, Piece(m, b, self.fm, at(m + 0.5 * (b - m)), self.fb)


def leap(at: Callable[[float], float], a: float, b: float, level: float, smallest: float) -> float:
    """The size of a discontinuity of f inside of [a, b], or 0 where there is none above ``level``.

    >>> leap(lambda t: t + (t > 0.3), 0.0, 1.0, 1e-9, 1e-15), leap(abs, -1.0, 0.9, 1e-9, 1e-15)
    (1.0, 0.0)
    """
    middle = a + 0.5 * (b - a)
    piece = Piece(a, b, at(a), at(middle), at(b))
    bends: list[float] = []
    quiet = 0
    for _ in range(_MOST_HALVINGS):
        left, right = piece.halves(at)
        bends.append(max(abs(left.bend), abs(right.bend)))
        quiet = 0 if bends[-1] > level else quiet + 1
        settled = abs(piece.fb - piece.fa) < _FEW_TREADS * level or quiet >= _QUIET_AT_LAST
        if (quiet >= _QUIET and settled) or _grows(bends):
            return 0.0
        last = bends[-_STILL:]
        still = len(last) == _STILL and not quiet and max(last) < _ALIKE * min(last)
        if still or abs(piece.b - piece.a) < 8.0 * smallest:
            return round_up(2.0 * bends[-1])
        expected = 0.25 * piece.bend
        piece = left if abs(left.bend - expected) >= abs(right.bend - expected) else right
    return 0.0


def round_up(size: float) -> float:
    """The size without the digits that two ends of an interval leave in it: to four digits."""
    return float(f"{size:.4g}")


def _grows(bends: Sequence[float]) -> bool:
    """Toward a pole the bends grow without end."""
    return len(bends) > 3 and bends[-1] > 8.0 * bends[0] > 0.0 and bends[-1] > bends[-2] > bends[-3]


def grain(samples: Samples, wide: float, noise: float, slope: float) -> float:
    """The size of the leaps, if f leaps all over (-wide, wide); 0 where it is continuous.

    ``noise`` is the level that a grid of this half-width showed, and ``slope`` its mean slope: together they say how
    long a tread may be. Two places must show a leap, before two show none (four, once one has shown one).
    """
    at = _landing(samples)
    ends = [v for v in map(at, (0.0, wide, -wide)) if not math.isnan(v)]
    level = max(
        0.005 * noise,
        32.0 * samples.floor * max(map(abs, ends), default=0.0),
        16.0 * math.ulp(samples.x) * (max(ends) - min(ends)) / wide if ends else 0.0,
    )
    lengths = _lengths(min(64.0 * noise / slope, 0.3 * wide) if slope else 0.3 * wide, 0.3 * wide)
    found: list[float] = []
    without = 0
    for place in _PLACES:
        a = place * wide
        pieces = ((a, a + math.copysign(length, a)) for length in lengths)
        size = next((s for b in pieces if (s := leap(at, *b, level, samples.smallest))), 0.0)
        if size:
            found.append(size)
        else:
            without += 1
        if len(found) == _AGREED:
            return max(found)
        if without == (4 if found else 2):
            break
    return 0.0


def _landing(samples: Samples) -> Callable[[float], float]:
    return lambda t: samples.one(samples.landing(t))


def _lengths(few_treads: float, widest: float) -> list[float]:
    """A few treads' length, if it is a staircase; and, in case it is not, longer ones."""
    wanted = [few_treads]
    if 33.0 * few_treads < widest:
        wanted.append(32.0 * few_treads)
    if few_treads < 0.97 * widest:
        wanted.append(widest)
    return wanted


def trend(samples: Samples, size: float, width: float, widest: float, order: int) -> Shot | None:
    """The grid that sees the trend over leaps of this size best; None where f is hardly more than its leaps.

    Each value is taken to be off by half a leap at least, which a grid that falls in with the treads does not show.
    From the widest grid down the bounds first fall and then rise.
    """
    shots: list[Shot] = []
    worse = 0
    step = 2.0 * exact_step(samples.x, min(width / HALF, widest / (HALF + 1)))
    for _ in range(12):
        shot = take_shot(samples, step, order, noisy=True) if HALF * step < widest else None
        if isinstance(shot, Shot) and shot.noise < MUCH * size:
            shot = _roughened(shot, size)
            if shots and shot.bound > min(each.bound for each in shots):
                worse += 1
            if shot.noise < 0.1 * shot.spread:
                shots.append(shot)
        step = exact_step(samples.x, step / 2.0)
        if worse > 1 or step < 4.0 * samples.smallest:
            break
    return min(shots, key=lambda each: each.bound, default=None)


def _roughened(shot: Shot, size: float) -> Shot:
    """The shot with noise of half a leap at least, and a bound that goes with it."""
    seen = _ALLOWANCE * shot.noise
    noise = max(seen, 0.5 * size)
    least = max(seen, shot.floor)
    rounding = shot.rounding * noise / least if least else shot.rounding
    return replace(
        shot, kind="noisy", noise=noise, rounding=rounding, bound=shot.bound - shot.rounding + rounding
    )
