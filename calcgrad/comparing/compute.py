"""Comparing: one function, one point, every method, and the truth beside them. ``diff`` computes its ``Report`` here."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import NamedTuple, TypeVar

from calcgrad.comparing.cases import Case, cases_of
from calcgrad.comparing.certified_truth import (
    BothProofs,
    certified_value,
    certify,
    combined,
    point_error,
    wanted_digits,
    with_witness,
)
from calcgrad.comparing.decided import LOOK, Decided, parted, told_alone
from calcgrad.comparing.displacement import displacement_warnings
from calcgrad.comparing.formulas import Formulas, formulas
from calcgrad.comparing.judge import judge
from calcgrad.comparing.known import Known
from calcgrad.comparing.many_roundings import MANY, evaluation_conditions
from calcgrad.comparing.options import time_up
from calcgrad.comparing.request import Reading, Request, check, read
from calcgrad.comparing.rounding import Rounding, evaluation_condition, of_reverse_mode
from calcgrad.comparing.rows import LATE, Run, labels, result_rows
from calcgrad.comparing.symbolic_truth import (
    Answer,
    Awaited,
    PointTruth,
    ask,
    no_answer,
    value_as_written,
)
from calcgrad.comparing.timing import ALONE, AMONG_MANY, Budget, timed
from calcgrad.comparing.truths import Evidence, TruthPlace, target, truth
from calcgrad.comparing.words import derivative_text, explain, precision_warnings
from calcgrad.deadline import Deadline
from calcgrad.deriving.building import has_more_than
from calcgrad.errors import CalcgradError, Diagnostic, LimitError
from calcgrad.expression import to_latex
from calcgrad.methods import OWN, facts, method
from calcgrad.methods.protocol import Problem
from calcgrad.operations import VOCABULARY
from calcgrad.phrases import listed
from calcgrad.report.derivatives import PointReport, Report, Truth, gravest
from calcgrad.report.estimates import Skipped
from calcgrad.sympy_process.questions import TIDY
from calcgrad.systems.values.remembering import remembered
from calcgrad.verdicts import Examiner, Finding

__all__ = ["Request", "Stage", "compute", "compute_many", "stages"]

#: The kinds of truth that ask SymPy, and those that ask Arb.
SYMPY = ("both", "symbolic")
ARB = ("both", "certified")
#: SymPy makes each derivative by itself: of more than these it is asked for none, unless it alone is the truth.
MOST_ASKED = 200
#: Nor of a function of more nodes: it would take all of its time, and most of them it cannot differentiate in that.
MOST_NODES_ASKED = 20_000
#: Of more derivatives no draft is made.
_MOST_DRAFTED = 20
Result = TypeVar("Result")
NO_TRUTH = Diagnostic(
    "W201",
    "no truth: the methods are judged against each other only",
    hints=("leave out --truth none to have the true value beside them",),
)


def compute(request: Request) -> Report:
    """The whole report of one request.

    Raises ``ParseError``, ``LimitError`` and ``UsageError`` for what cannot be read. A method that does not apply, or a truth
    that does not come in time, is a row of the report that says so.
    """
    if request.function is not None and len(request.at) > 1:
        begun = [_Work(replace(request, at=(point,))) for point in request.at]
        return _together([finish() for finish in begun])
    return _Work(request)()


def _together(reports: Sequence[Report]) -> Report:
    """The reports of one function at several points as one; a formula holds for a point's branches, and stands where all agree."""
    first = reports[0]
    same = all(report.derivatives == first.derivatives for report in reports)
    return replace(
        first,
        derivatives=first.derivatives if same else (),
        points=tuple(point for report in reports for point in report.points),
        warnings=tuple(dict.fromkeys(w for report in reports for w in report.warnings)),
    )


