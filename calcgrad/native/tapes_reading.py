"""A graph of numbers and small arrays as operations on single numbers: an array is the places of its entries.

What only moves entries costs nothing on a tape. An array that is zero but for a few entries is kept as those: what adds up many of
them then takes time that grows with their number, not with their number times their length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy

from calcgrad.compiling.graph import Graph, GraphValue, elementwise
from calcgrad.native.fitting import DOUBLE, PLACED, REDUCED, TRUTH, VIEWS, exact, native, reduction
from calcgrad.native.lowering import lowering
from calcgrad.native.tapes_machine import code_of
from calcgrad.operations.shapes import Shape


class UnfitError(Exception):
    """A graph that no tape can hold; its text says why."""


@dataclass(slots=True, eq=False)
class Putting:
    """An array that is zero but for some entries: the place of what was added at each, which a zero has to be added to yet.

    That turns -0.0 into 0.0, as adding into an array of zeros does, and changes nothing else.
    """

    shape: Shape
    entries: dict[int, int]


@dataclass(slots=True, eq=False)
class Reading:
    """A graph on single numbers.

    Places below ``base`` are the entries of the inputs and then ``constants``; operation ``k`` makes place ``base + k``, of code
    ``codes[k]`` and three arguments (the first again where there are fewer). ``places`` are those of each value of the graph: a
    number, an array of them, or a :class:`Putting`.
    """

    codes: Any
    args: Any
    base: int
    constants: list[float]
    places: list[Any]
    names: dict[int, str]
    arities: dict[int, int] = field(default_factory=dict)


def read(graph: Graph, most: Callable[[int], int]) -> Reading:
    """A graph as operations on numbers. Raises ``UnfitError`` where something in it has no such form, or grows too long:
    ``most(values)`` is how many operations there may be for so many values.
    """
    return _Reader(graph, most).read()


class _Reader:
    """Places are counted from 0 for operations, and down from -1 for what is there before."""

    def __init__(self, graph: Graph, most: Callable[[int], int]) -> None:
        self.graph = graph
        self.most = most(len(graph.values))
        self.places: list[Any] = [0] * len(graph.values)
        self.codes: list[int] = []
        self.args: tuple[list[int], list[int], list[int]] = ([], [], [])
        self.inputs = 0
        self.constants: list[float] = []
        self._known: dict[bytes, int] = {}
        self._codes: dict[str, tuple[int, int]] = {}
        self._uses: Counter[int] | None = None

    def read(self) -> Reading:
        values, places, known = self.graph.values, self.places, self._codes
        for value in values[: self.graph.inputs]:
            places[value.place] = self._input(value)
        codes, (first, second, third) = self.codes, self.args
        for value in values[self.graph.inputs :]:
            found = known.get(value.op)
            if found is None or not value.scalar or value.params or value.dtype not in _KINDS:
                places[value.place] = self._value(value)
                continue
            args = value.args
            a = places[args[0]]
            first.append(a)
            second.append(places[args[1]] if found[1] > 1 else a)
            third.append(places[args[2]] if found[1] > 2 else a)
            places[value.place] = len(codes)
            codes.append(found[0])
        for place in (*self.graph.outputs, *(place for place, _ in self.graph.guards)):
            if type(places[place]) is Putting:
                self.dense(place)
        if len(codes) > self.most:
            raise UnfitError("its arrays are long")
        return self._made()

    def _made(self) -> Reading:
        base = self.inputs + len(self.constants)

        def final(places: Any) -> Any:
            return numpy.where(places < 0, -1 - places, places + base)

        found: list[Any] = []
        for place in self.places:
            if type(place) is int:
                found.append(-1 - place if place < 0 else place + base)
            elif type(place) is Putting:
                entries = {k: -1 - p if p < 0 else p + base for k, p in place.entries.items()}
                found.append(Putting(place.shape, entries))
            else:
                found.append(final(place))
        args = numpy.array(self.args, numpy.int64).reshape(3, -1)
        return Reading(
            numpy.array(self.codes, numpy.int32),
            final(args).astype(numpy.int32),
            base,
            self.constants,
            found,
            {code: op for op, (code, _) in self._codes.items()},
            dict(self._codes.values()),
        )

    # --- what is there before ---

    def _input(self, value: GraphValue) -> Any:
        if value.dtype != DOUBLE or not (value.shape or value.scalar):
            raise UnfitError(f"an argument is of {value.dtype}")
        start, size = self.inputs, prod(value.shape)
        self.inputs += size
        return -1 - numpy.arange(start, start + size).reshape(value.shape) if value.shape else -1 - start

    def _constant(self, value: Any) -> Any:
        if not exact(value):
            raise UnfitError("a constant is no double")
        if not isinstance(value, numpy.ndarray):
            return self._number(float(value))
        flat = value.astype(float).reshape(-1).tolist()
        return numpy.array([self._number(x) for x in flat], numpy.int64).reshape(value.shape)

    def _number(self, value: float) -> int:
        key = numpy.float64(value).tobytes()
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = -1 - self.inputs - len(self.constants)
            self.constants.append(value)
        return found

    # --- operations ---

    def _value(self, value: GraphValue) -> Any:
        """The places of a value."""
        op = value.op
        if op == "constant":
            return self._constant(value.value)
        if not isinstance(op, str) or value.dtype not in _KINDS or not (value.shape or value.scalar):
            raise UnfitError(f"{op if isinstance(op, str) else 'a function'} makes {value.dtype}")
        if len(self.codes) > self.most:
            raise UnfitError("its arrays are long")
        if elementwise(op):
            return self._entrywise(value)
        if op in VIEWS or op in PLACED:
            return getattr(self, f"_{op}")(value)
        if op in REDUCED and value.dtype == DOUBLE:
            return self._reduced(value)
        raise UnfitError(f"{op} is not on single numbers")

    def _code(self, op: str, arity: int) -> int:
        known = self._codes.get(op)
        if known is None:
            code = code_of(op, arity)
            if code is None:
                raise UnfitError(f"{op} has no code")
            known = self._codes[op] = (code, arity)
        return known[0]

    def _entrywise(self, value: GraphValue) -> Any:
        row = lowering(value.op)
        values = self.graph.values
        if row is None or value.params:
            raise UnfitError(f"{value.op} has no code")
        answers = row.answers
        if value.op == "where":
            answers = all(values[a].dtype == TRUTH for a in value.args[1:])
        if answers != (value.dtype == TRUTH):
            raise UnfitError(f"{value.op} makes {value.dtype}")
        code = self._code(value.op, len(value.args))
        if value.scalar:
            if any(values[a].shape for a in value.args):
                raise UnfitError(f"{value.op} makes a number of arrays")
            return self._apply(code, [self.places[a] for a in value.args])
        if value.op == "add":
            joined = self._joined(value)
            if joined is not None:
                return joined
        args = numpy.broadcast_arrays(*[self.dense(a) for a in value.args], numpy.empty(value.shape))[:-1]
        return self._over(code, [a.reshape(-1).tolist() for a in args], value.shape)

    def _apply(self, code: int, args: Sequence[int]) -> int:
        self.codes.append(code)
        for k, row in enumerate(self.args):
            row.append(args[k] if k < len(args) else args[0])
        return len(self.codes) - 1

    def _over(self, code: int, args: Sequence[list[int]], shape: Shape) -> Any:
        """An operation over rows of entries."""
        count, start = len(args[0]), len(self.codes)
        self.codes += [code] * count
        for k, row in enumerate(self.args):
            row.extend(args[k] if k < len(args) else args[0])
        return numpy.arange(start, start + count).reshape(shape)

    # --- arrays with few entries ---

    def dense(self, place: int) -> Any:
        """The places of all entries of a value."""
        found = self.places[place]
        if type(found) is not Putting:
            return numpy.asarray(found)
        zero = self._number(0.0)
        whole = numpy.full(prod(found.shape), zero, numpy.int64)
        if found.entries:
            where, what = list(found.entries), list(found.entries.values())
            whole[where] = self._over(self._code("add", 2), [[zero] * len(what), what], (len(what),))
        self.places[place] = whole.reshape(found.shape)
        return self.places[place]

    def _scatter(self, value: GraphValue) -> Any:
        index = tuple([native(e) for e in value.params[0]])
        at = numpy.arange(prod(value.shape)).reshape(value.shape)[index]
        what = self.dense(value.args[0])
        if numpy.shape(at) != what.shape:
            raise UnfitError("what is put somewhere is broadcast")
        where = numpy.reshape(at, -1).tolist()
        entries = dict(zip(where, what.reshape(-1).tolist(), strict=True))
        if len(entries) < len(where):
            raise UnfitError("an index names a place twice")
        return Putting(value.shape, entries)

    def _joined(self, value: GraphValue) -> Putting | None:
        """The sum of two arrays with few entries; the larger of them takes the smaller one in, if nobody else reads it."""
        a, b = (self.places[k] for k in value.args)
        if type(a) is not Putting or type(b) is not Putting or a.shape != b.shape or a is b:
            return None
        if self._uses is None:
            self._uses = Counter(k for v in self.graph.values for k in v.args)
            self._uses.update(self.graph.outputs)
            self._uses.update(k for k, _ in self.graph.guards)
        if len(a.entries) < len(b.entries):
            a, b = b, a
        owner = next(k for k in value.args if self.places[k] is a)
        if self._uses[owner] > 1:
            a = Putting(a.shape, dict(a.entries))
        else:
            self.places[owner] = _TAKEN
        for where, what in b.entries.items():
            mine = a.entries.get(where)
            a.entries[where] = what if mine is None else self._apply(self._code("add", 2), [mine, what])
        return a

    # --- what moves entries ---

    def _getitem(self, value: GraphValue) -> Any:
        found = self.dense(value.args[0])[tuple([native(e) for e in value.params])]
        return self._shaped(found, value)

    def _stop_gradient(self, value: GraphValue) -> Any:
        return self._shaped(self.dense(value.args[0]), value)

    def _reshape(self, value: GraphValue) -> Any:
        return self._shaped(self.dense(value.args[0]).reshape(value.shape), value)

    def _broadcast_to(self, value: GraphValue) -> Any:
        whole, *through = value.params
        found = self.dense(value.args[0])
        if through and through[0] is not None:
            found = found.reshape(through[0])
        return self._shaped(numpy.broadcast_to(found, whole), value)

    def _transpose(self, value: GraphValue) -> Any:
        return self._shaped(numpy.transpose(self.dense(value.args[0]), *value.params), value)

    def _concatenate(self, value: GraphValue) -> Any:
        return self._shaped(numpy.concatenate([self.dense(a) for a in value.args], *value.params), value)

    def _vector(self, value: GraphValue) -> Any:
        return self._shaped(numpy.stack([self.dense(a) for a in value.args]), value)

    def _shaped(self, found: Any, value: GraphValue) -> Any:
        if numpy.shape(found) != value.shape:
            raise UnfitError(f"{value.op} has another shape")
        kinds = {self.graph.values[a].dtype for a in value.args}
        if kinds != {value.dtype}:
            raise UnfitError(f"{value.op} makes {value.dtype}")
        return int(found) if value.scalar else found

    # --- what makes one entry of many ---

    def _reduced(self, value: GraphValue) -> Any:
        """Pairs first, then pairs of these: as many at once as can be."""
        old = self.graph.values[value.args[0]]
        if old.dtype != DOUBLE or 0 in old.shape:
            raise UnfitError(f"{value.op} of {old.dtype}")
        found = reduction(value, old.shape)
        if len(found.through) != len(old.shape) or prod(found.through) != prod(value.shape):
            raise UnfitError(f"{value.op} to another shape")
        axes = list(found.axes)
        rest = [k for k in range(len(old.shape)) if k not in axes]
        rows = self.dense(value.args[0]).transpose(*axes, *rest).reshape(-1, prod(value.shape))
        code = self._code(_BY[value.op], 2)
        while len(rows) > 1:
            half = len(rows) // 2
            pairs = self._over(
                code,
                [rows[0 : 2 * half : 2].reshape(-1).tolist(), rows[1 : 2 * half : 2].reshape(-1).tolist()],
                (half, rows.shape[1]),
            )
            rows = numpy.concatenate([pairs, rows[2 * half :]])
        return int(rows[0, 0]) if value.scalar else rows[0].reshape(value.shape)


_KINDS = (DOUBLE, TRUTH)
#: What adds up, multiplies or compares two entries.
_BY = {"sum": "add", "sum_to": "add", "prod": "mul", "amax": "maximum", "amin": "minimum"}
#: What stands in the place of an array that another one has taken in.
_TAKEN = Putting((), {})
