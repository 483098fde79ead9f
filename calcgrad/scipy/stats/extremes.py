"""Continuous distributions of extremes, and of what lies beyond a threshold.

The formulas are from the sources of :mod:`calcgrad.scipy.stats.continuous`.
"""

from __future__ import annotations

from math import log, pi, sqrt
from typing import Any

import numpy as np

from calcgrad.scipy import special as sp
from calcgrad.scipy.stats.continuous import EULER, LOG_ROOT_2_PI
from calcgrad.scipy.stats.distribution import Continuous, Law, positive

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


loggamma = Continuous(
    "loggamma",
    Law(
        logpdf=lambda z, c: c * z - np.exp(z) - sp.gammaln(c),
        mean=sp.psi,
        var=lambda c: sp.polygamma(1, c),
        valid=positive,
    ),
)
