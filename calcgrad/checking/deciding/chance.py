"""Losses that answer differently each time: difference quotients made again and again, and a test of their mean.

Along a direction the quotient of four fresh values is an unbiased measurement of the derivative, but for truncation. Many
of them have a mean whose distance from the claim is judged by Student's t. The step comes from a pilot whose values are not
used again, so that the p-value of a right claim is uniform; two directions are put together by Fisher's method.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy

from calcgrad.checking.measuring.deadline import SpentError
from calcgrad.checking.measuring.directions import draw, single
from calcgrad.checking.measuring.functionals import Functional
from calcgrad.checking.measuring.oracle import Oracle

Array = Any
#: Evaluations, where no number is asked for.
BUDGET = 2000
#: A claim is wrong where chance alone would do as much as seldom as this.
ALARM = 1e-6
#: An error of so many times the noise of the mean is found.
FOUND = 10.0
#: A right claim is worth the word where a single error of this share of the largest entry would have been found.
_USEFUL = 0.1
#: The share of the budget that the pilot may take, and the quotients that it makes at each step.
_PILOT, _QUOTIENTS = 0.25, 8
_FIRST_STEP = 0.25
_HALVINGS = 12
#: A difference between two steps of so many of its standard errors is truncation.
_TRUNCATED = 3.0
#: f' = (8(f₁ - f₋₁) - (f₂ - f₋₂))/12h, with an error of h⁴·f⁗'/30.
_NODES, _WEIGHTS = (1.0, -1.0, 2.0, -2.0), (8.0 / 12.0, -8.0 / 12.0, -1.0 / 12.0, 1.0 / 12.0)


@dataclass(frozen=True, slots=True)
class Mean:
    """Quotients along one direction: their mean, its standard error, how many they were, and what was claimed."""

    claimed: float
    value: float
    error: float
    count: int

    @property
    def p(self) -> float:
        """The probability that a right claim is at least as far off."""
        from scipy.special import stdtr

        if not self.error:
            return float(self.claimed == self.value)
        t = abs(self.value - self.claimed) / self.error
        return float(2.0 * stdtr(self.count - 1, -t))


def together(p: Sequence[float]) -> float:
    """Fisher's method: one p-value of several independent ones, uniform where they are.

    >>> together([0.5]), round(together([0.01, 0.01]), 6)
    (0.5, 0.001021)
    """
    product = math.prod(p)
    if product <= 0.0:
        return 0.0
    logarithm, term, total = -math.log(product), 1.0, 1.0
    for k in range(1, len(p)):
        term *= logarithm / k
        total += term
    return min(1.0, product * total)


@dataclass(frozen=True, slots=True)
class Chance:
    """What was found: the p-value of the claim, and the single error of an entry that would have been found."""

    p: float
    detectable: float
    largest: float
    noise: float
    evaluations: int
    means: tuple[Mean, ...]

    @property
    def verdict(self) -> Literal["right", "wrong", "inconclusive"]:
        """``wrong``, ``right`` where that says something, or ``inconclusive``."""
        if self.p < ALARM:
            return "wrong"
        return "right" if self.detectable <= _USEFUL * self.largest else "inconclusive"

    @property
    def needed(self) -> int:
        """The evaluations that would find a single error of a tenth of the largest entry."""
        if not self.largest:
            return 0
        return math.ceil(self.evaluations * max(1.0, self.detectable / (_USEFUL * self.largest)) ** 2)


def by_chance(oracle: Oracle, functional: Functional, size: Array, seed: int) -> Chance | None:
    """Test a claim along two directions; ``None`` where the function has too few values for it."""
    most = oracle.options.max_evaluations or BUDGET
    budget = max((most - oracle.evaluations) // 2, 0)
    means: list[Mean] = []
    for k in range(2):
        v = draw([seed, 19, k], size)
        try:
            mean = _along(oracle, functional, v, budget)
        except SpentError:
            mean = None
        if mean is not None:
            means.append(mean)
    if not means:
        return None
    threshold = [FOUND * mean.error for mean in means]
    vector = functional.vector
    largest = 0.0 if vector is None else float(numpy.max(numpy.abs(vector)))
    return Chance(
        together([mean.p for mean in means]),
        single(threshold, float(size.min())),
        largest,
        max(mean.error for mean in means),
        oracle.evaluations,
        tuple(means),
    )


def _along(oracle: Oracle, functional: Functional, v: Array, budget: int) -> Mean | None:
    """The mean of as many quotients as there is room for, at a step that the pilot found free of truncation."""
    spent = oracle.evaluations
    step = _pilot(oracle, functional, v, int(_PILOT * budget))
    if not step:
        return None
    count = (budget - (oracle.evaluations - spent)) // len(_NODES)
    if count < _QUOTIENTS:
        return None
    quotients = _quotients(oracle, functional, v, step, count)
    if not numpy.isfinite(quotients).all():
        return None
    error = float(numpy.std(quotients, ddof=1)) / math.sqrt(count)
    return Mean(functional.claimed(v)[0], float(numpy.mean(quotients)), error, count)


def _pilot(oracle: Oracle, functional: Functional, v: Array, budget: int) -> float:
    """Half of the largest step at which it and its half agree; 0 where no step has values, or nothing is left.

    At half of it what truncation is left is a sixteenth.
    """
    count = max(_QUOTIENTS, min(64, budget // (4 * len(_NODES))))
    step, before = _FIRST_STEP, _quotients(oracle, functional, v, _FIRST_STEP, count)
    for _ in range(_HALVINGS):
        after = _quotients(oracle, functional, v, step / 2.0, count)
        if numpy.isfinite(before).all() and numpy.isfinite(after).all():
            apart = abs(float(numpy.mean(before) - numpy.mean(after)))
            error = math.sqrt((float(numpy.var(before, ddof=1)) + float(numpy.var(after, ddof=1))) / count)
            if apart <= _TRUNCATED * error:
                return step / 2.0
        step, before = step / 2.0, after
    return 0.0


def _quotients(oracle: Oracle, functional: Functional, v: Array, step: float, count: int) -> Array:
    """So many difference quotients, each from four fresh values; nan where the function has none."""
    offsets = [node * step for node in _NODES]
    answers = oracle.fresh(v, offsets * count)
    values = numpy.array([float(functional.reduce(a)) if a is not None else math.nan for a in answers])
    return values.reshape(count, len(_NODES)) @ numpy.array(_WEIGHTS) / step
