"""Long sums as balanced trees: what depends on one term is then a few steps, not all that come after it.

Only for arithmetic that bounds its own error, or is exact: over doubles another order of additions is another result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from calcgrad.autodiff.tape import Slot, Step, Tape

#: Sums of fewer terms stay as they are.
_LEAST = 8


def balanced(tape: Tape) -> Tape:
    """The same function with every long sum added up pairwise.

    >>> chain = [Step("add", (0, 1)), *(Step("add", (8 + k, 2 + k)) for k in range(6))]
    >>> tape = balanced(Tape(tuple("abcdefgh"), (), tuple(chain), (14,)))
    >>> [step.args for step in tape.steps]
    [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9), (10, 11), (12, 13)]
    """
    first = len(tape.inputs)
    uses = Counter(slot for step in tape.steps for slot in step.args)
    uses.update(tape.outputs)
    adding = [
        slot
        for step in tape.steps
        if step.op == "add"
        for slot in step.args
        if slot >= first and tape.steps[slot - first].op == "add" and uses[slot] == 1
    ]
    if len(adding) + 2 < _LEAST:
        return tape
    inner = set(adding)
    steps: list[Step] = []
    moved: dict[Slot, Slot] = {}
    for place, step in enumerate(tape.steps, first):
        if place in inner:
            continue
        terms = _terms(tape, place, inner) if step.op == "add" else []
        if len(terms) < _LEAST:
            moved[place] = _copied(tape, place, inner, moved, steps)
            continue
        layer = [moved.get(slot, slot) for slot in terms]
        while len(layer) > 1:
            layer = _paired(layer, step, first, steps)
        moved[place] = layer[0]
    outputs = tuple([moved.get(slot, slot) for slot in tape.outputs])
    return Tape(tape.inputs, tape.constants, tuple(steps), outputs)


def _terms(tape: Tape, place: Slot, inner: set[Slot]) -> list[Slot]:
    """The terms of a sum from left to right."""
    found: list[Slot] = []
    todo = [place]
    while todo:
        slot = todo.pop()
        if slot == place or slot in inner:
            todo.extend(reversed(tape.steps[slot - len(tape.inputs)].args))
        else:
            found.append(slot)
    return found


def _copied(tape: Tape, place: Slot, inner: set[Slot], moved: dict[Slot, Slot], steps: list[Step]) -> Slot:
    """A step as it stands, the inner ones of a short sum before it."""
    step = tape.steps[place - len(tape.inputs)]
    for slot in step.args:
        if slot in inner and slot not in moved:
            moved[slot] = _copied(tape, slot, inner, moved, steps)
    steps.append(Step(step.op, tuple([moved.get(s, s) for s in step.args]), step.params, step.where))
    return len(tape.inputs) + len(steps) - 1


def _paired(layer: Sequence[Slot], step: Step, first: int, steps: list[Step]) -> list[Slot]:
    """The sums of neighbours; one that is left over comes last."""
    found: list[Slot] = []
    for a, b in zip(layer[::2], layer[1::2], strict=False):
        steps.append(Step("add", (a, b), (), step.where))
        found.append(first + len(steps) - 1)
    return found + list(layer[len(found) * 2 :])
