"""Verdicts in words: what stands at the point, and which sub-expression is to blame."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from calcgrad.autodiff.tape import Slot, Step, Tape
from calcgrad.operations import OPERATIONS
from calcgrad.operations.row import Elementwise
from calcgrad.phrases import figure, plain_exponent
from calcgrad.verdicts.concluding import Conclusion, Limit, to_digits, to_float
from calcgrad.verdicts.exact.numbers import UndecidedError
from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.germs.germ import Germ, LostError
from calcgrad.verdicts.spelling import spell_slot
from calcgrad.verdicts.watching import answers

#: Whole numbers below this are shown as they are; digits of a number that is nearer to 0 than its double shows.
_LONG, _TELLING, _FEW = 10**10, 1e-3, 4
_ORDINALS = {1: "first", 2: "second", 3: "third"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a verdict stands: the tape, the output, the coordinate that moves, and the point as text.

    ``alone`` says that no other coordinate could move, so that no direction need be named. ``texts`` are the slots that were
    spelled so far, which all spots of an analysis share.
    """

    tape: Tape
    output: Slot
    name: str
    here: str
    alone: bool
    culprits: Sequence[Slot]
    texts: dict[Slot, str]

    def text(self, slot: Slot) -> str:
        """A slot as text; long ones are spelled once for all the spots that share ``texts``."""
        if slot not in self.texts:
            self.texts[slot] = spell_slot(self.tape, slot)
        return self.texts[slot]

    @property
    def along(self) -> str:
        """`` along x``, where there are other directions."""
        return "" if self.alone else f" along {self.name}"

    @property
    def function(self) -> str:
        """The output as text."""
        return self.text(self.output)

    def step(self, slot: Slot) -> Step:
        """The step that made a slot."""
        return self.tape.steps[slot - len(self.tape.inputs)]


def number(value: Limit | None) -> str:
    """A number to ten digits, and more only where it is short.

    >>> number(-1.0), number(math.inf)
    ('-1', 'infinity')
    """
    if isinstance(value, Coefficient) and value.rational is not None and value.rational.denominator == 1:
        whole = str(value.rational)
        if len(whole) <= 20:
            return whole
    found = to_float(value)
    if found is None:
        return "nothing"
    if isinstance(value, Coefficient) and (math.isinf(found) or (found == 0 and value.sign())):
        return _beyond_the_doubles(value)
    if math.isinf(found):
        return "infinity" if found > 0 else "-infinity"
    return figure(found, 10)


def shown(value: Any) -> str:
    """An exact number that a slot holds: to ten digits, or to a few where its size alone tells something."""
    if not isinstance(value, Germ) or not value.constant:
        return "not defined"
    exact = value.value
    whole = exact.rational
    if whole is not None and abs(whole) < _LONG and whole.denominator == 1:
        return str(whole)
    try:
        return figure(Decimal(to_digits(exact, 12)), 10 if abs(exact.ball) > _TELLING else _FEW)
    except (UndecidedError, LostError):
        return plain_exponent(exact.ball.str(_FEW, radius=False))


def _beyond_the_doubles(value: Coefficient) -> str:
    """A number that is no double, and perhaps no decimal one."""
    if value.rational is None:
        return plain_exponent(value.ball.str(10, radius=False))
    return figure(Decimal(to_digits(value, 20)), 10)


def note(spot: Spot, found: Conclusion, order: int) -> str:
    """The sentence for a conclusion that is not smooth, or is so only once the hole is filled.

    ``order`` is the order of the derivative that was asked for.
    """
    start = ""
    if found.extended:
        start = (
            f"{spot.function} has no value at {spot.here}, but{spot.along} it goes to "
            f"{number(found.limit)} {_sides(found)}; with that value filled in, "
        )
    if found.kind == "smooth" or (found.kind == "boundary" and found.extended):
        there = _there(found)
        goes = "goes to" if isinstance(there, float) else "is"
        return f"{start}its {derivative(found.order)}{spot.along} there {goes} {number(there)}"
    text = sentence("it" if found.extended else spot.function, spot, found)
    return start + text + _so(found, spot, order)


def sentence(name: str, spot: Spot, found: Conclusion) -> str:
    """What stands at the spot in what ``name`` names, and what is to blame."""
    if found.kind == "isolated":
        return f"{name} is defined at {spot.here}, but not beside it"
    return _SENTENCES[found.kind](found, name, spot) + blame(spot, found)


