"""A map of an array as SVG: its cells, those with wrong entries filled and crossed, so that no colour is needed to tell them."""

from __future__ import annotations

from html import escape

from calcgrad.render.check_places import Grid, arguments, caption, grid_of, unplaced
from calcgrad.report.claims import CheckReport

#: Cells of a map along both sides at most, how wide all of them may be, and how large and how small one is.
MOST, _WIDE, _LARGEST, _SMALLEST = 64, 640, 24.0, 5.0
#: Arguments that are drawn.
_MOST_MAPS = 6
_LEFT, _TOP = 40, 18


def maps(report: CheckReport, shapes: dict[str, tuple[int, ...]]) -> list[str]:
    """A map of each argument that is an array with wrong entries, as a figure with its caption."""
    found = [name for name in arguments(report) if shapes.get(name)]
    drawn = [_figure(report, name, shapes[name]) for name in found[:_MOST_MAPS]]
    said = (
        [f"and {len(found) - len(drawn)} more arguments with wrong entries"]
        if len(found) > len(drawn)
        else []
    )
    said += (
        [f"{missing:,} more wrong entries are not on the maps"]
        if drawn and (missing := unplaced(report))
        else []
    )
    said += ["there may be more wrong entries than were found"] if drawn and not report.wrong_complete else []
    return [*drawn, *[f"<p>{text}</p>" for text in said]]


def _figure(report: CheckReport, name: str, shape: tuple[int, ...]) -> str:
    grid = grid_of(report, name, shape, MOST, MOST)
    count = f"{len(grid.wrong):,} of {grid.rows * grid.columns:,} cells hold wrong entries"
    said = f"{caption(name, shape, grid, 'a cell')}: {count}"
    return f"<figure>{svg(grid, said)}<figcaption>{escape(said)}</figcaption></figure>"


def svg(grid: Grid, said: str) -> str:
    """The map; its corners are numbered by rows and columns of the array.

    >>> svg(Grid((1, 2), 1, 2, 1, 1, frozenset({(0, 1)})), "w").count("M64.0 18.0")
    1
    """
    side = max(min(_LARGEST, _WIDE / grid.columns), _SMALLEST)
    width, height = side * grid.columns, side * grid.rows
    size = f"{width + _LEFT + 8:.0f} {height + _TOP + 8:.0f}"
    lines = "".join(f"M{_LEFT + side * c:.1f} {_TOP}v{height:.1f}" for c in range(grid.columns + 1))
    lines += "".join(f"M{_LEFT} {_TOP + side * r:.1f}h{width:.1f}" for r in range(grid.rows + 1))
    corners = [(_LEFT + side * c, _TOP + side * r) for r, c in sorted(grid.wrong)]
    cells = "".join(f"M{x:.1f} {y:.1f}h{side:.1f}v{side:.1f}h-{side:.1f}z" for x, y in corners)
    crossed = "".join(
        f"M{x + side / 4:.1f} {y + side / 4:.1f}l{side / 2:.1f} {side / 2:.1f}m0-{side / 2:.1f}l-{side / 2:.1f} {side / 2:.1f}"
        for x, y in corners
    )
    return (
        f'<svg class="chart map" viewBox="0 0 {size}" style="max-width:{width + _LEFT + 8:.0f}px" role="img" '
        f'aria-label="{escape(said, quote=True)}">{_numbers(grid, side)}'
        f'<path class="grid" d="{lines}"/><path class="bad" d="{cells}"/><path class="cross" d="{crossed}"/></svg>'
    )


def _numbers(grid: Grid, side: float) -> str:
    """The first and the last row and column."""
    last_row, last_column = (count - 1 for count in grid.size)
    texts = [(_LEFT + side / 2, _TOP - 5, "0", "middle"), (_LEFT - 5, _TOP + side / 2 + 4, "0", "end")]
    if grid.columns > 1:
        texts.append((_LEFT + side * (grid.columns - 0.5), _TOP - 5, str(last_column), "middle"))
    if grid.rows > 1:
        texts.append((_LEFT - 5, _TOP + side * (grid.rows - 0.5) + 4, str(last_row), "end"))
    return "".join(
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>' for x, y, text, anchor in texts
    )
