"""Points of a curve, as many as its bends need, in pieces that never go across a place where it breaks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

Point = tuple[float, float]
Piece = tuple[Point, ...]

#: Equal parts that a piece of the whole range begins with, how often one is halved, and the bend that is small enough:
#: the height of a middle point over the line between its neighbours, as a share of all heights.
_PARTS, _DEPTH, _BEND = 80, 7, 0.002
#: How near to a break a piece goes, as a share of its length.
_GAP = 1e-6
#: A step of this share of all heights within the finest part is a break that nothing else told of.
_STEEP = 0.5


def pieces(
    function: Callable[[float], float],
    low: float,
    high: float,
    breaks: Sequence[float],
    spread: float,
) -> tuple[Piece, ...]:
    """The curve from ``low`` to ``high``; ``spread`` is the height of the picture, against which bends are measured.

    >>> [len(p) > 10 for p in pieces(lambda x: 1 / x, -1.0, 1.0, [0.0], 20.0)]
    [True, True]
    """
    inner = [x for x in breaks if low < x < high]
    ends = [low, *inner, high]
    at_break = set(breaks)
    found: list[Piece] = []
    for left, right in pairwise(ends):
        gap = _GAP * (right - left)
        start = left + gap if left in at_break else left
        end = right - gap if right in at_break else right
        count = max(8, math.ceil(_PARTS * (right - left) / (high - low)))
        found += _one(function, start, end, count, spread)
    return tuple(found)


def _one(
    function: Callable[[float], float], low: float, high: float, count: int, spread: float
) -> list[Piece]:
    xs = [low + (high - low) * k / count for k in range(count + 1)]
    points = [(x, function(x)) for x in xs]
    fine: list[Point] = [points[0]]
    for a, b in pairwise(points):
        fine += _refined(function, a, b, spread, _DEPTH)
    smallest = (high - low) / count / 2**_DEPTH
    return _split(fine, spread, smallest)


def _refined(
    function: Callable[[float], float], a: Point, b: Point, spread: float, depth: int
) -> list[Point]:
    """The points after ``a`` up to ``b``, with more between them where the curve bends or ends."""
    middle = (a[0] + b[0]) / 2
    if depth == 0 or not a[0] < middle < b[0]:
        return [b]
    value = function(middle)
    ends = [math.isfinite(v) for v in (a[1], value, b[1])]
    straight = all(ends) and abs(value - (a[1] + b[1]) / 2) <= _BEND * spread
    if straight or not any(ends):
        return [b]
    here = (middle, value)
    return [
        *_refined(function, a, here, spread, depth - 1),
        *_refined(function, here, b, spread, depth - 1),
    ]


def _split(points: Sequence[Point], spread: float, smallest: float) -> list[Piece]:
    """Pieces between values that are none, and between values that are far apart within the finest part."""
    found: list[list[Point]] = [[]]
    for x, y in points:
        if not math.isfinite(y):
            found.append([])
            continue
        last = found[-1][-1] if found[-1] else None
        if last is not None and x - last[0] <= 2 * smallest and abs(y - last[1]) > _STEEP * spread:
            found.append([])
        found[-1].append((x, y))
    return [tuple(piece) for piece in found if len(piece) > 1]
