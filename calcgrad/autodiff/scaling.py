"""A sweep whose numbers leave the range of doubles, made once more with a seed that is a power of two.

A sweep is linear in its seed, and multiplying with a power of two rounds nothing: the scaled sweep gives the same digits, and
keeps those that the plain one loses where a number on the way underflows or overflows. The adjoint of ``exp(y)`` in
``y^2/exp(y)`` at 400 is 6e-343, no double; times 2^600 it is one, and the derivative, -3e-169, comes out whole. A Taylor series
of order n is homogeneous in the same way: a direction times 2^k gives the n-th coefficient times 2^(kn).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from calcgrad.autodiff.jets import Series
from calcgrad.systems.base import System

#: What the seed's exponent may be, upwards or downwards: one that is gentle, one that is as far as doubles go, and one between
#: for where that is too far. Doubles go from 2^-1074 to 2^1024.
EXPONENTS = (600, 1020, 900)
#: On a longer tape a sweep that loses nothing but ordinary zeros would cost too much to try again.
MOST_SLOTS = 10_000
#: Below the normal doubles digits are lost.
SMALLEST_NORMAL = 2.0**-1022

NOTE = "its {0} leave the range of doubles: swept with the seed 2^{1}, and divided by that at the end"

_Found = TypeVar("_Found")


class Lost(NamedTuple):
    """How many numbers of a sweep are too small for all of their digits (0 among them), infinite or nan."""

    below: int = 0
    beyond: int = 0

    @property
    def all(self) -> int:
        """How many there are in all."""
        return self.below + self.beyond


class Sweep(NamedTuple):
    """What a sweep hands on to each slot, for a seed of ``2**exponent``."""

    slots: Sequence[Any]
    exponent: int

    def unscaled(self, value: float) -> float:
        """A number of the sweep, as the plain seed would give it."""
        return unscaled(value, self.exponent)

    def note(self, what: str) -> str | None:
        """What is said of a derivative that needed a scaled seed."""
        return note(what, self.exponent)


def note(what: str, exponent: int) -> str | None:
    """What is said of a derivative that needed a seed of ``2**exponent``; nothing of a plain one."""
    return NOTE.format(what, exponent) if exponent else None


def unscaled(value: float, exponent: int) -> float:
    """``value`` over ``2**exponent``, where a double holds it; else 0 or infinity.

    >>> unscaled(2.0**600, 600), unscaled(1.0, -2000)
    (1.0, inf)
    """
    try:
        return math.ldexp(value, -exponent) if exponent else value
    except OverflowError:
        return math.copysign(math.inf, value)


def best(
    sweep: Callable[[int], tuple[_Found, Lost]],
    plain: tuple[_Found, Lost],
    exponents: tuple[int, int, int] = EXPONENTS,
) -> tuple[_Found, int]:
    """What the sweep gives that loses the fewest numbers, and the exponent of its seed: 0 unless a scaled one loses fewer.

    ``sweep(k)`` makes one with a seed of ``2**k``; ``plain`` is what it gave for ``k = 0``. A number that is truly 0 is so for
    every seed, and decides nothing.
    """
    gentle, far, between = exponents
    found, lost = plain
    chosen = 0
    for sign in [s for s, many in ((-1, lost.beyond), (1, lost.below)) if many]:
        tried = Lost()
        for exponent in (gentle, far, between):
            if exponent == between and not (tried.beyond if sign > 0 else tried.below):
                break  # the farthest seed has lost nothing of its own: what is 0 then is 0
            again, tried = sweep(sign * exponent)
            # What overflows upwards was a number before, and may be the result: what underflowed may not have mattered.
            if tried.all < lost.all and (sign < 0 or tried.beyond <= lost.beyond):
                found, lost, chosen = again, tried, sign * exponent
            if not lost.all:
                return found, chosen
    return found, chosen


def swept(sweep: Callable[[float], Sequence[Any]], system: System) -> Sweep:
    """The sweep over a tape that loses the fewest numbers.

    ``sweep`` makes one for a seed, and gives a number or an array a slot, ``None`` where that is zero by structure.
    """

    def measured(exponent: int) -> tuple[Sequence[Any], Lost]:
        slots = sweep(2.0**exponent)
        return slots, lost_in(slots, system)

    plain = measured(0)
    if not plain[1].all or len(plain[0]) > MOST_SLOTS:
        return Sweep(plain[0], 0)
    return Sweep(*best(measured, plain))


def coefficients(values: Iterable[Any]) -> Iterator[Any]:
    """All Taylor coefficients that were computed of these series, also of series in several variables."""
    for value in values:
        if isinstance(value, Series):
            yield from coefficients(value.coefficients)
        elif value is not None:
            yield value


def lost_in(slots: Iterable[Any], system: System) -> Lost:
    """What is lost in the slots of a sweep: floats, or arrays where the system has them."""
    if not system.shaped:
        return lost_among(slots)
    below = beyond = 0
    for value in slots:
        if value is not None:
            entries = _lost_entries(system.filled(value))
            below, beyond = below + entries.below, beyond + entries.beyond
    return Lost(below, beyond)


def lost_among(values: Iterable[Any]) -> Lost:
    """What is lost among floats; other values are passed over: where no closed form gives a tangent, no seed does.

    >>> lost_among([1.0, 0.0, 5e-324, float("nan"), None])
    Lost(below=2, beyond=1)
    """
    below = beyond = 0
    for value in values:
        if isinstance(value, float) and not (
            SMALLEST_NORMAL <= value < math.inf or -math.inf < value <= -SMALLEST_NORMAL
        ):
            if -1.0 < value < 1.0:
                below += 1
            else:
                beyond += 1
    return Lost(below, beyond)


def _lost_entries(value: Any) -> Lost:
    import numpy

    size = numpy.abs(value)
    beyond = int(numpy.count_nonzero(~(size < math.inf)))
    return Lost(int(numpy.count_nonzero(size < SMALLEST_NORMAL)), beyond)
