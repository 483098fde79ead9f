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
    length,
    ndim,
    one_axis,
    permute,
    reshape,
    shape,
    square_of_size,
)
from calcgrad.numpy_names.registry import handles, handles_method, refuse, refuse_complex
from calcgrad.operations.shapes import kept
from calcgrad.operations.transposes import Apply


def total(apply: Apply, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The sum over axes."""
    return apply("sum", a, params=(axis_param(axis, ndim(a)), bool(keepdims)))


@handles("sum")
def summed(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False,
    initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    """The sum, from ``initial`` on."""
    refuse("numpy.sum", dtype=dtype, out=out, where=where)
    params = (None if axis is None else axis_param(axis, ndim(a)), bool(keepdims))
    found = apply("sum", a, params=params)
    return found if initial is None or initial is numpy._NoValue else found + initial


@handles("prod")
def product(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False,
    initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    """The product, from ``initial`` on."""
    refuse("numpy.prod", dtype=dtype, out=out, where=where)
    found = apply("prod", a, params=(axis_param(axis, ndim(a)), bool(keepdims)))
    return found if initial is None else found * initial


@handles("mean")
def mean(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False, *, where: Any = True
) -> Any:  # fmt: skip
    """The arithmetic mean."""
    refuse("numpy.mean", dtype=dtype, out=out, where=where)
    n = count(shape(a), axes_of(axis, ndim(a)))
    return apply("div", total(apply, a, axis, keepdims), float(n))


def _deviations(apply: Apply, a: Any, axis: Any, ddof: float, given: Any) -> tuple[Any, float]:
    """The distances from the mean, and what their squares are divided by."""
    middle = mean(apply, a, axis, keepdims=True) if given is None else given
    return a - middle, float(max(count(shape(a), axes_of(axis, ndim(a))) - ddof, 0))


@handles("var")
def _var(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: float = 0, keepdims: bool = False, *,
    where: Any = True, mean: Any = None, correction: Any = None,
) -> Any:  # fmt: skip
    refuse("numpy.var", dtype=dtype, out=out, where=where)
    d, n = _deviations(apply, a, axis, ddof if correction is None else correction, mean)
    return apply("div", total(apply, square_of_size(apply, d), axis, keepdims), n)


@handles("std")
def _std(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: float = 0, keepdims: bool = False, *,
    where: Any = True, mean: Any = None, correction: Any = None,
) -> Any:  # fmt: skip
    """By way of the length, whose derivative at the kink (all entries equal) is taken as 0."""
    refuse("numpy.std", dtype=dtype, out=out, where=where)
    d, n = _deviations(apply, a, axis, ddof if correction is None else correction, mean)
    return apply("div", length(apply, d, axis, keepdims), n**0.5)


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
    refuse("numpy.max", out=out, where=where)
    return _extreme(apply, "amax", "maximum", a, axis, keepdims, initial)


@handles("min", "amin")
def smallest(
    apply: Apply, a: Any, axis: Any = None, out: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:  # fmt: skip
    """The smallest entry; ties share its derivative."""
    refuse("numpy.min", out=out, where=where)
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
    refuse("numpy.cumsum", dtype=dtype, out=out)
    a, at = _in_a_row(apply, a, axis)
    return apply("cumsum", a, params=(at,))


@handles("cumprod")
def _cumprod(apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    refuse("numpy.cumprod", dtype=dtype, out=out)
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

    refuse("numpy.cumulative_sum", dtype=dtype, out=out)
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
    refuse("numpy.cumulative_prod", dtype=dtype, out=out)
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
        refuse(f"numpy.{name}.reduce", dtype=dtype, out=out, where=where)
        if name == "logaddexp":
            refuse("numpy.logaddexp.reduce", initial=initial)
            refuse_complex("numpy.logaddexp.reduce", a)
            return logsumexp(apply, a, axis, keepdims)
        return handler(apply, a, axis, keepdims=keepdims, initial=initial)

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
    return _cumprod(apply, a, axis)
