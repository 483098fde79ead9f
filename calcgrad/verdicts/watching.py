"""The quick look: does anything on the tape come near a place where it is not smooth? A few microseconds an operation.

It only has to miss nothing: what it lets through goes to the analysis at the exact point, which decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from calcgrad.autodiff.tape import Slot, Step, Tape
from calcgrad.operations import OPERATIONS, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS
from calcgrad.systems.base import FLOAT64, NoClosedForm

#: How near, relative to the largest number on the tape, counts as near.
NEAR = 1e-9
#: How many times its error a distance must be, to be no zero blurred by rounding.
AMPLE = 64.0
_EPS = 2.0**-52
_STEEP = 1e3
Watch = Callable[[Sequence[Any]], float]


def suspicious(tape: Tape, values: Sequence[Any]) -> bool:
    """Whether some value is not finite, or an operation stands near its kink, pole, edge or jump."""
    largest = 1.0
    for value in values:
        size = abs(value)
        if not size <= largest:
            if not size < math.inf:
                return True
            largest = size
    near = NEAR * largest
    distances = _distances(tape, values)
    if any(distance <= near for _, distance in distances):
        return True
    if not distances:
        return False
    errors = rounding_errors(tape, values)
    return any(not distance > AMPLE * errors[slot] for slot, distance in distances)


def _distances(tape: Tape, values: Sequence[Any]) -> list[tuple[Slot, float]]:
    """How far each operation is from the places where it is not smooth, with the slots that bring it there."""
    found: list[tuple[Slot, float]] = []
    for slot, step in enumerate(tape.steps, len(tape.inputs)):
        if smooth(step.op):
            continue
        for watch in watches(step.op):
            distance = watch([values[i] for i in step.args])
            found += [(i, distance) for i in step.args]
        found += [(i, abs(values[i])) for i in asked(tape, slot)]
        if domain_varies(step):
            found.append((step.args[0], max(values[step.args[0]], 0.0)))
    return found


def rounding_errors(tape: Tape, values: Sequence[Any]) -> list[float]:
    """What rounding may have done to each slot, to first order: the point's and the constants' own, carried forward."""
    errors = [_EPS * abs(value) for value in values]
    for slot, step in enumerate(tape.steps, len(tape.inputs)):
        args = [values[i] for i in step.args]
        for j, i in enumerate(step.args):
            try:
                carried = FLOAT64.push(step.op, j)(values[slot], *args, *step.params, errors[i])
            except NoClosedForm:
                carried = _STEEP * errors[i]
            errors[slot] += abs(carried) if carried is not None else 0.0
    return errors


def asked(tape: Tape, slot: Slot) -> list[Slot]:
    """The numbers whose being 0 a step turns on: ``x`` in ``where(x, 1, 0)``, but not ``x > 0``, which is watched itself."""
    step = tape.steps[slot - len(tape.inputs)]
    row = OPERATIONS[step.op]
    args = [step.args[k] for k in row.asks] if isinstance(row, Elementwise) else []
    return [i for i in args if i >= 0 and not _answers(tape, i)]


def _answers(tape: Tape, slot: Slot) -> bool:
    place = slot - len(tape.inputs)
    return place >= 0 and answers(tape.steps[place].op)


def answers(op: str) -> bool:
    """Whether an operation's value is true or false; it changes where the operation itself is singular."""
    row = OPERATIONS[op]
    return isinstance(row, Elementwise) and row.answers


def domain_varies(step: Step) -> bool:
    """Whether the domain of the first argument turns on a second that is no constant: ``x^y``."""
    row = OPERATIONS[step.op]
    return isinstance(row, Elementwise) and row.varying_domain and step.args[1] >= 0


@cache
def smooth(op: str) -> bool:
    """Whether an operation is smooth wherever its arguments are: it has no place to come near to."""
    row = OPERATIONS[op]
    asks = isinstance(row, Elementwise) and (row.asks or row.varying_domain)
    return not asks and not watches(op)


@cache
def watches(op: str) -> tuple[Watch, ...]:
    """Functions of an operation's arguments that are the distance from its singular places."""
    row = OPERATIONS[op]
    if not isinstance(row, Elementwise):
        return ()
    places = (*row.singular, *row.later)
    return tuple([_distance(place.where, place.period, row.arity) for place in places])


def _distance(where: str, period: float | None, arity: int) -> Watch:
    value = FLOAT64.expression(parsed(where), ARGUMENTS[:arity])
    if period is None:
        return lambda args: _size(value(*args))

    def rest(args: Sequence[Any]) -> float:
        found = value(*args)
        return abs(math.remainder(found, period)) if math.isfinite(found) else 0.0

    return rest


def _size(value: float) -> float:
    return abs(value) if value == value else 0.0


def suspicious_arrays(tape: Tape, values: Sequence[Any]) -> bool:
    """The same where values may be arrays: by entries, and for the operations that choose among them."""
    import numpy

    from calcgrad.systems.base import system

    arrays = system("numpy")
    with numpy.errstate(all="ignore"):
        # What a mask leaves out may be nan: of that the branch not taken is full.
        largest = max([1.0, *[float(numpy.max(numpy.abs(v))) for v in values if numpy.size(v)]])
        if not largest < math.inf or not all(numpy.all(numpy.isfinite(values[o])) for o in tape.outputs):
            return True
        near = NEAR * largest
        for place, step in enumerate(tape.steps, len(tape.inputs)):
            args = [values[i] for i in step.args]
            row = OPERATIONS[step.op]
            if any(numpy.min(numpy.abs(values[i])) <= near for i in asked(tape, place)):
                return True
            if step.op in _CHOOSING and _CHOOSING[step.op](args[0], values[place]) <= near:
                return True
            if not isinstance(row, Elementwise):
                continue
            for singular in (*row.singular, *row.later):
                found = arrays.expression(parsed(singular.where), ARGUMENTS[: row.arity])(*args)
                found = numpy.asarray(found, dtype=float)
                if singular.period is not None:
                    found = found - singular.period * numpy.round(found / singular.period)
                if found.size and not float(numpy.min(numpy.abs(found))) > near:
                    return True
            if domain_varies(step) and numpy.min(args[0]) <= near:
                return True
    return False


def _gap_below(a: Any, y: Any) -> float:
    """The distance of the chosen entry from the next of a flat array. Truth values jump with what they compare: that is watched."""
    import numpy

    if numpy.asarray(a).dtype == bool:
        return math.inf
    distances = numpy.sort(numpy.abs(numpy.ravel(a) - y), axis=None)
    return float(distances[1]) if distances.size > 1 else math.inf


_CHOOSING: dict[str, Callable[[Any, Any], float]] = {
    "norm": lambda a, y: float(abs(y)),
    "amax": _gap_below,
    "amin": _gap_below,
}
