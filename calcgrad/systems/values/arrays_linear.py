"""Linear operations and products of matrices on NumPy arrays. A result without axes is a Python number."""

from __future__ import annotations

from typing import Any

import numpy

from calcgrad.operations.shapes import Axis, Shape
from calcgrad.systems.values.masked import Masked, dense, sparse

__all__ = [
    "broadcast_to",
    "getitem",
    "matmul",
    "plain",
    "reshape",
    "scatter",
    "sum",
    "sum_to",
    "transpose",
    "vector",
]


def plain(value: Any) -> Any:
    """A double (a truth value) without axes as Python's own; a single keeps its type."""
    if type(value) is float:
        return value
    if type(value) is numpy.float64:
        return float(value)  # many times faster than item()
    if numpy.ndim(value):
        return value
    return value.item() if getattr(value, "dtype", None) in (numpy.float64, numpy.bool_) else value


def sum(a: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    return plain(numpy.sum(a, axis=axis, keepdims=keepdims))


def transpose(a: Any, axes: tuple[int, ...] | None = None) -> Any:
    return plain(numpy.transpose(a, axes))


def vector(*entries: Any) -> Any:
    return numpy.array(entries)


def reshape(a: Any, shape: Shape) -> Any:
    return plain(numpy.reshape(a, shape))


def broadcast_to(a: Any, whole: Shape, through: Shape | None = None) -> Any:
    """``a``, reshaped to ``through`` first, repeated to the shape ``whole``."""
    if numpy.shape(a) == whole:
        return a
    return plain(numpy.broadcast_to(a if through is None else numpy.reshape(a, through), whole))


def sum_to(a: Any, final: Shape, through: Shape | None = None) -> Any:
    """``a`` summed until it has the shape ``through``, and then reshaped to ``final``."""
    shape = numpy.shape(a)
    if shape == final:
        return a
    through = final if through is None else through
    extra = len(shape) - len(through)
    repeated = tuple(i + extra for i, n in enumerate(through) if n == 1 and shape[i + extra] != 1)
    total = numpy.sum(a, axis=(*range(extra), *repeated), keepdims=True)
    return plain(total.reshape(final))


def getitem(a: Any, *index: Any) -> Any:
    return plain(numpy.asarray(a)[native(index)])


def scatter(a: Any, index: tuple[Any, ...], whole: Shape) -> Any:
    """Zeros by structure with ``a`` added at the index, twice where that names a place twice."""
    values = numpy.zeros(whole, getattr(a, "dtype", complex if type(a) is complex else float))
    support = numpy.zeros(whole, bool)
    places = native(index)
    if all(isinstance(e, int | slice) or e is None or e is Ellipsis for e in places):  # each place once
        values[places] = dense(a)
        support[places] = a.support if isinstance(a, Masked) else True
        return sparse(values, support)
    numpy.add.at(values, places, dense(a))
    numpy.logical_or.at(support, places, a.support if isinstance(a, Masked) else True)
    return sparse(values, support)


def native(index: tuple[Any, ...]) -> tuple[Any, ...]:
    """NumPy's form of an index: ``("slice", start, stop, step)`` is a slice, other tuples are places.

    What NumPy itself understands (slices, ``None``, ``...``, arrays of places or of truth values) stays as it is.
    """
    return tuple([e if not isinstance(e, tuple) else _from_text(e) for e in index])


def _from_text(element: tuple[Any, ...]) -> Any:
    return slice(*element[1:]) if element[:1] == ("slice",) else list(element)


def matmul(a: Any, b: Any) -> Any:
    return plain(numpy.matmul(a, b))
