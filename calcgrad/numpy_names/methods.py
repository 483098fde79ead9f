"""Methods of ufuncs beside sums and extremes, and running sums that leave nan out."""

from __future__ import annotations

from typing import Any

import numpy

from calcgrad.numpy_names.common import along, array, concatenate, in_dtype, ndim, one_axis, shape
from calcgrad.numpy_names.reductions import cumprod, cumsum, largest, product, smallest, summed
from calcgrad.numpy_names.registry import handles, handles_method, refuse
from calcgrad.operations.transposes import Apply


def _slices(name: str) -> Any:
    """``reduceat``: from each place to the next one a reduction; where the next one is not further on, the entry itself."""
    reduced: Any = {"add": summed, "multiply": product, "maximum": largest, "minimum": smallest}[name]

    def reduceat(
        apply: Apply, a: Any, indices: Any, axis: int = 0, dtype: Any = None, out: Any = None
    ) -> Any:
        refuse(f"numpy.{name}.reduceat", out=out)
        (a,) = in_dtype(apply, dtype, array(a))
        at, places = one_axis(axis, ndim(a)), numpy.asarray(indices)
        n = shape(a)[at]
        if places.size and (places.min() < 0 or places.max() >= n):
            raise IndexError(f"index {places.max()} out-of-bounds in {name}.reduceat [0, {n})")
        ends = [*places[1:].tolist(), n]
        if name == "add" and all(i < j for i, j in zip(places, ends, strict=True)):
            into = numpy.repeat(numpy.arange(len(ends)), numpy.diff([*places.tolist(), n]))
            rest = along(apply, a, at, int(places[0]), None)
            return apply("put", rest, into, params=(at, len(ends)))
        parts = [
            reduced(apply, along(apply, a, at, i, max(j, i + 1)), axis=at, keepdims=True)
            for i, j in zip(places.tolist(), ends, strict=True)
        ]
        return concatenate(apply, parts, at)

    return reduceat


for _name in ("add", "multiply", "maximum", "minimum"):
    handles_method("reduceat", _name)(_slices(_name))


@handles_method("reduce", "subtract")
def _differences(
    apply: Apply, a: Any, axis: Any = 0, dtype: Any = None, out: Any = None, keepdims: bool = False, **keywords: Any
) -> Any:  # fmt: skip
    """The first entry without all others."""
    refuse("numpy.subtract.reduce", out=out, **keywords)
    (a,) = in_dtype(apply, dtype, array(a))
    at = one_axis(axis, ndim(a))
    first = summed(apply, along(apply, a, at, 0, 1), axis=at, keepdims=keepdims)
    return first - summed(apply, along(apply, a, at, 1, None), axis=at, keepdims=keepdims)


@handles_method("accumulate", "subtract")
def _running_differences(apply: Apply, a: Any, axis: int = 0, dtype: Any = None, out: Any = None) -> Any:
    refuse("numpy.subtract.accumulate", out=out)
    (a,) = in_dtype(apply, dtype, array(a))
    at = one_axis(axis, ndim(a))
    first = along(apply, a, at, 0, 1)
    return concatenate(apply, [first, first - cumsum(apply, along(apply, a, at, 1, None), at)], at)


@handles("nancumsum")
def _nancumsum(apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    a = array(a)
    return cumsum(apply, apply("where", apply("not_equal", a, a), 0.0, a), axis, dtype, out)


@handles("nancumprod")
def _nancumprod(apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    a = array(a)
    return cumprod(apply, apply("where", apply("not_equal", a, a), 1.0, a), axis, dtype, out)
