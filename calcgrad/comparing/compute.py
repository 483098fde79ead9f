"""Comparing: one function, one point, every method, and the truth beside them. ``diff`` computes its ``Report`` here."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import NamedTuple, TypeVar

from calcgrad.comparing.at_point import at_point
from calcgrad.comparing.cases import cases_of
from calcgrad.comparing.certified_truth import (
    BothProofs,
    certified_value,
    certify,
    combined,
    wanted_digits,
)
from calcgrad.comparing.formulas import Formulas, formulas
from calcgrad.comparing.looks import kept
from calcgrad.comparing.measured import Measured, measure
from calcgrad.comparing.options import time_up
from calcgrad.comparing.request import Reading, Request, check, read
from calcgrad.comparing.symbolic_truth import (
    Answer,
    Awaited,
    ask,
    no_answer,
    value_as_written,
)
from calcgrad.comparing.timing import ALONE, AMONG_MANY, Budget
from calcgrad.deadline import Deadline
from calcgrad.deriving.building import has_more_than
from calcgrad.errors import CalcgradError, LimitError
from calcgrad.expression import to_latex
from calcgrad.methods import facts
from calcgrad.operations import VOCABULARY
from calcgrad.report.derivatives import Report
from calcgrad.sympy_process.questions import TIDY

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
Made = TypeVar("Made")


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
        self.kept = kept(request.timeout)
        self.reading = reading = self._in_time(lambda: read(request))
        self.cases = self._in_time(lambda: cases_of(reading.function, reading.points))
        self.made = Formulas(reading, self.deadline, formulas)
        self.budget = budget
        self.answer = self._ask(tidy) if request.truth in SYMPY else None

    def _in_time(self, work: Callable[[], Made]) -> Made:
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
        found: list[Measured] = []
        for case in self.cases:
            found.append(measure(self.reading, case, self.budget, self.deadline, bool(found)))
        return found

    @cached_property
    def proofs(self) -> list[BothProofs] | None:
        """What Arb proves at each point."""
        if self.reading.request.truth not in ARB:
            return None
        singular = [(at.case, at.looks.as_written, at.looks.as_given) for at in self.measured]
        return certify(self.reading, singular, self.deadline.leaving(self.kept))

    def __call__(self) -> Report:
        """The whole report; waits for SymPy last.

        Of many requests each has its own time, from when its turn comes, as SymPy counts it.
        """
        if not self.alone:
            self.deadline = Deadline(self.reading.request.timeout)
        measured, proofs = self.measured, self.proofs
        answer = self.answer and self._waited_for(self.answer, measured)
        return _report(self.made, measured, answer, proofs, self.deadline)

    def _waited_for(self, answer: Awaited, measured: Sequence[Measured]) -> Answer:
        """SymPy's answer; what is looked at in any case is seen before the wait, and a little time is left after it."""
        for at in measured:
            at.looks.ahead()
        found = answer(self.deadline.leaving(self.kept).left if self.alone else None)
        self.deadline.grant(self.kept)
        return found


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
        point, more = at_point(reading, at, found, deadline)
        value = answer.values[k] if answer and answer.values else None
        if (value is None or value.status == "timeout") and proofs and reading.output_indices == [None]:
            value = at.looks.look(partial(certified_value, at.case), None)
        if value is not None and reading.output_indices == [None]:
            held = at.case.given is None
            point = replace(point, value_written=value_as_written(value, at.value[0], held), held=held)
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
