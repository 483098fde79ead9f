"""Choosing entries: by place, by rank, by condition; and the diagonals and triangles of matrices."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy

from calcgrad.numpy_names.common import (
    ALL,
    array,
    broadcast,
    dtype_of,
    getitem,
    ndim,
    one_axis,
    permute,
    reshape,
    shape,
)
from calcgrad.numpy_names.reductions import total
from calcgrad.numpy_names.registry import handles, refuse, refuse_complex
from calcgrad.operations.shapes import broadcast as common_shape
from calcgrad.operations.transposes import Apply


def _row(apply: Apply, a: Any) -> Any:
    return reshape(apply, a, (prod(shape(a)),))


@handles("take")
def _take(apply: Apply, a: Any, indices: Any, axis: Any = None, out: Any = None, mode: str = "raise") -> Any:
    refuse("numpy.take", out=out)
    a, at = (_row(apply, array(a)), 0) if axis is None else (array(a), one_axis(axis, ndim(a)))
    indices, n = array(indices), shape(a)[at]
    if mode == "wrap":
        indices = indices % n
    elif mode == "clip":
        indices = numpy.clip(indices, 0, n - 1)
    return apply("gather", a, indices, params=(at,))


@handles("take_along_axis")
def _take_along_axis(apply: Apply, arr: Any, indices: Any, axis: Any = -1) -> Any:
    if axis is None:
        return apply("take_along", _row(apply, arr), indices, params=(0,))
    at = one_axis(axis, ndim(arr))
    whole = list(common_shape(*[(*s[:at], 1, *s[at + 1 :]) for s in (shape(arr), shape(indices))]))
    spread = broadcast(apply, arr, (*whole[:at], shape(arr)[at], *whole[at + 1 :]))
    places = numpy.broadcast_to(indices, (*whole[:at], shape(indices)[at], *whole[at + 1 :]))
    return apply("take_along", spread, places, params=(at,))


@handles("sort")
def _sort(
    apply: Apply, a: Any, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: Any = None
) -> Any:
    """In the order of a stable sort, where entries are equal."""
    refuse("numpy.sort", order=order)
    a, at = (_row(apply, a), 0) if axis is None else (a, one_axis(axis, ndim(a)))
    return apply("take_along", a, apply("argsort", a, params=(at,)), params=(at, True))


@handles("partition")
def _partition(apply: Apply, a: Any, kth: Any, axis: Any = -1, kind: Any = None, order: Any = None) -> Any:
    refuse("numpy.partition", order=order)
    a, at = (_row(apply, a), 0) if axis is None else (a, one_axis(axis, ndim(a)))
    places = apply("decided", a, params=("argpartition", (("kth", kth), ("axis", at))))
    return apply("take_along", a, places, params=(at, True))


@handles("compress")
def _compress(apply: Apply, condition: Any, a: Any, axis: Any = None, out: Any = None) -> Any:
    refuse("numpy.compress", out=out)
    a, at = (_row(apply, a), 0) if axis is None else (a, one_axis(axis, ndim(a)))
    return apply("gather", a, numpy.flatnonzero(condition), params=(at,))


@handles("extract")
def _extract(apply: Apply, condition: Any, arr: Any) -> Any:
    return apply("gather", _row(apply, arr), numpy.flatnonzero(condition), params=(0,))


@handles("select")
def _select(apply: Apply, condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """The choice of the first condition that holds."""
    found = array(default)
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        found = apply("where", condition, array(choice), float(found) if isinstance(found, int) else found)
    return found


@handles("choose")
def _choose(apply: Apply, a: Any, choices: Any, out: Any = None, mode: str = "raise") -> Any:
    refuse("numpy.choose", out=out)
    parts = [array(c) for c in choices]
    a = numpy.asarray(a)
    if mode == "wrap":
        a = a % len(parts)
    elif mode == "clip":
        a = numpy.clip(a, 0, len(parts) - 1)
    elif a.size and (a.min() < 0 or a.max() >= len(parts)):
        raise ValueError("invalid entry in choice array")
    found = parts[0]
    for k, part in enumerate(parts[1:], 1):
        found = apply("where", a == k, part, found)
    return broadcast(apply, found, common_shape(a.shape, *map(shape, parts)))


@handles("piecewise")
def _piecewise(apply: Apply, x: Any, condlist: Any, funclist: Any, *args: Any, **keywords: Any) -> Any:
    """Every function sees all of ``x``; where its condition does not hold, its value counts for nothing."""
    conditions = list(condlist) if isinstance(condlist, list | tuple) else [condlist]
    functions = list(funclist)
    default: Any = numpy.zeros(shape(x), dtype_of(x))
    if len(functions) == len(conditions) + 1:
        default = _called(functions.pop(), x, args, keywords)
    for condition, function in zip(conditions, functions, strict=True):
        default = apply("where", condition, _called(function, x, args, keywords), default)
    return broadcast(apply, default, shape(x))


def _called(function: Any, x: Any, args: Any, keywords: Any) -> Any:
    return function(x, *args, **keywords) if callable(function) else function


@handles("diagonal")
def diagonal(apply: Apply, a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The diagonals of the matrices of two axes, as the last axis: every (n+1)-th entry of the matrix in a row."""
    a = array(a)
    i, j = one_axis(axis1, ndim(a)), one_axis(axis2, ndim(a))
    others = [k for k in range(ndim(a)) if k not in (i, j)]
    a = permute(apply, a, (*others, i, j))
    *stack, rows, columns = shape(a)
    length = max(min(rows, columns - offset) if offset >= 0 else min(rows + offset, columns), 0)
    start = offset if offset >= 0 else -offset * columns
    flat = reshape(apply, a, (*stack, rows * columns))
    stop = start + (length - 1) * (columns + 1) + 1 if length else start
    return getitem(apply, flat, *[ALL] * len(stack), slice(start, stop, columns + 1))


