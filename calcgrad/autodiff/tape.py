"""The tape (Wengert list): a function as data. Text is lowered to it; both sweeps, the trace and the pictures read it.

A tape has numbered *slots*. Slots ``0 … n-1`` are the inputs, slot ``n + k`` is the result of step ``k``; a negative
slot ``-1 - c`` is the constant number ``c``. Values, tangents and adjoints live in lists beside the tape, never on it: in a
list of ``n + len(steps) + len(constants)`` places whose tail holds the constants in reverse, a slot of either sign is an index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from calcgrad.errors import Span
from calcgrad.expression.nodes import NOWHERE
from calcgrad.systems.base import System

Slot: TypeAlias = int
#: From so many arguments a step is swept in all of them at once, where the system can.
MANY = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One operation: its name in the table, the slots of its arguments, its parameters, its place in the text."""

    op: str
    args: tuple[Slot, ...]
    params: tuple[Any, ...] = ()
    where: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Tape:
    """Inputs by name, exact constants (nodes, or plain values for a traced function), steps, output slots.

    A function of one output has one slot in ``outputs``.
    """

    inputs: tuple[str, ...]
    constants: tuple[Any, ...]
    steps: tuple[Step, ...]
    outputs: tuple[Slot, ...]

    def places(self) -> int:
        """The length of the list of values: inputs, steps and constants."""
        return len(self.inputs) + len(self.steps) + len(self.constants)

    def __str__(self) -> str:
        """The tape line by line, a slot a line.

        >>> print(Tape(("x",), (2.0,), (Step("mul", (0, -1)), Step("sin", (1,))), (2,)))
        v0 = x
        v1 = mul(v0, 2.0)
        v2 = sin(v1)
        output v2
        """
        lines = [f"v{i} = {name}" for i, name in enumerate(self.inputs)]
        for place, step in enumerate(self.steps, len(self.inputs)):
            named = [*map(self._named, step.args), *map(str, step.params)]
            lines.append(f"v{place} = {step.op}({', '.join(named)})")
        return "\n".join([*lines, "output " + ", ".join(map(self._named, self.outputs))])

    def _named(self, slot: Slot) -> str:
        return f"v{slot}" if slot >= 0 else str(self.constants[-1 - slot])


def made_of(tape: Tape, output: Slot) -> set[Slot]:
    """The slots of steps that a slot is made of, itself among them.

    >>> sorted(made_of(Tape(("x",), (), (Step("sin", (0,)), Step("cos", (0,)), Step("neg", (1,))), (3,)), 3))
    [1, 3]
    """
    found: set[Slot] = set()
    todo = [output]
    while todo:
        slot = todo.pop()
        if slot >= len(tape.inputs) and slot not in found:
            found.add(slot)
            todo.extend(tape.steps[slot - len(tape.inputs)].args)
    return found


def run(tape: Tape, inputs: Sequence[Any], system: System) -> list[Any]:
    """Evaluate the tape in a number system: the value of every slot (see the module's text for its layout).

    The system's numbers come in and out; it never raises where IEEE arithmetic would give inf or nan.
    """
    values = list(inputs)
    values.extend([None] * len(tape.steps))
    values.extend([system.constant(c) for c in reversed(tape.constants)])
    function = system.function
    with system.quiet():
        for place, step in enumerate(tape.steps, len(inputs)):
            args = step.args
            if len(args) == 2:
                a, b = args
                values[place] = function(step.op)(values[a], values[b], *step.params)
            elif len(args) == 1:
                values[place] = function(step.op)(values[args[0]], *step.params)
            else:
                values[place] = function(step.op)(*[values[i] for i in args], *step.params)
    return values
