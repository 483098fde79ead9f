"""Products with the Hessian in one sweep back: each adjoint goes together with its tangent (forward mode over reverse mode).

The same product comes about where the sweep back of a gradient is traced itself and tangents are pushed through all of that
(``jvp`` of ``grad``). There every adjoint and every tangent is an array that is kept, also of what the product does not depend on;
here tangents are made only of what a partial reads, and adjoints go into buffers that are used again. What this sweep does not
know (derivatives within a function, rules of its own, complex numbers, numbers that leave the doubles) it leaves to the other way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy

from calcgrad.operations import OPERATIONS, Bilinear, Elementwise, Linear
from calcgrad.tracing import emitting_pairs
from calcgrad.tracing.buffers import Entries, deposit, pull_entry
from calcgrad.tracing.levels import levels
from calcgrad.tracing.rules import ENTRY, active_partials, view
from calcgrad.tracing.scaling import Watch
from calcgrad.tracing.sweeps import by_rules, pushed
from calcgrad.tracing.trace import Trace
from calcgrad.tracing.traced import Traced

#: The letter of an operation's value among those that its pullback reads.
_VALUE = -1


def hessian_product(trace: Trace, output: int, unit: Any, tangents: Sequence[Any]) -> list[Any] | None:
    """The tangent of each input's adjoint, ``None`` where it is zero by structure; ``None`` alone where numbers leave the doubles.

    ``output`` is the slot of the one number that was returned, ``unit`` is 1 in its precision. Raises ``LeftError`` where a step is
    none of the table's on real numbers.
    """
    needs = _needs(trace, output)
    Watch().ask()  # clears the processor's flags of what came before
    watch = Watch()
    pairs = _Pairs(
        trace, needs.adjoints, pushed(trace, list(tangents), levels(), needs.tangents, watch), watch
    )
    with watch.state():
        found = pairs.swept(output, unit)
    watch.look((*pairs.tangents, *pairs.ds, *pairs.es), pairs.mixed)
    return None if watch.lost().all else found


class LeftError(Exception):
    """A function does what this sweep does not know."""


class _Needs(NamedTuple):
    """The slots whose tangents the sweep reads, and by slots whether the adjoint itself matters beside its tangent."""

    tangents: list[int]
    adjoints: list[bool]


def _needs(trace: Trace, output: int) -> _Needs:
    steps, inputs = trace.steps, trace.inputs
    reached, read, turned = ([False] * len(steps) for _ in range(3))
    reached[output] = True
    for place in range(len(steps) - 1, inputs - 1, -1):
        if not reached[place]:
            continue
        _, op, slots, _, _, y = view(steps[place])
        if type(op) is not str or not _is_real(y):
            raise LeftError
        for slot in slots:
            if slot is not None:
                reached[slot] = True
        for j in _letters(op, _active(slots)):
            slot = place if j == _VALUE else slots[j]
            if slot is not None:
                read[slot] = turned[place] = True
    # What an operation's adjoint is multiplied with has a tangent, or it is handed on to where that is so.
    for place in range(inputs, len(steps)):
        if reached[place] and not turned[place]:
            turned[place] = any(slot is not None and turned[slot] for slot in view(steps[place])[2])
    return _Needs([slot for slot, wanted in enumerate(read) if wanted], turned)


def _is_real(y: Any) -> bool:
    """Whether a step's value is of real numbers, and of no other trace; what it is made of is then so too, or was asked before."""
    if type(y) is float:
        return True
    return isinstance(y, numpy.ndarray | numpy.generic) and y.dtype.kind != "c"


def _active(slots: Sequence[int | None]) -> tuple[int, ...]:
    return tuple([0 if slot is None else 1 for slot in slots])


@cache
def _letters(op: str, active: tuple[int, ...]) -> tuple[int, ...]:
    """The arguments whose tangents the pullback of a pair reads, and ``_VALUE``."""
    row = OPERATIONS[op]
    if isinstance(row, Linear):
        return ()
    if isinstance(row, Elementwise):
        try:
            found = emitting_pairs.read(active_partials(op, active))
        except KeyError:
            return (*range(len(active)), _VALUE)
        return tuple([_VALUE if v == "y" else "abc".index(v) for v in sorted(found)])
    return (*range(len(active)), *(() if isinstance(row, Bilinear) else (_VALUE,)))


@cache
def _pair_pull(op: str, active: tuple[int, ...], of_floats: bool) -> Callable[..., Any] | None:
    """The pullback of a pair through an elementwise operation; ``None`` where the table's partials do not give one."""
    row = OPERATIONS[op]
    if not isinstance(row, Elementwise) or any(row.partials[j] is None for j, on in enumerate(active) if on):
        return None
    write = emitting_pairs.scalar if of_floats else emitting_pairs.entrywise
    try:
        return write(op, active_partials(op, active))
    except KeyError:
        return None


