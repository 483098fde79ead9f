"""Claims whose entries are the true ones in another order: which entries went where, and what that order is called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy

from calcgrad.checking.diagnosing.arrangements import shifted, swapped, transposed
from calcgrad.checking.diagnosing.diagnosis import Diagnosis
from calcgrad.checking.diagnosing.evidence import Evidence, LeafEvidence
from calcgrad.phrases import counted

Array = Any
_LEAST = 2
#: What is one of these is told as such.
_PLAINER = (transposed, shifted, swapped)
#: Two of the true entries must be so much further apart than their bounds for their order to be known.
_APART = 8.0


def permuted(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """The claimed entries are the true ones in another order; the order has a name where it is a usual one."""
    if not e.whole or int(e.wrong.sum()) < _LEAST or any(plain(e, everything) for plain in _PLAINER):
        return None
    for words, order in _orders(e.claimed.shape):
        back = numpy.argsort(order.ravel())
        if int(e.wrong.sum()) > _LEAST and e.explains(e.claimed.ravel()[back].reshape(e.claimed.shape)):
            return _found(e, order.ravel(), words)
    source = _sources(e)
    if source is None or numpy.array_equal(source, numpy.arange(source.size)):
        return None
    return _found(e, source, _name(source, e.claimed.shape, e.path))


def _found(e: LeafEvidence, source: Array, words: str) -> Diagnosis | None:
    moved = int((source != numpy.arange(source.size)).sum())
    if moved < _LEAST:
        return None
    text = f"claimed is the true gradient {words}"
    corrected = e.claimed.ravel()[numpy.argsort(source)].reshape(e.claimed.shape)
    evidence = (
        f"all {counted(e.claimed.size)} found, {moved} of them in another place, each within its error bar"
    )
    return Diagnosis("permuted", e, text, evidence, moved, corrected)


def _sources(e: LeafEvidence) -> Array | None:
    """For each place of the claim the place of the true entry that stands there; ``None`` where some entry is no true one.

    Entries that are right stay where they are; among the wrong ones all must differ.
    """
    claimed, true, bound = e.claimed.ravel(), e.true.ravel(), e.bound.ravel()
    (places,) = numpy.nonzero(e.wrong.ravel())
    have, are = places[numpy.argsort(claimed[places])], places[numpy.argsort(true[places])]
    allowed = 2.0 * (bound[are] + bound[have]) + e.unit * numpy.abs(true[are])
    if bool(numpy.any(numpy.abs(claimed[have] - true[are]) > allowed)):
        return None
    gaps = numpy.diff(numpy.sort(true[places]))
    if not len(gaps) or float(gaps.min()) <= _APART * float(allowed.max()):
        return None
    source = numpy.arange(claimed.size)
    source[have] = are
    return source


def _name(source: Array, shape: tuple[int, ...], path: str) -> str:
    """The order in words: of the whole array where it is a usual one, else of the block that is out of order."""
    for words, order in _orders(shape):
        if numpy.array_equal(source, order.ravel()):
            return words
    (moved,) = numpy.nonzero(source != numpy.arange(source.size))
    if len(moved) == 2:
        first, second = (_at(int(i), shape) for i in moved)
        return f"with entries {first} and {second} exchanged"
    along = _along_an_axis(source, shape)
    if along is not None:
        return along
    start, stop = int(moved[0]), int(moved[-1]) + 1
    part = source[start:stop] - start
    where = f"{path}[{start}:{stop}]" if len(shape) == 1 else f"entries {start} to {stop - 1} of {path}, flat"
    for begin, end, block in _blocks(source, start, stop):
        named = _name_of_block(block)
        if named is not None:
            place = (
                f"{path}[{begin}:{end}]"
                if len(shape) == 1
                else f"entries {begin} to {end - 1} of {path}, flat,"
            )
            return named.format(where=place)
    if sorted(part) == list(range(len(part))):
        return f"with {where} in another order"
    return "in another order"


def _blocks(source: Array, start: int, stop: int) -> Iterator[tuple[int, int, Array]]:
    """The block from the first to the last entry that moved, and larger ones: a block's ends may stay where they are."""
    for begin in (start, start - 1):
        for end in (stop, stop + 1):
            if begin >= 0 and end <= source.size:
                yield begin, end, source[begin:end] - begin


def _name_of_block(part: Array) -> str | None:
    n = len(part)
    if numpy.array_equal(part, numpy.arange(n)[::-1]):
        return "with {where} reversed"
    for rows in range(2, n // 2 + 1):
        if n % rows == 0 and numpy.array_equal(part, numpy.arange(n).reshape(rows, n // rows).T.ravel()):
            return f"with {{where}} flattened in another order, as {rows} × {n // rows} in Fortran's"
    shift = int(part[0])
    if 0 < shift < n and numpy.array_equal(part, numpy.roll(numpy.arange(n), -shift)):
        return (
            f"with its parts exchanged in {{where}}: the last {n - shift} entries stand before the first {shift}"
            if 1 < shift < n - 1
            else f"with {{where}} moved by {1 if shift == n - 1 else -1}, round the end"
        )
    return None


def _orders(shape: tuple[int, ...]) -> Iterator[tuple[str, Array]]:
    at = numpy.arange(int(numpy.prod(shape))).reshape(shape)
    for axis in range(len(shape)):
        yield f"reversed along axis {axis}" if len(shape) > 1 else "reversed", numpy.flip(at, axis)
    if len(shape) > 1:
        yield "with its entries reversed", numpy.flip(at)
        for axes in ((a, b) for a in range(len(shape)) for b in range(a + 1, len(shape))):
            yield f"reversed along axes {axes[0]} and {axes[1]}", numpy.flip(at, axes)
        yield "flattened in Fortran's order", at.ravel(order="F").reshape(shape)
        yield "read in Fortran's order", at.ravel().reshape(shape, order="F")


def _along_an_axis(source: Array, shape: tuple[int, ...]) -> str | None:
    """Whole slices along one axis in another order."""
    if len(shape) < 2:
        return None
    at = numpy.arange(source.size).reshape(shape)
    for axis, length in enumerate(shape):
        first = numpy.moveaxis(source.reshape(shape), axis, 0)
        order = [int(numpy.unravel_index(i, shape)[axis]) for i in first.reshape(length, -1)[:, 0]]
        if sorted(order) == list(range(length)) and numpy.array_equal(
            source.reshape(shape), numpy.take(at, order, axis)
        ):
            if length <= 12:
                return f"with the slices along axis {axis} in the order {', '.join(map(str, order))}"
            return f"with the slices along axis {axis} in another order"
    return None


def _at(i: int, shape: tuple[int, ...]) -> str:
    return str([int(k) for k in numpy.unravel_index(i, shape)])
