"""The pushforwards of the structured operations, named by the rows of :mod:`calcgrad.operations.arrays`.

``push(apply, y, a, d, *params)`` is the tangent of ``y = f(a)`` for the tangent ``d`` of ``a`` (with several
arguments: ``push(apply, y, a, b, d, *params)``, for the tangent of one of them). It is linear in ``d`` and
written in table operations alone, so that it is a pullback when transposed, and can be differentiated again.
It may depend on shapes, not on values; ``None`` says that the tangent is zero by structure.
"""

from __future__ import annotations

from math import prod as product
from typing import Any, TypeAlias

from calcgrad.operations.shapes import Axis, Shape, kept, normal_axes, shape_of
from calcgrad.operations.transposes import Apply

#: A value and its tangent.
Pair: TypeAlias = tuple[Any, Any]


def prod(apply: Apply, y: Any, a: Any, d: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The product rule on a tree: halves are multiplied with each other until one entry is left.

    Nothing is divided, so zeros do no harm; the work is that of the product itself, in log(n) steps.
    """
    shape = shape_of(a)
    pair: Pair = (_reduced_first(apply, a, shape, axis), _reduced_first(apply, d, shape, axis))
    count = shape_of(pair[0])[0]
    if count == 0:
        return None
    odd: Pair | None = None
    while count > 1:
        half = count // 2
        if count % 2:
            last = _part(apply, pair, count - 1, 1)
            odd = last if odd is None else _times(apply, odd, last)
        pair = _times(apply, _part(apply, pair, 0, half), _part(apply, pair, half, half))
        count = half
    if odd is not None:
        pair = _times(apply, pair, odd)
    return apply("reshape", pair[1], params=(shape_of(y),))


def cumprod(apply: Apply, y: Any, a: Any, d: Any, axis: int) -> Any:
    """The product rule on running products, doubled in reach log(n) times: nothing is divided, zeros do no harm.

    (Hillis and Steele, Data parallel algorithms, Communications of the ACM 29 (1986).)
    """
    whole: tuple[Any, ...] = (("slice", None, None, None),) * axis
    length = shape_of(a)[axis]

    def part(x: Any, start: int, stop: int) -> Any:
        return apply("getitem", x, params=(*whole, ("slice", start, stop, None)))

    reach = 1
    while reach < length:
        here = part(a, reach, length), part(d, reach, length)
        before = part(a, 0, length - reach), part(d, 0, length - reach)
        joined = _times(apply, here, before)
        heads = part(a, 0, reach), part(d, 0, reach)
        a, d = [apply("concatenate", h, j, params=(axis,)) for h, j in zip(heads, joined, strict=True)]
        reach *= 2
    return d


def _times(apply: Apply, first: Pair, second: Pair) -> Pair:
    (a, da), (b, db) = first, second
    return apply("mul", a, b), apply("add", apply("mul", b, da), apply("mul", a, db))


def _part(apply: Apply, pair: Pair, start: int, count: int) -> Pair:
    index = ("slice", start, start + count, None)
    return apply("getitem", pair[0], params=(index,)), apply("getitem", pair[1], params=(index,))


def extreme(apply: Apply, y: Any, a: Any, d: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The mean of the tangents of the entries that are the largest (the smallest)."""
    through = kept(shape_of(a), axis)
    chosen = apply("equal", a, _spread(apply, y, shape_of(a), through))
    ones = in_precision_of(apply, a, apply("where", chosen, 1.0, 0.0))
    total = apply("sum", apply("where", chosen, d, 0.0), params=(axis, keepdims))
    return apply("div", total, apply("sum", ones, params=(axis, keepdims)))


def in_precision_of(apply: Apply, a: Any, x: Any) -> Any:
    """``x`` in the precision of ``a``, where that is an array of another precision than double."""
    name = getattr(getattr(a, "dtype", None), "name", "float64")
    return x if name == "float64" else apply("astype", x, params=(name,))


def norm(apply: Apply, y: Any, a: Any, d: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """``a·d / |a|``, and 0 at the origin: ``a`` is divided first, so that nothing overflows."""
    length = _spread(apply, y, shape_of(a), kept(shape_of(a), axis))
    direction = apply("where", apply("equal", length, 0.0), 0.0, apply("div", a, length))
    return apply("sum", apply("mul", direction, d), params=(axis, keepdims))


def logsumexp(apply: Apply, y: Any, a: Any, d: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The mean of the tangents with the weights of softmax."""
    return apply("sum", apply("mul", apply("softmax", a, params=(axis,)), d), params=(axis, keepdims))


def softmax(apply: Apply, y: Any, a: Any, d: Any, axis: Axis = None) -> Any:
    """``y * (d - mean of d with the weights y)``."""
    whole = shape_of(a)
    mean = apply("sum", apply("mul", y, d), params=(axis, True))
    return apply("mul", y, apply("sub", d, apply("broadcast_to", mean, params=(whole,))))


def _spread(apply: Apply, reduced: Any, whole: Shape, through: Shape) -> Any:
    return apply("broadcast_to", reduced, params=(whole, through))


def _reduced_first(apply: Apply, a: Any, shape: Shape, axis: Axis) -> Any:
    """The array as (entries to reduce, all others in order)."""
    reduced = normal_axes(len(shape), axis)
    others = tuple(i for i in range(len(shape)) if i not in reduced)
    if others and reduced + others != tuple(range(len(shape))):
        a = apply("transpose", a, params=((*reduced, *others),))
    return apply(
        "reshape", a, params=((product(shape[i] for i in reduced), product(shape[i] for i in others)),)
    )
