"""The derivative of a function of one real variable."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from calcgrad.errors import UsageError
from calcgrad.numerical_diff.adaptive import BEST
from calcgrad.numerical_diff.combine import combined
from calcgrad.numerical_diff.conclude import conclude
from calcgrad.numerical_diff.sampling import Function, Line, Samples
from calcgrad.numerical_diff.second_look import searched
from calcgrad.report.estimates import Estimate

MAX_ORDER = 6
MAX_EVALUATIONS = 600


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
    whole_grid: bool = False,
) -> Estimate:
    """The derivative of f at x, from values of f alone, with a bound of its error.

    ``f`` takes a float and returns a number, real or complex, or an array; ``value`` and ``error_bound`` have
    that shape. ``order`` is 1 to 6. ``rtol`` is the relative error to stop at; without it the search goes on
    to about the last digit that f's values hold. (Where the derivative is below a hundredth of the slopes
    nearby, ``rtol`` is relative to that hundredth.) ``bounds`` are a pair that f is never called beyond.
    ``step`` is the spacing to begin with, when the scale of f is known. ``whole_grid`` says that a coarse
    ``rtol`` saves no points of the first grid, which sees noise and leaps, but only further grids.
    ``vectorized`` says that f takes an array of points; ``executor`` is anything with ``submit``, such as
    those of ``concurrent.futures``. After ``max_evaluations`` points the best estimate so far is the answer,
    with its bound and the status ``budget``.

    ``status`` is ``ok``, ``noisy`` (the derivative of f's smooth part, the level in ``noise``), ``kink``
    (``left`` and ``right`` are the one-sided derivatives, ``error_bound`` is theirs, ``value`` is nan),
    ``jump`` (likewise with the one-sided values), ``boundary`` (f ends here: the one-sided derivative),
    ``undefined`` (f has no value here, or its tangent is vertical), ``budget`` or ``failed``; all but ``ok``
    say why in ``note``.

    Points where f raises, or returns nan or an infinity, are read as outside its domain; TypeError, NameError
    and the like are mistakes in f and are passed on. Raises :class:`~calcgrad.errors.UsageError` for an
    order, a point or bounds that make no sense.

    >>> import math
    >>> d = derivative(math.exp, 1.0)
    >>> d.status, abs(d.value - math.e) <= d.error_bound < 1e-12
    ('ok', True)
    >>> derivative(math.exp, 1.0, rtol=1e-8).evaluations
    11
    >>> kink = derivative(abs, 0.0)
    >>> kink.status, round(kink.left, 9), round(kink.right, 9)
    ('kink', -1.0, 1.0)
    """
    started = time.perf_counter()
    x = float(x)
    low, high = _checked(x, order, bounds)
    function = Function(f, max_evaluations=max_evaluations, vectorized=vectorized, executor=executor)
    line = Line(function, _inside(x, low, high))
    found = differentiate_line(
        line, x, low - x, high - x, order=order, rtol=rtol, step=step, whole=whole_grid
    )
    return replace(found, seconds=time.perf_counter() - started, evaluations=function.evaluations)


def differentiate_line(
    line: Line,
    x: float,
    lower: float,
    upper: float,
    *,
    order: int,
    rtol: float | None,
    step: float | None,
    whole: bool = False,
) -> Estimate:
    """The derivative of every component along the line, put together in the shape of f's answers."""
    wish = BEST if rtol is None else max(rtol, BEST)

    def one(component: int) -> Estimate:
        samples = Samples(line, x, lower, upper, component)
        return conclude(searched(samples, order, wish, start=step or 0.0, whole=whole))

    first = one(0)
    function = line.function
    count = math.prod(function.shape or ()) * (2 if function.is_complex else 1)
    if count == 1 and not function.shape:
        return first
    return combined([first, *(one(i) for i in range(1, count))], function.shape or (), function.is_complex)


def _checked(x: float, order: int, bounds: tuple[float, float] | None) -> tuple[float, float]:
    if not 1 <= order <= MAX_ORDER:
        raise UsageError.of("E345", f"numerical derivatives have orders 1 to {MAX_ORDER}, not {order}")
    if not math.isfinite(x):
        raise UsageError.of("E346", f"there is no derivative at {x}")
    low, high = bounds if bounds is not None else (-math.inf, math.inf)
    if not low <= x <= high or low == high:
        raise UsageError.of("E347", f"the point {x} is not inside the bounds {low} and {high}")
    return float(low), float(high)


def _inside(x: float, low: float, high: float) -> Callable[[float], float]:
    """x + t; where that could round across a bound, the bound."""
    if low == -math.inf and high == math.inf:
        return lambda t: x + t
    return lambda t: min(max(x + t, low), high)
