"""Products of matrices that are written straight into the order in which they are read.

A product that is transposed before anything reads it would be read across its rows by the loops that come after it. BLAS writes
the rows of its result at any distance from one another, and a transposed product is the product of the transposed ones.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy

from calcgrad.compiling.graph import Graph, GraphBuilder, GraphValue

_DOUBLE = numpy.dtype(float)


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """The product of two arrays of matrices with its axes in this order, one entry after the other in memory."""

    axes: tuple[int, ...]

    #: The result is nobody else's memory.
    fresh = True

    @property
    def back(self) -> tuple[int, ...]:
        """The order of axes that gives the product as it is."""
        return tuple(int(k) for k in numpy.argsort(self.axes))

    def value(self, a: Any, b: Any) -> Any:
        """The product."""
        return numpy.ascontiguousarray(numpy.matmul(a, b).transpose(self.axes))


def laid(graph: Graph) -> Graph:
    """The graph with such products; itself where it has none."""
    if not any(value.op == "transpose" and _product(graph, value) for value in graph.values):
        return graph
    uses = Counter(a for value in graph.values for a in value.args)
    uses.update([*graph.outputs, *(place for place, _ in graph.guards)])
    made = GraphBuilder()
    new: list[int] = []
    for value in graph.values:
        args = [new[a] for a in value.args]
        found = _product(graph, value) if value.op == "transpose" else None
        if found is not None and uses[value.args[0]] == 1:
            product, axes = found
            both = tuple([new[a] for a in product.args])
            new.append(made.with_params(Laid(axes), both, (), value.shape, value.dtype))
        else:
            new.append(made.copied(value, args))
    outputs, guards = [new[p] for p in graph.outputs], [(new[p], outcome) for p, outcome in graph.guards]
    return made.finished(graph.inputs, outputs, guards)


def _product(graph: Graph, value: GraphValue) -> tuple[GraphValue, tuple[int, ...]] | None:
    """The product that a value is the transpose of, and in which order; ``None`` where BLAS could not write it so."""
    product = graph.values[value.args[0]]
    depth = len(product.shape)
    if product.op != "matmul" or product.dtype != _DOUBLE or depth < 2 or min(product.shape[-2:]) < 2:
        return None
    if any(len(graph.values[a].shape) < 2 or graph.values[a].dtype != _DOUBLE for a in product.args):
        return None
    given = value.params[0] if value.params else None
    axes = tuple(range(depth))[::-1] if given is None else tuple([int(k) % depth for k in given])
    return (product, axes) if axes[-1] >= depth - 2 else None
