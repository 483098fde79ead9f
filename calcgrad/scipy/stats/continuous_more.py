"""More continuous distributions: of lifetimes, of extremes, of directions, and what is made of the normal distribution.

The formulas are those of :mod:`calcgrad.scipy.stats.continuous`'s sources.
"""

from __future__ import annotations

from math import log, pi, sqrt
from typing import Any

import numpy as np

from calcgrad.scipy import special as sp
from calcgrad.scipy.stats.continuous import (
    EULER,
    LOG_ROOT_2_PI,
    log1m_exp,
    log_of_square_and_1,
    normal_logpdf,
)
from calcgrad.scipy.stats.distribution import Continuous, Law, half_line, positive, unit

halfnorm = Continuous(
    "halfnorm",
    Law(
        logpdf=lambda z: normal_logpdf(z) + log(2.0),
        cdf=lambda z: sp.erf(z * sqrt(0.5)),
        sf=lambda z: sp.erfc(z * sqrt(0.5)),
        logsf=lambda z: log(2.0) + sp.log_ndtr(-z),
        ppf=lambda q: sp.ndtri(0.5 * (1.0 + q)),
        isf=lambda q: -sp.ndtri(0.5 * q),
        mean=lambda: sqrt(2 / pi),
        var=lambda: 1 - 2 / pi,
        entropy=lambda: 0.5 * log(pi / 2) + 0.5,
        support=half_line,
    ),
)

halfcauchy = Continuous(
    "halfcauchy",
    Law(
        logpdf=lambda z: log(2 / pi) - log_of_square_and_1(z),
        cdf=lambda z: np.arctan(z) * (2 / pi),
        sf=lambda z: np.arctan2(1.0, z) * (2 / pi),
        ppf=lambda q: np.tan(q * (pi / 2)),
        isf=lambda q: 1.0 / np.tan(q * (pi / 2)),
        support=half_line,
    ),
)

halflogistic = Continuous(
    "halflogistic",
    Law(
        logpdf=lambda z: log(2.0) + sp.log_expit(z) + sp.log_expit(-z),
        cdf=lambda z: np.tanh(0.5 * z),
        sf=lambda z: 2.0 * sp.expit(-z),
        ppf=lambda q: 2.0 * np.arctanh(q),
        isf=lambda q: -sp.logit(0.5 * q),
        support=half_line,
    ),
)

rayleigh = Continuous(
    "rayleigh",
    Law(
        logpdf=lambda z: np.log(z) - 0.5 * z**2,
        cdf=lambda z: -np.expm1(-0.5 * z**2),
        sf=lambda z: np.exp(-0.5 * z**2),
        logsf=lambda z: -0.5 * z**2,
        ppf=lambda q: np.sqrt(-2.0 * np.log1p(-q)),
        isf=lambda q: np.sqrt(-2.0 * np.log(q)),
        mean=lambda: sqrt(pi / 2),
        var=lambda: 2 - pi / 2,
        entropy=lambda: EULER / 2 + 1 - 0.5 * log(2.0),
        support=half_line,
        open=True,
    ),
)

maxwell = Continuous(
    "maxwell",
    Law(
        logpdf=lambda z: 0.5 * log(2 / pi) + 2.0 * np.log(z) - 0.5 * z**2,
        cdf=lambda z: sp.gammainc(1.5, 0.5 * z**2),
        sf=lambda z: sp.gammaincc(1.5, 0.5 * z**2),
        ppf=lambda q: np.sqrt(2.0 * sp.gammaincinv(1.5, q)),
        isf=lambda q: np.sqrt(2.0 * sp.gammainccinv(1.5, q)),
        mean=lambda: 2 * sqrt(2 / pi),
        var=lambda: 3 - 8 / pi,
        support=half_line,
        open=True,
    ),
)


def _weibull_logsf(z: Any, c: Any) -> Any:
    return -(z**c)


weibull_min = Continuous(
    "weibull_min",
    Law(
        logpdf=lambda z, c: np.log(c) + sp.xlogy(c - 1.0, z) - z**c,
        cdf=lambda z, c: -np.expm1(-(z**c)),
        sf=lambda z, c: np.exp(-(z**c)),
        logcdf=lambda z, c: log1m_exp(-(z**c)),
        logsf=_weibull_logsf,
        ppf=lambda q, c: (-np.log1p(-q)) ** (1.0 / c),
        isf=lambda q, c: (-np.log(q)) ** (1.0 / c),
        mean=lambda c: np.exp(sp.gammaln(1.0 + 1.0 / c)),
        var=lambda c: np.exp(sp.gammaln(1.0 + 2.0 / c)) - np.exp(2.0 * sp.gammaln(1.0 + 1.0 / c)),
        entropy=lambda c: -EULER / c - np.log(c) + EULER + 1.0,
        support=half_line,
    ),
)

