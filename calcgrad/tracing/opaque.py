"""Steps whose rule comes with them instead of from the table: functions with a rule of their own, and checkpoints.

Such a step has several arguments and several results. It is written as one step whose value is the list of the results, and
one step ``item`` for each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from calcgrad.tracing.blocks import each
from calcgrad.tracing.refusals import escaped
from calcgrad.tracing.trace import Trace
from calcgrad.tracing.traced import Traced, traced

#: ``push(args, results, tangents) -> tangents of the results``; what is ``None`` is zero by structure.
Push = Callable[[Sequence[Any], Sequence[Any], Sequence[Any]], Sequence[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Opaque:
    """A function on flat lists, with its pushforward and its pullback (``pull(args, results, cotangents, active)``).

    A ``transparent`` one is made of operations that a program can be made of too.
    """

    name: str
    value: Callable[..., Sequence[Any]]
    push: Push
    pull: Callable[[Sequence[Any], Sequence[Any], Sequence[Any], Sequence[bool]], Sequence[Any]]
    transparent: bool = False


def call(opaque: Opaque, args: Sequence[Any]) -> list[Any]:
    """The results of the function; steps on the highest trace among its arguments, if there is one."""
    top: Trace | None = None
    for a in args:
        if type(a) is Traced and (top is None or a._trace.level > top.level):
            top = a._trace
    if top is None or (top.program and opaque.transparent):
        return list(opaque.value(*args))
    if top.closed:
        raise escaped()
    mine = [type(a) is Traced and a._trace is top for a in args]
    primals = tuple([a.primal if m else top.keep(a) for a, m in zip(args, mine, strict=True)])
    slots = tuple([a.slot if m else None for a, m in zip(args, mine, strict=True)])
    results = call(opaque, primals)
    top.steps.append((pull_opaque, opaque, slots, primals, (), results))
    whole = len(top.steps) - 1
    items = []
    for k, result in enumerate(results):
        top.steps.append((pull_item, ITEM, (whole,), (results,), (k,), result))
        items.append(traced(result, len(top.steps) - 1, top))
    return items


def pull_item(adjoints: list[Any], owned: list[bool], d: Any, mine: bool, step: Any) -> None:
    """The cotangent of one result takes its place in the list of them."""
    (whole,), (results,), (k,) = step[2], step[3], step[4]
    if adjoints[whole] is None:
        adjoints[whole] = [None] * len(results)
    adjoints[whole][k] = d


def pull_opaque(adjoints: list[Any], owned: list[bool], d: Any, mine: bool, step: Any) -> None:
    """The cotangents of the arguments, by the function's own pullback."""
    _, opaque, slots, args, _, results = step
    active = [slot is not None for slot in slots]
    found = each(lambda cotangents: opaque.pull(args, results, cotangents, active), d)
    for slot, term in zip(slots, found, strict=True):
        if slot is not None and term is not None:
            before = adjoints[slot]
            adjoints[slot] = term if before is None else before + term
            owned[slot] = False


def push_opaque(step: Any, tangents: Sequence[Any]) -> Any:
    """The tangent of a step of these kinds: a list of them for the function itself."""
    _, op, slots, args, params, results = step
    if op is ITEM:
        whole = tangents[slots[0]]
        return None if whole is None else whole[params[0]]
    given = [None if slot is None else tangents[slot] for slot in slots]
    return None if all(t is None for t in given) else each(lambda ts: op.push(args, results, ts), given)


def _never(*args: Any) -> Any:
    raise AssertionError("an item is no function")


ITEM = Opaque("item", _never, _never, _never)
