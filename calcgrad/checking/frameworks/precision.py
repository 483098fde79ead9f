"""A claim in a coarse number format, judged in a fine one: the formula in double, then how far the coarse answer is from it.

In bfloat16 a gradient is known to two digits, and a formula that is wrong by 1 % looks right. Where function and claim can
be called in doubles, at the very point, they are: that settles the formula. The coarse claim is then held against the fine
one, entry by entry.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy

from calcgrad.checking.frameworks.arrays import COARSE
from calcgrad.checking.frameworks.coarse import MOST, judged, measured
from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.baseline import value_at
from calcgrad.checking.measuring.calling import EPS, Caller
from calcgrad.checking.measuring.claimed import MismatchError
from calcgrad.checking.measuring.directions import draw, sizes
from calcgrad.checking.measuring.evaluation import Evaluation, Raised, flat_point
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.errors import CalcgradError
from calcgrad.phrases import size
from calcgrad.report.claims import CheckReport, WrongEntry

Array = Any
#: Values in a coarse and a fine format that differ by more than this share are those of two functions.
_LOOSE = {"float32": 2.0**-12, "float16": 2.0**-4, "bfloat16": 2.0**-3}
#: An entry differs where it is off by so many times its measured rounding.
_ROUNDINGS = 16.0
#: A claim in double that is off by no more than this share of its largest entry was computed in single precision.
_SINGLE = 1e-5
_MOST_SHOWN = 100
#: Causes for which a coarse format may be to blame.
_UNDECIDED = ("low-precision", "noise")
#: So many random weights of the outputs are tried in both formats.
_TRIED = 2
#: In coarse formats a direction says little, and so many are looked along.
_DIRECTIONS = 6
_WORDS = {"float64": "double"}


def check(subject: Subject, options: Options | None = None) -> CheckReport:
    """Whether the claims hold; like ``check_subject``, and for coarse formats in a fine one too."""
    options = options or Options()
    if _coarsest(subject) is not None and not options.quick:
        options = replace(options, directions=max(options.directions, _DIRECTIONS))
    alone = _is_alone(subject, options)
    if alone:
        options = replace(options, workers=1)
    report = _checked(subject, options)
    said = [*subject.handover.said()] if subject.handover else []
    said += ["jax does not work in forked processes: one process evaluated the function"] if alone else []
    return replace(report, notes=(*report.notes, *said))


def _is_alone(subject: Subject, options: Options) -> bool:
    """Whether workers are asked for that the framework does not allow: jax's threads do not live on in a forked process."""
    return options.workers > 1 and subject.handover is not None and subject.handover.framework == "jax"


def _checked(subject: Subject, options: Options) -> CheckReport:
    handover = subject.handover
    coarse = _coarsest(subject)
    if handover is None or coarse is None:
        return check_subject(subject, options)
    for fine in _finer(coarse):
        lifted = handover.lifted(fine)
        if not _same_function(subject, lifted, coarse, options):
            continue
        try:
            report = check_subject(lifted, options)
        except CalcgradError:
            continue  # the claim cannot be called so
        if report.verdict == "inconclusive" and report.cause != "kink":
            continue
        return _judged(subject, lifted, report, (coarse, fine), options)
    report = check_subject(subject, options)
    return _entry_by_entry(subject, report, options) if report.cause in _UNDECIDED else report


def _entry_by_entry(subject: Subject, report: CheckReport, options: Options) -> CheckReport:
    """A report that random directions could not decide, by moving every entry alone."""
    leaves, claim = subject.leaves(), subject.claims[0]
    x = flat_point(subject, leaves)
    if len(subject.claims) > 1 or claim.kind not in ("gradient", "vjp") or len(x) > MOST:
        return report
    evaluation = _evaluation(subject, options)
    shape = value_at(evaluation, x).shape
    u = _direction(claim, subject, x, shape, [options.seed, 43])
    claimed = Caller(subject, claim, evaluation, x, shape)(x, u)
    found = measured(evaluation, x, numpy.ones(shape) if u is None else u)
    return judged(
        report, found, claimed, evaluation, lambda i: next(e for e in leaves if e.start <= i < e.stop)
    )


def _coarsest(subject: Subject) -> str | None:
    formats = subject.handover.formats.values() if subject.handover else ()
    return next((name for name in COARSE if name in formats), None)


def _finer(coarse: str) -> tuple[str, ...]:
    return ("float64",) if coarse == "float32" else ("float64", "float32")


def _evaluation(subject: Subject, options: Options) -> Evaluation:
    assert subject.f is not None
    return Evaluation(subject.f, subject.arguments, subject.leaves(), False, options.seed_call, options.seed)


def _same_function(subject: Subject, lifted: Subject, coarse: str, options: Options) -> bool:
    """Whether the function can be called in the fine format, and says the same as in the coarse one."""
    x = flat_point(subject, subject.leaves())
    coarse = _seen(subject, x, options) or coarse
    here, there = (_evaluation(each, options)(x.copy()) for each in (subject, lifted))
    if isinstance(here, Raised) or isinstance(there, Raised) or here.shape != there.shape:
        return False
    if not numpy.isfinite(there).all():
        return False
    size = float(numpy.max(numpy.abs(there), initial=1e-300))
    return not float(numpy.max(numpy.abs(there - here), initial=0.0)) > _LOOSE[coarse] * size


