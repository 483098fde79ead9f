"""CSV: one line a result, with a header."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from calcgrad.errors import Diagnostic
from calcgrad.render import Style
from calcgrad.render.rows import truth_details
from calcgrad.render.words import absence, short_of_digits, side
from calcgrad.report.derivatives import PointReport, Report, Result, Truth

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
    truths = {(t.wrt, t.output, t.index): t for t in point.truth}
    start = (report.input, at, point.value, point.verdict)
    for r in point.results:
        truth = truths.get((r.wrt, r.output, r.index))
        found = (
            *start, ",".join(r.wrt), r.output, r.index, r.method, r.value,
            truth.value if truth else None, r.abs_error, r.rel_error, r.ulps, r.error_bound,
            r.evaluations, r.status, _note(r, truth, point),
        )  # fmt: skip
        yield tuple(_cell(value) for value in found)


def _note(r: Result, truth: Truth | None, point: PointReport) -> str | None:
    """What the row saw, and what there is to know of the truth beside its digits."""
    sides = [] if (r.left, r.right) == (None, None) else [f"left {side(r.left)}, right {side(r.right)}"]
    said = [r.note, *sides]
    if truth is not None:
        known = [absence(truth), *truth_details(truth, replace(point, explanation=())), *_uncertain(truth)]
        said += [f"truth: {text}" for text in dict.fromkeys(known) if text]
    return "; ".join(text for text in said if text) or None


def _uncertain(truth: Truth) -> list[str]:
    """How well a truth is known that has few digits."""
    return [f"within {truth.radius}"] if truth.value is not None and short_of_digits(truth) else []


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, list):
        return f"[{', '.join(_cell(v) for v in value)}]"
    return value if isinstance(value, str) else repr(value)


__all__ = ["COLUMNS", "error_row", "header", "render", "rows"]
