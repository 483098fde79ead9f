"""Reports of ``check``: the verdict first, then where, then why, then at what cost."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from calcgrad.render import Style
from calcgrad.render.json import spread
from calcgrad.render.layout import GREEN, RED, YELLOW, Row, grid, paint, wrapped
from calcgrad.report import CheckReport, ProofReport

_COLORS = {"right": GREEN, "wrong": RED, "inconclusive": YELLOW}


def render(report: CheckReport, style: Style) -> str:
    """One claim, for people."""
    lines = [paint(report.verdict, _COLORS[report.verdict], style.color) + _because(report)]
    lines += [f"  function  {report.target}", f"  claim     {report.claim}"]
    if report.wrong and report.wrong[0].index is not None:
        rows = [
            Row((f"{e.argument}{list(e.index or ())}", repr(e.claimed), repr(e.true), _bound(e.error_bound)))
            for e in report.wrong
        ]
        table = grid(("entry", "claimed", "true", "known to ±"), rows, style.width)
        lines += [
            "",
            *(table or [f"{r.cells[0]}: claimed {r.cells[1]}, true {r.cells[2]}" for r in rows]),
            "",
        ]
        if report.wrong_count > len(report.wrong):
            lines.append(f"{report.wrong_count - len(report.wrong)} more entries are wrong")
    for note in report.notes:
        lines += wrapped(note, style.width, "  ", "    ")
    if report.evaluations:
        lines.append(f"  {report.evaluations} evaluations")
    text = "\n".join(lines) + "\n"
    return text.replace("±", "+/-") if style.ascii else text


def _because(report: CheckReport) -> str:
    if report.verdict == "wrong" and report.wrong_count:
        one, many = ("derivative", "derivatives") if report.wrong[0].index is None else ("entry", "entries")
        return f": {report.wrong_count} wrong {one if report.wrong_count == 1 else many}"
    return f": {report.cause}" if report.cause else ""


def _bound(bound: float | None) -> str:
    return "-" if bound is None else f"{bound:.1e}"


def contract(report: CheckReport) -> dict[str, Any]:
    """One claim as the plain data of the JSON contract."""
    data = asdict(report)
    command = data.pop("command")
    return {"schema": 1, "command": command, **data}


def proofs(report: ProofReport, style: Style) -> str:
    """The proof of the table: counts, the worst figures, and what failed."""
    partials = [row for row in report.rows if row.argument is not None]
    values = [row for row in report.rows if row.argument is None]
    symbolic = sum(row.proof == "symbolic" for row in partials)
    operations = len({row.operation for row in report.rows})
    failed = [row for row in report.rows if row.verdict != "right"]
    lines = [
        paint(report.verdict, _COLORS[report.verdict], style.color)
        + f": {len(report.rows) - len(failed)} of {len(report.rows)} proofs of the table hold on this machine"
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


def _points(report: ProofReport) -> str:
    counts = [row.points for row in report.rows]
    least, most = min(counts), max(counts)
    return f"{most} points" if least == most else f"{least} to {most} points"


def _worst(what: str, rows: list[Any]) -> str:
    worst = max(rows, key=lambda row: row.max_ulps or 0.0)
    return f"the worst {what} is off by {worst.max_ulps or 0.0:.1f} ulps x condition ({worst.operation})"


def proofs_contract(report: ProofReport) -> dict[str, Any]:
    """The proof of the table as the plain data of the JSON contract."""
    head = {"schema": 1, "command": report.command, "target": report.target, "verdict": report.verdict}
    return {**head, "seconds": report.seconds, "rows": [asdict(row) for row in report.rows]}


def as_json(data: dict[str, Any], style: Style) -> str:
    """Plain data as JSON text."""
    return spread(data, style.ascii) + "\n"
