"""What an operation may send back wrongly: nothing, one operand alone, its adjoint without the derivative, the first share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy

from calcgrad.checking.diagnosing.located import Instruction, Located, source_of
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.tracing.levels import levels

Array = Any
#: What a step sends back: (slot, term) for each operand.
Sent = Iterator[tuple[int, Any]]
Change = Callable[[Any, Any], Sent]
#: Another term for one operand.
Term = Callable[[Any, Any], Any]

CONSTANT = " is taken for a constant"
OMITTED = " is left out"
_OPERANDS = ("first", "second", "third")


@dataclass(frozen=True, slots=True)
class Altered:
    """Changes of the sweep: how some steps send back, and what that is called.

    A ``path`` leaves something out; what is left out may also come back with another factor.
    """

    changes: Mapping[int, Change]
    cause: str
    detail: str
    path: bool = False
    constant: bool = False


def rightly(step: Any, d: Any) -> Sent:
    """What the table's rules send back."""
    for j, slot in enumerate(step[2]):
        if slot is not None:
            yield slot, _term(step, j, d)


def _term(step: Any, j: int, d: Any) -> Any:
    _, op, _, args, params, y = step
    return levels().pull(op, j)(y, *args, *params, d)


def nothing(step: Any, d: Any) -> Sent:
    """The value is taken for a constant."""
    return iter(())


def _with(which: int, by: Term, others: bool, step: Any, d: Any) -> Sent:
    for j, slot in enumerate(step[2]):
        if slot is not None and (j == which or others):
            yield slot, by(step, d) if j == which else _term(step, j, d)


def _replaced(which: int, by: Term, others: bool = True) -> Change:
    return partial(_with, which, by, others)


def _left_out(step: Any, d: Any) -> Any:
    return None


def _unchanged(which: int, step: Any, d: Any) -> Any:
    """The adjoint as it came: a 1 in place of the derivative."""
    shape = numpy.shape(step[5])
    if numpy.shape(step[3][which]) != shape:
        return None
    return numpy.broadcast_to(d, shape) if shape else d


def _inverted(which: int, step: Any, d: Any) -> Any:
    """What goes back where the mask is 0, and not where it is 1."""
    shape = numpy.shape(step[5])
    if numpy.shape(step[3][which]) != shape:
        return None
    return d * (1.0 - numpy.asarray(step[3][1 - which], dtype=float))


def _other_branch(which: int, step: Any, d: Any) -> Any:
    """What goes back to a branch where the other was taken."""
    shape = numpy.shape(step[5])
    if numpy.shape(step[3][which]) != shape:
        return None
    taken = numpy.asarray(step[3][0], dtype=bool)
    return d * numpy.where(taken if which == 2 else ~taken, 1.0, 0.0)


def _crossed(which: int, step: Any, d: Any) -> Any:
    a, b = step[3]
    return a @ d if which else d @ b


def _first_share(which: int, step: Any, d: Any) -> Any:
    """The share of the first of the places that a value was broadcast to, in place of the sum over all."""
    term, share = _term(step, which, d), numpy.broadcast_to(d, numpy.shape(step[5]))
    shape = numpy.shape(step[3][which])
    extra = share.ndim - len(shape)
    if numpy.ndim(term) != len(shape) or step[1] not in ("add", "sub"):
        return None
    share = share[(0,) * extra]
    for axis, length in enumerate(shape):
        if length == 1:
            share = share[(slice(None),) * axis + (slice(0, 1),)]
    return -share if step[1] == "sub" and which == 1 else share


def _last_share(step: Any, d: Any) -> Any:
    """Entries that are taken several times get what the last of them sends back."""
    term = numpy.zeros(numpy.shape(step[3][0]))
    term[tuple(step[4])] = d
    return term


