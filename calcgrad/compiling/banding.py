"""Matrices of few diagonals are kept as their diagonals: a Hessian of sums entry by entry is a vector's work.

The tangents of a Jacobian start as the rows of the unit matrix, and what works entry by entry leaves their zeros where they
are. Every zero left out is one by structure, and every entry is computed by the same operations as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy

from calcgrad.compiling.graph import Graph, GraphBuilder, GraphValue
from calcgrad.compiling.units import unit_product

#: Of smaller matrices it is not worth it; more pieces of diagonals than these are a full matrix.
_SMALL, _MOST = 64, 6
_DOUBLE = numpy.dtype(float)


class Piece(NamedTuple):
    """Part of a diagonal: the entries (column - ``offset``, column) of the columns ``low`` to ``high``, which a value holds."""

    offset: int
    low: int
    high: int
    place: int


@dataclass(frozen=True, slots=True, eq=False)
class Diagonals:
    """The operation that writes pieces of diagonals into a matrix: of zeros, or, ``onto`` another, into a copy of that.

    ``slices`` are their places in the row of all entries, each with whether it is added to what stands there.
    """

    shape: tuple[int, int]
    slices: tuple[tuple[slice, bool], ...]
    onto: bool

    #: The result is nobody else's memory.
    fresh = True

    def turned(self) -> Diagonals:
        """The same of the matrix with rows and columns changed over."""
        rows, columns = self.shape
        found = []
        for place, added in self.slices:
            count, (row, column) = len(range(place.stop)[place]), divmod(place.start, columns)
            first, step = column * rows + row, rows + 1
            found.append((slice(first, first + (count - 1) * step + 1, step), added))
        return Diagonals((columns, rows), tuple(found), self.onto)

    def value(self, *args: Any) -> Any:
        """The matrix."""
        out = args[0].copy("C") if self.onto else numpy.zeros(self.shape)
        flat = out.reshape(-1)
        for (place, added), entries in zip(self.slices, args[self.onto :], strict=True):
            part = flat[place]
            if added:
                numpy.add(part, entries, part)
            else:
                part[...] = entries
        return out


def banded(graph: Graph) -> Graph:
    """The graph with its matrices of few diagonals as these, and without products with a unit matrix; itself where it has none."""
    if not any(_diagonals(value) or unit_product(graph, value) for value in graph.values):
        return graph
    return _Banding(graph).banded()


def _diagonals(value: GraphValue) -> list[int]:
    """The diagonals of a constant matrix that has few; empty of any other value."""
    if value.op != "constant" or len(value.shape) != 2 or value.dtype != _DOUBLE:
        return []
    if value.value.size < _SMALL or numpy.count_nonzero(value.value) > 2 * sum(value.shape):
        return []
    rows, columns = numpy.nonzero(value.value)
    found: list[int] = numpy.unique(columns - rows).tolist()
    return found if len(found) <= 2 else []


class _Banding:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.made = GraphBuilder()
        self.pieces: dict[int, list[Piece]] = {}  # of values of the old graph
        self.new: dict[int, int] = {}

    def banded(self) -> Graph:
        """Each value in turn."""
        for value in self.graph.values:
            pieces = self._pieces(value)
            if pieces is not None and len(pieces) <= _MOST:
                self.pieces[value.place] = pieces
            else:
                self.new[value.place] = self._whole(value)
        outputs = [self._dense(out) for out in self.graph.outputs]
        guards = [(self._dense(place), outcome) for place, outcome in self.graph.guards]
        return self.made.finished(self.graph.inputs, outputs, guards)

    def _pieces(self, value: GraphValue) -> list[Piece] | None:
        """The diagonals of a value, ``None`` where it has to be a full matrix."""
        if value.op == "constant":
            return [self._constant(value, offset) for offset in _diagonals(value)] or None
        if len(value.shape) != 2 or value.dtype != _DOUBLE:
            return None
        there = [a in self.pieces for a in value.args]
        if not any(there):
            return None
        if value.op == "neg":
            return [self._each("neg", piece, (piece.place,)) for piece in self.pieces[value.args[0]]]
        if value.op in ("add", "sub") and all(there):
            return self._sum(value, *[self.pieces[a] for a in value.args])
        if value.op in ("mul", "div") and there != [True, True]:
            return self._scaled(value, there)
        if value.op == "transpose":
            return [
                p._replace(offset=-p.offset, low=p.low - p.offset, high=p.high - p.offset)
                for p in self.pieces[value.args[0]]
            ]
        if value.op == "scatter":
            return self._moved(value)
        return None

    def _constant(self, value: GraphValue, offset: int) -> Piece:
        entries = numpy.diagonal(value.value, offset).copy()
        low = max(0, offset)
        held = float(entries[0]) if (entries == entries[0]).all() else entries
        return Piece(offset, low, low + len(entries), self.made.constant(held))

    def _sum(self, value: GraphValue, left: list[Piece], right: list[Piece]) -> list[Piece]:
        found = list(left)
        for piece in right:
            beside = next((k for k, p in enumerate(found) if p[:3] == piece[:3]), None)
            if beside is not None:
                found[beside] = self._each(value.op, piece, (found[beside].place, piece.place))
            else:
                found.append(piece if value.op == "add" else self._each("neg", piece, (piece.place,)))
        return found

    def _scaled(self, value: GraphValue, there: list[bool]) -> list[Piece] | None:
        """Times a number, or a row that all rows are multiplied with."""
        band, other = (0, 1) if there[0] else (1, 0)
        factor = self.graph.values[value.args[other]]
        columns = value.shape[1]
        row = factor.shape == (columns,) and factor.dtype == _DOUBLE
        if (value.op == "div" and band) or not (row or factor.scalar):
            return None
        found = []
        for piece in self.pieces[value.args[band]]:
            by = self._dense(factor.place)
            if row and (piece.low, piece.high) != (0, columns):
                part = (slice(piece.low, piece.high, None),)
                by = self.made.with_params("getitem", (by,), part, (piece.high - piece.low,), _DOUBLE)
            args = (piece.place, by) if not band else (by, piece.place)
            found.append(self._each(value.op, piece, args))
        return found

    def _moved(self, value: GraphValue) -> list[Piece] | None:
        """Columns put among columns of zeros."""
        index, whole = value.params
        every, some = index if len(index) == 2 else (None, None)
        source = self.graph.values[value.args[0]].shape
        if every != slice(None) or not isinstance(some, slice) or some.step not in (None, 1):
            return None
        start, stop, _ = some.indices(whole[1])
        if (whole[0], stop - start) != source:
            return None
        return [
            p._replace(offset=p.offset + start, low=p.low + start, high=p.high + start)
            for p in self.pieces[value.args[0]]
        ]

    def _each(self, op: str, piece: Piece, args: tuple[int, ...]) -> Piece:
        """A piece computed entry by entry; numbers are computed now, and nothing is multiplied with 1."""
        values = [self.made.values[a] for a in args]
        numbers = [v.value if v.op == "constant" and not v.shape else None for v in values]
        if None not in numbers:
            with numpy.errstate(all="ignore"):
                y = float(_NUMBERS[op](*map(numpy.float64, numbers)))
            return piece._replace(place=self.made.constant(y))
        if op == "mul" and 1.0 in numbers:
            return piece._replace(place=args[1 - numbers.index(1.0)])
        like = next((v for v in values if v.shape), values[0])
        args = tuple(sorted(args)) if op in ("mul", "add") else args
        return piece._replace(place=self.made.made(op, args, like))

    def _whole(self, value: GraphValue) -> int:
        """A value as it was, but for diagonals that are added to a full matrix, and products with a unit matrix."""
        if value.op == "add" and len(value.shape) == 2 and value.dtype == _DOUBLE:
            for k in (0, 1):
                pieces, other = self.pieces.get(value.args[k]), value.args[1 - k]
                full = self.graph.values[other]
                if pieces and other not in self.pieces and (full.shape, full.dtype) == (value.shape, _DOUBLE):
                    return self._written(value.shape, pieces, self._dense(other))
        product = unit_product(self.graph, value)
        if product is not None:
            op, place = product
            return self.made.with_params(op, (self._dense(place),), (), value.shape, _DOUBLE)
        return self.made.copied(value, [self._dense(a) for a in value.args])

    def _dense(self, place: int) -> int:
        """A value as a whole, in the new graph."""
        if place not in self.new:
            value = self.graph.values[place]
            self.new[place] = (
                self.made.constant(value.value)
                if value.op == "constant"
                else self._written(value.shape, self.pieces[place], None)
            )
        return self.new[place]

    def _written(self, shape: Sequence[int], pieces: Sequence[Piece], onto: int | None) -> int:
        slices, seen = [], set()
        for offset, low, high, _ in pieces:
            step, first = shape[1] + 1, (low - offset) * shape[1] + low
            part = slice(first, first + (high - low - 1) * step + 1, step)
            slices.append((part, onto is not None or offset in seen))
            seen.add(offset)
        op = Diagonals((shape[0], shape[1]), tuple(slices), onto is not None)
        args = (*(() if onto is None else (onto,)), *[p.place for p in pieces])
        return self.made.with_params(op, args, (), tuple(shape), _DOUBLE)


_NUMBERS: dict[str, Any] = {
    "add": numpy.add,
    "sub": numpy.subtract,
    "mul": numpy.multiply,
    "div": numpy.divide,
    "neg": numpy.negative,
}
