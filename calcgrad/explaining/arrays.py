"""What an edge of arrays does to an adjoint, as a formula: the pullback of the table's row is run once and written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from calcgrad.autodiff.recorder import RecordedValue, Recorder
from calcgrad.autodiff.tape import Step
from calcgrad.deriving import tidy
from calcgrad.explaining.partials import partial_formula
from calcgrad.expression.nodes import Call, Name, Node, Number
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.operations.shapes import shape_of
from calcgrad.systems.base import NoClosedForm, System

#: Steps of a pullback beyond which it is told by its name alone.
_READABLE = 8
_OPEN = (NoClosedForm, TypeError, AttributeError, ValueError, KeyError, IndexError)


def pullback_formula(
    step: Step, j: int, args: Sequence[Node], output: Node, values: Sequence[Any], value: Any, system: System
) -> Node | None:
    """What argument ``j`` of a step gets of the step's adjoint ``dv``; ``None`` where nothing flows.

    ``args`` and ``output`` are the names of the slots, ``values`` and ``value`` what is in them.
    """
    assert isinstance(output, Name)
    adjoint = Name(f"d{output.name}")
    if isinstance(OPERATIONS[step.op], Elementwise):
        return _elementwise(step, j, args, output, adjoint, shape_of(values[j]) != shape_of(value))
    told = Call("vector_product", (adjoint, *args))
    try:
        return _recorded(step, j, [adjoint, *args, output], values, value, system)
    except _OPEN:
        return told


def _elementwise(
    step: Step, j: int, args: Sequence[Node], output: Node, adjoint: Node, repeated: bool
) -> Node | None:
    """The adjoint times the partial; what was repeated over an axis is summed."""
    partial = partial_formula(step, j, args, output, None, None)
    if partial is None or partial == Number(0):
        return None
    product = adjoint if partial == Number(1) else Call("mul", (adjoint, partial))
    product = tidy(product).formula if partial == Call("neg", (Number(1),)) else product
    return Call("sum_to", (product,)) if repeated else product


def _recorded(
    step: Step, j: int, names: Sequence[Node], values: Sequence[Any], value: Any, system: System
) -> Node | None:
    """The operations of the pullback, run once on what is at the point."""
    seed = system.filled(value) * 0.0 + 1.0
    recorder = Recorder(system, [str(k) for k in range(len(names))], [seed, *values, value])
    adjoint, *args, output = recorder.inputs
    found = recorder.pull(step.op, j)(output, *args, *step.params, adjoint)
    if found is None:
        return None
    tape, _ = recorder.finish([found])
    if len(tape.steps) > _READABLE or not isinstance(found, RecordedValue):
        raise KeyError(step.op)
    trees = list(names)

    def tree(slot: int) -> Node:
        if slot >= 0:
            return trees[slot]
        constant = tape.constants[-1 - slot]
        if shape_of(constant):
            raise KeyError(step.op)
        return Number(int(constant)) if float(constant).is_integer() else Name(f"{float(constant):.6g}")

    for made in tape.steps:
        params = tuple([p for p in made.params if isinstance(p, int | tuple | bool | type(None))])
        trees.append(Call(made.op, tuple([tree(i) for i in made.args]), params))
    return trees[tape.outputs[0]]
