"""What an edge of arrays does to an adjoint, as a formula: the pullback of the table's row is run once and written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from calcgrad.autodiff.recorder import RecordedValue, Recorder
from calcgrad.autodiff.tape import Step
from calcgrad.deriving import tidy
from calcgrad.explaining.partials import partial_formula
from calcgrad.expression.nodes import Call, Name, Node, Number
from calcgrad.operations import OPERATIONS, VOCABULARY, Elementwise
from calcgrad.operations.shapes import shape_of
from calcgrad.systems.base import NoClosedForm, System

#: Steps of a pullback beyond which it is told by its name alone.
_READABLE = 12
#: Operations that change nothing but a shape.
_REFITS = frozenset({"reshape", "broadcast_to", "sum_to"})
_OPEN = (NoClosedForm, TypeError, AttributeError, ValueError, KeyError, IndexError)


def hashable(params: tuple[Any, ...]) -> tuple[Any, ...]:
    """The parameters as a node may hold them; an array of indices by its shape.

    >>> import numpy
    >>> hashable((1, numpy.arange(3))), hashable((slice(0, 2),))
    ((1, '<3 indices>'), (('slice', 0, 2, None),))
    """
    found: list[Any] = []
    for p in params:
        if hasattr(p, "shape") and hasattr(p, "dtype"):
            found.append(f"<{' x '.join(map(str, p.shape))} indices>" if p.shape else int(p))
        elif isinstance(p, slice):
            found.append(("slice", p.start, p.stop, p.step))
        elif isinstance(p, tuple | list):
            found.append(hashable(tuple(p)))
        else:
            found.append(p)
    return tuple(found)


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
    told = Call(f"back_through_{VOCABULARY.forms[step.op].text}", (adjoint, *args))
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
    tape, primals = recorder.finish([found])
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

    for place, made in enumerate(tape.steps, len(names)):
        if made.op in _REFITS and shape_of(primals[place]) == shape_of(primals[made.args[0]]):
            trees.append(tree(made.args[0]))  # it fits as it is
            continue
        trees.append(Call(made.op, tuple([tree(i) for i in made.args]), hashable(made.params)))
    return trees[tape.outputs[0]]
