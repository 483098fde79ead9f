"""Shapes and order: reshaping, broadcasting, padding, rolling, turning, inserting."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy

from calcgrad.numpy_names.common import (
    ALL,
    along,
    array,
    axes_of,
    broadcast,
    count,
    dtype_of,
    getitem,
    ndim,
    one_axis,
    permute,
    reshape,
    shape,
    swapped,
)
from calcgrad.numpy_names.registry import handles, refuse
from calcgrad.operations.pushforwards import in_precision_of
from calcgrad.operations.shapes import Shape
from calcgrad.operations.shapes import broadcast as common_shape
from calcgrad.operations.transposes import Apply


@handles("reshape")
def _reshape(
    apply: Apply, a: Any, /, shape: Any = None, order: str = "C", *, newshape: Any = None, copy: Any = None
) -> Any:
    return reshaped(apply, array(a), newshape if shape is None else shape, order)


def reshaped(apply: Apply, a: Any, new: Any, order: str = "C") -> Any:
    """The entries in another shape, of which one length may be -1."""
    lengths = [int(n) for n in (new if isinstance(new, Sequence | numpy.ndarray) else (new,))]
    size = prod(shape(a))
    if lengths.count(-1) == 1:
        rest = -prod(lengths)
        if rest == 0 or size % rest:
            raise ValueError(f"cannot reshape array of size {size} into shape {tuple(lengths)}")
        lengths[lengths.index(-1)] = size // rest
    if prod(lengths) != size:
        raise ValueError(f"cannot reshape array of size {size} into shape {tuple(lengths)}")
    if order == "F":
        return apply("transpose", reshape(apply, apply("transpose", a), lengths[::-1]))
    if order not in ("C", "A", "K"):
        refuse("numpy.reshape", order=order)
    return reshape(apply, a, lengths)


@handles("ravel")
def _ravel(apply: Apply, a: Any, order: str = "C") -> Any:
    return reshaped(apply, a, -1 if prod(shape(a)) else 0, order)


@handles("transpose", "permute_dims")
def _transpose(apply: Apply, a: Any, axes: Any = None) -> Any:
    a = array(a)
    return apply("transpose", a) if axes is None else permute(apply, a, _all_axes(axes, ndim(a)))


def _all_axes(axes: Any, depth: int) -> tuple[int, ...]:
    """An order of all the axes; one number is that of a vector."""
    found = axes_of(tuple(axes) if isinstance(axes, Sequence | numpy.ndarray) else (axes,), depth)
    if len(found) != depth:
        raise ValueError("axes don't match array")
    return found


@handles("swapaxes")
def _swapaxes(apply: Apply, a: Any, axis1: int, axis2: int) -> Any:
    axes = list(range(ndim(a)))
    i, j = one_axis(axis1, ndim(a)), one_axis(axis2, ndim(a))
    axes[i], axes[j] = j, i
    return permute(apply, a, axes)


@handles("moveaxis")
def moveaxis(apply: Apply, a: Any, source: Any, destination: Any) -> Any:
    """Axes at other places, the others in their order."""
    depth = ndim(a)
    start, end = axes_of(source, depth), axes_of(destination, depth)
    if len(start) != len(end):
        raise ValueError("`source` and `destination` arguments must have the same number of elements")
    order = [i for i in range(depth) if i not in start]
    for place, axis in sorted(zip(end, start, strict=True)):
        order.insert(place, axis)
    return permute(apply, a, order)


@handles("rollaxis")
def _rollaxis(apply: Apply, a: Any, axis: int, start: int = 0) -> Any:
    depth = ndim(a)
    axis, start = one_axis(axis, depth), start + depth if start < 0 else start
    order = [i for i in range(depth) if i != axis]
    order.insert(start - 1 if axis < start else start, axis)
    return permute(apply, a, order)


@handles("matrix_transpose", "linalg.matrix_transpose")
def _matrix_transpose(apply: Apply, x: Any, /) -> Any:
    return swapped(apply, x)


@handles("expand_dims")
def _expand_dims(apply: Apply, a: Any, axis: Any) -> Any:
    given = axis if isinstance(axis, tuple | list) else (axis,)
    depth = ndim(a) + len(given)
    new = axes_of(tuple(given), depth)
    lengths = iter(shape(a))
    return reshape(apply, a, [1 if i in new else next(lengths) for i in range(depth)])


@handles("squeeze")
def _squeeze(apply: Apply, a: Any, axis: Any = None) -> Any:
    lengths = shape(a)
    gone = [i for i, n in enumerate(lengths) if n == 1] if axis is None else axes_of(axis, ndim(a))
    if any(lengths[i] != 1 for i in gone):
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    return reshape(apply, a, [n for i, n in enumerate(lengths) if i not in gone])


@handles("atleast_1d")
def atleast_1d(apply: Apply, *arrays: Any) -> Any:
    """With at least 1 axes."""
    return _each(arrays, lambda a: reshape(apply, a, (1,)) if ndim(a) == 0 else a)


@handles("atleast_2d")
def atleast_2d(apply: Apply, *arrays: Any) -> Any:
    """With at least 2 axes."""
    return _each(
        arrays, lambda a: reshape(apply, a, (1, count(shape(a), range(ndim(a))))) if ndim(a) < 2 else a
    )


@handles("atleast_3d")
def atleast_3d(apply: Apply, *arrays: Any) -> Any:
    """With at least 3 axes."""

    def deep(a: Any) -> Any:
        lengths = shape(a)
        if len(lengths) > 2:
            return a
        return reshape(apply, a, {0: (1, 1, 1), 1: (1, *lengths, 1), 2: (*lengths, 1)}[len(lengths)])

    return _each(arrays, deep)


def _each(arrays: tuple[Any, ...], function: Any) -> Any:
    found = tuple([function(array(a)) for a in arrays])
    return found[0] if len(found) == 1 else found


@handles("astype")
def cast(apply: Apply, x: Any, dtype: Any, /, **keywords: Any) -> Any:
    """The entries in another precision; as whole numbers or truth values, the steps of a staircase, whose slope is 0."""
    wanted = numpy.dtype(dtype)
    if wanted.kind in "fc" or dtype_of(x).kind not in "fc":
        return apply("astype", x, params=(wanted.name,))
    if wanted.kind == "b":
        return apply("not_equal", x, 0.0)
    if wanted.kind not in "iu":
        refuse("numpy.astype", "stop_gradient(x) gives the plain array", dtype=wanted.name)
    # By way of the table's steps, so that a verdict knows where they are.
    down = apply("where", apply("less", x, 0.0), apply("ceil", x), apply("floor", x))
    return apply("whole", down, params=(wanted.name,))


@handles("broadcast_to")
def _broadcast_to(apply: Apply, a: Any, shape: Any, subok: bool = False) -> Any:
    whole = (int(shape),) if isinstance(shape, int) else tuple(map(int, shape))
    return broadcast(apply, a, whole)


@handles("broadcast_arrays")
def _broadcast_arrays(apply: Apply, *args: Any, subok: bool = False) -> Any:
    whole = common_shape(*map(shape, args))
    return tuple([broadcast(apply, array(a), whole) for a in args])


@handles("meshgrid")
def _meshgrid(apply: Apply, *xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> Any:
    depth = len(xi)
    out = [reshape(apply, array(x), _thin(x, k, depth)) for k, x in enumerate(xi)]
    if indexing == "xy" and depth > 1:
        out = [permute(apply, x, (1, 0, *range(2, depth))) for x in out]
    if sparse:
        return tuple(out)
    whole = common_shape(*map(shape, out))
    return tuple([broadcast(apply, x, whole) for x in out])


def _thin(x: Any, k: int, depth: int) -> list[int]:
    size = prod(shape(x))
    return [size if i == k else 1 for i in range(depth)]


def place_after_zeros(apply: Apply, a: Any, axis: int, zeros: int) -> Any:
    """The array with zeros before it along an axis."""
    at = one_axis(axis, ndim(a))
    whole = (*shape(a)[:at], shape(a)[at] + zeros, *shape(a)[at + 1 :])
    return apply("scatter", a, params=((*[ALL] * at, slice(zeros, None)), whole))


@handles("roll")
def roll(apply: Apply, a: Any, shift: Any, axis: Any = None) -> Any:
    """Entries shifted along axes; those that leave come in at the other end."""
    if axis is None:
        row = roll(apply, reshape(apply, a, (prod(shape(a)),)), shift, 0)
        return reshape(apply, row, shape(a))
    shifts, axes = numpy.broadcast_arrays(shift, axis)
    for by, at in zip(shifts.ravel(), axes.ravel(), strict=True):
        a = _rolled(apply, a, int(by), one_axis(at, ndim(a)))
    return a


def _rolled(apply: Apply, a: Any, by: int, axis: int) -> Any:
    n = shape(a)[axis]
    cut = n - by % n if n else 0
    if cut in (0, n):
        return a
    return apply(
        "concatenate", along(apply, a, axis, cut, None), along(apply, a, axis, 0, cut), params=(axis,)
    )


@handles("flip")
def flip(apply: Apply, m: Any, axis: Any = None) -> Any:
    """The entries in reverse order along axes."""
    axes = axes_of(axis, ndim(m))
    back = slice(None, None, -1)
    return getitem(apply, m, *[back if i in axes else ALL for i in range(ndim(m))])


@handles("fliplr")
def _fliplr(apply: Apply, m: Any) -> Any:
    return flip(apply, m, 1)


@handles("flipud")
def _flipud(apply: Apply, m: Any) -> Any:
    return flip(apply, m, 0)


@handles("rot90")
def _rot90(apply: Apply, m: Any, k: int = 1, axes: Any = (0, 1)) -> Any:
    first, second = axes_of(tuple(axes), ndim(m))
    turns = k % 4
    if turns == 0:
        return m
    if turns == 2:
        return flip(apply, m, (first, second))
    swapped_axes = [second if i == first else first if i == second else i for i in range(ndim(m))]
    if turns == 1:
        return permute(apply, flip(apply, m, second), swapped_axes)
    return flip(apply, permute(apply, m, swapped_axes), second)


@handles("resize")
def _resize(apply: Apply, a: Any, new_shape: Any) -> Any:
    new: Shape = tuple(new_shape) if isinstance(new_shape, Sequence) else (int(new_shape),)
    size = prod(shape(a))
    row = reshape(apply, a, (size,))
    places = numpy.arange(prod(new)) % max(size, 1)
    return reshape(apply, apply("gather", row, places, params=(0,)), new)


@handles("insert")
def _insert(apply: Apply, arr: Any, obj: Any, values: Any, axis: Any = None) -> Any:
    if axis is None:
        arr, axis = reshape(apply, arr, (prod(shape(arr)),)), 0
    at = one_axis(axis, ndim(arr))
    n = shape(arr)[at]
    places = _places_to_insert(obj, n)
    lengths = (*shape(arr)[:at], len(places), *shape(arr)[at + 1 :])
    values = array(values)
    if numpy.ndim(obj) == 0 and not isinstance(obj, slice) and ndim(values) and ndim(arr) > 1:
        values = moveaxis(
            apply, reshape(apply, values, (*[1] * (ndim(arr) - ndim(values)), *shape(values))), 0, at
        )
        lengths = (*lengths[:at], shape(values)[at], *lengths[at + 1 :])
        places = numpy.repeat(places, lengths[at])
    elif ndim(values) == 1 and len(places) == 1 and ndim(arr) == 1:
        places = numpy.repeat(places, shape(values)[0])
        lengths = shape(values)
    new = broadcast(apply, in_precision_of(apply, arr, values), lengths)
    both = apply("concatenate", arr, new, params=(at,))
    order = numpy.argsort(numpy.concatenate([numpy.arange(n) + 0.5, places]), kind="stable")
    return apply("gather", both, order, params=(at,))


def _places_to_insert(obj: Any, n: int) -> Any:
    places = numpy.arange(n)[obj] if isinstance(obj, slice) else numpy.atleast_1d(obj)
    if places.dtype == bool:
        places = numpy.flatnonzero(places)
    if places.size and (places.min() < -n or places.max() > n):
        raise IndexError(f"index {places.max()} is out of bounds for axis of size {n}")
    return numpy.where(places < 0, places + n, places)


@handles("delete")
def _delete(apply: Apply, arr: Any, obj: Any, axis: Any = None) -> Any:
    if axis is None:
        arr, axis = reshape(apply, arr, (prod(shape(arr)),)), 0
    at = one_axis(axis, ndim(arr))
    return apply("gather", arr, numpy.delete(numpy.arange(shape(arr)[at]), obj), params=(at,))
