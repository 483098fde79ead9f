"""Matrices are computed the way round that they are wanted.

The tangents of a Jacobian are its columns, one below the other; in the end they are turned. Where all that a matrix is made of
can be had turned at no cost, it is made so from the start. A product with the directions themselves is the other factor, whose
entries are as they are: what is beside one that is not finite is zero by structure.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy

from calcgrad.compiling.banding import Diagonals
from calcgrad.compiling.graph import Graph, GraphBuilder, GraphValue, elementwise
from calcgrad.compiling.units import UnitProduct

_DOUBLE = numpy.dtype(float)
#: The deepest expression that is turned.
_DEEP = 100


def turned(graph: Graph) -> Graph:
    """The graph with its matrices that way round; itself where it turns none."""
    if not any(_turns(value) or isinstance(value.op, UnitProduct) for value in graph.values):
        return graph
    return _Turning(graph).graph_turned()


def _turns(value: GraphValue) -> bool:
    return value.op == "transpose" and len(value.shape) == 2 and value.params in ((), (None,), ((1, 0),))


class _Turning:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.made = GraphBuilder()
        self.uses = Counter(a for value in graph.values for a in value.args)
        self.uses.update(graph.outputs)
        self.uses.update(place for place, _ in graph.guards)
        self.new: list[int] = []

    def graph_turned(self) -> Graph:
        """Each value in turn."""
        for value in self.graph.values:
            self.new.append(self._value(value))
        outputs = [self.new[out] for out in self.graph.outputs]
        guards = [(self.new[place], outcome) for place, outcome in self.graph.guards]
        return self.made.finished(self.graph.inputs, outputs, guards)

    def _value(self, value: GraphValue) -> int:
        args = [self.new[a] for a in value.args]
        if _turns(value) and self._free(value.args[0], _DEEP):
            return self._turn(value.args[0])
        if isinstance(value.op, UnitProduct):
            return self._times_unit(value, value.op, args[0])
        if value.op == "reshape":
            inner = self.made.values[args[0]]
            if inner.op == "reshape" and self.made.values[inner.args[0]].shape == value.shape:
                return inner.args[0]
        return self.made.copied(value, args)

    def _times_unit(self, value: GraphValue, op: UnitProduct, other: int) -> int:
        """The other factor; its columns one by one are the rows of it turned."""
        if not op.rows:
            shape = self.made.values[other].shape[::-1]
            other = self.made.with_params("transpose", (other,), ((1, 0),), shape, _DOUBLE)
        return self.made.with_params("reshape", (other,), (value.shape,), value.shape, _DOUBLE)

    # --- turned values of the old graph ---

    def _free(self, place: int, deep: int) -> bool:
        """Whether a matrix can be had turned for nothing, where it is read once only."""
        value, made = self.graph.values[place], self.made.values[self.new[place]]
        if _turns(made) or value.op == "constant":
            return True
        if not deep or self.uses[place] > 1 or value.dtype != _DOUBLE:
            return False
        if isinstance(value.op, Diagonals):
            return not value.op.onto or self._free(value.args[0], deep - 1)
        if not elementwise(value.op) or value.params:
            return False
        return all(
            not other.shape or len(other.shape) == 1 or self._free(other.place, deep - 1)
            for other in (self.graph.values[a] for a in value.args)
        )

    def _turn(self, place: int) -> int:
        value, made = self.graph.values[place], self.made.values[self.new[place]]
        if _turns(made):
            return made.args[0]
        if value.op == "constant":
            return self.made.constant(numpy.ascontiguousarray(value.value.T))
        shape = value.shape[::-1]
        if isinstance(value.op, Diagonals):
            args = [self.new[a] for a in value.args]
            if value.op.onto:
                args[0] = self._turn(value.args[0])
            return self.made.with_params(value.op.turned(), tuple(args), (), shape, _DOUBLE)
        like = GraphValue(-1, value.op, (), (), shape, value.dtype, False)
        return self.made.made(value.op, tuple([self._operand(a) for a in value.args]), like)

    def _operand(self, place: int) -> int:
        """A row along a matrix is a column of it turned; numbers are as they were."""
        value = self.graph.values[place]
        if len(value.shape) == 2:
            return self._turn(place)
        if not value.shape:
            return self.new[place]
        shape: Any = (value.shape[0], 1)
        return self.made.with_params("reshape", (self.new[place],), (shape,), shape, value.dtype)
