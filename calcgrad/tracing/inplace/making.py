"""NumPy's functions that make an array of what they are given: of traced numbers in lists, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy

from calcgrad.numpy_names.registry import refuse
from calcgrad.tracing.inplace.array import Written, free, made, stacked
from calcgrad.tracing.inplace.refusing import cut_off
from calcgrad.tracing.traced import Traced, apply

_as_strided = numpy.lib.stride_tricks.as_strided


def holds_traced(value: Any) -> bool:
    """Whether a value, or nested lists of values, holds a traced one, or an array that can be written into."""
    if isinstance(value, list | tuple):
        return any(map(holds_traced, value))
    return isinstance(value, Traced)


def _converted(value: Any, dtype: Any) -> Any:
    """A value in a precision that is asked for."""
    if dtype is None or numpy.dtype(dtype) == value.dtype:
        return value
    if isinstance(value, Traced) and numpy.dtype(dtype).kind not in "fc":
        raise cut_off(
            f"a traced value cannot become an array of {numpy.dtype(dtype)}: its derivative would be lost"
        )
    return value.astype(dtype)


def array(object: Any, dtype: Any = None, **options: Any) -> Any:
    """``numpy.array``: a new array."""
    if not holds_traced(object):
        return numpy.array(object, dtype, **options)
    if options.get("copy", True) in (None, False):
        found = asarray(object, dtype)
    else:
        found = made_of(_converted(stacked(free(object)), dtype))
    depth = options.get("ndmin", 0) - len(found.shape)
    return found.reshape(*[1] * depth, *found.shape) if depth > 0 else found


def made_of(value: Any) -> Any:
    """An array, without axes too, that can be written into."""
    from calcgrad.tracing.inplace.memory import Memory

    return Written(Memory(value)) if isinstance(value, Traced) else made(value)


def asarray(a: Any, dtype: Any = None, *rest: Any, **options: Any) -> Any:
    """``numpy.asarray``: an array is itself."""
    if type(a) is Written and (dtype is None or numpy.dtype(dtype) == a.dtype):
        return a
    if not holds_traced(a):
        return numpy.asarray(a, dtype, *rest, **options)
    return made_of(_converted(stacked(free(a)), dtype))


def contiguous(a: Any, dtype: Any = None, **options: Any) -> Any:
    """``numpy.ascontiguousarray``: a copy only where it has to be."""
    if not holds_traced(a):
        return numpy.ascontiguousarray(a, dtype, **options)
    found = asarray(a, dtype)
    return found if found.flags.c_contiguous else found.copy()


def spaced(*ends: Any, **options: Any) -> Any:
    """``numpy.arange``: how many numbers there are is decided by the ends, and jumps with them."""
    if not any(map(holds_traced, (*ends, *options.values()))):
        return numpy.arange(*ends, **options)
    start, stop = (0.0, ends[0]) if len(ends) == 1 else ends[:2]
    step = ends[2] if len(ends) > 2 else options.get("step", 1.0)
    count = max(int(numpy.ceil((stop - start) / step)), 0)
    return made_of(start + numpy.arange(float(count)) * step)


def in_columns(a: Any, dtype: Any = None, **options: Any) -> Any:
    """``numpy.asfortranarray``: the same entries, laid out otherwise."""
    return asarray(a, dtype) if holds_traced(a) else numpy.asfortranarray(a, dtype, **options)


def finite(a: Any, dtype: Any = None, order: Any = None) -> Any:
    """``numpy.asarray_chkfinite``."""
    found = asarray(a, dtype)
    if holds_traced(found) and not numpy.all(numpy.isfinite(found)):
        raise ValueError("array must not contain infs or NaNs")
    return found if holds_traced(a) else numpy.asarray_chkfinite(a, dtype, order)


def required(a: Any, dtype: Any = None, requirements: Any = None, **options: Any) -> Any:
    """``numpy.require``: an array of the function's own meets what is required."""
    return array(a, dtype) if holds_traced(a) else numpy.require(a, dtype, requirements, **options)


