"""Several derivatives in one table: a row a derivative and a column a method, or turned round where only that fits."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.render import Style, words
from calcgrad.render.layout import Row, grid, on_points
from calcgrad.render.rows import Groups, only_words
from calcgrad.report.derivatives import Report, Result


def values(report: Report, groups: Groups, style: Style) -> list[str] | None:
    """Every method's value of every derivative; ``None`` where no table of them fits the width.

    Where a method has words in place of a number, its cell is the status; the words stand elsewhere.
    """
    names = [words.derivative_name(report, *key, style.ascii) for key in groups]
    methods = list(dict.fromkeys(r.method for _, results in groups.values() for r in results))
    columns = [[_cell(results, method) for _, results in groups.values()] for method in methods]
    upright = _table(("", *methods), names, columns, style)
    if upright is not None:
        return upright
    turned = [list(cells) for cells in zip(*columns, strict=True)]
    return _table(("method", *names), methods, turned, style)


def _cell(results: Sequence[Result], method: str) -> str:
    found = next((r for r in results if r.method == method), None)
    if found is None:
        return "-"
    return found.status if only_words(found) else words.number(found.value)


def _table(
    headers: tuple[str, ...], names: Sequence[str], columns: Sequence[Sequence[str]], style: Style
) -> list[str] | None:
    """The columns side by side, in each the decimal points in one place."""
    aligned = map(on_points, columns)
    rows = [Row((name, *cells)) for name, *cells in zip(names, *aligned, strict=True)]
    return grid(headers, rows, style.width, style.color, points=False, left=len(headers))
