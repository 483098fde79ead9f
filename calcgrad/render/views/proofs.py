"""The proof of the table of operations, as bare ``calcgrad check`` shows it."""

from __future__ import annotations

from calcgrad.render import Style, proofs
from calcgrad.render.document import Block, Cells, Screen, Table, Verdict
from calcgrad.report.proofs import ProofReport

__all__ = ["blocks", "line", "text"]

text = proofs.render


def line(report: ProofReport) -> str:
    """The verdict and the counts."""
    held = sum(row.verdict == "right" for row in report.rows)
    return f"of the table of operations: {report.verdict}, {held} of {len(report.rows)} proofs hold"


def blocks(report: ProofReport) -> list[Block]:
    """The report as a document; what failed stands in a table."""
    first, *rest = proofs.render(report, Style(None)).rstrip("\n").split("\n")
    failed = tuple(
        Cells(
            (
                row.operation,
                "value" if row.argument is None else str(row.argument + 1),
                row.partial or "-",
                row.proof,
            )
        )
        for row in report.rows
        if row.verdict != "right"
    )
    found: list[Block] = [
        Verdict(report.verdict, report.verdict == "right", (first.partition(": ")[2],)),
        Screen("\n".join(line.strip() for line in rest)),
    ]
    return [*found, Table(("operation", "argument", "partial", "proof"), failed, 4)] if failed else found
