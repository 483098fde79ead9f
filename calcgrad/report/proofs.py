"""The report of bare ``check``: a proof for each value and each partial of the table of operations."""

from __future__ import annotations

from dataclasses import dataclass

from calcgrad.report.shown import Shown


@dataclass(frozen=True, slots=True)
class ProofRow:
    """The proof of one value (``argument`` is ``None``) or one partial of the table of operations.

    ``max_ulps`` is the worst error in double precision, in ulps times max(1, the input's condition).
    """

    operation: str
    argument: int | None
    partial: str | None
    proof: str
    points: int
    max_ulps: float | None
    verdict: str


@dataclass(frozen=True, slots=True, repr=False)
class ProofReport(Shown):
    """What bare ``calcgrad check`` found: a row for each value and each partial of the table."""

    rows: tuple[ProofRow, ...]
    seconds: float = 0.0
    command: str = "check"
    target: str = "operations"

    @property
    def verdict(self) -> str:
        """``right`` when every row is."""
        return "right" if all(row.verdict == "right" for row in self.rows) else "wrong"