def _so(found: Conclusion, spot: Spot, order: int) -> str:
    """What follows for the derivative that was asked for."""
    if found.order < order or found.kind in ("kink", "jump"):
        which = "derivative" if order == 1 else derivative(order)
        return f", so it has no {which}{spot.along} there"
    return ", so it has no finite slope there" if found.kind == "infinite" and order == 1 else ""


def _sides(found: Conclusion) -> str:
    if found.left is not None and found.right is not None:
        return "from both sides"
    return "from the right" if found.right is not None else "from the left"


def _there(found: Conclusion) -> Limit | None:
    return found.right if found.right is not None else found.left


def derivative(order: int) -> str:
    """``value``, ``slope``, ``second derivative``: a derivative of an order."""
    if order < 2:
        return ("value", "slope")[order]
    return f"{_ORDINALS.get(order, f'{order}th')} derivative"


def _both(found: Conclusion) -> str:
    left, right = number(found.left), number(found.right)
    return f"{left} on both sides" if left == right else f"{left} on the left and {right} on the right"


def _kink(found: Conclusion, name: str, spot: Spot) -> str:
    of = "" if found.order == 1 else f" in its {derivative(found.order - 1)}"
    return (
        f"{name} has a kink{of} at {spot.here}: its {derivative(found.order)}{spot.along} is {_both(found)}"
    )


def _jump(found: Conclusion, name: str, spot: Spot) -> str:
    start = f"{name} jumps at {spot.here}: "
    value = number(found.value)
    if found.order:
        return _kink(found, name, spot)
    if found.left is None or found.right is None:
        return f"{start}its value there is {value}, but it goes to {number(_there(found))} {_sides(found)}"
    if found.limit is not None:
        return f"{start}its value there is {value}, but it goes to {number(found.limit)}{spot.along} from both sides"
    return f"{start}{spot.along.lstrip()}{' ' * (not spot.alone)}it goes to {_both(found)} ({value} is its value there)"


def _infinite(found: Conclusion, name: str, spot: Spot) -> str:
    if found.order > 1:
        which = derivative(found.order)
        return (
            f"the {which} of {name}{spot.along} grows without bound at {spot.here}: it goes to {_both(found)}"
        )
    what = "a vertical tangent" if found.left == found.right else "a cusp"
    return f"{name} has {what} at {spot.here}: its slope{spot.along} goes to {_both(found)}"


def _boundary(found: Conclusion, name: str, spot: Spot) -> str:
    side = "right" if found.left is None else "left"
    slope = _there(found)
    goes = "goes to" if isinstance(slope, float) else "is"
    return (
        f"{name} ends at {spot.here}: it has values{spot.along} only to the {side}, and its "
        f"{derivative(found.order)} on that side {goes} {number(slope)}"
    )


_SENTENCES: dict[str, Callable[[Conclusion, str, Spot], str]] = {
    "kink": _kink,
    "jump": _jump,
    "infinite": _infinite,
    "boundary": _boundary,
}


#: What is found -> the kinds of singularity in the table that make it by themselves.
_MADE_BY = {
    "kink": ("kink",),
    "jump": ("jump",),
    "infinite": ("vertical", "edge", "pole"),
    "boundary": ("edge",),
}


def blame(spot: Spot, found: Conclusion) -> str:
    """The innermost operation that makes what is found here, where that is not the whole function."""
    if not spot.culprits:
        return ""
    blamed = min([slot for slot in spot.culprits if _makes(spot.step(slot).op, found)] or spot.culprits)
    if spot.output in (blamed, min(spot.culprits)):
        return ""
    text = spot.text(blamed)
    if " ... " in text:
        return ""
    return f" ({text} changes there)" if answers(spot.step(blamed).op) else f" (because of {text})"


def _makes(op: str, found: Conclusion) -> bool:
    """Whether an operation may be what makes this: ``abs`` has kinks, so a jump of ``abs(x) + floor(x)`` is not its own."""
    row = OPERATIONS.get(op)
    kind = "kink" if found.kind == "jump" and found.order else found.kind
    if not isinstance(row, Elementwise):
        return False
    return any(singular.kind in _MADE_BY.get(kind, ()) for singular in row.singular)


def around(left: Limit | None, right: Limit | None, along: str = "", whose: str = "its") -> str:
    """What the values do on both sides of a point without a value, in words; nothing where little is known."""
    parts = [
        f"to {number(v)} on the {side}" for side, v in (("left", left), ("right", right)) if v is not None
    ]
    if len(parts) == 2 and number(left) == number(right):
        return f"; {whose} values{along} go to {number(left)} on both sides"
    return f"; {whose} values{along} go {' and '.join(parts)}" if parts else ""
