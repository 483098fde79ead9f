"""Disagreements that rounding explains, with the number that is to blame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from calcgrad.comparing.culprit import culprit
from calcgrad.comparing.request import Reading
from calcgrad.comparing.words import DECIDED, MOVES, wrong_row
from calcgrad.methods import facts
from calcgrad.phrases import figure
from calcgrad.report.derivatives import Result, Truth

#: A row of the chain rule that is right to this share has no number to blame.
_RIGHT = 1e-3


def with_culprits(
    reading: Reading, flat: Sequence[float], truth: Sequence[Truth], results: Sequence[Result]
) -> tuple[Truth, ...]:
    """The rows of truth, each disagreement that names no reason with the number that takes the digits, where there is one."""
    if reading.request.order != 1:
        return tuple(truth)
    return tuple(_with_culprit(reading, flat, k, row, results) for k, row in enumerate(truth))


def _with_culprit(
    reading: Reading, flat: Sequence[float], k: int, row: Truth, results: Sequence[Result]
) -> Truth:
    if row.verdict != "disagree" or row.other is not None or row.value is None:
        return row
    if row.note is not None and row.note.startswith(("no digit of ", DECIDED)):
        return row
    there = [r for r in results if (r.wrt, r.output, r.index) == (row.wrt, row.output, row.index)]
    errors = [r.abs_error for r in there if facts(r.method).by_table and r.abs_error is not None]
    size = abs(float(Decimal(row.at_double or row.value)))
    if not errors or max(errors) <= _RIGHT * size:
        return row  # by the chain rule it is right: another method is off
    wrt, output = divmod(k, len(reading.output_indices))
    found = culprit(reading.function, flat, reading.wrts[wrt][0], output, max(errors))
    if found is None:
        return row
    what, moved = found
    by = "altogether" if moved is None else f"by {figure(moved, 2)}"
    note = f"{MOVES}{what} by a last bit or so, and the derivative {by}; {wrong_row(row, results)}"
    return replace(row, note=note)
