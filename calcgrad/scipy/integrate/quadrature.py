"""Integrals of functions: their parameters, and both ends, may be traced.

The nodes are those of the double exponential rule (Takahasi and Mori, Double exponential formulas for numerical integration,
1974), on intervals that are halved until two rules, of which one takes every other node, agree: in the value and in every
derivative that the traced integrand has. Ends where the integrand, or a derivative of it, is infinite do no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cosh, exp, inf, isinf, pi, sinh
from typing import Any, TypeAlias

import numpy as np

from calcgrad.errors import UsageError
from calcgrad.scipy.following import any_traced, follows
from calcgrad.tracer import is_traced
from calcgrad.tracing.sweeps import pull_back

#: The rules differ by no more than this, relative to the integral of the absolute value: of smooth
#: integrands the error of the finer one is far smaller still.
CLOSE = 1e-11
#: So many intervals are tried.
MANY = 400
_STEP, _REACH = 0.1, 4.0


def _nodes() -> list[tuple[float, float, float, bool]]:
    """The distances of each node from both ends of an interval of length 1, its weight, and whether the coarse rule has it."""
    found = []
    for k in range(round(-_REACH / _STEP), round(_REACH / _STEP) + 1):
        t = k * _STEP
        u = 0.5 * pi * sinh(t)
        near = 1.0 / (1.0 + exp(2.0 * abs(u)))
        far = 1.0 / (1.0 + exp(-2.0 * abs(u)))
        weight = _STEP * pi * cosh(t) * near * far
        found.append((near, far, weight, k % 2 == 0) if t <= 0 else (far, near, weight, k % 2 == 0))
    return found


_NODES = _nodes()


def _asked(func: Any, a: Any, b: Any, args: Any = (), **options: Any) -> bool:
    """Whether an end, a parameter or a value of the integrand is traced."""
    if any_traced(a, b, args):
        return True
    if not callable(func):
        return False
    given = args if isinstance(args, tuple) else (args,)
    return is_traced(func(_probe(float(a), float(b)), *given))


def _probe(a: float, b: float) -> float:
    if isinf(a) and isinf(b):
        return 0.1
    return b - 0.7 if isinf(a) else a + 0.7 if isinf(b) else a + 0.47 * (b - a)


@follows("scipy.integrate.quad", asks=_asked)
def quad(
    func: Callable[..., Any],
    a: Any,
    b: Any,
    args: Any = (),
    epsabs: float = 1.49e-08,
    epsrel: float = 1.49e-08,
    limit: int = 50,
) -> tuple[Any, float]:
    """The integral of a function between two numbers, and a bound of its error; either end may be infinite."""
    given = args if isinstance(args, tuple) else (args,)

    def value(x: Any) -> Any:
        return func(x, *given)

    total, error = _between(value, a, b)
    return total, error


def _between(f: Callable[[Any], Any], a: Any, b: Any) -> tuple[Any, float]:
    low, high = (x if is_traced(x) else float(x) for x in (a, b))
    first, last = (not is_traced(x) and isinf(x) for x in (low, high))
    if first and last:
        if low == high:
            return 0.0, 0.0
        sign = 1.0 if low < high else -1.0
        left, e1 = _integral(lambda v, w: (f(-v / w), 1.0 / w**2))
        right, e2 = _integral(lambda v, w: (f(v / w), 1.0 / w**2))
        return sign * (left + right), e1 + e2
    if first or last:
        end, infinite = (high, low) if first else (low, high)
        side = 1.0 if infinite == inf else -1.0
        sign = side if last else -side
        total, error = _integral(lambda v, w: (f(end + side * v / w), 1.0 / w**2))
        return sign * total, error
    width = high - low
    total, error = _integral(lambda v, w: (f(low + width * v if v < w else high - width * w), 1.0))
    return width * total, error * abs(float(_plain(width)))


def _plain(x: Any) -> Any:
    while is_traced(x):
        x = x.primal
    return x


def _integral(f: Callable[[float, float], tuple[Any, float]]) -> tuple[Any, float]:
    """Of a function on the numbers from 0 to 1, which is given the distances from both ends."""
    waiting = [(0.0, 1.0)]
    total: Any = 0.0
    sizes: Sizes = {}
    error, tried = 0.0, 0
    while waiting:
        start, stop = waiting.pop()
        tried += 1
        fine, coarse, size = _rules(f, start, stop)
        sizes[-1] = max(sizes.get(-1, 0.0), size)
        if not np.isfinite(size) or tried > MANY or stop - start < 1e-12:
            raise UsageError.of(
                "E426",
                "scipy.integrate.quad: the integral, or its derivative, does not converge",
                hints=("split it where the integrand is not smooth, or substitute the variable",),
            )
        if _agree(fine - coarse, fine, sizes):
            total = total + fine
            error += CLOSE**2 * sizes[-1]
        else:
            middle = 0.5 * (start + stop)
            waiting += [(start, middle), (middle, stop)]
    return total, error


def _rules(
    f: Callable[[float, float], tuple[Any, float]], start: float, stop: float
) -> tuple[Any, Any, float]:
    """The finer and the coarser sum on one interval, and that of the absolute values."""
    width = stop - start
    fine: Any = 0.0
    coarse: Any = 0.0
    size = 0.0
    for before, after, weight, also in _NODES:
        y, density = f(start + width * before, (1.0 - stop) + width * after)
        part = y * (width * weight * density)
        fine = fine + part
        coarse = coarse + 2.0 * part if also else coarse
        size += abs(float(_plain(part)))
    return fine, coarse, size


#: The largest sizes that were met, of the value (-1) and of each derivative: what a difference is measured by.
Sizes: TypeAlias = dict[int, float]


def _agree(difference: Any, fine: Any, sizes: Sizes) -> bool:
    """Whether a difference is small, and so is its derivative by whatever the outermost derivative is taken by.

    That one is asked since a sweep over its trace leaves none of its own steps behind in another.
    """
    while is_traced(difference) and is_traced(difference.primal) and not difference.primal._trace.program:
        fine = _under(fine, difference._trace)
        difference = difference.primal
    if not _small(_value(difference), _value(fine), sizes, -1):
        return False
    if not is_traced(difference) or difference._trace.program:
        return True
    trace = difference._trace
    slopes = pull_back(trace, {difference.slot: 1.0})
    whole = pull_back(trace, {fine.slot: 1.0}) if is_traced(fine) and fine._trace is trace else slopes
    for k, (slope, reference) in enumerate(zip(slopes, whole, strict=True)):
        if slope is not None and not _small(np.sum(np.abs(slope)), np.sum(np.abs(reference)), sizes, k):
            return False
    return True


def _small(difference: Any, whole: Any, sizes: Sizes, which: int) -> bool:
    """Whether a difference is small beside the largest size so far; a program gives up where that falls otherwise."""
    sizes[which] = max(sizes.get(which, 0.0), abs(float(_plain(whole))))
    return bool(abs(difference) <= CLOSE * sizes[which])


def _under(value: Any, trace: Any) -> Any:
    return value.primal if is_traced(value) and value._trace is trace else value


def _value(x: Any) -> Any:
    """The value under a trace, which may be one of a program."""
    return x.primal if is_traced(x) and not x._trace.program else x


@follows("scipy.integrate.fixed_quad", asks=_asked)
def fixed_quad(func: Callable[..., Any], a: Any, b: Any, args: Any = (), n: int = 5) -> tuple[Any, None]:
    """Gauss's rule with a number of nodes, of a function of arrays; both ends are finite."""
    nodes, weights = np.polynomial.legendre.leggauss(n)
    half = 0.5 * (b - a)
    return half * np.sum(weights * func(half * (nodes + 1.0) + a, *args), axis=-1), None
