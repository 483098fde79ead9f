"""The evaluation condition of a derivative: how much rounding its computation must be allowed.

The derivative's own tape is written down by running forward mode on traced values; then the adjoints of all its slots tell
what a rounding error in each does to the result. To first order the error is at most

    eps * sum over the slots of |slot * adjoint|

and that sum over |derivative| is the condition (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed.,
section 3.10, with the adjoints as the first-order weights). Constants that no double holds (pi, e) are slots too.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.jets import Jets, run_series
from calcgrad.autodiff.recorder import RecordedValue, Recorder
from calcgrad.autodiff.reverse import active_slots, known_adjoints, pullback
from calcgrad.autodiff.scaling import MOST_SLOTS
from calcgrad.autodiff.tape import Tape, run
from calcgrad.errors import LimitError
from calcgrad.expression.nodes import Constant, Number
from calcgrad.functions.expression import Expression
from calcgrad.methods.forward_ad import nest, peel
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.systems.base import FLOAT64, NoClosedForm
from calcgrad.verdicts.watching import answers

TINY = 5e-324
EPS = 2.0**-52
#: The smallest double with all its bits.
SMALLEST = 2.0**-1022
#: A condition at which rounding may take every digit.
_ILL = 1e10


class Rounding(NamedTuple):
    """What rounding may do to one derivative.

    ``condition`` is the evaluation condition (infinite for a derivative that is 0 while its terms are not), ``unit`` the
    absolute error, to first order, when every slot is off by one ulp; ``point`` how far the derivative moves, to first order, when
    every coordinate of the point moves by half an ulp (nan where that is not known). ``left`` says in a word whether a number on
    the way left the doubles (``overflow`` or ``underflow``), ``largest`` is the largest finite number there; ``cancels`` whether a
    sum there is small beside its terms, looked at only where rounding may take every digit.
    """

    condition: float
    unit: float
    point: float = 0.0
    left: str | None = None
    largest: float = 0.0
    cancels: bool = True


def evaluation_condition(function: Expression, flat: Sequence[float], wrt: tuple[int, ...]) -> list[Rounding]:
    """The rounding of each output's derivative by the coordinates ``wrt``, at a point of floats.

    An array function is measured written out in numbers; one with an operation that has no closed form, or too long to
    write out, gives an empty list. Of a derivative that is 0 by forward mode reverse mode is measured at once, but on a long tape:
    there it is when its number is not right by forward mode's measure (:func:`of_reverse_mode`).

    >>> from calcgrad.expression import parse
    >>> from calcgrad.operations import VOCABULARY
    >>> f = Expression(parse("(1 - cos(x))/x^2", VOCABULARY).root, ["x"])
    >>> evaluation_condition(f, [1e-4], (0,))[0].condition > 1e10
    True
    """
    if function.arrays:
        try:
            function = function.in_numbers
        except LimitError:
            return []
    recorder = ConstantsRecorder(FLOAT64, function.variables, flat)
    try:
        outputs = _record(function.tape, recorder, wrt)
        found = [_rounding(recorder, out) for out in outputs]
        for k, (output, rounding) in enumerate(zip(outputs, found, strict=True)):
            zero = rounding.unit == 0.0 and getattr(output, "primal", None) == 0.0
            if zero and len(wrt) == 1 and len(function.tape.steps) <= MOST_SLOTS:
                found[k] = _of_reverse_mode(function, flat, wrt[0], k)
        return found
    except NoClosedForm:
        return []


def of_reverse_mode(
    function: Expression, flat: Sequence[float], wrt: tuple[int, ...], k: int
) -> Rounding | None:
    """What rounding does to an output's derivative of first order in reverse mode, which adds up adjoints that forward mode may
    never meet: in ``f(x - x, x)`` those of the first argument cancel, and leave their rounding beside that of the second.
    """
    if len(wrt) != 1:
        return None
    try:
        return _of_reverse_mode(function.in_numbers if function.arrays else function, flat, wrt[0], k)
    except (LimitError, NoClosedForm):
        return None


def _of_reverse_mode(function: Expression, flat: Sequence[float], i: int, k: int) -> Rounding:
    """What rounding does in reverse mode, where forward mode meets nothing but exact zeros: ``var(w - x)`` by x moves all entries
    alike, while their adjoints are different numbers that add up to 0.
    """
    recorder = ConstantsRecorder(FLOAT64, function.variables, flat)
    values = run(function.tape, list(recorder.inputs), recorder)
    return _rounding(recorder, _pulled(function.tape, values, function.tape.outputs[k], i, recorder))


class ConstantsRecorder(Recorder):
    """A recorder for which the tape's constants are inputs, so that what is computed from them is on the tape too.

    They are met before the first step; those inside the table's partials come later and stay plain numbers.
    """

    def constant(self, exact: Any) -> Any:
        value = super().constant(exact)
        if self._steps or not (isinstance(exact, Constant | Number) and math.isfinite(value)):
            return value
        self._names.append(getattr(exact, "name", "number"))
        self._values.append(value)
        return RecordedValue(value, len(self._values) - 1, self)


def _record(tape: Tape, recorder: Recorder, wrt: tuple[int, ...]) -> list[Any]:
    inputs: list[Any] = list(recorder.inputs)
    orders = list(Counter(wrt).items())
    if len(wrt) == 1:
        return _first_order(tape, recorder, inputs, wrt[0])
    inputs, level = nest(inputs, orders, recorder)
    assert isinstance(level, Jets)
    series = run_series(tape, inputs, level, orders[-1][1])
    return [peel(series[slot], orders) for slot in tape.outputs]


def _first_order(tape: Tape, recorder: Recorder, inputs: list[Any], i: int) -> list[Any]:
    values = run(tape, inputs, recorder)
    seed: list[Any] = [1.0 if k == i else None for k in range(len(tape.inputs))]
    try:
        tangents = pushforward(tape, values, seed, recorder)
    except NoClosedForm:  # perhaps in a branch that is not taken, which reverse mode never enters
        return [_pulled(tape, values, slot, i, recorder) for slot in tape.outputs]
    return [None if slot < 0 else tangents[slot] for slot in tape.outputs]


def _pulled(tape: Tape, values: Sequence[Any], slot: int, i: int, recorder: Recorder) -> Any:
    return None if slot < 0 else pullback(tape, values, {slot: 1.0}, recorder, {i})[i]


def _rounding(recorder: Recorder, output: Any) -> Rounding:
    if not isinstance(output, RecordedValue):
        return Rounding(1.0, 0.0)
    tape, values = recorder.finish([output])
    adjoints, complete = known_adjoints(tape, values, {tape.outputs[0]: 1.0}, FLOAT64)
    exact = exact_slots(tape, values, recorder.inputs)
    moving = active_slots(tape, range(len(recorder.inputs)))
    total = unit = 0.0
    for place, (value, adjoint) in enumerate(zip(values, adjoints, strict=False)):
        if adjoint is None:
            continue
        if value == 0 and vanished(tape, values, place):
            unit += abs(adjoint) * TINY
        if value != 0 and not exact[place]:
            if math.isnan(adjoint) and not moving[place]:
                continue  # a fixed exponent below whose base is 0 or negative
            total += abs(value * adjoint)
            unit += abs(adjoint) * max(EPS * abs(value), TINY)
    moved = zip(values[: len(recorder.inputs)], adjoints, strict=False)
    point = sum(abs(d) * math.ulp(x) / 2 for x, d in moved if d is not None) if complete else math.nan
    size = abs(output.primal)
    left = _left_the_doubles(tape, values)
    largest = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    condition = total / size if size else math.inf if total > 0 else 1.0
    cancels = condition < _ILL or _cancels(tape, values, exact)
    return Rounding(condition, unit, point, left, largest, cancels)


def _cancels(tape: Tape, values: Sequence[Any], exact: Sequence[bool]) -> bool:
    """Whether a sum or a difference on a tape is less than a tenth of its terms; what is left of a number less its whole part is
    none: its rounding was there before.
    """
    first = len(tape.inputs)
    for value, step in zip(values[first:], tape.steps, strict=False):
        if step.op not in ("add", "sub") or any(i >= first and exact[i] for i in step.args):
            continue
        if abs(value) < 0.1 * max(abs(values[i]) for i in step.args):
            return True
    return False


def _left_the_doubles(tape: Tape, values: Sequence[Any]) -> str | None:
    """Whether a number of the derivative's own tape came out infinite, or as 0 or with few bits, although nothing in it was."""
    places = range(len(tape.inputs), len(tape.inputs) + len(tape.steps))
    for place in places:
        if math.isinf(values[place]):
            args = [values[i] for i in tape.steps[place - len(tape.inputs)].args]
            if all(map(math.isfinite, args)):
                return "overflow"
    for place in places:
        if abs(values[place]) < SMALLEST and vanished(tape, values, place):
            return "underflow"
    return None


