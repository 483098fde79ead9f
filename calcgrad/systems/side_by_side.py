"""Sweeps through operations that set any number of arguments side by side, as a vector of entries does: all arguments at once.

The rules of such a row speak of one argument, and look at the shapes of all the others: for n arguments that is n * n looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy

from calcgrad.operations import OPERATIONS, Linear
from calcgrad.operations.shapes import shape_of
from calcgrad.systems.array_rules import Operations, transpose_of
from calcgrad.systems.values.masked import Masked, dense, in_type_of, sparse


@cache
def _side_by_side(op: str) -> bool:
    row = OPERATIONS[op]
    return isinstance(row, Linear) and row.variadic


def push(system: Operations, op: str) -> Callable[..., Any] | None:
    """``push(y, args, params, tangents)``, with ``None`` for a tangent that is zero by structure; ``None`` of any other operation.

    The operation is linear: it makes the tangents' list as it makes the arguments'.
    """
    if not _side_by_side(op):
        return None
    value = system.function(op)

    def pushed(y: Any, args: Sequence[Any], params: Sequence[Any], tangents: Sequence[Any]) -> Any:
        if not any(t is None or isinstance(t, Masked) for t in tangents):
            return in_type_of(y, value(*tangents, *params))
        pairs = list(zip(args, tangents, strict=True))
        values = value(*[numpy.zeros(shape_of(a)) if t is None else dense(t) for a, t in pairs], *params)
        support = value(*[_support(a, t) for a, t in pairs], *params)
        return in_type_of(y, sparse(values, numpy.asarray(support, bool)))

    return pushed


def _support(argument: Any, tangent: Any) -> Any:
    return (
        tangent.support
        if isinstance(tangent, Masked)
        else numpy.full(shape_of(argument), tangent is not None)
    )


def pull(system: Operations, op: str) -> Callable[..., Any] | None:
    """``pull(args, params, d)`` gives the function of ``j`` that is the adjoint's part for argument ``j``; ``None`` of any other
    operation.
    """
    if not _side_by_side(op):
        return None
    transpose = transpose_of(op)

    def pulled(args: Sequence[Any], params: Sequence[Any], adjoint: Any) -> Callable[[int], Any]:
        shapes = [shape_of(a) for a in args]

        def part(j: int) -> Any:
            back, new_params = transpose(j, shapes, *params)
            return in_type_of(args[j], system.function(back)(adjoint, *new_params))

        return part

    return pulled
