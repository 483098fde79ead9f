"""From a claim that is wrong to what is known of it: every entry where that is cheap, else the wrong ones, else a sample."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy

from calcgrad.checking.deciding.deciding import Look, look
from calcgrad.checking.deciding.locating import Finder, Located, entry_look
from calcgrad.checking.deciding.reverse_mode import allowed
from calcgrad.checking.deciding.scales import FEW, ROUNDINGS, Scales, Weighing
from calcgrad.checking.measuring.deadline import SpentError
from calcgrad.checking.measuring.directions import draw
from calcgrad.checking.measuring.functionals import Functional

Array = Any
#: Up to so many entries are all measured, each on its own.
ALL = 64
#: Of a leaf in which many are wrong, so many are measured.
_SAMPLE = 40
#: And so many in all leaves together.
_SAMPLES = 200
#: One index among n is read from measurements that are off by this share of the claim's error, over n.
_READ = 1.0 / 128.0
#: The bound of an entry that is measured to be compared, relative to it.
_RTOL = 1e-9


@dataclass(slots=True)
class Gathered:
    """The claim, and what is known of the truth, as flat vectors; ``count`` wrong entries, all of them if ``complete``."""

    functional: Functional
    claimed: Array
    true: Array
    bound: Array
    complete: bool = False
    checked: list[Look] = field(default_factory=list)

    def put(self, i: int, each: Look) -> None:
        """One entry that was measured on its own."""
        self.true[i] = float(each.estimate.value) / each.v[i]
        self.bound[i] = each.bar / abs(each.v[i])


class Gatherer:
    """Gathers for one functional that differs."""

    def __init__(self, weighing: Weighing, scales: Scales, first: Look | None = None) -> None:
        self.weighing = weighing
        self.scales = scales
        self.n = scales.n
        looks = weighing.differs() or weighing.looks
        self.first = first or max(looks, key=lambda e: abs(e.residual) / max(e.bar, 1e-300))
        self.functional = self.first.functional
        self.rng = numpy.random.default_rng([scales.options.seed, 31])

    def gather(self) -> Gathered:
        """What is known when done, or when the budget is spent."""
        found = self._empty()
        with suppress(SpentError):  # nothing says that it is complete before it is
            if self.weighing.trusted and self.weighing.traced is not None:
                self._from_reverse_mode(found)
            elif self.n <= ALL:
                if not self._only_one(found):
                    self._every_entry(found)
            else:
                self._search(found)
        return found

    def _empty(self) -> Gathered:
        unknown = numpy.full(self.n, math.nan)
        vector = self.functional.vector
        claimed = numpy.full(self.n, math.nan) if vector is None else vector.copy()
        found = Gathered(self.functional, claimed, unknown, unknown.copy())
        for each in (*self.weighing.looks, *self.weighing.own):
            (there,) = numpy.nonzero(each.v)
            if len(there) == 1 and each.trouble is None and each.functional is self.functional:
                self._put(found, int(there[0]), each)
        return found

    def _put(self, found: Gathered, i: int, each: Look) -> None:
        found.put(i, each)
        if self.functional.vector is None:
            found.claimed[i] = each.claimed / each.v[i]

    def _from_reverse_mode(self, found: Gathered) -> None:
        """All entries from reverse mode; the worst is measured from the function's values too."""
        traced = self.weighing.traced
        assert traced is not None
        found.true = traced.vector.copy()
        found.bound = allowed(self.scales, self.functional, traced)
        apart = numpy.abs(found.claimed - found.true)
        own = ROUNDINGS * (numpy.asarray(self.functional.noise) + traced.noise)
        found.bound = numpy.where(apart > found.bound, numpy.minimum(own, found.bound), found.bound)
        found.complete = True
        worst = int(numpy.argmax(numpy.abs(found.claimed - found.true)))
        with suppress(SpentError):  # it is known without
            found.checked.append(self._entry(worst))

    def _entry(self, i: int) -> Look:
        return entry_look(self.scales.oracle, self.functional, self.scales.size, i, _RTOL)

    def _only_one(self, found: Gathered) -> bool:
        """One wrong entry is found in a few evaluations, where another direction that differs agrees that it is all.

        The other entries are then right as far as that direction tells.
        """
        others = [
            e for e in self.weighing.differs() if e.functional is self.functional and e is not self.first
        ]
        others = [e for e in others if numpy.count_nonzero(e.v) == self.n]
        if not others or self.n <= FEW or numpy.count_nonzero(self.first.v) < self.n:
            return False
        finder = Finder(
            self.scales.oracle,
            self.functional,
            self.first,
            self.scales.size,
            self.scales.leaves,
            1,
            _READ / self.n,
        )
        entry = finder.only_one(others[0])
        if entry is None:
            return False
        vector = self.functional.vector
        assert vector is not None  # two directions have one functional: it is a gradient
        found.true = vector.copy()
        found.claimed = vector.copy()
        found.bound = others[0].threshold / numpy.abs(others[0].v)
        for i, each in finder.located.entries.items():
            self._put(found, i, each)
        found.complete = True
        return True

    def _every_entry(self, found: Gathered) -> None:
        for i in range(self.n):
            if not numpy.isfinite(found.true[i]):
                each = self._entry(i)
                if each.trouble is None:
                    self._put(found, i, each)
        found.complete = bool(numpy.isfinite(found.true).all())

    def _search(self, found: Gathered) -> None:
        finder = Finder(
            self.scales.oracle,
            self.functional,
            self.first,
            self.scales.size,
            self.scales.leaves,
            self.scales.options.seed,
        )
        try:
            located = finder.run(self._confirm)
        finally:
            for i, each in finder.located.entries.items():
                self._put(found, i, each)
        found.complete = located.complete
        if located.many:
            self._sample(found, located)

    def _confirm(self, k: int) -> Look:
        v = draw([self.scales.options.seed, 29, k], self.scales.size)
        return look(self.functional, self.scales.oracle, v)

    def _sample(self, found: Gathered, located: Located) -> None:
        """Some entries of every leaf, chosen at random (of the block, where the wrong ones are known to be in one)."""
        inside = numpy.ones(self.n, dtype=bool) if located.block is None else located.block
        for leaf in self.scales.leaves:
            (there,) = numpy.nonzero(inside[leaf.start : leaf.stop])
            count = min(_SAMPLE, max(4, _SAMPLES // len(self.scales.leaves)))
            for i in self.rng.permutation(there)[:count] + leaf.start:
                if not numpy.isfinite(found.true[i]):
                    each = self._entry(int(i))
                    if each.trouble is None:
                        self._put(found, int(i), each)
