"""A formula that explodes, and a tape that does not: the logistic map x -> 4x(1 - x), put into itself n times.

Written out, the function doubles with every step and its derivative more than doubles; on a tape each step adds three operations.
(The example is that of Baydin et al., Automatic differentiation in machine learning: a survey, 2018, table 1.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.tape import Step, Tape, run
from calcgrad.deriving.differentiating import differentiate
from calcgrad.expression.nodes import Call, Name, Node, Number
from calcgrad.functions.expression import Expression
from calcgrad.modes import counting, timing
from calcgrad.modes.measuring import Measured, timed
from calcgrad.modes.reference import largest_error
from calcgrad.modes.telling import long_time
from calcgrad.report.modes import ModeRow, Story
from calcgrad.systems.base import FLOAT64

SIZES = (2, 4, 6, 8, 10, 12)
BEYOND = (20, 30)
_POINT = [0.3]
_SYMBOLIC, _TAPE = "symbolic", "reverse-ad"


def explosion_story(each: Callable[[], None] = lambda: None) -> Story:
    """Operations and seconds of an evaluation of the derivative: of the formula written out, and of reverse mode on the tape."""
    found = [m for n in SIZES for m in _measured(n)]
    rows = timed(found, 0.4)
    each()
    symbolic = [m for m in found if m.row.mode == _SYMBOLIC]
    for n in BEYOND:
        rows += [_beyond(n, symbolic), *timed([_on_tape(n)], 0.05)]
    told = _words(rows, max(BEYOND))
    return Story(
        "a formula that explodes: x -> 4x(1 - x), n times",
        tuple(rows),
        grows="size",
        called="times",
        words=told,
    )


def iterated(n: int) -> Node:
    """The map put into itself: ``4·w·(1 - w)`` for the formula w before it, which stands there twice.

    >>> from calcgrad.expression import to_text
    >>> from calcgrad.operations import VOCABULARY
    >>> to_text(iterated(2), VOCABULARY)
    '4*(4*x*(1 - x))*(1 - 4*x*(1 - x))'
    """
    node: Node = Name("x")
    for _ in range(n):
        node = Call("mul", (Call("mul", (Number(4), node)), Call("sub", (Number(1), node))))
    return node


def operations_beyond(known: Sequence[int], more: int) -> int:
    """The operations of the written-out derivative, ``more`` steps after the last two of ``known``.

    By the product rule the derivative of one step holds that of the step before twice, and the function before it twice, which
    doubles itself: so the count obeys c(k+2) = 4c(k+1) - 4c(k) - 1, which the counted ones are tested for.

    >>> operations_beyond([6, 25], 1), operations_beyond([6, 25], 2)
    (75, 199)
    """
    before, last = known[-2:]
    for _ in range(more):
        before, last = last, 4 * last - 4 * before - 1
    return last


def iterated_tape(n: int) -> Tape:
    """The same on a tape: three operations a step, as lowering makes them of the formula.

    >>> len(iterated_tape(40).steps)
    120
    """
    steps: list[Step] = []
    w = 0
    for k in range(n):
        first = 1 + 3 * k
        steps += [Step("mul", (-1, w)), Step("sub", (-2, w)), Step("mul", (first, first + 1))]
        w = first + 2
    return Tape(("x",), (Number(4), Number(1)), tuple(steps), (w,))


def slope(n: int) -> float:
    """The true derivative at the point: the n-fold map is sin²(2ⁿ t) of x = sin²(t), which is differentiated in closed form.

    >>> slope(1)  # 4 - 8x at the double 0.3
    1.6
    """
    import mpmath

    with mpmath.workdps(60):
        x = mpmath.mpf(_POINT[0])
        t = mpmath.asin(mpmath.sqrt(x))
        return float(2**n * mpmath.sin(2 ** (n + 1) * t) / (2 * mpmath.sqrt(x * (1 - x))))


def _measured(n: int) -> list[Measured]:
    formula = differentiate(iterated(n), "x").formula
    written = Expression(formula, ("x",))
    row = ModeRow(
        _SYMBOLIC,
        1,
        1,
        passes=1,
        operations=counting.calls(formula),
        max_rel_error=largest_error(written.values(_POINT), [slope(n)]),
        note="operations and seconds are those of its formula, written out; beyond, they are extrapolated",
        size=n,
    )
    return [Measured(row, lambda: written.values(_POINT)), _on_tape(n)]


def _on_tape(n: int) -> Measured:
    tape = iterated_tape(n)

    def work() -> float:
        values = run(tape, _POINT, FLOAT64)
        return float(pullback(tape, values, {tape.outputs[0]: 1.0}, FLOAT64)[0])

    row = ModeRow(
        _TAPE,
        1,
        1,
        passes=1,
        operations=counting.of_pullback(tape, _POINT),
        bytes=timing.peak(work),
        max_rel_error=largest_error([work()], [slope(n)]),
        note="the map doubles errors of rounding with every step, and so does every way to its derivative",
        size=n,
    )
    return Measured(row, work)


def _beyond(n: int, known: Sequence[Measured]) -> ModeRow:
    """The formula that was not written out: its operations by the law of its growth, its time by that of the largest ones."""
    operations = operations_beyond(_counts(), n - 2)
    each = [t / (m.row.operations or 1) for m in known[-2:] for t in m.times]
    found = timing.reckoned(each, operations)
    return ModeRow(
        _SYMBOLIC,
        1,
        1,
        passes=1,
        operations=operations,
        seconds=found.seconds,
        extrapolated=True,
        seconds_interval=found.interval,
        size=n,
    )


def _counts() -> list[int]:
    return [counting.calls(differentiate(iterated(n), "x").formula) for n in (1, 2)]


def _words(rows: Sequence[ModeRow], n: int) -> tuple[str, ...]:
    formula = next(row for row in rows if row.mode == _SYMBOLIC and row.size == n)
    tape = next(row for row in rows if row.mode == _TAPE and row.size == n)
    assert formula.seconds_interval is not None
    low, high = formula.seconds_interval
    return (
        f"{n} times: the derivative's formula has {formula.operations:,} operations written out, and one evaluation would take "
        f"{long_time(formula.seconds or 0.0)} ({long_time(low)} to {long_time(high)}); "
        f"reverse mode on the tape takes {tape.operations:,} operations in {long_time(tape.seconds or 0.0)}",
    )