weibull_max = Continuous(
    "weibull_max",
    Law(
        logpdf=lambda z, c: np.log(c) + sp.xlogy(c - 1.0, -z) - (-z) ** c,
        cdf=lambda z, c: np.exp(-((-z) ** c)),
        sf=lambda z, c: -np.expm1(-((-z) ** c)),
        logcdf=lambda z, c: -((-z) ** c),
        ppf=lambda q, c: -((-np.log(q)) ** (1.0 / c)),
        isf=lambda q, c: -((-np.log1p(-q)) ** (1.0 / c)),
        support=lambda c: (-np.inf, 0.0),
        middle=lambda c: -0.5,
    ),
)

gumbel_r = Continuous(
    "gumbel_r",
    Law(
        logpdf=lambda z: -z - np.exp(-z),
        cdf=lambda z: np.exp(-np.exp(-z)),
        sf=lambda z: -np.expm1(-np.exp(-z)),
        logcdf=lambda z: -np.exp(-z),
        ppf=lambda q: -np.log(-np.log(q)),
        isf=lambda q: -np.log(-np.log1p(-q)),
        mean=lambda: EULER,
        var=lambda: pi**2 / 6,
        entropy=lambda: EULER + 1.0,
    ),
)

gumbel_l = Continuous(
    "gumbel_l",
    Law(
        logpdf=lambda z: z - np.exp(z),
        cdf=lambda z: -np.expm1(-np.exp(z)),
        sf=lambda z: np.exp(-np.exp(z)),
        logsf=lambda z: -np.exp(z),
        ppf=lambda q: np.log(-np.log1p(-q)),
        isf=lambda q: np.log(-np.log(q)),
        mean=lambda: -EULER,
        var=lambda: pi**2 / 6,
        entropy=lambda: EULER + 1.0,
    ),
)

invgamma = Continuous(
    "invgamma",
    Law(
        logpdf=lambda z, a: -(a + 1.0) * np.log(z) - sp.gammaln(a) - 1.0 / z,
        cdf=lambda z, a: sp.gammaincc(a, 1.0 / z),
        sf=lambda z, a: sp.gammainc(a, 1.0 / z),
        ppf=lambda q, a: 1.0 / sp.gammainccinv(a, q),
        isf=lambda q, a: 1.0 / sp.gammaincinv(a, q),
        mean=lambda a: np.where(a > 1, 1.0 / np.where(a > 1, a - 1.0, 1.0), np.inf),
        var=lambda a: np.where(a > 2, 1.0 / np.where(a > 2, (a - 1.0) ** 2 * (a - 2.0), 1.0), np.inf),
        support=half_line,
        open=True,
        constant=("a",),
    ),
)


def _fisher(z: Any, dfn: Any, dfd: Any) -> Any:
    half_n, half_d = 0.5 * dfn, 0.5 * dfd
    spread = -(half_n + half_d) * np.log(dfd + dfn * z)
    return (
        half_d * np.log(dfd)
        + half_n * np.log(dfn)
        + sp.xlogy(half_n - 1.0, z)
        + spread
        - sp.betaln(half_n, half_d)
    )


f = Continuous(
    "f",
    Law(
        logpdf=_fisher,
        cdf=lambda z, dfn, dfd: sp.fdtr(dfn, dfd, z),
        sf=lambda z, dfn, dfd: sp.fdtrc(dfn, dfd, z),
        support=half_line,
        constant=("dfn", "dfd"),
    ),
)

betaprime = Continuous(
    "betaprime",
    Law(
        logpdf=lambda z, a, b: sp.xlogy(a - 1.0, z) - (a + b) * np.log1p(z) - sp.betaln(a, b),
        cdf=lambda z, a, b: sp.betainc(a, b, z / (1.0 + z)),
        sf=lambda z, a, b: sp.betainc(b, a, 1.0 / (1.0 + z)),
        support=half_line,
        constant=("a", "b"),
    ),
)

loguniform = Continuous(
    "loguniform",
    Law(
        logpdf=lambda z, a, b: -np.log(z) - np.log(np.log(b) - np.log(a)),
        cdf=lambda z, a, b: (np.log(z) - np.log(a)) / (np.log(b) - np.log(a)),
        sf=lambda z, a, b: (np.log(b) - np.log(z)) / (np.log(b) - np.log(a)),
        ppf=lambda q, a, b: np.exp(np.log(a) + q * (np.log(b) - np.log(a))),
        support=lambda a, b: (a, b),
        valid=lambda a, b: (a > 0) & (b > a),
        middle=lambda a, b: 0.5 * (a + b),
    ),
)

