"""Columns of measured data from a CSV file, for ``calcgrad diff --data``: position and speed from a table."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from calcgrad.errors import UsageError
from calcgrad.numerical_diff.sampled import SampledDerivative, differentiate_samples


class DataReport(NamedTuple):
    """The derivative of column ``y`` by column ``x`` of a file, row by row."""

    file: str
    x: str
    y: str
    order: int
    values: list[float]
    derivative: SampledDerivative


def differentiate_file(file: str, x: str, y: str, order: int = 1) -> DataReport:
    """The derivative of one column of a CSV file by another, with its band.

    Raises ``UsageError``: E326 (the file cannot be read), E328 (it has no rows), E356 (no such column), E338 (an entry that is no
    number).
    """
    rows = _rows(file)
    times, values = _column(file, rows, x), _column(file, rows, y)
    return DataReport(file, x, y, order, values, differentiate_samples(times, values, order=order))


def _rows(file: str) -> list[dict[str, str]]:
    try:
        with Path(file).open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream, skipinitialspace=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError.of("E326", f"{file} cannot be read: {str(reason).lower()}") from error


def _column(file: str, rows: list[dict[str, str]], name: str) -> list[float]:
    found: list[float] = []
    for number, row in enumerate(rows, 2):
        if row.get(name) is None:
            names = ", ".join(k for k in row if k) or "none"
            raise UsageError.of(
                "E356", f"{file} has no column {name} in line {number}", hints=(f"its columns: {names}",)
            )
        try:
            found.append(float(row[name]))
        except ValueError as error:
            raise UsageError.of("E338", f"line {number} of {file}: {row[name]!r} is no number") from error
    if not found:
        raise UsageError.of("E328", f"{file} has no rows of data")
    return found
