"""Verdicts in words: what stands at the point, and which sub-expression is to blame."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.tape import Slot, Step, Tape
from calcgrad.verdicts.concluding import Conclusion, Limit, to_float
from calcgrad.verdicts.exact import Exact
from calcgrad.verdicts.germs import Gap, Germ
from calcgrad.verdicts.spelling import spell_in, spell_slot

_POLES = frozenset({"gamma", "lgamma", "digamma", "polygamma", "factorial", "beta", "lbeta"})
_CONDITIONS = frozenset({"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})
_ORDINALS = {1: "first", 2: "second", 3: "third"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a verdict stands: the tape, the output, the coordinate by name, and its exact value as text."""

    tape: Tape
    output: Slot
    name: str
    at: str
    culprits: Sequence[Slot]
    texts: dict[Slot, str] = field(default_factory=dict)

    def text(self, slot: Slot) -> str:
        """A slot as text; long ones are spelled once for all the spots that share ``texts``."""
        if slot not in self.texts:
            self.texts[slot] = spell_slot(self.tape, slot)
        return self.texts[slot]

    @property
    def here(self) -> str:
        """``x = 0``."""
        return f"{self.name} = {self.at}"

    @property
    def function(self) -> str:
        """The output as text."""
        return self.text(self.output)

    def step(self, slot: Slot) -> Step:
        """The step that made a slot."""
        return self.tape.steps[slot - len(self.tape.inputs)]


def number(value: Limit | None) -> str:
    """A number to six digits and more only where it is short.

    >>> number(-1.0), number(math.inf)
    ('-1', 'infinity')
    """
    if isinstance(value, Exact) and value.rational is not None and value.rational.denominator == 1:
        whole = str(value.rational)
        if len(whole) <= 20:
            return whole
    found = to_float(value)
    if found is None:
        return "nothing"
    if math.isinf(found):
        return "infinity" if found > 0 else "-infinity"
    return f"{found:.10g}"


def note(spot: Spot, found: Conclusion, reported: float | None = None) -> str:
    """The sentence for a conclusion that is not smooth, or is so only once the hole is filled.

    ``reported`` is the number that AD gives there, by its conventions.
    """
    start = ""
    if found.extended:
        start = (
            f"{spot.function} has no value at {spot.here}, but it goes to {number(found.limit)} there "
            f"{_sides(found)}; filled in so, "
        )
    if found.kind == "smooth" or (found.kind == "boundary" and found.extended):
        return f"{start}its {_slope(found.order)} there is {number(_there(found))}"
    name = "it" if found.extended else spot.function
    text = _SENTENCES[found.kind](found, name, spot.here)
    return start + text + _blame(spot) + _convention(reported)


def _sides(found: Conclusion) -> str:
    if found.left is not None and found.right is not None:
        return "from both sides"
    return "from the right" if found.right is not None else "from the left"


def _there(found: Conclusion) -> Limit | None:
    return found.right if found.right is not None else found.left


def _slope(order: int) -> str:
    return "slope" if order == 1 else f"{_ORDINALS.get(order, f'{order}th')} derivative"


def _both(found: Conclusion) -> str:
    return f"{number(found.left)} on the left and {number(found.right)} on the right"


def _kink(found: Conclusion, name: str, here: str) -> str:
    of = "" if found.order == 1 else f" in its {_slope(found.order - 1)}"
    return f"{name} has a kink{of} at {here}: its {_slope(found.order)} is {_both(found)}"


def _jump(found: Conclusion, name: str, here: str) -> str:
    if found.order:
        kink = "has a kink" if found.order == 1 else f"has a kink in its {_slope(found.order - 1)}"
        jumps = f"its {_slope(found.order)} jumps from {number(found.left)} to {number(found.right)}"
        return f"{name} {kink} at {here}: {jumps}, so that no higher derivative exists"
    if found.left is None or found.right is None:
        side = "right" if found.left is None else "left"
        return f"{name} jumps at {here}: its value there is not {number(_there(found))}, where it goes from the {side}"
    if found.limit is not None:
        return f"{name} jumps at {here}: its value there is not {number(found.limit)}, where it goes from both sides"
    return f"{name} jumps at {here}: it goes to {_both(found)}"


def _infinite(found: Conclusion, name: str, here: str) -> str:
    return (
        f"{name} has a vertical tangent at {here}: its slope goes to {_both(found)}"
        if found.order == 1
        else (f"the {_slope(found.order)} of {name} grows without bound at {here}: it goes to {_both(found)}")
    )


def _boundary(found: Conclusion, name: str, here: str) -> str:
    side = "right" if found.left is None else "left"
    value = number(_there(found))
    return f"{name} ends at {here}, and is there only to the {side}: its {_slope(found.order)} on that side is {value}"


_SENTENCES: dict[str, Callable[[Conclusion, str, str], str]] = {
    "kink": _kink,
    "jump": _jump,
    "infinite": _infinite,
    "boundary": _boundary,
}


def _blame(spot: Spot) -> str:
    """The innermost operation that is not smooth here, where that is not the whole function."""
    if not spot.culprits or min(spot.culprits) == spot.output:
        return ""
    text = spot.text(min(spot.culprits))
    op = spot.step(min(spot.culprits)).op
    return f" ({text} changes there)" if op in _CONDITIONS else f" (because of {text})"


def _convention(reported: float | None) -> str:
    if reported is None:
        return ""
    return f"; forward-ad and reverse-ad report {reported + 0.0:.10g} there, by convention"


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
    if step.op in _POLES:
        return (
            "it has a pole at 0 and at every negative whole number"
            if step.op != "factorial"
            else ("it has a pole at every negative whole number")
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
    inner = spot.text(step.args[0])
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