def compute_many(
    requests: Iterable[Request], ahead: int = 32, formulas: bool = True
) -> Iterator[Report | CalcgradError]:
    """A report, or the error in its place, for each request in order.

    Formulas are not shortened: for one that could take longer than all the rest. Without ``formulas`` there is none where no
    truth is wanted and no row of a formula: it would take ten times as long as all the numbers. Questions are sent to SymPy
    up to ``ahead`` requests early, so that its process never waits for this one.
    """
    waiting: deque[Callable[[], Report] | CalcgradError] = deque()
    for request in requests:
        try:
            derived = formulas or request.truth != "none" or not request.at or _asks_for_formulas(request)
            waiting.append(_Work(request, 0.0, AMONG_MANY, derived))
        except CalcgradError as error:
            waiting.append(error)
        while len(waiting) > (ahead if request.truth in SYMPY else 0):
            yield _finish(waiting.popleft())
    while waiting:
        yield _finish(waiting.popleft())


def _asks_for_formulas(request: Request) -> bool:
    return request.methods is None or any(facts(method).formula for method in request.methods)


def _finish(begun: Callable[[], Report] | CalcgradError) -> Report | CalcgradError:
    if isinstance(begun, CalcgradError):
        return begun
    try:
        return begun()
    except CalcgradError as error:
        return error


class _Work:
    """One request under way: read, its question sent to SymPy, and each part of the answer computed when it is asked for."""

    def __init__(
        self, request: Request, tidy: float = TIDY, budget: Budget = ALONE, formulas: bool = True
    ) -> None:
        check(request)
        self.deadline = Deadline(request.timeout)
        self.alone = budget is ALONE
        self.reading = reading = self._in_time(lambda: read(request))
        self.cases = self._in_time(lambda: cases_of(reading.function, reading.points))
        self.made = Formulas(reading, self.deadline, formulas)
        self.budget = budget
        self.answer = self._ask(tidy) if request.truth in SYMPY else None

    def _in_time(self, work: Callable[[], Result]) -> Result:
        """What comes before anything is known. Raises ``TimeUpError``."""
        found = self.deadline.attempt(lambda: (work(),), None)
        if found is None:
            raise time_up(self.deadline.seconds)
        return found[0]

    def _ask(self, tidy: float) -> Awaited | None:
        """SymPy's answer, to be waited for; ``None`` where nothing in the report would be SymPy's."""
        reading = self.reading
        if reading.request.truth == "symbolic":
            return ask(reading, self.cases, tidy)
        if not self.cases and self.made.complete:
            return None
        if len(reading.wrts) * len(reading.output_indices) > MOST_ASKED:
            why = f"SymPy is asked for at most {MOST_ASKED} derivatives at once; --truth symbolic asks it for more"
            return lambda within=None: no_answer(reading, why)
        if _too_long(reading):
            why = f"SymPy is asked for functions of at most {MOST_NODES_ASKED:,} operations; --truth symbolic asks it for more"
            return lambda within=None: no_answer(reading, why)
        return ask(reading, self.cases, tidy)

    @cached_property
    def measured(self) -> list[Measured]:
        """What calcgrad's own methods find at each point."""
        return [_measure(self.reading, case, self.budget, self.deadline) for case in self.cases]

    @cached_property
    def proofs(self) -> list[BothProofs] | None:
        """What Arb proves at each point."""
        singular = [(at.case, at.as_written, at.as_given) for at in self.measured]
        return certify(self.reading, singular, self.deadline) if self.reading.request.truth in ARB else None

    def __call__(self) -> Report:
        """The whole report; waits for SymPy last.

        Of many requests each has its own time, from when its turn comes, as SymPy counts it.
        """
        if not self.alone:
            self.deadline = Deadline(self.reading.request.timeout)
        measured, proofs = self.measured, self.proofs
        answer = self.answer and self.answer(self.deadline.left if self.alone else None)
        return _report(self.made, measured, answer, proofs, self.deadline)


