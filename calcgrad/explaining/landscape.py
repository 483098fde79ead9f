"""The heights of a function of two numbers over a rectangle, and its lines of equal height."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from calcgrad.explaining.isolines import Height, Level, Place, levels, lines
from calcgrad.explaining.losses import TextLoss

#: Places along each side, lines of equal height, and how much is left free around a path, as a share of its size.
SIDE, LEVELS, _MARGIN = 49, 9, 0.3


@dataclass(frozen=True, slots=True)
class Landscape:
    """Heights on a grid: a row for each of ``ys``, an entry for each of ``xs``, nan where there is no value; and the lines."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    heights: tuple[tuple[float, ...], ...]
    levels: tuple[Level, ...]

    @property
    def blank(self) -> int:
        """At how many places of the grid there is no value."""
        return sum(not math.isfinite(h) for row in self.heights for h in row)


def over(height: Height, low: Place, high: Place) -> Landscape:
    """The heights between two corners.

    >>> land = over(lambda x, y: x - y, (0.0, 0.0), (1.0, 1.0))
    >>> len(land.xs), land.heights[0][-1], len(land.levels), land.blank
    (49, 1.0, 9, 0)
    """
    xs, ys = (_between(low[k], high[k]) for k in (0, 1))
    grid = tuple([tuple([height(x, y) for x in xs]) for y in ys])
    chosen = levels([h for row in grid for h in row], LEVELS)
    found = [Level(level, lines(height, level, xs, ys, grid)) for level in chosen]
    return Landscape(xs, ys, grid, tuple([level for level in found if level.lines]))


def around(loss: TextLoss, places: Sequence[tuple[float, ...]]) -> Landscape | None:
    """The heights around places of two numbers; ``None`` for other functions, and where no place is finite."""
    known = [place for place in places if len(place) == 2 and all(map(math.isfinite, place))]
    if len(loss.moving) != 2 or not known:
        return None
    ends = [_widened([place[k] for place in known]) for k in (0, 1)]
    if not all(math.isfinite(high - low) and low < high for low, high in ends):
        return None

    def height(x: float, y: float) -> float:
        return float(loss.function.values(loss.whole([x, y]))[0])

    return over(height, (ends[0][0], ends[1][0]), (ends[0][1], ends[1][1]))


def _widened(values: Sequence[float]) -> tuple[float, float]:
    """From somewhat below the least to somewhat above the largest."""
    low, high = min(values), max(values)
    margin = _MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _between(low: float, high: float) -> tuple[float, ...]:
    return tuple([low + (high - low) * k / (SIDE - 1) for k in range(SIDE)])
