"""What many handlers need: shapes and axes of values that may be traced, lists that become arrays."""

from __future__ import annotations

from collections.abc import Sequence
from operator import index
from typing import Any

import numpy

from calcgrad.errors import UsageError
from calcgrad.operations.shapes import Shape
from calcgrad.operations.transposes import Apply

ALL = slice(None)


def shape(x: Any) -> Shape:
    """The shape of an argument: a traced value, an array, a number, or a list."""
    found = getattr(x, "shape", None)
    return found if found is not None else numpy.shape(x)


def ndim(x: Any) -> int:
    """The number of axes."""
    return len(shape(x))


def array(x: Any) -> Any:
    """A list or a tuple as an array; everything else as it is."""
    return numpy.asarray(x) if isinstance(x, list | tuple) else x


def dtype_of(x: Any) -> Any:
    """The precision of an argument; a Python float is a double."""
    return getattr(x, "dtype", None) or numpy.result_type(x)


def in_dtype(apply: Apply, dtype: Any, *args: Any) -> list[Any]:
    """Arguments in the precision that a function is asked to compute in; whole numbers are no such precision."""
    if dtype is None or dtype is numpy._NoValue:
        return list(args)
    wanted = numpy.dtype(dtype)
    if wanted.kind not in "fc":
        raise UsageError.of(
            "E421",
            f"dtype={wanted.name} has no derivative: whole numbers change by jumps",
            hints=("leave it out",),
        )
    if wanted.kind == "f" and any(map(is_complex, args)):
        raise UsageError.of(
            "E461",
            f"dtype={wanted.name} drops the imaginary part of complex values",
            hints=("numpy.real(z) is the real part",),
        )
    return [a if dtype_of(a) == wanted else apply("astype", a, params=(wanted.name,)) for a in args]


def one_axis(axis: Any, depth: int) -> int:
    """An axis as a number from 0. Raises NumPy's own error where there is no such axis."""
    found = index(axis)
    if not -depth <= found < depth:
        raise numpy.exceptions.AxisError(found, depth)
    return found % depth


def axes_of(axis: Any, depth: int) -> tuple[int, ...]:
    """Axes as numbers from 0, in the order given; ``None`` means all."""
    if axis is None:
        return tuple(range(depth))
    given = axis if isinstance(axis, tuple | list) else (axis,)
    found = tuple([one_axis(a, depth) for a in given])
    if len(set(found)) < len(found):
        raise ValueError("duplicate value in 'axis'")
    return found


def axis_param(axis: Any, depth: int) -> Any:
    """An axis as the table's rows take it: ``None``, a number or a tuple."""
    if axis is None:
        return None
    if isinstance(axis, tuple | list):
        return tuple(sorted(axes_of(axis, depth)))
    return one_axis(axis, depth)


def count(lengths: Shape, axes: Sequence[int]) -> int:
    """How many entries a reduction over axes takes together."""
    n = 1
    for a in axes:
        n *= lengths[a]
    return n


def reshape(apply: Apply, x: Any, new: Sequence[int]) -> Any:
    """The entries in another shape; nothing is done where it has it already."""
    new = tuple(new)
    return x if shape(x) == new else apply("reshape", x, params=(new,))


def broadcast(apply: Apply, x: Any, whole: Shape) -> Any:
    """The entries repeated to a shape; nothing is done where it has it already."""
    return x if shape(x) == whole else apply("broadcast_to", x, params=(whole,))


def getitem(apply: Apply, x: Any, *places: Any) -> Any:
    """What stands at an index of slices and numbers."""
    return apply("getitem", x, params=places)


def along(
    apply: Apply, x: Any, axis: int, start: int | None, stop: int | None, step: int | None = None
) -> Any:
    """A slice along one axis."""
    return apply("getitem", x, params=(*[ALL] * axis, slice(start, stop, step)))


def permute(apply: Apply, x: Any, axes: Sequence[int]) -> Any:
    """The axes in another order; nothing is done where it is the same."""
    axes = tuple(axes)
    return x if axes == tuple(range(len(axes))) else apply("transpose", x, params=(axes,))


def axis_last(apply: Apply, x: Any, axis: int) -> Any:
    """The array with one of its axes moved to the end."""
    depth = ndim(x)
    return permute(apply, x, (*[i for i in range(depth) if i != axis], axis))


def concatenate(apply: Apply, parts: Sequence[Any], axis: int) -> Any:
    """Arrays one after the other along an axis from 0."""
    return parts[0] if len(parts) == 1 else apply("concatenate", *parts, params=(axis,))


def swapped(apply: Apply, x: Any) -> Any:
    """The last two axes changed with each other."""
    depth = ndim(x)
    return permute(apply, x, (*range(depth - 2), depth - 1, depth - 2))


def decided(apply: Apply, x: Any, name: str, **keywords: Any) -> Any:
    """What NumPy's function decides by the value: no derivative is taken through it."""
    return apply("decided", x, params=(name, tuple(keywords.items())))


def is_complex(x: Any) -> bool:
    """Whether an argument is complex."""
    return bool(getattr(dtype_of(x), "kind", "f") == "c")


def real(apply: Apply, x: Any) -> Any:
    """The real part of what may be complex."""
    return apply("real", x) if is_complex(x) else x


def imag(apply: Apply, x: Any) -> Any:
    """The imaginary part: the real part of ``-i x``."""
    return apply("real", x * -1j) if is_complex(x) else numpy.zeros(shape(x), dtype_of(x))[()]


def conjugated(apply: Apply, x: Any) -> Any:
    """The complex conjugate; what is real is its own."""
    return apply("conj", x) if is_complex(x) else x


def size_of(apply: Apply, x: Any) -> Any:
    """The absolute value, whose derivative at 0 is taken as 0."""
    return apply("hypot", real(apply, x), imag(apply, x)) if is_complex(x) else apply("abs", x)


def square_of_size(apply: Apply, x: Any) -> Any:
    """The square of the absolute value."""
    if not is_complex(x):
        return apply("square", x)
    return apply("square", real(apply, x)) + apply("square", imag(apply, x))


def length(apply: Apply, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The root of the sum of the squares of the absolute values; of complex entries, both parts are summed over.

    They lie in an axis of their own: by way of absolute values the second derivative at an entry 0 would be lost.
    """
    if not is_complex(x):
        return apply("norm", x, params=(axis_param(axis, ndim(x)), bool(keepdims)))
    depth, lengths = ndim(x), shape(x)
    parts = [reshape(apply, part(apply, x), (*lengths, 1)) for part in (real, imag)]
    axes = axes_of(axis, depth)
    found = apply("norm", concatenate(apply, parts, depth), params=((*sorted(axes), depth), False))
    return (
        reshape(apply, found, [1 if i in axes else n for i, n in enumerate(lengths)]) if keepdims else found
    )
