"""Which numbers of a traced function's results depend on which of its inputs: the pattern of its Jacobian.

A pattern is a SciPy sparse matrix of truth values with a row for each entry of a slot and a column for each number of the inputs.
It is followed step by step. Entrywise operations, moves and sums have their own rules; of any other operation each entry is
taken to depend on all that its arguments depend on, which may mark too much and never too little. (Griewank and Walther,
Evaluating Derivatives, 2nd ed., section 7.1.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy
from scipy import sparse

from calcgrad.operations import OPERATIONS, Elementwise, Linear
from calcgrad.operations.shapes import kept, shape_of
from calcgrad.tracing.rules import view
from calcgrad.tracing.trace import Trace
from calcgrad.tracing.traced import primal_of
from calcgrad.tracing.values import value_of_operation


def pattern(trace: Trace, slots: Sequence[int | None], lengths: Sequence[int]) -> Any:
    """The pattern of the results in these slots one below the other; ``lengths`` are their counts of numbers."""
    sizes = [prod(shape_of(primal_of(p))) for p in trace.primals]
    columns = sum(sizes)
    found: list[Any] = []
    start = 0
    for size in sizes:
        found.append(sparse.eye_array(size, columns, k=start, dtype=bool, format="csr"))
        start += size
    for step in trace.steps[trace.inputs :]:
        found.append(_of_step(step, found))
    rows = [
        sparse.csr_array((n, columns), dtype=bool) if slot is None or found[slot] is None else found[slot]
        for slot, n in zip(slots, lengths, strict=True)
    ]
    return sparse.vstack(rows, format="csr")


def _of_step(step: Any, found: list[Any]) -> Any:
    _, op, slots, args, params, y = view(step)
    if type(op) is not str:  # an opaque step, or one of its results
        return _everything([found[s] for s in slots if s is not None], 1 if isinstance(y, list) else _size(y))
    total: Any = None
    for j, slot in enumerate(slots):
        term = None if slot is None or found[slot] is None else _term(op, j, found[slot], args, params, y)
        if term is not None:
            total = term if total is None else total + term
    return total


def _term(op: str, j: int, given: Any, args: Sequence[Any], params: Sequence[Any], y: Any) -> Any:
    row = OPERATIONS[op]
    shape = shape_of(args[j])
    if isinstance(row, Elementwise):
        if row.partials[j] == "0":
            return None
        return given[numpy.broadcast_to(_places(shape), shape_of(y)).ravel()]
    if isinstance(row, Linear) and row.moves and not row.variadic:
        return given[numpy.asarray(value_of_operation(op)(_places(shape), *params)).ravel().astype(int)]
    rule = _RULES.get(op)
    found = None if rule is None else rule(given, j, args, params, y)
    return _everything([given], _size(y)) if found is None else found


def _size(y: Any) -> int:
    return prod(shape_of(y))


def _places(shape: tuple[int, ...]) -> Any:
    return numpy.arange(prod(shape)).reshape(shape)


def _everything(given: Sequence[Any], size: int) -> Any:
    """Each of so many entries depends on all that any of these do."""
    patterns = [g for g in given if g is not None]
    if not patterns:
        return None
    columns = numpy.unique(numpy.concatenate([g.tocoo().coords[1] for g in patterns]))
    row = sparse.csr_array((1, patterns[0].shape[1]), dtype=bool)
    if len(columns):
        ones = numpy.ones(len(columns), bool)
        row = sparse.csr_array((ones, (numpy.zeros(len(columns), int), columns)), shape=row.shape)
    return row[numpy.zeros(size, int)]


def _gathered(given: Any, to: Any, rows: int) -> Any:
    """Entry ``k`` of the argument goes to the row ``to[k]``."""
    places = numpy.asarray(to).ravel()
    where = (numpy.ones(len(places), bool), (places, numpy.arange(len(places))))
    return (sparse.csr_array(where, shape=(rows, len(places))) @ given).astype(bool)


def _sum(given: Any, j: int, args: Sequence[Any], params: Sequence[Any], y: Any) -> Any:
    shape = shape_of(args[0])
    target = _places(shape_of(y)).reshape(kept(shape, params[0] if params else None))
    return _gathered(given, numpy.broadcast_to(target, shape), _size(y))


def _sum_to(given: Any, j: int, args: Sequence[Any], params: Sequence[Any], y: Any) -> Any:
    through = params[0] if len(params) < 2 or params[1] is None else params[1]
    target = numpy.broadcast_to(_places(params[0]).reshape(through), shape_of(args[0]))
    return _gathered(given, target, _size(y))


def _scatter(given: Any, j: int, args: Sequence[Any], params: Sequence[Any], y: Any) -> Any:
    index, whole = params
    to = numpy.broadcast_to(value_of_operation("getitem")(_places(whole), *index), shape_of(args[0]))
    return _gathered(given, numpy.asarray(to, int), prod(whole))


def _concatenate(given: Any, j: int, args: Sequence[Any], params: Sequence[Any], y: Any) -> Any:
    (axis,) = params
    start = sum(shape_of(a)[axis] for a in args[:j])
    index: list[Any] = [slice(None)] * len(shape_of(y))
    index[axis] = slice(start, start + shape_of(args[j])[axis])
    return _gathered(given, _places(shape_of(y))[tuple(index)], _size(y))


def _vector(given: Any, j: int, args: Sequence[Any], params: Sequence[Any], y: Any) -> Any:
    return _gathered(given, _places(shape_of(y))[j], _size(y))


def _matmul(given: Any, j: int, args: Sequence[Any], params: Sequence[Any], y: Any) -> Any:
    """A constant matrix times a vector: its own zeros count."""
    other = primal_of(args[1 - j])
    if len(shape_of(args[j])) != 1 or len(shape_of(other)) != 2:
        return None
    matrix = numpy.asarray(other) != 0
    return (sparse.csr_array(matrix if j == 1 else matrix.T) @ given).astype(bool)


_RULES: dict[str, Callable[..., Any]] = {
    "sum": _sum,
    "sum_to": _sum_to,
    "scatter": _scatter,
    "concatenate": _concatenate,
    "vector": _vector,
    "matmul": _matmul,
}
