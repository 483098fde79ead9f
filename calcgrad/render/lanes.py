"""A graph in lanes: which row each node stands in, and along which rows its lines run. Drawn by :mod:`calcgrad.render.wires`.

Nodes come in an order in which every one stands after all that it uses. A node goes on in the row of the first of its arguments
whose line still ends openly; the other arguments come in from below or above. A line that is needed again after its row was taken
branches off right behind its node, into a row of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Knot(NamedTuple):
    """A node of the drawing: what is written there, and the places of those that it uses, once for each use."""

    label: str
    uses: tuple[int, ...] = ()


class Line(NamedTuple):
    """The line of one use: it runs along ``row``; it ``branches`` off behind its source, or ``enters`` from below or above."""

    source: int
    target: int
    row: int
    branches: bool
    enters: bool


@dataclass(frozen=True, slots=True)
class Lanes:
    """The row of each node, and the lines."""

    rows: tuple[int, ...]
    lines: tuple[Line, ...]

    def reordered(self, order: Sequence[int]) -> Lanes:
        """The same with row ``order[k]`` in the place of row ``k``."""
        at = {row: place for place, row in enumerate(order)}
        return Lanes(
            tuple([at[row] for row in self.rows]),
            tuple([line._replace(row=at[line.row]) for line in self.lines]),
        )

    @property
    def height(self) -> int:
        """How many rows there are."""
        return 1 + max([*self.rows, *[line.row for line in self.lines]], default=-1)


#: The owner of a row whose line has ended.
_NOBODY = -1


@dataclass(slots=True)
class _Row:
    """A row while it is filled: whose line ends openly in it, and up to which node it is taken."""

    owner: int
    until: int


@dataclass(slots=True)
class _Placing:
    knots: Sequence[Knot]
    left: list[int]
    rows: list[_Row] = field(default_factory=list)
    row_of: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def place(self, node: int) -> None:
        """Find the node's row, then lead its other arguments to it."""
        uses = list(self.knots[node].uses)
        if not uses:
            self.row_of.append(self._new(node))
            return
        straight = next((u for u in uses if self._open(u)), None)
        if straight is not None:
            row = self._open(straight)[0]
            self._use(straight, node, row, branches=row != self.row_of[straight], enters=False)
        else:
            straight = uses[0]
            row = self._free(straight)
            self._use(straight, node, row, branches=True, enters=False)
        self.rows[row] = _Row(node, node)
        self.row_of.append(row)
        uses.remove(straight)
        crowded = len(set(uses)) > 1
        for source in uses:
            rows = self._open(source) or [self._free(source)]
            nearest = min(rows, key=lambda r: abs(r - row))
            if crowded and self.left[source] > 1:  # where several lines join, none may go on
                nearest = self._free(source)
            self._use(source, node, nearest, branches=nearest != self.row_of[source], enters=True)
            if crowded and self.left[source] > 0:
                self.rows[nearest] = _Row(_NOBODY, node)

    def _open(self, node: int) -> list[int]:
        return [k for k, row in enumerate(self.rows) if row.owner == node]

    def _new(self, owner: int) -> int:
        self.rows.append(_Row(owner, owner))
        return len(self.rows) - 1

    def _free(self, source: int) -> int:
        """A row that nothing needs from behind ``source`` on, or a new one."""
        free = [
            k
            for k, r in enumerate(self.rows)
            if (r.owner == _NOBODY or self.left[r.owner] == 0) and r.until <= source
        ]
        if not free:
            return self._new(source)
        row = min(free, key=lambda k: abs(k - self.row_of[source]))
        self.rows[row] = _Row(source, source)
        return row

    def _use(self, source: int, target: int, row: int, branches: bool, enters: bool) -> None:
        self.lines.append(Line(source, target, row, branches, enters))
        self.left[source] -= 1
        self.rows[row].until = target


def lanes(knots: Sequence[Knot]) -> Lanes:
    """The rows of a graph.

    >>> found = lanes([Knot("x"), Knot("y"), Knot("*", (0, 1)), Knot("sin", (0,)), Knot("+", (2, 3))])
    >>> found.rows
    (0, 1, 0, 2, 0)
    """
    left = [0] * len(knots)
    for knot in knots:
        for source in knot.uses:
            left[source] += 1
    placing = _Placing(knots, left)
    for node in range(len(knots)):
        placing.place(node)
    return Lanes(tuple(placing.row_of), tuple(placing.lines))
