"""Many seeds in one sweep: a tangent or an adjoint for each of K seeds, side by side along a first axis that rules do not see.

A :class:`Block` has the shape of one of its K values; the system :class:`Blocks` carries every operation over to all of them
at once. Where it has no rule for that, the values go through one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy

from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.operations.shapes import Axis, Shape, normal_axes, shape_of
from calcgrad.systems.array_rules import split
from calcgrad.systems.values.masked import dense
from calcgrad.tracing.levels import Levels, levels


class Block:
    """K values of one shape; ``values`` holds them along its first axis."""

    __array_ufunc__ = None
    __slots__ = ("values",)

    def __init__(self, values: Any) -> None:
        self.values = values

    @property
    def shape(self) -> Shape:
        """The shape of one of the values."""
        return shape_of(self.values)[1:]

    @property
    def dtype(self) -> Any:
        """Their precision."""
        return getattr(self.values, "dtype", numpy.dtype(float))

    @property
    def real(self) -> Block:
        """The real parts, which are all that a real primal takes."""
        return Block(levels().function("real")(self.values))

    def astype(self, dtype: Any) -> Block:
        """The same in another precision."""
        return Block(self.values.astype(dtype))

    def __add__(self, other: Any) -> Any:
        return blocks().function("add")(self, other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return blocks().function("sub")(self, other)

    def __rsub__(self, other: Any) -> Any:
        return blocks().function("sub")(other, self)

    def __mul__(self, other: Any) -> Any:
        return blocks().function("mul")(self, other)

    def __rmul__(self, other: Any) -> Any:
        return blocks().function("mul")(other, self)

    def __neg__(self) -> Any:
        return Block(-self.values)


class Blocks(Levels):
    """Blocks of values beside plain and traced ones."""

    def _find(self, op: str) -> Callable[..., Any]:
        one = levels().function(op)
        rule = _entrywise if isinstance(OPERATIONS.get(op), Elementwise) else _RULES.get(op, _one_by_one)

        def either(*args: Any) -> Any:
            for a in args:
                if type(a) is Block:
                    return rule(op, *args)
            return one(*args)

        return either

    def filled(self, value: Any) -> Any:
        return Block(dense(value.values)) if type(value) is Block else super().filled(value)

    def select(self, condition: Any, taken: Callable[[], Any], other: Callable[[], Any]) -> Any:
        if type(condition) is Block:
            return self.function("where")(condition, taken(), other())
        if shape_of(condition):
            a, b = taken(), other()
            if type(a) is Block or type(b) is Block:
                return self.function("where")(condition, 0.0 if a is None else a, 0.0 if b is None else b)
            return super().select(condition, lambda: a, lambda: b)
        return super().select(condition, taken, other)


@cache
def blocks() -> Blocks:
    """The one system of blocks."""
    return Blocks(masked=False)


def _do(op: str, *args: Any) -> Any:
    """The operation on what the blocks hold; a result that is zero by structure throughout is ``None``."""
    value = levels().function(op)(*args)
    return None if value is None else Block(value)


def _entrywise(op: str, *args: Any) -> Any:
    """The K axis goes before all others: shorter shapes get axes of 1 behind it."""
    depth = max(len(shape_of(a)) for a in args)
    return _do(op, *[_deepened(a, depth) if type(a) is Block else a for a in args])


def _deepened(a: Block, depth: int) -> Any:
    shape = a.shape
    if len(shape) == depth:
        return a.values
    k = shape_of(a.values)[0]
    return levels().function("reshape")(a.values, (k, *(1,) * (depth - len(shape)), *shape))


def _count(a: Block) -> int:
    k: int = shape_of(a.values)[0]
    return k


def _sum(op: str, a: Block, axis: Axis = None, keepdims: bool = False) -> Any:
    axes = tuple([i + 1 for i in normal_axes(len(a.shape), axis)])
    return _do("sum", a.values, axes, keepdims) if axes else a


def _reshape(op: str, a: Block, shape: Shape) -> Any:
    return _do(op, a.values, (_count(a), *shape))


def _transpose(op: str, a: Block, axes: tuple[int, ...] | None = None) -> Any:
    depth = len(a.shape)
    chosen = range(depth - 1, -1, -1) if axes is None else [i % depth for i in axes]
    return _do(op, a.values, (0, *[i + 1 for i in chosen]))


def _broadcast_to(op: str, a: Block, whole: Shape, through: Shape | None = None) -> Any:
    k, through = _count(a), a.shape if through is None else through
    return _do(op, a.values, (k, *whole), (k, *(1,) * (len(whole) - len(through)), *through))


def _sum_to(op: str, a: Block, final: Shape, through: Shape | None = None) -> Any:
    k, through = _count(a), final if through is None else through
    return _do(op, a.values, (k, *final), (k, *(1,) * (len(a.shape) - len(through)), *through))


def _getitem(op: str, a: Block, *index: Any) -> Any:
    if _scattered(index):
        return _one_by_one(op, a, *index)
    return _do(op, a.values, slice(None), *index)


def _scatter(op: str, a: Block, index: tuple[Any, ...], whole: Shape) -> Any:
    if _scattered(index):
        return _one_by_one(op, a, index, whole)
    return _do(op, a.values, (slice(None), *index), (_count(a), *whole))


def _scattered(index: tuple[Any, ...]) -> bool:
    """Whether NumPy would move the axes of several lists of places, which another axis in front changes."""
    return sum(not (e is None or e is Ellipsis or isinstance(e, int | slice)) for e in index) > 0 and any(
        e is None or isinstance(e, int) or e is Ellipsis for e in index
    )


def _matmul(op: str, a: Any, b: Any) -> Any:
    """Vectors become rows and columns, stacks get the same depth; the axes put in are taken out of the product."""
    row, column = len(shape_of(a)) == 1, len(shape_of(b)) == 1
    depth = max(len(shape_of(a)), len(shape_of(b)), 2)
    reshape = levels().function("reshape")

    def deep(x: Any, single: Shape) -> Any:
        lead = (_count(x),) if type(x) is Block else ()
        shape = (*(1,) * (depth - len(single)), *single)
        return reshape(x.values if type(x) is Block else x, (*lead, *shape))

    left = deep(a, (1, *shape_of(a)) if row else shape_of(a))
    right = deep(b, (*shape_of(b), 1) if column else shape_of(b))
    product = levels().function("matmul")(left, right)
    shape = list(shape_of(product))
    if column:
        shape.pop()
    if row:
        shape.pop(-1 if column else -2)
    return Block(reshape(product, tuple(shape)) if row or column else product)


def _one_by_one(op: str, *args: Any) -> Any:
    """Each of the K values on its own, and the results side by side."""
    arguments, params = split(op, args)
    k = next(_count(a) for a in arguments if type(a) is Block)
    take, one = levels().function("getitem"), levels().function(op)
    found = [
        one(*[take(a.values, i) if type(a) is Block else a for a in arguments], *params) for i in range(k)
    ]
    return _side_by_side(found)


def _side_by_side(found: Sequence[Any]) -> Any:
    if all(value is None for value in found):
        return None
    shape = next(shape_of(value) for value in found if value is not None)
    values = [numpy.zeros(shape) if value is None else dense(value) for value in found]
    return Block(levels().function("vector")(*values))


def each(function: Callable[[list[Any]], Sequence[Any]], seeds: Sequence[Any]) -> list[Any]:
    """A function of a list of seeds; where they are blocks, of each of their K values, and the results side by side."""
    k = next((_count(seed) for seed in seeds if type(seed) is Block), None)
    if k is None:
        return list(function(list(seeds)))
    take = levels().function("getitem")
    found = [function([take(s.values, i) if type(s) is Block else s for s in seeds]) for i in range(k)]
    return [_side_by_side(values) for values in zip(*found, strict=True)]


_RULES: dict[str, Callable[..., Any]] = {
    "sum": _sum,
    "reshape": _reshape,
    "transpose": _transpose,
    "broadcast_to": _broadcast_to,
    "sum_to": _sum_to,
    "getitem": _getitem,
    "scatter": _scatter,
    "matmul": _matmul,
}
