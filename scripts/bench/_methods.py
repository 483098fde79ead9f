"""The ways to a derivative that the accuracy bench compares, all with one signature: f, x -> Answer.

``evaluations`` counts points, not calls. The peers (SciPy, numdifftools) run with their defaults.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np


class Answer(NamedTuple):
    """``word`` is whether the method said in any way that the value is not to be trusted."""

    value: float
    bound: float | None
    evaluations: int
    status: str
    word: bool
    left: float | None = None
    right: float | None = None


class Counted:
    """f, with the points counted that it was asked for."""

    def __init__(self, f: Callable[[Any], Any]) -> None:
        self.f = f
        self.points = 0

    def __call__(self, x: Any) -> Any:
        self.points += int(np.size(x))
        if np.ndim(x) == 0:
            return self._one(float(x))
        flat = [self._one(float(t)) for t in np.ravel(x)]
        return np.reshape(np.array(flat), np.shape(x))

    def _one(self, x: float) -> float:
        try:
            value = self.f(x)
        except (ArithmeticError, ValueError):
            return math.nan
        return float(value) if not isinstance(value, complex) else math.nan


def adaptive(f: Callable[[Any], Any], x: float, rtol: float | None = None) -> Answer:
    from calcgrad.numerical_diff import derivative

    found = derivative(f, x, rtol=rtol)
    return Answer(
        float(found.value),
        float(found.error_bound),
        found.evaluations,
        found.status,
        found.status != "ok",
        found.left,
        found.right,
    )


def adaptive_quick(f: Callable[[Any], Any], x: float) -> Answer:
    return adaptive(f, x, rtol=1e-8)


def scipy_differentiate(f: Callable[[Any], Any], x: float) -> Answer:
    from scipy.differentiate import derivative

    counted = Counted(f)
    found = derivative(counted, x)
    status = "ok" if bool(found.success) else "failed"
    return Answer(float(found.df), float(found.error), counted.points, status, not bool(found.success))


def scipy_approx(f: Callable[[Any], Any], x: float) -> Answer:
    from scipy.optimize._numdiff import approx_derivative

    counted = Counted(f)
    value = approx_derivative(lambda v: counted(v[0]), np.array([x]), method="3-point")
    return Answer(float(np.ravel(value)[0]), None, counted.points, "ok", False)


def numdifftools(f: Callable[[Any], Any], x: float) -> Answer:
    import numdifftools as nd

    counted = Counted(f)
    found = nd.Derivative(counted, full_output=True)(x)
    value, bound = (float(np.ravel(part)[0]) for part in (found.estimate, found.error_estimate))
    word = not math.isfinite(value) or bound > 0.01 * abs(value)
    return Answer(value, bound, counted.points, "ok", word)


def central(f: Callable[[Any], Any], x: float) -> Answer:
    counted = Counted(f)
    h = sys.float_info.epsilon ** (1 / 3) * max(abs(x), 1.0)
    right, left = x + h, x - h
    return Answer((counted(right) - counted(left)) / (right - left), None, counted.points, "ok", False)


METHODS: dict[str, Callable[[Callable[[Any], Any], float], Answer]] = {
    "adaptive": adaptive,
    "adaptive rtol=1e-8": adaptive_quick,
    "scipy.differentiate": scipy_differentiate,
    "scipy approx_derivative": scipy_approx,
    "numdifftools": numdifftools,
    "central difference": central,
}


def answer(method: str, f: Callable[[Any], Any], x: float) -> Answer:
    """Run a method; one that raises, or gives no number, has at least said so."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            found = METHODS[method](f, x)
        except (ArithmeticError, ValueError, IndexError) as error:
            return Answer(math.nan, None, 0, f"raised {type(error).__name__}", True)
    return found if math.isfinite(found.value) else found._replace(word=True)
