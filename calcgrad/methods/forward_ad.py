"""``forward-ad``: forward mode, one pass a variable; higher orders by Taylor series, nested for mixed partials."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from calcgrad.forward_ad import pushforward
from calcgrad.jets import Jets, Series, run_series
from calcgrad.methods.protocol import Problem, Wrt
from calcgrad.report import Estimate, Skipped
from calcgrad.systems import NoClosedForm, System
from calcgrad.tape import Tape, run


class ForwardAD:
    """Tangents along with the values."""

    name = "forward-ad"

    def derivatives(self, problem: Problem) -> Estimate | Skipped:
        """The derivatives, exact to rounding, or the operation that has no closed form."""
        function = problem.function
        try:
            if problem.order == 1:
                rows = _first(problem)
            else:
                inputs = function.unflatten(problem.flat)
                rows = [mixed(function.tape, inputs, wrt, function.system) for wrt in problem.wrts]
        except NoClosedForm as fact:
            return Skipped(str(fact))
        return Estimate(rows, evaluations=1, passes=len(problem.wrts))


def _first(problem: Problem) -> list[list[float]]:
    function, tape, system = problem.function, problem.function.tape, problem.function.system
    inputs = function.unflatten(problem.flat)
    values = run(tape, inputs, system)
    rows: list[list[float]] = []
    for (i,) in problem.wrts:
        tangents = pushforward(tape, values, function.seed(i), system)
        rows.append(flat_outputs(tape, tangents, values))
    return rows


def flat_outputs(tape: Tape, tangents: Sequence[Any], values: Sequence[Any]) -> list[float]:
    """The outputs' tangents as one list of floats; zeros by structure are written out."""
    flat: list[float] = []
    for slot in tape.outputs:
        value, tangent = values[slot], None if slot < 0 else tangents[slot]
        if hasattr(value, "ravel"):
            flat.extend([0.0] * value.size if tangent is None else (tangent + 0 * value).ravel().tolist())
        else:
            flat.append(0.0 if tangent is None else float(tangent))
    return flat


def nest(inputs: Sequence[Any], orders: Sequence[tuple[int, int]], base: System) -> tuple[list[Any], System]:
    """The inputs as series, one level for each (input, order), and the system that they live in.

    Level by level, ``x`` becomes ``x + t``: the mixed derivative is read off as one coefficient at each level.
    """
    level = base
    values: list[Any] = list(inputs)
    for i, _ in orders:
        jets = Jets(level)
        values = [jets.variable(v, unit(level) if k == i else None) for k, v in enumerate(values)]
        level = jets
    return values, level


def unit(level: System) -> Any:
    """The number one of a system of series, or of plain numbers."""
    return level.lift(unit(level.base)) if isinstance(level, Jets) else 1.0


def mixed(tape: Tape, inputs: Sequence[Any], wrt: Wrt, base: System) -> list[Any]:
    """A mixed partial of any order of each output: nested series, one level a variable."""
    orders = list(Counter(wrt).items())
    values, level = nest(inputs, orders, base)
    assert isinstance(level, Jets)
    series = run_series(tape, values, level, orders[-1][1])
    return [peel(series[slot], orders) for slot in tape.outputs]


def peel(series: Series, orders: Sequence[tuple[int, int]]) -> Any:
    """The derivative that nested series hold: the coefficient of each level times its factorial."""
    value: Any = series
    factor = 1
    for _, k in reversed(orders):
        value = value.coefficient(k)
        if value is None:
            return 0.0
        factor *= math.factorial(k)
    return value * float(factor)


METHOD = ForwardAD()
