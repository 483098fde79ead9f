"""Indices that are off by one on the way back: a label counted from 1, a slice cut one place too early or too late."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy

from calcgrad.checking.diagnosing.changes import Altered, Site, replaced
from calcgrad.checking.diagnosing.located import Instruction, Located, source_of
from calcgrad.checking.diagnosing.sweeps import Change

Array = Any
#: In two places one beside the other is the other one: an exchange.
_LEAST = 3


def off_by_one(site: Site) -> Iterator[Altered]:
    """Entries are put back one place before or after those that were taken."""
    if site.op != "getitem" or site.active != [0]:
        return
    for axis in range(len(site.step[4])):
        for by in (1, -1):
            side = "after" if by > 0 else "before"
            detail = f"what goes back through {site.text} is put one place {side} the entries that were taken"
            yield site.altered(replaced(0, partial(_moved, axis, by)), "off-by-one", detail)


def exchanged(found: Located) -> Iterator[Altered]:
    """Two parts of one array, each put back in the other's place: gates of a cell in the wrong order."""
    parts: dict[Instruction, list[int]] = {}
    for k, place in enumerate(found.places):
        step = found.steps[k]
        if place and step is not None and step[1] == "getitem" and step[2][0] is not None:
            parts.setdefault(place[0], []).append(k)
    places = list(parts)
    for n, first in enumerate(places):
        for second in places[n + 1 :]:
            pairs = list(zip(parts[first], parts[second], strict=False))
            if len(parts[first]) != len(parts[second]) or not all(_alike(found, a, b) for a, b in pairs):
                continue
            changes: dict[int, Change] = {}
            for a, b in pairs:
                changes[a] = replaced(0, partial(_put, found.steps[b][4]))
                changes[b] = replaced(0, partial(_put, found.steps[a][4]))
            detail = f"what goes back through {source_of(first)} and {source_of(second)} is put into each other's place"
            yield Altered(changes, "permuted", detail)


def _alike(found: Located, a: int, b: int) -> bool:
    """Whether two parts are of one shape, and of arrays of one shape."""
    one, other = found.steps[a], found.steps[b]
    return bool(
        numpy.shape(one[5]) == numpy.shape(other[5]) and numpy.shape(one[3][0]) == numpy.shape(other[3][0])
    )


def _put(index: Any, step: Any, d: Any) -> Any:
    back = numpy.zeros(numpy.shape(step[3][0]))
    numpy.add.at(back, tuple(index), d)
    return back


def _moved(axis: int, by: int, step: Any, d: Any) -> Any:
    """The adjoint scattered with one index moved, round the end where it is the last."""
    shape, index = numpy.shape(step[3][0]), list(step[4])
    if Ellipsis in [i for i in index if i is Ellipsis] or any(i is None for i in index) or axis >= len(shape):
        return None
    length, at = shape[axis], index[axis]
    if length < _LEAST:
        return None
    if isinstance(at, slice):
        taken = numpy.arange(length)[at]
        if len(taken) == length:
            return None
        moved = taken + by
        kept = (moved >= 0) & (moved < length)
        if not kept.all() or any(not isinstance(i, (slice, int, numpy.integer)) for i in index):
            return None
        index[axis] = slice(int(moved[0]), int(moved[-1]) + 1, at.step) if at.step in (None, 1) else None
        if index[axis] is None:
            return None
    elif isinstance(at, numpy.ndarray) and at.dtype.kind in "iu":
        if at.ndim == 1 and len(at) > 1 and numpy.array_equal(at, numpy.arange(length)):
            return None
        index[axis] = (at + by) % length
    elif isinstance(at, (int, numpy.integer)):
        index[axis] = (int(at) + by) % length
    else:
        return None
    return _put(tuple(index), step, d)
