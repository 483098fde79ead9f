"""Incomplete and hypergeometric functions and orthogonal polynomials of power series over Arb's balls.

Orders and lower parameters are balls that do not move. Densities are definitions in their rows. Sources: DLMF.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, ctx

from calcgrad.systems.values import balls_families, recurrences
from calcgrad.systems.values.balls_families import exact
from calcgrad.systems.values.lengths import keeping
from calcgrad.systems.values.recurrences import HIGHEST_DEGREE
from calcgrad.systems.values.series import (
    Series,
    apart,
    compose,
    differentiated,
    integrated,
    lead,
    log,
    moves,
    series_of,
    unknown,
    whole,
)


def _incomplete(name: str, density: Callable[..., Series]) -> Callable[..., Series]:
    """An integral up to the last argument: its own value, and the density in the integrand's place."""
    value = getattr(balls_families, name)

    def function(*args: Series) -> Series:
        *orders, x = args
        if any(map(moves, orders)) or not lead(x) > 0:
            return unknown()
        return integrated(
            value(*orders, lead(x)), series_of(density(*orders, x)) * differentiated(series_of(x), 1)
        )

    return function


def _gamma_integrand(s: Any, x: Series) -> Series:
    return ((s - 1) * log(x) - x).exp()


def _gamma_density(s: Any, x: Series) -> Series:
    return _gamma_integrand(s, x) * s.rgamma()


def _beta_density(a: Any, b: Any, x: Series) -> Series:
    if not lead(x) < 1:
        return unknown()
    return ((a - 1) * log(x) + (b - 1) * log(1 - x)).exp() * (a + b).gamma() * a.rgamma() * b.rgamma()


lowergamma = _incomplete("lowergamma", _gamma_integrand)
uppergamma = _incomplete("uppergamma", lambda s, x: -_gamma_integrand(s, x))
gammainc = _incomplete("gammainc", _gamma_density)
gammaincc = _incomplete("gammaincc", lambda s, x: -_gamma_density(s, x))
_betainc = _incomplete("betainc", _beta_density)


def betainc(a: Series, b: Series, x: Series) -> Series:
    """On its own domain alone: beyond it flint climbs long to find out that there is no real value."""
    inside = lead(a) > 0 and lead(b) > 0 and 0 < lead(x) < 1
    return _betainc(a, b, x) if inside else unknown()


def expint(n: Series, a: Series) -> Series:
    """The k-th derivative of the order n is that of the order n - k, with the sign (-1)^k (DLMF 8.19.13)."""
    if moves(n) or not lead(a) > 0:
        return unknown()
    coefficients, below = [], arb(1)
    for k in range(ctx.cap):
        coefficients.append(balls_families.expint(n - k, lead(a)) / below)
        below = -below * (k + 1)
    return compose(a, coefficients)


# Orthogonal polynomials, by the recurrences themselves: a series has all that they need.


def _polynomial(name: str) -> Callable[..., Series]:
    recurrence = getattr(recurrences, name)

    def function(n: Series, *args: Series) -> Series:
        degree = whole(n)
        if degree is None or not 0 <= degree <= HIGHEST_DEGREE:
            return unknown()
        return recurrence(exact, degree, *args)

    return function


legendre, chebyt, chebyu = _polynomial("legendre"), _polynomial("chebyt"), _polynomial("chebyu")
hermite, laguerre = _polynomial("hermite"), _polynomial("laguerre")
assoc_laguerre, gegenbauer = _polynomial("assoc_laguerre"), _polynomial("gegenbauer")
jacobi = _polynomial("jacobi")


# Hypergeometric functions, polylogarithms, hyperbolic integrals.


def _hypergeometric(name: str, upper: int) -> Callable[..., Series]:
    """The k-th derivative is the product of the upper (a)_k over the lower (b)_k times that with all of them raised by k.

    DLMF 16.3.1; the first ``upper`` arguments are the upper parameters.
    """
    value = getattr(balls_families, name)

    def function(*args: Series) -> Series:
        *parameters, x = args
        if any(map(moves, parameters)):
            return unknown()
        coefficients, factor = [], arb(1)
        for k in range(ctx.cap):
            raised = [p + k for p in parameters]
            coefficients.append(value(*raised, lead(x)) * factor)
            for i, p in enumerate(raised):
                factor = factor * p if i < upper else factor / p
            factor = factor / (k + 1)
        return compose(x, coefficients)

    return function


