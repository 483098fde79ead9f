"""The tangent of many values put side by side, made of all of theirs at once: in time that grows with their number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from calcgrad.operations.shapes import shape_of
from calcgrad.systems.values.masked import Masked, dense
from calcgrad.tracing.blocks import Block
from calcgrad.tracing.levels import Levels, levels


def push_joined(
    op: str, args: Sequence[Any], params: tuple[Any, ...], tangents: Sequence[Any], system: Levels
) -> Any:
    """The tangent of ``vector`` or ``concatenate``; ``None`` stands for a value without one, and for none at all."""
    if all(t is None for t in tangents):
        return None
    if any(type(t) is Block for t in tangents):
        return _of_blocks(op, args, params, tangents)
    parts = [_zero(a) if t is None else dense(t) for a, t in zip(args, tangents, strict=True)]
    values = levels().function(op)(*parts, *params)
    if not system.masked or not any(t is None or type(t) is Masked for t in tangents):
        return values
    supports = [_support(a, t) for a, t in zip(args, tangents, strict=True)]
    support = numpy.array(supports) if op == "vector" else numpy.concatenate(supports, *params)
    return values if support.all() else Masked(values, support)


def _of_blocks(op: str, args: Sequence[Any], params: tuple[Any, ...], tangents: Sequence[Any]) -> Block:
    """Side by side behind the axis of the seeds."""
    count = next(shape_of(t.values)[0] for t in tangents if type(t) is Block)
    parts = [
        t.values if type(t) is Block else numpy.zeros((count, *shape_of(a)), _kind(a))
        for a, t in zip(args, tangents, strict=True)
    ]
    if op == "concatenate":
        return Block(levels().function(op)(*parts, params[0] + 1))
    stacked = levels().function(op)(*parts)
    order = (1, 0, *range(2, len(shape_of(stacked))))
    return Block(levels().function("transpose")(stacked, order))


def _zero(a: Any) -> Any:
    return numpy.zeros(shape_of(a), _kind(a)) if shape_of(a) else 0.0


def _kind(a: Any) -> Any:
    return getattr(a, "dtype", numpy.dtype(float))


def _support(a: Any, tangent: Any) -> Any:
    if type(tangent) is Masked:
        return tangent.support
    return numpy.full(shape_of(a), tangent is not None)
