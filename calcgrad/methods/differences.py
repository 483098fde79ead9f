"""What the two difference methods share: stencils as products over coordinates, steps of the textbook's size.

For a derivative that is taken m times in one coordinate, the m-th difference of spacing h divided by h^m; for several
coordinates, the product of such differences (Abramowitz and Stegun, 25.1 and 25.3). The step balances rounding against
truncation: eps^(1/(k + p)) times the scale max(1, |x|), for order k and a stencil whose error is of order h^p
(Nocedal and Wright, Numerical Optimization, 2nd ed., section 8.1).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from functools import reduce
from operator import truediv

from calcgrad.methods.protocol import Problem, Wrt
from calcgrad.numerical_diff.summing import plain_sum
from calcgrad.report.estimates import Estimate

EPS = 2.0**-52
OUTSIDE = "the function is not finite one step away"
#: Offsets in steps and weights, and the power of h that the weighted sum is divided by is the order m.
Stencil = Sequence[tuple[float, float]]


def representable(x: float, h: float) -> float:
    """The step nearest to ``h`` for which ``x + h`` is exact.

    >>> representable(1.0, 1e-8) == (1.0 + 1e-8) - 1.0
    True
    """
    moved = x + h
    return moved - x if math.isfinite(moved) and moved != x else h


def default_step(x: float, order: int, accuracy: int) -> float:
    """The textbook's step for a derivative of this order by a stencil with error of order h^accuracy."""
    scale = max(1.0, abs(x)) if math.isfinite(x) else 1.0
    return float(EPS ** (1.0 / (order + accuracy))) * scale


class Differences:
    """A difference method: ``stencil(m)`` gives the m-th difference, ``accuracy`` the order of its error in h."""

    def __init__(self, name: str, stencil: Callable[[int], Stencil], accuracy: int) -> None:
        self.name = name
        self.stencil = stencil
        self.accuracy = accuracy

    def derivatives(self, problem: Problem) -> Estimate:
        """The derivatives by differences of the raw function; values are kept, so shared points count once."""
        seen: dict[tuple[float, ...], list[float]] = {}

        def values(flat: list[float]) -> list[float]:
            key = tuple(flat)
            if key not in seen:
                seen[key] = problem.function.values(flat)
            return seen[key]

        steps = [
            representable(x, problem.step or default_step(x, problem.order, self.accuracy))
            for x in problem.flat
        ]
        rows = [self._one(problem, wrt, steps, values) for wrt in problem.wrts]
        finite = [[math.isfinite(v) for v in row] for row in rows]
        return Estimate(
            rows,
            step=[[_common(steps, wrt)] * len(row) for wrt, row in zip(problem.wrts, rows, strict=True)],
            evaluations=len(seen),
            status=[["ok" if ok else "undefined" for ok in row] for row in finite],
            note=[[None if ok else OUTSIDE for ok in row] for row in finite],
        )

    def _one(
        self, problem: Problem, wrt: Wrt, steps: list[float], values: Callable[[list[float]], list[float]]
    ) -> list[float]:
        points: list[tuple[list[float], float]] = [(list(problem.flat), 1.0)]
        divisors: list[float] = []
        for i, times in ((wrt[0], 1),) if len(wrt) == 1 else Counter(wrt).items():
            h = steps[i]
            moved: list[tuple[list[float], float]] = []
            for flat, weight in points:
                for offset, factor in self.stencil(times):
                    there = list(flat)
                    there[i] = flat[i] + offset * h
                    moved.append((there, weight * factor))
            points = moved
            divisors += [h] * times
        terms = [[weight * v for v in values(flat)] for flat, weight in points]
        scale = math.prod(divisors)
        if 0 < abs(scale) < math.inf:
            return [plain_sum(column) / scale for column in zip(*terms, strict=True)]
        return [reduce(truediv, divisors, plain_sum(column)) for column in zip(*terms, strict=True)]


def _common(steps: list[float], wrt: Wrt) -> float | None:
    """The step of a derivative, if all of its coordinates have the same."""
    used = {steps[i] for i in wrt}
    return used.pop() if len(used) == 1 else None


def forward_stencil(m: int) -> Stencil:
    """The m-th forward difference: ``f(x + h) - f(x)`` for m = 1.

    >>> forward_stencil(2)
    [(2.0, 1.0), (1.0, -2.0), (0.0, 1.0)]
    """
    return [(float(m - i), float((-1) ** i * math.comb(m, i))) for i in range(m + 1)]


def central_stencil(m: int) -> Stencil:
    """The m-th central difference, its outermost points m/2 steps away, m steps for odd m (so that they meet the grid).

    >>> central_stencil(1), central_stencil(2)
    ([(1.0, 0.5), (-1.0, -0.5)], [(1.0, 1.0), (0.0, -2.0), (-1.0, 1.0)])
    """
    if m % 2 == 0:
        return [(float(m // 2 - i), float((-1) ** i * math.comb(m, i))) for i in range(m + 1)]
    return [(float(m - 2 * i), (-1) ** i * math.comb(m, i) / 2.0**m) for i in range(m + 1)]
