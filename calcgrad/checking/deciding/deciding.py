"""Right, wrong, or not to be told: claims against measured derivatives, by the error bars of both.

A look is one direction: the claim along it, the derivative along it, and a bar, which is ten times the bound of the
derivative and the rounding of the claim. A claim that stays within the bar in every direction is right as far as
:mod:`calcgrad.checking.measuring.directions` says; one that leaves it twice is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy

from calcgrad.checking.measuring.directions import SIGMAS, detectable, single
from calcgrad.checking.measuring.functionals import Functional, norm
from calcgrad.checking.measuring.oracle import ALL_DIGITS, Oracle, Wish
from calcgrad.checking.measuring.subject import Leaf
from calcgrad.numerical_diff.shot import HALF
from calcgrad.report.estimates import Estimate

Array = Any
#: The bar is so many times the measured derivative's own bound.
BOUNDS = 10.0
#: So many where the bound is made of noise or leaps that were seen, which leave little to chance.
NOISY_BOUNDS = 4.0
#: An error of a single entry must be seen when it is this share of the leaf's largest entry, or nothing is decided.
USEFUL = 0.1
#: Noise below this share of the leaps that other directions saw has not seen them.
_UNSEEN = 1e-3
State = Literal["agrees", "differs", "undecided"]


@dataclass(frozen=True, slots=True)
class Look:
    """One direction: what is claimed along it, what was measured, and how far apart the two may be.

    ``forgiven`` is the part of the bar that ``rtol`` allows.
    """

    functional: Functional
    v: Array
    claimed: float
    estimate: Estimate
    rounding: float
    forgiven: float = 0.0

    @property
    def bar(self) -> float:
        """The difference that proves nothing."""
        bound = self.estimate.error_bound
        if not isinstance(bound, (int, float)) or not math.isfinite(bound):
            return math.inf
        return bounds_of(self.estimate) * bound + self.rounding + self.forgiven

    @property
    def residual(self) -> float:
        """Claimed less measured: the claim's error along the direction."""
        return self.claimed - float(self.estimate.value)

    @property
    def threshold(self) -> float:
        """Errors whose sum along the direction is above this would have left the bar."""
        return 2.0 * self.bar

    @property
    def state(self) -> State:
        """What this direction says."""
        if self.trouble is not None:
            return "undecided"
        return "differs" if abs(self.residual) > self.bar else "agrees"

    def is_on_tread(self, grain: float) -> bool:
        """Would leaps of this size, which this direction did not see, explain what it is off by?"""
        estimate = self.estimate
        if estimate.status not in ("ok", "noisy") or not estimate.step:
            return False
        if float(estimate.noise or 0.0) > _UNSEEN * grain:
            return False
        return abs(self.residual) <= grain / (HALF * float(estimate.step))

    @property
    def trouble(self) -> str | None:
        """The cause for which there is no derivative to compare with, or ``None``."""
        estimate = self.estimate
        if estimate.status in ("kink", "jump"):
            return "kink"
        if estimate.status in ("undefined", "boundary"):
            return "not-finite"
        if estimate.status == "failed" or not math.isfinite(self.bar) or not math.isfinite(self.residual):
            return "noise"
        return None


def bounds_of(estimate: Estimate) -> float:
    """How many of its own bounds a measured derivative may be off by.

    >>> bounds_of(Estimate(1.0, 1e-9)), bounds_of(Estimate(1.0, 1e-3, status="noisy"))
    (10.0, 4.0)
    """
    return NOISY_BOUNDS if estimate.status == "noisy" else BOUNDS


def look(
    functional: Functional,
    oracle: Oracle,
    v: Array,
    forgive: float = 0.0,
    leaves: Sequence[Leaf] = (),
    wish: Wish = ALL_DIGITS,
) -> Look:
    """Measure along ``v`` and set the claim beside it; ``forgive`` is a relative tolerance for each entry.

    ``wish`` is the accuracy that is enough; without it the measurement is as good as can be.
    """
    claimed, rounding = functional.claimed(v)
    estimate = functional.measured(oracle, v, wish)
    forgiven = forgiven_of(functional, forgive, leaves, claimed, v)
    return Look(functional, v, claimed, estimate, rounding, forgiven)


def forgiven_of(
    functional: Functional, forgive: float, leaves: Sequence[Leaf], claimed: float, v: Array
) -> float:
    """What a relative tolerance for each entry comes to along ``v``."""
    return SIGMAS * forgive * norm(forgivable(functional, leaves, claimed, v) * v) if forgive else 0.0


def forgivable(functional: Functional, leaves: Sequence[Leaf], claimed: float, v: Array) -> Array:
    """The size of each entry that ``rtol`` is a share of: its own, and the typical one of its leaf."""
    if functional.vector is None:
        return numpy.full(len(v), abs(claimed) / max(norm(v), 1e-300))
    size = numpy.abs(functional.vector)
    for leaf in leaves:
        part = size[leaf.start : leaf.stop]
        part += norm(part) / math.sqrt(len(part))
    return size


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the looks would have seen in one leaf: any error above ``any_error``, a single one above ``single_error``."""

    leaf: Leaf
    any_error: float
    single_error: float
    largest: float

    @property
    def useful(self) -> bool:
        """Whether a single error of a tenth of the leaf's largest entry would have been seen."""
        return self.largest == 0.0 or self.single_error <= USEFUL * self.largest


def resolutions(looks: Sequence[Look], size: Array, leaves: Sequence[Leaf]) -> list[Resolution]:
    """The resolution in every leaf, from all directions that reach it."""
    found = []
    for leaf in leaves:
        here = slice(leaf.start, leaf.stop)
        reaching = [each for each in looks if each.state == "agrees" and numpy.all(each.v[here])]
        thresholds = [each.threshold for each in reaching]
        least = float(size[here].min())
        vectors = [e.functional.vector for e in reaching if e.functional.vector is not None]
        largest = max((float(numpy.abs(g[here]).max()) for g in vectors), default=math.inf)
        found.append(
            Resolution(
                leaf, detectable(thresholds, least), single(thresholds, least), largest if vectors else 0.0
            )
        )
    return found


def by_entry(looks: Sequence[Look], n: int) -> dict[int, Look]:
    """The looks along a single coordinate, by entry."""
    found = {}
    for each in looks:
        (there,) = numpy.nonzero(each.v)
        if len(there) == 1 and n:
            found[int(there[0])] = each
    return found
