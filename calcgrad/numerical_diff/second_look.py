"""The whole search: the walk of ``adaptive``, and a second look where what it found may not be what is there.

1. An edge close by, a zero that is one only by scale, a finer scale under the noise.
2. *Grain*: did a coarser grid see noise that a finer one does not? Then the finer one may lie on a tread of a
   staircase, and the leaps decide (``grain.py``).
3. *Seams*: is what looks like a kink two sides with one slope (``touching.py``)?
4. *Outlook*: does f beyond the grid go on as the grid foretells (``outlook.py``)?

Smooth functions that no grid found noisy give no cause for 2 and 3; 4 costs them two values.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from calcgrad.numerical_diff.adaptive import Search
from calcgrad.numerical_diff.breaks import Break, beside_edge, judge_edge, steps_at
from calcgrad.numerical_diff.grain import MUCH, grain, trend
from calcgrad.numerical_diff.outlook import FAR, leaps_beyond
from calcgrad.numerical_diff.sampling import BudgetSpentError, Samples, exact_step
from calcgrad.numerical_diff.shot import HALF, Shot, take_shot
from calcgrad.numerical_diff.touching import one_slope

#: An edge closer to x than this, relative to the larger of |x| and 1, may be at x itself but for rounding.
_HAIR = 1e-10
#: What happens within so many times a distance happens close to it.
_CLOSE_BY = 64.0
#: Noise of so many roundings is worth a look.
_LOUD = 300.0
#: A grid sees trouble that the answer's does not when its step is so many times as large.
_COARSER = 3.0
#: A truncated answer with a larger relative bound than this may be one of a staircase.
_VAGUE = 1e-7
#: A slope from so much of the width is not taken on a tread.
_WIDE = 0.01
#: The differences of a smooth function's quotients fall by 64; a fall by more than this is another function.
_CONVERGES = 512.0
#: A wish below this is one for all digits that there are.
_ALL_DIGITS = 1e-13
#: Leaps of a larger share of f are no rounding.
_ROUNDED = 1.0 / 16.0
#: Slopes this far apart, relative to the larger, are those of a kink and not of a seam that lies beside x.
_PLAIN = 1e-3
#: And known to this share of what they differ by.
_SHARP = 1e-6
#: A trend that is known to no more than this share of its size leaves the leap at x itself to be told.
_HARDLY = 0.1

_BROKEN = ("kink", "infinite", "unclear", "jump")


def searched(samples: Samples, order: int, wish: float, start: float = 0.0, *, whole: bool = False) -> Search:
    """The search when it is done, or when its evaluations are spent."""
    search = Search(samples, order, wish, start=start, whole=whole)
    try:
        search.walk()
        if search.finding is None and _stands_still_at_edge(search):
            return search
        if search.finding is None and (not search.content or _is_zero_only_by_scale(search)):
            _look_further(search)
        search.doubted = True
        _doubt(search)
        search.doubted = False
    except BudgetSpentError:
        search.budget_spent = True
    return search


def _stands_still_at_edge(search: Search) -> bool:
    """Is x on the edge up to rounding? The values stand still within a hair of it (erfc(x) is 1 around 0), and change
    on the side that there is as close by as they end on the other: then that side, beyond the plateau, is the finding.
    """
    best, samples = search.best, search.samples
    edge = min(samples.bad_left, samples.bad_right)
    if best is None or best.spread or edge > _HAIR * max(abs(samples.x), 1.0):
        return False
    outside = -1 if samples.bad_left == edge else 1
    offset = samples.landing(-outside * _CLOSE_BY * edge)
    value = samples.one(offset)
    if math.isnan(value) or value == samples.one(0.0):
        return False
    samples.plateau = _CLOSE_BY * edge
    search.finding = judge_edge(samples, search.width, search.order, (outside,))
    return True


def _is_zero_only_by_scale(search: Search) -> bool:
    """Tiny against the slopes of the grid, at an x that is tiny against its step: it may not be zero
    there.
    """
    best = search.best
    tiny = best is not None and 0.0 < abs(search.samples.x) < best.step
    return tiny and best is not None and best.bound > 1e-2 * abs(best.value)


def _look_further(search: Search) -> None:
    """The grid did what it could: is there an edge close by, or a second, finer scale under the noise?"""
    best, samples = search.best, search.samples
    if best is None:
        return
    if _is_zero_only_by_scale(search):
        search.refine(abs(samples.x) / 2.0)
        best = search.best or best
    if search.noisy:
        _under_the_noise(search, best)
        best = search.best or best
    near_edge = min(samples.bad_left, samples.bad_right) < 64.0 * HALF * best.step
    if near_edge and best.bound > 1e-12 * abs(best.value) and not search.grain:
        search.finding = beside_edge(samples, search.width, search.order)
    elif search.noisy:
        hardly = best.bound > _HARDLY * max(abs(best.value), best.slope)
        if search.noisy and (hardly or not search.grain):
            search.finding = steps_at(samples, best.noise)


# Grain


def _is_loud(search: Search, shot: Shot) -> bool:
    """Is the noise more than rounding explains, that of x included?"""
    return shot.noise > _LOUD * (shot.floor + math.ulp(search.samples.x) * shot.slope_of_values)


def _under_the_noise(search: Search, coarse: Shot) -> None:
    """Noise is a grain where f leaps all over; where it does not, it is structure, which a finer grid resolves."""
    noisy = [each for each in search.suspects if each.kind == "noisy"]
    shot = min([*noisy, coarse], key=lambda each: each.step)
    if not _is_loud(search, shot):
        return
    size = grain(search.samples, HALF * shot.step, shot.noise)
    if size:
        _settle_on_trend(search, size, max(search.width, HALF * shot.step))
        return
    search.continuous = True
    if search.order == 1:
        _descend(search, shot)


def _descend(search: Search, shot: Shot) -> None:
    """Go on from the finer grid on which the noise is gone, if there is one."""
    samples = search.samples
    step = exact_step(samples.x, shot.step / HALF)
    while step >= 64.0 * samples.smallest and step > 1e-11 * shot.step:
        finer = take_shot(samples, step, search.order)
        if isinstance(finer, Shot) and _resolves(finer, shot):
            search.noisy, search.shots, search.resized = False, [finer], 0
            search.refine(HALF * finer.step)
            return
        step = exact_step(samples.x, step / HALF)


def _resolves(finer: Shot, coarse: Shot) -> bool:
    quiet = finer.noise < max(1e-3 * coarse.noise, 16.0 * finer.floor)
    return (
        quiet
        and finer.kind not in ("aliased", "broken")
        and finer.bound < 0.1 * max(abs(finer.value), finer.slope)
    )


def _settle_on_trend(search: Search, size: float, width: float) -> bool:
    """The derivative over the leaps, where f is more than its leaps: from grids as wide as any that saw a trend."""
    grids = [each for each in [*search.suspects, *search.shots] if each.kind == "noisy"]
    seen = [HALF * each.step for each in grids if each.noise < MUCH * size]
    shot = trend(search.samples, size, max(width, *seen, 0.0), search.widest, search.order, grids)
    if shot is None:
        return False
    search.grain, search.noisy, search.finding, search.slope, search.shots = size, True, None, None, [shot]
    return True


def _disagreement(search: Search, best: Shot) -> tuple[float, float] | None:
    """The smallest scale above the answer's at which two quotients of the probe differed: its width, and the size of what
    made them differ.

    A smooth function's quotients converge like h², by 64 from one to the next. On a tread of a staircase they converge
    at once, so that a difference which the next one follows as it should is none.
    """
    rows = _quotients(search)
    found = None
    for k in range(1, len(rows)):
        (wider, before), (h, quotient) = rows[k - 1], rows[k]
        if h <= _COARSER * HALF * best.step:
            break
        apart = abs(quotient - before)
        following = abs(rows[k + 1][1] - quotient) if k + 1 < len(rows) else 0.0
        if apart > 0.25 * max(abs(quotient), abs(before)) and following < apart / _CONVERGES:
            found = (min(8.0 * wider, search.width), 0.3 * apart * h)
    return found


def _quotients(search: Search) -> list[tuple[float, float]]:
    """The central differences that the probe took, from the widest down."""
    samples, outer = search.samples, search.width
    rows: list[tuple[float, float]] = []
    while outer > samples.smallest:
        h = HALF * exact_step(samples.x, outer / HALF)
        if h not in samples.line.answers or -h not in samples.line.answers:
            break
        rows.append((h, (samples.one(h) / 2.0 - samples.one(-h) / 2.0) / h))
        outer = h / HALF
    return rows


def _doubt(search: Search) -> None:
    """Seams and grain, where there is cause."""
    kind = search.finding.kind if search.finding is not None else None
    best = search.best
    if (
        kind is None
        and best is not None
        and best.kind == "truncated"
        and not (search.grain or search.continuous)
    ):
        vague = best.bound > _VAGUE * max(abs(best.value), best.slope)
        if vague:
            _under_the_noise(search, min(search.shots, key=lambda each: each.step))
            best = search.best
    broken = kind in _BROKEN or (kind is None and best is None)
    if broken and search.order == 1 and not _is_plain_kink(search.finding):
        _look_for_seam(search)
    settled = search.slope is not None and search.slope.width > _WIDE * search.width
    if settled or search.grain or search.continuous or not (broken or kind in (None, "smooth")):
        return
    for wide, noise in _causes(search, None if broken else best):
        size = grain(search.samples, wide, noise)
        if size and _settle_on_trend(search, size, max(search.width, wide)):
            return
    thorough = search.whole or search.wish < _ALL_DIGITS
    if kind is None and best is not None and best.kind == "smooth" and thorough:
        _look_out(search, best)


def _look_out(search: Search, best: Shot) -> None:
    """Is the grid of the answer on one wide tread? Then the answer is known to what it and the trend have in common.

    Leaps as large as f itself are no rounding: those are pieces of f, and the slope is that of the piece.
    """
    size = leaps_beyond(search.samples, best)
    if not size or size > _ROUNDED * max(abs(search.samples.one(0.0)), best.spread):
        return
    if _settle_on_trend(search, size, max(search.width, FAR * best.step)):
        (shot,) = search.shots
        search.shots = [replace(shot, value=best.value, bound=shot.bound + abs(shot.value - best.value))]


def _is_plain_kink(finding: Break | None) -> bool:
    """Do the slopes of the two sides, both sharp, differ by more than those of a seam beside x can?"""
    if finding is None or finding.kind != "kink" or finding.left is None or finding.right is None:
        return False
    left, right = finding.left.derivatives[1], finding.right.derivatives[1]
    gap = abs(right - left)
    sharp = max(finding.left.bounds[1], finding.right.bounds[1]) < _SHARP * gap
    return sharp and gap > _PLAIN * max(abs(left), abs(right))


def _look_for_seam(search: Search) -> None:
    found = one_slope(search.samples, search.width)
    if not isinstance(found, Break):
        search.slope = found
    elif search.finding is None or search.finding.kind == "unclear":
        search.finding = found


def _causes(search: Search, best: Shot | None) -> Iterator[tuple[float, float]]:
    """What there is to look at: half-width and noise of the grids that saw more than the answer's did."""
    if best is not None and (found := _disagreement(search, best)) is not None:
        yield found
    coarser = [e for e in search.suspects if best is None or e.step > _COARSER * best.step]
    loud = sorted((e for e in coarser if _is_loud(search, e)), key=lambda e: e.step)
    for each in [*loud[:1], *loud[1:][-1:]]:
        yield HALF * each.step, each.noise
