"""The heights of a function of two numbers around a path: what contours are drawn of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from calcgrad.explaining.losses import TextLoss

#: Places along each side, and how much is left free around the path, as a share of its size.
SIDE, _MARGIN = 61, 0.3


@dataclass(frozen=True, slots=True)
class Landscape:
    """Heights on a grid: a row for each of ``ys``, an entry for each of ``xs``; nan where there is no value."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    heights: tuple[tuple[float, ...], ...]


def landscape(loss: TextLoss, places: Sequence[tuple[float, ...]]) -> Landscape | None:
    """The heights around places of two numbers; ``None`` for other functions, and where no place is finite."""
    known = [place for place in places if len(place) == 2 and all(map(math.isfinite, place))]
    if len(loss.moving) != 2 or not known:
        return None
    xs, ys = (_side([place[k] for place in known]) for k in (0, 1))
    rows = tuple([tuple([float(loss.function.values(loss.whole([x, y]))[0]) for x in xs]) for y in ys])
    return Landscape(xs, ys, rows)


def _side(values: Sequence[float]) -> tuple[float, ...]:
    """Numbers at equal distances, from somewhat below the least to somewhat above the largest."""
    low, high = min(values), max(values)
    margin = _MARGIN * (high - low) or 1.0
    low, high = low - margin, high + margin
    return tuple([low + (high - low) * k / (SIDE - 1) for k in range(SIDE)])
