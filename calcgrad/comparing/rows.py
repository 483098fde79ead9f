"""The rows of a report: what each method found, by derivative and output."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from calcgrad.comparing.request import Reading
from calcgrad.errors import Diagnostic
from calcgrad.functions.expression import Expression
from calcgrad.methods.protocol import Outcome, Wrt
from calcgrad.report.derivatives import Result
from calcgrad.report.estimates import Estimate, Failed, Skipped


def labels(function: Expression, wrt: Wrt) -> tuple[tuple[str, ...], Any]:
    """The names of a tuple of coordinates, and their indices where a variable is an array.

    The index of a first derivative is that of its coordinate; of a higher one, a tuple with one for each
    differentiation.
    """
    places = [function.coordinates[i] for i in wrt]
    names = tuple(place.name for place in places)
    indices = tuple(place.index for place in places)
    if all(index is None for index in indices):
        return names, None
    return names, indices[0] if len(indices) == 1 else indices


#: The outcome of a method that did not come to its end in time.
LATE = Failed(Diagnostic("E902", "the time was up first (--timeout)"))


class Run(NamedTuple):
    """One method's outcome at one point, and the seconds it took."""

    method: str
    outcome: Outcome
    seconds: float | None


def result_rows(reading: Reading, runs: Sequence[Run], value: Sequence[float]) -> tuple[Result, ...]:
    """A row for each method, derivative and output; a method that does not apply has rows without values.

    Where the function itself has no ``value``, a rule that still gives a number (1/x at -1 for log x) is not heeded.
    """
    rows: list[Result] = []
    named = [labels(reading.function, wrt) for wrt in reading.wrts]
    for run in runs:
        for k, (names, index) in enumerate(named):
            for o, output in enumerate(reading.output_indices):
                row = _result(run, names, k, o, output, index)
                rows.append(_undefined(row) if value[o] != value[o] and row.value is not None else row)
    return tuple(rows)


def _result(run: Run, names: tuple[str, ...], k: int, o: int, output: Any, index: Any) -> Result:
    name, outcome, seconds = run
    if not isinstance(outcome, Estimate):
        skipped = isinstance(outcome, Skipped)
        note = outcome.reason if isinstance(outcome, Skipped) else outcome.diagnostic.message
        return Result(
            name,
            names,
            None,
            status="skipped" if skipped else "budget" if outcome is LATE else "failed",
            note=note,
            output=output,
            index=index,
        )
    return Result(
        name,
        names,
        _entry(outcome.value, k, o),
        error_bound=_entry(outcome.error_bound, k, o),
        step=_entry(outcome.step, k, o),
        evaluations=outcome.evaluations,
        passes=outcome.passes,
        seconds=seconds,
        status=_entry(outcome.status, k, o),
        note=_entry(outcome.note, k, o),
        left=_entry(outcome.left, k, o),
        right=_entry(outcome.right, k, o),
        output=output,
        index=index,
    )


def _undefined(row: Result) -> Result:
    return replace(row, value=math.nan, status="undefined", note="the function has no value here")


def _entry(table: Any, k: int, o: int) -> Any:
    """The entry of a table by derivative and output; what is not a table is the same for all."""
    return table[k][o] if isinstance(table, list) else table
