"""Lines of equal height through a grid of heights (marching squares), each of their points found on the function itself.

Lorensen and Cline, Marching cubes, 1987, in two dimensions: a line crosses an edge of the grid where one end is below the height
and the other is not. The crossing is halved on the function: where its two sides do not come together, the function jumps there, or
has a pole, and no line is drawn. A cell that is crossed four times is divided by the height in its middle.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Height = Callable[[float, float], float]
Place = tuple[float, float]
#: An edge of the grid: the column and the row of its lower end, and whether it goes up.
_Edge = tuple[int, int, bool]

#: Halvings of an edge, and the share of their difference that its ends must come down to.
_HALVINGS, _TOGETHER = 12, 0.2
#: The corners of a cell, and the edges between each and the next.
_CORNERS = ((0, 0), (1, 0), (1, 1), (0, 1))


@dataclass(frozen=True, slots=True)
class Level:
    """The lines of one height, each a row of places; a closed one ends where it begins."""

    height: float
    lines: tuple[tuple[Place, ...], ...]


def levels(heights: Iterable[float], count: int) -> list[float]:
    """Heights between which there are about as many of the given ones each, in as few digits as tell them apart.

    >>> levels([0.0, 1.013, 1.98, 3.02, 4.0], 3)
    [1.0, 2.0, 3.0]
    """
    finite = sorted(h for h in heights if math.isfinite(h))
    if not finite or finite[0] == finite[-1]:
        return []
    wanted = [finite[round(k * (len(finite) - 1) / (count + 1))] for k in range(1, count + 1)]
    distinct = sorted(set(wanted))
    for digits in range(1, 5):
        rounded = sorted({float(f"{h:.{digits}g}") + 0.0 for h in distinct})
        if len(rounded) == len(distinct):
            break
    return [h for h in rounded if finite[0] < h < finite[-1]]


def lines(
    height: Height,
    level: float,
    xs: Sequence[float],
    ys: Sequence[float],
    grid: Sequence[Sequence[float]],
) -> tuple[tuple[Place, ...], ...]:
    """The lines on which a function has the height ``level``; ``grid`` has a row of its values for each of ``ys``.

    >>> xs = ys = [-1.5 + 0.25 * k for k in range(13)]
    >>> circle = lambda x, y: x * x + y * y
    >>> [line] = lines(circle, 1.0, xs, ys, [[circle(x, y) for x in xs] for y in ys])
    >>> line[0] == line[-1], max(abs(circle(*place) - 1) for place in line) < 1e-3
    (True, True)
    """
    edges = _Edges(height, level, xs, ys, grid)
    segments: list[tuple[_Edge, _Edge]] = []
    for j in range(len(ys) - 1):
        for i in range(len(xs) - 1):
            segments += edges.cell(i, j)
    return tuple([tuple([edges.found[e] for e in chain]) for chain in _chained(segments)])  # type: ignore[misc]


class _Edges:
    """The places at which one level crosses the edges of a grid."""

    def __init__(
        self,
        height: Height,
        level: float,
        xs: Sequence[float],
        ys: Sequence[float],
        grid: Sequence[Sequence[float]],
    ) -> None:
        self.height, self.level, self.xs, self.ys, self.grid = height, level, xs, ys, grid
        self.found: dict[_Edge, Place | None] = {}

    def cell(self, i: int, j: int) -> list[tuple[_Edge, _Edge]]:
        """The segments in the cell with its lower left corner there: none, one, or two."""
        corners = [self.grid[j + dy][i + dx] for dx, dy in _CORNERS]
        if not all(map(math.isfinite, corners)):
            return []
        above = [value >= self.level for value in corners]
        around: list[_Edge] = [(i, j, False), (i + 1, j, True), (i, j + 1, False), (i, j, True)]
        crossed = [k for k in range(4) if above[k] is not above[(k + 1) % 4]]
        if len(crossed) == 4:
            middle = self.height((self.xs[i] + self.xs[i + 1]) / 2, (self.ys[j] + self.ys[j + 1]) / 2)
            # the corners that agree with the middle hang together: the lines cut off the two others
            pairs = [(3, 0), (1, 2)] if above[0] is not (middle >= self.level) else [(0, 1), (2, 3)]
        elif crossed:
            pairs = [(crossed[0], crossed[1])]
        else:
            return []
        return [
            (around[a], around[b])
            for a, b in pairs
            if self._crossing(around[a]) is not None and self._crossing(around[b]) is not None
        ]

    def _crossing(self, edge: _Edge) -> Place | None:
        if edge not in self.found:
            self.found[edge] = self._halved(edge)
        return self.found[edge]

    def _halved(self, edge: _Edge) -> Place | None:
        i, j, up = edge
        low, high = (self.xs[i], self.ys[j]), (self.xs[i + (not up)], self.ys[j + up])
        at_low, at_high = self.grid[j][i], self.grid[j + up][i + (not up)]
        apart, below = abs(at_high - at_low), at_low < self.level
        for _ in range(_HALVINGS):
            middle = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
            value = self.height(*middle)
            if not math.isfinite(value):
                return None
            if (value < self.level) is below:
                low, at_low = middle, value
            else:
                high, at_high = middle, value
        if abs(at_high - at_low) > _TOGETHER * apart:
            return None
        return (low[0] + high[0]) / 2, (low[1] + high[1]) / 2


def _chained(segments: Sequence[tuple[_Edge, _Edge]]) -> list[list[_Edge]]:
    """Segments that share an end, one after the other: the open lines first, then the closed ones."""
    beside: dict[_Edge, list[_Edge]] = {}
    for a, b in segments:
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    ends = [edge for edge, others in beside.items() if len(others) == 1]
    chains: list[list[_Edge]] = []
    for start in [*ends, *beside]:
        if not beside[start]:
            continue
        chain = [start]
        while beside[chain[-1]]:
            following = beside[chain[-1]].pop()
            beside[following].remove(chain[-1])
            chain.append(following)
        chains.append(chain)
    return chains
