"""What each mode costs for the whole derivative of one function at one point.

What takes longer than is bearable is not run whole: some of its passes are timed, the rest is reckoned from them, and said to be.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from time import perf_counter
from typing import Any

from calcgrad.autodiff.tape import run
from calcgrad.errors import CalcgradError
from calcgrad.expression import parse
from calcgrad.expression.nodes import Node
from calcgrad.functions.expression import Expression
from calcgrad.functions.lowering import entries
from calcgrad.methods import facts, method
from calcgrad.methods.protocol import Problem
from calcgrad.modes import counting, timing
from calcgrad.modes.passes import forward_entries, forward_sweeps, gradient
from calcgrad.modes.passes import passes as passes_of
from calcgrad.modes.reference import count_inputs, count_outputs, in_numbers, largest_error, reference
from calcgrad.operations import VOCABULARY
from calcgrad.phrases import size
from calcgrad.report.estimates import Estimate
from calcgrad.report.modes import ModeRow
from calcgrad.sympy_process.questions import differentiate
from calcgrad.systems.base import NoClosedForm

MOST_SYMBOLIC = 32
#: Seconds that a whole derivative may take to be run whole, and that samples of one may take; how many passes are sampled.
BEARABLE, SAMPLED_SECONDS = 0.6, 0.2
LEAST_SAMPLED, MOST_SAMPLED = 8, 24
#: Beyond so many inputs, functions of arrays are not taken apart into numbers.
LARGE = 2000


@dataclass(slots=True)
class Measured:
    """A row whose time is still to be taken, by interleaved rounds of ``work``; without work the row is complete."""

    row: ModeRow
    work: Callable[[], Any] | None = None
    times: list[float] = field(default_factory=list)


def timed(found: Sequence[Measured], budget: float) -> list[ModeRow]:
    """The rows with the best time of each; :attr:`Measured.times` has those of several rounds."""
    waiting = [m for m in found if m.work is not None]
    for m, times in zip(waiting, timing.rounds([m.work for m in waiting if m.work], budget), strict=True):
        m.times = times
        m.row = replace(m.row, seconds=times[0])
    return [m.row for m in found]


def measured(
    function: Expression,
    flat: Any,
    each: Callable[[], None] = lambda: None,
    skipped: Sequence[str] = (),
) -> list[Measured]:
    """A row for each mode, its time still open where it is run whole; ``each`` is called after each."""
    subject = _Subject(function, flat)
    found = []
    for mode in counting.modes():
        if mode not in skipped:
            found.append(subject.measure(mode))
            each()
    return found


class _Subject:
    """A function at a point, with what all its rows share. One that is ``large`` is not taken apart into numbers."""

    def __init__(self, function: Expression, flat: Any) -> None:
        self.function = function
        self.inputs = count_inputs(function)
        self.outputs = count_outputs(function)
        self.large = bool(function.shapes) and self.inputs > LARGE
        self.flat = flat if self.large else list(flat)
        self.truth = None if self.large else reference(function, self.flat)

    def measure(self, mode: str) -> Measured:
        """One mode, or a row that says why there is none."""
        try:
            if facts(mode).passes == "formulas":
                return Measured(self._symbolic(mode))
            return self._numeric(mode)
        except (CalcgradError, NoClosedForm) as error:
            said = error.diagnostic.message if isinstance(error, CalcgradError) else str(error)
            return Measured(self._row(mode, note=f"left out: {said}"))

    def _row(self, mode: str, **figures: Any) -> ModeRow:
        return ModeRow(mode, self.inputs, self.outputs, **figures)

    def _numeric(self, mode: str) -> Measured:
        total = self.outputs if _backward(mode) else self.inputs
        passes = self._passes(mode)
        before, times = sample(passes, 2)
        if total > 2 and before + min(times) * total > BEARABLE:
            return Measured(self._extrapolated(mode, total, min(times)))
        if self.large:
            return self._large(mode, total)
        derivatives = method(mode).derivatives
        problem = Problem(self.function, self.flat, [(i,) for i in range(self.inputs)])
        outcome = derivatives(problem)
        if not isinstance(outcome, Estimate):
            return Measured(self._row(mode, note=f"left out: {getattr(outcome, 'reason', 'it failed')}"))
        by_values = facts(mode).sweeps is None
        count = outcome.evaluations if by_values else outcome.passes
        row = self._row(
            mode,
            passes=count,
            operations=self._operations(mode, count, None),
            bytes=timing.peak(lambda: derivatives(problem)),
            max_rel_error=largest_error([v for row in outcome.value for v in row], self.truth),
            note="passes are evaluations of the function" if by_values else None,
        )
        return Measured(row, lambda: derivatives(problem))

    def _large(self, mode: str, total: int) -> Measured:
        """All passes of a function of large arrays; where forward passes are there too, they are compared in some entries."""
        passes = self._passes(mode)
        row = self._row(
            mode,
            passes=total * (2 if facts(mode).sweeps is None else 1),
            operations=self._operations(mode, total, None),
            bytes=timing.peak(lambda: deque(passes(), maxlen=0)),
            note=self._compared() if _backward(mode) and self.outputs == 1 else None,
        )
        return Measured(row, lambda: deque(passes(), maxlen=0))

    def _compared(self) -> str:
        """How far the gradient is from forward passes in its first entries: all that can be said where there is no truth."""
        some = forward_entries(self.function, self.flat, LEAST_SAMPLED)
        (adjoints,) = self._passes("reverse-ad")()
        whole = gradient(adjoints, self.function)[: len(some)].tolist()
        off = largest_error(whole, some)
        near = f" to {size(off, 1)}" if off else ", exactly"
        return f"its first {len(some)} entries are those of forward mode{near}; no truth was computed"

    def _passes(self, mode: str) -> Callable[[], Iterator[Any]]:
        if self.large:
            return passes_of(mode, self.function, self.flat)
        sweeps = facts(mode).sweeps
        if sweeps is None:
            derivatives, function, flat = method(mode).derivatives, self.function, self.flat
            return lambda: (derivatives(Problem(function, flat, [(i,)])) for i in range(self.inputs))
        return lambda: iter(sweeps(self.function, self._values(), self.function.system))

    def _values(self) -> list[Any]:
        return run(self.function.tape, self.function.unflatten(self.flat), self.function.system)

    def _extrapolated(self, mode: str, total: int, per_pass: float) -> ModeRow:
        """A row whose figures are reckoned from some of its passes."""
        count = min(max(int(SAMPLED_SECONDS / max(per_pass, 1e-9)), LEAST_SAMPLED), MOST_SAMPLED, total)
        before, times = sample(self._passes(mode), count)
        found = timing.reckoned(times, total, before)
        evaluations = 2 if facts(mode).sweeps is None else 1
        kind = (
            "derivatives" if evaluations == 2 else "backward passes" if _backward(mode) else "forward passes"
        )
        return self._row(
            mode,
            passes=total * evaluations,
            operations=self._operations(mode, total * evaluations, min(count, 3)),
            seconds=found.seconds,
            bytes=timing.peak(lambda: deque(islice(self._passes(mode)(), 1), maxlen=0)),
            extrapolated=True,
            seconds_interval=found.interval,
            note=f"extrapolated from {found.sampled} of {total:,} {kind}; memory is that of one",
        )

    def _operations(self, mode: str, passes: int, most: int | None) -> int:
        """Elementary operations of all passes together, counted on the tape of the derivative itself."""
        sweeps = facts(mode).sweeps
        function = self.function
        if sweeps is None:
            if function.of_text and not function.arrays:
                return passes * sum(counting.calls(entry) for entry in entries(function.root))
            return passes * counting.of_values(function.tape, self._values())
        if self.large and not _backward(mode):
            sweeps = forward_sweeps
        whole, before = counting.of_sweeps(sweeps, function, function.unflatten(self.flat), most)
        return whole if most is None else before + round((whole - before) / most * passes)

    def _symbolic(self, mode: str) -> ModeRow:
        if self.inputs * self.outputs > MOST_SYMBOLIC:
            note = f"left out beyond {MOST_SYMBOLIC} derivatives: each is an expression of its own"
            return self._row(mode, note=note)
        written = in_numbers(self.function)
        if written is None:
            return self._row(mode, note="left out: there is no formula in numbers")
        formulas = _formulas(written.root, tuple(written.variables))
        if formulas.note is not None:
            return self._row(mode, note=formulas.note)
        return self._row(
            mode,
            passes=len(formulas.roots),
            operations=sum(map(counting.calls, formulas.roots)),
            seconds=formulas.seconds,
            note="operations are those of the formulas; seconds are for finding them",
        )


def sample(passes: Callable[[], Iterator[Any]], most: int) -> tuple[float, list[float]]:
    """Seconds of what comes before the first pass, and of each of the first ``most``; one more runs before them to warm up."""
    start = perf_counter()
    running = passes()
    next(running, None)
    first = perf_counter() - start
    times = []
    for _ in range(most):
        start = perf_counter()
        if next(running, None) is None:
            running = passes()
            next(running)
            continue
        times.append(perf_counter() - start)
    times = times or [first]
    return max(first - min(times), 0.0), times


def _backward(mode: str) -> bool:
    return mode == "reverse-ad"


@dataclass(frozen=True, slots=True)
class _Formulas:
    roots: tuple[Node, ...]
    seconds: float | None
    note: str | None = None


def _formulas(root: Node, variables: tuple[str, ...]) -> _Formulas:
    """SymPy's formulas of the derivatives in every variable."""
    _warm_sympy()
    answer = differentiate(root, [[name] for name in variables], tidy=0.0)
    if answer.status != "ok":
        return _Formulas((), None, answer.note or "left out: no formula was found")
    return _Formulas(tuple(f.root for f in answer.formulas if f.root is not None), answer.seconds)


@cache
def _warm_sympy() -> None:
    """One small question before the first that is timed, so that what SymPy imports for it is not counted."""
    differentiate(parse("x^2*exp(x) + sin(x)/x", VOCABULARY).root, [["x"]], tidy=0.0)
