"""Products with a unit matrix are moves: the derivative of ``A @ x``, for all directions at once, is A.

A Jacobian's tangents are the columns of the unit matrix, each an array of its own, so that NumPy would make as many products of
a matrix and a vector as there are columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy

from calcgrad.compiling.graph import Graph, GraphValue

_DOUBLE = numpy.dtype(float)


@dataclass(frozen=True, slots=True, eq=False)
class UnitProduct:
    """``a @ unit``, where ``unit`` are columns of length n, (n, n, 1), or, with ``rows``, ``unit @ a`` with rows, (n, 1, n).

    The result is a view of ``a``. Where an entry of ``a`` is infinite or nan, the product has nan beside it, and is made.
    """

    unit: Any
    rows: bool

    def value(self, a: Any) -> Any:
        """The product."""
        if not numpy.isfinite(numpy.add.reduce(a, None)):
            return numpy.matmul(self.unit, a) if self.rows else numpy.matmul(a, self.unit)
        return a[:, None, :] if self.rows else a.T[:, :, None]


def unit_product(graph: Graph, value: GraphValue) -> tuple[UnitProduct, int] | None:
    """The operation in place of a product, and the place of its argument; ``None`` where it is no product with a unit."""
    if value.op != "matmul" or len(value.shape) != 3:
        return None
    for rows in (False, True):
        a, unit = (graph.values[p] for p in (value.args[::-1] if rows else value.args))
        if unit.op != "constant" or len(a.shape) != 2 or (a.dtype, unit.dtype) != (_DOUBLE, _DOUBLE):
            continue
        n = unit.shape[0]
        shape = (n, 1, n) if rows else (n, n, 1)
        if unit.shape == shape and numpy.array_equal(unit.value.reshape(n, n), numpy.eye(n)):
            return UnitProduct(unit.value, rows), a.place
    return None
