"""Several claims about one function: each on its own, and a jvp and a vjp against each other.

For every tangent v and cotangent u, ``u·(J v) = (Jᵀ u)·v``: the dot-product identity (the adjoint test of J. F. Claerbout,
*Earth Soundings Analysis*, 1992). It needs no derivative, so that it sees what a rough function
hides; but both may be wrong together.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy

from calcgrad.checking.measuring.baseline import value_at
from calcgrad.checking.measuring.calling import Caller
from calcgrad.checking.measuring.directions import SIGMAS, draw, sizes
from calcgrad.checking.measuring.evaluation import Evaluation, flat_point
from calcgrad.checking.measuring.functionals import SAFETY, norm
from calcgrad.checking.measuring.subject import Options, Subject
from calcgrad.phrases import size
from calcgrad.report.claims import CheckReport, Witness
from calcgrad.report.exits import EXIT_CODES, worst_exit_code

_PAIRS = 3


def together(subject: Subject, reports: list[CheckReport], options: Options) -> CheckReport:
    """One report of several: the gravest, with the notes of all and the identity between them as a witness."""
    code = worst_exit_code([EXIT_CODES[r.verdict] for r in reports])
    gravest = next(r for r in reports if EXIT_CODES[r.verdict] == code)
    notes = [f"{r.claim} ({r.kind}): {r.verdict}" + (f" ({r.cause})" if r.cause else "") for r in reports]
    report = replace(
        gravest,
        claim=", ".join(r.claim for r in reports),
        evaluations=sum(r.evaluations for r in reports),
        seconds=sum(r.seconds for r in reports),
        reused=sum(r.reused for r in reports),
        notes=(*notes, *(note for r in reports for note in r.notes)),
    )
    kinds = {claim.kind: claim for claim in subject.claims}
    if "jvp" not in kinds or "vjp" not in kinds or any(r.cause == "shape" for r in reports):
        return report
    witness = _identity(subject, options)
    report = replace(report, witnesses=(*report.witnesses, witness))
    if witness.says == "wrong" and report.verdict == "right":
        note = "the jvp and the vjp agree with the function's values, but not with each other"
        return replace(
            report, verdict="inconclusive", cause="witnesses-disagree", notes=(*report.notes, note)
        )
    return report


def _identity(subject: Subject, options: Options) -> Witness:
    """The dot-product identity in a few random pairs of directions."""
    leaves = subject.leaves()
    x = flat_point(subject, leaves)
    assert subject.f is not None
    evaluation = Evaluation(subject.f, subject.arguments, leaves, False, options.seed_call, options.seed)
    output = value_at(evaluation, x)
    callers: dict[str, Any] = {
        claim.kind: Caller(subject, claim, evaluation, x, output.shape) for claim in subject.claims
    }
    scales = sizes(x, leaves)
    apart = []
    for k in range(_PAIRS):
        v = draw([options.seed, 19, k], scales)
        u = draw([options.seed, 23, k], numpy.ones(output.size)).reshape(output.shape)
        tangent, noise = callers["jvp"].sampled(v)
        cotangent, other = callers["vjp"].sampled(u)
        bar = SIGMAS * SAFETY * (norm(u * noise) + norm(other * v))
        off = abs(float(numpy.sum(u * tangent)) - float(numpy.sum(cotangent * v)))
        apart += [off] if off > bar else []
    if apart:
        note = f"u·(Jv) and (Jᵀu)·v differ in {len(apart)} of {_PAIRS} pairs, by up to {size(max(apart))}"
        return Witness("dot-product", "wrong", note)
    return Witness("dot-product", "right", f"u·(Jv) = (Jᵀu)·v in {_PAIRS} random pairs")
