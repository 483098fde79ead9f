"""``reverse-ad``: reverse mode, one pass an output; higher orders by reverse mode over Taylor series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from calcgrad.functions import Expression
from calcgrad.jets import Jets, run_series
from calcgrad.methods.forward_ad import nest, peel, unit
from calcgrad.methods.protocol import Problem, Wrt
from calcgrad.report import Estimate, Skipped
from calcgrad.reverse_ad import pullback
from calcgrad.systems import NoClosedForm
from calcgrad.tape import Slot, run


class ReverseAD:
    """Cotangents from the outputs back to all inputs at once."""

    name = "reverse-ad"

    def derivatives(self, problem: Problem) -> Estimate | Skipped:
        """The derivatives, exact to rounding, or the operation that has no closed form."""
        try:
            if problem.order == 1:
                columns = first(problem.function, problem.flat, [i for (i,) in problem.wrts])
                rows = [[column[k] for column in columns] for k in range(len(problem.wrts))]
                return Estimate(rows, evaluations=1, passes=len(columns))
            return _higher(problem)
        except NoClosedForm as fact:
            return Skipped(str(fact))


def first(function: Expression, flat: Sequence[float], wrt: Sequence[int]) -> list[list[float]]:
    """The gradient of each output in the chosen coordinates, one backward pass an output."""
    tape, system = function.tape, function.system
    values = run(tape, function.unflatten(flat), system)
    chosen = [function.coordinates[i] for i in wrt]
    places = [function.variables.index(name) for name, _ in chosen]
    columns: list[list[float]] = []
    for cotangent in _cotangents(values, tape.outputs):
        adjoints = pullback(tape, values, cotangent, system, places)
        columns.append(
            [
                _entry(adjoints[place], coordinate.index)
                for place, coordinate in zip(places, chosen, strict=True)
            ]
        )
    return columns


def _cotangents(values: Sequence[Any], outputs: Sequence[Slot]) -> list[dict[Slot, Any]]:
    """A unit cotangent for each output number; an array output has one for each of its entries."""
    seeds: list[dict[Slot, Any]] = []
    for slot in outputs:
        value = values[slot]
        if not hasattr(value, "ravel"):
            seeds.append({slot: 1.0})
            continue
        import numpy

        for k in range(value.size):
            unit = numpy.zeros(value.size)
            unit[k] = 1.0
            seeds.append({slot: unit.reshape(value.shape)})
    return seeds


def _entry(adjoint: Any, index: tuple[int, ...] | None) -> float:
    if adjoint is None:
        return 0.0
    return float(adjoint if index is None else adjoint[index])


def _higher(problem: Problem) -> Estimate:
    """Reverse mode carries the last differentiation, series the others: one pass for all wrts that share those."""
    function = problem.function
    inputs = function.unflatten(problem.flat)
    passes: dict[Wrt, list[list[Any]]] = {}
    for wrt in problem.wrts:
        if wrt[:-1] not in passes:
            lasts = {w[-1] for w in problem.wrts if w[:-1] == wrt[:-1]}
            passes[wrt[:-1]] = _series_gradient(function, inputs, wrt[:-1], lasts)
    rows = [[column[wrt[-1]] for column in passes[wrt[:-1]]] for wrt in problem.wrts]
    return Estimate(rows, evaluations=1, passes=len(passes) * len(rows[0]))


def _series_gradient(function: Expression, inputs: list[Any], wrt: Wrt, lasts: set[int]) -> list[list[Any]]:
    """For each output, the derivative along ``wrt`` of its adjoint in each input."""
    orders = list(Counter(wrt).items())
    values, level = nest(inputs, orders, function.system)
    assert isinstance(level, Jets)
    series = run_series(function.tape, values, level, orders[-1][1])
    columns: list[list[Any]] = []
    for slot in function.tape.outputs:
        adjoints = pullback(function.tape, series, {slot: level.lift(unit(level.base))}, level, lasts)
        columns.append([0.0 if a is None else peel(a, orders) for a in adjoints[: len(inputs)]])
    return columns


METHOD = ReverseAD()
