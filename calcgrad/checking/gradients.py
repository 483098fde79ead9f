"""The gradient checker: one claim at one point, from the first call to the report."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy

from calcgrad.checking.deciding import nearby
from calcgrad.checking.deciding.chance import by_chance
from calcgrad.checking.deciding.pairing import together
from calcgrad.checking.deciding.scales import Scales, Weighing
from calcgrad.checking.deciding.weighing import weigh
from calcgrad.checking.diagnosing import naming
from calcgrad.checking.diagnosing.surroundings import written_into
from calcgrad.checking.measuring import baseline
from calcgrad.checking.measuring.baseline import Trouble
from calcgrad.checking.measuring.calling import Caller
from calcgrad.checking.measuring.claimed import MismatchError
from calcgrad.checking.measuring.deadline import SpentError, deadline
from calcgrad.checking.measuring.directions import draw, sizes
from calcgrad.checking.measuring.evaluation import Evaluation, Raised, ValueOf, flat_point
from calcgrad.checking.measuring.executors import runner_for
from calcgrad.checking.measuring.functionals import Functionals
from calcgrad.checking.measuring.identity import identity
from calcgrad.checking.measuring.journal import Journal
from calcgrad.checking.measuring.oracle import Oracle, StaleError
from calcgrad.checking.measuring.subject import MOST_WORKERS, Claim, Options, Subject
from calcgrad.checking.measuring.taylor import taylor
from calcgrad.checking.measuring.traced import Gradient, traced_gradient
from calcgrad.errors import CalcgradError, UsageError
from calcgrad.phrases import size
from calcgrad.report.claims import CheckReport

Array = Any
_STALE = (
    "an evaluation of the journal, made again, had another value: what the function depends on has changed, "
    "and the check began anew"
)
_SCALAR = ("gradient", "value_and_grad", "hvp")


def check_subject(subject: Subject, options: Options | None = None) -> CheckReport:
    """Whether the claims hold for a function at a point: the one entry to the checker.

    Raises ``UsageError`` (E380 an exception of the user's code, E381 not scalar, E383 and E384 arguments that are not there or
    hold no numbers, E314 a point that is not finite) and ``UndefinedError`` (E382 a value that is not finite). All else is in
    the report.

    >>> import numpy as np
    >>> loss, claim = (lambda w: float(w @ w)), Claim(lambda w: 2 * w)
    >>> check_subject(Subject(loss, (claim,), {"w": np.array([1.0, 2.0])})).verdict
    'right'
    """
    options = options or Options()
    if options.rtol < 0.0 or options.directions < 1:
        raise UsageError.of("E378", "rtol is 0 or more, and directions are 1 or more")
    if options.workers > MOST_WORKERS:
        raise UsageError.of("E378", f"workers are at most {MOST_WORKERS}, not {options.workers}")
    with deadline(options.max_seconds):
        reports = [_checked(subject, claim, options) for claim in subject.claims]
        return reports[0] if len(reports) == 1 else together(subject, reports, options)


@dataclass(frozen=True, slots=True)
class Opened:
    """A claim made ready to be checked. ``report`` is the frame that findings are put into.

    ``started`` is when the check began, ``seconds_a_call`` what a call of the function took then.
    """

    subject: Subject
    claim: Claim
    options: Options
    evaluation: Evaluation
    x: Array
    size: Array
    report: CheckReport
    depth: int
    started: float
    seconds_a_call: float = 0.0


def _checked(subject: Subject, claim: Claim, options: Options, depth: int = 0) -> CheckReport:
    started = perf_counter()
    f = subject.f
    if f is None:
        if claim.kind != "value_and_grad":
            raise UsageError.of("E376", "there is no function to check the claim against")
        f = ValueOf(claim.call)
    leaves = subject.leaves()
    x = flat_point(subject, leaves)
    evaluation = Evaluation(f, subject.arguments, leaves, False, options.seed_call, options.seed)
    report = CheckReport(subject.target, claim.name, subject.at(), "inconclusive", kind=claim.kind)
    opened = Opened(subject, claim, options, evaluation, x, sizes(x, leaves), report, depth, started)
    _finite_point(opened)
    try:
        return _judged(opened)
    except SpentError:
        limit = options.max_seconds
        note = "the budget ran out before anything was known"
        if limit is not None:
            note = f"a call of the function or the claim had not ended when the time was up ({limit:g} s)"
        return replace(report, cause="budget", notes=(note,), seconds=limit or 0.0)


def _finite_point(opened: Opened) -> None:
    if not numpy.isfinite(opened.x).all():
        i = int(numpy.argwhere(~numpy.isfinite(opened.x))[0][0])
        leaf = next(leaf for leaf in opened.evaluation.leaves if leaf.start <= i < leaf.stop)
        index = leaf.index(i)
        place = leaf.path + (str(list(index)) if index else "")
        raise UsageError.of("E314", f"the point is {opened.x[i]} in {place}")


def _judged(opened: Opened) -> CheckReport:
    """The first calls, then the weighing, then the naming of what is wrong."""
    x, claim = opened.x, opened.claim
    value = (baseline.scalar_value if claim.kind in _SCALAR else baseline.value_at)(opened.evaluation, x)
    before = perf_counter()
    repeated = baseline.repeated(opened.evaluation, x, value)
    opened = replace(opened, seconds_a_call=perf_counter() - before)
    if isinstance(repeated, Trouble):
        repeated = _explained(opened, repeated)
        return _by_chance(opened, value, repeated) or _troubled(opened, repeated)
    trouble = baseline.changed_argument(opened.subject, opened.evaluation, claim, x)
    if trouble is not None:
        return _troubled(opened, trouble)
    notes = [repeated] if repeated else []
    caller = Caller(opened.subject, claim, opened.evaluation, x, value.shape)
    try:
        trouble = baseline.stateful(caller, opened.evaluation, x, value, _direction(opened, value))
    except MismatchError as error:
        return naming.mismatched(opened.report, error, opened.subject, opened.evaluation, claim, x)
    if trouble is not None:
        return _troubled(opened, trouble)
    evaluation, value, note = _promoted(opened, value)
    notes += [note] if note else []
    opened = replace(opened, evaluation=evaluation)
    try:
        return _measured(opened, caller, value, notes)
    except StaleError as stale:
        anew = replace(opened, options=replace(opened.options, resume=False))
        return _measured(anew, caller, value, [*notes, _STALE], stale.evaluations)


def _measured(opened: Opened, caller: Caller, value: Array, notes: list[str], spent: int = 0) -> CheckReport:
    """The weighing, with what runs the function and writes its answers down; ``spent`` evaluations were made before."""
    oracle = _oracle(opened, value)
    oracle.evaluations = spent
    try:
        report = _weighed(opened, oracle, caller, value, [*notes, *oracle.journal.notes])
        return replace(report, notes=(*report.notes, *oracle.journal.told))
    finally:
        oracle.runner.close()
        oracle.journal.close()


def _explained(opened: Opened, trouble: Trouble) -> Trouble:
    """A function that answers differently because it writes into an array that it reads: which one."""
    evaluation = opened.evaluation
    function = evaluation.f.pair if isinstance(evaluation.f, ValueOf) else evaluation.f
    name = written_into(function, lambda: evaluation(opened.x.copy()))
    if name is None:
        return trouble
    return Trouble(
        "state",
        f"each call of the function writes into {name}, on which its value depends: write into a copy",
    )


def _by_chance(opened: Opened, value: Array, trouble: Trouble) -> CheckReport | None:
    """A loss that answers differently each time, by the mean of many difference quotients; ``None`` where there is none."""
    claim, options = opened.claim, opened.options
    if claim.kind not in ("gradient", "value_and_grad") or trouble.cause != "nondeterministic":
        return None
    caller = Caller(opened.subject, claim, opened.evaluation, opened.x, value.shape)
    functionals = Functionals(caller, value, opened.size, options)
    try:
        if not numpy.array_equal(caller(opened.x), caller(opened.x)):
            return None
        functional = functionals.of(0)
    except (CalcgradError, MismatchError):
        return None
    oracle = _oracle(opened, value)
    try:
        chance = by_chance(oracle, functional, opened.size, options.seed)
    finally:
        oracle.runner.close()
        oracle.journal.close()
    report = replace(
        opened.report, evaluations=oracle.evaluations, seconds=oracle.seconds, entries=len(opened.x)
    )
    return None if chance is None else naming.by_chance(report, chance, trouble)


def _direction(opened: Opened, value: Array) -> Array | None:
    """The direction of the first calls, for claims that take one."""
    if opened.claim.kind in ("jvp", "hvp"):
        return draw([opened.options.seed, 13], opened.size)
    if opened.claim.kind == "vjp":
        return draw([opened.options.seed, 13], numpy.ones(value.size)).reshape(value.shape)
    return None


def _troubled(opened: Opened, trouble: Trouble) -> CheckReport:
    report = replace(opened.report, cause=trouble.cause, notes=(trouble.note,))
    return naming.accumulated(report, trouble)


def _promoted(opened: Opened, value: Array) -> tuple[Evaluation, Array, str | None]:
    """Single-precision arguments as doubles, where the function then computes in double precision and says the same."""
    plain = opened.evaluation
    small = {leaf.dtype for leaf in plain.leaves} & {"float32", "float16"}
    if not small or opened.subject.handover is not None:
        return plain, value, None
    tried = replace(plain, promoted=True)
    found = tried(opened.x.copy())
    if isinstance(found, Raised):
        return plain, value, None
    loose = 2.0**-12 if small == {"float32"} else 2.0**-4
    if found.dtype != numpy.float64 or found.shape != value.shape or not numpy.isfinite(found).all():
        return plain, value, None
    if float(numpy.max(numpy.abs(found - value))) > loose * float(
        numpy.max(numpy.abs(found), initial=1e-300)
    ):
        return plain, value, None
    name = " and ".join(sorted(small))
    return tried, found, f"the function was evaluated in double precision, at the {name} point"


def _oracle(opened: Opened, value: Array) -> Oracle:
    options, evaluation = opened.options, opened.evaluation
    later = opened.depth > 0
    journal = Journal(options.journal, _digest(opened, value), options.resume, later, value)
    try:
        runner = runner_for(evaluation, options)
    except BaseException:
        journal.close()
        raise
    clock = opened.started, opened.seconds_a_call
    return Oracle(evaluation, opened.x, options, runner, journal, value, *clock)


def _digest(opened: Opened, value: Array) -> str:
    """What a journal's results belong to: the function with all that it reads, the arguments, and the value there."""
    evaluation = opened.evaluation
    shapes = json.dumps([opened.subject.target, [(x.path, x.shape, x.dtype) for x in evaluation.leaves]])
    more = (shapes, evaluation.promoted, evaluation.seed, opened.x, numpy.asarray(value))
    return identity(evaluation.f, evaluation.arguments, *more)


