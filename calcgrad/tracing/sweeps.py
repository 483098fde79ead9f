"""The two sweeps over what a trace wrote down; neither uses recursion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from functools import partial
from typing import Any

import numpy

from calcgrad.autodiff.scaling import Lost
from calcgrad.systems.values.masked import Masked, dense
from calcgrad.tracing.backwards import sweep
from calcgrad.tracing.blocks import Block, blocks
from calcgrad.tracing.buffers import Entries
from calcgrad.tracing.joining import push_joined
from calcgrad.tracing.levels import Levels, levels
from calcgrad.tracing.opaque import push_opaque
from calcgrad.tracing.rules import JOINING, pull_step, view
from calcgrad.tracing.scaling import Watch, begin, note_of_sweep, rescaled
from calcgrad.tracing.trace import Trace
from calcgrad.tracing.traced import Traced

#: Whether every sweep keeps masks from the start: an outer derivative met nan, which the zeros of an inner one may have made.
MASKS: ContextVar[bool] = ContextVar("MASKS", default=False)


def with_masks(trace: Trace, results: Iterable[Any], again: Callable[[], Any]) -> Any:
    """``again()`` with masks in every sweep, where results have a nan and an inner sweep wrote to the trace; else ``None``."""
    if not trace.swept or MASKS.get() or not any(map(has_nan, results)):
        return None
    token = MASKS.set(True)
    try:
        return again()
    finally:
        MASKS.reset(token)


def pull_back(trace: Trace, cotangents: Mapping[int, Any]) -> list[Any]:
    """The adjoint of each input, ``None`` where it is zero by structure, given the cotangents of some slots.

    The fast pullbacks know no masks; where their result has a nan, a sweep with masks decides what it is. A sweep that loses
    numbers below or beyond the doubles is made again with scaled cotangents.
    """
    trace.verify()
    begun = begin(trace)
    found, lost = _pulled_back(trace, cotangents)
    note_of_sweep(trace, found)
    if not lost.all:
        return found
    return rescaled(
        trace,
        list(cotangents.values()),
        found,
        lost,
        lambda seeds: _pulled_back(trace, dict(zip(cotangents, seeds, strict=True))),
        begun,
    )


def _pulled_back(trace: Trace, cotangents: Mapping[int, Any]) -> tuple[list[Any], Lost]:
    """The adjoints of the inputs for these cotangents as they are, and what was lost on the way.

    What the quick sweep lost counts with masks, too: there it may be nan, and what makes nan of infinities is no loss of its own.
    """
    watch = Watch(len(trace.steps))
    with watch.state():
        masked = MASKS.get() or _masked(cotangents.values())
        found = [] if masked else _fast(trace, cotangents, watch)
        for adjoint in found:
            if type(adjoint) is Traced:
                adjoint._trace.swept = True
        if masked or any(map(has_nan, found)):
            with watch.state():
                found = [dense(a) for a in _pulled(trace, cotangents, levels(masked=True), watch)]
    return found, watch.lost()


def pull_back_block(trace: Trace, cotangents: Mapping[int, Any]) -> list[Any]:
    """The same for the blocks of many cotangents: arrays with a first axis for them, or ``None``."""
    trace.verify()

    def sweep(seeds: list[Any]) -> tuple[list[Any], Lost]:
        watch = Watch(len(trace.steps))
        with watch.state():
            pulled = _pulled(trace, dict(zip(cotangents, map(Block, seeds), strict=True)), blocks(), watch)
        return _opened(pulled), watch.lost()

    begun = begin(trace)
    found, lost = sweep(list(cotangents.values()))
    note_of_sweep(trace, found)
    return rescaled(trace, list(cotangents.values()), found, lost, sweep, begun) if lost.all else found


def _fast(trace: Trace, cotangents: Mapping[int, Any], watch: Watch) -> list[Any]:
    steps, inputs = trace.steps, trace.inputs
    adjoints: list[Any] = [None] * len(steps)
    owned = [False] * len(steps)
    for slot, cotangent in cotangents.items():
        adjoints[slot] = cotangent
    mixed = sweep(steps, inputs, adjoints, owned, by_rules, watch.note if watch.long else None)
    watch.look(adjoints, mixed)
    return [a.dense() if type(a) is Entries else a for a in adjoints[:inputs]]


def by_rules(adjoints: list[Any], owned: list[bool], d: Any, step: Any) -> None:
    """What a step sends back by the rules of the table, into buffers that may be anybody's."""
    pull_step(adjoints, d, step, levels())
    for slot in view(step)[2]:
        if slot is not None:
            owned[slot] = False


def _pulled(trace: Trace, cotangents: Mapping[int, Any], system: Levels, watch: Watch) -> list[Any]:
    steps, inputs = trace.steps, trace.inputs
    adjoints: list[Any] = [None] * len(steps)
    owned = [False] * len(steps)
    for slot, cotangent in cotangents.items():
        adjoints[slot] = cotangent
    for k in range(len(steps) - 1, inputs - 1, -1):
        d = adjoints[k]
        if d is not None:
            if type(d) is not float and type(d) is not Traced:
                adjoints[k] = None
            step = steps[k]
            if watch.long:
                watch.note()
            if type(step[0]) is int or type(step[1]) is str:
                pull_step(adjoints, d, step, system)
            else:
                step[0](adjoints, owned, d, False, step)
    watch.look(adjoints, mixed=True)
    return adjoints[:inputs]


