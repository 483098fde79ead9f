"""What is wrong, by name: the entries, the blocks that they form, the likely cause."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy

from calcgrad.checking.deciding.gathering import Gathered, Gatherer
from calcgrad.checking.deciding.weighing import Scales, Weighing
from calcgrad.checking.diagnosing import Diagnosis, findings, likely
from calcgrad.checking.diagnosing.evidence import Evidence, evidence_of
from calcgrad.checking.diagnosing.known import entries_of, known_of
from calcgrad.checking.diagnosing.outputs import by_output
from calcgrad.checking.diagnosing.patterns import patterns
from calcgrad.checking.measuring.baseline import Trouble
from calcgrad.checking.measuring.claimed import MismatchError
from calcgrad.checking.measuring.evaluation import Evaluation
from calcgrad.checking.measuring.subject import Claim, Subject
from calcgrad.report import CheckReport, Likely

Array = Any
MOST_SHOWN = 100
_CONSTANT = (
    "the function's value does not change with any argument: does it use them, "
    "or return what an earlier call kept?"
)


def named(report: CheckReport, weighing: Weighing, scales: Scales) -> CheckReport:
    """The report of a wrong claim: where, what, why."""
    report = replace(report, verdict="wrong", notes=(*report.notes, *dict.fromkeys(weighing.notes)))
    if not scales.options.locate:
        return replace(report, wrong_complete=False)
    if scales.functionals.caller.claim.kind == "jacobian":
        return by_output(report, weighing, scales)
    gathered = Gatherer(weighing, scales).gather()
    evidence = known_of(gathered, weighing, scales)
    found = findings(evidence) if scales.options.diagnose else []
    evidence, complete = _completed(evidence, found, gathered, scales)
    entries = entries_of(evidence)
    if not numpy.nan_to_num(gathered.true).any() and numpy.isfinite(gathered.true).all():
        report = replace(report, notes=(*report.notes, _CONSTANT))
    return replace(
        report,
        wrong=tuple(entries[:MOST_SHOWN]),
        wrong_count=len(entries),
        wrong_complete=complete,
        patterns=tuple(pattern for leaf in evidence.leaves for pattern in patterns(leaf)),
        likely=likely(found),
    )


def _completed(
    evidence: Evidence, found: list[Diagnosis], gathered: Gathered, scales: Scales
) -> tuple[Evidence, bool]:
    """The truth filled in by a diagnosis that explains all that is known and all that was measured."""
    if gathered.complete:
        return evidence, True
    if len(evidence.wrong) != 1 or evidence.confirmed is None:
        return evidence, False
    for finding in found:
        if finding.corrected is None or finding.leaf.whole:
            continue
        flat = evidence.with_leaf(finding.leaf, finding.corrected)
        if not evidence.confirmed(flat):
            continue
        known = numpy.isfinite(gathered.true)
        true = numpy.where(known, gathered.true, flat)
        bound = numpy.where(known, gathered.bound, 1e-6 * numpy.abs(flat))
        filled = evidence_of(scales.leaves, scales.oracle.x, gathered.claimed, true, bound)
        return filled, True
    return evidence, False


def mismatched(
    report: CheckReport,
    error: MismatchError,
    subject: Subject,
    evaluation: Evaluation,
    claim: Claim,
    x: Array,
) -> CheckReport:
    """The report of a claim of another form."""
    return replace(report, verdict="wrong", cause=error.cause, notes=(error.note,))


def accumulated(report: CheckReport, trouble: Trouble) -> CheckReport:
    """A claim that grows with every call, as likely cause."""
    if trouble.accumulated is None:
        return report
    evidence = f"each call adds {trouble.accumulated:.3g} times the first answer's largest entry"
    told = Likely(
        "accumulated", None, "the claim adds up over calls: an array is kept and not cleared", evidence
    )
    return replace(report, likely=(told,))
