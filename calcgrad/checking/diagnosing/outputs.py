"""A wrong Jacobian, output by output: which rows are wrong, and in which of their entries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy

from calcgrad.checking.deciding.deciding import Look, look
from calcgrad.checking.deciding.gathering import Gatherer
from calcgrad.checking.deciding.scales import Scales, Weighing
from calcgrad.checking.diagnosing import Diagnosis, findings, likely
from calcgrad.checking.diagnosing.arrangements import transposed
from calcgrad.checking.diagnosing.correcting import Budget
from calcgrad.checking.diagnosing.corrections import corrected_source
from calcgrad.checking.diagnosing.evidence import Evidence, LeafEvidence
from calcgrad.checking.diagnosing.known import entries_of, known_of, known_of_all_outputs
from calcgrad.checking.measuring.deadline import SpentError
from calcgrad.checking.measuring.directions import SIGMAS, draw
from calcgrad.checking.measuring.subject import Leaf
from calcgrad.report.claims import CheckReport, Likely, WrongEntry

Array = Any
#: So many outputs are looked into.
_MOST = 12
MOST_SHOWN = 100


def by_output(report: CheckReport, weighing: Weighing, scales: Scales) -> CheckReport:
    """The report of a wrong Jacobian. The index of an entry is that of the output, then that of the argument."""
    first = max(weighing.differs() or weighing.looks, key=lambda e: abs(e.residual) / max(e.bar, 1e-300))
    entries: list[WrongEntry] = []
    found: list[Diagnosis] = []
    notes: list[str] = []
    complete, looked = True, 0
    matrix = _Matrix(scales)
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
            matrix.put(output, evidence)
            if scales.options.diagnose:
                diagnosed = findings(evidence)
                found += diagnosed.found
                notes += diagnosed.notes
            complete = complete and gathered.complete
    except SpentError:
        complete = False
    entries.sort(key=lambda entry: -abs(entry.claimed - entry.true))
    known = complete and scales.options.diagnose
    return replace(
        report,
        wrong=tuple(entries[:MOST_SHOWN]),
        wrong_count=len(entries),
        wrong_complete=complete,
        likely=(*matrix.corrected(known), *matrix.likely(known), *_in_all(found, looked, scales)),
        notes=(*report.notes, *dict.fromkeys(notes)),
    )


class _Matrix:
    """The Jacobian as one array, for what shows in all of it alone: a row says little of a matrix that is its transpose."""

    def __init__(self, scales: Scales) -> None:
        self._scales = scales
        self._rows: dict[tuple[int, ...], Evidence] = {}

    def put(self, output: tuple[int, ...], evidence: Evidence) -> None:
        """What is known of one wrong row."""
        self._rows[output] = evidence

    def likely(self, known: bool) -> tuple[Likely, ...]:
        """The transpose, where all of the matrix is known."""
        shape, leaves = self._scales.functionals.output.shape, self._scales.leaves
        if not known or len(shape) != 1 or len(leaves) != 1 or len(self._rows) < 2:
            return ()
        found = transposed(self._whole(shape[0], leaves[0]), next(iter(self._rows.values())))
        return () if found is None else (Likely(found.cause, leaves[0].path, found.detail, found.evidence),)

    def corrected(self, known: bool) -> tuple[Likely, ...]:
        """The one change of its source that makes all of it true: seen in the sum of the outputs, each with a weight of its own."""
        if not known or not self._rows:
            return ()
        scales = self._scales
        weights = draw([scales.options.seed, 43], numpy.ones(scales.functionals.output.size))
        of = scales.functionals.weighted(weights.reshape(scales.functionals.output.shape))
        assert of.vector is not None
        assert of.noise is not None
        assert of.weights is not None
        true, bound = of.vector.copy(), SIGMAS * of.noise
        for output, evidence in self._rows.items():
            weight = float(of.weights[output])
            for e in evidence.leaves:
                here = slice(e.leaf.start, e.leaf.stop)
                true[here] += weight * numpy.where(e.known, e.true - e.claimed, 0.0).ravel()
                bound[here] += abs(weight) * numpy.where(e.known, e.bound, 0.0).ravel()
        try:
            return likely(
                corrected_source(known_of_all_outputs(of.vector, true, bound, of, scales), Budget())
            )
        except SpentError:
            return ()

    def _whole(self, rows: int, leaf: Leaf) -> LeafEvidence:
        claimed, true, bound, wrong = (numpy.zeros((rows, leaf.size)) for _ in range(4))
        for i in range(rows):
            if (i,) in self._rows:
                (e,) = self._rows[(i,)].leaves
                claimed[i], true[i], bound[i], wrong[i] = (
                    part.ravel() for part in (e.claimed, e.true, e.bound, e.wrong)
                )
            else:
                weights = numpy.zeros(rows)
                weights[i] = 1.0
                vector = self._scales.functionals.weighted(weights).vector
                claimed[i] = true[i] = numpy.nan if vector is None else vector
        whole = Leaf(f"the Jacobian by {leaf.path}", claimed.shape, leaf.dtype, 0, claimed.size)
        return LeafEvidence(whole, claimed, true, bound, numpy.ones_like(claimed), wrong > 0.0)


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
