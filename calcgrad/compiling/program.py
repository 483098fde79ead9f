"""Tracing a function for other values than those at hand: every operation is a step, and every decision is a guard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy

from calcgrad.tracing.inplace.choosing import run_to_end, traced_as_it_is
from calcgrad.tracing.refusals import ForeignError, escaped
from calcgrad.tracing.trace import Trace
from calcgrad.tracing.traced import Traced, traced
from calcgrad.tracing.values import value_of_operation


class Guard(NamedTuple):
    """What the program took for granted: the value of a slot (a branch's condition, an index)."""

    slot: int
    outcome: Any


#: Arrays that are arrays and no more: a matrix multiplies otherwise, and a mask hides entries.
PLAIN = (numpy.ndarray, numpy.memmap)


class Program(Trace):
    """What a function does at any point that decides alike; the lowest level there is."""

    __slots__ = ("guards",)
    program = True

    def __init__(self) -> None:
        super().__init__()
        self.guards: list[Guard] = []

    def record(self, op: str, args: tuple[Any, ...], params: tuple[Any, ...]) -> Any:
        """Evaluate an operation and write its step, whether or not it has a derivative."""
        if self.closed:
            raise escaped()
        slots: list[int | None] = []
        primals: list[Any] = []
        for a in args:
            if type(a) is Traced:
                if a._trace is not self:
                    raise ForeignError
                slots.append(a.slot)
                primals.append(a.primal)
            else:
                if isinstance(a, numpy.ndarray) and type(a) not in PLAIN:
                    raise ForeignError
                slots.append(None)
                primals.append(a if type(a) is float else self.keep(a))
        params = tuple(map(self.keep, params)) if params else params
        y = value_of_operation(op)(*primals, *params)
        steps = self.steps
        steps.append((None, op, tuple(slots), tuple(primals), params, y))
        return traced(y, len(steps) - 1, self)

    def foreign(self) -> Exception:
        """The function is left to run as it is."""
        return ForeignError()

    def settle(self, value: Traced) -> Any:
        """The value itself, on which the program depends from now on."""
        outcome = self.keep(
            value.primal
        )  # the caller may write into an array of indices that was an argument
        self.guards.append(Guard(value.slot, outcome))
        return outcome


def trace(
    function: Callable[..., Any],
    leaves: Sequence[Any],
    call: Callable[..., Any] | None = None,
    kind: type[Program] = Program,
) -> tuple[Program, Any]:
    """Run the function on traced leaves: what it wrote, and what it returned.

    ``call(function, *leaves)`` says how it is run, where it takes something else; ``kind`` is a program that notes more.
    """

    def attempt(run: Callable[..., Any]) -> tuple[Program, Any]:
        program = kind()
        inputs = [program.input(leaf) for leaf in leaves]
        output = run_to_end(program, lambda: run(*inputs) if call is None else call(run, *inputs))
        program.verify()
        return program, output

    return traced_as_it_is(function, attempt)
