"""Graphs drawn in characters: what the lines connect is read back from the picture, and is the graph."""

from __future__ import annotations

import random

import pytest

from calcgrad.render.lanes import Knot
from calcgrad.render.wires import drawn

_NORTH, _EAST, _SOUTH, _WEST = (-1, 0), (0, 1), (1, 0), (0, -1)
#: Where a line goes on from each sign.
_ENDS = {
    "─": (_EAST, _WEST), "│": (_NORTH, _SOUTH), "┌": (_EAST, _SOUTH), "┐": (_SOUTH, _WEST), "└": (_NORTH, _EAST),
    "┘": (_NORTH, _WEST), "├": (_NORTH, _EAST, _SOUTH), "┤": (_NORTH, _SOUTH, _WEST), "┬": (_EAST, _SOUTH, _WEST),
    "┴": (_NORTH, _EAST, _WEST),
}  # fmt: skip
SHAPES: dict[str, list[Knot]] = {
    "a chain": [Knot("x"), Knot("sin", (0,)), Knot("exp", (1,)), Knot("f", (2,))],
    "a square": [Knot("x"), Knot("*", (0, 0)), Knot("f", (1,))],
    "a constant within": [Knot("x"), Knot("2*pi"), Knot("sqrt", (1,)), Knot("/", (0, 2)), Knot("f", (3,))],
    "an input that nothing uses": [Knot("x"), Knot("y"), Knot("sin", (0,)), Knot("f", (2,))],
}


def connected(lines: list[str], knots: list[Knot]) -> set[tuple[int, int]]:
    """The edges that a reader sees: from the sign right of a label along its lines to an arrow at a label."""
    width = max(map(len, lines))
    grid = [list(line.ljust(width)) for line in lines]
    label_at: dict[tuple[int, int], int] = {}
    starts: dict[int, tuple[int, int]] = {}
    for k, knot in sorted(enumerate(knots), key=lambda pair: -len(pair[1].label)):
        row, column = next(
            (r, c)
            for r, line in enumerate(lines)
            for c in range(width)
            if line[c : c + len(knot.label)] == knot.label and (r, c) not in label_at
        )
        for c in range(len(knot.label)):
            label_at[row, column + c] = k
        starts[k] = (row, column + len(knot.label) + 1)
    found: set[tuple[int, int]] = set()
    for k, start in starts.items():
        todo, seen = [(start, _EAST)], set()
        while todo:
            (row, column), heading = todo.pop()
            if ((row, column), heading) in seen or not (0 <= row < len(grid) and 0 <= column < width):
                continue
            seen.add(((row, column), heading))
            sign = grid[row][column]
            if sign == "►":
                found.add((k, label_at[row, column + 2]))
            elif sign in "▲▼":
                target = row + (-1 if sign == "▲" else 1)
                found.add((k, label_at[target, column]))
            elif sign == "┼":
                todo.append(((row + heading[0], column + heading[1]), heading))
            elif sign in _ENDS:
                back = (-heading[0], -heading[1])
                assert back in _ENDS[sign], "a line that ends in the middle"
                # lines that join on the way into a node are not gone back along: flow is to the right, or into the node
                ways = [way for way in _ENDS[sign] if way not in (back, _WEST)]
                todo += [((row + way[0], column + way[1]), way) for way in ways]
    return found


def edges(knots: list[Knot]) -> set[tuple[int, int]]:
    return {(u, k) for k, knot in enumerate(knots) for u in knot.uses}


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_drawn_is_the_graph(shape: str) -> None:
    knots = SHAPES[shape]
    lines = drawn(knots)
    assert lines is not None
    assert connected(lines, knots) == edges(knots)


def random_graph(seed: int) -> list[Knot]:
    chance = random.Random(seed)
    inputs = chance.randint(1, 3)
    knots = [Knot(f"x{k}") for k in range(inputs)]
    for k in range(chance.randint(1, 9)):
        uses = tuple(chance.randrange(len(knots)) for _ in range(chance.choice((1, 1, 2, 2, 2, 3))))
        knots.append(Knot("abcdefghij"[k] * chance.randint(1, 4), uses))
    return [*knots, Knot("F", (len(knots) - 1,))]


@pytest.mark.slow
def test_random_graphs_are_drawn_as_they_are() -> None:
    drawn_at_all = 0
    for seed in range(40):
        knots = random_graph(seed)
        lines = drawn(knots, None)
        if lines is None:
            continue
        drawn_at_all += 1
        assert connected(lines, knots) >= edges(knots), "\n".join(lines)
        extra = connected(lines, knots) - edges(knots)
        assert not extra, "\n".join([str(extra), *lines])
    assert drawn_at_all == 40


@pytest.mark.parametrize("shape", SHAPES)
def test_where_it_is_too_wide_its_lines_are_shorter(shape: str) -> None:
    knots = SHAPES[shape]
    wide = drawn(knots)
    assert wide is not None
    width = max(map(len, wide)) - 1
    lines = drawn(knots, width)
    assert lines is not None
    assert max(map(len, lines)) <= width
    assert connected(lines, knots) == edges(knots)


def test_too_wide_is_no_picture() -> None:
    assert drawn(SHAPES["a chain"], 10) is None


def test_in_ascii_a_crossing_is_no_junction() -> None:
    knots = [Knot("x"), Knot("y"), Knot("*", (0, 1)), Knot("sin", (0,)), Knot("+", (2, 3)), Knot("f", (4,))]
    lines = drawn(knots, ascii=True)
    assert lines == [
        "x --+--> * ----> + --> f",
        "    |    ^       ^",
        "y --|----+       |",
        "    +--> sin ----+",
    ]
