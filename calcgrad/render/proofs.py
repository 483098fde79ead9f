"""The proof of the table of operations, as bare ``calcgrad check`` shows it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from calcgrad.render import Style
from calcgrad.render.layout import wrapped
from calcgrad.render.styles import BAD, GOOD, paint
from calcgrad.report.proofs import ProofReport

_COLORS = {"right": GOOD, "wrong": BAD}


def render(report: ProofReport, style: Style) -> str:
    """The proof of the table: counts, the worst figures, and what failed."""
    partials = [row for row in report.rows if row.argument is not None]
    values = [row for row in report.rows if row.argument is None]
    symbolic = sum(row.proof == "symbolic" for row in partials)
    operations = len({row.operation for row in report.rows})
    failed = [row for row in report.rows if row.verdict != "right"]
    lines = [
        paint(report.verdict, _COLORS[report.verdict], style.color)
        + f": {_held(len(report.rows), len(failed))} of the table hold on this machine"
    ]
    for text in (
        f"{operations} operations: {len(values)} values and {len(partials)} partial derivatives",
        f"each held against mpmath's 50 digits at {_points(report)}; "
        f"{symbolic} partials also proved as formulas by SymPy",
        _worst("value", values),
        _worst("partial", partials),
    ):
        lines += wrapped(text, style.width, "  ", "    ")
    for row in failed:
        argument = (
            "value" if row.argument is None else f"partial in argument {row.argument + 1}, {row.partial}"
        )
        lines += wrapped(f"wrong: {row.operation}: {argument}", style.width, "  ", "    ")
    return "\n".join(lines) + "\n"


def _held(count: int, failed: int) -> str:
    """How many hold: all, or so many of so many."""
    return f"{count - failed} of {count} proofs" if failed else f"all {count} proofs"


def _points(report: ProofReport) -> str:
    counts = [row.points for row in report.rows]
    least, most = min(counts), max(counts)
    return f"{most} points" if least == most else f"{least} to {most} points"


def _worst(what: str, rows: list[Any]) -> str:
    worst = max(rows, key=lambda row: row.max_ulps or 0.0)
    return f"the worst {what} is off by {worst.max_ulps or 0.0:.1f} ulps x condition ({worst.operation})"


def contract(report: ProofReport) -> dict[str, Any]:
    """The proof of the table as the plain data of the JSON contract."""
    head = {"schema": 1, "command": report.command, "target": report.target, "verdict": report.verdict}
    return {**head, "seconds": report.seconds, "rows": [asdict(row) for row in report.rows]}
