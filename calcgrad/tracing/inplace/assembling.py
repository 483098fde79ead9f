"""Pieces of several values put together to one, by operations of the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from calcgrad.tracing.traced import Traced, apply

#: Of so many pieces for each value they come from, the values are gathered first and brought into order afterwards.
_SCATTERED = 4


def flat(value: Any) -> Any:
    """A traced value in a row; a number stays one."""
    shape = value.shape
    return value if len(shape) < 2 else apply("reshape", value, params=((value.size,),))


def in_precision(value: Any, dtype: Any) -> Any:
    """A traced value in another precision; a real one becomes complex by an operation whose adjoint is real."""
    if dtype.kind == "c" != value.dtype.kind:
        value = apply("as_complex", value)
    return value if value.dtype == dtype else apply("astype", value, params=(dtype.name,))


def part(value: Any, places: Any) -> Any:
    """The entries of a value in a row at places, as a row; a number is repeated."""
    if not value.shape:
        return apply("broadcast_to", value, params=((len(places),),))
    run = slice_of(places)
    if run is None:
        return apply("getitem", value, params=(places.copy(),))
    whole = run.start == 0 and len(places) == value.shape[0] and run.step == 1
    return value if whole else value[run]


def slice_of(places: Any) -> slice | None:
    """Evenly spaced places as a slice, ``None`` for others."""
    n, first = len(places), int(places[0])
    if n == 1:
        return slice(first, first + 1, 1)
    step = int(places[1]) - first
    last = int(places[-1])
    if step == 0 or last - first != step * (n - 1) or (n > 2 and numpy.any(numpy.diff(places) != step)):
        return None
    stop: int | None = last + (1 if step > 0 else -1)
    return slice(first, None if stop is not None and stop < 0 else stop, step)


def assembled(origins: Any, places: Any, numbers: Any, sources: Sequence[Any]) -> Any:
    """A row of entries: of ``sources[origin]`` in a row at ``place``, of ``numbers`` where the origin is -1.

    All three are rows of the same length.
    """
    cuts = numpy.flatnonzero(origins[1:] != origins[:-1])
    if not len(cuts):
        return part(sources[int(origins[0])], places)
    starts = [0, *(cuts + 1).tolist(), len(origins)]
    owners = origins[starts[:-1]].tolist()
    distinct = set(owners)
    if len(owners) > _SCATTERED + 2 * len(distinct):
        return _gathered(sorted(distinct), origins, places, numbers, sources)
    parts: list[Any] = []
    single: list[Any] = []  # numbers in a row become one vector
    for owner, start, stop in zip(owners, starts, starts[1:], strict=False):
        source = None if owner < 0 else sources[owner]
        if stop - start == 1 and (source is None or not source.shape):
            single.append(numbers[start] if source is None else source)
            continue
        _close(single, parts)
        parts.append(numbers[start:stop] if source is None else part(source, places[start:stop]))
    _close(single, parts)
    return joined(parts)


def _close(single: list[Any], parts: list[Any]) -> None:
    if single:
        traced = any(isinstance(s, Traced) for s in single)
        parts.append(apply("vector", *single) if traced else numpy.array(single))
        single.clear()


def joined(parts: Sequence[Any]) -> Any:
    """Rows one after the other."""
    return parts[0] if len(parts) == 1 else apply("concatenate", *parts, params=(0,))


def _gathered(owners: Sequence[int], origins: Any, places: Any, numbers: Any, sources: Sequence[Any]) -> Any:
    """What comes from each source side by side, and then in order."""
    parts: list[Any] = []
    order = numpy.empty(len(origins), numpy.int64)
    start = 0
    single: list[Any] = []
    ranked = numpy.argsort(origins, kind="stable")
    bounds = numpy.searchsorted(origins[ranked], [*owners, owners[-1] + 1])
    for owner, begin, end in zip(owners, bounds, bounds[1:], strict=False):
        where = ranked[begin:end]
        order[where] = numpy.arange(start, start + len(where))
        start += len(where)
        source = None if owner < 0 else sources[owner]
        if len(where) == 1 and source is not None and not source.shape:
            single.append(source)
            continue
        _close(single, parts)
        parts.append(numbers[where] if source is None else part(source, places[where]))
    _close(single, parts)
    return part(joined(parts), order)
