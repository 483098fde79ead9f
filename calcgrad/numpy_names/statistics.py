"""Quantiles, covariances, integrals of samples, and what leaves nan out."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import numpy

from calcgrad.numpy_names.common import (
    array,
    axes_of,
    axis_last,
    conjugated,
    count,
    dtype_of,
    getitem,
    length,
    ndim,
    one_axis,
    permute,
    real,
    reshape,
    shape,
    square_of_size,
)
from calcgrad.numpy_names.reductions import largest, mean, product, smallest, summed, total
from calcgrad.numpy_names.registry import handles, refuse, refuse_complex
from calcgrad.operations.pushforwards import in_precision_of
from calcgrad.operations.shapes import kept
from calcgrad.operations.transposes import Apply
from calcgrad.tracer import is_traced


def sorted_last(apply: Apply, a: Any, axis: Any) -> tuple[Any, tuple[int, ...]]:
    """The entries of the reduced axes in one axis, the last, ascending; and the axes."""
    axes = axes_of(axis, ndim(a))
    others = [i for i in range(ndim(a)) if i not in axes]
    lengths = (*[shape(a)[i] for i in others], count(shape(a), axes))
    row = reshape(apply, permute(apply, a, (*others, *axes)), lengths)
    last = len(lengths) - 1
    return apply("take_along", row, apply("argsort", row, params=(last,)), params=(last, True)), axes


@handles("median")
def median(
    apply: Apply,
    a: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    keepdims: bool = False,
) -> Any:
    """The middle entry, or the mean of the two in the middle."""
    refuse("numpy.median", out=out)
    return _quantiles(apply, array(a), numpy.float64(0.5), axis, "linear", keepdims)


@handles("quantile")
def _quantile(
    apply: Apply, a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False,
    method: str = "linear", keepdims: bool = False, *, weights: Any = None,
) -> Any:  # fmt: skip
    refuse("numpy.quantile", out=out, weights=weights)
    refuse_complex("numpy.quantile", a)
    return _quantiles(apply, array(a), _constant(q), axis, method, keepdims)


@handles("percentile")
def _percentile(
    apply: Apply, a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False,
    method: str = "linear", keepdims: bool = False, *, weights: Any = None,
) -> Any:  # fmt: skip
    refuse("numpy.percentile", out=out, weights=weights)
    refuse_complex("numpy.percentile", a)
    return _quantiles(apply, array(a), _constant(q) / 100, axis, method, keepdims)


def _constant(q: Any) -> Any:
    """Which quantile; a traced one is refused."""
    if is_traced(q):
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


def _places(q: Any, n: Any, method: str, length: int | None = None) -> tuple[Any, Any]:
    """The place below and the weight of the one above it, of ``n`` entries at the beginning of a line of this length."""
    most = n - 1 if length is None else numpy.clip(n - 1.0, 0.0, length - 1.0)
    if method in _CONTINUOUS:
        alpha, beta = _CONTINUOUS[method]
        at = numpy.clip(n * q + (alpha + q * (1 - alpha - beta)) - 1, 0, most)
        low = numpy.floor(at)
        return low.astype(int), at - low
    at = most * q
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


def _of_numbers(apply: Apply, name: str, a: Any, q: Any, axis: Any, method: str, keepdims: bool) -> Any:
    """Quantiles of what is no nan: sorted, those come last; how many there are is a matter of each line."""
    refuse_complex(name, a)
    a = array(a)
    ordered, axes = sorted_last(apply, a, axis)
    last, n = ndim(ordered) - 1, shape(ordered)[-1]
    if n == 0:
        raise ValueError("an array without entries has no quantiles")
    there = _numbers(apply, ordered, last, True)
    parts = []
    for each in q.ravel():
        low, weight = _places(float(each), there, method, n)
        below = apply("take_along", ordered, low, params=(last,))
        above = apply("take_along", ordered, numpy.clip(low + 1, 0, n - 1), params=(last,))
        parts.append(below + apply("where", weight > 0, (above - below) * weight, 0.0))
    found = permute(apply, apply("concatenate", *parts, params=(last,)), (last, *range(last)))
    rest = kept(shape(a), axes) if keepdims else shape(ordered)[:-1]
    return reshape(apply, found, (*q.shape, *rest))


@handles("nanmedian")
def _nanmedian(
    apply: Apply, a: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = False
) -> Any:  # fmt: skip
    refuse("numpy.nanmedian", out=out)
    keep = keepdims is not numpy._NoValue and bool(keepdims)
    return _of_numbers(apply, "numpy.nanmedian", a, numpy.float64(0.5), axis, "linear", keep)


def _nan_quantile(name: str, unit: float) -> Any:
    def handler(
        apply: Apply, a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False,
        method: str = "linear", keepdims: Any = False, *, weights: Any = None,
    ) -> Any:  # fmt: skip
        refuse(name, out=out, weights=weights)
        keep = keepdims is not numpy._NoValue and bool(keepdims)
        return _of_numbers(apply, name, a, _constant(q) / unit, axis, method, keep)

    return handler


handles("nanquantile")(_nan_quantile("numpy.nanquantile", 1.0))
handles("nanpercentile")(_nan_quantile("numpy.nanpercentile", 100.0))


def _without_nan(apply: Apply, a: Any, instead: float) -> Any:
    return apply("where", apply("not_equal", a, a), instead, a)


def _numbers(apply: Apply, a: Any, axis: Any, keepdims: bool) -> Any:
    """How many entries are numbers."""
    there = apply("where", apply("equal", a, a), 1.0, 0.0)
    return total(apply, in_precision_of(apply, real(apply, a), there), axis, keepdims)


@handles("nansum")
def _nansum(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False,
    initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    return summed(apply, _without_nan(apply, a, 0.0), axis, dtype, out, keepdims, initial, where)


@handles("nanprod")
def _nanprod(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False,
    initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    return product(apply, _without_nan(apply, a, 1.0), axis, dtype, out, keepdims, initial, where)


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
    return apply("div", total(apply, square_of_size(apply, d), axis, keepdims), n)


@handles("nanstd")
def _nanstd(
    apply: Apply, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: float = 0, keepdims: bool = False, *,
    where: Any = True, mean: Any = None, correction: Any = None,
) -> Any:  # fmt: skip
    refuse("numpy.nanstd", dtype=dtype, out=out, where=where, mean=mean)
    d, n = _nan_deviations(apply, a, axis, keepdims, ddof if correction is None else correction)
    return apply("div", length(apply, d, axis, keepdims), apply("sqrt", n))


@handles("nanmax")
def _nanmax(
    apply: Apply, a: Any, axis: Any = None, out: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:  # fmt: skip
    found = largest(apply, _without_nan(apply, a, -inf), axis, out, keepdims, initial, where)
    return found if initial is not None else _where_none(apply, a, axis, keepdims, found)


@handles("nanmin")
def _nanmin(
    apply: Apply, a: Any, axis: Any = None, out: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:  # fmt: skip
    found = smallest(apply, _without_nan(apply, a, inf), axis, out, keepdims, initial, where)
    return found if initial is not None else _where_none(apply, a, axis, keepdims, found)


def _where_none(apply: Apply, a: Any, axis: Any, keepdims: bool, found: Any) -> Any:
    """What was found among numbers; nan where all entries are nan."""
    return apply("where", apply("equal", _numbers(apply, a, axis, keepdims), 0.0), nan, found)


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
    double = numpy.result_type(dtype_of(x), numpy.float64)  # as NumPy does
    if dtype_of(x) != double:
        x = apply("astype", x, params=(double.name,))
    x = x - mean(apply, x, 1, keepdims=True)
    off = (0 if bias else 1) if ddof is None else ddof
    product = apply("matmul", x, conjugated(apply, apply("transpose", x)))
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
    spread = apply("sqrt", real(apply, getitem(apply, reshape(apply, c, (n,)), slice(None, None, side + 1))))
    by_column = apply("div", c, reshape(apply, spread, (1, side)))
    return apply("div", by_column, reshape(apply, spread, (side, 1)))


@handles("trapezoid", "trapz")
def _trapezoid(apply: Apply, y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Any:
    from calcgrad.numpy_names.differences import diff

    y = array(y)
    y = axis_last(apply, y, one_axis(axis, ndim(y)))
    pairs = getitem(apply, y, ..., slice(1, None)) + getitem(apply, y, ..., slice(None, -1))
    if x is None:
        return total(apply, pairs * (0.5 * dx), -1)
    x = array(x)
    if ndim(x) > 1:
        x = axis_last(apply, x, one_axis(axis, ndim(x)))
    return total(apply, pairs * diff(apply, x, axis=-1) * 0.5, -1)
