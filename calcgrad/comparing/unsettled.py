"""Without a truth: whether the methods' numbers may have lost digits to rounding that all of them share, or one of them to a number
that left the doubles. What is unsettled is worth a look at the truth; most points are not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from calcgrad.comparing.nudged import nudged
from calcgrad.comparing.request import Reading
from calcgrad.comparing.rounding import Rounding
from calcgrad.errors import CalcgradError
from calcgrad.methods import facts
from calcgrad.report.derivatives import Result, Truth
from calcgrad.systems.base import NoClosedForm

#: The share of a derivative that rounding may take, or methods differ by, before it is unsettled.
SHARE = 1e-10
#: Of more derivatives the rounding is not measured one by one.
MOST = 20


def unsettled(
    reading: Reading,
    flat: Sequence[float],
    judged: Sequence[Truth],
    results: Sequence[Result],
    rounding: Callable[[int], Rounding | None],
) -> bool:
    """Whether a derivative on which the methods agree, or that one alone gives, may have fewer than ten right digits."""
    open_rows = [k for k, row in enumerate(judged) if row.verdict in ("agree", "unjudged")]
    columns = _columns(results, len(judged))
    if not open_rows or not columns:
        return False
    if any(_spread([column[k] for column in columns]) for k in open_rows):
        return True
    values = columns[-1]
    measured = open_rows if len(judged) <= MOST else []
    if reading.request.order > 1:
        return any(_worn(rounding(k), values[k]) for k in measured)
    outputs = len(reading.output_indices)
    given = [values[k : k + outputs] for k in range(0, len(values), outputs)]
    try:
        shaken = nudged(reading.function, flat, [i for (i,) in reading.wrts], given)
    except (CalcgradError, NoClosedForm):  # no tape, or no partial: the methods have said so
        return False
    return shaken.moved or (shaken.lost and any(_left(rounding(k)) for k in measured))


def _columns(results: Sequence[Result], width: int) -> list[list[float]]:
    """The derivatives as each exact method has them, of those that have them all."""
    rows = [results[k : k + width] for k in range(0, len(results), width)]
    exact = [row for row in rows if facts(row[0].method).exact and not facts(row[0].method).formula]
    return [[r.value for r in row if r.value is not None] for row in exact if _whole(row)]


def _whole(rows: Sequence[Result]) -> bool:
    return all(row.value is not None and row.status == "ok" for row in rows)


def _spread(values: Sequence[float]) -> bool:
    """Whether methods differ by more than the last digits."""
    return not max(values) - min(values) <= SHARE * max(map(abs, values))


def _worn(rounding: Rounding | None, value: float) -> bool:
    return rounding is not None and (rounding.left is not None or not rounding.unit <= SHARE * abs(value))


def _left(rounding: Rounding | None) -> bool:
    return rounding is not None and rounding.left is not None
