"""The pullback of each recorded step, bound from the rows of the table.

A pullback here is ``pull(adjoints, owned, d, mine, step)``: it adds what the step sends back for the adjoint ``d`` to the
adjoints of its arguments; ``mine`` and ``owned`` say whose buffer may be written over.
Two are made from the same row. Over floats, the partials' own text becomes the body of a function. Over arrays, so it does,
with buffers used again where nobody else reads them. One that returns ``False`` has done nothing: the adjoint is traced, say, and
the sweep goes by the rules of a system (:func:`pull_step`), which takes all values. None of them knows masks: zeros by
structure are plain zeros, and a sweep in which one met an infinite slope (its result has a nan) is done again with masks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from threading import Lock
from typing import Any, NamedTuple, TypeAlias

from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.operations.shapes import shape_of
from calcgrad.systems.base import System
from calcgrad.tracing import buffers, emitting, reducing

Pull: TypeAlias = Callable[[list[Any], list[bool], Any, bool, Any], bool | None]

_NUMBERS = (float, int, bool)


def step_of(
    op: str,
    slots: Sequence[int | None],
    primals: Sequence[Any],
    params: tuple[Any, ...],
    y: Any,
    nested: bool,
) -> tuple[Any, ...]:
    """What is written for an operation. A step is ``(pull, op, slots, primals, params, y)``; without a fast pullback, ``None``.

    Over floats it is ``(code, *slots, *primals, y)`` instead: half the size, and nothing that the garbage collector has to look
    at again. ``code`` is a place in ``SCALARS``; :func:`view` gives the other form.
    """
    if nested:
        return None, op, tuple(slots), tuple(primals), params, y
    active = tuple([0 if slot is None else 1 for slot in slots])
    if type(y) is float and not params and all(type(a) in _NUMBERS for a in primals):
        code = scalar_code(op, active)
        if code is not None:
            return code, *slots, *primals, y
    return array_pull(op, active), op, tuple(slots), tuple(primals), params, y


class Scalar(NamedTuple):
    """An operation on floats with some of its arguments traced, and its pullback ``pull(adjoints, d, step)``."""

    op: str
    arity: int
    pull: Callable[[list[Any], Any, Any], None]


#: The code of an entry of a vector: its step is ``(ENTRY, slot, vector, index, y)``.
ENTRY = 0
#: The scalar operations met so far; the place of one is its code.
SCALARS: list[Scalar] = [Scalar("getitem", 1, lambda adjoints, d, step: None)]


@cache
def scalar_code(op: str, active: tuple[int, ...]) -> int | None:
    """The code of an operation on floats; ``None`` where the table has no partial for a traced argument."""
    row = OPERATIONS[op]
    if not isinstance(row, Elementwise) or any(row.partials[j] is None for j, on in enumerate(active) if on):
        return None
    made = emitting.scalar(op, active_partials(op, active))
    with _LOCK:
        SCALARS.append(Scalar(op, len(active), made))
        return len(SCALARS) - 1


_LOCK = Lock()


def active_partials(op: str, active: Sequence[int]) -> list[str | None]:
    """The partials of an elementwise operation, ``None`` in the place of an argument that is not traced."""
    row = OPERATIONS[op]
    assert isinstance(row, Elementwise)
    return [row.partials[j] if on else None for j, on in enumerate(active)]


def view(step: Any) -> tuple[Any, ...]:
    """A step of either form as ``(pull, op, slots, primals, params, y)``; ``pull`` is ``None`` for floats."""
    code = step[0]
    if type(code) is not int:
        return step  # type: ignore[no-any-return]
    _, n, _ = SCALARS[code]
    return None, SCALARS[code].op, step[1 : n + 1], step[n + 1 : 2 * n + 1], step[2 * n + 1 : -1], step[-1]


def pull_step(adjoints: list[Any], d: Any, step: Any, system: System) -> None:
    """Add what a step sends back, by the rules of a system."""
    _, op, slots, args, params, y = view(step)
    if op in JOINING:
        pull_joined(adjoints, d, step, system)
        return
    for j, slot in enumerate(slots):
        if slot is None:
            continue
        term = system.pull(op, j)(y, *args, *params, d)
        if term is not None:
            before = adjoints[slot]
            adjoints[slot] = term if before is None else before + term


#: Operations that put any number of values side by side: their rules take all at once, in time that grows with their number.
JOINING = ("vector", "concatenate")


def pull_joined(adjoints: list[Any], d: Any, step: Any, system: System) -> None:
    """To each of the values goes its own part of the adjoint."""
    _, op, slots, args, params, _ = step
    part = system.function("getitem")
    start = 0
    for j, (slot, a) in enumerate(zip(slots, args, strict=True)):
        index: tuple[Any, ...] = (j,)
        if op == "concatenate":
            length = shape_of(a)[params[0]]
            index = (*[slice(None)] * params[0], slice(start, start + length))
            start += length
        term = None if slot is None else part(d, *index)
        if term is not None:
            before = adjoints[slot]
            adjoints[slot] = term if before is None else before + term


@cache
def array_pull(op: str, active: tuple[int, ...]) -> Pull | None:
    """The fast pullback over arrays, for a choice of traced arguments; ``None`` where there is none."""
    row = OPERATIONS[op]
    fast = buffers.PULLS.get(op) or reducing.PULLS.get(op)
    if fast is not None:
        return fast
    if isinstance(row, Elementwise) and all(row.partials[j] is not None for j, on in enumerate(active) if on):
        return emitting.entrywise(op, active_partials(op, active))
    return None
