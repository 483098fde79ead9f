"""Operations that move entries of NumPy arrays, or add them up on the way."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import numpy

from calcgrad.systems.values.arrays_linear import plain
from calcgrad.systems.values.masked import Masked, dense, sparse

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
    "sparse_product",
    "stop_gradient",
    "take_along",
    "whole",
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
    values = put_plain(dense(a), places, axis, length)
    support = numpy.zeros(values.shape, bool)
    if isinstance(a, Masked):
        numpy.logical_or.at(support, (*[slice(None)] * axis, places), a.support)
    else:
        support[(*[slice(None)] * axis, places)] = True
    return sparse(values, support)


def put_plain(a: Any, places: Any, axis: int, length: int) -> Any:
    """The same with plain zeros; ``bincount`` is the quickest way for doubles in a row."""
    a = numpy.asarray(a)
    whole = (*a.shape[:axis], length, *a.shape[axis + numpy.ndim(places) :])
    if len(whole) == 1 and a.dtype == numpy.float64 and a.size:
        places = numpy.ravel(places)
        return numpy.bincount(numpy.where(places < 0, places + length, places), a.ravel(), length)
    values = numpy.zeros(whole, a.dtype)
    numpy.add.at(values, (*[slice(None)] * axis, places), a)
    return values


def take_along(a: Any, places: Any, axis: int, unique: bool = False) -> Any:
    return numpy.take_along_axis(a, places, axis)


def put_along(a: Any, places: Any, axis: int, length: int, unique: bool = False) -> Any:
    """Zeros by structure where nothing is put; places that are ``unique`` get one entry each."""
    values = put_along_plain(dense(a), places, axis, length, unique)
    there = a.support if isinstance(a, Masked) else numpy.ones(numpy.shape(places), bool)
    return sparse(values, put_along_plain(there, places, axis, length, unique))


def put_along_plain(a: Any, places: Any, axis: int, length: int, unique: bool = False) -> Any:
    """The same with plain zeros; of truth values, whether any is put."""
    shape = numpy.shape(places)
    values = numpy.zeros((*shape[:axis], length, *shape[axis + 1 :]), a.dtype)
    if unique:
        numpy.put_along_axis(values, places, a, axis)
        return values
    index = list(numpy.indices(shape, sparse=True))
    index[axis] = places
    (numpy.logical_or if values.dtype == bool else numpy.add).at(values, tuple(index), a)
    return values


def argsort(a: Any, axis: int) -> Any:
    """Stable, so that equal entries keep their order."""
    return numpy.argsort(a, axis, kind="stable")


def decided(a: Any, name: str, keywords: tuple[tuple[str, Any], ...] = (), part: int | None = None) -> Any:
    """What ``numpy.name(a)`` says: truth values, places, counts; one part of it where there are several."""
    found = attrgetter(name)(numpy)(a, **dict(keywords))
    return found if part is None else found[part]


def decided_by_two(a: Any, b: Any, name: str, keywords: tuple[tuple[str, Any], ...] = ()) -> Any:
    return getattr(numpy, name)(a, b, **dict(keywords))


def astype(a: Any, dtype: str) -> Any:
    return plain(numpy.asarray(a).astype(dtype))


def whole(a: Any, dtype: str) -> Any:
    return numpy.asarray(a).astype(dtype)[()]


def sparse_product(a: Any, matrix: Any) -> Any:
    return numpy.asarray(matrix @ a)


def stop_gradient(a: Any) -> Any:
    return a
