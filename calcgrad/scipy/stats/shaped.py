"""Continuous distributions on an interval, on a circle, and what is made of the normal distribution.

The formulas are from the sources of :mod:`calcgrad.scipy.stats.continuous`.
"""

from __future__ import annotations

from math import log, pi

import numpy as np

from calcgrad.scipy import special as sp
from calcgrad.scipy.stats.continuous import normal_logpdf
from calcgrad.scipy.stats.distribution import Continuous, Law, unit

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
