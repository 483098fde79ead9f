"""The blocks that wrong entries form: a whole argument, a row, a column, a slice along an axis, a stride."""

from __future__ import annotations

from typing import Any

import numpy

from calcgrad.checking.diagnosing.evidence import LeafEvidence
from calcgrad.report.claims import Pattern, WrongRuns

Array = Any
#: A block of fewer entries is not worth a word.
_LEAST = 2
_MOST = 6


def runs_of(e: LeafEvidence) -> WrongRuns:
    """The places of all wrong entries of a leaf, as runs of flat indices.

    >>> from calcgrad.checking.diagnosing.evidence import evidence_of
    >>> from calcgrad.checking.measuring.subject import Leaf
    >>> claimed, true = numpy.arange(1.0, 7.0), numpy.array([0.0, 2.0, 3.0, 5.0, 6.0, 7.0])
    >>> e = evidence_of((Leaf("w", (2, 3), "float64", 0, 6),), numpy.ones(6), claimed, true, numpy.full(6, 1e-9))
    >>> runs_of(e.leaves[0])
    WrongRuns(argument='w', runs=((0, 1), (3, 6)))
    """
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[0], e.wrong.ravel().astype(numpy.int8), [0]])))
    return WrongRuns(e.path, tuple(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)))


def patterns(e: LeafEvidence) -> list[Pattern]:
    """The blocks of a leaf all of whose known entries are wrong, while none outside is; entries that are truly 0 are no objection.

    >>> from calcgrad.checking.diagnosing.evidence import evidence_of
    >>> from calcgrad.checking.measuring.subject import Leaf
    >>> claimed, true = numpy.arange(1.0, 7.0), numpy.array([1.0, 2.0, 3.0, 5.0, 6.0, 7.0])
    >>> leaf = Leaf("w", (2, 3), "float64", 0, 6)
    >>> e = evidence_of((leaf,), numpy.ones(6), claimed, true, numpy.full(6, 1e-9))
    >>> [(p.kind, p.index, p.count) for p in patterns(e.leaves[0])]
    [('row', (1, None), 3)]
    """
    if int(e.wrong.sum()) < _LEAST:
        return []
    silent = ~e.known | ((e.true == 0.0) & (e.claimed == 0.0))
    full = e.wrong | silent
    if bool(full.all()):
        count = e.wrong.size if e.whole else int(e.wrong.sum())
        what = "every entry" if e.whole else f"all {int(e.wrong.sum())} entries measured"
        return [Pattern("argument", e.path, tuple([None] * e.wrong.ndim), count, f"{what} of {e.path}")]
    for axis in range(e.wrong.ndim):
        found = _slices(e, full, axis)
        if found:
            return found
    stride = _stride(e)
    return [stride] if stride else []


def _slices(e: LeafEvidence, full: Array, axis: int) -> list[Pattern]:
    """Whole slices along an axis, where they hold all of the wrong entries."""
    if e.wrong.ndim < 2:
        return []
    others = tuple(a for a in range(e.wrong.ndim) if a != axis)
    some, every = e.wrong.any(axis=others), full.all(axis=others)
    places = numpy.nonzero(some)[0]
    if not len(places) or len(places) > _MOST or not bool(every[places].all()):
        return []
    counts = e.wrong.sum(axis=others)
    if int(counts[places].min()) < _LEAST:
        return []
    two = e.wrong.ndim == 2
    kind: Any = ("row" if axis == 0 else "column") if two else "slice"
    found = []
    for place in places:
        index: list[int | None] = [None] * e.wrong.ndim
        index[axis] = int(place)
        spelled = ", ".join(":" if i is None else str(i) for i in index)
        found.append(
            Pattern(kind, e.path, tuple(index), int(counts[place]), f"{kind} {place}: {e.path}[{spelled}]")
        )
    return found


def _stride(e: LeafEvidence) -> Pattern | None:
    """Every k-th entry, in the order of memory, from the first wrong one on."""
    places = numpy.nonzero(e.wrong.ravel())[0]
    if len(places) < 4 or not e.whole:
        return None
    steps = numpy.diff(places)
    k = int(steps[0])
    if k < 2 or not bool(numpy.all(steps == k)) or places[-1] + k < e.wrong.size or places[0] >= k:
        return None
    text = f"every {k}th entry of {e.path}, from the {int(places[0])}th on"
    return Pattern("stride", e.path, tuple([None] * e.wrong.ndim), len(places), text)
