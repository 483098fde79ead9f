"""``adaptive``: a numerical derivative that chooses its own step and says how far off it may be.

It calls the raw function, never the tape, so it is a witness of its own. A mixed second derivative comes from two pure
ones along diagonals: ``f_xy = (D²f along e_x + e_y  -  D²f along e_x - e_y) / 4``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from calcgrad.methods.protocol import Problem, Wrt
from calcgrad.numerical_diff import derivative
from calcgrad.report import Estimate, Skipped

MOST_ORDER = 6


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
        rows = [[self._one(line, wrt, o) for o in range(line.outputs)] for wrt in problem.wrts]
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
            there = list(flat)
            for i, slope in direction.items():
                there[i] = t if lone is not None else flat[i] + slope * t
            return self.values(there)[output]

        return derivative(f, flat[lone] if lone is not None else 0.0, order=order, step=self.problem.step)


def _table(rows: list[list[Estimate]], field: str) -> list[list[Any]]:
    return [[getattr(estimate, field) for estimate in row] for row in rows]


METHOD = Adaptive()