def _too_long(reading: Reading) -> bool:
    """Whether SymPy is not asked for the function's size; where it has no formula SymPy's row says so itself."""
    try:
        return has_more_than(MOST_NODES_ASKED, [reading.function.root])
    except LimitError:
        return False


class Stage(NamedTuple):
    """A report as far as it is known, and what is still to come; nothing is ``pending`` of the last one."""

    report: Report
    pending: str


def stages(request: Request) -> Iterator[Stage]:
    """The formulas, then the numbers, then their errors, then the report that :func:`compute` gives, each as soon as it is known.

    The reports before the last are drafts: what SymPy has to say is not in them, and no verdict.
    """
    work = _Work(request)
    yield Stage(_drafted(_report(work.made, (), None, None, work.deadline)), "the methods run")
    if work.cases and len(work.reading.wrts) <= _MOST_DRAFTED and request.truth != "none":
        pending = "SymPy is asked for the truth" if request.truth == "symbolic" else "Arb proves the digits"
        yield Stage(_drafted(_report(work.made, work.measured, None, None, work.deadline)), pending)
        if request.truth == "both":
            proved = _report(work.made, work.measured, None, work.proofs, work.deadline)
            yield Stage(_drafted(proved), "SymPy is asked to confirm the truth")
    yield Stage(work(), "")


def _drafted(report: Report) -> Report:
    """A report without what only the whole truth can say: no row of SymPy's, no verdict in words, no warnings of the truth."""
    points = tuple(
        replace(
            point,
            explanation=(),
            truth=tuple(replace(row, note=None) for row in point.truth),
            results=tuple(row for row in point.results if not facts(row.method).formula),
        )
        for point in report.points
    )
    known = tuple(w for w in report.warnings if w.code < "W2")
    derivatives = tuple(row for row in report.derivatives if row.formula is not None)
    return replace(report, points=points, warnings=known, derivatives=derivatives)


def _report(
    made: Formulas,
    measured: Sequence[Measured],
    answer: Answer | None,
    proofs: Sequence[BothProofs] | None,
    deadline: Deadline,
) -> Report:
    reading, request = made.reading, made.reading.request
    digits = wanted_digits(request.digits)
    points = []
    for k, at in enumerate(measured):
        found = combined(answer.points[k] if answer else None, proofs[k] if proofs else None, digits)
        with remembered():
            point, more = _point(reading, at, found, deadline)
        value = answer.values[k] if answer and answer.values else None
        if value is None and proofs and reading.output_indices == [None]:
            value = deadline.attempt(partial(certified_value, at.case), None)
        if value is not None and reading.output_indices == [None]:
            rounded = at.case.given is None
            point = replace(point, value_written=value_as_written(value, at.value[0], rounded))
        points.append((point, more))
    warnings = [*reading.parsed.warnings, *(w for point in reading.points for w in point.warnings)]
    warnings += [w for _, more in points for w in more]
    return Report(
        input=request.text,
        parsed=reading.spelled,
        variables=reading.function.variables,
        order=request.order,
        warnings=tuple(dict.fromkeys(warnings)),
        derivatives=formulas(made, answer, deadline),
        points=tuple(point for point, _ in points),
        id=request.id,
        latex=to_latex(reading.parsed.root, VOCABULARY) if reading.function.of_text and made.wanted else None,
    )


class Measured(NamedTuple):
    """What calcgrad itself finds at a point: the function's value, every method's outcome, and what is singular there, as
    written and at the doubles.
    """

    case: Case
    value: list[float]
    runs: list[Run]
    as_written: list[list[Finding | None]]
    as_given: list[list[Finding | None]]
    examiner: Examiner

    @property
    def doubtful(self) -> bool:
        """Whether the doubles may stand elsewhere than the exact numbers, where there is a derivative to be wrong."""
        return self.examiner.suspect and any(
            f is None or f.verdict == "agree" for row in self.as_given for f in row
        )


