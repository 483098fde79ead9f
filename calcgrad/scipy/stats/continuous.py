"""The continuous distributions that are followed, by the densities and distribution functions of their standard forms.

The formulas are those that SciPy documents for each distribution (and Johnson, Kotz and Balakrishnan, Continuous univariate
distributions, 2nd ed., derives), written so that the tails keep their digits.
"""

from __future__ import annotations

from math import log, pi
from typing import Any

import numpy as np

from calcgrad.scipy import special as sp
from calcgrad.scipy.stats.distribution import Continuous, Law, half_line, unit

LOG_ROOT_2_PI = 0.5 * log(2 * pi)
EULER = 0.5772156649015329


def normal_logpdf(z: Any) -> Any:
    return -0.5 * z**2 - LOG_ROOT_2_PI


def _everything(*shapes: Any) -> bool:
    return True


def log1m_exp(x: Any) -> Any:
    """log(1 - exp(x)) for x < 0, without loss at either end (Mächler, 2012)."""
    near = x > -0.6931471805599453
    first = np.log(-np.expm1(np.where(near, x, -1.0)))
    return np.where(near, first, np.log1p(-np.exp(np.where(near, -1.0, x))))


norm = Continuous(
    "norm",
    Law(
        logpdf=normal_logpdf,
        cdf=sp.ndtr,
        sf=lambda z: sp.ndtr(-z),
        logcdf=sp.log_ndtr,
        logsf=lambda z: sp.log_ndtr(-z),
        ppf=sp.ndtri,
        isf=lambda q: -sp.ndtri(q),
        mean=lambda: 0.0,
        var=lambda: 1.0,
        entropy=lambda: 0.5 + LOG_ROOT_2_PI,
    ),
)


def log_of_square_and_1(z: Any) -> Any:
    """log(1 + z²) of what may be too large to be squared; near 0 with all its derivatives."""
    far = np.abs(z) > 1e8
    return np.where(far, 2.0 * np.log(np.abs(np.where(far, z, 1.0))), np.log1p(np.where(far, 0.0, z) ** 2))


def _student(z: Any, df: Any) -> Any:
    scale = sp.betaln(0.5 * df, 0.5) + 0.5 * np.log(df)
    return -0.5 * (df + 1.0) * log_of_square_and_1(z / np.sqrt(df)) - scale


t = Continuous(
    "t",
    Law(
        logpdf=_student,
        cdf=lambda z, df: sp.stdtr(df, z),
        sf=lambda z, df: sp.stdtr(df, -z),
        ppf=lambda q, df: sp.stdtrit(df, q),
        isf=lambda q, df: -sp.stdtrit(df, q),
        mean=lambda df: np.where(df > 1, 0.0, np.inf),
        var=lambda df: np.where(df > 2, df / np.where(df > 2, df - 2.0, 1.0), np.inf),
        constant=("df",),
    ),
)


def _gamma(z: Any, a: Any) -> Any:
    return sp.xlogy(a - 1.0, z) - z - sp.gammaln(a)


gamma = Continuous(
    "gamma",
    Law(
        logpdf=_gamma,
        cdf=lambda z, a: sp.gammainc(a, z),
        sf=lambda z, a: sp.gammaincc(a, z),
        ppf=lambda q, a: sp.gammaincinv(a, q),
        isf=lambda q, a: sp.gammainccinv(a, q),
        mean=lambda a: a,
        var=lambda a: a,
        entropy=lambda a: a + sp.gammaln(a) + (1.0 - a) * sp.psi(a),
        support=half_line,
        constant=("a",),
    ),
)

erlang = Continuous("erlang", gamma.law)

beta = Continuous(
    "beta",
    Law(
        logpdf=lambda z, a, b: sp.xlog1py(b - 1.0, -z) + sp.xlogy(a - 1.0, z) - sp.betaln(a, b),
        cdf=lambda z, a, b: sp.betainc(a, b, z),
        sf=lambda z, a, b: sp.betainc(b, a, 1.0 - z),
        ppf=lambda q, a, b: sp.betaincinv(a, b, q),
        isf=lambda q, a, b: 1.0 - sp.betaincinv(b, a, q),
        mean=lambda a, b: a / (a + b),
        var=lambda a, b: a * b / ((a + b) ** 2 * (a + b + 1.0)),
        entropy=lambda a, b: (
            sp.betaln(a, b) - (a - 1.0) * sp.psi(a) - (b - 1.0) * sp.psi(b) + (a + b - 2.0) * sp.psi(a + b)
        ),
        support=unit,
        constant=("a", "b"),
    ),
)