def _masked(seeds: Iterable[Any]) -> bool:
    return any(type(seed) is Masked for seed in seeds)


def has_nan(adjoint: Any) -> bool:
    """Whether a tangent or an adjoint holds nan; what is traced for a program is never asked for its value."""
    if type(adjoint) is float:
        return adjoint != adjoint
    while type(adjoint) is Traced:
        if adjoint._trace.program:
            return False
        adjoint = adjoint.primal
    adjoint = dense(adjoint)
    if adjoint is None or type(adjoint) is float:
        return adjoint != adjoint
    with numpy.errstate(all="ignore"):  # of scaled numbers the sum may be too large
        return bool(numpy.isnan(numpy.sum(adjoint)))


def push_forward(trace: Trace, tangents: Sequence[Any], slots: Sequence[int | None]) -> list[Any]:
    """The tangents of these slots, ``None`` where one is zero by structure (or no slot), given those of the inputs.

    As in :func:`pull_back`, a sweep with masks decides where the quick one met nan, and one that loses numbers is made again.
    """
    begun = begin(trace)
    found, lost = _pushed_forward(trace, tangents, slots)
    note_of_sweep(trace, found)
    if not lost.all:
        return found
    again = partial(_pushed_forward, trace, slots=slots)
    return rescaled(trace, tangents, found, lost, again, begun, forward=True)


def _pushed_forward(
    trace: Trace, tangents: Sequence[Any], slots: Sequence[int | None]
) -> tuple[list[Any], Lost]:
    """The tangents of these slots for tangents of the inputs as they are, and what was lost on the way."""
    watch = Watch(len(trace.steps))  # of both sweeps, as above
    for masked in (False, True)[MASKS.get() or _masked(tangents) :]:
        found = pushed(trace, list(tangents), levels(masked), slots, watch)
        watch.look(found, mixed=True)
        chosen = [None if slot is None else found[slot] for slot in slots]
        for tangent in chosen:
            if type(tangent) is Traced:
                tangent._trace.swept = True
        if not any(map(has_nan, chosen)):
            break
    return [dense(t) for t in chosen], watch.lost()


def push_forward_block(trace: Trace, tangents: Sequence[Any], slots: Sequence[int | None]) -> list[Any]:
    """The same for the blocks of many tangents: arrays with a first axis for them, or ``None``."""

    def sweep(seeds: Sequence[Any]) -> tuple[list[Any], Lost]:
        watch = Watch(len(trace.steps))
        made = pushed(trace, [None if t is None else Block(t) for t in seeds], blocks(), slots, watch)
        watch.look(made, mixed=True)
        return _opened([None if slot is None else made[slot] for slot in slots]), watch.lost()

    begun = begin(trace)
    found, lost = sweep(tangents)
    note_of_sweep(trace, found)
    return rescaled(trace, tangents, found, lost, sweep, begun, forward=True) if lost.all else found


def pushed(
    trace: Trace, found: list[Any], system: Levels, kept: Sequence[int | None], watch: Watch
) -> list[Any]:
    """The tangents by slots, of what is ``kept`` and of what that is made of; others are let go after their last reader."""
    trace.verify()
    last = _last_reads(trace, kept)
    with watch.state():
        for place, step in enumerate(trace.steps[trace.inputs :], trace.inputs):
            if last[place] is None:
                found.append(None)
                continue
            if watch.long:
                watch.note()
            _, op, slots, args, params, y = view(step)
            if type(op) is not str:
                found.append(push_opaque(step, found))
                continue
            total: Any = None
            if op in JOINING:
                given = [None if slot is None else found[slot] for slot in slots]
                total = push_joined(op, args, params, given, system)
            for j, slot in enumerate(() if op in JOINING else slots):
                if slot is None or found[slot] is None:
                    continue
                term = system.push(op, j)(y, *args, *params, found[slot])
                if term is not None:
                    total = term if total is None else total + term
            found.append(total)
            for slot in slots:
                if slot is not None and last[slot] == place and type(found[slot]) is not float:
                    found[slot] = None
    return found


def _last_reads(trace: Trace, kept: Sequence[int | None]) -> list[int | None]:
    """The last step that reads each slot on the way to what is kept; ``None`` for what nothing there depends on."""
    last: list[int | None] = [None] * len(trace.steps)
    for slot in kept:
        if slot is not None:
            last[slot] = len(trace.steps)
    for place in range(len(trace.steps) - 1, trace.inputs - 1, -1):
        if last[place] is not None:
            for slot in view(trace.steps[place])[2]:
                if slot is not None and last[slot] is None:
                    last[slot] = place
    return last


def _opened(found: list[Any]) -> list[Any]:
    return [dense(block.values) if type(block) is Block else None for block in found]
