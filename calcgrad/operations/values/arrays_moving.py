"""Operations that move entries of NumPy arrays, or add them up on the way."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import numpy

from calcgrad.operations.shapes import Shape
from calcgrad.operations.values.arrays_linear import plain
from calcgrad.operations.values.masked import Masked, dense, sparse

__all__ = [
    "argsort",
    "astype",
    "concatenate",
    "cumprod",
    "cumsum",
    "decided",
    "decided_by_two",
    "gather",
    "put",
    "put_along",
    "stop_gradient",
    "take_along",
]


def concatenate(*arrays_and_axis: Any) -> Any:
    *arrays, axis = arrays_and_axis
    return numpy.concatenate(arrays, axis)


def cumsum(a: Any, axis: int, backward: bool = False) -> Any:
    if not backward:
        return numpy.cumsum(a, axis)
    return numpy.flip(numpy.cumsum(numpy.flip(a, axis), axis), axis)


def cumprod(a: Any, axis: int) -> Any:
    return numpy.cumprod(a, axis)


def gather(a: Any, places: Any, axis: int) -> Any:
    return plain(numpy.take(a, places, axis))


def put(a: Any, places: Any, axis: int, length: int) -> Any:
    """Zeros by structure where nothing is put."""
    shape = numpy.shape(a)
    whole = (*shape[:axis], length, *shape[axis + numpy.ndim(places) :])
    values = _added(dense(a), places, axis, whole)
    support = numpy.zeros(whole, bool)
    if isinstance(a, Masked):
        numpy.logical_or.at(support, (*[slice(None)] * axis, places), a.support)
    else:
        support[(*[slice(None)] * axis, places)] = True
    return sparse(values, support)


def _added(a: Any, places: Any, axis: int, whole: Shape) -> Any:
    """What is put, added up; ``bincount`` is the quickest way for doubles in a row."""
    a = numpy.asarray(a)
    if len(whole) == 1 and a.dtype == numpy.float64 and a.size:
        places = numpy.ravel(places)
        places = numpy.where(places < 0, places + whole[0], places)
        return numpy.bincount(places, a.ravel(), whole[0])
    values = numpy.zeros(whole, a.dtype)
    numpy.add.at(values, (*[slice(None)] * axis, places), a)
    return values


def take_along(a: Any, places: Any, axis: int, unique: bool = False) -> Any:
    return numpy.take_along_axis(a, places, axis)


def put_along(a: Any, places: Any, axis: int, length: int, unique: bool = False) -> Any:
    """Zeros by structure where nothing is put; places that are ``unique`` get one entry each."""
    shape = numpy.shape(places)
    whole = (*shape[:axis], length, *shape[axis + 1 :])
    values, support = numpy.zeros(whole, a.dtype), numpy.zeros(whole, bool)
    there = a.support if isinstance(a, Masked) else True
    if unique:
        numpy.put_along_axis(values, places, dense(a), axis)
        numpy.put_along_axis(support, places, there, axis)
    else:
        index = list(numpy.indices(shape, sparse=True))
        index[axis] = places
        numpy.add.at(values, tuple(index), dense(a))
        numpy.logical_or.at(support, tuple(index), there)
    return sparse(values, support)


def argsort(a: Any, axis: int) -> Any:
    """Stable, so that equal entries keep their order."""
    return numpy.argsort(a, axis, kind="stable")


def decided(a: Any, name: str, keywords: tuple[tuple[str, Any], ...] = ()) -> Any:
    """What ``numpy.name(a)`` says: truth values, places, counts."""
    return plain(attrgetter(name)(numpy)(a, **dict(keywords)))


def decided_by_two(a: Any, b: Any, name: str, keywords: tuple[tuple[str, Any], ...] = ()) -> Any:
    return plain(getattr(numpy, name)(a, b, **dict(keywords)))


def astype(a: Any, dtype: str) -> Any:
    return plain(numpy.asarray(a).astype(dtype))


def stop_gradient(a: Any) -> Any:
    return a