chi2 = Continuous(
    "chi2",
    Law(
        logpdf=lambda z, df: _gamma(0.5 * z, 0.5 * df) - log(2.0),
        cdf=lambda z, df: sp.gammainc(0.5 * df, 0.5 * z),
        sf=lambda z, df: sp.gammaincc(0.5 * df, 0.5 * z),
        ppf=lambda q, df: 2.0 * sp.gammaincinv(0.5 * df, q),
        isf=lambda q, df: 2.0 * sp.gammainccinv(0.5 * df, q),
        mean=lambda df: df,
        var=lambda df: 2.0 * df,
        support=half_line,
        constant=("df",),
    ),
)

chi = Continuous(
    "chi",
    Law(
        logpdf=lambda z, df: (
            log(2.0) - 0.5 * log(2.0) * df - sp.gammaln(0.5 * df) + sp.xlogy(df - 1.0, z) - 0.5 * z**2
        ),
        cdf=lambda z, df: sp.gammainc(0.5 * df, 0.5 * z**2),
        sf=lambda z, df: sp.gammaincc(0.5 * df, 0.5 * z**2),
        ppf=lambda q, df: np.sqrt(2.0 * sp.gammaincinv(0.5 * df, q)),
        isf=lambda q, df: np.sqrt(2.0 * sp.gammainccinv(0.5 * df, q)),
        support=half_line,
        constant=("df",),
    ),
)

expon = Continuous(
    "expon",
    Law(
        logpdf=lambda z: -z,
        cdf=lambda z: -np.expm1(-z),
        sf=lambda z: np.exp(-z),
        logcdf=lambda z: log1m_exp(-z),
        logsf=lambda z: -z,
        ppf=lambda q: -np.log1p(-q),
        isf=lambda q: -np.log(q),
        mean=lambda: 1.0,
        var=lambda: 1.0,
        entropy=lambda: 1.0,
        support=half_line,
    ),
)

lognorm = Continuous(
    "lognorm",
    Law(
        logpdf=lambda z, s: normal_logpdf(np.log(z) / s) - np.log(s) - np.log(z),
        cdf=lambda z, s: sp.ndtr(np.log(z) / s),
        sf=lambda z, s: sp.ndtr(-np.log(z) / s),
        logcdf=lambda z, s: sp.log_ndtr(np.log(z) / s),
        logsf=lambda z, s: sp.log_ndtr(-np.log(z) / s),
        ppf=lambda q, s: np.exp(s * sp.ndtri(q)),
        isf=lambda q, s: np.exp(-s * sp.ndtri(q)),
        mean=lambda s: np.exp(0.5 * s**2),
        var=lambda s: np.expm1(s**2) * np.exp(s**2),
        entropy=lambda s: 0.5 + LOG_ROOT_2_PI + np.log(s),
        support=half_line,
        open=True,
    ),
)


def _laplace_cdf(z: Any) -> Any:
    above = z > 0
    upper = 1.0 - 0.5 * np.exp(-np.where(above, z, 0.0))
    return np.where(above, upper, 0.5 * np.exp(np.where(above, 0.0, z)))


def _laplace_logcdf(z: Any) -> Any:
    above = z > 0
    upper = np.log1p(-0.5 * np.exp(-np.where(above, z, 1.0)))
    return np.where(above, upper, z - log(2.0))


def _laplace_ppf(q: Any) -> Any:
    above = q > 0.5
    upper = -np.log(2.0 * (1.0 - np.where(above, q, 0.5)))
    return np.where(above, upper, np.log(2.0 * np.where(above, 0.5, q)))


laplace = Continuous(
    "laplace",
    Law(
        logpdf=lambda z: -np.abs(z) - log(2.0),
        cdf=_laplace_cdf,
        sf=lambda z: _laplace_cdf(-z),
        logcdf=_laplace_logcdf,
        logsf=lambda z: _laplace_logcdf(-z),
        ppf=_laplace_ppf,
        isf=lambda q: -_laplace_ppf(q),
        mean=lambda: 0.0,
        var=lambda: 2.0,
        entropy=lambda: 1.0 + log(2.0),
    ),
)