def _weighed(opened: Opened, oracle: Oracle, caller: Caller, value: Array, notes: list[str]) -> CheckReport:
    options = opened.options
    functionals = Functionals(caller, value, opened.size, options)
    traced: Gradient | str | None = None
    follow = options.trace and opened.subject.handover is None
    if follow and opened.claim.kind in ("gradient", "value_and_grad"):
        traced = traced_gradient(opened.evaluation, opened.x, value)
        trouble = baseline.traces_left(opened.evaluation, opened.x)
        if trouble is not None:
            return _troubled(opened, trouble)
    scales = Scales(oracle, functionals, opened.evaluation.leaves, opened.size, options)
    weighing = weigh(scales, traced)
    report = replace(opened.report, notes=tuple(notes))
    report = (
        naming.named(report, weighing, scales) if weighing.verdict == "wrong" else _plain(report, weighing)
    )
    rows = taylor(oracle, functionals, opened.size, options.seed) if options.taylor else ()
    report = replace(
        report,
        taylor=rows,
        evaluations=oracle.evaluations,
        reused=oracle.reused,
        seconds=oracle.seconds,
        witnesses=tuple(weighing.witnesses),
        entries=len(opened.x),
        notes=(*report.notes, *oracle.exceptions()),
    )
    if (
        options.locate
        and report.verdict == "wrong"
        and not (report.wrong or report.wrong_complete or options.quick)
    ):
        note = "the budget ran out before the wrong entries were found"
        report = replace(report, notes=(*report.notes, note))
    return _elsewhere(opened, weighing, scales, report)


