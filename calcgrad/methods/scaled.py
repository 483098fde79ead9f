"""A sweep whose tangents or adjoints leave the range of doubles, made once more with a seed that is a power of two.

A sweep is linear in its seed, and multiplying with a power of two rounds nothing: the scaled sweep gives the same digits, and
keeps those that the plain one loses where a number on the way underflows or overflows. The adjoint of ``exp(y)`` in
``y^2/exp(y)`` at 400 is 6e-343, no double; times 2^600 it is one, and the derivative, -3e-169, comes out whole.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from calcgrad.systems.base import System

#: The exponents that are tried in turn. Doubles go from 2^-1074 to 2^1024.
EXPONENTS = (-600, 600, -900, 900)
#: On a longer tape a sweep that loses nothing but ordinary zeros would cost too much to try again.
MOST_SLOTS = 10_000
#: Below the normal doubles digits are lost.
_SMALLEST_NORMAL = 2.0**-1022

NOTE = "its {0} leave the range of doubles: swept with the seed 2^{1}, and divided by that at the end"


class Sweep(NamedTuple):
    """What a sweep hands on to each slot, for a seed of ``2**exponent``."""

    slots: Sequence[Any]
    exponent: int

    def unscaled(self, value: float) -> float:
        """A number of the sweep, as the plain seed would give it."""
        try:
            return math.ldexp(value, -self.exponent) if self.exponent else value
        except OverflowError:
            return math.copysign(math.inf, value)

    def note(self, what: str) -> str | None:
        """What is said of a derivative that needed a scaled seed."""
        return NOTE.format(what, self.exponent) if self.exponent else None


def swept(sweep: Callable[[float], Sequence[Any]], system: System) -> Sweep:
    """The sweep that loses the fewest numbers: the plain one, unless a scaled one loses fewer.

    ``sweep`` makes one for a seed, and gives a number or an array a slot, ``None`` where that is zero by structure. What is lost
    is 0, too small for all of its digits, infinite or nan. A number that is truly 0 is so for every seed, and decides nothing.
    """
    plain = sweep(1.0)
    best, lost = Sweep(plain, 0), _lost(plain, system)
    if not lost or len(plain) > MOST_SLOTS:
        return best
    for exponent in EXPONENTS:
        slots = sweep(2.0**exponent)
        fewer = _lost(slots, system)
        if fewer < lost:
            best, lost = Sweep(slots, exponent), fewer
    return best


def _lost(slots: Sequence[Any], system: System) -> int:
    if system.shaped:
        return sum(_lost_entries(system.filled(value)) for value in slots if value is not None)
    return sum(
        not (_SMALLEST_NORMAL <= value < math.inf or -math.inf < value <= -_SMALLEST_NORMAL)
        for value in slots
        if isinstance(value, float)  # where no closed form gives a tangent, no seed does
    )


def _lost_entries(value: Any) -> int:
    import numpy

    size = numpy.abs(value)
    return int(numpy.count_nonzero(~((size >= _SMALLEST_NORMAL) & (size < math.inf))))
