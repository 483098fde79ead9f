"""A graph drawn in characters: boxes are words, edges are lines that run along rows and columns.

Where two lines cross, they have nothing to do with each other; where a line parts, there is a junction. A cell in which this could
not be told apart is a conflict, and no picture is better than a wrong one.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import NamedTuple

from calcgrad.render.lanes import Knot, Lanes, Line, lanes

#: The nodes up to which a picture is readable, and the lines up to which it is drawn.
MOST_KNOTS, _MOST_LINES = 24, 40
#: Crossings from which on another order of the rows is looked for.
_MANY_CROSSINGS = 3
#: Orders of the rows that are tried.
_MOST_TRIES = 60
#: Cells of line between a node and what follows, and from one branch to the next: where they fit, and where they do not.
_GAPS = (2, 1)

_N, _E, _S, _W = 1, 2, 4, 8
_UNICODE = {
    _N: "│", _S: "│", _N | _S: "│", _E: "─", _W: "─", _E | _W: "─", _E | _S: "┌", _S | _W: "┐", _N | _E: "└", _N | _W: "┘",
    _N | _E | _S: "├", _N | _S | _W: "┤", _E | _S | _W: "┬", _N | _E | _W: "┴",
}  # fmt: skip
_ASCII = {
    bits: "|" if bits in (_N, _S, _N | _S) else "-" if bits in (_E, _W, _E | _W) else "+" for bits in _UNICODE
}


class _Hand(NamedTuple):
    """How lines are drawn: in ASCII or not, and how many cells of line stand between nodes."""

    ascii: bool
    gap: int


class Conflict(Exception):  # noqa: N818 (a fact about a picture, not a fault)
    """Two lines would need the same cell."""


class _Canvas:
    """Cells with lines in four directions, each of a net, and letters."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], dict[int, Hashable]] = {}
        self.letters: dict[tuple[int, int], str] = {}
        self.turns: set[tuple[int, int]] = set()

    def write(self, line: int, x: int, text: str) -> None:
        """Letters, which nothing may cross."""
        for k, letter in enumerate(text):
            if (line, x + k) in self.letters:
                raise Conflict
            self.letters[line, x + k] = letter

    def across(self, net: Hashable, line: int, start: int, stop: int) -> None:
        """A line from one column to another, both included; of one cell it is a line too."""
        if start == stop:
            self._mark(net, line, start, _E)
            self._mark(net, line, start, _W)
        for x in range(start, stop):
            self._mark(net, line, x, _E)
            self._mark(net, line, x + 1, _W)

    def along(self, net: Hashable, x: int, start: int, stop: int) -> None:
        """A line down, from one line of the picture to another, both included."""
        for line in range(min(start, stop), max(start, stop)):
            self._mark(net, line, x, _S)
            self._mark(net, line + 1, x, _N)

    def _mark(self, net: Hashable, line: int, x: int, direction: int) -> None:
        cell = self.cells.setdefault((line, x), {})
        if cell.setdefault(direction, net) != net:
            raise Conflict

    def text(self, ascii: bool) -> tuple[list[str], int]:
        """The lines of the picture, and the number of crossings. Raises ``Conflict``."""
        if any(place in self.letters for place in self.cells):
            raise Conflict
        drawn = dict(self.letters)
        crossings = 0
        for place, cell in self.cells.items():
            bits = sum(cell)
            nets = set(cell.values())
            if any(cell[a] != cell[b] for a, b in ((_N, _S), (_E, _W)) if a in cell and b in cell):
                raise Conflict
            if len(nets) > 1 and place not in self.turns:
                if bits != 15:
                    raise Conflict
                crossings += 1
                drawn[place] = "|" if ascii else "┼"
            elif bits == 15:
                raise Conflict
            else:
                drawn[place] = (_ASCII if ascii else _UNICODE)[bits]
        height = 1 + max(line for line, _ in drawn)
        found = []
        for line in range(height):
            width = 1 + max([x for at, x in drawn if at == line], default=-1)
            found.append("".join(drawn.get((line, x), " ") for x in range(width)))
        plain = set("| " if ascii else "│ ")
        return [text for k, text in enumerate(found) if k % 2 == 0 or not set(text) <= plain], crossings


def drawn(knots: Sequence[Knot], width: int | None = 80, ascii: bool = False) -> list[str] | None:
    """The picture in lines no longer than ``width``; ``None`` where it is too large, or cannot be drawn without doubt.

    >>> for line in drawn([Knot("x"), Knot("y"), Knot("*", (0, 1)), Knot("sin", (0,)), Knot("+", (2, 3)), Knot("f", (4,))]):
    ...     print(line)
    x ──┬──► * ────► + ──► f
        │    ▲       ▲
    y ──┼────┘       │
        └──► sin ────┘
    """
    if not 1 <= len(knots) <= MOST_KNOTS:
        return None
    placed = lanes(knots)
    for gap in _GAPS:
        hand = _Hand(ascii, gap)
        best = _drawn(knots, placed, hand)
        if best is None or best[1] >= _MANY_CROSSINGS:
            best = _reordered(knots, placed, best, hand)
        if best is None or len(best[0]) > _MOST_LINES:
            return None
        if width is None or max(map(len, best[0])) <= width:
            return best[0]
    return None


_Picture = tuple[list[str], int]


def _reordered(knots: Sequence[Knot], placed: Lanes, best: _Picture | None, hand: _Hand) -> _Picture | None:
    """The picture with fewest crossings that swaps of two rows lead to."""
    order = list(range(placed.height))
    pairs = [(i, j) for i in range(len(order)) for j in range(i + 1, len(order))]
    tries = 0
    better = True
    while better and tries < _MOST_TRIES:
        better = False
        for i, j in pairs[: _MOST_TRIES - tries]:
            tries += 1
            order[i], order[j] = order[j], order[i]
            found = _drawn(knots, placed.reordered(order), hand)
            if found is not None and (best is None or _cost(found) < _cost(best)):
                best, better = found, True
            else:
                order[i], order[j] = order[j], order[i]
    return best


