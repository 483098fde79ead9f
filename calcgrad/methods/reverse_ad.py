"""``reverse-ad``: reverse mode, one pass an output; higher orders by reverse mode over Taylor series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from calcgrad.autodiff.jets import Jets, run_series
from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.scaling import swept
from calcgrad.autodiff.tape import Slot, Tape, run
from calcgrad.functions.expression import Expression, indices
from calcgrad.methods.each import each
from calcgrad.methods.forward_ad import lifted, nest, peel
from calcgrad.methods.protocol import Facts, Problem, Wrt
from calcgrad.operations.shapes import shape_of
from calcgrad.report.estimates import Estimate, Skipped
from calcgrad.systems.base import System


class ReverseAD:
    """Cotangents from the outputs back to all inputs at once."""

    name = "reverse-ad"

    def derivatives(self, problem: Problem) -> Estimate | Skipped:
        """The derivatives, exact to rounding, or the operation that has no closed form."""
        return each(problem, _first if problem.order == 1 else _higher)


def _first(problem: Problem) -> Estimate:
    columns, notes = _columns(problem.function, problem.flat, [i for (i,) in problem.wrts])
    rows = [[column[k] for column in columns] for k in range(len(problem.wrts))]
    said = [notes] * len(problem.wrts) if any(notes) else None
    return Estimate(rows, evaluations=1, passes=len(columns), note=said)


def first(function: Expression, flat: Sequence[float], wrt: Sequence[int]) -> list[list[float]]:
    """The gradient of each output in the chosen coordinates, one backward pass an output."""
    return _columns(function, flat, wrt)[0]


def _columns(
    function: Expression, flat: Sequence[float], wrt: Sequence[int]
) -> tuple[list[list[float]], list[str | None]]:
    """The gradient of each output, and what is to be said of it."""
    tape, system = function.tape, function.system
    values, inputs = run(tape, function.unflatten(flat), system), _inputs_of(function, wrt)
    columns: list[list[float]] = []
    notes: list[str | None] = []
    for slot, cotangent in unit_cotangents(values, tape.outputs, system):
        found = swept(partial(_scaled, tape, values, slot, cotangent, system, inputs), system)
        columns.append([found.unscaled(_entry(found.slots, function, i)) for i in wrt])
        notes.append(found.note("adjoints"))
    return columns, notes


def _scaled(
    tape: Tape, values: Sequence[Any], slot: Slot, cotangent: Any, system: System, wrt: set[int], scale: float
) -> list[Any]:
    """The adjoints for a cotangent times ``scale``."""
    return pullback(tape, values, {slot: cotangent if scale == 1.0 else cotangent * scale}, system, wrt)


def sweeps(function: Expression, values: Sequence[Any], system: System) -> Iterator[Sequence[Any]]:
    """The passes of the whole Jacobian: the adjoints of all slots, one backward pass for each number of the outputs."""
    for slot, cotangent in unit_cotangents(values, function.tape.outputs, function.system):
        yield pullback(function.tape, values, {slot: cotangent}, system)


def unit_cotangents(
    values: Sequence[Any], outputs: Sequence[Slot], system: System
) -> Iterator[tuple[Slot, Any]]:
    """A unit cotangent for each number of the outputs: 1 in one entry of one slot, zero by structure elsewhere."""
    for slot in outputs:
        shape = shape_of(values[slot])
        for index in indices(shape):
            yield slot, system.function("scatter")(1.0, index, shape) if shape else 1.0


def _inputs_of(function: Expression, wrt: Iterable[int]) -> set[int]:
    """The inputs that hold the coordinates."""
    return {function.variables.index(function.coordinates[i].name) for i in wrt}


def _entry(adjoints: Sequence[Any], function: Expression, i: int) -> float:
    """The adjoint of a coordinate; 0 where it is zero by structure."""
    place = function.coordinates[i]
    name, index = place.name, place.index
    adjoint = adjoints[function.variables.index(name)]
    if adjoint is None:
        return 0.0
    return float(adjoint if index is None else adjoint[index])


def _higher(problem: Problem) -> Estimate:
    """Reverse mode carries the last differentiation, series the others: one pass for all wrts that share those."""
    function = problem.function
    passes: dict[Wrt, list[dict[int, float]]] = {}
    for wrt in problem.wrts:
        if wrt[:-1] not in passes:
            lasts = {w[-1] for w in problem.wrts if w[:-1] == wrt[:-1]}
            passes[wrt[:-1]] = _series_gradient(function, problem.flat, wrt[:-1], lasts)
    rows = [[column[wrt[-1]] for column in passes[wrt[:-1]]] for wrt in problem.wrts]
    return Estimate(rows, evaluations=1, passes=len(passes) * len(rows[0]))


def _series_gradient(
    function: Expression, flat: Sequence[float], wrt: Wrt, lasts: set[int]
) -> list[dict[int, float]]:
    """For each output, the derivative along ``wrt`` of its adjoint in each of the coordinates ``lasts``."""
    orders = list(Counter(wrt).items())
    tape, base = function.tape, function.system
    inputs, level = nest(function.unflatten(flat), orders, base, function.seed)
    assert isinstance(level, Jets)
    columns: list[dict[int, float]] = []
    with base.quiet():
        series = run_series(tape, inputs, level, orders[-1][1])
        for slot, cotangent in unit_cotangents(series, tape.outputs, base):
            seed = {slot: lifted(cotangent, level)}
            adjoints = pullback(tape, series, seed, level, _inputs_of(function, lasts))
            peeled = [None if a is None else peel(a, orders) for a in adjoints[: len(inputs)]]
            columns.append({i: _entry(peeled, function, i) for i in lasts})
    return columns


FACTS = Facts(
    sentence="the chain rule from the result back to all inputs, a pass for each output",
    exact=True,
    by_chain_rule=True,
    by_table=True,
    passes="sweeps",
    sweeps=sweeps,
)
METHOD = ReverseAD()
