"""What is wrong, by name: the entries, the blocks that they form, the likely cause."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy

from calcgrad.checking.deciding.chance import ALARM, Chance
from calcgrad.checking.deciding.gathering import Gathered, Gatherer
from calcgrad.checking.deciding.scales import Scales, Weighing
from calcgrad.checking.diagnosing import Diagnosis, Findings, findings, likely
from calcgrad.checking.diagnosing.evidence import Evidence, evidence_of
from calcgrad.checking.diagnosing.known import entries_of, known_of
from calcgrad.checking.diagnosing.outputs import by_output
from calcgrad.checking.diagnosing.patterns import patterns, runs_of
from calcgrad.checking.measuring.baseline import Trouble
from calcgrad.checking.measuring.claimed import MismatchError
from calcgrad.checking.measuring.evaluation import Evaluation
from calcgrad.checking.measuring.functionals import norm
from calcgrad.checking.measuring.subject import Claim, Subject
from calcgrad.phrases import figure, size
from calcgrad.report.claims import CheckReport, Likely, Witness

Array = Any
MOST_SHOWN = 100
_CONSTANT = (
    "the function's value does not change with any argument: does it use them, "
    "or return what an earlier call kept?"
)


def named(report: CheckReport, weighing: Weighing, scales: Scales) -> CheckReport:
    """The report of a wrong claim: where, what, why."""
    report = replace(report, verdict="wrong", notes=(*report.notes, *dict.fromkeys(weighing.notes)))
    if scales.options.quick:
        note = "quick: which entries are wrong was not looked for"
        return replace(report, wrong_complete=False, notes=(*report.notes, note))
    if not scales.options.locate:
        return replace(report, wrong_complete=False)
    if scales.functionals.caller.claim.kind == "jacobian":
        return by_output(report, weighing, scales)
    gathered = Gatherer(weighing, scales).gather()
    evidence = known_of(gathered, weighing, scales)
    diagnosed = findings(evidence) if scales.options.diagnose else Findings([])
    found = diagnosed.found
    evidence, complete = _completed(evidence, found, gathered, scales)
    entries = entries_of(evidence)
    if not numpy.nan_to_num(gathered.true).any() and numpy.isfinite(gathered.true).all():
        report = replace(report, notes=(*report.notes, _CONSTANT))
    report = replace(report, notes=(*report.notes, *_measure(evidence), *diagnosed.notes))
    return replace(
        report,
        wrong=tuple(entries[:MOST_SHOWN]),
        wrong_count=len(entries),
        wrong_complete=complete,
        patterns=tuple(pattern for leaf in evidence.leaves for pattern in patterns(leaf)),
        likely=likely(found),
        runs=tuple(runs_of(leaf) for leaf in evidence.leaves if leaf.wrong.any()),
    )


def _measure(evidence: Evidence) -> list[str]:
    """How far off the claim is, and to what it was resolved, both relative to the largest entry."""
    known = [(e, e.known) for e in evidence.leaves if e.known.any()]
    top = max((float(numpy.max(numpy.abs(e.true[k]))) for e, k in known), default=0.0)
    if not top:
        return []
    off = max(float(numpy.max(numpy.abs(e.claimed[k] - e.true[k]))) for e, k in known) / top
    resolved = max(float(numpy.max(e.bound[k])) for e, k in known) / top
    forgiven = next((f"1e-{d}" for d in (9, 8, 7, 6) if _is_within(evidence, 10.0**-d)), None)
    tail = f"; --rtol {forgiven} forgives it" if forgiven else ""
    return [f"off by up to {size(off)} of the largest entry, and {size(resolved, 1)} of it is resolved{tail}"]


def _is_within(evidence: Evidence, rtol: float) -> bool:
    """Is every known entry right to this share of itself or of its leaf's typical entry?"""
    for e in evidence.leaves:
        true = numpy.abs(e.true[e.known])
        typical = norm(true) / math.sqrt(max(true.size, 1))
        if bool(numpy.any(numpy.abs(e.claimed[e.known] - e.true[e.known]) > rtol * (true + typical))):
            return False
    return True


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


def by_chance(report: CheckReport, chance: Chance, trouble: Trouble) -> CheckReport:
    """The report of a loss that answers differently each time."""
    notes = [
        f"{trouble.note}: the mean of many difference quotients was tested, at noise of {size(chance.noise)} in the mean",
        f"a right claim is as far off as this one with a probability of {figure(chance.p, 2)}",
    ]
    wrong = chance.verdict == "wrong"
    if wrong:
        notes.append("which entries are wrong cannot be told from so much noise")
    elif chance.largest:
        notes.append(f"a single wrong entry would have been found from {size(chance.detectable)} on")
    if chance.verdict == "inconclusive" and chance.needed:
        notes.append(
            f"its largest entry is claimed to be {size(chance.largest)}: about {chance.needed} evaluations "
            f"(--max-evaluations) would find an error of a tenth of that, or --seed-call takes the noise away"
        )
    away = sum(mean.p < ALARM for mean in chance.means)
    said = f"{len(chance.means)} random directions, means of {chance.means[0].count} quotients: {away or 'none'} differ"
    return replace(
        report,
        verdict=chance.verdict,
        cause="nondeterministic" if chance.verdict == "inconclusive" else None,
        confidence=1.0 - chance.p if wrong else 1.0 - ALARM,
        detectable=None if wrong else chance.detectable,
        wrong_complete=not wrong,
        witnesses=(Witness("directional", "wrong" if wrong else "right", said),),
        notes=(*report.notes, *notes),
    )


def accumulated(report: CheckReport, trouble: Trouble) -> CheckReport:
    """A claim that grows with every call, as likely cause."""
    if trouble.accumulated is None:
        return report
    evidence = f"each call adds {figure(trouble.accumulated, 3)} times the first answer's largest entry"
    told = Likely(
        "accumulated", None, "the claim adds up over calls: an array is kept and not cleared", evidence
    )
    return replace(report, likely=(told,))
