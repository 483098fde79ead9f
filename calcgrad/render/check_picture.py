"""A small picture of where in an array the wrong entries are: ``#`` for wrong, ``.`` for the rest."""

from __future__ import annotations

import math
from collections.abc import Iterable

from calcgrad.report import CheckReport

MOST_ROWS = 12
LEAST = 8


def pictures(report: CheckReport, shapes: dict[str, tuple[int, ...]], width: int | None) -> list[str]:
    """A picture of each argument with wrong entries (the first three), where it is large enough to need one."""
    lines: list[str] = []
    names = list(dict.fromkeys([*(e.argument for e in report.wrong), *(p.argument for p in report.patterns)]))
    whole = {p.argument for p in report.patterns if p.kind == "argument"}
    for name in [name for name in names if name not in whole][:3]:
        shape = shapes.get(name, ())
        if math.prod(shape) >= LEAST:
            lines += ["", *_picture(name, shape, _spots(report, name, shape), width or 80)]
    return lines


def _spots(report: CheckReport, name: str, shape: tuple[int, ...]) -> list[tuple[int | None, ...]]:
    """The wrong places as indices, ``None`` where a block runs over a whole axis."""
    single = [e.index for e in report.wrong if e.argument == name and e.index]
    blocks = [
        (*p.index, *([None] * (len(shape) - len(p.index))))
        for p in report.patterns
        if p.argument == name and p.kind != "stride"
    ]
    return [spot for spot in [*single, *blocks] if len(spot) == len(shape)]


def _picture(
    name: str, shape: tuple[int, ...], spots: Iterable[tuple[int | None, ...]], width: int
) -> list[str]:
    rows, columns = math.prod(shape[:-1]), shape[-1]
    high, wide = min(rows, MOST_ROWS), min(columns, max(width - 8, 8))
    grid = [["."] * wide for _ in range(high)]
    for spot in spots:
        for r in _cells(_rows_of(spot, shape), rows, high):
            for c in _cells(range(columns) if spot[-1] is None else [spot[-1]], columns, wide):
                grid[r][c] = "#"
    return [f"  {_caption(name, shape, rows, columns, high, wide)}", *(f"    {''.join(row)}" for row in grid)]


def _rows_of(spot: tuple[int | None, ...], shape: tuple[int, ...]) -> Iterable[int]:
    """The rows of the array folded to a matrix that a spot lies in."""
    found = [0]
    for place, length in zip(spot[:-1], shape[:-1], strict=True):
        places = range(length) if place is None else (place,)
        found = [row * length + i for row in found for i in places]
    return found


def _cells(places: Iterable[int], count: int, cells: int) -> set[int]:
    return {place * cells // count for place in places}


def _caption(name: str, shape: tuple[int, ...], rows: int, columns: int, high: int, wide: int) -> str:
    size = " x ".join(map(str, shape))
    folded = " (folded to rows)" if len(shape) > 2 else ""
    down, across = math.ceil(rows / high), math.ceil(columns / wide)
    each = "" if down * across == 1 else f", a sign for up to {down} x {across} entries"
    return f"{name}, {size}{folded}: # wrong{each}"
