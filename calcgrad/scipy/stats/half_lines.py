"""Continuous distributions of what is above 0: of sizes, spreads, and normal variables without their sign.

The formulas are from the sources of :mod:`calcgrad.scipy.stats.continuous`.
"""

from __future__ import annotations

from math import log, pi, sqrt
from typing import Any

import numpy as np

from calcgrad.scipy import special as sp
from calcgrad.scipy.stats.continuous import EULER, LOG_ROOT_2_PI, log_of_square_and_1, normal_logpdf
from calcgrad.scipy.stats.distribution import Continuous, Law, half_line

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


nakagami = Continuous(
    "nakagami",
    Law(
        logpdf=lambda z, nu: (
            log(2.0) + sp.xlogy(nu, nu) - sp.gammaln(nu) + sp.xlogy(2.0 * nu - 1.0, z) - nu * z**2
        ),
        support=half_line,
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


gengamma = Continuous(
    "gengamma",
    Law(
        logpdf=lambda z, a, c: np.log(np.abs(c)) + sp.xlogy(c * a - 1.0, z) - z**c - sp.gammaln(a),
        support=half_line,
        valid=lambda a, c: (a > 0) & (c != 0),
        open=True,
    ),
)