def _cost(picture: _Picture) -> tuple[int, int]:
    lines, crossings = picture
    return crossings, sum(text.count("│") + text.count("|") for text in lines)


def _drawn(knots: Sequence[Knot], placed: Lanes, hand: _Hand) -> _Picture | None:
    """Nodes share a column with those just before them as long as no two lines meet."""
    columns = [0]
    best: _Picture | None = None
    for node in range(1, len(knots)):
        used = max([columns[u] + 1 for u in knots[node].uses], default=0)
        for column in range(max(used, columns[-1]), columns[-1] + 2):
            try:
                best = _rastered(knots[: node + 1], placed, [*columns, column], hand)
            except Conflict:
                continue
            columns.append(column)
            break
        else:
            return None
    return best if best is not None else _rastered(knots, placed, columns, hand)


def _rastered(knots: Sequence[Knot], placed: Lanes, columns: Sequence[int], hand: _Hand) -> _Picture:
    """The picture with every node in its row and column. Raises ``Conflict``."""
    count = len(knots)
    lines = [line for line in placed.lines if line.target < count]
    tracks = _tracks(lines, placed, columns, hand.gap)
    starts = _starts(knots, columns, tracks, hand.gap)
    right, up, down = (">", "^", "v") if hand.ascii else ("►", "▲", "▼")
    canvas = _Canvas()
    first = max(len(knots[k].label) for k in range(count) if columns[k] == 0)
    label_at = [starts[columns[k]] + (2 if columns[k] else first - len(knots[k].label)) for k in range(count)]
    for k, knot in enumerate(knots):
        canvas.write(2 * placed.rows[k], label_at[k], knot.label)
        if any(line.target == k and not line.enters for line in lines):
            canvas.write(2 * placed.rows[k], label_at[k] - 2, right)
    joined: dict[
        tuple[int, bool], dict[tuple[int, int], int]
    ] = {}  # (target, from below) -> corners with their nets
    ends: dict[tuple[int, int], list[int]] = {}  # (net, row) -> the columns that its line reaches there
    for line in lines:
        net, target = line.source, line.target
        trunk = starts[columns[net] + 1] - 1 - tracks[net][1] + tracks[net][0] if line.branches else None
        x = label_at[target] + (len(knots[target].label) - 1) // 2 if line.enters else label_at[target] - 3
        reached = ends.setdefault((net, line.row), [])
        reached.append(x)
        if trunk is not None:
            reached.append(trunk)
            ends.setdefault((net, placed.rows[net]), []).append(trunk)
            canvas.along(net, trunk, 2 * placed.rows[net], 2 * line.row)
        if line.enters:
            goal = 2 * placed.rows[target]
            near = goal + 1 if line.row > placed.rows[target] else goal - 1
            if canvas.letters.get((near, x)) is None:
                canvas.write(near, x, up if near > goal else down)
            past = near + 1 if near > goal else near - 1
            canvas.along(("to", target), x, past, 2 * line.row)
            canvas.turns.add((2 * line.row, x))
            joined.setdefault((target, near > goal), {})[2 * line.row, x] = net
            if past == 2 * line.row:  # a corner with no line above it: the arrow stands there
                canvas.cells.setdefault((past, x), {})[_N if near > goal else _S] = ("to", target)
            else:
                canvas.cells[past, x][_N if near > goal else _S] = ("to", target)
    for (net, row), reached in ends.items():
        own = row == placed.rows[net]
        begin = label_at[net] + len(knots[net].label) + 1 if own else min(reached)
        canvas.across(net, 2 * row, begin, max(reached))
    for corners in (
        joined.values()
    ):  # where lines of several nodes join, none may go on: it would seem to be the others' too
        if len(set(corners.values())) > 1 and any(_E in canvas.cells[corner] for corner in corners):
            raise Conflict
    return canvas.text(hand.ascii)


def _tracks(
    lines: Sequence[Line], placed: Lanes, columns: Sequence[int], gap: int
) -> dict[int, tuple[int, int]]:
    """For each node whose line branches: how far behind its column the branch goes down, and the width of all branches there."""
    spans: dict[int, list[int]] = {}
    for line in lines:
        if line.branches:
            spans.setdefault(line.source, [placed.rows[line.source]]).append(line.row)
    used: dict[int, list[list[tuple[int, int]]]] = {}
    track: dict[int, int] = {}
    for node, rows in spans.items():
        span = min(rows), max(rows)
        channel = used.setdefault(columns[node], [])
        for k, taken in enumerate(channel):
            if all(span[1] < low or high < span[0] for low, high in taken):
                taken.append(span)
                track[node] = k
                break
        else:
            track[node] = len(channel)
            channel.append([span])
    step = gap + 1
    return {node: (k * step, len(used[columns[node]]) * step - 1) for node, k in track.items()}


def _starts(
    knots: Sequence[Knot], columns: Sequence[int], tracks: dict[int, tuple[int, int]], gap: int
) -> list[int]:
    """Where each column begins; one more at the end."""
    last = max(columns)
    starts = [0]
    for column in range(last + 1):
        nodes = [k for k in range(len(knots)) if columns[k] == column]
        wide = max([len(knots[k].label) + (3 if column else 1) for k in nodes], default=0)
        branches = max([tracks[k][1] + 1 for k in nodes if k in tracks], default=0)
        starts.append(starts[-1] + wide + gap + branches)
    assert all(a < b for a, b in pairwise(starts))
    return starts
