"""A traced program as a graph of values: equal operations are one value, what nobody needs is left out, and small rewritings.

A rewriting changes no value by more than its rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, compress
from typing import Any

import numpy

from calcgrad.compiling.program import Program
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.operations.shapes import Shape, shape_of
from calcgrad.tracing.rules import view


@dataclass(slots=True, eq=False)  # not frozen: that would make a value four times dearer, and there are many
class GraphValue:
    """A value of the program: an input, a constant (``value``), or an operation on other values.

    ``scalar`` says that it is a Python float (or a truth value). Nothing changes a value of a graph that is built.
    """

    place: int
    op: Any
    args: tuple[int, ...]
    params: tuple[Any, ...]
    shape: Shape
    dtype: Any
    scalar: bool
    value: Any = None


@dataclass(frozen=True, slots=True)
class Graph:
    """The values that are needed, in an order in which they can be computed; outputs and guards name them by place."""

    values: list[GraphValue]
    inputs: int
    outputs: list[int]
    guards: list[tuple[int, Any]]


def elementwise(op: Any) -> bool:
    """Whether an operation of a graph works entry by entry."""
    return isinstance(op, str) and _entrywise(op)


@cache
def _entrywise(op: str) -> bool:
    return isinstance(OPERATIONS.get(op), Elementwise)


class GraphBuilder:
    """Makes values; an operation on the same values, or an equal constant, is made once."""

    def __init__(self) -> None:
        self.values: list[GraphValue] = []
        self._known: dict[Any, int] = {}
        self._kept: list[Any] = []
        self._constants: set[int] = set()

    def input(self, value: Any) -> int:
        """The next input, with the shape and precision of this value."""
        return self._new("input", (), (), value)

    def constant(self, value: Any) -> int:
        """A constant; an array of equal entries is one number where it is used entry by entry."""
        key: Any
        if type(value) is float and value and value == value:
            key = value  # zeros have signs, and nan is not itself
        elif isinstance(value, numpy.ndarray):
            key = ("array", id(value))
        else:
            key = ("constant", type(value), repr(value))
        found = self._known.get(key)
        if found is None:
            found = self._once(key, "constant", (), (), value, value)
            self._constants.add(found)
        return found

    def number(self, op: str, args: tuple[int, ...]) -> int:
        """An operation of the table on numbers, whose value is a float: what ``apply`` makes of it, by a shorter way."""
        if op in _EITHER_WAY:
            if op == "mul" and (args[0] in self._constants or args[1] in self._constants):
                return self._elementwise(op, list(args), 0.0)
            if args[0] > args[1]:
                args = (args[1], args[0])
        elif op in _REWRITTEN:
            return self._elementwise(op, list(args), 0.0)
        key = (op, args)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self.values)
            self.values.append(GraphValue(found, op, args, (), (), _DOUBLE, True))
        return found

    def apply(
        self, op: Any, args: Sequence[int], params: tuple[Any, ...], y: Any, exact: bool = False
    ) -> int:
        """An operation whose value, where it was traced, was ``y``; ``exact``: to the last bit, for something is decided by it."""
        if isinstance(op, str) and elementwise(op):
            return self._exactly(op, list(args), y) if exact else self._elementwise(op, list(args), y)
        if (
            op == "broadcast_to"
            and self.values[args[0]].shape == shape_of(y)
            and not self.values[args[0]].scalar
        ):
            return args[0]
        if op in ("reshape", "sum_to") and self.values[args[0]].shape == shape_of(y):
            return args[0]
        return self._once((op, tuple(args), _key(params)), op, tuple(args), params, y)

    def made(self, op: str, args: tuple[int, ...], like: GraphValue) -> int:
        """An operation whose value has the shape and the precision of another one."""
        key = (op, args, like.shape, like.scalar)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self.values)
            self.values.append(GraphValue(found, op, args, (), like.shape, like.dtype, like.scalar))
        return found

    def made_number(self, op: str, args: tuple[int, ...]) -> int:
        """An operation whose value is a number: as ``made`` with one."""
        key = (op, args, (), True)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self.values)
            self.values.append(GraphValue(found, op, args, (), (), _DOUBLE, True))
        return found

    def known(self, op: str, args: tuple[int, ...], like: GraphValue) -> int | None:
        """Where such an operation is already, if it is."""
        return self._known.get((op, args, like.shape, like.scalar))

    def with_params(
        self, op: Any, args: tuple[int, ...], params: tuple[Any, ...], shape: Shape, dtype: Any
    ) -> int:
        """An operation over arrays with parameters, whose value has this shape and precision."""
        key = (op, args, _key(params), shape, dtype)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self.values)
            self.values.append(GraphValue(found, op, args, params, shape, dtype, False))
        return found

    def copied(self, value: GraphValue, args: Sequence[int]) -> int:
        """A value of another graph, of these arguments."""
        if value.op == "constant":
            return self.constant(value.value)
        if elementwise(value.op) and not value.params:
            return self.made(value.op, tuple(args), value)
        self.values.append(
            GraphValue(
                len(self.values),
                value.op,
                tuple(args),
                value.params,
                value.shape,
                value.dtype,
                value.scalar,
                value.value,
            )
        )
        return len(self.values) - 1

    def finished(self, inputs: int, outputs: Sequence[int], guards: Sequence[tuple[int, Any]]) -> Graph:
        """What is needed for these outputs and guards."""
        return _needed(Graph(self.values, inputs, list(outputs), list(guards)))

    def _exactly(self, op: str, args: list[int], y: Any) -> int:
        """An operation entry by entry, whose value is the same to the last bit."""
        if op == "square":
            op, args = "mul", [args[0], args[0]]
        if op in ("add", "mul"):
            args = sorted(args)
        return self._once((op, tuple(args)), op, tuple(args), (), y)

    def _elementwise(self, op: str, args: list[int], y: Any) -> int:
        if type(y) is not float:
            args = self._unspread(args, shape_of(y))
        if op in ("mul", "pow"):
            numbers = [self._number(a) for a in args]
        if op == "pow" and numbers[1] in (1.0, 2.0, 3.0, 0.5, -1.0):
            return self._power(args[0], numbers[1], y)
        if op == "mul":
            simpler = self._times(args, numbers, y)
            if simpler is not None:
                return simpler
            args = sorted(args)
        if op == "add":
            args = sorted(args)
        if op == "neg" and self.values[args[0]].op == "neg":
            return self.values[args[0]].args[0]
        if op == "square":
            op, args = "mul", [args[0], args[0]]
        return self._once((op, tuple(args)), op, tuple(args), (), y)

    def _times(self, args: list[int], numbers: list[Any], y: Any) -> int | None:
        """Products with 1 and -1, and of several constants."""
        for k in (0, 1):
            number, other = numbers[k], args[1 - k]
            if number is None or self.values[other].shape != shape_of(y):
                continue
            if number == 1.0 and self.values[other].dtype == _dtype(y):
                return other
            if number == -1.0:
                return self._elementwise("neg", [other], y)
            inner = self.values[other]
            if inner.op == "mul":
                for m in (0, 1):
                    second = self._number(inner.args[m])
                    rest = inner.args[1 - m]
                    if second is None or self.values[rest].shape != shape_of(y):
                        continue
                    smallest, largest = _in_range(_dtype(y))
                    if all(smallest < abs(n) < largest for n in (number, second, number * second)):
                        return self._elementwise("mul", [self.constant(number * second), rest], y)
            if inner.op == "neg":
                return self._elementwise("mul", [self.constant(-number), inner.args[0]], y)
        return None

    def _power(self, base: int, exponent: float, y: Any) -> int:
        if exponent == 1.0:
            return base
        if exponent == 0.5:
            return self._once(("sqrt", (base,)), "sqrt", (base,), (), y)
        if exponent == -1.0:
            return self._elementwise("div", [self.constant(1.0), base], y)
        square = self._once(("mul", (base, base)), "mul", (base, base), (), y)
        return square if exponent == 2.0 else self._elementwise("mul", [square, base], y)

    def _unspread(self, args: list[int], whole: Shape) -> list[int]:
        """Arguments without the repetition that an entrywise operation does by itself."""
        if any(self.values[a].dtype not in _DOUBLES for a in args):
            return args  # a number beside a single-precision array is of no precision, an array is
        plain = [self._narrow(a) for a in args]
        shapes = [self.values[a].shape for a in plain]
        return plain if numpy.broadcast_shapes(*shapes) == whole else args

    def _narrow(self, place: int) -> int:
        value = self.values[place]
        if value.op == "broadcast_to" and (len(value.params) < 2 or value.params[1] is None):
            return value.args[0]
        if value.op == "constant" and value.shape and value.value.size and value.dtype == numpy.float64:
            first = value.value.flat[0]
            if numpy.all(value.value == first):
                return self.constant(float(first))
        return place

    def _number(self, place: int) -> float | None:
        value = self.values[place]
        return value.value if value.op == "constant" and type(value.value) in (float, int) else None

    def _once(
        self, key: Any, op: Any, args: tuple[int, ...], params: tuple[Any, ...], y: Any, value: Any = None
    ) -> int:
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._new(op, args, params, y, value)
            self._kept.append(params)  # arrays among them are known by their id
        return found

    def _new(self, op: Any, args: tuple[int, ...], params: tuple[Any, ...], y: Any, value: Any = None) -> int:
        values = self.values
        place, scalar = len(values), type(y) in _SCALARS
        shape = () if scalar else shape_of(y)
        values.append(GraphValue(place, op, args, params, shape, _dtype(y), scalar, value))
        return place


#: What may be written otherwise whatever its arguments are, and what has the same value with them in the other order.
_REWRITTEN, _EITHER_WAY = ("pow", "neg", "square"), ("add", "mul")
_DOUBLES = (numpy.dtype(numpy.float64), numpy.dtype(bool), numpy.dtype(int))


_DOUBLE = _DOUBLES[0]
_SCALARS = (float, bool, int)


@cache
def _in_range(dtype: Any) -> tuple[float, float]:
    """Constants are multiplied where their product is far from where numbers of a precision end: beyond, it might not be what
    their product with a value is.

    >>> [_in_range(numpy.dtype(kind)) for kind in ("float64", "complex64", "float16")]
    [(1e-250, 1e+250), (1e-31, 1e+31), (0.001, 1000.0)]
    """
    most = numpy.finfo(dtype).maxexp if dtype.kind in "fc" else 1024
    largest = {1024: 1e250, 128: 1e31, 16: 1e3}.get(most, 1e250)
    return 1 / largest, largest


def _dtype(y: Any) -> Any:
    if type(y) is float:
        return _DOUBLE
    return getattr(y, "dtype", numpy.dtype(type(y)) if type(y) in (bool, int) else numpy.dtype(object))


def _key(params: Any) -> Any:
    """Parameters as a key: slices by their ends, arrays by their identity."""
    if isinstance(params, tuple | list):
        return tuple([_key(p) for p in params])
    if isinstance(params, slice):
        return ("slice", params.start, params.stop, params.step)
    try:
        hash(params)
    except TypeError:
        return ("id", id(params))
    return (type(params), params)


def build(program: Program, outputs: Sequence[Any]) -> Graph:
    """The graph of a traced program; ``outputs`` are slots, or constants in a tuple of one."""
    builder = GraphBuilder()
    places = [builder.input(p) for p in program.primals]
    constant, apply, number = builder.constant, builder.apply, builder.number
    exact = _deciding(program)
    for step in program.steps[program.inputs :]:
        _, op, slots, primals, params, y = step if type(step[0]) is not int else view(step)
        if len(slots) == 2:  # nearly all that there are
            (a, b), (p, q) = slots, primals
            args: tuple[int, ...] = (
                constant(p) if a is None else places[a],
                constant(q) if b is None else places[b],
            )
        else:
            args = tuple(
                [constant(p) if k is None else places[k] for k, p in zip(slots, primals, strict=True)]
            )
        here = bool(exact) and len(places) in exact
        if type(y) is float and not params and not here and elementwise(op):
            places.append(number(op, args))
        else:
            places.append(apply(op, args, params, y, here))
    outs = [constant(out[0]) if isinstance(out, tuple) else places[out] for out in outputs]
    guards = [(places[guard.slot], guard.outcome) for guard in program.guards]
    return builder.finished(program.inputs, outs, guards)


def deciding(graph: Graph) -> set[int]:
    """The values that decisions depend on: another last bit there might be another decision."""
    found = {place for place, _ in graph.guards}
    if found:
        for value in reversed(graph.values):
            if value.place in found:
                found.update(value.args)
    return found


def _deciding(program: Program) -> set[int]:
    """The same of a traced program, by slots."""
    found = {guard.slot for guard in program.guards}
    if found:
        for place in range(len(program.steps) - 1, program.inputs - 1, -1):
            if place in found:
                found.update(slot for slot in view(program.steps[place])[2] if slot is not None)
    return found


def _needed(graph: Graph) -> Graph:
    """The graph without what neither an output nor a guard needs; guards that say the same are one."""
    wanted = bytearray(len(graph.values))
    for place in (*range(graph.inputs), *graph.outputs, *(place for place, _ in graph.guards)):
        wanted[place] = 1
    args = [value.args for value in graph.values]
    for place in range(len(args) - 1, -1, -1):
        if wanted[place]:
            for a in args[place]:
                wanted[a] = 1
    kept = list(compress(graph.values, wanted))
    new = list(accumulate(wanted, initial=0))  # how many are kept before each
    if len(kept) < len(graph.values):
        renumbered = new.__getitem__
        for k, value in enumerate(kept):
            value.place = k
            value.args = tuple(map(renumbered, value.args))
    guards: list[tuple[int, Any]] = []
    seen: set[int] = set()
    for place, outcome in graph.guards:
        if new[place] not in seen:
            seen.add(new[place])
            guards.append((new[place], outcome))
    return Graph(kept, graph.inputs, [new[out] for out in graph.outputs], guards)
