"""Where in an array the wrong entries are, folded to a grid of cells: what the pictures of a check are drawn from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from calcgrad.report.claims import CheckReport

#: An index, with ``None`` where a block runs over a whole axis.
Spot = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """An array as a matrix of its last axis, of ``size``: its cells, how many entries each has at most, the wrong ones."""

    size: tuple[int, int]
    rows: int
    columns: int
    down: int
    across: int
    wrong: frozenset[tuple[int, int]]


def arguments(report: CheckReport) -> list[str]:
    """The arguments with wrong entries, those with the worst first."""
    listed, blocks = [e.argument for e in report.wrong], [p.argument for p in report.patterns]
    return list(dict.fromkeys([*listed, *blocks, *[found.argument for found in report.runs]]))


def grid_of(
    report: CheckReport, name: str, shape: tuple[int, ...], most_rows: int, most_columns: int
) -> Grid:
    """The grid of an argument: of all its wrong entries, or, where these are not known, of the listed ones and the blocks."""
    runs = [pair for found in report.runs if found.argument == name for pair in found.runs]
    return folded(shape, [] if runs else spots(report, name, shape), most_rows, most_columns, runs)


def spots(report: CheckReport, name: str, shape: tuple[int, ...]) -> list[Spot]:
    """The wrong places of an argument; strides are told by their entries alone."""
    single = [e.index for e in report.wrong if e.argument == name and e.index]
    blocks = [
        (*p.index, *([None] * (len(shape) - len(p.index))))
        for p in report.patterns
        if p.argument == name and p.kind != "stride"
    ]
    return [spot for spot in [*single, *blocks] if len(spot) == len(shape)]


def unplaced(report: CheckReport) -> int:
    """How many of the wrong entries no picture has: their places are not known, they are not listed, nor in a block."""
    if report.runs:
        return max(report.wrong_count - sum(b - a for found in report.runs for a, b in found.runs), 0)
    blocks = [p for p in report.patterns if p.kind != "stride"]
    alone = [
        e
        for e in report.wrong
        if not any(p.argument == e.argument and _within(e.index, p.index) for p in blocks)
    ]
    return max(report.wrong_count - len(alone) - sum(p.count for p in blocks), 0)


def _within(index: tuple[int, ...] | None, block: Spot) -> bool:
    return index is None or all(a in (None, b) for a, b in zip(block, index, strict=False))


def folded(
    shape: tuple[int, ...],
    found: Iterable[Spot],
    most_rows: int,
    most_columns: int,
    runs: Iterable[tuple[int, int]] = (),
) -> Grid:
    """The grid of an array of this shape, in at most so many rows and columns of cells; ``runs`` are of flat indices.

    >>> folded((2, 2, 3), [(1, 0, 2), (0, None, 1)], 10, 10).wrong == {(2, 2), (0, 1), (1, 1)}
    True
    >>> folded((100, 100), [(99, 0)], 10, 20)
    Grid(size=(100, 100), rows=10, columns=20, down=10, across=5, wrong=frozenset({(9, 0)}))
    """
    rows, columns = math.prod(shape[:-1]), shape[-1]
    high, wide = min(rows, most_rows), min(columns, most_columns)
    wrong = {
        (r, c)
        for spot in found
        for r in _cells(_rows_of(spot, shape), rows, high)
        for c in _cells(range(columns) if spot[-1] is None else [spot[-1]], columns, wide)
    }
    wrong |= {
        (r, c)
        for start, stop in runs
        for top, bottom, left, right in _blocks(start, stop, columns)
        for r in range(top * high // rows, bottom * high // rows + 1)
        for c in range(left * wide // columns, right * wide // columns + 1)
    }
    return Grid(
        (rows, columns), high, wide, math.ceil(rows / high), math.ceil(columns / wide), frozenset(wrong)
    )


def _blocks(start: int, stop: int, columns: int) -> Iterator[tuple[int, int, int, int]]:
    """A run of flat indices as rectangles of rows and columns, ends included.

    >>> list(_blocks(3, 13, 5)), list(_blocks(6, 8, 5))
    ([(0, 0, 3, 4), (1, 1, 0, 4), (2, 2, 0, 2)], [(1, 1, 1, 2)])
    """
    (top, left), (bottom, right) = divmod(start, columns), divmod(stop - 1, columns)
    if top == bottom:
        yield top, top, left, right
        return
    yield top, top, left, columns - 1
    if bottom - top > 1:
        yield top + 1, bottom - 1, 0, columns - 1
    yield bottom, bottom, 0, right


def _rows_of(spot: Spot, shape: tuple[int, ...]) -> Iterable[int]:
    """The rows of the array folded to a matrix that a spot lies in."""
    if all(place is None for place in spot[:-1]):
        return range(math.prod(shape[:-1]))
    found = [0]
    for place, length in zip(spot[:-1], shape[:-1], strict=True):
        places = range(length) if place is None else (place,)
        found = [row * length + i for row in found for i in places]
    return found


def _cells(places: Iterable[int], count: int, cells: int) -> set[int]:
    if isinstance(places, range) and len(places) == count:
        return set(range(cells))
    return {place * cells // count for place in places}


def caption(name: str, shape: tuple[int, ...], grid: Grid, each: str) -> str:
    """What is drawn: ``w, 2 x 3 x 4 (folded to rows)``, and how many entries ``each`` (a sign, a cell) stands for."""
    size = " x ".join(map(str, shape))
    rows = " (folded to rows)" if len(shape) > 2 else ""
    binned = grid.down * grid.across > 1
    return f"{name}, {size}{rows}" + (
        f", {each} for up to {grid.down} x {grid.across} entries" if binned else ""
    )
