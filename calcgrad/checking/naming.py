"""What is wrong, by name: the entries, the blocks that they form, the likely cause."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy

from calcgrad.checking.baseline import Trouble
from calcgrad.checking.claimed import MismatchError
from calcgrad.checking.deciding import Look
from calcgrad.checking.diagnosing import Finding, findings, likely
from calcgrad.checking.evaluation import Evaluation
from calcgrad.checking.evidence import Evidence, evidence_of
from calcgrad.checking.gathering import Gathered, Gatherer
from calcgrad.checking.patterns import patterns
from calcgrad.checking.subject import Claim, Subject
from calcgrad.checking.traced import loss_of
from calcgrad.checking.trees import leaves as tree_leaves
from calcgrad.checking.weighing import Scales, Weighing
from calcgrad.report import CheckReport, Likely, WrongEntry

Array = Any
MOST_SHOWN = 100


def named(report: CheckReport, weighing: Weighing, scales: Scales) -> CheckReport:
    """The report of a wrong claim: where, what, why."""
    report = replace(report, verdict="wrong", notes=(*report.notes, *dict.fromkeys(weighing.notes)))
    if not scales.options.locate:
        return replace(report, wrong_complete=False)
    gathered = Gatherer(weighing, scales).gather()
    evidence = _evidence(gathered, weighing, scales)
    found = findings(evidence) if scales.options.diagnose else []
    evidence, complete = _completed(evidence, found, gathered, scales)
    entries = _entries(evidence)
    return replace(
        report,
        wrong=tuple(entries[:MOST_SHOWN]),
        wrong_count=len(entries),
        wrong_complete=complete,
        patterns=tuple(pattern for leaf in evidence.leaves for pattern in patterns(leaf)),
        likely=likely(found),
    )


def _evidence(gathered: Gathered, weighing: Weighing, scales: Scales) -> Evidence:
    looks = [
        each
        for each in (*weighing.looks, *weighing.own)
        if each.functional is gathered.functional and each.trouble is None
    ]

    def confirmed(corrected: Array) -> bool:
        return all(_agrees(each, corrected) for each in looks)

    return evidence_of(
        scales.leaves,
        scales.oracle.x,
        gathered.claimed,
        gathered.true,
        gathered.bound,
        confirmed,
        _dimensions(scales),
        loss_of(scales.oracle.evaluation) if weighing.traced is not None else None,
    )


def _agrees(each: Look, corrected: Array) -> bool:
    """Whether a corrected claim is right along a direction; a correction is known to some 1e-9 of what it corrects."""
    off = abs(float(numpy.sum(corrected * each.v)) - float(each.estimate.value))
    return off <= each.bar + 1e-7 * abs(each.residual)


def _dimensions(scales: Scales) -> tuple[tuple[int, str], ...]:
    """The lengths and the sizes of all arguments, data included."""
    found: dict[int, str] = {}
    for name, tree in scales.oracle.evaluation.arguments.items():
        for path, value in tree_leaves(tree, name):
            shape = getattr(value, "shape", ())
            for axis, length in enumerate(shape):
                found.setdefault(length, f"the length of {path} along axis {axis}")
            if len(shape) > 1:
                found.setdefault(int(numpy.size(value)), f"the size of {path}")
    return tuple(found.items())


def _completed(
    evidence: Evidence, found: list[Finding], gathered: Gathered, scales: Scales
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


def _entries(evidence: Evidence) -> list[WrongEntry]:
    """The wrong entries, the worst first."""
    found = []
    for e in evidence.leaves:
        for index in numpy.argwhere(e.wrong):
            at = tuple(int(i) for i in index)
            found.append(WrongEntry(e.path, at, float(e.claimed[at]), float(e.true[at]), float(e.bound[at])))
    return sorted(found, key=lambda entry: -abs(entry.claimed - entry.true))


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
