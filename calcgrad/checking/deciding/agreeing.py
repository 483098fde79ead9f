"""All directions agree: is that worth anything? What would have been seen, and what is looked at where that is too little."""

from __future__ import annotations

import math
from typing import Any

import numpy

from calcgrad.checking.deciding.deciding import USEFUL, Resolution, by_entry
from calcgrad.checking.deciding.differing import tally, wrong_unless_on_a_tread
from calcgrad.checking.deciding.looking import Looking
from calcgrad.checking.deciding.scales import ROUNDINGS, Scales, Weighing
from calcgrad.checking.measuring.directions import MISSED, SIGMAS, draw
from calcgrad.checking.measuring.functionals import SAFETY
from calcgrad.checking.measuring.subject import Leaf
from calcgrad.phrases import size

Array = Any
#: The error that a quick verdict tells its miss rate for, as a share of the largest entry.
_QUICK_SHARE = 0.01
#: Where directions resolve too little, up to so many entries are looked at on their own.
_ALONE = 24
#: Leaves that the common directions do not resolve get directions of their own, up to so many leaves.
_OWN = 24
#: A claim that moves by a larger share of itself with a unit in the last place of the point is told to be rough.
_ROUGH = 1e-7


class Agreement:
    """A verdict for looks that all agree: right, where a wrong entry would have been seen."""

    def __init__(self, looking: Looking) -> None:
        self.looking = looking
        self.scales = looking.scales
        self.found = looking.found

    def conclude(self) -> None:
        """Right, or looked at once more, or too vague to say."""
        found, quick = self.found, self.scales.options.quick
        found.vanishing = vanishing(self.scales, found)
        if found.trusted:
            found.verdict = "right"
        elif by_entry(found.looks, self.scales.n):
            self._conclude_by_entry()
        elif quick:
            found.notes.append(self._miss_rate())
            self._conclude_by_leaf()
        elif self._resolve_leaves():
            self._conclude_by_leaf()

    # By leaf

    def _resolve_leaves(self) -> bool:
        """Directions of their own for leaves that the common ones do not resolve; false when one differs or meets trouble."""
        vague = [r.leaf for r in self._unresolved()]
        return all(self._resolve(leaf) for leaf in vague[:_OWN])

    def _unresolved(self) -> list[Resolution]:
        return [r for r in self.found.resolutions(self.scales) if not r.useful]

    def _resolve(self, leaf: Leaf) -> bool:
        """Two directions in one leaf alone; false when one of them differs or meets trouble."""
        functional = self.scales.functionals.of(0)
        for k in range(2):
            each = self.looking.along(functional, self._inside(leaf, k), own=True)
            if each.state == "differs":
                again = self.looking.along(functional, self._inside(leaf, 2), own=True)
                differing = self.found.differs()
                if any(e is each for e in differing) and any(e is again for e in differing):
                    self.found.witnesses[-1] = tally(self.scales, self.found)
                    wrong_unless_on_a_tread(self.scales, self.found, differing)
                else:
                    self.found.cause = "noise"
                return False
            if each.state == "undecided":
                return False
        return True

    def _inside(self, leaf: Leaf, k: int) -> Array:
        """A direction in which the entries of one leaf move."""
        only = numpy.zeros(self.scales.n)
        only[leaf.start : leaf.stop] = 1.0
        return draw([self.scales.options.seed, 3, leaf.start, k], self.scales.size) * only

    def _conclude_by_leaf(self) -> None:
        """Right, where in every leaf a wrong entry would have been seen."""
        found, scales = self.found, self.scales
        vague = self._unresolved()
        if vague and scales.functionals.is_one and scales.n <= _ALONE and not scales.options.quick:
            self._one_by_one()
            return
        if vague:
            self._vague(vague[0].leaf.path, vague[0].single_error, vague[0].largest)
            return
        found.verdict = "right"
        worst = max(found.resolutions(scales), key=lambda r: r.any_error)
        found.detectable, found.confidence = worst.any_error, 1.0 - MISSED
        found.notes.append(
            f"the least resolved leaf is {worst.leaf.path}; there a single wrong entry, "
            f"all others being right, would be seen from {size(worst.single_error)} on"
        )

    def _miss_rate(self) -> str:
        """With which probability the two directions miss one wrong entry, at most; see ``directions.py``."""
        known = self.found.resolutions(self.scales)
        largest = max(r.largest for r in known)
        always = max(r.single_error for r in known)
        share = _QUICK_SHARE * largest
        if always <= share:
            rate = "never missed"
        else:
            least = float(self.scales.size.min())
            rates = [e.threshold / (least * share) if share else 1.0 for e in self.found.looks]
            rate = f"missed with a probability of up to {size(min(1.0, math.prod(rates)), 1)}"
        among = f"one wrong entry among {self.scales.n}" if self.scales.n > 1 else "the entry"
        return (
            f"quick, two directions: {among}, off by {_QUICK_SHARE:.0%} of the largest, is {rate}; "
            f"off by less than {size(always, 1)} it may be missed"
        )

    # By entry

    def _one_by_one(self) -> None:
        """Directions add up what every entry's grain allows; alone, an entry may be told."""
        self.looking.along_each_entry()
        if self.found.cause is not None:
            return
        differing = self.found.differs()
        if len(differing) >= 2:
            self.found.verdict = "wrong"
            self.found.witnesses[-1] = tally(self.scales, self.found)
        elif differing:
            self.found.cause = "noise"
        else:
            self._conclude_by_entry()

    def _conclude_by_entry(self) -> None:
        """Right, where every entry was looked at alone and an error of a share of its leaf's largest would have been seen."""
        found = self.found
        alone = by_entry(found.looks, self.scales.n)
        errors = {i: each.threshold / abs(each.v[i]) for i, each in alone.items()}
        claims = {i: abs(each.claimed / each.v[i]) for i, each in alone.items()}
        found.detectable, found.confidence = max(errors.values()), 1.0 - MISSED
        for i, error in errors.items():
            leaf = next(leaf for leaf in self.scales.leaves if leaf.start <= i < leaf.stop)
            largest = max(claims[k] for k in range(leaf.start, leaf.stop))
            if largest and error > USEFUL * largest:
                index = leaf.index(i)
                self._vague(leaf.path + (str(list(index)) if index else ""), error, largest)
                return
        found.verdict = "right"

    def _vague(self, where: str, error: float, largest: float) -> None:
        found = self.found
        doubles = self.scales.functionals.output.dtype == numpy.float64
        doubles = doubles and all(leaf.dtype == "float64" for leaf in self.scales.leaves)
        found.cause = "noise" if doubles else "low-precision"
        found.verdict = "inconclusive"
        found.notes.append(
            f"in {where} an error below {size(error)} would not be seen, and its largest claimed entry is {size(largest)}"
        )


def vanishing(scales: Scales, found: Weighing) -> int:
    """How many entries are claimed to be 0 as far as can be told: where a wrong formula has the right value, too."""
    if not found.trusted and all(abs(each.claimed) <= each.threshold for each in found.looks):
        return scales.n
    zero = numpy.full(scales.n, True)
    for each in found.looks:
        if each.functional.vector is None:
            return 0
        noise = numpy.asarray(each.functional.noise)
        if found.traced is not None:
            noise = noise + found.traced.noise
        zero &= numpy.abs(each.functional.vector) <= ROUNDINGS * noise
    return int(zero.sum())


def tell_a_rough_claim(found: Weighing) -> None:
    """A claim that jumps when the point moves by a unit in the last place is no sharper than that, whatever is measured."""
    rough = [each for each in found.looks if each.state == "agrees" and each.rounding > 0.5 * each.bar]
    share = max((e.rounding / (SIGMAS * SAFETY * abs(e.claimed)) for e in rough if e.claimed), default=0.0)
    if share > _ROUGH:
        found.notes.append(
            f"the claim itself moves by {share:.0e} of its size when the point moves by a unit in the last place, "
            "as a difference quotient with a tiny step does: errors below that are not seen"
        )
