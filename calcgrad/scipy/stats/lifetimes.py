"""Continuous distributions of lifetimes and of the time until something is reached.

The formulas are from the sources of :mod:`calcgrad.scipy.stats.continuous`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from calcgrad.scipy import special as sp
from calcgrad.scipy.stats.continuous import EULER, LOG_ROOT_2_PI, log1m_exp, normal_logpdf
from calcgrad.scipy.stats.distribution import Continuous, Law, half_line


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
