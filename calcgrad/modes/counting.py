"""Operations and passes of a derivative, counted on the tape that it writes."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import cache
from itertools import islice
from math import prod
from typing import Any, get_args

from calcgrad.autodiff.recorder import RecordedValue, Recorder
from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.tape import Tape, run
from calcgrad.expression.nodes import Call, Node, postorder
from calcgrad.functions.expression import Expression
from calcgrad.methods import NAMES, facts
from calcgrad.methods.protocol import Passes, Sweeps
from calcgrad.operations.shapes import shape_of
from calcgrad.systems.base import FLOAT64, System


@cache
def modes() -> tuple[str, ...]:
    """The methods that are compared: those whose facts say what a pass of them is.

    >>> modes()
    ('forward-ad', 'reverse-ad', 'central-difference', 'symbolic')
    """
    return tuple(name for kind in get_args(Passes) for name in NAMES if facts(name).passes == kind)


def calls(root: Node) -> int:
    """How many operations a formula has, written out.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.operations import VOCABULARY
    >>> calls(parse("x*sin(x)", VOCABULARY).root)
    2
    """
    return sum(isinstance(node, Call) for node in postorder(root))


def of_values(tape: Tape, values: Sequence[Any]) -> int:
    """Operations on numbers of one evaluation: an operation on arrays counts its entries, a matrix product its multiplications."""
    return sum(
        _of_operation(step.op, [shape_of(values[a]) for a in step.args], shape_of(values[place]))
        for place, step in enumerate(tape.steps, len(tape.inputs))
    )


class _Counter(Recorder):
    """A recorder that counts every operation of the table, those on what is constant too: a seed is, and what is linear in it."""

    def __init__(self, base: System, names: Sequence[str], inputs: Sequence[Any]) -> None:
        super().__init__(base, names, inputs)
        self.count = 0

    def _write(self, op: str, args: tuple[Any, ...], params: tuple[Any, ...], value: Any) -> Any:
        if value is not None:
            self.count += _of_operation(op, [_shape(a) for a in args], _shape(value))
        return super()._write(op, args, params, value)


def _shape(value: Any) -> tuple[int, ...]:
    return value.shape if isinstance(value, RecordedValue) else shape_of(value)


def of_sweeps(
    sweeps: Sweeps, function: Expression, inputs: Sequence[Any], most: int | None = None
) -> tuple[int, int]:
    """Operations of the values and of the first ``most`` sweeps, all of them without it; and how many are those of the values.

    Over numbers they are the steps of the derivative's own tape.
    """
    counter = _Counter(function.system, function.tape.inputs, inputs)
    values = run(function.tape, counter.inputs, counter)
    before, steps_before = counter.count, len(counter.finish([])[0].steps)
    deque(islice(sweeps(function, values, counter), most), maxlen=0)
    if function.arrays:
        return counter.count, before
    return len(counter.finish([])[0].steps), steps_before


def of_pullback(tape: Tape, inputs: Sequence[float]) -> int:
    """Operations of the values and of one backward pass of a tape of numbers."""
    recorder = Recorder(FLOAT64, tape.inputs, inputs)
    values = run(tape, recorder.inputs, recorder)
    pullback(tape, values, {tape.outputs[0]: 1.0}, recorder)
    return len(recorder.finish([])[0].steps)


def _of_operation(op: str, args: Sequence[tuple[int, ...]], shape: tuple[int, ...]) -> int:
    if op == "matmul" and args[0]:
        return prod(shape) * args[0][-1]
    return max([prod(shape), *map(prod, args)])
