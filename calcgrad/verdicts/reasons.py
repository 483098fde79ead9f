"""Why a sub-expression has no value, in words."""

from __future__ import annotations

from calcgrad.autodiff.tape import Step
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.verdicts.germs.germ import Gap, Germ
from calcgrad.verdicts.notes import Spot
from calcgrad.verdicts.spelling import spell_in


def gap(spot: Spot, place: Gap) -> str:
    """Why a sub-expression has no value."""
    if place.slot is None:
        return "the function is not defined here"
    step = spot.step(place.slot)
    text = spot.text(place.slot)
    return f"{text} is not defined at {spot.here}: {_reason(spot, step, place)}"


def _reason(spot: Spot, step: Step, place: Gap) -> str:
    first = place.args[0] if place.args else None
    last = place.args[-1] if place.args else None
    if step.op in ("div", "mod", "floordiv") and isinstance(last, Germ):
        return f"it divides by {spot.text(step.args[1])}, which is 0"
    if step.op == "pow" and isinstance(first, Germ) and isinstance(last, Germ):
        return _power(spot, step, first, last)
    row = OPERATIONS[step.op]
    if isinstance(row, Elementwise) and row.undefined:
        return row.undefined
    if isinstance(row, Elementwise) and row.domain:
        return f"it needs {spell_in(spot.tape, step, row.domain)}"
    return "it has no real value there"


def _power(spot: Spot, step: Step, base: Germ, exponent: Germ) -> str:
    if base.zero:
        return "0 has no power with a negative exponent"
    why = "a power of a negative number is real only for a whole exponent"
    q = exponent.value.rational if exponent.constant else None
    inner = spot.text(step.args[0])
    if q is not None and q.denominator % 2 and q.denominator < 100:
        root = f"cbrt({inner})" if q.denominator == 3 else f"root({inner}, {q.denominator})"
        return f"{why}; {root}{'' if q.numerator == 1 else f'^{q.numerator}'} is the real root"
    return why