def _plain(report: CheckReport, weighing: Weighing) -> CheckReport:
    return replace(
        report,
        verdict=weighing.verdict,
        cause=weighing.cause,
        detectable=weighing.detectable,
        confidence=weighing.confidence,
        notes=(*report.notes, *dict.fromkeys(weighing.notes), *_resolved(weighing)),
    )


def _resolved(weighing: Weighing) -> list[str]:
    """What was resolved of a claim that is right, relative to its size: losses differ in what they show."""
    vectors = [e.functional.vector for e in weighing.looks if e.functional.vector is not None]
    largest = float(numpy.max(numpy.abs(vectors[0]), initial=0.0)) if vectors else 0.0
    if weighing.verdict != "right" or not weighing.detectable or not 0.0 < weighing.detectable < largest:
        return []
    return [
        f"errors above {size(weighing.detectable / largest, 1)} of the largest entry would have been seen"
    ]


def _elsewhere(opened: Opened, weighing: Weighing, scales: Scales, report: CheckReport) -> CheckReport:
    """A kink, or entries that are 0, say little at the point: look at a point nearby as well."""
    kink, n = weighing.cause == "kink", len(opened.x)
    some = 0 < weighing.vanishing < n
    if opened.depth or report.verdict == "wrong" or not (kink or weighing.vanishing):
        return report
    if not kink and some and (report.verdict != "right" or opened.options.quick):
        return report
    why = nearby.KINK if kink else nearby.zeros(weighing.vanishing, n)
    if kink:
        report = nearby.kinked(report, weighing, scales)
    options = _left(opened.options, report)
    if options is None:
        note = f"{why}, a point nearby was to be tried too, but nothing is left of the budget"
        return replace(report, notes=(*report.notes, note))
    moved = _moved(opened)

    def check() -> CheckReport:
        if kink or not some or weighing.trusted:
            return _checked(moved, opened.claim, options, depth=1)
        glance = _checked(moved, opened.claim, replace(options, quick=True), depth=1)
        return glance if glance.verdict == "right" else _checked(moved, opened.claim, options, depth=1)

    return nearby.compared(report, why, check)


def _left(options: Options, report: CheckReport) -> Options | None:
    """The options with what is left of the budget; ``None`` where nothing is."""
    most, limit = options.max_evaluations, options.max_seconds
    most = None if most is None else most - report.evaluations
    limit = None if limit is None else limit - report.seconds
    if (most is not None and most <= 0) or (limit is not None and limit <= 0.0):
        return None
    return replace(options, max_evaluations=most, max_seconds=limit)


def _moved(opened: Opened) -> Subject:
    """The same subject at a point nearby."""
    moved = opened.x + nearby.SHARE * draw([opened.options.seed, 17], opened.size)
    parts = replace(opened.evaluation, promoted=False).values(moved)
    return replace(opened.subject, arguments=dict(zip(opened.subject.arguments, parts, strict=True)))
