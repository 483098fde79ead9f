"""Reverse mode (backpropagation): cotangents are pulled back through a tape, one pass an output, for all inputs at once.

The pullback of a step ``y = f(a, b)`` adds ``ȳ ∂f/∂a`` to ``ā`` and ``ȳ ∂f/∂b`` to ``b̄`` (Griewank and Walther, Evaluating
Derivatives, 2nd ed., section 3.2). An adjoint is ``None`` where it is zero by structure, and steps that no active input
reaches are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from calcgrad.autodiff.tape import MANY, Slot, Tape
from calcgrad.expression.nodes import Number
from calcgrad.systems.base import NoClosedForm, System


def active_slots(tape: Tape, wrt: Collection[int] | None = None) -> list[bool]:
    """Which slots depend on the inputs ``wrt`` (all inputs when ``None``): the only ones that adjoints reach.

    >>> from calcgrad.autodiff.tape import Step
    >>> active_slots(Tape(("x", "y"), (), (Step("sin", (1,)), Step("mul", (0, 2))), (3,)), wrt=[0])
    [True, False, False, True]
    """
    chosen = range(len(tape.inputs)) if wrt is None else wrt
    active = [i in chosen for i in range(len(tape.inputs))]
    for step in tape.steps:
        for slot in step.args:
            if slot >= 0 and active[slot]:
                active.append(True)
                break
        else:
            active.append(False)
    return active


def pullback(
    tape: Tape,
    values: Sequence[Any],
    cotangents: Mapping[Slot, Any],
    system: System,
    wrt: Collection[int] | None = None,
) -> list[Any]:
    """The adjoint of every input and step, given the cotangents of some slots (the outputs, as a rule).

    ``values`` are those of ``tape.run``; over arrays, ``system.filled`` writes out the zeros by structure.
    An active argument with no partial in the table has no adjoint; ``NoClosedForm`` is raised where one of the inputs
    ``wrt`` needs it, and not where only what has no slope (a comparison, say) lies between.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.functions.lowering import lower
    >>> from calcgrad.operations import VOCABULARY
    >>> from calcgrad.systems.base import FLOAT64
    >>> from calcgrad.autodiff.tape import run
    >>> tape = lower(parse("x*y", VOCABULARY).root, ["x", "y"])
    >>> pullback(tape, run(tape, [3.0, 5.0], FLOAT64), {2: 1.0}, FLOAT64)
    [5.0, 3.0, 1.0]
    """
    active = active_slots(tape, wrt)
    adjoints, missing = _pulled(tape, values, cotangents, system, active)
    if missing:
        _refuse(tape, values, missing, system, active)
    return adjoints


def known_adjoints(
    tape: Tape, values: Sequence[Any], cotangents: Mapping[Slot, Any], system: System
) -> tuple[list[Any], bool]:
    """The adjoints as far as closed forms give them, and whether those of all inputs are whole.

    A slot whose way to the output leads through an argument without a partial lacks what comes by that way.
    """
    active = active_slots(tape)
    adjoints, missing = _pulled(tape, values, cotangents, system, active)
    try:
        _refuse(tape, values, missing, system, active)
    except NoClosedForm:
        return adjoints, False
    return adjoints, True


def _pulled(
    tape: Tape,
    values: Sequence[Any],
    cotangents: Mapping[Slot, Any],
    system: System,
    active: Sequence[bool],
) -> tuple[list[Any], dict[Slot, NoClosedForm]]:
    """The adjoints of the active slots, and the slots that lack a term for want of a closed form."""
    inputs = len(tape.inputs)
    adjoints: list[Any] = [None] * (inputs + len(tape.steps))
    settle, pull = system.settle, system.pull
    missing: dict[Slot, NoClosedForm] = {}
    for slot, cotangent in cotangents.items():
        if slot >= 0:
            adjoints[slot] = cotangent
    with system.quiet():
        for place in range(len(adjoints) - 1, inputs - 1, -1):
            adjoint = adjoints[place]
            if adjoint is None or not active[place]:
                continue
            settle(adjoint)
            step = tape.steps[place - inputs]
            args = [values[i] for i in step.args]
            part: Callable[[int], Any] | None = None
            if len(args) >= MANY and system.shaped and (apart := system.pull_apart(step.op)) is not None:
                part = apart(args, step.params, adjoint)
            for j, slot in enumerate(step.args):
                if slot < 0 or not active[slot]:
                    continue
                try:
                    term = (
                        pull(step.op, j)(values[place], *args, *step.params, adjoint)
                        if part is None
                        else part(j)
                    )
                except NoClosedForm as fact:
                    missing.setdefault(slot, fact)
                    continue
                if term is None:
                    continue
                if adjoints[slot] is None:
                    adjoints[slot] = term
                else:  # an input may have as many terms as there are steps, and a sum must not wait for all of them
                    adjoints[slot] = adjoints[slot] + term
                    settle(adjoints[slot])
    return adjoints, missing


def _refuse(
    tape: Tape,
    values: Sequence[Any],
    missing: dict[Slot, NoClosedForm],
    system: System,
    active: Sequence[bool],
) -> None:
    """Raise what is missing if it would reach an active input: every slot on the way hands it on to its arguments."""
    inputs = len(tape.inputs)
    for place in range(len(active) - 1, inputs - 1, -1):
        if place not in missing:
            continue
        step = tape.steps[place - inputs]
        args = [values[i] for i in step.args]
        for j, slot in enumerate(step.args):
            if slot < 0 or not active[slot] or slot in missing:
                continue
            try:
                if (
                    system.pull(step.op, j)(values[place], *args, *step.params, system.constant(Number(1)))
                    is None
                ):
                    continue
            except NoClosedForm:
                pass
            missing[slot] = missing[place]
    for slot, fact in missing.items():
        if slot < inputs:
            raise fact
