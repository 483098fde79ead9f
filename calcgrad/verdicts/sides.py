"""A tape over germs: every slot at the exact point, and just beside it, along one coordinate, on one side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from calcgrad.autodiff.tape import Slot, Tape
from calcgrad.expression.nodes import Call, Node, postorder
from calcgrad.functions.exact import ExactFunction
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.systems.base import NoClosedForm
from calcgrad.verdicts.exact.functions import field
from calcgrad.verdicts.exact.numbers import UndecidedError
from calcgrad.verdicts.germs.germ import Deadline, Gap, Germ, LostError, NeedDepthError, Scope
from calcgrad.verdicts.germs.rules import germs_of
from calcgrad.verdicts.germs.system import Germs
from calcgrad.verdicts.watching import asked, domain_varies

UNKNOWNS = (UndecidedError, NeedDepthError, LostError, NoClosedForm)


class Unknown:
    """What could not be found out, with the exception that says why; it spreads like a gap."""

    def __init__(self, why: Exception) -> None:
        self.why = why


class Place:
    """A tape at an exact point: the value of every slot, and which operations stand where they are not smooth.

    ``inputs`` are constant germs.
    """

    def __init__(self, tape: Tape, inputs: Sequence[Germ], scope: Scope) -> None:
        self.tape = tape
        self.scope = scope
        self.system = germs_of(scope)
        self.inputs = list(inputs)
        constants = [_attempt(self.system.constant, c) for c in reversed(tape.constants)]
        self.values: list[Any] = [*self.inputs, *([None] * len(tape.steps)), *constants]
        self.singular: set[Slot] = set()
        self._contributing: dict[Slot, set[Slot]] = {}
        for slot in range(len(self.inputs), len(self.inputs) + len(tape.steps)):
            self._step(self.values, slot)
            if self._singular(slot):
                self.singular.add(slot)

    def beside(self, coordinate: int, side: int) -> list[Any]:
        """The germ of every slot where the coordinate is its exact value plus ``side * t``."""
        return self.along({coordinate: (side, 1)})

    def along(self, path: Mapping[int, tuple[int, int]]) -> list[Any]:
        """The same where each coordinate of a path has moved by ``side * t^power``."""
        values = list(self.values)
        for coordinate, (side, power) in path.items():
            moved = self.scope.power(power, self.scope.field.rational(side))
            values[coordinate] = self.inputs[coordinate] + moved
        changed = set(path)
        for slot, step in enumerate(self.tape.steps, len(self.inputs)):
            if any(i in changed for i in step.args):
                changed.add(slot)
                self._step(values, slot)
        return values

    def calm(self, slot: Slot, moved: set[Slot]) -> bool:
        """Whether a slot is smooth in some coordinates: no operation on the way stands where it is not."""
        return isinstance(self.values[slot], Germ) and not self.culprits(slot, moved)

    def culprits(self, slot: Slot, moved: set[Slot]) -> list[Slot]:
        """The operations that a slot is made of, that some coordinates move, and that stand where they are not smooth."""
        return sorted(self.contributing(slot) & self.singular & self.dependents(moved))

    def contributing(self, output: Slot) -> set[Slot]:
        """The slots that an output is made of; of a ``where`` that is decided, only the branch that is taken."""
        if output not in self._contributing:
            self._contributing[output] = self._contribution(output)
        return self._contributing[output]

    def _contribution(self, output: Slot) -> set[Slot]:
        tape, inputs = self.tape, len(self.inputs)
        unsettled = self.dependents(self.singular)
        found: set[Slot] = set()
        todo = [output]
        while todo:
            slot = todo.pop()
            if slot < inputs or slot in found:
                continue
            found.add(slot)
            step = tape.steps[slot - inputs]
            if step.op == "where" and step.args[0] not in unsettled:
                condition = self.values[step.args[0]]
                taken = _attempt(condition.sign) if isinstance(condition, Germ) else None
                if isinstance(taken, int):
                    todo.append(step.args[1 if taken else 2])
                    continue
            todo.extend(step.args)
        return found

    def dependents(self, sources: set[Slot]) -> set[Slot]:
        """The slots computed from any of ``sources``, and these themselves."""
        found = set(sources)
        for slot, step in enumerate(self.tape.steps, len(self.inputs)):
            if any(i in found for i in step.args):
                found.add(slot)
        return found

    def _step(self, values: list[Any], slot: Slot) -> None:
        step = self.tape.steps[slot - len(self.inputs)]
        args = [values[i] for i in step.args]
        if step.op == "where" and isinstance(args[0], Germ):
            taken = _attempt(args[0].sign)
            values[slot] = taken if isinstance(taken, Unknown) else args[1 if taken else 2]
            return
        for a in args:
            if isinstance(a, Unknown):
                values[slot] = a
                return
        found = _attempt(self._apply, step.op, args, step.params)
        if isinstance(found, Gap) and found.slot is None:
            found.slot = slot
        values[slot] = found

    def _apply(self, op: str, args: Sequence[Any], params: Sequence[Any]) -> Any:
        return self.system.function(op)(*args, *params)

    def _singular(self, slot: Slot) -> bool:
        """Whether an operation stands at its kink, pole or edge; where that is not known, it is taken to."""
        step = self.tape.steps[slot - len(self.inputs)]
        row = OPERATIONS[step.op]
        args = [self.values[i] for i in step.args]
        if isinstance(self.values[slot], Gap | Unknown):
            return all(isinstance(a, Germ) for a in args)
        if not isinstance(row, Elementwise) or not all(isinstance(a, Germ) for a in args):
            return False
        if step.op in ("maximum", "minimum") and step.args[0] == step.args[1]:
            return False  # one and the same function
        if domain_varies(step) and _attempt(args[0].sign) != 1:
            return True
        if any(_attempt(self.values[i].sign) not in (1, -1) for i in asked(self.tape, slot)):
            return True
        return any(_attempt(self.system.singular, place, args) for place in (*row.singular, *row.later))


def _attempt(function: Any, *args: Any) -> Any:
    try:
        return function(*args)
    except UNKNOWNS as why:
        return Unknown(why)


def known(value: Any) -> Any:
    """A germ or a gap; raises what kept a slot from being known."""
    if isinstance(value, Unknown):
        raise value.why
    return value


def constants(nodes: Sequence[Node], scope: Scope) -> list[Germ]:
    """Constant expressions as germs."""
    system = germs_of(scope)
    return [_constant(node, system) for node in nodes]


def place_of(subject: ExactFunction, deadline: Deadline) -> Place:
    """A function at its exact point, by itself: in a field of its own, with one power of t beyond the first."""
    scope = Scope(field(), 1, deadline)
    return Place(subject.tape, constants(subject.nodes, scope), scope)


def _constant(root: Node, system: Germs) -> Any:
    stack: list[Any] = []
    for node in postorder(root):
        if isinstance(node, Call):
            cut = len(stack) - len(node.args)
            stack[cut:] = [system.function(node.op)(*stack[cut:], *node.params)]
        else:
            stack.append(system.constant(node))
    return stack[0]