def changes_of(found: Located, op: str, steps: Sequence[int], text: str) -> Iterator[Altered]:
    """Every change of steps of one operation, which one place of the source made."""
    step = found.steps[steps[0]]
    active = [j for j, slot in enumerate(step[2]) if slot is not None]

    def all_of(
        change: Change, cause: str, detail: str, path: bool = False, constant: bool = False
    ) -> Altered:
        return Altered(dict.fromkeys(steps, change), cause, detail, path, constant)

    if len(active) == 1 and isinstance(OPERATIONS[op], Elementwise):
        yield from _of_one(all_of, step, active[0], text)
    yield all_of(nothing, "stopped-path", f"{text}{CONSTANT}", True, True)
    if op == "getitem":
        yield all_of(
            _replaced(0, _last_share), "missing-term", f"{text} takes entries more than once: {_LAST}"
        )
    for j in active:
        if len(active) > 1:
            cause = "missing-term" if op in ("add", "sub") else "stopped-path"
            detail = f"in {text} the path through the {_OPERANDS[min(j, 2)]} operand{OMITTED}"
            yield all_of(_replaced(j, _left_out), cause, detail, path=True)
        if op == "where" and j:
            detail = (
                f"the mask of {text}{OMITTED}: the {_OPERANDS[j - 1]} branch is differentiated everywhere"
            )
            yield all_of(_replaced(j, partial(_unchanged, j), others=False), "missing-mask", detail)
            detail = f"the mask of {text} is the wrong way round on the way back"
            yield all_of(_replaced(j, partial(_other_branch, j)), "inverted-mask", detail)
        if op == "matmul" and _square(step[3][1 - j]):
            detail = f"the matrix in {text} is not transposed on the way back"
            yield all_of(_replaced(j, partial(_crossed, j)), "transposed", detail)
        if op in ("add", "sub") and numpy.shape(step[3][j]) != numpy.shape(step[5]):
            detail = f"an operand of {text} was broadcast: {_FIRST}"
            yield all_of(_replaced(j, partial(_first_share, j)), "broadcast", detail)
        if len(steps) > 1:
            yield from _of_one_use(steps, j, text)


_LAST = "each gets what the last of them sends back, not the sum"
_FIRST = "it gets the first share of what comes back, not the sum"


def _of_one(all_of: Callable[..., Altered], step: Any, j: int, text: str) -> Iterator[Altered]:
    """The derivative of an elementwise operation of one variable, left out."""
    constants = [a for k, a in enumerate(step[3]) if k != j]
    unscaled = _replaced(j, partial(_unchanged, j))
    if not constants:
        yield all_of(unscaled, "missing-activation", f"the derivative of {text}{OMITTED}")
    elif step[1] in ("mul", "div"):
        masked = any(numpy.ndim(c) and not numpy.all(c) for c in constants)
        what = "mask" if masked else "weights" if any(map(numpy.ndim, constants)) else "factor"
        cause = "missing-mask" if what != "factor" else "factor"
        yield all_of(unscaled, cause, f"the {what} in {text}{OMITTED} on the way back")
        if step[1] == "mul" and masked and all(numpy.all((c == 0) | (c == 1)) for c in constants):
            inverted = _replaced(j, partial(_inverted, j))
            yield all_of(
                inverted, "inverted-mask", f"the mask in {text} is the wrong way round on the way back"
            )


def _of_one_use(steps: Sequence[int], j: int, text: str) -> Iterator[Altered]:
    """An operand that is used several times, of which one use counts."""
    for kept, which in ((min(steps), "first"), (max(steps), "last")):
        changes = {k: _replaced(j, _left_out) for k in steps if k != kept}
        detail = f"{text} is used {len(steps)} times: only the {which} use has a gradient"
        yield Altered(changes, "missing-term", detail)


def calls_left_out(found: Located) -> Iterator[Altered]:
    """The derivative of a whole call of one argument (a sigmoid of the user's), left out."""
    calls: dict[Instruction, list[list[int]]] = {}
    for k, place in enumerate(found.places):
        for caller in place[1:]:
            runs = calls.setdefault(caller, [])
            if runs and runs[-1][-1] == k - 1:
                runs[-1].append(k)
            else:
                runs.append([k])
    for caller, runs in calls.items():
        changes: dict[int, Change] = {}
        for run in runs:
            made = _straight_through(found, run)
            if made is None:
                break
            changes |= made
        else:
            yield Altered(changes, "missing-activation", f"the derivative of {source_of(caller)}{OMITTED}")


def _straight_through(found: Located, run: Sequence[int]) -> dict[int, Change] | None:
    """The changes by which the steps of a call send its adjoint to its only argument as it is."""
    steps = found.steps
    inside = set(run)
    entering = {slot for k in run for slot in steps[k][2] if slot is not None and slot not in inside}
    if len(run) < 2 or len(entering) != 1:
        return None
    (argument,) = entering
    entry = next(
        args[slots.index(argument)]
        for _, _, slots, args, _, _ in (steps[k] for k in run)
        if argument in slots
    )
    if numpy.shape(entry) != numpy.shape(steps[run[-1]][5]):
        return None
    changes: dict[int, Change] = dict.fromkeys(run, nothing)
    changes[run[-1]] = lambda step, d: iter([(argument, d)])
    return changes


def _square(matrix: Any) -> bool:
    shape = numpy.shape(matrix)
    return len(shape) == 2 and shape[0] == shape[1]