hyp0f1 = _hypergeometric("hyp0f1", 0)
hyp1f1 = _hypergeometric("hyp1f1", 1)
_hyp2f1 = _hypergeometric("hyp2f1", 2)


def hyp2f1(a: Series, b: Series, c: Series, x: Series) -> Series:
    return _hyp2f1(a, b, c, x) if lead(x) < 1 else unknown()


def polylog(s: Series, x: Series) -> Series:
    return polylog_derivative(arb(0), s, x)


def polylog_derivative(k: Series, s: Series, x: Series) -> Series:
    n = whole(k)
    if n is None or n < 0 or moves(s) or not lead(x) < 1:
        return unknown()
    coefficients, below = [], arb(1)
    for j in range(ctx.cap):
        coefficients.append(balls_families.polylog_derivative(arb(n + j), s, lead(x)) / below)
        below = below * (j + 1)
    return compose(x, coefficients)


def Shi(a: Series) -> Series:  # noqa: N802
    return a.shi()


def Chi(a: Series) -> Series:  # noqa: N802
    return a.chi() if apart(a) else unknown()


# Incomplete elliptic integrals: along a moving amplitude the integrand itself; along a moving parameter by their own equations.


def _delta(phi: Any, m: Any) -> Any:
    return (1 - m * series_of(phi).sin() ** 2).sqrt()


def _along_the_amplitude(name: str, integrand: Callable[..., Any]) -> Callable[..., Series]:
    """An integral with constant parameters: its own value, and the integrand at the amplitude, times that one's speed."""
    value = getattr(balls_families, name)

    def function(*args: Series) -> Series:
        if any(moves(a) for k, a in enumerate(args) if k != len(args) - 2):
            return unknown()
        phi = args[-2]
        start = value(*[lead(a) for a in args])
        if not start.is_finite():
            return unknown()
        return integrated(start, integrand(*args) * differentiated(series_of(phi), 1))

    return function


def _of_both(name: str, k: int, phi: Any, m: Any) -> Series:
    """The k-th derivative by the parameter of a series in which both may move: along m its own next one, along phi the integrand.

    The derivative by t is again such a series, of one term less; so the last is a number.
    """
    start = getattr(balls_families, name + "_derivative")(arb(k), lead(phi), lead(m))
    if not start.is_finite():
        return unknown()
    power = arb(1) / 2 if name == "ellipf" else -arb(1) / 2
    coefficients = [start]
    if not moves(phi):
        below = arb(1)
        for j in range(1, ctx.cap):
            below = below * j
            coefficients.append(
                getattr(balls_families, name + "_derivative")(arb(k + j), phi, lead(m)) / below
            )
        return compose(m, coefficients)
    square = series_of(phi).sin() ** 2
    along = power.rising(k) * square**k * ((1 - m * square).log() * -(power + k)).exp()
    slope = along * differentiated(series_of(phi), 1)
    if moves(m):
        turned = _at_order(name, k + 1, phi, m)
        slope = slope + turned * differentiated(m, 1)
    return integrated(start, slope)


def _at_order(name: str, k: int, phi: Any, m: Any) -> Any:
    """The same to one order less, at which nothing is left to integrate."""
    if ctx.cap <= 1:
        return series_of(getattr(balls_families, name + "_derivative")(arb(k), lead(phi), lead(m)))
    with keeping(ctx.cap - 1):
        return series_of(_of_both(name, k, phi, m))


def _elliptic(name: str) -> tuple[Callable[..., Series], Callable[..., Series]]:
    """An integral of an amplitude and a parameter, and its derivatives by the parameter."""

    def derivative(k: Series, phi: Series, m: Series) -> Series:
        n = whole(k)
        return unknown() if n is None or n < 0 else _of_both(name, n, phi, m)

    return lambda phi, m: _of_both(name, 0, phi, m), derivative


ellipf, ellipf_derivative = _elliptic("ellipf")
ellipeinc, ellipeinc_derivative = _elliptic("ellipeinc")
ellippi = _along_the_amplitude(
    "ellippi", lambda n, phi, m: 1 / ((1 - n * series_of(phi).sin() ** 2) * _delta(phi, m))
)
