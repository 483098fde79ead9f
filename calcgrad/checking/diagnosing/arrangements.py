"""Claims whose numbers are right and in the wrong place: transposed, shifted, swapped with another argument."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy

from calcgrad.checking.diagnosing.diagnosis import Diagnosis
from calcgrad.checking.diagnosing.evidence import Evidence, LeafEvidence
from calcgrad.phrases import counted

Array = Any
#: A rearrangement must explain so many wrong entries: fewer may be chance.
_LEAST = 2


def transposed(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """The claim has two axes the wrong way round, or was put into the leaf's shape without being transposed."""
    if e.claimed.ndim < 2:
        return None
    for what, corrected in _transposes(e.claimed):
        found = _fits("transposed", e, corrected, f"claimed is the true gradient with {what}")
        if found is not None:
            return found
    return None


def _transposes(claimed: Array) -> Iterator[tuple[str, Array]]:
    for a, b in combinations(range(claimed.ndim), 2):
        if claimed.shape[a] == claimed.shape[b]:
            yield f"axes {a} and {b} exchanged", claimed.swapaxes(a, b)
    if claimed.ndim == 2 and claimed.shape[0] != claimed.shape[1]:
        turned = claimed.shape[::-1]
        yield "rows and columns exchanged and then reshaped", claimed.reshape(turned).T
        yield "reshaped and then rows and columns exchanged", claimed.T.reshape(claimed.shape)


def shifted(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """The claim is the truth moved by one along an axis; what falls off the end may come back in or be anything."""
    for axis in range(e.claimed.ndim):
        if e.claimed.shape[axis] < 4:
            continue
        for by in (1, -1, 2, -2):
            corrected = numpy.roll(e.claimed, -by, axis)
            what = f"claimed is the true gradient moved by {by:+d} along axis {axis}"
            found = _fits("shifted", e, corrected, what)
            if found is None:
                inner = numpy.ones(e.claimed.shape, dtype=bool)
                ends: list[Any] = [slice(None)] * e.claimed.ndim
                ends[axis] = slice(-by, None) if by > 0 else slice(None, -by)
                inner[tuple(ends)] = False
                found = _fits("shifted", e, corrected, what + ", the ends apart", inner)
            if found is not None:
                return found
    return None


def swapped(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """The claim for this leaf is what is true for another, and the other way round."""
    for other in everything.leaves:
        if other is e or other.claimed.size != e.claimed.size or not other.wrong.any():
            continue
        for turn in (False, True):
            mine = _as(other.claimed, e.claimed.shape, turn)
            theirs = _as(e.claimed, other.claimed.shape, turn)
            if mine is None or theirs is None or not other.explains(theirs):
                continue
            found = _fits("swapped", e, mine, f"the gradients of {e.path} and {other.path} are exchanged")
            if found is not None:
                return found
    return None


def _as(values: Array, shape: tuple[int, ...], turn: bool) -> Array | None:
    if turn:
        values = values.T
    return values if values.shape == shape else None


def _fits(
    cause: str, e: LeafEvidence, corrected: Array, detail: str, among: Array | None = None
) -> Diagnosis | None:
    """A finding, where the rearranged claim explains all known entries and the wrong ones really move."""
    wrong = e.wrong if among is None else e.wrong & among
    moved = int(wrong.sum())
    distinct = len(numpy.unique(e.true[wrong])) if moved else 0
    if moved < _LEAST or distinct < _LEAST or not e.explains(corrected, among):
        return None
    if among is not None and (moved < 4 or 2 * moved < int(e.wrong.sum())):
        return None
    evidence = f"{counted(moved, 'wrong entry')} found in their place, each within its error bar"
    return Diagnosis(cause, e, detail, evidence, moved, corrected if among is None else None)