@handles("linalg.diagonal")
def _matrix_diagonal(apply: Apply, x: Any, /, *, offset: int = 0) -> Any:
    return diagonal(apply, x, offset, -2, -1)


@handles("trace")
def _trace(
    apply: Apply, a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None, out: Any = None
) -> Any:
    refuse("numpy.trace", dtype=dtype, out=out)
    return total(apply, diagonal(apply, a, offset, axis1, axis2), -1)


@handles("linalg.trace")
def _matrix_trace(apply: Apply, x: Any, /, *, offset: int = 0, dtype: Any = None) -> Any:
    refuse("numpy.linalg.trace", dtype=dtype)
    return total(apply, diagonal(apply, x, offset, -2, -1), -1)


@handles("diag")
def _diag(apply: Apply, v: Any, k: int = 0) -> Any:
    v = array(v)
    if ndim(v) == 2:
        return diagonal(apply, v, k)
    if ndim(v) != 1:
        raise ValueError("Input must be 1- or 2-d.")
    n = shape(v)[0] + abs(k)
    start = k if k >= 0 else -k * n
    places = slice(start, start + max(shape(v)[0] - 1, 0) * (n + 1) + (shape(v)[0] > 0), n + 1)
    return reshape(apply, apply("scatter", v, params=((places,), (n * n,))), (n, n))


@handles("diagflat")
def _diagflat(apply: Apply, v: Any, k: int = 0) -> Any:
    return _diag(apply, _row(apply, v), k)


@handles("tril")
def _tril(apply: Apply, m: Any, k: int = 0) -> Any:
    return _masked(apply, m, lambda n, c: numpy.tri(n, c, k, bool))


@handles("triu")
def _triu(apply: Apply, m: Any, k: int = 0) -> Any:
    return _masked(apply, m, lambda n, c: ~numpy.tri(n, c, k - 1, bool))


def _masked(apply: Apply, m: Any, mask: Any) -> Any:
    m = array(m)
    if ndim(m) == 1:
        m = broadcast(apply, m, (shape(m)[0], shape(m)[0]))
    return apply("where", mask(*shape(m)[-2:]), m, 0.0)


@handles("apply_along_axis")
def _apply_along_axis(apply: Apply, func1d: Any, axis: int, arr: Any, *args: Any, **keywords: Any) -> Any:
    """The function of each line; its results take the place of the axis."""
    from calcgrad.numpy_names.joining import stack
    from calcgrad.numpy_names.shaping import moveaxis

    at = one_axis(axis, ndim(arr))
    lines = moveaxis(apply, arr, at, -1)
    around = shape(lines)[:-1]
    flat = reshape(apply, lines, (prod(around), shape(lines)[-1]))
    found = stack(apply, [func1d(flat[i], *args, **keywords) for i in range(prod(around))])
    inner = shape(found)[1:]
    found = reshape(apply, found, (*around, *inner))
    depth = len(around)
    return permute(apply, found, (*range(at), *range(depth, depth + len(inner)), *range(at, depth)))


@handles("lib.stride_tricks.sliding_window_view")
def _sliding_window_view(
    apply: Apply, x: Any, window_shape: Any, axis: Any = None, *, subok: bool = False, writeable: bool = False
) -> Any:
    windows = tuple(window_shape) if isinstance(window_shape, tuple | list) else (int(window_shape),)
    axes = tuple(range(ndim(x))) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if len(windows) != len(axes):
        raise ValueError("window_shape and axis must have the same number of elements")
    depth = ndim(x)
    for k, (window, at) in enumerate(zip(windows, axes, strict=True)):
        place = one_axis(at, depth)
        starts = shape(x)[place] - window + 1
        if starts < 1:
            raise ValueError("window shape cannot be larger than input array shape")
        places = numpy.arange(starts)[:, None] + numpy.arange(window)
        x = apply("gather", x, places, params=(place,))
        order = [i for i in range(depth + k + 1) if i != place + 1]
        x = permute(apply, x, (*order, place + 1))
    return x


@handles("bincount")
def _bincount(apply: Apply, x: Any, /, weights: Any = None, minlength: int = 0) -> Any:
    """The sums of the weights that fall into each bin."""
    refuse_complex("numpy.bincount", weights)
    length = max(int(numpy.max(x)) + 1 if numpy.size(x) else 0, minlength)
    return apply("put", weights, numpy.asarray(x), params=(0, length))


@handles("apply_over_axes")
def _apply_over_axes(apply: Apply, func: Any, a: Any, axes: Any) -> Any:
    """A reduction over one axis after the other, all of which stay."""
    found = array(a)
    for axis in numpy.atleast_1d(axes).tolist():
        at, lengths = one_axis(axis, ndim(found)), list(shape(found))
        less = func(found, at)
        lengths[at] = 1
        found = reshape(apply, less, lengths) if ndim(less) < ndim(found) else less
    return found
