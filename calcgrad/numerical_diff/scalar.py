"""The derivative of a function of one real variable."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from calcgrad.numerical_diff.adaptive import BEST, Search
from calcgrad.numerical_diff.conclude import conclude
from calcgrad.numerical_diff.sampling import Evaluator, Samples
from calcgrad.report import Estimate

MAX_ORDER = 6
MAX_EVALUATIONS = 500


def derivative(
    f: Callable[[Any], Any],
    x: float,
    *,
    order: int = 1,
    rtol: float | None = None,
    bounds: tuple[float, float] | None = None,
    step: float | None = None,
    vectorized: bool = False,
    executor: Any = None,
    max_evaluations: int = MAX_EVALUATIONS,
) -> Estimate:
    """The derivative of f at x, with a bound of its error, from values of f alone.

    >>> import math
    >>> d = derivative(math.exp, 1.0)
    >>> d.status, abs(d.value - math.e) <= d.error_bound < 1e-13
    ('ok', True)
    >>> kink = derivative(abs, 0.0)
    >>> kink.status, round(kink.left, 9), round(kink.right, 9)
    ('kink', -1.0, 1.0)
    """
    x = float(x)
    evaluator = Evaluator(
        f, lambda t: x + t, max_evaluations=max_evaluations, vectorized=vectorized, executor=executor
    )
    low, high = bounds if bounds is not None else (-math.inf, math.inf)
    samples = Samples(evaluator, x, low - x, high - x)
    search = Search(samples, order, rtol if rtol is not None else BEST)
    return conclude(search.run())
