"""A wrong claim by its own source: the one change of the user's gradient that makes it true in every entry.

It counts only if the changed claim is right in all known entries at the point, along the directions that were measured, and at one
more point, where the claim as it is, is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

from calcgrad.checking.diagnosing.correcting import (
    Budget,
    StoppedError,
    Target,
    Tick,
    Trials,
    apart,
    can_fork,
    search,
    told,
)
from calcgrad.checking.diagnosing.diagnosis import Diagnosis
from calcgrad.checking.diagnosing.evidence import Evidence, LeafEvidence, Source
from calcgrad.phrases import counted
from calcgrad.report.places import SourceRange

Array = Any
#: A correction leaves so little of what was wrong with the claim.
_EXACT = 1e-9
#: Seconds of the clock for one of the processor, on a busy machine.
_WALL = 8.0


def corrected_source(evidence: Evidence, budget: Budget) -> list[Diagnosis]:
    """The plainest change that makes the claim true, told once for every wrong leaf."""
    source = evidence.source
    if source is None or not evidence.wrong or not can_fork():
        return []
    leaves = evidence.leaves
    flat = [
        numpy.concatenate([part.ravel() for part in parts])
        for parts in zip(*map(_parts, leaves), strict=True)
    ]
    claimed, true, allowed, wrong, x = flat
    wrong = wrong.astype(bool)
    off = numpy.abs(claimed - true)[wrong]
    if not (numpy.max(allowed[wrong] / off) < 1e-2):
        return []  # nothing tells a correction from the claim
    sizes = list(evidence.dimensions)

    def work(tick: Tick, ask: Callable[[], Any]) -> tuple[str, str, SourceRange] | None:
        """In the child: the correction in words, and its place."""
        confirmed = evidence.confirmed or (lambda _: True)
        target = Target(claimed, true, allowed, wrong, confirmed, _Elsewhere(source, ask).agrees)
        found = search(
            Trials(source.call, source.run, x, target, budget, source.roots, tick, source.function)
        )
        return told(found[0], sizes) if found else None

    found = apart(work, source.slope, min(_WALL * budget.seconds, source.left()))
    if found is None:
        return []
    cause, detail, place = found
    known = int(numpy.isfinite(true).sum())
    extent = f"all {counted(known)}" if known > 1 else "the entry"
    measured = "" if known == len(true) else " that were measured"
    said = f"with this one change the claim is true in {extent}{measured}, and at another point"
    return [Diagnosis(cause, leaf, detail, said, known, place=place) for leaf in evidence.wrong]


def _parts(leaf: LeafEvidence) -> tuple[Array, ...]:
    return leaf.claimed, leaf.true, _allowed(leaf), leaf.wrong, leaf.x


def _allowed(leaf: LeafEvidence) -> Array:
    """How far a corrected entry may be from the truth: its bound, or far less than what is wrong."""
    off = float(numpy.max(numpy.abs(leaf.claimed - leaf.true)[leaf.wrong], initial=0.0))
    size = numpy.maximum(numpy.abs(numpy.nan_to_num(leaf.true)), numpy.abs(leaf.claimed))
    return numpy.maximum(2.0 * numpy.nan_to_num(leaf.bound), leaf.unit * size + _EXACT * off)


class _Elsewhere:
    """Whether a corrected claim is right at another point; the slope there is measured once, when it is first asked for."""

    def __init__(self, source: Source, measure: Callable[[], Any]) -> None:
        self._source, self._measure = source, measure
        self._measured: tuple[Array, Array, float, float] | None = None
        self._asked = False

    def agrees(self, claim: Callable[[Array], Array]) -> bool:
        """Whether a claim agrees with the function there."""
        if not self._asked:
            self._asked, self._measured = True, self._measure()
        if self._measured is None:
            return False
        point = self._measured[0]
        try:
            found = claim(point)
        except (Exception, SystemExit, StoppedError):
            return False
        value = self._value()
        wrong = not self._fits(self._source.run(self._source.call, point))
        return wrong and self._fits(found) and value == self._value()

    def _value(self) -> float | None:
        """What the function gave in the last run, of a pair of it and its gradient; ``None`` of a gradient alone."""
        return None if self._source.value is None else float(numpy.sum(self._source.value()))

    def _fits(self, found: Array) -> bool:
        assert self._measured is not None
        _, direction, value, error = self._measured
        size = float(numpy.sum(numpy.abs(found * direction)))
        return bool(abs(float(numpy.sum(found * direction)) - value) <= error + 1e-9 * size)
