"""``reverse-ad``: reverse mode, one pass an output; higher orders by reverse mode over Taylor series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from calcgrad.autodiff.jets import Jets, Series, run_series
from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.scaling import MOST_SLOTS, Lost, best, coefficients, lost_in, note, swept, unscaled
from calcgrad.autodiff.tape import Slot, Tape, run
from calcgrad.functions.expression import Expression, indices
from calcgrad.methods.each import each
from calcgrad.methods.forward_ad import along, lifted, nest, peel
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
        columns.append([found.unscaled(adjoint_of(found.slots, function, i)) for i in wrt])
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


def adjoint_of(adjoints: Sequence[Any], function: Expression, i: int) -> float:
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
    passes: dict[Wrt, list[_Column]] = {}
    for wrt in problem.wrts:
        if wrt[:-1] not in passes:
            lasts = {w[-1] for w in problem.wrts if w[:-1] == wrt[:-1]}
            passes[wrt[:-1]] = _series_gradient(function, problem.flat, wrt[:-1], lasts)
    rows = [[column.entries[wrt[-1]] for column in passes[wrt[:-1]]] for wrt in problem.wrts]
    notes = [[column.note for column in passes[wrt[:-1]]] for wrt in problem.wrts]
    said = notes if any(word for row in notes for word in row) else None
    return Estimate(rows, evaluations=1, passes=len(passes) * len(rows[0]), note=said)


class _Column(NamedTuple):
    """The derivatives of one output by their last coordinate, and what is to be said of them."""

    entries: dict[int, float]
    note: str | None


class _Values(NamedTuple):
    """The values of all slots as series along ``orders``, for a direction of ``2**exponent``."""

    series: list[Series]
    level: Jets
    orders: list[tuple[int, int]]
    exponent: int

    @property
    def power(self) -> int:
        """The exponent of two that the derivative is scaled by."""
        return self.exponent * sum(order for _, order in self.orders)


def _series_gradient(function: Expression, flat: Sequence[float], wrt: Wrt, lasts: set[int]) -> list[_Column]:
    """For each output, the derivative along ``wrt`` of its adjoint in each of the coordinates ``lasts``."""
    values = _series_in_range(function, flat, wrt)
    with function.system.quiet():
        return [
            _column(function, values, slot, cotangent, lasts)
            for slot, cotangent in unit_cotangents(values.series, function.tape.outputs, function.system)
        ]


def _series_in_range(function: Expression, flat: Sequence[float], wrt: Wrt) -> _Values:
    """The values as series along ``wrt``, with the direction's power of two that loses the fewest coefficients."""
    tape, base, orders = function.tape, function.system, list(Counter(wrt).items())

    def run_with(exponent: int) -> tuple[_Values, Lost]:
        inputs, level = nest(function.unflatten(flat), orders, base, function.seed, exponent)
        assert isinstance(level, Jets)
        with base.quiet():
            series = run_series(tape, inputs, level, orders[-1][1])
            lost = lost_in(coefficients(series[: len(inputs) + len(tape.steps)]), base)
        return _Values(series, level, orders, exponent), lost

    plain = run_with(0)
    if not plain[1].all or len(tape.steps) > MOST_SLOTS:
        return plain[0]
    return best(run_with, plain, along(len(wrt)))[0]


def _column(function: Expression, values: _Values, slot: Slot, cotangent: Any, lasts: set[int]) -> _Column:
    """One output's column: a sweep over series, with the cotangent's power of two that loses the fewest coefficients."""
    tape, wanted = function.tape, _inputs_of(function, lasts)

    def sweep(exponent: int) -> tuple[list[Any], Lost]:
        seed = {slot: lifted(cotangent * 2.0**exponent if exponent else cotangent, values.level)}
        adjoints = pullback(tape, values.series, seed, values.level, wanted)
        return adjoints, lost_in(coefficients(adjoints), function.system)

    adjoints, lost = sweep(0)
    exponent = 0
    if lost.all and len(tape.steps) <= MOST_SLOTS:
        adjoints, exponent = best(sweep, (adjoints, lost))
    peeled = [None if a is None else peel(a, values.orders) for a in adjoints[: len(tape.inputs)]]
    entries = {i: unscaled(adjoint_of(peeled, function, i), exponent + values.power) for i in lasts}
    return _Column(entries, note("adjoints", exponent) or note("series", values.exponent))


FACTS = Facts(
    sentence="the chain rule from the result back to all inputs, a pass for each output",
    exact=True,
    by_chain_rule=True,
    by_table=True,
    adds_adjoints=True,
    passes="sweeps",
    sweeps=sweeps,
)
METHOD = ReverseAD()