reciprocal = Continuous("reciprocal", loguniform.law)

powerlaw = Continuous(
    "powerlaw",
    Law(
        logpdf=lambda z, a: np.log(a) + sp.xlogy(a - 1.0, z),
        cdf=lambda z, a: z**a,
        sf=lambda z, a: -np.expm1(a * np.log(z)),
        logcdf=lambda z, a: a * np.log(z),
        ppf=lambda q, a: q ** (1.0 / a),
        mean=lambda a: a / (a + 1.0),
        var=lambda a: a / ((a + 1.0) ** 2 * (a + 2.0)),
        support=unit,
    ),
)

lomax = Continuous(
    "lomax",
    Law(
        logpdf=lambda z, c: np.log(c) - (c + 1.0) * np.log1p(z),
        cdf=lambda z, c: -np.expm1(-c * np.log1p(z)),
        sf=lambda z, c: np.exp(-c * np.log1p(z)),
        logsf=lambda z, c: -c * np.log1p(z),
        ppf=lambda q, c: np.expm1(-np.log1p(-q) / c),
        isf=lambda q, c: np.expm1(-np.log(q) / c),
        support=half_line,
    ),
)


def _inverse_gauss_parts(z: Any, mu: Any) -> tuple[Any, Any]:
    """The logarithms of the two normal tails of which the distribution function is made."""
    root = 1.0 / np.sqrt(z)
    first = sp.log_ndtr(root * (z / mu - 1.0))
    second = 2.0 / mu + sp.log_ndtr(-root * (z / mu + 1.0))
    return first, second


def _inverse_gauss_logcdf(z: Any, mu: Any) -> Any:
    first, second = _inverse_gauss_parts(z, mu)
    return first + np.log1p(np.exp(second - first))


invgauss = Continuous(
    "invgauss",
    Law(
        logpdf=lambda z, mu: -LOG_ROOT_2_PI - 1.5 * np.log(z) - 0.5 * ((z - mu) / mu) ** 2 / z,
        cdf=lambda z, mu: np.exp(_inverse_gauss_logcdf(z, mu)),
        logcdf=_inverse_gauss_logcdf,
        mean=lambda mu: mu,
        var=lambda mu: mu**3,
        support=half_line,
        open=True,
    ),
)

wald = Continuous(
    "wald",
    Law(
        logpdf=lambda z: invgauss.law.logpdf(z, 1.0),
        cdf=lambda z: np.exp(_inverse_gauss_logcdf(z, 1.0)),
        logcdf=lambda z: _inverse_gauss_logcdf(z, 1.0),
        mean=lambda: 1.0,
        var=lambda: 1.0,
        support=half_line,
        open=True,
    ),
)

vonmises = Continuous(
    "vonmises",
    Law(
        logpdf=lambda z, kappa: kappa * sp.cosm1(z) - log(2 * pi) - np.log(sp.i0e(kappa)),
        valid=lambda kappa: kappa >= 0,
    ),
)

skewnorm = Continuous(
    "skewnorm",
    Law(
        logpdf=lambda z, a: log(2.0) + normal_logpdf(z) + sp.log_ndtr(a * z),
        cdf=lambda z, a: sp.ndtr(z) - 2.0 * sp.owens_t(z, a),
        valid=lambda a: a == a,
    ),
)

gennorm = Continuous(
    "gennorm",
    Law(
        logpdf=lambda z, beta: np.log(0.5 * beta) - sp.gammaln(1.0 / beta) - np.abs(z) ** beta,
    ),
)

exponnorm = Continuous(
    "exponnorm",
    Law(
        logpdf=lambda z, k: 0.5 / k**2 - z / k + sp.log_ndtr(z - 1.0 / k) - np.log(k),
        cdf=lambda z, k: sp.ndtr(z) - np.exp(0.5 / k**2 - z / k + sp.log_ndtr(z - 1.0 / k)),
        mean=lambda k: k,
        var=lambda k: 1.0 + k**2,
    ),
)


def _extreme_exponent(z: Any, c: Any) -> Any:
    """-log(1 - c z)/c, and z at c = 0, by Gauss's function where c z is small."""
    u = c * z
    small = np.abs(u) < 0.1
    near = z * sp.hyp2f1(1.0, 1.0, 2.0, np.where(small, u, 0.0))
    return np.where(small, near, -np.log1p(-np.where(small, 0.5, u)) / np.where(small, 1.0, c))


