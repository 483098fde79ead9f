"""Naming a place on the tape in the words of the expression that the user wrote."""

from __future__ import annotations

from calcgrad.autodiff.tape import Slot, Step, Tape
from calcgrad.expression import to_text
from calcgrad.expression.nodes import Call, Constant, Name, Node, Number
from calcgrad.functions.exact import shortest
from calcgrad.functions.expression import Expression
from calcgrad.operations import VOCABULARY, parsed
from calcgrad.operations.row import ARGUMENTS

LONGEST = 60


def node_of(tape: Tape, slot: Slot) -> Node:
    """The expression that a slot holds, as a tree; shared slots become shared nodes."""
    nodes: dict[Slot, Node] = {i: Name(name) for i, name in enumerate(tape.inputs)}
    for c, constant in enumerate(tape.constants):
        nodes[-1 - c] = _constant(constant)
    for place, step in enumerate(tape.steps, len(tape.inputs)):
        if place > slot:
            break
        nodes[place] = Call(step.op, tuple([nodes[i] for i in step.args]), step.params)
    return nodes[slot]


def _constant(value: object) -> Node:
    if isinstance(value, Number):
        return shortest(value)
    return value if isinstance(value, Constant) else Name("constant")


def spell(function: Expression, slot: Slot) -> str:
    """A slot's sub-expression as text, cut in the middle where it is long."""
    return spell_slot(function.tape, slot)


def spell_slot(tape: Tape, slot: Slot) -> str:
    """The same for a tape."""
    return shortened(to_text(node_of(tape, slot), VOCABULARY))


def spell_condition(function: Expression, step: Step, condition: str) -> str:
    """A condition of a row's arguments, in the sub-expressions that stand for them."""
    return spell_in(function.tape, step, condition)


def spell_in(tape: Tape, step: Step, condition: str) -> str:
    """The same for a tape."""
    nodes = {name: node_of(tape, i) for name, i in zip(ARGUMENTS, step.args, strict=False)}
    return shortened(to_text(substitute(parsed(condition), nodes), VOCABULARY))


def substitute(root: Node, nodes: dict[str, Node]) -> Node:
    """A tree of the table with its argument names replaced. Such trees are small, so recursion is fine."""
    if isinstance(root, Name):
        return nodes.get(root.name, root)
    if not root.args:
        return root
    assert isinstance(root, Call)
    return Call(root.op, tuple([substitute(a, nodes) for a in root.args]), root.params)


def shortened(text: str) -> str:
    """A long text without its middle."""
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2 - 3
    return f"{text[:half]} ... {text[-half:]}"
