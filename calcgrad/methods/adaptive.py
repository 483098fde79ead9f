"""``adaptive``: a numerical derivative that chooses its own step and says how far off it may be.

It calls the raw function, never the tape, so it is a witness of its own. A mixed second derivative comes from two pure
ones along diagonals: ``f_xy = (D²f along e_x + e_y  -  D²f along e_x - e_y) / 4``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, cached_property
from typing import Any

from calcgrad.autodiff.reverse import active_slots, pullback
from calcgrad.autodiff.tape import Tape, run
from calcgrad.errors import LimitError
from calcgrad.methods.protocol import Facts, Problem, Wrt
from calcgrad.numerical_diff import derivative
from calcgrad.operations import OPERATIONS, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS
from calcgrad.progress import counted
from calcgrad.report.estimates import Estimate, Skipped
from calcgrad.systems.base import FLOAT64, NoClosedForm

MOST_ORDER = 6
EPS = 2.0**-52
#: The share of the derivative from which lost digits are worth a word.
LOST = 1e-3


class Adaptive:
    """The adaptive numerical derivative of the raw function."""

    name = "adaptive"

    def derivatives(self, problem: Problem) -> Estimate | Skipped:
        """An estimate for each derivative and output, each with its own bound, step and status."""
        if problem.order > MOST_ORDER:
            return Skipped(f"the adaptive derivative goes up to order {MOST_ORDER}")
        if problem.order > 2 and any(len(set(wrt)) > 1 for wrt in problem.wrts):
            return Skipped("the adaptive derivative has no mixed partials beyond the second order")
        line = _Line(problem)
        rows = [
            [self._one(line, wrt, o) for o in range(line.outputs)]
            for wrt in counted(problem.wrts, f"derivatives by {self.name}")
        ]
        return Estimate(
            value=_table(rows, "value"),
            error_bound=_table(rows, "error_bound"),
            step=_table(rows, "step"),
            evaluations=line.evaluations,
            status=_table(rows, "status"),
            left=_table(rows, "left"),
            right=_table(rows, "right"),
            note=_table(rows, "note"),
        )

    def _one(self, line: _Line, wrt: Wrt, output: int) -> Estimate:
        order = len(wrt)
        if len(set(wrt)) == 1:
            return line.along({wrt[0]: 1.0}, output, order)
        i, j = wrt
        plus = line.along({i: 1.0, j: 1.0}, output, 2)
        minus = line.along({i: 1.0, j: -1.0}, output, 2)
        worse = plus if plus.status != "ok" else minus
        bounds = (plus.error_bound, minus.error_bound)
        return Estimate(
            (plus.value - minus.value) / 4,
            None if None in bounds else sum(bounds) / 4,
            status=worse.status,
            note=worse.note,
        )


class _Line:
    """The function along a line through the point, with its values kept for the other outputs."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.seen: dict[tuple[float, ...], list[float]] = {}
        self.outputs = len(self.values(problem.flat))

    @property
    def evaluations(self) -> int:
        return len(self.seen)

    def values(self, flat: Sequence[float]) -> list[float]:
        key = tuple(flat)
        found = self.seen.get(key)
        if found is None:
            found = self.seen[key] = self.problem.function.values(flat)
        return found

    def along(self, direction: dict[int, float], output: int, order: int) -> Estimate:
        """The derivative in t of ``f(point + t direction)``; along one coordinate t is the coordinate itself."""
        flat = self.problem.flat
        lone = next(iter(direction)) if len(direction) == 1 else None

        def f(t: float) -> float:
            if len(flat) == 1:
                return self.values((t,))[output]
            there = list(flat)
            for i, slope in direction.items():
                there[i] = t if lone is not None else flat[i] + slope * t
            return self.values(there)[output]

        found = derivative(f, flat[lone] if lone is not None else 0.0, order=order, step=self.problem.step)
        if found.status not in ("ok", "noisy") or not found.step or found.error_bound is None:
            return found
        if self.stepping(output, direction, found.step):
            note = (
                "the function steps between the points that were compared: this is the slope across its steps"
            )
            return replace(found, error_bound=math.inf, status="noisy", note=note)
        return self._honest(found, self.rounding(output, direction), order)

    def _honest(self, found: Estimate, rounding: float, order: int) -> Estimate:
        """The estimate with its bound widened where rounding inside the function may be what was differentiated.

        Where nearly equal numbers are subtracted, the rounding of their difference does not change from one double to
        the next: the values look smooth at tiny steps, and their slope is that of the error. No sample can show it.
        """
        assert found.step
        lost = rounding
        for _ in range(order):  # the power of a step may leave the doubles where the quotient does not
            lost /= abs(found.step)
        if not lost > max(found.error_bound or 0.0, LOST * abs(found.value)):
            return found
        note = "the function's own rounding is as steep as this at the step that was chosen"
        return replace(found, error_bound=lost, status="noisy", note=note)

    @cached_property
    def tape(self) -> Tape | None:
        """The function's tape in numbers; ``None`` where that would be too long."""
        try:
            return self.problem.function.in_numbers.tape
        except LimitError:
            return None

    @cached_property
    def tape_values(self) -> list[float]:
        """The tape's values at the point."""
        assert self.tape is not None
        return run(self.tape, self.problem.flat, FLOAT64)

    def rounding(self, output: int, direction: Iterable[int]) -> float:
        """What rounding in the steps that move may do to the function's value at the point, to first order."""
        if self.tape is None:
            return 0.0
        return _rounding(self.tape, self.tape_values, self.tape.outputs[output], list(direction))

    def stepping(self, output: int, direction: dict[int, float], step: float) -> bool:
        """Whether the output depends on an operation with regular jumps (floor, say) that are nearer together than the step.

        Where x is so large that no two doubles lie on the same stair, values at any step show a straight line.
        """
        tape = self.tape
        if tape is None or not any(_jumps(s.op) for s in tape.steps):
            return False
        active = active_slots(tape, list(direction))
        moved = [x + direction.get(i, 0.0) * step for i, x in enumerate(self.problem.flat)]
        here, there = self.tape_values, run(tape, moved, FLOAT64)
        for place, s in enumerate(tape.steps, len(tape.inputs)):
            for period, where in _jumps(s.op) if active[place] else ():
                condition = FLOAT64.expression(parsed(where), ARGUMENTS[: len(s.args)])
                a, b = (condition(*[values[i] for i in s.args]) / period for values in (here, there))
                if math.isfinite(a) and math.isfinite(b) and abs(b - a) >= 1:
                    return True
        return False


@cache
def _jumps(op: str) -> tuple[tuple[float, str], ...]:
    """The period and the condition of each of an operation's jumps that come again and again."""
    row = OPERATIONS[op]
    if not isinstance(row, Elementwise):
        return ()
    return tuple((s.period, s.where) for s in row.singular if s.kind == "jump" and s.period)


def _rounding(tape: Tape, values: Sequence[float], slot: int, wrt: list[int]) -> float:
    try:
        adjoints = pullback(tape, values, {slot: 1.0}, FLOAT64, wrt)
    except NoClosedForm:
        return 0.0
    first = len(tape.inputs)
    pairs = zip(values[first:], adjoints[first:], strict=False)
    total = sum(EPS * abs(v * a) for v, a in pairs if a is not None and v)
    return total if math.isfinite(total) else 0.0


def _table(rows: list[list[Estimate]], field: str) -> list[list[Any]]:
    return [[getattr(estimate, field) for estimate in row] for row in rows]


FACTS = Facts(
    sentence="differences of many steps, put together so that their errors cancel, with a bound of its own",
    bounded=True,
)
METHOD = Adaptive()