def _ends_of_genextreme(c: Any) -> tuple[Any, Any]:
    some = c != 0
    end = 1.0 / np.where(some, c, 1.0)
    return np.where(c < 0, end, -np.inf), np.where(c > 0, end, np.inf)


def _genextreme(z: Any, c: Any) -> Any:
    exponent = _extreme_exponent(z, c)
    return -(1.0 - c) * exponent - np.exp(-exponent)


genextreme = Continuous(
    "genextreme",
    Law(
        logpdf=_genextreme,
        cdf=lambda z, c: np.exp(-np.exp(-_extreme_exponent(z, c))),
        sf=lambda z, c: -np.expm1(-np.exp(-_extreme_exponent(z, c))),
        logcdf=lambda z, c: -np.exp(-_extreme_exponent(z, c)),
        support=_ends_of_genextreme,
        valid=lambda c: c == c,
        middle=lambda c: 0.0,
        open=True,
    ),
)


def _pareto_exponent(z: Any, c: Any) -> Any:
    """log(1 + c z)/c, and z at c = 0."""
    return _extreme_exponent(z, -c)


genpareto = Continuous(
    "genpareto",
    Law(
        logpdf=lambda z, c: -(c + 1.0) * _pareto_exponent(z, c),
        cdf=lambda z, c: -np.expm1(-_pareto_exponent(z, c)),
        sf=lambda z, c: np.exp(-_pareto_exponent(z, c)),
        logsf=lambda z, c: -_pareto_exponent(z, c),
        support=lambda c: (0.0, np.where(c < 0, -1.0 / np.where(c < 0, c, -1.0), np.inf)),
        valid=lambda c: c == c,
        middle=lambda c: 0.0,
    ),
)

fisk = Continuous(
    "fisk",
    Law(
        logpdf=lambda z, c: (
            np.log(c) - np.log(z) + sp.log_expit(c * np.log(z)) + sp.log_expit(-c * np.log(z))
        ),
        cdf=lambda z, c: sp.expit(c * np.log(z)),
        sf=lambda z, c: sp.expit(-c * np.log(z)),
        logcdf=lambda z, c: sp.log_expit(c * np.log(z)),
        logsf=lambda z, c: sp.log_expit(-c * np.log(z)),
        ppf=lambda q, c: np.exp(sp.logit(q) / c),
        isf=lambda q, c: np.exp(-sp.logit(q) / c),
        support=half_line,
        open=True,
    ),
)

triang = Continuous(
    "triang",
    Law(
        logpdf=lambda z, c: log(2.0) + np.where(z < c, np.log(z / c), np.log((1.0 - z) / (1.0 - c))),
        cdf=lambda z, c: np.where(z < c, z**2 / c, 1.0 - (1.0 - z) ** 2 / (1.0 - c)),
        sf=lambda z, c: np.where(z < c, 1.0 - z**2 / c, (1.0 - z) ** 2 / (1.0 - c)),
        ppf=lambda q, c: np.where(q < c, np.sqrt(c * q), 1.0 - np.sqrt((1.0 - c) * (1.0 - q))),
        mean=lambda c: (1.0 + c) / 3.0,
        var=lambda c: (1.0 - c + c**2) / 18.0,
        support=unit,
        valid=lambda c: (c > 0) & (c < 1),
        open=True,
    ),
)

moyal = Continuous(
    "moyal",
    Law(
        logpdf=lambda z: -0.5 * (z + np.exp(-z)) - LOG_ROOT_2_PI,
        cdf=lambda z: sp.erfc(np.exp(-0.5 * z) * sqrt(0.5)),
        sf=lambda z: sp.erf(np.exp(-0.5 * z) * sqrt(0.5)),
        ppf=lambda q: -np.log(2.0 * sp.erfcinv(q) ** 2),
        mean=lambda: EULER + log(2.0),
        var=lambda: pi**2 / 2,
    ),
)

levy = Continuous(
    "levy",
    Law(
        logpdf=lambda z: -LOG_ROOT_2_PI - 1.5 * np.log(z) - 0.5 / z,
        cdf=lambda z: sp.erfc(np.sqrt(0.5 / z)),
        sf=lambda z: sp.erf(np.sqrt(0.5 / z)),
        ppf=lambda q: 0.5 / sp.erfcinv(q) ** 2,
        support=half_line,
        open=True,
    ),
)

