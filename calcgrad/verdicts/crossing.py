"""What lies between two exact points that are near each other: a step, a branch, a kink or a pole of some operation."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from calcgrad.autodiff.tape import Slot, Tape, made_of
from calcgrad.errors import CalcgradError
from calcgrad.expression import to_text
from calcgrad.functions.exact import ExactFunction
from calcgrad.operations import OPERATIONS, VOCABULARY, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS
from calcgrad.systems.base import NoClosedForm
from calcgrad.verdicts.germs.germ import Deadline, Germ, LostError
from calcgrad.verdicts.notes import shown
from calcgrad.verdicts.sides import UNKNOWNS, Place, place_of
from calcgrad.verdicts.spelling import node_of, shortened
from calcgrad.verdicts.watching import asked, domain_varies

BITS = 192
#: Seconds for both points; what is not known by then is not told.
SECONDS = 1.0
#: A share of a value that is little.
_LITTLE = 1e-6


class Crossing(NamedTuple):
    """An operation that stands on another piece at the second point, as text, and its values at both."""

    text: str
    first: str
    second: str


def crossings(first: ExactFunction, second: ExactFunction) -> tuple[list[Crossing], bool]:
    """The operations whose piece is another at the second subject: two readings of one function at one point; and whether the
    function's own value is another for it, by more than a little.

    Only the innermost are told: what is computed from them is on another piece for that reason. Nothing is told of what is not
    decided.
    """
    from flint import ctx

    with ctx.workprec(BITS):
        deadline = Deadline(SECONDS)
        try:
            places = [place_of(subject, deadline) for subject in (first, second)]
        except (CalcgradError, NoClosedForm, *UNKNOWNS):
            return [], False
        tape = places[0].tape
        if [step.op for step in tape.steps] != [step.op for step in places[1].tape.steps]:
            return [], False
        found: list[Slot] = []
        for slot in range(len(tape.inputs), len(tape.inputs) + len(tape.steps)):
            pieces = [_piece(place, slot) for place in places]
            if None not in pieces and pieces[0] != pieces[1] and not follows(tape, slot, found):
                found.append(slot)
        jumps = any(_apart(*[place.values[slot] for place in places]) for slot in tape.outputs)
        return [_crossing(places, slot) for slot in found], jumps


def _apart(first: Any, second: Any) -> bool:
    """Whether two values are further apart than rounding puts them; a value beside none is, and what is not decided is not."""
    values = [value.value for value in (first, second) if isinstance(value, Germ)]
    if len(values) < 2:
        return len(values) == 1
    try:
        a, b = [value.ball for value in values]
    except UNKNOWNS:
        return False
    return bool(abs(a - b) > _LITTLE * abs(a).max(abs(b)))


def _piece(place: Place, slot: Slot) -> tuple[Any, ...] | None:
    """On which side of each of its singular places an operation stands; ``None`` where that is not known."""
    step = place.tape.steps[slot - len(place.inputs)]
    row = OPERATIONS[step.op]
    args = [place.values[i] for i in step.args]
    if not isinstance(row, Elementwise) or not all(isinstance(a, Germ) for a in args):
        return None
    try:
        asking = [place.values[i].sign() for i in asked(place.tape, slot)]
        if domain_varies(step):
            asking.append(args[0].sign())
        spots = (*row.singular, *row.later)
        return (*asking, *[side(place, spot.where, spot.period, args) for spot in spots])
    except UNKNOWNS:
        return None


def side(place: Place, where: str, period: float | None, args: Sequence[Germ]) -> Any:
    """The sign of the distance from a singular place; of many places, between which two, or on which one."""
    found = place.system.expression(parsed(where), ARGUMENTS[: len(args)])(*args)
    if not isinstance(found, Germ):
        raise LostError("the singular place has no value here")
    if period is None:
        return found.sign()
    ratio = found.times(place.scope.field.rational(1 / Fraction(period)))
    whole = place.system.call("floor", ratio)
    return whole.value.fraction(), (ratio - whole).sign()


def follows(tape: Tape, slot: Slot, found: Sequence[Slot]) -> bool:
    """Whether a slot is computed from one of those that are found."""
    return bool(found) and not made_of(tape, slot).isdisjoint(found)


def _crossing(places: Sequence[Place], slot: Slot) -> Crossing:
    text = shortened(to_text(node_of(places[0].tape, slot), VOCABULARY))
    return Crossing(text, *[shown(place.values[slot]) for place in places])