def full(shape: Any, fill_value: Any, dtype: Any = None, **options: Any) -> Any:
    """``numpy.full``."""
    if not holds_traced(fill_value):
        return numpy.full(shape, fill_value, dtype, **options)
    value = _converted(stacked(free(fill_value)), dtype)
    lengths = tuple(shape) if isinstance(shape, list | tuple) else (int(shape),)
    return made(apply("broadcast_to", value, params=(lengths,)))


def full_like(a: Any, fill_value: Any, dtype: Any = None, **options: Any) -> Any:
    """``numpy.full_like``."""
    if not holds_traced(fill_value):
        return numpy.full_like(numpy.empty(numpy.shape(a), getattr(a, "dtype", None)), fill_value, dtype)
    return full(options.get("shape") or numpy.shape(a), fill_value, dtype or getattr(a, "dtype", None))


def from_iterable(iterable: Any, dtype: Any = float, count: int = -1, **options: Any) -> Any:
    """``numpy.fromiter``."""
    entries = list(iterable)
    return array(entries if count < 0 else entries[:count], dtype)


def strided(x: Any, shape: Any = None, strides: Any = None, **options: Any) -> Any:
    """``numpy.lib.stride_tricks.as_strided``: a view, whatever it overlaps."""
    if type(x) is not Written or options:
        return _as_strided(x, shape, strides, **options)
    size = x.itemsize
    steps = None if strides is None else tuple([s // size * 8 for s in strides])
    return Written(x._memory, _as_strided(x._layout(), shape, steps))


def entries_of(arr: Any) -> Iterator[tuple[tuple[int, ...], Any]]:
    """``numpy.ndenumerate``."""
    return ((index, arr[index]) for index in numpy.ndindex(*numpy.shape(arr)))


class Joined:
    """``numpy.r_`` and ``numpy.c_``, for traced parts too."""

    def __init__(self, original: Any, columns: bool) -> None:
        self.original = original
        self.columns = columns

    def __getitem__(self, key: Any) -> Any:
        parts = key if isinstance(key, tuple) else (key,)
        if not holds_traced(parts):
            return made(self.original[key])
        if any(isinstance(p, str) for p in parts):
            refuse("numpy.r_", "numpy.concatenate joins arrays along any axis", text=parts)
        arrays = [self.original[p] if isinstance(p, slice) else stacked(free(p)) for p in parts]
        if not self.columns:
            return made(numpy.concatenate([numpy.atleast_1d(a) for a in arrays]))
        deep = [numpy.reshape(a, (-1, 1)) if len(numpy.shape(a)) < 2 else a for a in arrays]
        return made(numpy.concatenate(deep, axis=-1))


def buffer(shape: Any, dtype: Any = float, *rest: Any, **options: Any) -> Any:
    """``numpy.ndarray``, called: an array that nothing was written into yet."""
    return numpy.ndarray(shape, dtype, *rest, **options)


def diagonal_of(arr: Any) -> Any:
    """``numpy.diag_indices_from``: where the main diagonal lies."""
    lengths = set(numpy.shape(arr))
    if len(numpy.shape(arr)) < 2 or len(lengths) != 1:
        return numpy.diag_indices_from(numpy.empty(numpy.shape(arr)))  # which says what is wrong
    return numpy.diag_indices(lengths.pop(), len(numpy.shape(arr)))


#: By the function that a program calls.
TWINS: dict[Any, Callable[..., Any]] = {
    numpy.array: array,
    numpy.asarray: asarray,
    numpy.asanyarray: asarray,
    numpy.ascontiguousarray: contiguous,
    numpy.arange: spaced,
    numpy.asfortranarray: in_columns,
    numpy.asarray_chkfinite: finite,
    numpy.require: required,
    numpy.full: full,
    numpy.full_like: full_like,
    numpy.fromiter: from_iterable,
    numpy.ndarray: buffer,
    numpy.diag_indices_from: diagonal_of,
    numpy.ndenumerate: entries_of,
    _as_strided: strided,
}
#: By identity, since they cannot be hashed by what they are.
BRACKETS = {id(numpy.r_): Joined(numpy.r_, False), id(numpy.c_): Joined(numpy.c_, True)}
