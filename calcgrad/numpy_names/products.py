"""Products of vectors, matrices and arrays: matmul wherever it is one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import Any

import numpy

from calcgrad.numpy_names.common import (
    array,
    axes_of,
    axis_last,
    broadcast,
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
from calcgrad.numpy_names.selecting import diagonal
from calcgrad.operations.transposes import Apply

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


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
    a, b = array(a), array(b)
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
    return total(apply, a * b, -1)


@handles("matvec")
def _matvec(apply: Apply, a: Any, b: Any, /, **keywords: Any) -> Any:
    refuse("numpy.matvec", **keywords)
    product = apply("matmul", a, reshape(apply, b, (*shape(b), 1)))
    return reshape(apply, product, shape(product)[:-1])


@handles("vecmat")
def _vecmat(apply: Apply, a: Any, b: Any, /, **keywords: Any) -> Any:
    refuse("numpy.vecmat", **keywords)
    product = apply("matmul", reshape(apply, a, (*shape(a)[:-1], 1, shape(a)[-1])), b)
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
    a, v = array(a), array(v)
    back = slice(None, None, -1)
    if shape(v)[0] > shape(a)[0]:
        return getitem(apply, convolve(apply, getitem(apply, a, back), v, mode), back)
    return convolve(apply, a, getitem(apply, v, back), mode)


@handles("einsum")
def einsum(apply: Apply, *operands: Any, out: Any = None, optimize: Any = False, **keywords: Any) -> Any:
    """Two operands at a time, in the order that ``numpy.einsum_path`` finds; each pair a product of matrices if it is one."""
    refuse("numpy.einsum", out=out, dtype=keywords.get("dtype"))
    subscripts, arrays = _read(operands)
    inputs, result = subscripts
    terms = list(zip(inputs, arrays, strict=True))
    terms = [
        _own(apply, axes, a, set(result).union(*inputs[:i], *inputs[i + 1 :]))
        for i, (axes, a) in enumerate(terms)
    ]
    for chosen in _order(terms, result):
        first, second = [terms[i] for i in chosen]
        terms = [t for i, t in enumerate(terms) if i not in chosen]
        wanted = set(result).union(*[axes for axes, _ in terms])
        terms.append(_pair(apply, first, second, wanted))
    axes, found = terms[0]
    axes, found = _own(apply, axes, found, set(result))
    return permute(apply, found, [axes.index(c) for c in result])


def _order(terms: list[tuple[str, Any]], result: str) -> Sequence[tuple[int, int]]:
    """Which two operands are joined, step by step, as places in the list that is left."""
    if len(terms) <= 2:
        return [(0, 1)] if len(terms) == 2 else []
    return _path(tuple([axes for axes, _ in terms]), tuple([shape(a) for _, a in terms]), result)


@lru_cache
def _path(inputs: tuple[str, ...], shapes: tuple[Any, ...], result: str) -> tuple[tuple[int, int], ...]:
    """The order that NumPy finds; from the left where it would join more than two at once."""
    placeholders = [numpy.broadcast_to(0.0, s) for s in shapes]
    path = numpy.einsum_path(f"{','.join(inputs)}->{result}", *placeholders, optimize="greedy")[0][1:]
    if any(len(step) != 2 for step in path):
        return ((0, 1),) * (len(inputs) - 1)
    return tuple([(min(step), max(step)) for step in path])


def _read(operands: tuple[Any, ...]) -> tuple[tuple[list[str], str], list[Any]]:
    """The axes of each operand and of the result, spelled out with one letter each."""
    if not isinstance(operands[0], str):
        operands = _from_lists(operands)
    arrays = [array(a) for a in operands[1:]]
    inputs, result = _spelled(operands[0], tuple(map(ndim, arrays)))
    return (list(inputs), result), arrays


@lru_cache
def _spelled(text: str, depths: tuple[int, ...]) -> tuple[tuple[str, ...], str]:
    text = text.replace(" ", "")
    given, arrow, result = text.partition("->")
    inputs = given.split(",")
    if len(inputs) != len(depths):
        raise ValueError(
            "more operands provided to einstein sum function than specified in the subscripts string"
        )
    spare = [c for c in _LETTERS if c not in text]
    hidden = max(
        [n - len(s.replace("...", "")) for s, n in zip(inputs, depths, strict=True) if "..." in s] or [0]
    )
    more = "".join(spare[:hidden])
    inputs = [
        s.replace("...", more[hidden - (n - len(s) + 3) :]) if "..." in s else s
        for s, n in zip(inputs, depths, strict=True)
    ]
    if arrow:
        result = result.replace("...", more)
    else:
        letters = "".join(inputs)
        result = more + "".join(sorted(c for c in set(letters) if letters.count(c) == 1 and c not in more))
    for axes, n in zip(inputs, depths, strict=True):
        if len(axes) != n:
            raise ValueError(f"einstein sum subscripts string '{axes}' does not fit an operand of {n} axes")
    return tuple(inputs), result


def _from_lists(operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """The form with lists of numbers for axes, as text."""

    def spelled(axes: Any) -> str:
        return "".join("..." if a is Ellipsis else _LETTERS[a] for a in axes)

    pairs = len(operands) // 2
    text = ",".join(spelled(operands[2 * i + 1]) for i in range(pairs))
    if len(operands) % 2:
        text += "->" + spelled(operands[-1])
    return text, *[operands[2 * i] for i in range(pairs)]


def _own(apply: Apply, axes: str, a: Any, wanted: set[str]) -> tuple[str, Any]:
    """An operand without repeated axes (its diagonal) and without axes that nothing else has (their sum)."""
    for c in dict.fromkeys(axes):
        while axes.count(c) > 1:
            i, j = axes.index(c), axes.rindex(c)
            a = diagonal(apply, a, 0, i, j)
            axes = axes[:i] + axes[i + 1 : j] + axes[j + 1 :] + c
    gone = tuple([i for i, c in enumerate(axes) if c not in wanted])
    if gone:
        a = total(apply, a, gone)
        axes = "".join(c for c in axes if c in wanted)
    return axes, a


def _pair(apply: Apply, first: tuple[str, Any], second: tuple[str, Any], wanted: set[str]) -> tuple[str, Any]:
    """Two operands joined: a product of matrices, or of stacks of them, or entry by entry."""
    (left, a), (right, b) = first, second
    a, b = _of_equal_lengths(apply, left, a, right, b)
    lengths = dict(zip(left + right, shape(a) + shape(b), strict=True))
    batch = [c for c in left if c in right and c in wanted]
    summed = [c for c in left if c in right and c not in wanted]
    rows = [c for c in left if c not in right]
    columns = [c for c in right if c not in left]
    out = "".join(batch + rows + columns)
    if batch and summed and not (rows and columns):
        return out, apply("einsum", a, b, params=(f"{left},{right}->{out}",))
    size = {name: prod(lengths[c] for c in part) for name, part in
            (("batch", batch), ("rows", rows), ("summed", summed), ("columns", columns))}  # fmt: skip
    stack = (size["batch"],) if batch else ()
    a = permute(apply, a, [left.index(c) for c in batch + rows + summed])
    b = permute(apply, b, [right.index(c) for c in batch + summed + columns])
    a = reshape(apply, a, (*stack, size["rows"], size["summed"]))
    b = reshape(apply, b, (*stack, size["summed"], size["columns"]))
    product = apply("matmul", a, b) if summed else a * b
    return out, reshape(apply, product, [lengths[c] for c in out])


def _of_equal_lengths(apply: Apply, left: str, a: Any, right: str, b: Any) -> tuple[Any, Any]:
    """An axis of length 1 is repeated to the length that the other operand has."""
    lengths: dict[str, int] = {}
    for c, n in zip(left + right, shape(a) + shape(b), strict=True):
        if n != 1 and lengths.get(c, 1) not in (1, n):
            raise ValueError(f"operands could not be broadcast together along the axis {c!r}")
        lengths[c] = n if n != 1 else lengths.get(c, 1)
    return (
        broadcast(apply, a, tuple([lengths[c] for c in left])),
        broadcast(apply, b, tuple([lengths[c] for c in right])),
    )


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
