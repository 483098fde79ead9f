"""Whether rounding may have taken digits of a derivative: reverse mode once more, every number on the way nudged.

Without a truth the methods are held against each other, and all share the rounding of the numbers that they meet:
``(1 - cos(x))/x^2`` at 1e-4 loses every digit in each of them alike. Here each computed number, each term that is pulled back and
each constant that no double holds is moved by some thousand times its rounding; a derivative that moves far more than that has
lost digits. The quick look has to miss little; what it finds is decided by a proof.

The nudges are those of a Monte-Carlo arithmetic (D. S. Parker, Monte Carlo Arithmetic, UCLA CSD-970002, 1997); they serve as a
screen alone, and so are the same at every run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, NamedTuple

from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.scaling import lost_in
from calcgrad.autodiff.tape import Slot, Tape, run
from calcgrad.expression.nodes import Call, Constant, Node, Number
from calcgrad.functions.expression import Expression
from calcgrad.methods.reverse_ad import adjoint_of, unit_cotangents
from calcgrad.operations import OPERATIONS, Elementwise, parsed
from calcgrad.systems.base import System

#: The size of a nudge: some 4,000 to 8,000 units of rounding.
NUDGE = 2.0**-40
#: By so many nudges a derivative moves, relative to itself, that has lost more than a few digits to rounding.
STEEP = 3e4
#: Whole numbers below are exact where arithmetic makes them of whole numbers; from here on a double is no fraction.
_WHOLE = 2.0**53
_ARITHMETIC = frozenset({"add", "sub", "mul", "pow", "square"})
#: Signs and sizes of the nudges in turn; a prime number of them, so that no tape falls in step with it.
_TURN = 61
_NUDGES = tuple([(-1) ** bin(k).count("1") * (1 + (k * 0.618) % 1) * NUDGE for k in range(_TURN)])


class Nudged(NamedTuple):
    """What the nudged sweep says: whether a derivative moved far more than itself, and whether a number of the sweep has left the
    normal doubles (a plain 0 among them).
    """

    moved: bool
    lost: bool


def nudged(
    function: Expression, flat: Sequence[float], wrt: Sequence[int], given: Sequence[Sequence[float]]
) -> Nudged:
    """What nudges do to the first derivatives of a function in the coordinates ``wrt``, at a point of doubles.

    ``given`` are the derivatives as a method has them: a row for each coordinate, an entry for each number of the outputs.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.operations import VOCABULARY
    >>> f = Expression(parse("(1 - cos(x))/x^2", VOCABULARY).root, ["x"])
    >>> nudged(f, [1e-4], [0], [[4.4e-5]]).moved, nudged(f, [1.0], [0], [[-0.07792440345582433]]).moved
    (True, False)
    """
    tape = function.tape
    system = _Nudging(function.system)
    values = run(tape, function.unflatten(flat), system)
    moved = beyond_phase(tape, values) is not None
    lost = bool(lost_in(_steps_of(tape, values), function.system).all)
    for o, (slot, cotangent) in enumerate(unit_cotangents(values, tape.outputs, function.system)):
        adjoints = pullback(tape, values, {slot: cotangent}, system)
        lost = lost or bool(lost_in(adjoints, function.system).all)
        for i, row in zip(wrt, given, strict=True):
            off = abs(adjoint_of(adjoints, function, i) - row[o])
            moved = moved or not off <= STEEP * NUDGE * abs(row[o])
    return Nudged(moved, lost)


class _Nudging(System):
    """A system of doubles whose computed numbers are each a little off."""

    def __init__(self, base: System) -> None:
        super().__init__()
        self.base = base
        self.shaped = base.shaped
        self._next = 0

    def constant(self, exact: Any) -> Any:
        value = self.base.constant(exact)
        return self._off(value) if isinstance(exact, Constant) and not float(value).is_integer() else value

    def quiet(self) -> AbstractContextManager[Any]:
        return self.base.quiet()

    def settle(self, value: Any) -> None:
        self.base.settle(value)

    def function(self, op: str) -> Callable[..., Any]:
        plain = self.base.function(op)
        if not rounds(op):
            return plain

        def off(*args: Any) -> Any:
            value = plain(*args)
            return value if op in _ARITHMETIC and _exact(value, args) else self._off(value)

        return off

    def pull(self, op: str, j: int) -> Callable[..., Any]:
        plain = self.base.pull(op, j)
        if not rounds(op) or op in ("add", "sub"):
            return plain
        return lambda *args: self._off(plain(*args))

    def _off(self, value: Any) -> Any:
        """The value, moved; an array entry by entry."""
        self._next += 1
        if isinstance(value, float):
            return value * (1.0 + _NUDGES[self._next % _TURN])
        return _off_entries(value, self._next % _TURN)


def _off_entries(value: Any, first: int) -> Any:
    import numpy

    if not isinstance(value, numpy.ndarray) or value.dtype != float:
        return value
    pattern = numpy.array(_NUDGES[first:] + _NUDGES[:first])
    return value * (1.0 + numpy.resize(pattern, value.shape))


def _exact(value: Any, args: Sequence[Any]) -> bool:
    """Whether a number is whole and made of whole ones."""
    if not isinstance(value, float) or not abs(value) < _WHOLE or not value.is_integer():
        return False
    return all(isinstance(a, float) and a.is_integer() for a in args)


@cache
def rounds(op: str) -> bool:
    """Whether an operation rounds: one that picks an argument, compares, steps or moves entries does not."""
    row = OPERATIONS[op]
    if not isinstance(row, Elementwise):
        return not getattr(row, "moves", False) and op not in ("amax", "amin")
    return op in ("add", "sub") or not all(p is not None and _constant(parsed(p)) for p in row.partials)


def _constant(partial: Node) -> bool:
    """Whether a partial is one number on each of its branches."""
    if isinstance(partial, Call) and partial.op == "where":
        return all(map(_constant, partial.args[1:]))
    if isinstance(partial, Call) and partial.op == "neg":
        return _constant(partial.args[0])
    return isinstance(partial, Number)


def beyond_phase(tape: Tape, values: Sequence[Any]) -> Slot | None:
    """A rounded number so large that all doubles there are whole, which is counted by a period: ``fresnelc(x)`` at 1e18 turns many
    times within its rounding, and is the same at every double.
    """
    first = len(tape.inputs)
    for step in tape.steps:
        if not _counts_periods(step.op):
            continue
        for slot in step.args:
            if slot >= first and _WHOLE <= _largest(values[slot]) < math.inf:
                return slot
    return None


def _largest(value: Any) -> float:
    if isinstance(value, float):
        return abs(value)
    import numpy

    return float(numpy.max(numpy.abs(value), initial=0.0))


@cache
def _counts_periods(op: str) -> bool:
    row = OPERATIONS[op]
    known = [partial for partial in row.partials if partial] if isinstance(row, Elementwise) else []
    return any(word in partial for partial in known for word in ("round(", "sind(", "cosd(", "tand("))


def _steps_of(tape: Tape, values: Sequence[Any]) -> Sequence[Any]:
    return values[len(tape.inputs) : len(tape.inputs) + len(tape.steps)]
