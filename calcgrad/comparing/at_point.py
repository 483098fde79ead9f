"""The report of one point: what was measured there beside what is true, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import isnan

from calcgrad.comparing.certified_truth import certify, combined, point_error, wanted_digits, with_witness
from calcgrad.comparing.decided import parted, told_alone
from calcgrad.comparing.displacement import displacement_warnings
from calcgrad.comparing.judge import judge
from calcgrad.comparing.known import Known
from calcgrad.comparing.looks import SECONDS
from calcgrad.comparing.measured import Measured
from calcgrad.comparing.misled import with_causes
from calcgrad.comparing.request import Reading
from calcgrad.comparing.rows import Run, labels, result_rows
from calcgrad.comparing.symbolic_truth import PointTruth
from calcgrad.comparing.truths import Evidence, TruthPlace, target, truth
from calcgrad.comparing.unsettled import unsettled
from calcgrad.comparing.words import derivative_text, explain, precision_warnings
from calcgrad.deadline import Deadline
from calcgrad.errors import Diagnostic
from calcgrad.phrases import listed
from calcgrad.purse import within
from calcgrad.report.derivatives import PointReport, Result, Truth, gravest
from calcgrad.report.estimates import Skipped

#: The most derivatives that one warning names.
_NAMED = 3
_LATE = ("inconclusive", "timeout")
_NOT_ASKED = Known(status="none", note="SymPy was not asked (--truth none)")
_NO_TRUTH = Diagnostic(
    "W201",
    "no truth: the methods are judged against each other only",
    hints=("leave out --truth none to have the true value beside them",),
)

_LOOKED_UP = _NO_TRUTH._replace(
    message="no truth is shown: the methods are judged against each other, and by a proof where rounding may mislead them all"
)


def at_point(
    reading: Reading, at: Measured, found: PointTruth | None, deadline: Deadline
) -> tuple[PointReport, list[Diagnostic]]:
    """The report of a point: what was measured beside what is true."""
    runs = list(at.runs)
    if reading.request.methods is None or "symbolic" in reading.request.methods:
        runs.append(_symbolic(found))
    looks = at.looks
    evidence = _evidence(reading, at, found, deadline)
    truths, targets = [truth(e) for e in evidence], [target(e) for e in evidence]
    told: list[Diagnostic] = [_NO_TRUTH]
    results, judged = judge(
        result_rows(reading, runs, at.value), truths, targets, looks.rounding, looks.rounding_in_reverse
    )
    judged = tuple(_for_want_of_time(row) for row in judged)
    if found and looks.doubtful:
        judged = looks.decided.with_reasons(judged, results)
    if found:
        judged = with_causes(looks, judged, results)
    elif found is None and _worth_a_look(at, judged, results):
        judged, told = looks.look(partial(_looked_up, reading, at, judged), (judged, told))
    measured = [looks.rounding(k) for k in range(len(judged))] if found else []
    verdict = gravest([row.verdict for row in judged])
    point = at.case.point
    done = PointReport(
        at=point.at(),
        value=at.value[0] if reading.output_indices == [None] else at.value,
        verdict=verdict,
        conditioning=max((r.condition for r in measured if r and not isnan(r.condition)), default=None),
        truth=judged if found or any(row.verdict not in ("agree", "unjudged") for row in judged) else (),
        results=results,
        at_exact=point.at_exact(),
        explanation=explain(verdict, judged, results, at.case.given is not None),
    )
    if found is None:
        return done, told
    warnings = [
        *_without_truth(judged),
        *deadline.attempt(partial(precision_warnings, reading, at.case.flat, done), []),
        *looks.look(partial(displacement_warnings, reading, at.case, evidence, judged), []),
    ]
    if looks.doubtful:
        warnings += looks.decided.of_value(at.value, judged)
    return done, warnings


def _worth_a_look(at: Measured, judged: Sequence[Truth], results: Sequence[Result]) -> bool:
    """Whether the truth is looked up though none is wanted: where the doubles stand elsewhere than the exact numbers, or rounding
    may have taken what the methods agree on.
    """
    looks = at.looks
    look = partial(parted, looks.reading.function, looks.examiner, at.case)
    if looks.doubtful and looks.look(look, False):
        return True
    return looks.look(partial(unsettled, looks.reading, at.case.flat, judged, results, looks.rounding), False)


def _looked_up(
    reading: Reading, at: Measured, judged: tuple[Truth, ...]
) -> tuple[tuple[Truth, ...], list[Diagnostic]]:
    """The verdicts where no truth is wanted, with what the truth says of wrong numbers and of few digits, and no more of it."""
    looks = at.looks
    short = Deadline(within(SECONDS))
    (proofs,) = certify(reading, [(at.case, looks.as_written, looks.as_given)], short)
    found = combined(None, proofs, wanted_digits(None))
    assert found is not None
    point, warnings = at_point(reading, at, found, short)
    told = tuple(told_alone(row, true, point.results) for row, true in zip(judged, point.truth, strict=True))
    said = [w for w in warnings if w.code != _NO_TRUTH.code]
    return told, [_LOOKED_UP if said or told != judged else _NO_TRUTH, *said]


def _for_want_of_time(row: Truth) -> Truth:
    """An agreement of the methods alone is no verdict where the time was up before there was a truth."""
    late = row.status == "timeout" and row.value is None and row.verdict == "agree"
    return replace(row, verdict="inconclusive") if late else row


def _evidence(
    reading: Reading,
    at: Measured,
    found: PointTruth | None,
    deadline: Deadline,
) -> list[Evidence]:
    """What is known of each derivative and output, and what is singular there; where the two sources of a number disagree,
    with a witness, and with what a moving point does to it.
    """
    looks = at.looks
    rows: list[Evidence] = []
    for k, wrt in enumerate(reading.wrts):
        names, index = labels(reading.function, wrt)
        for o, output in enumerate(reading.output_indices):
            known = found.written[k][o] if found else _NOT_ASKED
            given = found.given[k][o] if found else _NOT_ASKED
            if known.disputed:
                known = deadline.attempt(partial(with_witness, reading, at.case, known, wrt, o), known)
            finding = looks.as_written[k][o]
            ordinary = finding is None or finding.verdict in ("agree", "overflow")
            measured = looks.rounding(len(rows)) if ordinary and given.value is not None else None
            error = None
            if measured:
                moved = partial(point_error, at.case, given, wrt, o, measured.point)
                error = looks.look(moved, None)
            place = TruthPlace(names, output, index)
            displaced = at.case.given is not None
            rows.append(Evidence(place, known, given, finding, looks.as_given[k][o], displaced, error))
    return rows


def _without_truth(truth: Sequence[Truth]) -> list[Diagnostic]:
    """A warning where truth was not found, or not in time, so that an agreement is only that of the methods."""
    missing = [
        row
        for row in truth
        if row.value is None and (row.verdict == "agree" or (row.verdict, row.status) == _LATE)
    ]
    if not missing:
        return []
    first = missing[0]
    where = f" for {listed([derivative_text(row) for row in missing[:_NAMED]])}" if len(truth) > 1 else ""
    where += " and others" if len(missing) > _NAMED else ""
    why = f" ({first.note})" if first.note else ""
    hints = ("give it more time with --timeout",) if first.status == "timeout" else ()
    message = f"no truth{where}{why}: the methods are judged against each other only"
    return [Diagnostic("W201", message, hints=hints)]


def _symbolic(found: PointTruth | None) -> Run:
    if found is None:
        return Run("symbolic", Skipped(_NOT_ASKED.note or ""), None)
    # its time is that of finding the formula, in a process that is still cold
    return Run("symbolic", found.outcome, None)
