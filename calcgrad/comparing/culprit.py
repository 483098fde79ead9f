"""Which number on the way takes the digits of a derivative: the one whose last bit moves it the most.

The measure of rounding is a first-order one, and says nothing where a last bit is many turns of a phase (the ``cot(x)`` of
``fresnelc(cot(x))`` at 2e-18) or moves a number across its distance from a pole (``tan(acot(x))`` at -4e-77). So each computed
number is moved by a few last bits by itself, and the derivative computed again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.tape import Slot, Tape, run
from calcgrad.comparing.nudged import beyond_phase, rounds
from calcgrad.errors import LimitError
from calcgrad.functions.expression import Expression
from calcgrad.systems.base import FLOAT64, NoClosedForm
from calcgrad.verdicts.spelling import spell_slot

#: Longer tapes are not looked at: each of their numbers takes a run and a sweep of its own, four times.
_MOST_STEPS = 100
#: Moves, in last bits.
_BITS = (1, -1, 4, -4)
#: A number takes the digits where its last bits move the derivative by this share of the error, or of the derivative itself.
_SHARE = 1 / 64


def culprit(
    function: Expression, flat: Sequence[float], i: int, output: int, error: float
) -> tuple[str, float | None] | None:
    """The number on the way whose last bits explain an error of a first derivative, in words, and by how much they move it
    (``None``: altogether); nothing where there is none.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.operations import VOCABULARY
    >>> f = Expression(parse("tan(acot(x))", VOCABULARY).root, ["x"])
    >>> culprit(f, [-4e-77], 0, 0, 6e152)
    ('acot(x)', None)
    """
    try:
        function = function.in_numbers if function.arrays else function
        tape = function.tape
        if len(tape.steps) > _MOST_STEPS:
            return None
        values = run(tape, list(flat), FLOAT64)
        turning = beyond_phase(tape, values)
        if turning is not None:
            return spell_slot(tape, turning), None
        slot, moved = max(_moves(tape, values, flat, i, output), key=lambda pair: pair[1], default=(0, 0.0))
        plain = abs(_derivative(tape, values, i, output))
    except (LimitError, NoClosedForm):
        return None
    if moved >= _SHARE * plain > 0.0:
        return spell_slot(tape, slot), None
    return (spell_slot(tape, slot), moved) if moved >= _SHARE * error else None


def _moves(
    tape: Tape, values: Sequence[Any], flat: Sequence[float], i: int, output: int
) -> Iterator[tuple[Slot, float]]:
    """Each computed number, with how far its last bits move the derivative."""
    plain = _derivative(tape, values, i, output)
    first = len(tape.inputs)
    for slot, step in enumerate(tape.steps, first):
        if not rounds(step.op) or not math.isfinite(values[slot]):
            continue
        moved = [_derivative(tape, _run_with(tape, values, slot, bits), i, output) for bits in _BITS]
        sizes = [abs(m - plain) for m in moved]
        yield slot, max((s for s in sizes if s < math.inf), default=0.0)


def _run_with(tape: Tape, values: Sequence[Any], slot: Slot, bits: int) -> list[Any]:
    """The values with one of them moved by some last bits, and all that is computed from it."""
    moved = list(values)
    moved[slot] = values[slot] + bits * math.ulp(values[slot])
    first = len(tape.inputs)
    for place in range(slot + 1, first + len(tape.steps)):
        step = tape.steps[place - first]
        moved[place] = FLOAT64.function(step.op)(*[moved[j] for j in step.args], *step.params)
    return moved


def _derivative(tape: Tape, values: Sequence[Any], i: int, output: int) -> float:
    slot = tape.outputs[output]
    found = pullback(tape, values, {slot: 1.0}, FLOAT64, {i})[i] if slot >= 0 else None
    return 0.0 if found is None else float(found)
