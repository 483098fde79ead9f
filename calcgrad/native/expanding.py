"""What a graph becomes before native code is made of it: matrices as their diagonals, and operations on whole arrays written out
in entrywise ones and sums, where native code has no entry for them as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from calcgrad.compiling.banding import banded
from calcgrad.compiling.graph import Graph, GraphValue
from calcgrad.compiling.simplifying import simplified
from calcgrad.compiling.turning import turned
from calcgrad.native.fitting import DOUBLE, SINGLE
from calcgrad.native.laying import laid
from calcgrad.operations.shapes import Shape, normal_axes

#: What is written out, from arrays of doubles or singles only.
EXPANDED = ("logsumexp", "softmax")
#: What the two have in common is made once.
_ONCE = ("amax", "abs", "less", "where", "sub", "exp", "sum")


def expanded(graph: Graph) -> Graph:
    """The same graph with diagonals, and without these operations; itself where it has none."""
    matrices = banded(graph)
    graph = laid(turned(graph if matrices is graph else simplified(matrices)))
    if not any(value.op in EXPANDED and _expands(graph, value) for value in graph.values):
        return graph
    return _Expanding(graph).graph()


def _expands(graph: Graph, value: GraphValue) -> bool:
    if value.op not in EXPANDED or value.dtype not in (DOUBLE, SINGLE):
        return False
    a = graph.values[value.args[0]]
    return bool(a.dtype == value.dtype and a.shape and 0 not in a.shape and (value.shape or value.scalar))


class _Expanding:
    def __init__(self, graph: Graph) -> None:
        self.old = graph
        self.values: list[GraphValue] = []
        self.place: list[int] = []
        self.known: dict[Any, int] = {}
        self.dtype = DOUBLE

    def graph(self) -> Graph:
        for value in self.old.values:
            args = [self.place[a] for a in value.args]
            if _expands(self.old, value):
                self.place.append(self._written_out(value, args[0]))
            else:
                self.place.append(
                    self._new(
                        value.op, args, value.params, value.shape, value.dtype, value.scalar, value.value
                    )
                )
        old, place = self.old, self.place
        guards = [(place[p], outcome) for p, outcome in old.guards]
        return Graph(self.values, old.inputs, [place[p] for p in old.outputs], guards)

    def _new(
        self,
        op: Any,
        args: Sequence[int],
        params: tuple[Any, ...],
        shape: Shape,
        dtype: Any = None,
        scalar: bool = False,
        value: Any = None,
    ) -> int:
        """A value; of the kind of what is being written out, where none is said."""
        dtype = self.dtype if dtype is None else dtype
        key = (op, tuple(args), repr(params), shape, dtype, scalar)
        known = self.known.get(key) if value is None and isinstance(op, str) and op in _ONCE else None
        if known is None:
            known = self.known[key] = len(self.values)
            self.values.append(GraphValue(known, op, tuple(args), params, shape, dtype, scalar, value))
        return known

    def _number(self, value: float) -> int:
        return self._new("constant", (), (), (), DOUBLE, scalar=True, value=value)

    def _written_out(self, value: GraphValue, a: int) -> int:
        """By the largest entry, or by 0 where that is infinite: it then has its place in a sum. A softmax is nan there."""
        shape = self.values[a].shape
        axes = normal_axes(len(shape), value.params[0] if value.params else None)
        kept = tuple([1 if k in axes else n for k, n in enumerate(shape)])
        axis: Any = tuple(axes)
        self.dtype = value.dtype
        largest = self._new("amax", [a], (axis, True), kept)
        finite = self._finite(largest, kept)
        by = self._new("where", [finite, largest, self._number(0.0)], (), kept)
        terms = self._new("exp", [self._new("sub", [a, by], (), shape)], (), shape)
        total = self._new("sum", [terms], (axis, True), kept)
        if value.op == "softmax":
            known = self._new("where", [finite, total, self._number(numpy.nan)], (), kept)
            return self._new("div", [terms, known], (), shape)
        found = self._new("add", [self._new("log", [total], (), kept), by], (), kept)
        if value.shape == kept:
            return found
        if value.shape:
            return self._new("reshape", [found], (value.shape,), value.shape)
        return self._new("getitem", [found], (0,) * len(kept), (), scalar=True)

    def _finite(self, largest: int, shape: Shape) -> int:
        size = self._new("abs", [largest], (), shape)
        return self._new("less", [size, self._number(numpy.inf)], (), shape, numpy.dtype(bool))
