"""Claims that were kept from an earlier call: the answer at another point is the same, to the last bit."""

from __future__ import annotations

import numpy

from calcgrad.checking.diagnosing.diagnosis import Diagnosis
from calcgrad.checking.diagnosing.evidence import Evidence, LeafEvidence
from calcgrad.checking.measuring.deadline import SpentError
from calcgrad.phrases import counted

#: The point moves by this share of itself, plus this much.
_MOVE = 0.03
#: A function whose slope changes by less than this share is a straight line.
_CURVED = 1e-6


def kept(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """The claim does not change with the point, where the truth of the leaf is not one number everywhere."""
    if everything.claim is None or everything.moved is None or not e.claimed.any():
        return None
    x = numpy.concatenate([leaf.x.ravel() for leaf in everything.leaves])
    moved = x + _MOVE * numpy.where(x >= 0.0, 1.0, -1.0) * (numpy.abs(x) + 0.1)
    there = everything.claim(moved)
    if there is None:
        return None
    here = numpy.concatenate([leaf.claimed.ravel() for leaf in everything.leaves])
    if not numpy.array_equal(there, here):
        return None
    if _straight(e, everything):
        return None
    text = "the claim is the same at another point, to the last bit: kept from an earlier call, or made of other values"
    return Diagnosis(
        "stale", e, text, f"{counted(len(x))} did not change when every entry of the point did", len(x)
    )


def _straight(e: LeafEvidence, everything: Evidence) -> bool:
    """Whether the function is a straight line in the worst entry: its slope does not change there either."""
    assert everything.moved is not None
    off = numpy.where(e.wrong, numpy.abs(e.claimed - e.true), 0.0)
    worst = int(numpy.argmax(off))
    h = _MOVE * (abs(float(e.x.flat[worst])) + 1.0)
    try:
        left, here, right = (everything.moved(e.leaf.start + worst, by) for by in (-h, 0.0, h))
    except SpentError:
        return True
    return not abs(right - 2.0 * here + left) > _CURVED * (abs(right - here) + abs(here - left))
