"""What each mode of differentiation costs: passes, operations, seconds and bytes, as inputs and outputs grow.

Everything is measured here and now: operations are counted on the derivative's own tape, seconds are the best of several runs,
bytes are the peak that Python allocated.
"""

from __future__ import annotations

import math
import tracemalloc
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import count
from time import perf_counter
from typing import Any, get_args

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.recorder import Recorder
from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.tape import run
from calcgrad.comparing.request import Request, flat_point, read
from calcgrad.errors import UsageError
from calcgrad.expression import parse
from calcgrad.expression.nodes import Call, postorder
from calcgrad.functions.expression import Expression
from calcgrad.functions.lowering import entries
from calcgrad.inputs.points import read_points, specs_of
from calcgrad.methods import NAMES, facts, method
from calcgrad.methods.protocol import Passes, Problem
from calcgrad.operations import VOCABULARY
from calcgrad.progress import tell
from calcgrad.report import Estimate, Growth, ModeRow, ModesReport, Story, TraceRow
from calcgrad.sympy_process.questions import differentiate
from calcgrad.systems.base import FLOAT64, system
from calcgrad.verdicts.spelling import spell

INPUTS = (2, 8, 32, 128, 512)
OUTPUTS = (2, 8, 32, 128)
MOST_SYMBOLIC = 32
MOST_TRACED = 16
ENOUGH_SECONDS = 0.02


def seed_story(each: Callable[[], None] = lambda: None) -> Story:
    """The lesson's own function, f(x1, x2) = x1·x2 + sin(x1): two forward passes against one backward pass."""
    function = Expression(parse("x1*x2 + sin(x1)", VOCABULARY).root, ("x1", "x2"))
    point = [1.0, 2.0]
    rows = tuple(measure(function, point, each))
    return Story("f(x1, x2) = x1*x2 + sin(x1) at x1 = 1, x2 = 2", rows, trace=trace(function, point))


def trace(function: Expression, flat: Sequence[float]) -> tuple[TraceRow, ...]:
    """The computation graph of a function of numbers, slot by slot: forward the values and tangents, backward the adjoints."""
    tape = function.tape
    values = run(tape, flat, FLOAT64)
    tangents = [pushforward(tape, values, function.seed(i), FLOAT64) for i in range(len(flat))]
    adjoints = pullback(tape, values, {tape.outputs[0]: 1.0}, FLOAT64)
    return tuple(
        TraceRow(
            f"v{place + 1}",
            spell(function, place),
            values[place],
            tuple([column[place] or 0.0 for column in tangents]),
            adjoint or 0.0,
        )
        for place, adjoint in enumerate(adjoints)
    )


def inputs_story(sizes: Sequence[int] = INPUTS, each: Callable[[], None] = lambda: None) -> Story:
    """One output of n inputs, x1·x2·…·xn + sin(x1): forward mode pays n passes, reverse mode one."""
    rows: list[ModeRow] = []
    for n in sizes:
        names = [f"x{i}" for i in range(1, n + 1)]
        function = Expression(parse("*".join(names) + " + sin(x1)", VOCABULARY).root, names)
        rows.extend(measure(function, [1.0 + 0.1 * (-1) ** i for i in range(n)], each))
    return Story("one output of n inputs: x1*x2*...*xn + sin(x1)", tuple(rows), growths(rows, "inputs"))


def outputs_story(sizes: Sequence[int] = OUTPUTS, each: Callable[[], None] = lambda: None) -> Story:
    """m outputs of one input, sin(x), sin(2x), …: forward mode pays one pass, reverse mode m."""
    rows: list[ModeRow] = []
    for m in sizes:
        text = "[" + ", ".join(f"sin({k}*x)" for k in range(1, m + 1)) + "]"
        rows.extend(measure(Expression(parse(text, VOCABULARY).root, ("x",)), [0.7], each))
    return Story("m outputs of one input: sin(x), sin(2x), ...", tuple(rows), growths(rows, "outputs"))


def compare_modes() -> ModesReport:
    """The whole story: the lesson's function, then one output of more and more inputs, then more and more outputs."""
    return ModesReport(tuple(stories()))


#: How many stories the whole has.
STORIES = 3


def stories() -> Iterator[Story]:
    """The stories of the whole, each as soon as it is measured; every measurement is told."""
    total = len(modes()) * (1 + len(INPUTS) + len(OUTPUTS))
    done = count(1)

    def each() -> None:
        tell("measurements", next(done), total)

    yield seed_story(each)
    yield inputs_story(each=each)
    yield outputs_story(each=each)


def compare_modes_of(function: Expression, flat: Sequence[float], name: str) -> ModesReport:
    """The same for a function of one's own, at a point."""
    tape = function.tape
    small = len(tape.outputs) == 1 and len(tape.inputs) + len(tape.steps) <= MOST_TRACED
    rows = tuple(measure(function, list(flat)))
    return ModesReport((Story(name, rows, trace=trace(function, flat) if small else ()),))


def compare_modes_of_text(text: str, at: Any) -> ModesReport:
    """The same for an expression given as text, at a point as ``--at`` takes it."""
    reading = read(Request(text, at=read_points(specs_of(at), VOCABULARY)))
    if reading.function.arrays:
        raise UsageError.of("E520", "the modes are compared for functions of numbers")
    name = f"{text} at " + ", ".join(f"{n} = {v:g}" for n, v in reading.points[0].at().items())
    return compare_modes_of(reading.function, flat_point(reading.function, reading.points[0]), name)


@cache
def modes() -> tuple[str, ...]:
    """The methods that are compared: those whose facts say what a pass of them is.

    >>> modes()
    ('forward-ad', 'reverse-ad', 'central-difference', 'symbolic')
    """
    return tuple(name for kind in get_args(Passes) for name in NAMES if facts(name).passes == kind)


