"""What a claim is weighed with, and what is known of it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy

from calcgrad.checking.deciding.deciding import Look, Resolution, resolutions
from calcgrad.checking.measuring.functionals import Functionals
from calcgrad.checking.measuring.oracle import Oracle
from calcgrad.checking.measuring.subject import Leaf, Options
from calcgrad.checking.measuring.traced import Gradient
from calcgrad.report.claims import Witness

Array = Any
#: Up to so many entries, each is looked at on its own instead of random directions.
FEW = 3
#: An entry differs from reverse mode when it is off by so many times the measured rounding of both.
ROUNDINGS = 16.0


@dataclass(frozen=True, slots=True, eq=False)
class Scales:
    """The function's values, the claim, and the arguments' entries: ``size`` is how far each is moved."""

    oracle: Oracle
    functionals: Functionals
    leaves: tuple[Leaf, ...]
    size: Array
    options: Options

    @property
    def n(self) -> int:
        """The number of entries."""
        return len(self.size)

    def coordinate(self, i: int, share: float = 1.0) -> Array:
        """The direction in which entry ``i`` alone moves."""
        v = numpy.zeros(self.n)
        v[i] = self.size[i] * share
        return v


@dataclass(slots=True)
class Weighing:
    """What is known so far. ``verdict`` is the answer; ``cause`` says why it is none.

    ``own`` are the looks in one leaf alone, ``traced`` reverse mode's gradient while it is a witness, ``rounded`` how the
    function rounds as reverse mode saw it. ``vanishing`` is how many entries of the gradient are 0 as far as rounding tells.
    """

    looks: list[Look] = field(default_factory=list)
    own: list[Look] = field(default_factory=list)
    verdict: Literal["right", "wrong", "inconclusive"] = "inconclusive"
    cause: str | None = None
    notes: list[str] = field(default_factory=list)
    traced: Gradient | None = None
    rounded: str | None = None
    trusted: bool = False
    differing: Array | None = None
    witnesses: list[Witness] = field(default_factory=list)
    vanishing: int = 0
    detectable: float | None = None
    confidence: float | None = None

    @property
    def every(self) -> list[Look]:
        """All looks."""
        return [*self.looks, *self.own]

    def differs(self) -> list[Look]:
        """The looks that left the bar, by more than the grain that others saw explains.

        A direction that happens to lie on a tread of a staircase sees its slope, sharply; the others see the leaps.
        """
        every = self.every
        grain = max((e.estimate.noise or 0.0 for e in every if e.estimate.status == "noisy"), default=0.0)
        return [each for each in every if each.state == "differs" and not each.is_on_tread(grain)]

    def resolutions(self, scales: Scales) -> list[Resolution]:
        """What all looks together would have seen in each leaf."""
        return resolutions(self.every, scales.size, scales.leaves)


def beside(traced: Gradient | str | None) -> Weighing:
    """Nothing known but what reverse mode says, or why it could not follow the function."""
    if isinstance(traced, Gradient):
        return Weighing(traced=traced, rounded=traced.rounded)
    found = Weighing()
    if traced is not None:
        note = f"calcgrad's own reverse mode could not follow the function: {traced}"
        found.witnesses.append(Witness("reverse-ad", "nothing", note))
    return found
