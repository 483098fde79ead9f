"""Sums, products, means and extremes, over all axes or some, and running ones."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy

from calcgrad.numpy_names.common import (
    array,
    axes_of,
    axis_param,
    broadcast,
    count,
    dtype_of,
    in_dtype,
    length,
    ndim,
    one_axis,
    permute,
    real,
    reshape,
    shape,
    square_of_size,
)
from calcgrad.numpy_names.registry import handles, handles_method, refuse, refuse_complex
from calcgrad.operations.pushforwards import in_precision_of
from calcgrad.operations.shapes import kept
from calcgrad.operations.transposes import Apply


def total(apply: Apply, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The sum over axes."""
    return apply("sum", a, params=(axis_param(axis, ndim(a)), bool(keepdims)))


def chosen(apply: Apply, a: Any, dtype: Any, where: Any, otherwise: Any) -> Any:
    """The entries in the precision that is asked for, and something that does not count in place of those left out."""
    (a,) = in_dtype(apply, dtype, array(a))
    return apply("where", array(where), a, otherwise) if _chooses(where) else a


def _chooses(where: Any) -> bool:
    return where is not True and where is not None and where is not numpy._NoValue


def counted(apply: Apply, a: Any, axis: Any, keepdims: bool, where: Any) -> Any:
    """How many entries are taken together: one number, or where some are left out, one for each result."""
    if not _chooses(where):
        return float(count(shape(a), axes_of(axis, ndim(a))))
    ones = apply("where", apply("broadcast_to", array(where), params=(shape(a),)), 1.0, 0.0)
    return total(apply, in_precision_of(apply, real(apply, a), ones), axis, keepdims)