def measure(
    function: Expression, flat: list[float], each: Callable[[], None] = lambda: None
) -> list[ModeRow]:
    """A row for each mode: the full gradient, or Jacobian, of a function of numbers at a point; ``each`` is called after each."""
    truth = _reference(function, flat)
    rows = []
    for mode in modes():
        rows.append(_row(mode, function, flat, truth))
        each()
    return rows


def _row(mode: str, function: Expression, flat: list[float], truth: list[float]) -> ModeRow:
    inputs, outputs = len(flat), len(entries(function.root))
    known = facts(mode)
    if known.passes == "formulas":
        return _symbolic_row(mode, function, flat, truth, inputs, outputs)
    problem = Problem(function, flat, [(i,) for i in range(inputs)])
    derivatives = method(mode).derivatives
    outcome = derivatives(problem)
    if not isinstance(outcome, Estimate):
        return ModeRow(mode, inputs, outputs, note=getattr(outcome, "reason", "it failed"))
    of_values = known.passes == "evaluations"
    passes = outcome.evaluations if of_values else outcome.passes
    return ModeRow(
        mode,
        inputs,
        outputs,
        passes=passes,
        operations=_operations(mode, function, flat, passes),
        seconds=_seconds(lambda: derivatives(problem)),
        bytes=_bytes(lambda: derivatives(problem)),
        max_rel_error=_error([v for row in outcome.value for v in row], truth),
        note="passes are evaluations of the function" if of_values else None,
    )


def _symbolic_row(
    mode: str, function: Expression, flat: list[float], truth: list[float], inputs: int, outputs: int
) -> ModeRow:
    if inputs * outputs > MOST_SYMBOLIC:
        note = f"left out beyond {MOST_SYMBOLIC} derivatives: each is an expression of its own"
        return ModeRow(mode, inputs, outputs, note=note)
    _warm_sympy()
    answer = differentiate(function.root, [[name] for name in function.variables], tidy=0.0)
    if answer.status != "ok":
        return ModeRow(mode, inputs, outputs, note=answer.note)
    formulas = [f.root for f in answer.formulas if f.root is not None]
    return ModeRow(
        mode,
        inputs,
        outputs,
        passes=len(answer.formulas),
        operations=sum(_calls(formula) for formula in formulas),
        seconds=answer.seconds,
        note="operations are those of the formulas; seconds are for finding them",
    )


@cache
def _warm_sympy() -> None:
    """One small question before the first that is timed, so that what SymPy imports for it is not counted."""
    differentiate(parse("x^2*exp(x) + sin(x)/x", VOCABULARY).root, [["x"]], tidy=0.0)


def _calls(root: Any) -> int:
    return sum(isinstance(node, Call) for node in postorder(root))


def _operations(mode: str, function: Expression, flat: list[float], passes: int) -> int:
    """Elementary operations of the whole derivative: the steps of its own tape, all passes together."""
    sweeps = facts(mode).sweeps
    if sweeps is None:
        return passes * sum(_calls(entry) for entry in entries(function.root))
    tape = function.tape
    recorder = Recorder(FLOAT64, tape.inputs, flat)
    values = run(tape, recorder.inputs, recorder)
    deque(sweeps(function, values, recorder), maxlen=0)
    written, _ = recorder.finish([])
    return len(written.steps)


def _seconds(work: Callable[[], Any]) -> float:
    """The best of several runs, at least three and no more than a moment's worth."""
    best, spent, runs = math.inf, 0.0, 0
    while runs < 3 or (spent < ENOUGH_SECONDS and runs < 100):
        start = perf_counter()
        work()
        took = perf_counter() - start
        best, spent, runs = min(best, took), spent + took, runs + 1
    return best


def _bytes(work: Callable[[], Any]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _reference(function: Expression, flat: Sequence[float]) -> list[float]:
    """The derivatives by reverse mode in 30 digits, rounded; input by input, output by output."""
    import mpmath

    numbers = system("mpmath")
    with mpmath.workdps(30):
        values = run(function.tape, [mpmath.mpf(x) for x in flat], numbers)
        columns = [
            pullback(function.tape, values, {slot: mpmath.mpf(1)}, numbers) for slot in function.tape.outputs
        ]
        return [float(column[i] or 0) for i in range(len(flat)) for column in columns]


def _error(found: Sequence[float], truth: Sequence[float]) -> float | None:
    """The largest relative error over the derivatives that are not 0."""
    relative = [abs(a - b) / abs(b) for a, b in zip(found, truth, strict=True) if b and math.isfinite(b)]
    return max(relative, default=None)


def growths(rows: Sequence[ModeRow], with_what: str) -> tuple[Growth, ...]:
    """How passes, operations and seconds of each mode grow: the exponent of a power law, with its 95 % interval."""
    found: list[Growth] = []
    for mode in modes():
        for of in ("passes", "operations", "seconds"):
            pairs = [
                (getattr(r, with_what), getattr(r, of)) for r in rows if r.mode == mode and getattr(r, of)
            ]
            if len(pairs) >= 3:
                exponent, half = _slope([(math.log(a), math.log(b)) for a, b in pairs])
                found.append(Growth(mode, of, with_what, exponent, (exponent - half, exponent + half)))
    return tuple(found)


#: Two-sided 95 % quantiles of Student's t with 1, 2, 3 … degrees of freedom (Abramowitz and Stegun, table 26.10).
_STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306)


def _slope(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The least-squares slope and the half-width of its 95 % interval.

    >>> _slope([(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)])
    (2.0, 0.0)
    """
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    rest = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in points)
    return slope, _STUDENT[min(n - 2, len(_STUDENT)) - 1] * math.sqrt(rest / (n - 2) / spread)