def _measure(reading: Reading, case: Case, budget: Budget, deadline: Deadline) -> Measured:
    function = reading.function
    value = deadline.attempt(partial(function.values, case.flat), None)
    if value is None:
        raise time_up(deadline.seconds)
    late = Finding("inconclusive", f"the point was not looked at closely: {deadline.note}")
    unseen: list[list[Finding | None]] = [[late] * len(function.output_indices) for _ in reading.wrts]
    examiner = Examiner(function, case.flat, reading.wrts)
    with remembered():
        as_written = deadline.attempt(partial(examiner.findings, case.written), unseen, deadline.left / 2)
        as_given = as_written
        if case.given is not None:
            as_given = deadline.attempt(partial(examiner.findings, case.given), unseen, deadline.left / 2)
    holes = [any(f is not None and f.hole for f in column) for column in zip(*as_given, strict=True)]
    value = [math.nan if hole else v for v, hole in zip(value, holes, strict=True)]
    return Measured(case, value, _run(reading, case.flat, budget, deadline), as_written, as_given, examiner)


def _point(
    reading: Reading, at: Measured, found: PointTruth | None, deadline: Deadline
) -> tuple[PointReport, list[Diagnostic]]:
    """The report of a point: what was measured beside what is true."""
    runs = list(at.runs)
    if reading.request.methods is None or "symbolic" in reading.request.methods:
        runs.append(_symbolic(found))
    rounding = _Roundings(reading, at.case.flat, deadline)
    evidence = _evidence(reading, at, found, rounding, deadline)
    truths, targets = [truth(e) for e in evidence], [target(e) for e in evidence]
    told: list[Diagnostic] = []
    results, judged = judge(
        result_rows(reading, runs, at.value), truths, targets, rounding, rounding.in_reverse
    )
    judged = tuple(_for_want_of_time(row) for row in judged)
    decided = Decided(at.examiner, at.case, deadline) if found and at.doubtful else None
    if decided is not None:
        judged = decided.with_reasons(judged, results)
    elif found is None and at.doubtful:
        judged, told = _looked_up(reading, at, judged, deadline)
    measured = [rounding(k) for k in range(len(judged))] if found else []
    verdict = gravest([row.verdict for row in judged])
    point = at.case.point
    done = PointReport(
        at=point.at(),
        value=at.value[0] if reading.output_indices == [None] else at.value,
        verdict=verdict,
        conditioning=max((r.condition for r in measured if r), default=None),
        truth=judged if found or any(row.verdict not in ("agree", "unjudged") for row in judged) else (),
        results=results,
        at_exact=point.at_exact(),
        explanation=explain(verdict, judged, results, at.case.given is not None),
    )
    if found is None:
        return done, [NO_TRUTH, *told]
    warnings = [
        *_without_truth(judged),
        *deadline.attempt(partial(precision_warnings, reading, at.case.flat, done), []),
        *deadline.attempt(partial(displacement_warnings, reading, at.case, evidence, judged), []),
    ]
    if decided is not None:
        warnings += decided.of_value(at.value, judged)
    return done, warnings


def _looked_up(
    reading: Reading, at: Measured, judged: tuple[Truth, ...], deadline: Deadline
) -> tuple[tuple[Truth, ...], list[Diagnostic]]:
    """The verdicts where no truth is wanted, at a point where the doubles may stand elsewhere than the exact numbers: where some
    operation does, the truth is looked up for what it says of that, and for nothing else.
    """
    if not deadline.attempt(partial(parted, reading.function, at.examiner, at.case), False, LOOK):
        return judged, []
    short = Deadline(min(LOOK, deadline.left))
    (proofs,) = certify(reading, [(at.case, at.as_written, at.as_given)], short)
    found = combined(None, proofs, wanted_digits(None))
    assert found is not None
    point, warnings = _point(reading, at, found, short)
    return tuple(map(told_alone, judged, point.truth)), [w for w in warnings if w.code in ("W204", "W206")]


