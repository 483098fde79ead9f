"""Sums, means, extremes and other statistics, over all axes or some."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy

from calcgrad.numpy_names.common import (
    array,
    axes_of,
    axis_last,
    axis_param,
    broadcast,
    count,
    dtype_of,
    getitem,
    ndim,
    one_axis,
    permute,
    reshape,
    shape,
)
from calcgrad.numpy_names.registry import handles, handles_method, refuse
from calcgrad.operations.pushforwards import in_precision_of
from calcgrad.operations.shapes import kept
from calcgrad.operations.transposes import Apply


def total(apply: Apply, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The sum over axes."""
    return apply("sum", a, params=(axis_param(axis, ndim(a)), bool(keepdims)))


@handles("sum")
def _sum(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False,
    initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    refuse("numpy.sum", dtype=dtype, out=out, where=where)
    params = (None if axis is None else axis_param(axis, ndim(a)), bool(keepdims))
    found = apply("sum", a, params=params)
    return found if initial is None or initial is numpy._NoValue else found + initial


@handles("prod")
def _prod(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False,
    initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
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
    return apply("div", total(apply, apply("square", d), axis, keepdims), n)


@handles("std")
def _std(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: float = 0, keepdims: bool = False, *,
    where: Any = True, mean: Any = None, correction: Any = None,
) -> Any:  # fmt: skip
    """By way of the length, whose derivative at the kink (all entries equal) is taken as 0."""
    refuse("numpy.std", dtype=dtype, out=out, where=where)
    d, n = _deviations(apply, a, axis, ddof if correction is None else correction, mean)
    length = apply("norm", d, params=(axis_param(axis, ndim(a)), bool(keepdims)))
    return apply("div", length, n**0.5)


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
def _max(
    apply: Apply, a: Any, axis: Any = None, out: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:  # fmt: skip
    refuse("numpy.max", out=out, where=where)
    return _extreme(apply, "amax", "maximum", a, axis, keepdims, initial)


@handles("min", "amin")
def _min(
    apply: Apply, a: Any, axis: Any = None, out: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:  # fmt: skip
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


def sorted_last(apply: Apply, a: Any, axis: Any) -> tuple[Any, tuple[int, ...]]:
    """The entries of the reduced axes in one axis, the last, ascending; and the axes."""
    axes = axes_of(axis, ndim(a))
    others = [i for i in range(ndim(a)) if i not in axes]
    lengths = (*[shape(a)[i] for i in others], count(shape(a), axes))
    row = reshape(apply, permute(apply, a, (*others, *axes)), lengths)
    last = len(lengths) - 1
    return apply("take_along", row, apply("argsort", row, params=(last,)), params=(last, True)), axes


@handles("median")
def _median(
    apply: Apply,
    a: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    keepdims: bool = False,
) -> Any:
    refuse("numpy.median", out=out)
    return _quantiles(apply, array(a), numpy.float64(0.5), axis, "linear", keepdims)


@handles("quantile")
def _quantile(
    apply: Apply, a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False,
    method: str = "linear", keepdims: bool = False, *, weights: Any = None,
) -> Any:  # fmt: skip
    refuse("numpy.quantile", out=out, weights=weights)
    return _quantiles(apply, array(a), _constant(q), axis, method, keepdims)


@handles("percentile")
def _percentile(
    apply: Apply, a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False,
    method: str = "linear", keepdims: bool = False, *, weights: Any = None,
) -> Any:  # fmt: skip
    refuse("numpy.percentile", out=out, weights=weights)
    return _quantiles(apply, array(a), _constant(q) / 100, axis, method, keepdims)


def _constant(q: Any) -> Any:
    """Which quantile; a traced one is refused."""
    if hasattr(q, "tape"):
        refuse("numpy.quantile", "the quantile itself is a constant", q=q)
    return numpy.asarray(q, float)


#: The constants of Hyndman and Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996).
_CONTINUOUS = {
    "linear": (1.0, 1.0),
    "hazen": (0.5, 0.5),
    "weibull": (0.0, 0.0),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
    "interpolated_inverted_cdf": (0.0, 1.0),
}


def _places(q: Any, n: int, method: str) -> tuple[Any, Any]:
    """The place below and the weight of the one above it."""
    if method in _CONTINUOUS:
        alpha, beta = _CONTINUOUS[method]
        at = numpy.clip(n * q + (alpha + q * (1 - alpha - beta)) - 1, 0, n - 1)
        low = numpy.floor(at)
        return low.astype(int), at - low
    at = (n - 1) * q
    rounded = {"lower": numpy.floor, "higher": numpy.ceil, "nearest": numpy.rint, "midpoint": numpy.floor}
    if method not in rounded:
        refuse("numpy.quantile", f"use one of {', '.join((*_CONTINUOUS, *rounded))}", method=method)
    low = rounded[method](at)
    return low.astype(int), numpy.where((method == "midpoint") & (at != low), 0.5, 0.0)


def _quantiles(apply: Apply, a: Any, q: Any, axis: Any, method: str, keepdims: bool) -> Any:
    ordered, axes = sorted_last(apply, a, axis)
    last, n = ndim(ordered) - 1, shape(ordered)[-1]
    if n == 0:
        raise ValueError("an array without entries has no quantiles")
    low, weight = _places(q.ravel(), n, method)
    weight = weight.astype(dtype_of(a))
    below = apply("gather", ordered, low, params=(last,))
    found = below
    if weight.any():
        above = apply("gather", ordered, numpy.minimum(low + 1, n - 1), params=(last,))
        found = below + apply("where", weight > 0, (above - below) * weight, 0.0)
    final = getitem(apply, ordered, ..., slice(n - 1, n))
    found = apply("where", apply("not_equal", final, final), final, found)
    found = permute(apply, found, (last, *range(last)))
    rest = kept(shape(a), axes) if keepdims else shape(ordered)[:-1]
    return reshape(apply, found, (*q.shape, *rest))


def _without_nan(apply: Apply, a: Any, instead: float) -> Any:
    return apply("where", apply("not_equal", a, a), instead, a)


def _numbers(apply: Apply, a: Any, axis: Any, keepdims: bool) -> Any:
    """How many entries are numbers."""
    there = apply("where", apply("equal", a, a), 1.0, 0.0)
    return total(apply, in_precision_of(apply, a, there), axis, keepdims)


@handles("nansum")
def _nansum(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False,
    initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    return _sum(apply, _without_nan(apply, a, 0.0), axis, dtype, out, keepdims, initial, where)


@handles("nanprod")
def _nanprod(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False,
    initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    return _prod(apply, _without_nan(apply, a, 1.0), axis, dtype, out, keepdims, initial, where)


@handles("nanmean")
def _nanmean(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False, *, where: Any = True
) -> Any:  # fmt: skip
    refuse("numpy.nanmean", dtype=dtype, out=out, where=where)
    n = _numbers(apply, a, axis, keepdims)
    return apply("div", total(apply, _without_nan(apply, a, 0.0), axis, keepdims), n)


def _nan_deviations(apply: Apply, a: Any, axis: Any, keepdims: bool, ddof: float) -> tuple[Any, Any]:
    d = a - _nanmean(apply, a, axis, keepdims=True)
    return _without_nan(apply, d, 0.0), _numbers(apply, a, axis, keepdims) - ddof


@handles("nanvar")
def _nanvar(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: float = 0, keepdims: bool = False, *,
    where: Any = True, mean: Any = None, correction: Any = None,
) -> Any:  # fmt: skip
    refuse("numpy.nanvar", dtype=dtype, out=out, where=where, mean=mean)
    d, n = _nan_deviations(apply, a, axis, keepdims, ddof if correction is None else correction)
    return apply("div", total(apply, apply("square", d), axis, keepdims), n)


@handles("nanstd")
def _nanstd(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: float = 0, keepdims: bool = False, *,
    where: Any = True, mean: Any = None, correction: Any = None,
) -> Any:  # fmt: skip
    refuse("numpy.nanstd", dtype=dtype, out=out, where=where, mean=mean)
    d, n = _nan_deviations(apply, a, axis, keepdims, ddof if correction is None else correction)
    length = apply("norm", d, params=(axis_param(axis, ndim(a)), bool(keepdims)))
    return apply("div", length, apply("sqrt", n))


@handles("nanmax")
def _nanmax(
    apply: Apply, a: Any, axis: Any = None, out: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:  # fmt: skip
    return _max(apply, _without_nan(apply, a, -inf), axis, out, keepdims, initial, where)


@handles("nanmin")
def _nanmin(
    apply: Apply, a: Any, axis: Any = None, out: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:  # fmt: skip
    return _min(apply, _without_nan(apply, a, inf), axis, out, keepdims, initial, where)


@handles("cov")
def _cov(
    apply: Apply, m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None,
    fweights: Any = None, aweights: Any = None, *, dtype: Any = None,
) -> Any:  # fmt: skip
    refuse("numpy.cov", dtype=dtype, fweights=fweights, aweights=aweights)
    x = _variables(apply, array(m), rowvar)
    if y is not None:
        x = apply("concatenate", x, _variables(apply, array(y), rowvar), params=(0,))
    n = shape(x)[1]
    if dtype_of(x) != numpy.float64:  # as NumPy does
        x = apply("astype", x, params=("float64",))
    x = x - mean(apply, x, 1, keepdims=True)
    off = (0 if bias else 1) if ddof is None else ddof
    product = apply("matmul", x, apply("transpose", x))
    found = apply("div", product, float(max(n - off, 0)))
    return reshape(apply, found, ()) if shape(found) == (1, 1) else found


def _variables(apply: Apply, m: Any, rowvar: bool) -> Any:
    """A matrix with a variable in each row."""
    if ndim(m) < 2:
        return reshape(apply, m, (1, count(shape(m), range(ndim(m)))))
    return m if rowvar or shape(m)[0] == 1 else apply("transpose", m)


@handles("corrcoef")
def _corrcoef(apply: Apply, x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    refuse("numpy.corrcoef", dtype=dtype)
    c = _cov(apply, x, y, rowvar)
    n = count(shape(c), range(ndim(c)))
    if n == 1:
        return apply("div", c, c)
    side = shape(c)[0]
    spread = apply("sqrt", getitem(apply, reshape(apply, c, (n,)), slice(None, None, side + 1)))
    by_column = apply("div", c, reshape(apply, spread, (1, side)))
    return apply("div", by_column, reshape(apply, spread, (side, 1)))


@handles("trapezoid", "trapz")
def _trapezoid(apply: Apply, y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Any:
    from calcgrad.numpy_names.shaping import diff

    y = array(y)
    y = axis_last(apply, y, one_axis(axis, ndim(y)))
    pairs = getitem(apply, y, ..., slice(1, None)) + getitem(apply, y, ..., slice(None, -1))
    if x is None:
        return total(apply, pairs * (0.5 * dx), -1)
    x = array(x)
    if ndim(x) > 1:
        x = axis_last(apply, x, one_axis(axis, ndim(x)))
    return total(apply, pairs * diff(apply, x, axis=-1) * 0.5, -1)


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
    handler: Any = {"add": _sum, "multiply": _prod, "maximum": _max, "minimum": _min, "logaddexp": logsumexp}[
        name
    ]

    def reduce(
        apply: Apply, a: Any, axis: Any = 0, dtype: Any = None, out: Any = None, keepdims: bool = False,
        initial: Any = None, where: Any = True,
    ) -> Any:  # fmt: skip
        out = out[0] if isinstance(out, tuple) else out
        refuse(f"numpy.{name}.reduce", dtype=dtype, out=out, where=where)
        if name == "logaddexp":
            refuse("numpy.logaddexp.reduce", initial=initial)
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