def vanished(tape: Tape, values: Sequence[Any], place: int) -> bool:
    """Whether a product, quotient or power came out as 0 although nothing in it was: it left the doubles."""
    if not len(tape.inputs) <= place < len(tape.inputs) + len(tape.steps):
        return False
    step = tape.steps[place - len(tape.inputs)]
    row = OPERATIONS[step.op]
    smooth = (
        isinstance(row, Elementwise)
        and row.analytic
        and step.op not in ("add", "sub")
        and not answers(step.op)
    )
    return smooth and all(values[i] != 0 for i in step.args)


def exact_slots(tape: Tape, values: Sequence[float], variables: Sequence[Any]) -> list[bool]:
    """Which slots have no rounding at all: whole numbers computed from whole numbers (the exponent ``n - 1`` of ``x^n``), and those
    of steps (``floor``, ``sign``), which rounding does not move from one stair to another but at its edge.

    Constants that are written as decimals are the doubles that the methods get, but what is computed from them rounds.
    """
    first = len(variables)
    exact = [k >= first and _whole(values[k]) for k in range(len(tape.inputs))]
    for place, step in enumerate(tape.steps, len(tape.inputs)):
        whole = _whole(values[place])
        if whole and not _steps(step.op):
            for i in step.args:
                if not (exact[i] if i >= 0 else _whole(values[i])):
                    whole = False
                    break
        exact.append(whole)
    return exact


@cache
def _steps(op: str) -> bool:
    """Whether an operation is constant between its jumps."""
    row = OPERATIONS[op]
    return isinstance(row, Elementwise) and all(partial == "0" for partial in row.partials)


def _whole(value: float) -> bool:
    return float(value).is_integer()
