"""A traced function written out in numbers: one expression for its result, in the entries of its arguments.

This is how a small NumPy function gets a formula, a certified value and a verdict. Operations that only move entries are done on
arrays of nodes; sums, products and entrywise operations are written out as in :mod:`calcgrad.functions.scalars`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import isfinite, prod
from typing import Any

from calcgrad.autodiff.tape import Tape
from calcgrad.errors import LimitError
from calcgrad.expression.nodes import Constant, Name, Node, Number
from calcgrad.functions.scalars import MOST_NODES, RULES, EntryWriter, scalar_name
from calcgrad.operations import OPERATIONS, Elementwise, Linear
from calcgrad.operations.shapes import Shape, kept, normal_axes, shape_of
from calcgrad.tracing.values import value_of_operation


def expression_of(tape: Tape, shapes: Sequence[Shape]) -> Node:
    """The result of a tape over arrays as an expression in numbers; an array is a ``vector`` of vectors.

    ``shapes`` are those of the inputs. Raises ``LimitError``: E422 where that grows too large, E423 where an operation is not
    written out.
    """
    if sum(map(prod, shapes)) > MOST_NODES:
        raise LimitError.of("E422", f"{sum(map(prod, shapes)):,} numbers are too many to be written out")
    writer = EntryWriter()
    entries: list[Any] = [_input(name, shape) for name, shape in zip(tape.inputs, shapes, strict=True)]
    entries += [None] * len(tape.steps) + [_constant(c) for c in reversed(tape.constants)]
    for place, step in enumerate(tape.steps, len(tape.inputs)):
        args = [entries[i] for i in step.args]
        if any(a is None for a in args):
            continue  # of an argument that is no number and decides nothing further
        entries[place] = _applied(writer, step.op, args, step.params)
    outputs = [entries[slot] for slot in tape.outputs]
    if any(out is None for out in outputs):
        raise _not_written("a value that decides is not written out in numbers")
    return writer.listed(outputs[0])


def _not_written(why: str) -> LimitError:
    return LimitError.of("E423", why)


def _input(name: str, shape: Shape) -> Any:
    if not shape:
        return Name(name)
    import numpy

    entries = numpy.empty(shape, object)
    for index in numpy.ndindex(shape):
        entries[index] = Name(scalar_name(name, index))
    return entries


def _constant(value: Any) -> Any:
    """A constant as a node, or an array of nodes; a double stands for the decimal that it is written as."""
    shape = shape_of(value)
    if isinstance(value, Node):
        return value
    if not shape:
        return _number(value)
    if prod(shape) > MOST_NODES:
        message = f"a constant array of {prod(shape):,} numbers is too large to be written out"
        raise LimitError.of("E422", message)
    import numpy

    entries = numpy.empty(shape, object)
    for index in numpy.ndindex(shape):
        entries[index] = _number(value[index])
    return entries


def _number(value: Any) -> Node | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if isfinite(number):
        return Number(Fraction(repr(number)))
    if number != number:
        raise _not_written("the constant nan has no place in a formula")
    return Constant("inf")


def _applied(writer: EntryWriter, op: str, args: list[Any], params: tuple[Any, ...]) -> Any:
    row = OPERATIONS[op]
    if isinstance(row, Elementwise):
        return writer.entrywise(op, args)
    if isinstance(row, Linear) and row.moves:
        return value_of_operation(op)(*args, *params)
    if op in ("sum", "prod", "amax", "amin", "norm", "logsumexp"):
        return _reduced(writer, op, args[0], *params)
    if op == "matmul" and not params:
        return RULES[op](writer, *args)
    raise _not_written(f"the operation {op} is not written out in numbers")


def _reduced(writer: EntryWriter, op: str, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """A reduction along some axes: that of each group of entries."""
    shape = shape_of(a)
    axes = normal_axes(len(shape), axis)
    rule: Callable[..., Any] = RULES[op]
    if not shape or (len(axes) == len(shape) and not keepdims):
        return rule(writer, a)
    import numpy

    others = tuple(i for i in range(len(shape)) if i not in axes)
    rows = numpy.transpose(a, (*others, *axes)).reshape(prod(shape[i] for i in others), -1)
    out = numpy.empty(len(rows), object)
    for k, row in enumerate(rows):
        out[k] = rule(writer, row)
    return out.reshape(kept(shape, axis) if keepdims else tuple([shape[i] for i in others]))
