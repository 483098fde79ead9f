"""Other ways to a point of several variables: one that leads to another value refutes a limit along an axis."""

from __future__ import annotations

from calcgrad.autodiff.tape import Slot
from calcgrad.verdicts.concluding import same
from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.germs.germ import Germ, OutOfTimeError
from calcgrad.verdicts.notes import number
from calcgrad.verdicts.sides import UNKNOWNS, Place, known

#: The sign and power of t by which the coordinates move, in turn, and the name of the way.
_WAYS = (
    (((1, 1),), "the diagonal"),
    (((1, 1), (-1, 1)), "the other diagonal"),
    (((1, 1), (1, 2)), "a parabola"),
    (((1, 2), (1, 1)), "the other parabola"),
)


def another(place: Place, slot: Slot, limit: Coefficient) -> str | None:
    """Where else the values go as the point is approached, in words; ``None`` where no way is found that leads elsewhere."""
    moving = [i for i in range(len(place.inputs)) if slot in place.dependents({i})]
    if len(moving) < 2:
        return None
    for steps, name in _WAYS:
        path = {i: steps[k % len(steps)] for k, i in enumerate(moving)}
        try:
            germ = known(place.along(path)[slot])
            there = germ.limit() if isinstance(germ, Germ) else limit
            if not same(there, limit):
                return f"to {number(there)} along {name}"
        except OutOfTimeError:
            raise
        except UNKNOWNS:
            continue
    return None
