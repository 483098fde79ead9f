"""A smooth point at which the doubles do not hold what is there, or what stands on the way to it."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import Any

from calcgrad.autodiff.tape import Slot
from calcgrad.phrases import figure, plain_exponent
from calcgrad.verdicts.finding import Finding
from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.notes import Spot

#: The bits of a number of which a digit is known.
_A_DIGIT = 4


def overflow(spot: Spot, true: Coefficient, values: Sequence[Any]) -> Finding | None:
    """The finding where the output's double is not finite although it has a ``true`` value; ``values`` are the tape's doubles."""
    if math.isfinite(values[spot.output]):
        return None
    if not true.ball.is_zero() and true.ball.rel_accuracy_bits() < _A_DIGIT:
        told = f"{spot.function} comes out as {figure(values[spot.output])} in doubles, and no digit of it is proved"
        return Finding("inconclusive", told)
    shown = plain_exponent(true.ball.str(6, radius=False))
    guilty = next(
        (s for s in range(len(spot.tape.inputs), spot.output + 1) if _guilty(spot, values, s)), None
    )
    if guilty is None:
        told = f"the function has the value {shown} at the exact point, but not at the nearest doubles"
        return Finding("inconclusive", told)
    if _beyond(true):
        return Finding("overflow", f"{spot.function} is {shown}, beyond the largest double, 1.8e308")
    vanished = _vanished(spot, values, guilty)
    place = guilty if vanished is None else vanished
    comes = f"{spot.text(place)} comes out as {figure(values[place])}"
    return Finding("overflow", f"{spot.function} is {shown}, but on the way to it in doubles {comes}")


def _beyond(value: Coefficient) -> bool:
    from flint import arb

    return bool(abs(value.ball) > arb(sys.float_info.max))


def _guilty(spot: Spot, values: Sequence[Any], slot: Slot) -> bool:
    """Whether a step made something that is not finite of finite numbers."""
    return not math.isfinite(values[slot]) and all(math.isfinite(values[i]) for i in spot.step(slot).args)


def _vanished(spot: Spot, values: Sequence[Any], slot: Slot) -> Slot | None:
    """The argument that came out as 0, which is why its logarithm or its reciprocal is infinite."""
    return next((i for i in spot.step(slot).args if i >= len(spot.tape.inputs) and values[i] == 0), None)
