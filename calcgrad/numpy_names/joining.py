"""Arrays joined, split and repeated."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import prod
from typing import Any

import numpy

from calcgrad.numpy_names.common import (
    ALL,
    along,
    array,
    broadcast,
    concatenate,
    getitem,
    ndim,
    one_axis,
    reshape,
    shape,
)
from calcgrad.numpy_names.registry import Handler, handles, refuse
from calcgrad.numpy_names.shaping import atleast_1d, atleast_2d, atleast_3d
from calcgrad.operations.transposes import Apply


@handles("concatenate", "concat")
def _concatenate(
    apply: Apply, arrays: Any, /, axis: Any = 0, out: Any = None, *, dtype: Any = None, casting: Any = None
) -> Any:
    refuse("numpy.concatenate", out=out, dtype=dtype)
    parts = [array(a) for a in arrays]
    if axis is None:
        parts, axis = [reshape(apply, p, (prod(shape(p)),)) for p in parts], 0
    if any(ndim(p) == 0 for p in parts):
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    return concatenate(apply, parts, one_axis(axis, ndim(parts[0])))


@handles("stack")
def stack(
    apply: Apply, arrays: Any, axis: int = 0, out: Any = None, *, dtype: Any = None, casting: Any = None
) -> Any:
    """Arrays of one shape along a new axis."""
    refuse("numpy.stack", out=out, dtype=dtype)
    parts = [array(a) for a in arrays]
    lengths = shape(parts[0])
    if any(shape(p) != lengths for p in parts):
        raise ValueError("all input arrays must have the same shape")
    at = one_axis(axis, len(lengths) + 1)
    if at == 0:
        return apply("vector", *parts)
    new = (*lengths[:at], 1, *lengths[at:])
    return concatenate(apply, [reshape(apply, p, new) for p in parts], at)


def _stacked(deepen: Handler, axis: int) -> Handler:
    def handler(apply: Apply, tup: Any, *, dtype: Any = None, casting: Any = None) -> Any:
        refuse("numpy.vstack", dtype=dtype)
        return concatenate(apply, [deepen(apply, a) for a in tup], axis)

    return handler


handles("vstack")(_stacked(atleast_2d, 0))
handles("dstack")(_stacked(atleast_3d, 2))


@handles("hstack")
def _hstack(apply: Apply, tup: Any, *, dtype: Any = None, casting: Any = None) -> Any:
    refuse("numpy.hstack", dtype=dtype)
    parts = [atleast_1d(apply, a) for a in tup]
    return concatenate(apply, parts, 0 if ndim(parts[0]) == 1 else 1)


@handles("column_stack")
def _column_stack(apply: Apply, tup: Any) -> Any:
    parts = [array(a) for a in tup]
    return concatenate(
        apply, [p if ndim(p) > 1 else reshape(apply, p, (prod(shape(p)), 1)) for p in parts], 1
    )


@handles("block")
def _block(apply: Apply, arrays: Any) -> Any:
    """Lists are joined along the last axis, lists of lists along the one before it, and so on."""

    def depth_of(x: Any) -> int:
        return 1 + max(map(depth_of, x)) if isinstance(x, list) else 0

    def leaves(x: Any) -> list[Any]:
        return [leaf for part in x for leaf in leaves(part)] if isinstance(x, list) else [x]

    lists = depth_of(arrays)
    depth = max(lists, *[ndim(leaf) for leaf in leaves(arrays)])

    def joined(x: Any, level: int) -> Any:
        if not isinstance(x, list):
            return reshape(apply, x, (*[1] * (depth - ndim(x)), *shape(x)))
        return concatenate(apply, [joined(part, level - 1) for part in x], depth - level)

    return joined(arrays, lists)


@handles("append")
def _append(apply: Apply, arr: Any, values: Any, axis: Any = None) -> Any:
    return _concatenate(apply, (arr, values), axis=axis)


def _cuts(apply: Apply, a: Any, indices_or_sections: Any, axis: int, even: bool) -> list[Any]:
    at = one_axis(axis, ndim(a))
    n = shape(a)[at]
    if isinstance(indices_or_sections, int):
        parts = indices_or_sections
        if even and n % parts:
            raise ValueError("array split does not result in an equal division")
        lengths = [n // parts + (i < n % parts) for i in range(parts)]
        bounds = [0, *accumulate(lengths)]
    else:
        bounds = [0, *map(int, indices_or_sections), n]
    return [along(apply, a, at, *slice(i, j).indices(n)[:2]) for i, j in pairwise(bounds)]


@handles("split")
def _split(apply: Apply, ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    return _cuts(apply, ary, indices_or_sections, axis, True)


@handles("array_split")
def _array_split(apply: Apply, ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    return _cuts(apply, ary, indices_or_sections, axis, False)


@handles("hsplit")
def _hsplit(apply: Apply, ary: Any, indices_or_sections: Any) -> list[Any]:
    return _cuts(apply, ary, indices_or_sections, 1 if ndim(ary) > 1 else 0, True)


@handles("vsplit")
def _vsplit(apply: Apply, ary: Any, indices_or_sections: Any) -> list[Any]:
    return _cuts(apply, ary, indices_or_sections, 0, True)


@handles("dsplit")
def _dsplit(apply: Apply, ary: Any, indices_or_sections: Any) -> list[Any]:
    return _cuts(apply, ary, indices_or_sections, 2, True)


@handles("unstack")
def _unstack(apply: Apply, x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
    at = one_axis(axis, ndim(x))
    return tuple([getitem(apply, x, *[ALL] * at, i) for i in range(shape(x)[at])])


@handles("tile")
def _tile(apply: Apply, A: Any, reps: Any) -> Any:  # noqa: N803 (NumPy's name)
    times = tuple(map(int, reps)) if isinstance(reps, Sequence | numpy.ndarray) else (int(reps),)
    depth = max(len(times), ndim(A))
    lengths = (*[1] * (depth - ndim(A)), *shape(A))
    times = (*[1] * (depth - len(times)), *times)
    thin = [k for n in lengths for k in (1, n)]
    wide = tuple([k for t, n in zip(times, lengths, strict=True) for k in (t, n)])
    whole = [t * n for t, n in zip(times, lengths, strict=True)]
    return reshape(apply, broadcast(apply, reshape(apply, A, thin), wide), whole)


@handles("repeat")
def _repeat(apply: Apply, a: Any, repeats: Any, axis: Any = None) -> Any:
    a = array(a)
    if axis is None or not ndim(a):
        a, axis = reshape(apply, a, (prod(shape(a)),)), axis or 0
    at = one_axis(axis, ndim(a))
    n = shape(a)[at]
    if numpy.ndim(repeats) == 0 or len(repeats) == 1:
        times = int(numpy.ravel(repeats)[0])
        before, after = shape(a)[: at + 1], shape(a)[at + 1 :]
        wide = broadcast(apply, reshape(apply, a, (*before, 1, *after)), (*before, times, *after))
        return reshape(apply, wide, (*before[:-1], n * times, *after))
    return apply("gather", a, numpy.repeat(numpy.arange(n), repeats), params=(at,))
