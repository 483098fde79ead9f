"""Verdicts in words: what stands at the point, and which sub-expression is to blame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.tape import Slot, Step, Tape
from calcgrad.verdicts.concluding import Conclusion, Limit, to_float
from calcgrad.verdicts.exact import Exact
from calcgrad.verdicts.germs import Gap, Germ
from calcgrad.verdicts.spelling import spell_in, spell_slot

_POLES = frozenset({"gamma", "lgamma", "digamma", "polygamma", "factorial", "beta", "lbeta"})
_ORDINALS = {1: "first", 2: "second", 3: "third"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a verdict stands: the tape, the output, the coordinate by name, and its exact value as text."""

    tape: Tape
    output: Slot
    name: str
    at: str
    culprits: Sequence[Slot]

    @property
    def here(self) -> str:
        """``x = 0``."""
        return f"{self.name} = {self.at}"

    @property
    def function(self) -> str:
        """The output as text."""
        return spell_slot(self.tape, self.output)

    def step(self, slot: Slot) -> Step:
        """The step that made a slot."""
        return self.tape.steps[slot - len(self.tape.inputs)]


def number(value: Limit | None) -> str:
    """A number to six digits and more only where it is short.

    >>> number(-1.0), number(math.inf)
    ('-1', 'infinity')
    """
    found = to_float(value)
    if found is None:
        return "nothing"
    if math.isinf(found):
        return "infinity" if found > 0 else "-infinity"
    return f"{found:.10g}"


def note(spot: Spot, found: Conclusion) -> str:
    """The sentence for a conclusion that is not smooth, or is so only once the hole is filled."""
    start = ""
    if found.extended:
        ends = "from both sides" if found.left is not None and found.right is not None else _from(found)
        start = f"{spot.function} has no value at {spot.here}, but it goes to {number(found.limit)} there {ends}; "
    lower = _derivative(found.order - 1)
    if found.kind == "kink":
        text = f"the {_slope(found.order)} at {spot.here} is {number(found.left)} on the left and {number(found.right)} on the right"
    elif found.kind == "jump":
        text = _jump(spot, found, lower)
    elif found.kind == "infinite":
        text = _infinite(spot, found)
    elif found.kind == "boundary":
        text = _boundary(spot, found)
    else:
        text = f"filled in with that value, its derivative there is {number(found.right if found.right is not None else found.left)}"
    blame = "" if found.kind == "smooth" else _blame(spot)
    return start + text + blame


def _from(found: Conclusion) -> str:
    return "from the right" if found.right is not None else "from the left"


def _derivative(order: int) -> str:
    if order == 0:
        return "value"
    return f"{_ORDINALS.get(order, f'{order}th')} derivative"


def _slope(order: int) -> str:
    return "slope" if order == 1 else _derivative(order)


def _jump(spot: Spot, found: Conclusion, lower: str) -> str:
    if found.order:
        of = _derivative(found.order)
        return f"the {of} jumps at {spot.here} from {number(found.left)} to {number(found.right)}"
    if found.left is None or found.right is None:
        side = "right" if found.left is None else "left"
        value = number(found.right if found.left is None else found.left)
        return f"the value at {spot.here} is not {value}, where the function goes from the {side}"
    if found.limit is not None:
        return f"the value at {spot.here} is not {number(found.limit)}, where the function goes from both sides"
    return f"the function jumps at {spot.here}: it goes to {number(found.left)} on the left and to {number(found.right)} on the right"


def _infinite(spot: Spot, found: Conclusion) -> str:
    sides = f"{number(found.left)} on the left and {number(found.right)} on the right"
    if found.order == 1:
        return f"the tangent at {spot.here} is vertical: the slope goes to {sides}"
    return f"the {_derivative(found.order)} at {spot.here} goes to {sides}"


def _boundary(spot: Spot, found: Conclusion) -> str:
    side = "right" if found.left is None else "left"
    value = number(found.right if found.left is None else found.left)
    return f"the function is only there to the {side} of {spot.here}, and its {_slope(found.order)} on that side is {value}"


def _blame(spot: Spot) -> str:
    """The innermost operation that is not smooth here, and the convention that derivatives follow there."""
    if not spot.culprits:
        return ""
    slot = min(spot.culprits)
    row = OPERATIONS[spot.step(slot).op]
    text = "" if slot == spot.output else f" (because of {spell_slot(spot.tape, slot)})"
    convention = row.convention if isinstance(row, Elementwise) else ""
    if "derivative" in convention:
        text += f"; what AD reports is a convention: {convention}"
    return text


def gap(spot: Spot, place: Gap) -> str:
    """Why a sub-expression has no value."""
    if place.slot is None:
        return "the function is not defined here"
    step = spot.step(place.slot)
    text = spell_slot(spot.tape, place.slot)
    return f"{text} is not defined at {spot.here}: {_reason(spot, step, place)}"


def _reason(spot: Spot, step: Step, place: Gap) -> str:
    first = place.args[0] if place.args else None
    last = place.args[-1] if place.args else None
    if step.op in ("div", "mod", "floordiv") and isinstance(last, Germ):
        return f"it divides by {spell_slot(spot.tape, step.args[1])}, which is 0"
    if step.op == "pow" and isinstance(first, Germ) and isinstance(last, Germ):
        return _power(spot, step, first, last)
    if step.op in _POLES:
        return "it has a pole at 0 and at every negative whole number" if step.op != "factorial" else (
            "it has a pole at every negative whole number"
        )
    row = OPERATIONS[step.op]
    if isinstance(row, Elementwise) and row.domain:
        return f"it needs {spell_in(spot.tape, step, row.domain)}"
    return "it has no real value there"


def _power(spot: Spot, step: Step, base: Germ, exponent: Germ) -> str:
    if base.zero:
        return "0 has no power with a negative exponent"
    why = "a power of a negative number is real only for a whole exponent"
    q = exponent.value.rational if exponent.constant else None
    inner = spell_slot(spot.tape, step.args[0])
    if q is not None and q.denominator % 2 and q.denominator < 100:
        root = f"cbrt({inner})" if q.denominator == 3 else f"root({inner}, {q.denominator})"
        return f"{why}; {root}{'' if q.numerator == 1 else f'^{q.numerator}'} is the real root"
    return why


def around(left: Limit | str | None, right: Limit | str | None) -> str:
    """What the values do on both sides of a point without a value, in words; nothing where little is known."""
    parts = []
    for side, value in (("left", left), ("right", right)):
        if isinstance(value, Exact | float):
            parts.append(f"to {number(value)} on the {side}")
    if len(parts) == 2 and number(left) == number(right):  # type: ignore[arg-type]
        return f"; its values go to {number(left)} on both sides"  # type: ignore[arg-type]
    return f"; its values go {' and '.join(parts)}" if parts else ""
