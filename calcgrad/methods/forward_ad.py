"""``forward-ad``: forward mode, one pass a variable; higher orders by Taylor series, nested for mixed partials."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeAlias

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.jets import Jets, Series, run_series
from calcgrad.autodiff.scaling import (
    EXPONENTS,
    MOST_SLOTS,
    Lost,
    best,
    coefficients,
    lost_in,
    note,
    swept,
    unscaled,
)
from calcgrad.autodiff.tape import Tape, run
from calcgrad.functions.expression import Expression, flatten
from calcgrad.methods.each import each
from calcgrad.methods.protocol import Facts, Problem, Wrt
from calcgrad.operations.shapes import shape_of
from calcgrad.report.estimates import Estimate, Skipped
from calcgrad.systems.base import System


class ForwardAD:
    """Tangents along with the values."""

    name = "forward-ad"

    def derivatives(self, problem: Problem) -> Estimate | Skipped:
        """The derivatives, exact to rounding, or the operation that has no closed form."""
        return each(problem, _derivatives)


def _derivatives(problem: Problem) -> Estimate:
    if problem.order == 1:
        return _first(problem)
    rows: list[list[float]] = []
    notes: list[list[str | None]] = []
    for wrt in problem.wrts:
        found, exponent = _mixed_in_range(problem.function, problem.flat, wrt)
        rows.append(found)
        notes.append([note("series", exponent)] * len(found))
    said = notes if any(word for row in notes for word in row) else None
    return Estimate(rows, evaluations=1, passes=len(problem.wrts), note=said)


def _first(problem: Problem) -> Estimate:
    function, tape, system = problem.function, problem.function.tape, problem.function.system
    inputs = function.unflatten(problem.flat)
    values = run(tape, inputs, system)
    rows: list[list[float]] = []
    notes: list[list[str | None]] = []
    for (i,) in problem.wrts:
        seed = function.seed(i)
        found = swept(partial(_scaled, tape, values, seed, system), system)
        row = flat_outputs(tape, found.slots, values)
        rows.append([found.unscaled(value) for value in row])
        notes.append([found.note("tangents")] * len(row))
    said = notes if any(note for row in notes for note in row) else None
    return Estimate(rows, evaluations=1, passes=len(problem.wrts), note=said)


def _scaled(
    tape: Tape, values: Sequence[Any], seed: Sequence[Any], system: System, scale: float
) -> Sequence[Any]:
    """The tangents for a seed times ``scale``."""
    scaled = seed if scale == 1.0 else [None if d is None else d * scale for d in seed]
    return pushforward(tape, values, scaled, system)


def _passes(
    function: Expression, values: Sequence[Any], system: System, coordinates: Iterable[int]
) -> Iterator[Sequence[Any]]:
    """The tangents of all slots, one forward pass a coordinate."""
    for i in coordinates:
        yield pushforward(function.tape, values, function.seed(i), system)


def sweeps(function: Expression, values: Sequence[Any], system: System) -> Iterator[Sequence[Any]]:
    """The passes of the whole Jacobian: one for each of the function's coordinates."""
    return _passes(function, values, system, range(len(function.coordinates)))


def flat_outputs(tape: Tape, tangents: Sequence[Any], values: Sequence[Any]) -> list[float]:
    """The outputs' tangents as one list of floats; zeros by structure are written out."""
    flat: list[float] = []
    for slot in tape.outputs:
        flat.extend(flatten(None if slot < 0 else tangents[slot], shape_of(values[slot])))
    return flat


#: The inputs' tangents that move one coordinate alone; ``None`` for the inputs that stand still.
Seeds: TypeAlias = Callable[[int], Sequence[Any]]


def nest(
    inputs: Sequence[Any],
    orders: Sequence[tuple[int, int]],
    base: System,
    seeds: Seeds | None = None,
    exponent: int = 0,
) -> tuple[list[Any], System]:
    """The inputs as series, one level for each (coordinate, order), and the system that they live in.

    Level by level, ``x`` becomes ``x + t``, or ``x + 2^exponent t``: the mixed derivative is read off as one coefficient at each
    level. Without ``seeds`` every input is a number and a coordinate.
    """
    level = base
    values: list[Any] = list(inputs)
    for i, order in orders:
        jets = Jets(level, order)
        seed = [1.0 if k == i else None for k in range(len(values))] if seeds is None else seeds(i)
        if exponent:
            seed = [None if d is None else d * 2.0**exponent for d in seed]
        values = [jets.variable(v, lifted(d, level)) for v, d in zip(values, seed, strict=True)]
        level = jets
    return values, level


def lifted(value: Any, level: System) -> Any:
    """A number or array as a constant of a system of series, at every level of it."""
    return level.lift(lifted(value, level.base)) if isinstance(level, Jets) and value is not None else value


def _mixed_in_range(function: Expression, flat: Sequence[float], wrt: Wrt) -> tuple[list[float], int]:
    """A mixed partial of each output, with the direction's power of two that loses the fewest coefficients; and its exponent."""

    def series(exponent: int) -> tuple[list[float], Lost]:
        return _mixed(function, flat, wrt, exponent)

    plain = series(0)
    if not plain[1].all or len(function.tape.steps) > MOST_SLOTS:
        return plain[0], 0
    found, exponent = best(series, plain, along(len(wrt)))
    return [unscaled(value, exponent * len(wrt)) for value in found], exponent


def along(order: int) -> tuple[int, int, int]:
    """The exponents for a direction whose powers up to ``order`` are to stay in range."""
    gentle, far, between = [k // order for k in EXPONENTS]
    return gentle, far, between


def _mixed(function: Expression, flat: Sequence[float], wrt: Wrt, exponent: int) -> tuple[list[float], Lost]:
    """A mixed partial of any order of each output: nested series, one level a coordinate; and what is lost among them."""
    orders = list(Counter(wrt).items())
    tape, base = function.tape, function.system
    values, level = nest(function.unflatten(flat), orders, base, function.seed, exponent)
    assert isinstance(level, Jets)
    with base.quiet():
        series = run_series(tape, values, level, orders[-1][1])
        found: list[float] = []
        for slot in tape.outputs:
            found.extend(flatten(peel(series[slot], orders), shape_of(series[slot])))
        return found, lost_in(coefficients(series[: len(tape.inputs) + len(tape.steps)]), base)


def peel(series: Series, orders: Sequence[tuple[int, int]]) -> Any:
    """The derivative that nested series hold, the coefficient of each level times its factorial, or ``None`` for zero."""
    value: Any = series
    factor = 1
    for _, k in reversed(orders):
        value = value.coefficient(k)
        if value is None:
            return None
        factor *= math.factorial(k)
    return value * float(factor)


FACTS = Facts(
    sentence="the chain rule along with the values, a pass for each input",
    exact=True,
    by_chain_rule=True,
    by_table=True,
    passes="sweeps",
    sweeps=sweeps,
)
METHOD = ForwardAD()
