"""Lowering: an expression becomes a tape. Equal subexpressions share a slot; composites are written out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from calcgrad.autodiff.tape import Slot, Step, Tape
from calcgrad.errors import Span, UsageError
from calcgrad.expression.nodes import Call, Constant, Name, Node, Number, postorder
from calcgrad.operations import COMPOSITES, parsed
from calcgrad.operations.row import ARGUMENTS

#: The words for conditions that are decided, as the numbers that every system has.
_TRUTH = {"true": Number(1), "false": Number(0)}


class _Builder:
    """A tape under construction; ``emit`` gives the slot of a step, old or new."""

    def __init__(self, inputs: Sequence[str]) -> None:
        self.inputs = tuple(inputs)
        self.steps: list[Step] = []
        self.constants: list[Node] = []
        self._seen: dict[Any, Slot] = {}

    def constant(self, node: Node) -> Slot:
        slot = self._seen.get(node)
        if slot is None:
            self.constants.append(node)
            slot = self._seen[node] = -len(self.constants)
        return slot

    def emit(self, op: str, args: tuple[Slot, ...], params: tuple[Any, ...], where: Span) -> Slot:
        key = (op, args, params)
        slot = self._seen.get(key)
        if slot is None:
            slot = self._seen[key] = len(self.inputs) + len(self.steps)
            self.steps.append(Step(op, args, params, where))
        return slot

    def lower(self, root: Node, slots: dict[str, Slot], where: Span | None = None) -> Slot:
        """The slot of a tree whose names stand for ``slots``; ``where`` is the place that its steps come from."""
        stack: list[Slot] = []
        for node in postorder(root):
            if isinstance(node, Name):
                stack.append(_slot_of(node, slots))
            elif isinstance(node, Call):
                cut = len(stack) - len(node.args)
                args = tuple(stack[cut:])
                del stack[cut:]
                stack.append(self._call(node, args, where or node.span))
            else:
                assert isinstance(node, Number | Constant)
                stack.append(
                    self.constant(_TRUTH.get(node.name, node) if isinstance(node, Constant) else node)
                )
        (slot,) = stack
        return slot

    def _call(self, node: Call, args: tuple[Slot, ...], where: Span) -> Slot:
        composite = COMPOSITES.get(node.op)
        if composite is None:
            return self.emit(node.op, args, node.params, where)
        # A definition holds no composite deeper than the table is long, so this recursion is short.
        return self.lower(parsed(composite.definition), dict(zip(ARGUMENTS, args, strict=False)), where)


def _slot_of(node: Name, slots: dict[str, Slot]) -> Slot:
    if node.name not in slots:
        raise UsageError.of("E301", f"no value for the variable '{node.name}'", node.span, "has no value")
    return slots[node.name]


def lower(root: Node, inputs: Sequence[str]) -> Tape:
    """The tape of an expression in the given variables.

    A vector at the top, ``[x*y, sin(x)]``, becomes a tape of several outputs, row by row where it is nested; its
    entries must then be scalars. Raises ``UsageError`` (E301) for a variable that is not among the inputs.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.operations import VOCABULARY
    >>> tape = lower(parse("x*y + sin(x)", VOCABULARY).root, ["x", "y"])
    >>> [(step.op, step.args) for step in tape.steps], tape.outputs
    ([('mul', (0, 1)), ('sin', (0,)), ('add', (2, 3))], (4,))
    """
    builder = _Builder(inputs)
    slots = {name: place for place, name in enumerate(inputs)}
    outputs = tuple(builder.lower(entry, slots) for entry in entries(root))
    return Tape(builder.inputs, tuple(builder.constants), tuple(builder.steps), outputs)


def entries(root: Node) -> list[Node]:
    """The scalar entries of a vector literal at the top, in row-major order; the expression itself otherwise."""
    todo, found = [root], []
    while todo:
        node = todo.pop()
        if isinstance(node, Call) and node.op == "vector":
            todo.extend(reversed(node.args))
        else:
            found.append(node)
    return found
