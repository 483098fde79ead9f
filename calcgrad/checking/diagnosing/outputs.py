"""A wrong Jacobian, output by output: which rows are wrong, and in which of their entries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy

from calcgrad.checking.deciding.deciding import Look, look
from calcgrad.checking.deciding.gathering import Gatherer
from calcgrad.checking.deciding.weighing import Scales, Weighing
from calcgrad.checking.diagnosing import Diagnosis, findings, likely
from calcgrad.checking.diagnosing.known import entries_of, known_of
from calcgrad.checking.measuring.deadline import SpentError
from calcgrad.report import CheckReport, Likely, WrongEntry

Array = Any
#: So many outputs are looked into.
_MOST = 12
MOST_SHOWN = 100


def by_output(report: CheckReport, weighing: Weighing, scales: Scales) -> CheckReport:
    """The report of a wrong Jacobian. The index of an entry is that of the output, then that of the argument."""
    first = max(weighing.differs() or weighing.looks, key=lambda e: abs(e.residual) / max(e.bar, 1e-300))
    entries: list[WrongEntry] = []
    found: list[Diagnosis] = []
    complete, looked = True, 0
    try:
        for output in _outputs(scales):
            each = _row(scales, first, output)
            if each.state != "differs":
                continue
            looked += 1
            if looked > _MOST:
                complete = False
                break
            gathered = Gatherer(weighing, scales, each).gather()
            evidence = known_of(gathered, weighing, scales)
            entries += entries_of(evidence, output)
            found += findings(evidence) if scales.options.diagnose else []
            complete = complete and gathered.complete
    except SpentError:
        complete = False
    entries.sort(key=lambda entry: -abs(entry.claimed - entry.true))
    return replace(
        report,
        wrong=tuple(entries[:MOST_SHOWN]),
        wrong_count=len(entries),
        wrong_complete=complete,
        likely=_in_all(found, looked, scales),
    )


def _outputs(scales: Scales) -> list[tuple[int, ...]]:
    return [tuple(int(i) for i in index) for index in numpy.ndindex(scales.functionals.output.shape)]


def _row(scales: Scales, first: Look, output: tuple[int, ...]) -> Look:
    """One output along the direction that differed: its values are known already."""
    weights = numpy.zeros(scales.functionals.output.shape)
    weights[output] = 1.0
    return look(scales.functionals.weighted(weights), scales.oracle, first.v)


def _in_all(found: list[Diagnosis], outputs: int, scales: Scales) -> tuple[Likely, ...]:
    """What holds in every wrong output."""
    told = likely(found)
    everywhere = {each.cause for each in told}
    for cause in list(everywhere):
        leaves_of = [finding for finding in found if finding.cause == cause]
        if len(leaves_of) < outputs:
            everywhere.discard(cause)
    return tuple(each for each in told if each.cause in everywhere)
