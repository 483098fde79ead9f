"""Incomplete and hypergeometric functions and orthogonal polynomials over arrays: SciPy's where they are good, as beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from calcgrad.systems.values import float64_families
from calcgrad.systems.values.arrays_special import Array, _first_of, entries, mended
from calcgrad.systems.values.recurrences import HIGHEST_DEGREE


def _entries(name: str) -> Callable[..., Array]:
    return entries(name, getattr(float64_families, name))


def _mended(name: str, fast: Callable[..., Array], good: Callable[..., Array]) -> Callable[..., Array]:
    return mended(name, _entries(name), fast, good)


def _usual(s: Array, x: Array, value: Array) -> Array:
    """Where SciPy's incomplete gamma functions are sound: neither end, nothing over- or underflown."""
    return (s > 1e-3) & (s < 1e4) & (x > 0) & (x < 1e4) & (abs(value) > 1e-290)


normcdf = special.ndtr
norminv = special.ndtri
gammainc = _mended("gammainc", special.gammainc, _usual)
gammaincc = _mended("gammaincc", special.gammaincc, _usual)
lowergamma = _mended(
    "lowergamma",
    lambda s, x: special.gammainc(s, x) * special.gamma(s),
    lambda s, x, value: _usual(s, x, value) & (s < 150),
)
uppergamma = _mended(
    "uppergamma",
    lambda s, x: special.gammaincc(s, x) * special.gamma(s),
    lambda s, x, value: _usual(s, x, value) & (s < 150),
)
gamma_integrand = _mended(
    "gamma_integrand",
    lambda s, x: np.power(x, s - 1) * np.exp(-x),
    lambda s, x, value: (abs(s) < 100) & (x > 0) & (x < 500) & (abs(value) > 1e-290) & np.isfinite(value),
)
gamma_density = _mended(
    "gamma_density",
    lambda s, x: np.power(x, s - 1) * np.exp(-x) * special.rgamma(s),
    lambda s, x, value: (abs(s) < 100) & (x > 0) & (x < 500) & (abs(value) > 1e-290) & np.isfinite(value),
)
betainc = _mended(
    "betainc",
    special.betainc,
    lambda a, b, x, value: (a > 1e-3) & (a < 1e4) & (b > 1e-3) & (b < 1e4) & (value > 1e-290) & (x < 1),
)
beta_density = _mended(
    "beta_density",
    lambda a, b, x: np.power(x, a - 1) * np.power(1 - x, b - 1) / special.beta(a, b),
    lambda a, b, x, value: (
        (a > 1e-3) & (a < 100) & (b > 1e-3) & (b < 100) & (value > 1e-290) & (x > 0) & (x < 1)
    ),
)
expint = _mended(
    "expint",
    lambda n, x: special.expn(np.where((n >= 0) & (n == np.floor(n)), n, 0.0).astype(int), x),
    lambda n, x, value: (n >= 0) & (n < 1000) & (n == np.floor(n)) & (x > 0) & (value > 1e-290),
)


def _polynomial(name: str, fast: Any) -> Callable[..., Array]:
    """SciPy's recurrences, which it takes for degrees that are integers; between zeros they lose what cancels."""

    def of_whole(n: Array, *rest: Array) -> Array:
        return fast(np.where((n >= 0) & (n <= HIGHEST_DEGREE), n, 0).astype(int), *rest)

    def good(n: Array, *rest: Array) -> Array:
        small = [abs(r) < 1e6 for r in rest[:-1]]
        return np.logical_and.reduce([(n >= 0) & (n <= 30) & (n == np.floor(n)), *small])

    return _mended(name, of_whole, good)


legendre = _polynomial("legendre", special.eval_legendre)
chebyt = _polynomial("chebyt", special.eval_chebyt)
chebyu = _polynomial("chebyu", special.eval_chebyu)
hermite = _polynomial("hermite", special.eval_hermite)
laguerre = _polynomial("laguerre", special.eval_laguerre)
assoc_laguerre = _polynomial("assoc_laguerre", special.eval_genlaguerre)
gegenbauer = _polynomial("gegenbauer", special.eval_gegenbauer)
jacobi = _polynomial("jacobi", special.eval_jacobi)

hyp0f1 = _mended(
    "hyp0f1",
    special.hyp0f1,
    lambda b, x, value: (b > 0.1) & (b < 50) & (x >= 0) & (x < 1e3),
)
hyp1f1 = _mended(
    "hyp1f1",
    special.hyp1f1,
    lambda a, b, x, value: (a > 0) & (a < 20) & (b > 0.1) & (b < 20) & (x >= 0) & (x < 20),
)
hyp2f1 = _mended(
    "hyp2f1",
    special.hyp2f1,
    lambda a, b, c, x, value: (
        (a > 0) & (a < 10) & (b > 0) & (b < 10) & (c > 0.1) & (c < 10) & (x >= 0) & (x < 0.5)
    ),
)
polylog, polylog_derivative = _entries("polylog"), _entries("polylog_derivative")
Shi = _first_of(special.shichi, 0)
Chi = _mended("Chi", _first_of(special.shichi, 1), lambda x, _: x > 0.6)
ellipf, ellipeinc = _entries("ellipf"), _entries("ellipeinc")
ellippi = _entries("ellippi")
ellipf_derivative = _entries("ellipf_derivative")
ellipeinc_derivative = _entries("ellipeinc_derivative")
