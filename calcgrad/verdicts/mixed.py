"""Mixed partials at a point that is not smooth: the derivative in one variable of the derivative in another, as defined.

Beside the point in the last variable the first ones are differentiated at germs of it (:mod:`calcgrad.verdicts.germs.towers`),
so that nothing is asked of the function but what the definition asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from calcgrad.autodiff.tape import Slot, Tape
from calcgrad.verdicts.concluding import Conclusion, conclude, same, slope
from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.germs.germ import Gap, Germ, LostError, Scope
from calcgrad.verdicts.germs.towers import Lifted, Tower
from calcgrad.verdicts.sides import Place, known

#: Which coordinate, and how often: differentiated one after another.
Groups: TypeAlias = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Partial:
    """A partial derivative that exists: over a hole where the function has a ``limit`` alone, or ``one_sided`` where it ends."""

    value: Coefficient
    limit: Coefficient | None = None
    one_sided: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """A partial derivative that does not exist: in which group it breaks, how, and whether at the points beside alone."""

    groups: Groups
    found: Conclusion
    beside: bool = False


Outcome: TypeAlias = "Partial | Broken | Gap"


def partial(tape: Tape, inputs: Sequence[Germ], scope: Scope, slot: Slot, groups: Groups) -> Outcome:
    """The partial derivative of a slot at the inputs, the first group first.

    Raises ``UndecidedError``, ``NeedDepthError`` or ``LostError`` where that is not known.
    """
    place = Place(tape, inputs, scope)
    *inner, (_, order) = groups
    if place.calm(slot, {i for i, _ in groups}):
        # Both sides are one function: what it is to the right says all, and nothing need be compared.
        return Partial(_slope(_side(place, slot, groups, 1)[0], order))
    if not inner:
        alone = [_side(place, slot, groups, side)[0] for side in (-1, 1)]
        return _judged(groups, known(place.values[slot]), alone[0], alone[1], order)
    here = partial(tape, inputs, scope, slot, inner)
    if not isinstance(here, Partial):
        return here
    (left, left_ends), (right, right_ends) = [_side(place, slot, groups, side) for side in (-1, 1)]
    for side in (left, right):
        if isinstance(side, Broken):
            return replace(side, beside=True)
    found = _judged(groups, scope.germ(here.value), left, right, order)
    if not isinstance(found, Partial):
        return found
    ends = found.one_sided or here.one_sided or left_ends or right_ends
    return replace(found, limit=here.limit, one_sided=ends)


def _side(place: Place, slot: Slot, groups: Groups, side: int) -> tuple[Any, bool]:
    """The derivative by all groups but the last, beside the point in the last one's coordinate, and whether it is one-sided.

    A germ of the place's scope, a gap, or what breaks there.
    """
    *inner, (coordinate, _) = groups
    if not inner:
        return known(place.beside(coordinate, side)[slot]), False
    scope = place.scope
    moved = list(place.inputs)
    moved[coordinate] = moved[coordinate] + scope.power(1, scope.field.rational(side))
    tower = Tower(scope)
    above = Scope(tower, scope.depth, scope.deadline)
    found = partial(place.tape, [above.germ(tower.lift(g)) for g in moved], above, slot, inner)
    if isinstance(found, Partial):
        assert isinstance(found.value, Lifted)
        return found.value.germ, found.one_sided
    return found, False


def _slope(germ: Any, order: int) -> Coefficient:
    if not isinstance(germ, Germ):
        raise LostError("it has no value beside the point")
    found = slope(germ, order, left=False)
    if not isinstance(found, Coefficient):
        raise LostError("its slope is infinite where all seems smooth")
    return found


def _judged(groups: Groups, value: Any, left: Any, right: Any, order: int) -> Outcome:
    found = conclude(value, left, right, order)
    if found.kind == "undefined":
        assert isinstance(value, Gap)
        return value
    there = found.right if found.right is not None else found.left
    if found.kind not in ("smooth", "boundary") or not isinstance(there, Coefficient):
        return Broken(groups, found)
    return Partial(there, found.limit if found.extended else None, found.kind == "boundary")


def partials(place: Place, slot: Slot, wrt: Sequence[int]) -> list[Outcome]:
    """The mixed partial at a place, in the order of the variables and the other way round."""
    groups = list(Counter(wrt).items())
    ways = (groups, groups[::-1])
    return [partial(place.tape, place.inputs, place.scope, slot, way) for way in ways]


def furthest(outcomes: Sequence[Outcome]) -> Broken | None:
    """What says most of why there is no mixed partial: what breaks at the point itself, and last."""
    broken = [o for o in outcomes if isinstance(o, Broken)]
    return max(broken, key=lambda b: (not b.beside, len(b.groups)), default=None)


def agreeing(a: Partial, b: Partial) -> bool:
    """Whether two partials have the same value, decided exactly."""
    return same(a.value, b.value)
