"""Why a value is not finite: the operation at fault, the sub-expression, and the reason in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from calcgrad.autodiff.tape import Slot
from calcgrad.functions.expression import Expression
from calcgrad.operations import OPERATIONS, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS
from calcgrad.report.derivatives import Verdict
from calcgrad.systems.base import FLOAT64
from calcgrad.verdicts.spelling import spell, spell_condition

ROOTS = (
    "a negative number has real powers for whole exponents only; "
    "cbrt(x) is the real cube root, root(x, n) the real n-th root"
)


def fault(function: Expression, values: Sequence[Any], slot: Slot) -> tuple[Verdict, str]:
    """The verdict ``undefined`` or ``overflow`` of a slot that is not finite, and what is to blame.

    The blame goes to the first operation on the way to the slot that made something that is not finite out of numbers that were.
    """
    tape = function.tape
    inputs = len(tape.inputs)
    needed = [slot]
    guilty: int | None = None
    seen: set[int] = set()
    while needed:
        place = needed.pop()
        if place < inputs or place in seen:
            continue
        seen.add(place)
        step = tape.steps[place - inputs]
        bad = [i for i in step.args if isinstance(values[i], float) and not math.isfinite(values[i])]
        if not bad:
            guilty = place if guilty is None else min(guilty, place)
        needed.extend(i for i in bad if i >= inputs)
    if guilty is None:
        return "undefined", "the value is not finite"
    return _reason(function, values, guilty)


def _reason(function: Expression, values: Sequence[Any], place: int) -> tuple[Verdict, str]:
    step = function.tape.steps[place - len(function.tape.inputs)]
    row = OPERATIONS[step.op]
    text = spell(function, place)
    args = [values[i] for i in step.args]
    if isinstance(row, Elementwise) and row.domain and not holds(row.domain, args):
        if step.op == "pow" and args[0] < 0:
            return "undefined", f"{text} is not defined here: {ROOTS}"
        why = spell_condition(function, step, row.domain)
        return "undefined", f"{text} is not defined here: it needs {why}"
    if isinstance(values[place], float) and math.isinf(values[place]):
        return "overflow", f"{text} is beyond the largest double, 1.8e308"
    return "undefined", f"{text} is not defined here"


def holds(condition: str, args: Sequence[float]) -> bool:
    """Whether a row's condition on its arguments is true at these values."""
    test = FLOAT64.expression(parsed(condition), ARGUMENTS[: len(args)])
    return bool(test(*args))