@handles("sum")
def summed(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False,
    initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    """The sum, from ``initial`` on."""
    refuse("numpy.sum", out=out)
    a = chosen(apply, a, dtype, where, 0.0)
    params = (None if axis is None else axis_param(axis, ndim(a)), bool(keepdims))
    found = apply("sum", a, params=params)
    return found if initial is None or initial is numpy._NoValue else found + initial


@handles("prod")
def product(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False,
    initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    """The product, from ``initial`` on."""
    refuse("numpy.prod", out=out)
    a = chosen(apply, a, dtype, where, 1.0)
    found = apply("prod", a, params=(axis_param(axis, ndim(a)), bool(keepdims)))
    return found if initial is None else found * initial


@handles("mean")
def mean(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False, *, where: Any = True
) -> Any:  # fmt: skip
    """The arithmetic mean."""
    refuse("numpy.mean", out=out)
    a = chosen(apply, a, dtype, where, 0.0)
    return apply("div", total(apply, a, axis, keepdims), counted(apply, a, axis, keepdims, where))


def _deviations(
    apply: Apply, a: Any, axis: Any, keepdims: bool, ddof: float, given: Any, where: Any
) -> tuple[Any, Any]:
    """The distances from the mean, 0 where an entry is left out, and what their squares are divided by."""
    middle = mean(apply, a, axis, keepdims=True, where=where) if given is None else given
    n = counted(apply, a, axis, keepdims, where)
    if _chooses(where):
        return apply("where", array(where), a - middle, 0.0), apply("maximum", n - ddof, 0.0)
    return a - middle, max(n - ddof, 0.0)


@handles("var")
def _var(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: float = 0, keepdims: bool = False, *,
    where: Any = True, mean: Any = None, correction: Any = None,
) -> Any:  # fmt: skip
    refuse("numpy.var", out=out)
    (a,) = in_dtype(apply, dtype, array(a))
    d, n = _deviations(apply, a, axis, keepdims, ddof if correction is None else correction, mean, where)
    return apply("div", total(apply, square_of_size(apply, d), axis, keepdims), n)


@handles("std")
def _std(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: float = 0, keepdims: bool = False, *,
    where: Any = True, mean: Any = None, correction: Any = None,
) -> Any:  # fmt: skip
    """By way of the length, whose derivative at the kink (all entries equal) is taken as 0."""
    refuse("numpy.std", out=out)
    (a,) = in_dtype(apply, dtype, array(a))
    d, n = _deviations(apply, a, axis, keepdims, ddof if correction is None else correction, mean, where)
    return apply("div", length(apply, d, axis, keepdims), apply("sqrt", n))


def _least_of(apply: Apply, name: str, a: Any, where: Any, initial: Any) -> Any:
    """The entries to compare; what is left out is ``initial``, which NumPy then wants too."""
    if _chooses(where) and (initial is None or initial is numpy._NoValue):
        raise ValueError(f"{name} with a where mask needs an initial value: it has no identity")
    return chosen(apply, a, None, where, initial)


def _extreme(apply: Apply, op: str, pair: str, a: Any, axis: Any, keepdims: bool, initial: Any) -> Any:
    axes = axes_of(axis, ndim(a))
    if initial is None or initial is numpy._NoValue:
        return apply(op, a, params=(axis_param(axis, ndim(a)), bool(keepdims)))
    if count(shape(a), axes) == 0:
        left = (
            kept(shape(a), axes) if keepdims else tuple([n for i, n in enumerate(shape(a)) if i not in axes])
        )
        return numpy.full(left, initial, dtype_of(a))
    return apply(pair, apply(op, a, params=(axis_param(axis, ndim(a)), bool(keepdims))), initial)


@handles("max", "amax")
def largest(
    apply: Apply, a: Any, axis: Any = None, out: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:  # fmt: skip
    """The largest entry; ties share its derivative."""
    refuse("numpy.max", out=out)
    a = _least_of(apply, "numpy.max", a, where, initial)
    return _extreme(apply, "amax", "maximum", a, axis, keepdims, initial)


@handles("min", "amin")
def smallest(
    apply: Apply, a: Any, axis: Any = None, out: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:  # fmt: skip
    """The smallest entry; ties share its derivative."""
    refuse("numpy.min", out=out)
    a = _least_of(apply, "numpy.min", a, where, initial)
    return _extreme(apply, "amin", "minimum", a, axis, keepdims, initial)


@handles("ptp")
def _ptp(apply: Apply, a: Any, axis: Any = None, out: Any = None, keepdims: bool = False) -> Any:
    refuse("numpy.ptp", out=out)
    params = (axis_param(axis, ndim(a)), bool(keepdims))
    return apply("amax", a, params=params) - apply("amin", a, params=params)


@handles("average")
def _average(
    apply: Apply,
    a: Any,
    axis: Any = None,
    weights: Any = None,
    returned: bool = False,
    *,
    keepdims: bool = False,
) -> Any:
    a, weights = array(a), array(weights)
    if weights is None:
        found = mean(apply, a, axis, keepdims=keepdims)
        scale = float(count(shape(a), axes_of(axis, ndim(a))))
        return (found, numpy.full(shape(found), scale, dtype_of(a))) if returned else found
    if shape(weights) != shape(a):
        chosen = axes_of(axis, ndim(a))
        order = tuple(sorted(range(len(chosen)), key=chosen.__getitem__))
        lengths = tuple([n if i in chosen else 1 for i, n in enumerate(shape(a))])
        weights = reshape(apply, permute(apply, weights, order), lengths)
    weights = broadcast(apply, weights, shape(a))
    scale = total(apply, weights, axis, keepdims)
    found = apply("div", total(apply, a * weights, axis, keepdims), scale)
    return (found, scale) if returned else found


@handles("cumsum")
def cumsum(apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """Running sums; of the entries in a row where no axis is given."""
    refuse("numpy.cumsum", out=out)
    (a,) = in_dtype(apply, dtype, array(a))
    a, at = _in_a_row(apply, a, axis)
    return apply("cumsum", a, params=(at,))


@handles("cumprod")
def cumprod(apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """Running products; of the entries in a row where no axis is given."""
    refuse("numpy.cumprod", out=out)
    (a,) = in_dtype(apply, dtype, array(a))
    a, at = _in_a_row(apply, a, axis)
    return apply("cumprod", a, params=(at,))


def _in_a_row(apply: Apply, a: Any, axis: Any) -> tuple[Any, int]:
    if axis is None or not ndim(a):
        return reshape(apply, a, (count(shape(a), range(ndim(a))),)), 0
    return a, one_axis(axis, ndim(a))


@handles("cumulative_sum")
def _cumulative_sum(
    apply: Apply,
    x: Any,
    /,
    *,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    include_initial: bool = False,
) -> Any:
    from calcgrad.numpy_names.shaping import place_after_zeros

    refuse("numpy.cumulative_sum", out=out)
    (x,) = in_dtype(apply, dtype, array(x))
    at = one_axis(0 if axis is None else axis, ndim(x))
    found = apply("cumsum", x, params=(at,))
    return place_after_zeros(apply, found, at, 1) if include_initial else found


@handles("cumulative_prod")
def _cumulative_prod(
    apply: Apply,
    x: Any,
    /,
    *,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    include_initial: bool = False,
) -> Any:
    refuse("numpy.cumulative_prod", out=out)
    (x,) = in_dtype(apply, dtype, array(x))
    at = one_axis(0 if axis is None else axis, ndim(x))
    found = apply("cumprod", x, params=(at,))
    if not include_initial:
        return found
    one = numpy.ones((*shape(x)[:at], 1, *shape(x)[at + 1 :]), dtype_of(x))
    return apply("concatenate", one, found, params=(at,))


def logsumexp(apply: Apply, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The logarithm of the sum of exponentials; -inf where there is nothing to add."""
    axes = axes_of(axis, ndim(a))
    if count(shape(a), axes) == 0:
        left = (
            kept(shape(a), axes) if keepdims else tuple([n for i, n in enumerate(shape(a)) if i not in axes])
        )
        return numpy.full(left, -inf, dtype_of(a))
    return apply("logsumexp", a, params=(axis_param(axis, ndim(a)), bool(keepdims)))


def _reduction(name: str) -> Any:
    """A method ``reduce`` by the function of the whole array; its axis is 0 where none is given."""
    handler: Any = {
        "add": summed,
        "multiply": product,
        "maximum": largest,
        "minimum": smallest,
        "logaddexp": logsumexp,
    }[name]

    def reduce(
        apply: Apply, a: Any, axis: Any = 0, dtype: Any = None, out: Any = None, keepdims: bool = False,
        initial: Any = None, where: Any = True,
    ) -> Any:  # fmt: skip
        out = out[0] if isinstance(out, tuple) else out
        refuse(f"numpy.{name}.reduce", out=out)
        (a,) = in_dtype(apply, dtype, array(a))
        if name == "logaddexp":
            refuse_complex("numpy.logaddexp.reduce", a)
            found = logsumexp(apply, chosen(apply, a, None, where, -inf), axis, keepdims)
            none = initial is None or initial is numpy._NoValue
            return found if none else apply("logaddexp", found, initial)
        return handler(apply, a, axis, keepdims=keepdims, initial=initial, where=where)

    return reduce


for _name in ("add", "multiply", "maximum", "minimum", "logaddexp"):
    handles_method("reduce", _name)(_reduction(_name))


@handles_method("accumulate", "add")
def _accumulate_sum(apply: Apply, a: Any, axis: int = 0, dtype: Any = None, out: Any = None) -> Any:
    refuse("numpy.add.accumulate", dtype=dtype, out=out)
    return cumsum(apply, a, axis)


def _running_extreme(ufunc: str) -> Any:
    """Every entry is read from the place of the latest extreme so far."""

    def accumulate(apply: Apply, a: Any, axis: int = 0, dtype: Any = None, out: Any = None) -> Any:
        refuse(f"numpy.{ufunc}.accumulate", dtype=dtype, out=out)
        at = one_axis(axis, ndim(a))
        along = (("axis", at),)
        so_far = apply("decided", a, params=(f"{ufunc}.accumulate", along))
        column = numpy.arange(shape(a)[at]).reshape(-1, *[1] * (ndim(a) - at - 1))
        here = apply("where", apply("equal", a, so_far), column, 0)
        places = apply("decided", here, params=("maximum.accumulate", along))
        return apply("take_along", a, places, params=(at,))

    return accumulate


for _name in ("maximum", "minimum"):
    handles_method("accumulate", _name)(_running_extreme(_name))


@handles_method("accumulate", "multiply")
def _accumulate_product(apply: Apply, a: Any, axis: int = 0, dtype: Any = None, out: Any = None) -> Any:
    refuse("numpy.multiply.accumulate", dtype=dtype, out=out)
    return cumprod(apply, a, axis)
