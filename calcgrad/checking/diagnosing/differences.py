"""Claims that are finite differences: the difference quotient with the step that was used gives the same digits again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy

from calcgrad.checking.diagnosing.diagnosis import Diagnosis, number
from calcgrad.checking.diagnosing.evidence import Evidence, LeafEvidence
from calcgrad.checking.measuring.deadline import SpentError
from calcgrad.phrases import counted, size

Array = Any
#: A value of the function with one entry of the flat point moved.
Moved = Callable[[int, float], float]
_EPS = 2.0**-52
#: A claim that is further off than this, relative to its leaf's largest entry, is no finite difference.
_CLOSE = 0.05
#: The rounding of single precision.
_SINGLE = 2.0**-22
#: Differences are looked for at this many steps, the likeliest first, in the worst entry; each costs two evaluations.
_MOST = 8
#: Entries that are right to this share of the worst one's error speak against it, where most are.
_UNTOUCHED = 1e-4
#: And confirmed in so many entries besides.
_CONFIRMED = 3
#: Steps that people write: powers of ten, and the roots of the unit of rounding.
_STEPS = (*(10.0**-k for k in range(1, 13)), _EPS ** (1 / 2), _EPS ** (1 / 3), _EPS ** (1 / 4))


@dataclass(frozen=True, slots=True)
class Step:
    """A way to choose the step: ``size`` as it is, or times a measure of x."""

    size: float
    how: str
    of: Callable[[float], float]

    def at(self, x: float) -> float:
        """The step in an entry of this size."""
        return self.size * self.of(x)

    def __str__(self) -> str:
        return f"{number(self.size)}{self.how}"


_MEASURES: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("", lambda x: 1.0),
    (" · |x|", abs),
    (" · max(1, |x|)", lambda x: max(1.0, abs(x))),
)


def finite_difference(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """The worst entry, and some others, are a forward, backward or central difference, to the rounding of the quotient."""
    moved = everything.moved
    top = float(numpy.max(numpy.abs(e.true[e.known]), initial=0.0))
    off = numpy.where(e.known, numpy.abs(e.claimed - e.true), 0.0)
    if moved is None or not e.wrong.any() or not top or float(off.max()) > _CLOSE * top:
        return None
    if e.single and float(off.max()) <= _SINGLE * top:
        return None  # quotients over a step of a power of two lie on the same lattice as numbers in single precision
    if e.whole and numpy.mean(numpy.maximum(off, e.bound) < _UNTOUCHED * float(off.max())) > 0.5:
        return None
    worst, *others = (int(i) for i in numpy.argsort(-off.ravel())[: 1 + _CONFIRMED] if off.ravel()[i] > 0.0)
    try:
        for step in _candidates(float(off.max()) / top, float(e.x.flat[worst])):
            for kind in _reproduced(e, moved, worst, step):
                same = 1 + sum(kind in _reproduced(e, moved, i, step) for i in others)
                if 2 * same > 1 + len(others):
                    return _found(e, kind, step, same, 1 + len(others), float(off.max()) / top)
    except SpentError:
        return None
    return None


def _found(e: LeafEvidence, kind: str, step: Step, same: int, tried: int, share: float) -> Diagnosis:
    text = f"the claim is a {kind} difference with the step {step}, right to {size(share, 1)} of the largest entry"
    evidence = f"the quotient gives the claim's own digits in {same} of {counted(tried)} tried"
    return Diagnosis("finite-difference", e, text, evidence, same)


def _candidates(off: float, x: float) -> Iterator[Step]:
    """Steps, the likeliest first: those whose truncation or rounding is about what the claim is off by."""

    def unlikely(size: float) -> float:
        guesses = (size / 2.0, size * size / 6.0, _EPS / size)
        return min(abs(math.log(guess / off)) for guess in guesses)

    sizes = sorted(_STEPS, key=unlikely)[:_MOST]
    for how, of in _MEASURES:
        if how and of(x) in (0.0, 1.0):
            continue
        yield from (Step(size, how, of) for size in (sizes[:4] if how else sizes))


def _reproduced(e: LeafEvidence, moved: Moved, i: int, step: Step) -> list[str]:
    """Which difference quotients at this step are the claim in entry i, and not merely close to the truth."""
    h, place = step.at(float(e.x.flat[i])), e.leaf.start + i
    claimed, true = float(e.claimed.flat[i]), float(e.true.flat[i])
    here, right, left = moved(place, 0.0), moved(place, h), moved(place, -h)
    if not h or not all(map(math.isfinite, (here, right, left))):
        return []
    quotients = {
        "forward": (right - here) / h,
        "central": (right - left) / (2.0 * h),
        "backward": (here - left) / h,
    }
    rounding = 2.0 * _EPS * max(abs(here), abs(right)) / h + 4.0 * _EPS * abs(claimed)
    allowed = min(rounding, 0.02 * abs(claimed - true))
    return [kind for kind, value in quotients.items() if abs(value - claimed) <= allowed]