nakagami = Continuous(
    "nakagami",
    Law(
        logpdf=lambda z, nu: (
            log(2.0) + sp.xlogy(nu, nu) - sp.gammaln(nu) + sp.xlogy(2.0 * nu - 1.0, z) - nu * z**2
        ),
        support=half_line,
    ),
)

gompertz = Continuous(
    "gompertz",
    Law(
        logpdf=lambda z, c: np.log(c) + z - c * np.expm1(z),
        cdf=lambda z, c: -np.expm1(-c * np.expm1(z)),
        sf=lambda z, c: np.exp(-c * np.expm1(z)),
        logsf=lambda z, c: -c * np.expm1(z),
        ppf=lambda q, c: np.log1p(-np.log1p(-q) / c),
        support=half_line,
    ),
)

gengamma = Continuous(
    "gengamma",
    Law(
        logpdf=lambda z, a, c: np.log(np.abs(c)) + sp.xlogy(c * a - 1.0, z) - z**c - sp.gammaln(a),
        support=half_line,
        valid=lambda a, c: (a > 0) & (c != 0),
        open=True,
    ),
)

loggamma = Continuous(
    "loggamma",
    Law(
        logpdf=lambda z, c: c * z - np.exp(z) - sp.gammaln(c),
        mean=sp.psi,
        var=lambda c: sp.polygamma(1, c),
        valid=positive,
    ),
)

semicircular = Continuous(
    "semicircular",
    Law(
        logpdf=lambda z: log(2 / pi) + 0.5 * np.log1p(-(z**2)),
        cdf=lambda z: 0.5 + (z * np.sqrt(1.0 - z**2) + np.arcsin(z)) / pi,
        mean=lambda: 0.0,
        var=lambda: 0.25,
        support=lambda: (-1.0, 1.0),
        middle=lambda: 0.0,
    ),
)

arcsine = Continuous(
    "arcsine",
    Law(
        logpdf=lambda z: -log(pi) - 0.5 * np.log(z) - 0.5 * np.log1p(-z),
        cdf=lambda z: np.arcsin(np.sqrt(z)) * (2 / pi),
        ppf=lambda q: np.sin(q * (pi / 2)) ** 2,
        mean=lambda: 0.5,
        var=lambda: 0.125,
        support=unit,
    ),
)

johnsonsu = Continuous(
    "johnsonsu",
    Law(
        logpdf=lambda z, a, b: normal_logpdf(a + b * np.arcsinh(z)) + np.log(b) - 0.5 * np.log1p(z**2),
        cdf=lambda z, a, b: sp.ndtr(a + b * np.arcsinh(z)),
        sf=lambda z, a, b: sp.ndtr(-(a + b * np.arcsinh(z))),
        ppf=lambda q, a, b: np.sinh((sp.ndtri(q) - a) / b),
        valid=lambda a, b: (b > 0) & (a == a),
    ),
)


def _birnbaum(z: Any, c: Any) -> Any:
    """The normal variable of a fatigue life (Birnbaum and Saunders, 1969)."""
    return (np.sqrt(z) - 1.0 / np.sqrt(z)) / c


def _fatigue_ppf(x: Any) -> Any:
    return 0.25 * (x + np.sqrt(x**2 + 4.0)) ** 2


fatiguelife = Continuous(
    "fatiguelife",
    Law(
        logpdf=lambda z, c: normal_logpdf(_birnbaum(z, c)) + np.log1p(z) - np.log(2.0 * c) - 1.5 * np.log(z),
        cdf=lambda z, c: sp.ndtr(_birnbaum(z, c)),
        sf=lambda z, c: sp.ndtr(-_birnbaum(z, c)),
        ppf=lambda q, c: _fatigue_ppf(c * sp.ndtri(q)),
        support=half_line,
        open=True,
    ),
)


def _reciprocal_gauss_sf(z: Any, mu: Any) -> Any:
    root = 1.0 / np.sqrt(z)
    return sp.ndtr(root * (1.0 / mu - z)) + np.exp(2.0 / mu + sp.log_ndtr(-root * (1.0 / mu + z)))


recipinvgauss = Continuous(
    "recipinvgauss",
    Law(
        logpdf=lambda z, mu: -LOG_ROOT_2_PI - 0.5 * np.log(z) - 0.5 * ((1.0 - mu * z) / mu) ** 2 / z,
        cdf=lambda z, mu: 1.0 - _reciprocal_gauss_sf(z, mu),
        sf=_reciprocal_gauss_sf,
        support=half_line,
        open=True,
    ),
)
