"""What one derivative writes down of a function that is run on traced values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import numpy

from calcgrad.autodiff.tape import Step, Tape
from calcgrad.errors import UsageError
from calcgrad.tracing import heap, keeping, rules
from calcgrad.tracing.refusals import escaped, foreign, is_foreign
from calcgrad.tracing.traced import Traced, apply, primal_of, traced
from calcgrad.tracing.values import inert, rounds, value_of_operation
from calcgrad.tracing.whereabouts import line_of_user

Array = numpy.ndarray

_levels = count(1)


class Trace:
    """What one derivative writes down (a Wengert list): a place for each input, then the steps in order.

    Slots are places in ``steps``. ``closed`` is set when the derivative is done: a value that escaped it is refused.
    """

    __slots__ = (
        *("append", "closed", "compared", "level", "of_arrays", "primals", "refused", "rounded"),
        *("most_order", "scalable", "spoilt", "steps", "stopped", "swept", "watched"),
    )

    #: Whether what is written is a program for other values too: then every operation is a step, comparisons as well.
    program = False

    def __init__(self) -> None:
        self.level = next(_levels)
        self.steps: list[Any] = []
        self.append: Callable[[Any], None] = self.steps.append
        self.primals: list[Any] = []
        self.closed = False
        self.compared = False  # whether a traced value decided anything
        self.stopped = False  # whether a derivative was stopped on purpose
        self.swept = False  # whether an inner derivative's sweep wrote here
        self.scalable = False  # whether a sweep wrote here that is worth making again with another seed
        self.spoilt = (
            False  # whether constants of such a sweep were lost for every seed: none can be a program
        )
        self.of_arrays = (
            False  # whether all inputs are arrays: then what is decided of numbers is NumPy's, not Python's
        )
        self.refused: UsageError | None = None  # what was refused, in case the function catches the error
        self.rounded: str | None = (
            None  # the first line at which a number was rounded: its slope is taken for 0
        )
        self.most_order: int | None = (
            None  # the highest order to which the steps have the function's derivatives
        )
        self.watched: keeping.Watched = {}

    def input(self, primal: Any) -> Traced:
        """A new input; all are made before the first step."""
        if type(primal) is Array and primal.nbytes >= heap.LARGE:
            heap.keep()
        arrays = primal._trace.of_arrays if type(primal) is Traced else type(primal) is not float
        self.of_arrays = arrays and (self.of_arrays or not self.primals)
        self.steps.append(None)
        self.primals.append(primal)
        return traced(primal, len(self.steps) - 1, self)

    def close(self) -> None:
        """Nothing more is written here."""
        self.closed = True
        self.append = _refuse

    @property
    def inputs(self) -> int:
        """The number of inputs."""
        return len(self.primals)

    def keep(self, value: Any) -> Any:
        """An argument or a parameter as a step may keep it: what its owner may write into is copied, or watched."""
        if type(value) is Array:
            return keeping.keep(self.watched, value)
        return list(value) if type(value) is list else value

    def foreign(self) -> Exception:
        """What is raised where an array with rules of its own stands beside a traced one."""
        return foreign()

    def verify(self) -> None:
        """Before a sweep: raises ``UsageError`` E419 where an array was written into after it had been used."""
        if self.watched:
            keeping.verify(self.watched)

    def settle(self, value: Traced) -> Any:
        """The value under a traced one that decides something; a program depends on it from now on."""
        return value.primal._trace.settle(value.primal) if type(value.primal) is Traced else value.primal

    def record(self, op: str, args: tuple[Any, ...], params: tuple[Any, ...]) -> Any:
        """Evaluate an operation on the primals and write the step; what never has a derivative is not written."""
        if self.closed:
            raise escaped()
        slots: list[int | None] = []
        primals: list[Any] = []
        nested = False
        for a in args:
            kind = type(a)
            if kind is Traced and a._trace is self:
                slots.append(a.slot)
                a = a.primal  # noqa: PLW2901
                kind = type(a)
            else:
                slots.append(None)
                if kind is Array or kind is list:
                    a = self.keep(a)  # noqa: PLW2901
                elif kind is not float and is_foreign(a):
                    raise self.foreign()
            nested = nested or kind is Traced
            primals.append(a)
        params = tuple(map(self.keep, params)) if params else params
        y = apply(op, *primals, params=params) if nested else value_of_operation(op)(*primals, *params)
        if inert(op):
            self.compared = True
            if self.rounded is None and rounds(op):
                self.rounded = line_of_user()
            return y
        self.steps.append(rules.step_of(op, slots, primals, params, y, nested))
        return traced(y, len(self.steps) - 1, self)

    def tape(self, slots: Sequence[int | None], primals: Sequence[Any]) -> Tape:
        """What was written, as a tape with these outputs; an output that no step made is a constant.

        Raises ``UsageError`` E413 where a step has a rule of its own, which a tape cannot hold.
        """
        self.verify()
        constants: list[Any] = []

        def place(slot: int | None, value: Any) -> int:
            if slot is not None:
                return slot
            constants.append(float(value) if type(value) is int else value)
            return -len(constants)

        written: list[Step] = []
        for _, op, args, values, params, _ in map(rules.view, self.steps[self.inputs :]):
            if type(op) is not str:
                raise UsageError.of(
                    "E413", "a function with a rule of its own has a first derivative only here"
                )
            written.append(Step(op, tuple(map(place, args, values)), params))
        names = tuple([f"input{k}" for k in range(self.inputs)])
        outputs = tuple(map(place, slots, primals))
        return Tape(names, tuple(constants), tuple(written), outputs)

    def nbytes(self) -> int:
        """The bytes of the arrays that the steps keep alive, each buffer counted once; numbers count 8 each."""
        buffers: dict[int, int] = {}
        numbers = 0
        for step in self.steps[self.inputs :]:
            _, _, _, args, _, y = rules.view(step)
            for value in map(primal_of, (*args, y)):
                if type(value) is numpy.ndarray:
                    owner = value if value.base is None else value.base
                    buffers[id(owner)] = getattr(owner, "nbytes", value.nbytes)
                else:
                    numbers += 8
        return numbers + sum(buffers.values())


def _refuse(step: Any) -> None:
    raise escaped()