class _Pairs:
    """The adjoints ``ds`` and their tangents ``es`` on the way back, with what is owned of them (see ``buffers``)."""

    def __init__(self, trace: Trace, needed: list[bool], tangents: list[Any], watch: Watch) -> None:
        count = len(trace.steps)
        self.trace = trace
        self.needed = needed
        self.watch = watch
        self.tangents = tangents
        self.ds: list[Any] = [None] * count
        self.es: list[Any] = [None] * count
        self.owned = [False] * count
        self.owned_es = [False] * count
        self.mixed = False  # whether NumPy worked on some of the steps
        self.on_floats = False  # whether the last step was on floats

    def swept(self, output: int, unit: Any) -> list[Any]:
        """The tangents of the inputs' adjoints."""
        ds, es, inputs = self.ds, self.es, self.trace.inputs
        ds[output] = unit
        for k in range(len(ds) - 1, inputs - 1, -1):
            if ds[k] is None and es[k] is None:
                continue
            code = self.trace.steps[k][0]
            if type(code) is not int or code == ENTRY:  # NumPy may add an entry to a long vector
                self.ask()
            else:
                self.on_floats = True
            d, e = _taken(ds, self.owned, k), _taken(es, self.owned_es, k)
            self._step(k, numpy.zeros_like(e) if d is None and self.needed[k] else d, e)
            if type(self.tangents[k]) is not float:
                self.tangents[k] = None
        self.ask()
        return [_taken(es, self.owned_es, k) for k in range(inputs)]

    def ask(self) -> None:
        """Whether floats were lost, before NumPy clears the flags: what is lost on the way to an adjoint is seen nowhere else."""
        if self.on_floats:
            self.watch.ask()
            self.on_floats = False

    def _step(self, k: int, d: Any, e: Any) -> None:
        step = self.trace.steps[k]
        code = step[0]
        ds, es, needed = self.ds, self.es, self.needed
        if type(code) is int and code != ENTRY:
            _, op, slots, _, _, _ = view(step)
            pull = _pair_pull(op, _active(slots), True)
            if pull is not None:
                return pull(ds, es, d, e, step, self.tangents, k, needed)  # type: ignore[no-any-return]
            return self._by_tracing(k, d, e)
        self.mixed = self.mixed or code != ENTRY
        _, op, slots, _, _, _ = view(step)
        row = OPERATIONS[op]
        if isinstance(row, Linear | Bilinear):
            if any(slot is not None and needed[slot] for slot in slots):
                _pull(ds, self.owned, d, self.owned[k], step)
            if isinstance(row, Bilinear):
                self._turned(step, d)
            if e is not None:
                _pull(es, self.owned_es, e, self.owned_es[k], step)
            return None
        pull = _pair_pull(op, _active(slots), False)
        if pull is None:
            return self._by_tracing(k, d, e)
        mine = self.owned[k], self.owned_es[k]
        return pull(ds, self.owned, es, self.owned_es, d, e, *mine, step, self.tangents, k, needed)  # type: ignore[no-any-return]

    def _turned(self, step: Any, d: Any) -> None:
        """Of a product: the adjoint pulled through the tangent of the other factor."""
        _, op, slots, args, params, y = view(step)
        for j, slot in enumerate(slots):
            other = slots[1 - j]
            tangent = None if other is None else self.tangents[other]
            if slot is not None and tangent is not None:
                places = (slot, None) if j == 0 else (None, slot)
                factors = (args[0], tangent) if j == 0 else (tangent, args[1])
                _pull(self.es, self.owned_es, d, False, (step[0], op, places, factors, params, y))

    def _by_tracing(self, k: int, d: Any, e: Any) -> None:
        """By the rule of the table for the adjoint, which is traced to have its tangent."""
        _, op, slots, args, params, y = view(self.trace.steps[k])
        tangents = self.tangents
        given = [
            (y, tangents[k]),
            *[(a, None if s is None else tangents[s]) for a, s in zip(args, slots, strict=True)],
        ]
        inner = Trace()
        values = [v if t is None else inner.input(v) for v, t in [*given, (d, e)]]
        for j, slot in enumerate(slots):
            term = None if slot is None else levels().pull(op, j)(*values[:-1], *params, values[-1])
            if slot is None or term is None:
                continue
            if type(term) is Traced:
                known = [t for _, t in [*given, (d, e)] if t is not None]
                tangent = pushed(inner, known, levels(), [term.slot], self.watch)[term.slot]
                term = term.primal
                if tangent is not None:
                    deposit(self.es, self.owned_es, slot, tangent, False)
            if self.needed[slot]:
                deposit(self.ds, self.owned, slot, term, False)
        inner.close()


def _taken(adjoints: list[Any], owned: list[bool], k: int) -> Any:
    """An adjoint that is read for the last time; the list lets go of it, but for a float, which is looked at in the end."""
    found = adjoints[k]
    if type(found) is float:
        return found
    adjoints[k] = None
    if type(found) is Entries:
        owned[k] = True
        return found.dense()
    return found


def _pull(adjoints: list[Any], owned: list[bool], d: Any, mine: bool, step: Any) -> None:
    """A linear step's own pullback."""
    pull = step[0]
    if type(pull) is int:
        done: Any = pull_entry(adjoints, owned, d, step)
    else:
        done = False if pull is None else pull(adjoints, owned, d, mine, step)
    if done is False:
        by_rules(adjoints, owned, d, step)