def _seen(subject: Subject, x: Array, options: Options) -> str | None:
    """The coarsest format of a step of a gradient; under autocast it is coarser than any argument's."""
    claim = subject.claims[0]
    if claim.coarsest is None or claim.kind not in ("gradient", "value_and_grad", "vjp"):
        return None
    values = _evaluation(subject, options).values(x.copy())
    assert subject.f is not None
    found = claim.coarsest(
        *values, *([numpy.ones(numpy.shape(subject.f(*values)))] if claim.kind == "vjp" else [])
    )
    return found if found in _LOOSE else None


def _judged(
    subject: Subject, lifted: Subject, report: CheckReport, names: tuple[str, str], options: Options
) -> CheckReport:
    coarse, fine = names[0], _WORDS.get(names[1], names[1])
    if report.verdict == "wrong":
        if _is_single(report):
            own = check_subject(subject, options)
            if own.verdict == "right":
                note = f"in {fine} the claim is off by less than {size(_SINGLE, 1)}: a part of it computes in single precision"
                return replace(own, notes=(*own.notes, note))
        note = f"the function and the claim were called in {fine}, at the {coarse} point"
        return replace(report, notes=(*report.notes, note))
    off = 0.0
    wrong: list[WrongEntry] = []
    for claim, same in zip(subject.claims, lifted.claims, strict=True):
        try:
            share, entries = _apart(subject, claim, lifted, same, options)
        except MismatchError as error:
            note = f"in {fine} the claim has the right form, in {coarse} not: {error.note}"
            return replace(report, verdict="wrong", cause=error.cause, notes=(*report.notes, note))
        off, wrong = max(off, share), wrong or entries
    if wrong:
        note = f"in {fine} the same claim is {report.verdict}; in {coarse} it differs from that by more than rounding"
        return replace(
            report, verdict="wrong", wrong=tuple(wrong[:_MOST_SHOWN]), wrong_count=len(wrong), cause=None,
            wrong_complete=True, notes=(note,),
        )  # fmt: skip
    note = f"in {coarse} the claim is within {size(off)} of its largest entry of what it is in {fine}"
    note += "" if report.verdict != "right" else f", and in {fine} it is right"
    return replace(report, notes=(note, *report.notes))


def _is_single(report: CheckReport) -> bool:
    """Whether all that is wrong is as small as the rounding of single precision."""
    if not report.wrong or not report.wrong_complete or report.wrong_count > len(report.wrong):
        return False
    largest = max(max(abs(e.true), abs(e.claimed)) for e in report.wrong)
    return all(abs(e.claimed - e.true) <= _SINGLE * largest for e in report.wrong)


def _apart(
    subject: Subject, claim: Claim, lifted: Subject, same: Claim, options: Options
) -> tuple[float, list[WrongEntry]]:
    """How far the claim in both formats is apart, as a share of its largest entry; the entries that rounding does not explain."""
    x = flat_point(subject, subject.leaves())
    evaluations = [_evaluation(each, options) for each in (subject, lifted)]
    shape = value_at(evaluations[1], x).shape
    callers = [
        Caller(each, one, evaluation, x, shape)
        for each, one, evaluation in zip((subject, lifted), (claim, same), evaluations, strict=True)
    ]
    share = 0.0
    wrong: list[WrongEntry] = []
    for k in range(1 if claim.kind in ("gradient", "value_and_grad", "jacobian") else _TRIED):
        direction = _direction(claim, subject, x, shape, [options.seed, 37, k])
        (here, noise), (there, own) = (caller.sampled(direction) for caller in callers)
        largest = float(numpy.max(numpy.abs(there), initial=0.0))
        apart = numpy.abs(here - there)
        if largest:
            share = max(share, float(numpy.max(apart)) / largest)
        if claim.kind in ("gradient", "value_and_grad", "vjp") and not wrong:
            allowed = _allowed(noise + own, there, subject)
            wrong = _entries(subject, here, there, allowed, apart > allowed)
    return share, wrong


def _direction(
    claim: Claim, subject: Subject, x: Array, shape: tuple[int, ...], seed: list[int]
) -> Array | None:
    """A direction that both formats hold exactly: a few bits are enough."""
    if claim.kind in ("jvp", "hvp"):
        return _short(draw(seed, sizes(x, subject.leaves())))
    if claim.kind == "vjp":
        count = int(numpy.prod(shape))
        return _short(draw(seed, numpy.ones(count))).reshape(shape)
    return None


def _short(values: Array) -> Array:
    mantissa, exponent = numpy.frexp(values)
    return numpy.ldexp(numpy.round(mantissa * 16.0) / 16.0, exponent)


def _allowed(rounding: Array, true: Array, subject: Subject) -> Array:
    """What rounding explains: as measured, and that of the leaf's typical entry."""
    allowed = _ROUNDINGS * rounding
    for leaf in subject.leaves():
        here = slice(leaf.start, leaf.stop)
        typical = float(numpy.sqrt(numpy.mean(true[here] ** 2))) if leaf.size else 0.0
        noisy = float(numpy.sqrt(numpy.mean(rounding[here] ** 2))) if leaf.size else 0.0
        allowed[here] += _ROUNDINGS * (4.0 * EPS[leaf.dtype] * typical + noisy)
    return allowed


def _entries(subject: Subject, claimed: Array, true: Array, allowed: Array, wrong: Array) -> list[WrongEntry]:
    found = []
    for i in numpy.flatnonzero(wrong):
        leaf = next(leaf for leaf in subject.leaves() if leaf.start <= i < leaf.stop)
        found.append(
            WrongEntry(leaf.path, leaf.index(int(i)), float(claimed[i]), float(true[i]), float(allowed[i]))
        )
    return sorted(found, key=lambda entry: -abs(entry.claimed - entry.true))
