"""Products of vectors, matrices and arrays: matmul wherever it is one."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy

from calcgrad.numpy_names.common import (
    array,
    axes_of,
    axis_last,
    conjugated,
    dtype_of,
    getitem,
    ndim,
    one_axis,
    permute,
    reshape,
    shape,
)
from calcgrad.numpy_names.reductions import total
from calcgrad.numpy_names.registry import handles, refuse
from calcgrad.operations.transposes import Apply


@handles("matmul", "linalg.matmul")
def _matmul(apply: Apply, a: Any, b: Any, /, **keywords: Any) -> Any:
    refuse("numpy.matmul", **keywords)
    return apply("matmul", array(a), array(b))


@handles("dot")
def dot(apply: Apply, a: Any, b: Any, out: Any = None) -> Any:
    """The last axis of ``a`` with the last but one of ``b``."""
    refuse("numpy.dot", out=out)
    a, b = array(a), array(b)
    if not ndim(a) or not ndim(b):
        return a * b
    if ndim(b) <= 2:
        return apply("matmul", a, b)
    return tensordot(apply, a, b, ((ndim(a) - 1,), (ndim(b) - 2,)))


@handles("vdot")
def _vdot(apply: Apply, a: Any, b: Any, /) -> Any:
    a, b = conjugated(apply, array(a)), array(b)
    return apply("matmul", reshape(apply, a, (prod(shape(a)),)), reshape(apply, b, (prod(shape(b)),)))


@handles("inner")
def _inner(apply: Apply, a: Any, b: Any, /) -> Any:
    a, b = array(a), array(b)
    if not ndim(a) or not ndim(b):
        return a * b
    return tensordot(apply, a, b, ((ndim(a) - 1,), (ndim(b) - 1,)))


@handles("outer", "linalg.outer")
def _outer(apply: Apply, a: Any, b: Any, out: Any = None) -> Any:
    refuse("numpy.outer", out=out)
    a, b = array(a), array(b)
    return reshape(apply, a, (prod(shape(a)), 1)) * reshape(apply, b, (1, prod(shape(b))))


@handles("tensordot", "linalg.tensordot")
def tensordot(apply: Apply, a: Any, b: Any, axes: Any = 2) -> Any:
    """The sum over pairs of axes, as one product of matrices."""
    a, b = array(a), array(b)
    if isinstance(axes, int | numpy.integer):
        first, second = tuple(range(ndim(a) - axes, ndim(a))), tuple(range(axes))
    else:
        first, second = axes_of(axes[0], ndim(a)), axes_of(axes[1], ndim(b))
    if [shape(a)[i] for i in first] != [shape(b)[i] for i in second]:
        raise ValueError("shape-mismatch for sum")
    left = [i for i in range(ndim(a)) if i not in first]
    right = [i for i in range(ndim(b)) if i not in second]
    rows, columns = [shape(a)[i] for i in left], [shape(b)[i] for i in right]
    inner = prod(shape(a)[i] for i in first)
    product = apply(
        "matmul",
        reshape(apply, permute(apply, a, (*left, *first)), (prod(rows), inner)),
        reshape(apply, permute(apply, b, (*second, *right)), (inner, prod(columns))),
    )
    return reshape(apply, product, (*rows, *columns))


@handles("vecdot", "linalg.vecdot")
def _vecdot(apply: Apply, a: Any, b: Any, /, *, axis: int = -1, **keywords: Any) -> Any:
    refuse("numpy.vecdot", **keywords)
    a, b = axis_last(apply, a, one_axis(axis, ndim(a))), axis_last(apply, b, one_axis(axis, ndim(b)))
    return total(apply, conjugated(apply, a) * b, -1)


@handles("matvec")
def _matvec(apply: Apply, a: Any, b: Any, /, **keywords: Any) -> Any:
    refuse("numpy.matvec", **keywords)
    product = apply("matmul", a, reshape(apply, b, (*shape(b), 1)))
    return reshape(apply, product, shape(product)[:-1])


@handles("vecmat")
def _vecmat(apply: Apply, a: Any, b: Any, /, **keywords: Any) -> Any:
    refuse("numpy.vecmat", **keywords)
    product = apply("matmul", reshape(apply, conjugated(apply, a), (*shape(a)[:-1], 1, shape(a)[-1])), b)
    return reshape(apply, product, (*shape(product)[:-2], shape(product)[-1]))


@handles("kron")
def _kron(apply: Apply, a: Any, b: Any) -> Any:
    a, b = array(a), array(b)
    depth = max(ndim(a), ndim(b))
    first, second = [(*[1] * (depth - ndim(x)), *shape(x)) for x in (a, b)]
    left = reshape(apply, a, [k for n in first for k in (n, 1)])
    right = reshape(apply, b, [k for n in second for k in (1, n)])
    return reshape(apply, left * right, [m * n for m, n in zip(first, second, strict=True)])


@handles("cross", "linalg.cross")
def _cross(
    apply: Apply, a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Any:
    a, b = array(a), array(b)
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = axis_last(apply, a, one_axis(axisa, ndim(a))), axis_last(apply, b, one_axis(axisb, ndim(b)))
    if shape(a)[-1] == shape(b)[-1] == 2:
        return _entry(apply, a, 0) * _entry(apply, b, 1) - _entry(apply, a, 1) * _entry(apply, b, 0)
    if shape(a)[-1] != 3 or shape(b)[-1] != 3:
        raise ValueError("both vectors of a cross product have 3 entries")
    ahead, back = numpy.array([1, 2, 0]), numpy.array([2, 0, 1])
    a1, a2 = [apply("gather", a, places, params=(ndim(a) - 1,)) for places in (ahead, back)]
    b1, b2 = [apply("gather", b, places, params=(ndim(b) - 1,)) for places in (ahead, back)]
    found = a1 * b2 - a2 * b1
    end = one_axis(axisc, ndim(found))
    order = list(range(ndim(found) - 1))
    order.insert(end, ndim(found) - 1)
    return permute(apply, found, order)


def _entry(apply: Apply, a: Any, k: int) -> Any:
    return getitem(apply, a, ..., k)


@handles("convolve")
def convolve(apply: Apply, a: Any, v: Any, mode: str = "full") -> Any:
    """The convolution of two vectors; ``same`` is the middle of the full one."""
    a, v = array(a), array(v)
    if shape(v)[0] > shape(a)[0]:
        a, v = v, a
    if mode == "valid":
        return apply("convolve", a, v, params=("valid",))
    full = apply("convolve", a, v, params=("full",))
    if mode == "full":
        return full
    if mode != "same":
        raise ValueError("mode must be one of 'valid', 'same', or 'full'")
    start = (shape(v)[0] - 1) // 2
    return getitem(apply, full, slice(start, start + shape(a)[0]))


@handles("correlate")
def _correlate(apply: Apply, a: Any, v: Any, mode: str = "valid") -> Any:
    """The convolution with ``v`` in reverse order; where ``v`` is the longer one, of all in reverse order."""
    a, v = array(a), conjugated(apply, array(v))
    back = slice(None, None, -1)
    if shape(v)[0] > shape(a)[0]:
        return getitem(apply, convolve(apply, getitem(apply, a, back), v, mode), back)
    return convolve(apply, a, getitem(apply, v, back), mode)


@handles("linalg.matrix_power")
def _matrix_power(apply: Apply, a: Any, n: int) -> Any:
    """By repeated squaring."""
    a = array(a)
    if n < 0:
        a, n = apply("inv", a), -n
    if n == 0:
        return numpy.broadcast_to(numpy.eye(shape(a)[-1], dtype=dtype_of(a)), shape(a)).copy()
    found = None
    while n:
        if n % 2:
            found = a if found is None else apply("matmul", found, a)
        n //= 2
        if n:
            a = apply("matmul", a, a)
    return found


@handles("linalg.multi_dot")
def _multi_dot(apply: Apply, arrays: Any, *, out: Any = None) -> Any:
    """In the order of the fewest products (Cormen et al., Introduction to Algorithms, section 15.2)."""
    refuse("numpy.linalg.multi_dot", out=out)
    parts = [array(a) for a in arrays]
    sides = [
        *[s[0] if len(s) == 2 or i else 1 for i, s in enumerate(map(shape, parts))],
        (*shape(parts[-1]), 1)[1],
    ]
    cost: dict[tuple[int, int], tuple[int, int]] = {}
    for width in range(1, len(parts)):
        for i in range(len(parts) - width):
            j = i + width
            cost[i, j] = min(
                (
                    cost.get((i, k), (0, 0))[0]
                    + cost.get((k + 1, j), (0, 0))[0]
                    + sides[i] * sides[k + 1] * sides[j + 1],
                    k,
                )
                for k in range(i, j)
            )

    def joined(i: int, j: int) -> Any:
        if i == j:
            return parts[i]
        k = cost[i, j][1]
        return apply("matmul", joined(i, k), joined(k + 1, j))

    return joined(0, len(parts) - 1)
