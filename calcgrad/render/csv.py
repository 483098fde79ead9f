"""CSV: one line a result, with a header."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from calcgrad.errors import Diagnostic
from calcgrad.render import Style
from calcgrad.report import PointReport, Report

COLUMNS = (
    "input", "at", "value", "verdict", "wrt", "output", "index", "method", "derivative", "truth",
    "abs_error", "rel_error", "ulps", "error_bound", "evaluations", "status", "note",
)  # fmt: skip


def render(report: Report, style: Style) -> str:
    """The header and the report's lines."""
    return header() + rows(report)


def header() -> str:
    """The names of the columns."""
    return _written([COLUMNS])


def rows(report: Report) -> str:
    """The report's lines; none where it has no point."""
    return _written(row for point in report.points for row in _rows(report, point))


def error_row(text: str, diagnostic: Diagnostic) -> str:
    """The line that stands in place of a report's."""
    cells = dict.fromkeys(COLUMNS, "")
    cells |= {"input": text, "status": "failed", "note": f"{diagnostic.code}: {diagnostic.message}"}
    return _written([tuple(cells.values())])


def _written(lines: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def _rows(report: Report, point: PointReport) -> Iterator[tuple[str, ...]]:
    at = ", ".join(f"{name}={_cell(value)}" for name, value in point.at.items())
    truths = {(t.wrt, t.output, t.index): t.value for t in point.truth}
    start = (report.input, at, point.value, point.verdict)
    for r in point.results:
        found = (
            *start, ",".join(r.wrt), r.output, r.index, r.method, r.value,
            truths.get((r.wrt, r.output, r.index)), r.abs_error, r.rel_error, r.ulps, r.error_bound,
            r.evaluations, r.status, r.note,
        )  # fmt: skip
        yield tuple(_cell(value) for value in found)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, list):
        return f"[{', '.join(_cell(v) for v in value)}]"
    return value if isinstance(value, str) else repr(value)


__all__ = ["COLUMNS", "error_row", "header", "render", "rows"]
