"""Differences of neighbours, and slopes."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy

from calcgrad.numpy_names.common import (
    along,
    array,
    axes_of,
    concatenate,
    ndim,
    one_axis,
    reshape,
    shape,
)
from calcgrad.numpy_names.registry import handles
from calcgrad.operations.transposes import Apply
from calcgrad.tracer import is_traced


@handles("diff")
def diff(apply: Apply, a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """The differences of neighbours, n times."""
    a = array(a)
    at = one_axis(axis, ndim(a))
    parts = [_as_part(apply, p, a, at) for p in (prepend, a, append) if _given(p)]
    a = concatenate(apply, parts, at)
    for _ in range(n):
        a = along(apply, a, at, 1, None) - along(apply, a, at, None, -1)
    return a


def _given(part: Any) -> bool:
    return part is not None and part is not numpy._NoValue


def _as_part(apply: Apply, part: Any, a: Any, axis: int) -> Any:
    part = part if is_traced(part) else numpy.asarray(part)
    if ndim(part):
        return part
    return apply("broadcast_to", part, params=((*shape(a)[:axis], 1, *shape(a)[axis + 1 :]),))


@handles("ediff1d")
def _ediff1d(apply: Apply, ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    row = reshape(apply, array(ary), (prod(shape(ary)),))
    parts = [
        numpy.ravel(to_begin) if to_begin is not None else None,
        diff(apply, row),
        numpy.ravel(to_end) if to_end is not None else None,
    ]
    return concatenate(apply, [p for p in parts if p is not None], 0)


@handles("gradient")
def _gradient(apply: Apply, f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    f = array(f)
    axes = axes_of(axis, ndim(f))
    steps = varargs if len(varargs) == len(axes) else varargs * len(axes) or (1.0,) * len(axes)
    if len(steps) != len(axes):
        raise TypeError("invalid number of arguments")
    found = [_slope(apply, f, array(h), at, edge_order) for h, at in zip(steps, axes, strict=True)]
    return found[0] if len(found) == 1 else tuple(found)


def _slope(apply: Apply, f: Any, h: Any, axis: int, edge_order: int) -> Any:
    """Second-order differences inside; at the ends one-sided ones, of first or second order."""
    n = shape(f)[axis]
    if n < edge_order + 1:
        raise ValueError(
            "Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements"
        )
    steps = h
    if ndim(h):
        column = [1] * ndim(f)
        column[axis] = n - 1
        steps = reshape(apply, diff(apply, h), column)
    slopes = apply("div", diff(apply, f, axis=axis), steps)
    first, last = along(apply, slopes, axis, 0, 1), along(apply, slopes, axis, n - 2, None)
    if n == 2:
        return apply("concatenate", first, last, params=(axis,))
    before, after = steps, steps
    if ndim(h):
        before, after = along(apply, steps, axis, 0, n - 2), along(apply, steps, axis, 1, None)
    weight = apply("div", before, before + after)
    left, right = along(apply, slopes, axis, 0, n - 2), along(apply, slopes, axis, 1, None)
    inside = left + (right - left) * weight
    if edge_order == 2:
        bend = right - left
        ends = apply("div", bend, before + after)
        first = first - along(apply, ends * before, axis, 0, 1)
        last = last + along(apply, ends * after, axis, n - 3, None)
    return apply("concatenate", first, inside, last, params=(axis,))
