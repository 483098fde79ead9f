"""Which entries are wrong: positions coded into the sizes of one direction, and random halving where several are.

The claim's error along w is ``r(w) = Σ e_i w_i``. With one wrong entry, ``w_i = v_i(1 + c_i)`` for codes c_i in [0, 1) gives
``r(w)/r(v) - 1 = c_i``: a measurement reads a digit of the index, in a base as large as the accuracy allows (the weighing of coins
with an exact balance; group testing, R. Dorfman, *The detection of defective members of large populations*, Ann.
Math. Statist. 14, 1943). With several, a random half is measured; the other half's error is the rest. Nothing counts that was not
then measured on its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy

from calcgrad.checking.deciding.deciding import Look, look
from calcgrad.checking.measuring.functionals import Functional, norm
from calcgrad.checking.measuring.oracle import ALL_DIGITS, Oracle, Wish
from calcgrad.checking.measuring.subject import Leaf

Array = Any
#: A digit is read in a base of at most the accuracy over this, so that its error is a small part of a unit.
_MARGIN = 64.0
_OFF_CENTRE = 0.12
_BASES = 1 << 17
#: An error below so many times that of the measurement is none.
_NOISE = 8.0
#: An entry is verified to this accuracy first.
_RTOL = 1e-8
#: Measurements are as good as this share of what the claim is off by, if no other is asked for.
_SHARE = 1e-7
#: A quick measurement is believed where it differs by so many bars.
_PLAIN = 1e4
#: After so many entries, or so many measurements, the wrong ones count as many.
MOST_FOUND = 24
MOST_MEASURED = 160


@dataclass(slots=True)
class Located:
    """The wrong entries found, each with its own look, and whether nothing else is wrong as far as can be seen.

    ``many`` says that the search was given up because there are too many; ``block`` is where they all are, if known.
    """

    entries: dict[int, Look] = field(default_factory=dict)
    complete: bool = False
    many: bool = False
    block: Array | None = None


class Finder:
    """Looks for the wrong entries of one functional, starting from a look that differs."""

    def __init__(
        self,
        oracle: Oracle,
        functional: Functional,
        first: Look,
        size: Array,
        leaves: Sequence[Leaf],
        seed: int,
        share: float = _SHARE,
    ) -> None:
        self.oracle = oracle
        self.functional = functional
        self.first = first
        self.size = size
        self.leaves = leaves
        self.n = len(size)
        self.rng = numpy.random.default_rng([seed, 5])
        self.located = Located()
        self.measured = 0
        self.step, self.pairs, self.error = _shortest(oracle, functional, first, share)
        self._correction = numpy.zeros(self.n)

    def run(self, confirm: Callable[[int], Look]) -> Located:
        """Find until a fresh direction (``confirm`` makes them) sees nothing else, or there are too many."""
        v, residual = self.first.v, self.first.residual
        everywhere = numpy.arange(self.n)
        for attempt in range(4):
            before = len(self.located.entries)
            left = self._single(v, residual, everywhere)
            if left is None or abs(left) >= _NOISE * self.error:
                left = residual if left is None else left
                if self._in_block(v, left) or self._is_dense(v):
                    self.located.many = True
                    return self.located
                self._search(v, left)
            if self.located.many or len(self.located.entries) == before:
                return self.located
            fresh = confirm(attempt)
            rest = fresh.residual - float(numpy.sum(self._correction * fresh.v))
            if abs(rest) <= fresh.bar + self._uncertainty(fresh.v):
                self.located.complete = True
                return self.located
            v, residual = fresh.v, rest
        return self.located

    def only_one(self, other: Look) -> int | None:
        """The one wrong entry, which explains another direction's error too; ``None`` where there are several, or it is vague."""
        left = self._single(self.first.v, self.first.residual, numpy.arange(self.n))
        if left is None or abs(left) > self.first.bar + self._uncertainty(self.first.v):
            return None
        rest = other.residual - float(numpy.sum(self._correction * other.v))
        if abs(rest) > other.bar + self._uncertainty(other.v):
            return None
        self.located.complete = True
        return next(iter(self.located.entries))

    def _is_dense(self, v: Array) -> bool:
        """Whether two random 64ths of the entries both have an error: then there are dozens."""
        for _ in range(2):
            few = self.rng.permutation(self.n)[: max(1, self.n // 64)]
            if abs(self._residual(_only(v, few))) < _NOISE * self.error:
                return False
        return True

    def _in_block(self, v: Array, r: float) -> bool:
        """Whether all of the error is in one row or column of one leaf; the block is then noted."""
        inside = numpy.ones(self.n, dtype=bool)
        if len(self.leaves) > 1:
            which = numpy.concatenate([numpy.full(leaf.size, k) for k, leaf in enumerate(self.leaves)])
            found = self._one_group(v, r, which, inside)
            if found is None:
                return False
            inside = which == found
        leaf = next(leaf for leaf in self.leaves if inside[leaf.start])
        for axis in range(len(leaf.shape) if len(leaf.shape) > 1 else 0):
            which = numpy.full(self.n, -1)
            places = numpy.indices(leaf.shape)[axis].ravel()
            which[leaf.start : leaf.stop] = places
            found = self._one_group(v, r, which, inside)
            if found is not None:
                inside = inside & (which == found)
        if int(inside.sum()) == leaf.size:
            return False
        self.located.block = inside
        return True

    def _one_group(self, v: Array, r: float, which: Array, inside: Array) -> int | None:
        """The one group of entries that has all of the error, read from a code of the groups and verified; or ``None``."""
        count = int(which.max()) + 1
        if count < 2 or abs(r) / self.error < _MARGIN * count:
            return None
        w = numpy.where(inside, v * (1.0 + (which + 0.5) / count), 0.0)
        code = (self._residual(w) / r - 1.0) * count - 0.5
        group = round(code)
        if not 0 <= group < count or abs(code - group) > _OFF_CENTRE:
            return None
        alone = self._residual(numpy.where(inside & (which == group), v, 0.0))
        return group if abs(alone - r) <= _NOISE * self.error + 1e-6 * abs(r) else None

    def _search(self, v: Array, residual: float) -> None:
        """Work through sets of entries, the one with the largest error first."""
        waiting: list[tuple[float, Array]] = [(residual, numpy.arange(self.n))]
        while waiting:
            waiting.sort(key=lambda each: abs(each[0]))
            r, inside = waiting.pop()
            if abs(r) < _NOISE * self.error:
                return  # all others have less
            if len(self.located.entries) >= MOST_FOUND or self.measured >= MOST_MEASURED:
                self.located.many = True
                return
            left = self._single(v, r, inside)
            if left is None and len(inside) > 1:
                half = self.rng.permutation(inside)[: len(inside) // 2]
                part = self._residual(_only(v, half))
                waiting += [(part, numpy.sort(half)), (r - part, numpy.setdiff1d(inside, half))]
            elif left is not None and abs(left) >= _NOISE * self.error:
                waiting.append((left, inside))

    def _single(self, v: Array, r: float, inside: Array) -> float | None:
        """Read the index of a single wrong entry and verify it; the error then left in the set, or ``None``."""
        low, high = 0, len(inside)
        base = int(max(2, min(_BASES, abs(r) / self.error / _MARGIN)))
        while high - low > 1:
            cells = min(base, high - low)
            cell = (numpy.arange(high - low) * cells) // (high - low)
            w = numpy.zeros(self.n)
            chosen = inside[low:high]
            w[chosen] = v[chosen] * (1.0 + (cell + 0.5) / cells)
            code = (self._residual(w) / r - 1.0) * cells - 0.5
            if not -0.5 < code < cells - 0.5 or abs(code - round(code)) > _OFF_CENTRE:
                return None
            (there,) = numpy.nonzero(cell == round(code))
            low, high = low + int(there[0]), low + int(there[-1]) + 1
        return self._verified(v, r, int(inside[low]))

    def _verified(self, v: Array, r: float, i: int) -> float | None:
        if i in self.located.entries:
            return None
        alone = entry_look(self.oracle, self.functional, self.size, i, _RTOL, self._start())
        if alone.state != "differs":
            return None
        self.located.entries[i] = alone
        error = alone.residual / alone.v[i]
        self._correction[i] = error
        return float(r - error * v[i])

    def _start(self) -> float | None:
        """The spacing at which a few points along an entry should do: less than that of the first look's whole grid."""
        first = self.first.estimate
        return 0.5 * self.step if first.status == "ok" and first.step else None

    def _residual(self, w: Array) -> float:
        """The claim's error along ``w`` beyond what was found."""
        self.measured += 1
        claimed, _ = self.functional.claimed(w)
        if self.functional.second is None:
            true = self.oracle.quick(w, self.functional.reduce, self.step, self.pairs)
        else:
            true = float(self.functional.measured(self.oracle, w).value)
        return claimed - true - float(numpy.sum(self._correction * w))

    def _uncertainty(self, v: Array) -> float:
        bars = [each.bar / abs(each.v[i]) * abs(float(v[i])) for i, each in self.located.entries.items()]
        return math.fsum(bars)


def entry_look(
    oracle: Oracle,
    functional: Functional,
    size: Array,
    i: int,
    rtol: float | None = None,
    step: float | None = None,
) -> Look:
    """The look along the coordinate of one entry: to ``rtol`` first, and as well as can be where that says nothing.

    ``step`` is a spacing to begin with.
    """
    v = numpy.zeros(len(size))
    v[i] = size[i]
    each = look(functional, oracle, v, wish=ALL_DIGITS if rtol is None else Wish(rtol, step))
    if rtol is None:
        return each
    # A quick measurement has not seen the function's noise: what it finds only just different is measured well.
    vague = each.state != "differs" and each.bar > 1e-6 * abs(each.claimed)
    narrow = each.state == "differs" and abs(each.residual) < _PLAIN * each.bar
    return look(functional, oracle, v) if vague or narrow else each


def _only(v: Array, chosen: Array) -> Array:
    w = numpy.zeros(len(v))
    w[chosen] = v[chosen]
    return w


def _shortest(oracle: Oracle, functional: Functional, first: Look, share: float) -> tuple[float, int, float]:
    """The step, the fewest pairs of points that measure well enough there, and the error to reckon with.

    ``share`` is the error that is small enough, as a share of what the claim is off by. All eight pairs of the first
    look's own grid are known, so that trying fewer costs nothing.
    """
    estimate = first.estimate
    bound = max(float(estimate.error_bound), first.rounding / 4.0, 1e-300)
    step = float(estimate.step or 0.0)
    if functional.second is not None or not step:
        return step or 1e-3, 8, bound
    size = norm(numpy.array([float(estimate.value), first.residual]))
    off = bound
    for pairs in range(2, 9):
        off = abs(oracle.quick(first.v, functional.reduce, step, pairs) - float(estimate.value))
        if 30.0 * off <= max(3.0 * bound, share * abs(first.residual)) and off <= 1e-3 * size:
            return step, pairs, max(30.0 * off, bound)
    return step, 8, max(3.0 * bound, 3.0 * off)