logistic = Continuous(
    "logistic",
    Law(
        logpdf=lambda z: sp.log_expit(z) + sp.log_expit(-z),
        cdf=sp.expit,
        sf=lambda z: sp.expit(-z),
        logcdf=sp.log_expit,
        logsf=lambda z: sp.log_expit(-z),
        ppf=sp.logit,
        isf=lambda q: -sp.logit(q),
        mean=lambda: 0.0,
        var=lambda: pi**2 / 3,
        entropy=lambda: 2.0,
    ),
)

uniform = Continuous(
    "uniform",
    Law(
        logpdf=lambda z: 0.0 * z,
        cdf=lambda z: z,
        sf=lambda z: 1.0 - z,
        logsf=lambda z: np.log1p(-z),
        ppf=lambda q: q,
        isf=lambda q: 1.0 - q,
        mean=lambda: 0.5,
        var=lambda: 1 / 12,
        entropy=lambda: 0.0,
        support=unit,
    ),
)

cauchy = Continuous(
    "cauchy",
    Law(
        logpdf=lambda z: -log(pi) - log_of_square_and_1(z),
        cdf=lambda z: np.arctan2(1.0, -z) / pi,
        sf=lambda z: np.arctan2(1.0, z) / pi,
        ppf=lambda q: -1.0 / np.tan(pi * q),
        isf=lambda q: 1.0 / np.tan(pi * q),
        entropy=lambda: log(4 * pi),
    ),
)

pareto = Continuous(
    "pareto",
    Law(
        logpdf=lambda z, b: np.log(b) - (b + 1.0) * np.log(z),
        cdf=lambda z, b: -np.expm1(-b * np.log(z)),
        sf=lambda z, b: np.exp(-b * np.log(z)),
        logcdf=lambda z, b: log1m_exp(-b * np.log(z)),
        logsf=lambda z, b: -b * np.log(z),
        ppf=lambda q, b: np.exp(-np.log1p(-q) / b),
        isf=lambda q, b: np.exp(-np.log(q) / b),
        mean=lambda b: np.where(b > 1, b / np.where(b > 1, b - 1.0, 1.0), np.inf),
        var=lambda b: np.where(b > 2, b / np.where(b > 2, (b - 2.0) * (b - 1.0) ** 2, 1.0), np.inf),
        entropy=lambda b: 1.0 + 1.0 / b - np.log(b),
        support=lambda b: (1.0, np.inf),
        middle=lambda b: 2.0,
    ),
)


def _log_difference(x: Any, y: Any) -> Any:
    """log(exp(x) - exp(y))."""
    return x + log1m_exp(y - x)


def _log_mass(a: Any, b: Any) -> Any:
    """The logarithm of the normal probability between two numbers, from the tail in which both lie."""
    left, right = b <= 0, a > 0
    lower = _log_difference(sp.log_ndtr(np.where(left, b, -1.0)), sp.log_ndtr(np.where(left, a, -2.0)))
    upper = _log_difference(sp.log_ndtr(np.where(right, -a, -1.0)), sp.log_ndtr(np.where(right, -b, -2.0)))
    central = np.log1p(-sp.ndtr(np.where(left | right, -1.0, a)) - sp.ndtr(np.where(left | right, -1.0, -b)))
    return np.where(left, lower, np.where(right, upper, central))


def _truncated_ppf(q: Any, a: Any, b: Any) -> Any:
    mass = _log_mass(a, b)
    low = a < 0
    a, b = a + 0.0 * q, b + 0.0 * q
    left = sp.ndtri_exp(np.logaddexp(sp.log_ndtr(np.where(low, a, -1.0)), np.log(q) + mass))
    right = sp.ndtri_exp(np.logaddexp(sp.log_ndtr(np.where(low, -1.0, -b)), np.log1p(-q) + mass))
    return np.where(low, left, -right)


truncnorm = Continuous(
    "truncnorm",
    Law(
        logpdf=lambda z, a, b: normal_logpdf(z) - _log_mass(a, b),
        cdf=lambda z, a, b: np.exp(_log_mass(a, z) - _log_mass(a, b)),
        sf=lambda z, a, b: np.exp(_log_mass(z, b) - _log_mass(a, b)),
        logcdf=lambda z, a, b: _log_mass(a, z) - _log_mass(a, b),
        logsf=lambda z, a, b: _log_mass(z, b) - _log_mass(a, b),
        ppf=_truncated_ppf,
        support=lambda a, b: (a, b),
        valid=lambda a, b: a < b,
        middle=lambda a, b: np.clip(0.0, a, b),
    ),
)
