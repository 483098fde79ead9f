"""Lines of equal height over a grid: marching squares, cell by cell."""

from __future__ import annotations

import math
from collections.abc import Iterator

from calcgrad.render.charts import Contours, Point

_LEVELS = 16
#: Corners of a cell in their order around it, as steps along x and y; its sides join each to the next.
_CORNERS = ((0, 0), (1, 0), (1, 1), (0, 1))
Segment = tuple[Point, Point]


def levels(found: Contours) -> list[float]:
    """Heights between which there are about as many places each, so that valleys show beside walls.

    >>> levels(Contours((0.0, 1.0), (0.0, 1.0), ((0.0, 1.0), (1.0, 2.0))))
    [0.0, 1.0, 2.0]
    """
    finite = sorted(h for row in found.heights for h in row if math.isfinite(h))
    return sorted({finite[k * (len(finite) - 1) // _LEVELS] for k in range(_LEVELS + 1)}) if finite else []


def segments(found: Contours, level: float) -> Iterator[Segment]:
    """Where the heights, taken as straight along the sides of the cells, pass a level: a segment or two in each cell.

    A cell with a corner that has no height has none.

    >>> list(segments(Contours((0.0, 1.0), (0.0, 1.0), ((0.0, 2.0), (0.0, 2.0))), 1.0))
    [((0.5, 0.0), (0.5, 1.0))]
    """
    for i in range(len(found.ys) - 1):
        for k in range(len(found.xs) - 1):
            corners = [(found.xs[k + a], found.ys[i + b]) for a, b in _CORNERS]
            heights = [found.heights[i + b][k + a] for a, b in _CORNERS]
            if not all(map(math.isfinite, heights)):
                continue
            crossed = [
                _between(corners[n], corners[n - 3], heights[n], heights[n - 3], level)
                for n in range(4)
                if (heights[n] > level) != (heights[n - 3] > level)
            ]
            if len(crossed) == 4 and (sum(heights) / 4 > level) != (heights[0] > level):
                crossed = [crossed[-1], *crossed[:-1]]  # a saddle: what is joined in its middle decides
            yield from zip(crossed[::2], crossed[1::2], strict=True)


def _between(a: Point, b: Point, low: float, high: float, level: float) -> Point:
    share = (level - low) / (high - low)
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