def _for_want_of_time(row: Truth) -> Truth:
    """An agreement of the methods alone is no verdict where the time was up before there was a truth."""
    late = row.status == "timeout" and row.value is None and row.verdict == "agree"
    return replace(row, verdict="inconclusive") if late else row


#: The most derivatives that one warning names.
_NAMED = 3
_LATE = ("inconclusive", "timeout")
NOT_ASKED = Known(status="none", note="SymPy was not asked (--truth none)")


def _evidence(
    reading: Reading,
    at: Measured,
    found: PointTruth | None,
    rounding: Callable[[int], Rounding | None],
    deadline: Deadline,
) -> list[Evidence]:
    """What is known of each derivative and output, and what is singular there; where the two sources of a number disagree,
    with a witness, and with what a moving point does to it.
    """
    rows: list[Evidence] = []
    for k, wrt in enumerate(reading.wrts):
        names, index = labels(reading.function, wrt)
        for o, output in enumerate(reading.output_indices):
            known = found.written[k][o] if found else NOT_ASKED
            given = found.given[k][o] if found else NOT_ASKED
            if known.disputed:
                known = deadline.attempt(partial(with_witness, reading, at.case, known, wrt, o), known)
            finding = at.as_written[k][o]
            ordinary = finding is None or finding.verdict in ("agree", "overflow")
            measured = rounding(len(rows)) if ordinary and given.value is not None else None
            error = None
            if measured:
                moved = partial(point_error, at.case, given, wrt, o, measured.point)
                error = deadline.attempt(moved, None)
            place = TruthPlace(names, output, index)
            displaced = at.case.given is not None
            rows.append(Evidence(place, known, given, finding, at.as_given[k][o], displaced, error))
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
        return Run("symbolic", Skipped("SymPy was not asked (--truth none)"), None)
    return Run(
        "symbolic", found.outcome, None
    )  # its time is that of finding the formula, in a process that is still cold


class _Roundings:
    """The rounding allowed to row k, measured once a derivative: rows go by derivative, then by output."""

    def __init__(self, reading: Reading, flat: list[float], deadline: Deadline) -> None:
        self.reading = reading
        self.flat = flat
        self.deadline = deadline
        self._found: dict[int, list[Rounding]] = {}

    def __call__(self, k: int) -> Rounding | None:
        wrt, output = divmod(k, len(self.reading.output_indices))
        rows = self.deadline.attempt(partial(self._of, wrt), None)
        return rows[output] if rows else None

    def in_reverse(self, k: int) -> Rounding | None:
        """That of reverse mode's own sums; asked for only where its number is not right by the other."""
        wrt, output = divmod(k, len(self.reading.output_indices))
        measured = partial(of_reverse_mode, self.reading.function, self.flat, self.reading.wrts[wrt], output)
        return self.deadline.attempt(measured, None)

    def _of(self, wrt: int) -> list[Rounding]:
        reading = self.reading
        if not self._found and len(reading.wrts) >= MANY:
            together = evaluation_conditions(reading.function, self.flat, reading.wrts)
            self._found = dict(enumerate(together or ()))
        if wrt not in self._found:
            self._found[wrt] = evaluation_condition(reading.function, self.flat, reading.wrts[wrt])
        return self._found[wrt]


def _run(reading: Reading, flat: list[float], budget: Budget, deadline: Deadline) -> list[Run]:
    """Every method that was chosen and is calcgrad's own, timed; each may take half of the time that is left."""
    chosen = reading.request.methods
    problem = Problem(reading.function, flat, reading.wrts, reading.request.step)
    names = [name for name in OWN if chosen is None or name in chosen]
    runs: list[Run] = []
    for name in names:
        work = partial(timed, method(name).derivatives, problem, budget)
        runs.append(Run(name, *deadline.attempt(work, (LATE, None), deadline.left / 2)))
    return runs
