"""A recorder: a computation in a number system is written down as a new tape while it runs.

Run a sweep on recorded values and the derivative itself becomes a tape: data that can be differentiated again, measured
for its rounding, or shown. Branches follow the primal, so a tape made this way holds for the point where it was recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from calcgrad.autodiff.tape import Slot, Step, Tape
from calcgrad.expression.nodes import NOWHERE
from calcgrad.operations.shapes import shape_of
from calcgrad.systems.array_rules import arity, split
from calcgrad.systems.base import System


class RecordedValue:
    """A value that is being traced: its primal in the base system, and its slot."""

    __slots__ = ("primal", "recorder", "slot")
    #: An array that meets a recorded value leaves the sum or product to it, rather than make one of each of its entries.
    __array_ufunc__ = None

    def __init__(self, primal: Any, slot: Slot, recorder: Recorder) -> None:
        self.primal = primal
        self.slot = slot
        self.recorder = recorder

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the primal."""
        return shape_of(self.primal)

    def __add__(self, other: Any) -> Any:
        return self.recorder.record("add", self, other)

    def __radd__(self, other: Any) -> Any:
        return self.recorder.record("add", other, self)

    def __sub__(self, other: Any) -> Any:
        return self.recorder.record("sub", self, other)

    def __rsub__(self, other: Any) -> Any:
        return self.recorder.record("sub", other, self)

    def __mul__(self, other: Any) -> Any:
        return self.recorder.record("mul", self, other)

    def __rmul__(self, other: Any) -> Any:
        return self.recorder.record("mul", other, self)

    def __neg__(self) -> Any:
        return self.recorder.record("neg", self)


class Recorder(System):
    """The number system of recorded values over a base system; it holds the tape that is being written.

    >>> from calcgrad.systems.base import FLOAT64
    >>> recorder = Recorder(FLOAT64, ["x"], [3.0])
    >>> (x,) = recorder.inputs
    >>> y = recorder.function("sin")(x * x)
    >>> tape, values = recorder.finish([y])
    >>> [(step.op, step.args) for step in tape.steps], values[:2]
    ([('mul', (0, 0)), ('sin', (1,))], [3.0, 9.0])
    """

    name = "traced"

    def __init__(self, base: System, names: Sequence[str], inputs: Sequence[Any]) -> None:
        super().__init__()
        self.base = base
        self.shaped = base.shaped
        self._names = list(names)
        self._values: list[Any] = list(inputs)
        self._steps: list[Step] = []
        self._constants: list[Any] = []
        self.inputs = [RecordedValue(value, slot, self) for slot, value in enumerate(inputs)]

    def constant(self, exact: Any) -> Any:
        return self.base.constant(exact)

    def truth(self, condition: Any) -> bool:
        return self.base.truth(self._primal(condition))

    def quiet(self) -> AbstractContextManager[Any]:
        return self.base.quiet()

    def filled(self, value: Any) -> Any:
        primal = self.base.filled(self._primal(value))
        return RecordedValue(primal, value.slot, self) if isinstance(value, RecordedValue) else primal

    def select(self, condition: Any, taken: Callable[[], Any], other: Callable[[], Any]) -> Any:
        mask = self._primal(condition)
        if not shape_of(mask):
            return taken() if self.base.truth(mask) else other()
        a, b = taken(), other()
        if a is None and b is None:
            return None
        value = self.base.select(mask, lambda: self._primal(a), lambda: self._primal(b))
        return self._write("where", tuple([0.0 if v is None else v for v in (mask, a, b)]), (), value)

    def _find(self, op: str) -> Callable[..., Any]:
        count = arity(op)

        def apply(*values: Any) -> Any:
            if count == len(values):
                return self.record(op, *values)
            if count is None:
                args, params = split(op, values)
                return self.record(op, *args, params=params)
            return self.record(op, *values[:count], params=values[count:])

        return apply

    def record(self, op: str, *args: Any, params: tuple[Any, ...] = ()) -> Any:
        """The value of an operation; a step of the tape if an argument is traced; ``None`` if that is no value at all."""
        primals = [a.primal if isinstance(a, RecordedValue) else a for a in args]
        return self._write(op, args, params, self.base.function(op)(*primals, *params))

    def _write(self, op: str, args: tuple[Any, ...], params: tuple[Any, ...], value: Any) -> Any:
        if value is None:
            return None
        for arg in args:
            if isinstance(arg, RecordedValue):
                break
        else:  # nothing is traced
            return value
        slots = tuple([a.slot if isinstance(a, RecordedValue) else self._slot(a) for a in args])
        self._steps.append(Step(op, slots, params, NOWHERE))
        self._values.append(value)
        return RecordedValue(value, len(self._values) - 1, self)

    def finish(self, outputs: Sequence[Any]) -> tuple[Tape, list[Any]]:
        """The tape, and the value of each of its slots; an output that was never traced is a constant."""
        slots = tuple([self._slot(out) for out in outputs])
        tape = Tape(tuple(self._names), tuple(self._constants), tuple(self._steps), slots)
        return tape, self._values + self._constants[::-1]

    def _primal(self, value: Any) -> Any:
        return value.primal if isinstance(value, RecordedValue) else value

    def _slot(self, value: Any) -> Slot:
        if isinstance(value, RecordedValue):
            return value.slot
        self._constants.append(value)
        return -len(self._constants)
