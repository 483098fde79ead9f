"""A small picture of where in an array the wrong entries are: ``#`` for wrong, ``.`` for the rest."""

from __future__ import annotations

import math

from calcgrad.render.check_places import Grid, arguments, caption, grid_of
from calcgrad.report.claims import CheckReport

MOST_ROWS = 12
LEAST = 8


def pictures(report: CheckReport, shapes: dict[str, tuple[int, ...]], width: int | None) -> list[str]:
    """A picture of each argument with wrong entries (the first three), where it is large enough to need one."""
    lines: list[str] = []
    whole = {p.argument for p in report.patterns if p.kind == "argument"}
    for name in [name for name in arguments(report) if name not in whole][:3]:
        shape = shapes.get(name, ())
        if math.prod(shape) >= LEAST:
            grid = grid_of(report, name, shape, MOST_ROWS, max((width or 80) - 8, 8))
            lines += ["", *_picture(name, shape, grid)]
    return lines


def _picture(name: str, shape: tuple[int, ...], grid: Grid) -> list[str]:
    said = caption(f"{name}", shape, grid, "a sign")
    named, _, each = said.partition(", a sign")
    rows = [
        "".join("#" if (r, c) in grid.wrong else "." for c in range(grid.columns)) for r in range(grid.rows)
    ]
    return [f"  {named}: # wrong{', a sign' + each if each else ''}", *(f"    {row}" for row in rows)]
