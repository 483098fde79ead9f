"""Forward mode: tangents are pushed through a tape along with the values, one pass a seed.

The pushforward of a step ``y = f(a, b)`` is ``ẏ = ∂f/∂a ȧ + ∂f/∂b ḃ`` (Griewank and Walther, Evaluating Derivatives,
2nd ed., section 3.1). A tangent is ``None`` where it is zero by structure: nothing is multiplied with it, so an infinite
partial beside it does no harm, and the partials of inactive arguments are never evaluated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from calcgrad.autodiff.tape import MANY, Step, Tape
from calcgrad.systems.base import NoClosedForm, System


def pushforward(tape: Tape, values: Sequence[Any], seed: Sequence[Any], system: System) -> list[Any]:
    """The tangent of every slot, given the value of every slot (``tape.run``) and the inputs' tangents.

    ``seed`` has one entry an input, of the input's shape, ``None`` for zero. The result has one entry an input and
    step; over arrays, ``system.filled`` writes out zeros by structure. A step whose active argument has no partial in the
    table has no tangent; ``NoClosedForm`` is raised where that reaches an output, and not in a branch that is not taken.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.functions.lowering import lower
    >>> from calcgrad.operations import VOCABULARY
    >>> from calcgrad.systems.base import FLOAT64
    >>> from calcgrad.autodiff.tape import run
    >>> tape = lower(parse("x*y", VOCABULARY).root, ["x", "y"])
    >>> pushforward(tape, run(tape, [3.0, 5.0], FLOAT64), [1.0, None], FLOAT64)
    [1.0, None, 5.0]
    """
    tangents = list(seed)
    with system.quiet():
        for step in tape.steps:
            try:
                tangent = _push_step(step, values, tangents, len(tangents), system)
            except NoClosedForm as fact:
                if system.shaped:
                    raise
                tangent = _Missing(fact)
            tangents.append(tangent)
    for slot in tape.outputs:
        if slot >= 0 and isinstance(tangents[slot], _Missing):
            raise tangents[slot].why
    return tangents


class _Missing(NamedTuple):
    """In the place of a tangent that no closed form gives; it spreads to what depends on it."""

    why: NoClosedForm


def _push_step(step: Step, values: Sequence[Any], tangents: list[Any], place: int, system: System) -> Any:
    if len(step.args) >= MANY and system.shaped and (push := system.push_together(step.op)) is not None:
        moved = [None if slot < 0 else tangents[slot] for slot in step.args]
        if all(t is None for t in moved):
            return None
        return push(values[place], [values[i] for i in step.args], step.params, moved)
    total: Any = None
    missing: NoClosedForm | None = None
    args: list[Any] | None = None
    for j, slot in enumerate(step.args):
        tangent = None if slot < 0 else tangents[slot]
        if tangent is None:
            continue
        if args is None:
            args = [values[i] for i in step.args]
        lost = isinstance(tangent, _Missing)
        term = system.push(step.op, j)(values[place], *args, *step.params, 1.0 if lost else tangent)
        if term is not None:
            missing = tangent.why if lost else missing
            total = term if total is None else total + term
    if missing is not None:
        raise missing
    return total
