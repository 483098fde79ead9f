"""How ufuncs are called: with ``where=``, by their methods beside sums and extremes; and running sums that leave nan out."""

from __future__ import annotations

from typing import Any

import numpy

from calcgrad.numpy_names.common import (
    along,
    array,
    concatenate,
    in_dtype,
    is_complex,
    length,
    ndim,
    one_axis,
    reshape,
    shape,
)
from calcgrad.numpy_names.joining import stack
from calcgrad.numpy_names.reductions import cumprod, cumsum, largest, logsumexp, product, smallest, summed
from calcgrad.numpy_names.registry import (
    FOLDING,
    handler_of,
    handles,
    handles_method,
    name_of,
    refuse,
    refuse_complex,
)
from calcgrad.operations.pushforwards import in_precision_of
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


def of_chosen(apply: Apply, ufunc: Any, args: Any, keywords: dict[str, Any]) -> Any:
    """A ufunc with ``where=``: nan where nothing is computed, since what NumPy leaves there is no number of the function's."""
    refuse(f"numpy.{ufunc.__name__}", out=keywords.pop("out", None))
    mask = keywords.pop("where", True)
    found = handler_of(ufunc)(apply, *args, **keywords)
    if mask is True:
        return found
    parts = found if isinstance(found, tuple) else (found,)
    chosen = [apply("where", array(mask), part, numpy.nan) for part in parts]
    return tuple(chosen) if isinstance(found, tuple) else chosen[0]


def _lines(apply: Apply, a: Any, axis: Any) -> tuple[list[Any], int]:
    """What stands at each place of an axis, and the axis; of the entries in a row where none is given."""
    a = array(a)
    if axis is None:
        a, axis = reshape(apply, a, (int(numpy.prod(shape(a))),)), 0
    at = one_axis(axis, ndim(a))
    rest = (*shape(a)[:at], *shape(a)[at + 1 :])
    return [reshape(apply, along(apply, a, at, k, k + 1), rest) for k in range(shape(a)[at])], at


def folded(ufunc: Any) -> Any:
    """``reduce`` of a function of two numbers that has no reduction of its own: entry after entry."""

    def reduce(
        apply: Apply, a: Any, axis: Any = 0, dtype: Any = None, out: Any = None, keepdims: bool = False,
        initial: Any = None, where: Any = True,
    ) -> Any:  # fmt: skip
        name = f"{name_of(ufunc)}.reduce"
        refuse(name, out=out, where=where)
        if isinstance(axis, tuple):
            refuse(name, "one axis after the other", axis=axis)
        (a,) = in_dtype(apply, dtype, array(a))
        handler = handler_of(ufunc)
        entries, at = _lines(apply, a, axis)
        if initial is not None and initial is not numpy._NoValue:
            entries.insert(0, initial)
        if not entries:
            raise ValueError(f"zero-size array to reduction operation {ufunc.__name__} which has no identity")
        found = entries[0]
        for entry in entries[1:]:
            found = handler(apply, found, entry)
        if not keepdims:
            return found
        lengths = [1] * ndim(a) if axis is None else [1 if k == at else n for k, n in enumerate(shape(a))]
        return reshape(apply, found, lengths)

    return reduce


def running(ufunc: Any) -> Any:
    """``accumulate`` in the same way."""

    def accumulate(apply: Apply, a: Any, axis: int = 0, dtype: Any = None, out: Any = None) -> Any:
        refuse(f"{name_of(ufunc)}.accumulate", out=out)
        (a,) = in_dtype(apply, dtype, array(a))
        handler = handler_of(ufunc)
        entries, at = _lines(apply, a, axis)
        for k in range(1, len(entries)):
            entries[k] = handler(apply, entries[k - 1], entries[k])
        return stack(apply, entries, at) if entries else a

    return accumulate


@handles_method("reduce", "hypot")
def _hypot(
    apply: Apply, a: Any, axis: Any = 0, dtype: Any = None, out: Any = None, keepdims: bool = False, **keywords: Any
) -> Any:  # fmt: skip
    """The length."""
    refuse("numpy.hypot.reduce", out=out, **keywords)
    (a,) = in_dtype(apply, dtype, array(a))
    refuse_complex("numpy.hypot.reduce", a)
    return length(apply, a, axis, keepdims)


@handles_method("reduce", "logaddexp2")
def _logsumexp2(
    apply: Apply, a: Any, axis: Any = 0, dtype: Any = None, out: Any = None, keepdims: bool = False, **keywords: Any
) -> Any:  # fmt: skip
    refuse("numpy.logaddexp2.reduce", out=out, **keywords)
    (a,) = in_dtype(apply, dtype, array(a))
    refuse_complex("numpy.logaddexp2.reduce", a)
    two = float(numpy.log(2.0))
    total = logsumexp(apply, a * two, axis, keepdims)
    return apply("div", total, in_precision_of(apply, total, two))


def _least_number(name: str, reduced: Any, end: float) -> Any:
    """``fmin`` and ``fmax``: nan is left out, as long as there is a number."""

    def reduce(
        apply: Apply, a: Any, axis: Any = 0, dtype: Any = None, out: Any = None, keepdims: bool = False,
        initial: Any = None, where: Any = True,
    ) -> Any:  # fmt: skip
        refuse(f"numpy.{name}.reduce", out=out)
        (a,) = in_dtype(apply, dtype, array(a))
        if is_complex(a):
            return folded(getattr(numpy, name))(apply, a, axis, None, out, keepdims, initial, where)
        there = apply("equal", a, a)
        full = apply("where", there, a, end)
        found = reduced(apply, full, axis, keepdims=keepdims, initial=initial, where=where)
        params = (("axis", axis), ("keepdims", keepdims))
        some = apply("decided", there, params=("any", params))
        return (
            found
            if initial is not None and initial is not numpy._NoValue
            else apply("where", some, found, numpy.nan)
        )

    return reduce


handles_method("reduce", "fmin")(_least_number("fmin", smallest, numpy.inf))
handles_method("reduce", "fmax")(_least_number("fmax", largest, -numpy.inf))


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


FOLDING |= {"reduce": folded, "accumulate": running}
