"""Incomplete and hypergeometric functions in mpmath, under the names and with the conventions of the table."""

from __future__ import annotations

from typing import Any

import mpmath

from calcgrad.systems.values import recurrences
from calcgrad.systems.values.recurrences import HIGHEST_DEGREE, stirling

Number = Any


def normcdf(x: Number) -> Number:
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def normpdf(x: Number) -> Number:
    return mpmath.npdf(x)


def lowergamma(s: Number, x: Number) -> Number:
    return mpmath.gammainc(s, 0, x)


def uppergamma(s: Number, x: Number) -> Number:
    return mpmath.gammainc(s, x)


def gammainc(s: Number, x: Number) -> Number:
    return mpmath.gammainc(s, 0, x, regularized=True)


def gammaincc(s: Number, x: Number) -> Number:
    return mpmath.gammainc(s, x, regularized=True)


def betainc(a: Number, b: Number, x: Number) -> Number:
    return mpmath.betainc(a, b, 0, x, regularized=True)


def _degree(n: Number) -> int:
    if not 0 <= n <= HIGHEST_DEGREE or n != mpmath.floor(n):
        raise ValueError("the degree is a whole number up to 1000")
    return int(n)


def legendre(n: Number, x: Number) -> Number:
    return mpmath.legendre(_degree(n), x)


def chebyt(n: Number, x: Number) -> Number:
    return mpmath.chebyt(_degree(n), x)


def chebyu(n: Number, x: Number) -> Number:
    return mpmath.chebyu(_degree(n), x)


def hermite(n: Number, x: Number) -> Number:
    return mpmath.hermite(_degree(n), x)


def laguerre(n: Number, x: Number) -> Number:
    return mpmath.laguerre(_degree(n), 0, x)


def assoc_laguerre(n: Number, alpha: Number, x: Number) -> Number:
    return mpmath.laguerre(_degree(n), alpha, x)


def gegenbauer(n: Number, alpha: Number, x: Number) -> Number:
    """By its recurrence: mpmath's quotient of gamma functions is 0 where alpha is 0 or a negative whole number."""
    degree = _degree(n)
    with mpmath.extraprec(2 * degree + 10):
        return +recurrences.gegenbauer(lambda q: mpmath.mpf(q.numerator) / q.denominator, degree, alpha, x)


def jacobi(n: Number, alpha: Number, beta: Number, x: Number) -> Number:
    return mpmath.jacobi(_degree(n), alpha, beta, x)


def polylog(s: Number, x: Number) -> Number:
    return mpmath.re(mpmath.polylog(s, x)) if x < 1 or (x == 1 and s > 1) else mpmath.nan


def polylog_derivative(k: Number, s: Number, x: Number) -> Number:
    """By Taylor's sum near 0; elsewhere by x d/dx, which lowers the order by one: (x d/dx)(x d/dx - 1)… = x^k d^k/dx^k."""
    n = int(k)
    if abs(x) < 0.25:
        return mpmath.nsum(
            lambda m: mpmath.ff(m, n) * mpmath.mpf(x) ** (m - n) / m**s, [max(n, 1), mpmath.inf]
        )
    with mpmath.extraprec(20):
        terms = [count * polylog(s - j, x) for j, count in enumerate(stirling(n)) if count]
        return +(sum(terms) / mpmath.mpf(x) ** n)


def Shi(x: Number) -> Number:  # noqa: N802
    return mpmath.shi(x)


def Chi(x: Number) -> Number:  # noqa: N802
    return mpmath.chi(x)


# Incomplete elliptic integrals.


def _real_or_nan(value: Number) -> Number:
    return mpmath.nan if isinstance(value, mpmath.mpc) and value.imag else mpmath.re(value)


def ellipf(phi: Number, m: Number) -> Number:
    return _real_or_nan(mpmath.ellipf(phi, m))


def ellipeinc(phi: Number, m: Number) -> Number:
    return _real_or_nan(mpmath.ellipe(phi, m))


def ellipf_derivative(k: Number, phi: Number, m: Number) -> Number:
    return _under_the_integral(int(k), mpmath.mpf(1) / 2, phi, m)


def ellipeinc_derivative(k: Number, phi: Number, m: Number) -> Number:
    return _under_the_integral(int(k), -mpmath.mpf(1) / 2, phi, m)


def _under_the_integral(k: int, power: Number, phi: Number, m: Number) -> Number:
    """The k-th derivative by m of the integral of (1 - m sin^2)^-power, quarter turn by quarter turn."""
    quarters = [mpmath.pi / 2 * j for j in range(1, int(abs(phi) / (mpmath.pi / 2)) + 1)]
    path = [0, *(q if phi > 0 else -q for q in quarters if q < abs(phi)), phi]
    return mpmath.rf(power, k) * mpmath.quad(
        lambda t: mpmath.sin(t) ** (2 * k) * (1 - m * mpmath.sin(t) ** 2) ** (-power - k), path
    )


def ellippi(n: Number, phi: Number, m: Number) -> Number:
    return _real_or_nan(mpmath.ellippi(n, phi, m))
