"""Scalar values of the normal distribution, incomplete and hypergeometric functions and orthogonal polynomials.

Arb's balls, rounded, as in :mod:`calcgrad.systems.values.float64_special`, with what IEEE arithmetic says at the edges.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from math import inf, nan

from calcgrad.systems.values.float64_special import _between, _is_pole, _rounded, gamma, rgamma, zeta
from calcgrad.systems.values.recurrences import HIGHEST_DEGREE, NAMES

normcdf = _between("normcdf", (-inf, 0.0), (inf, 1.0))
normpdf = _between("normpdf", (-inf, 0.0), (inf, 0.0))
norminv = _between("norminv", (0.0, -inf), (1.0, inf), {0.5: 0.0})


# Incomplete gamma and beta functions.


def _from_0(
    name: str, start: Callable[[float], float], end: Callable[[float], float]
) -> Callable[[float, float], float]:
    """A function of a positive order on [0, inf], with what it is at its ends."""

    def function(s: float, x: float) -> float:
        if not (0 < s < inf and x >= 0):
            return nan
        return start(s) if x == 0 else end(s) if x == inf else _rounded(name)(s, x)

    function.__name__ = name
    return function


lowergamma = _from_0("lowergamma", lambda s: 0.0, gamma)
gammainc = _from_0("gammainc", lambda s: 0.0, lambda s: 1.0)
gammaincc = _from_0("gammaincc", lambda s: 1.0, lambda s: 0.0)


def uppergamma(s: float, x: float) -> float:
    if not (math.isfinite(s) and x >= 0):
        return nan
    if x == 0:
        return gamma(s) if s > 0 else inf
    return 0.0 if x == inf else _rounded("uppergamma")(s, x)


def gamma_integrand(s: float, x: float) -> float:
    """x^(s - 1) exp(-x).

    >>> gamma_integrand(1.0, 0.0), gamma_integrand(0.5, 0.0), gamma_integrand(180.0, 1.0) == math.exp(-1.0)
    (1.0, inf, True)
    """
    if not (math.isfinite(s) and x >= 0):
        return nan
    if x == 0:
        return 0.0 if s > 1 else 1.0 if s == 1 else inf
    return 0.0 if x == inf else _rounded("gamma_integrand")(s, x)


def gamma_density(s: float, x: float) -> float:
    if not (math.isfinite(s) and x >= 0):
        return nan
    if x == 0:
        factor = rgamma(s)
        return 0.0 if s > 1 else 1.0 if s == 1 else math.copysign(inf, factor) if factor else nan
    return 0.0 if x == inf else _rounded("gamma_density")(s, x)


def betainc(a: float, b: float, x: float) -> float:
    if not (0 < a < inf and 0 < b < inf and 0 <= x <= 1):
        return nan
    return x if x in (0, 1) else _rounded("betainc")(a, b, x)


def beta_density(a: float, b: float, x: float) -> float:
    if not (0 < a < inf and 0 < b < inf and 0 <= x <= 1):
        return nan
    if x == 1:
        a, b, x = b, a, 0.0
    if x == 0:
        return 0.0 if a > 1 else b if a == 1 else inf
    return _rounded("beta_density")(a, b, x)


#: Beyond this exp(-x)/x, the exponential integral of order 0 and more than any of a higher one, is nearest to the double 0.
_GONE = 746.0


def expint(n: float, x: float) -> float:
    if not (math.isfinite(n) and x >= 0):
        return nan
    if x == 0:
        return 1 / (n - 1) if n > 1 else inf
    if x == inf or (n >= 0 and x > _GONE):
        return 0.0
    return _rounded("expint")(n, x)


# Orthogonal polynomials.


def _polynomial(name: str) -> Callable[..., float]:
    """A polynomial of a whole degree; at an infinity the sign that it has far out, where no parameter is below -1."""

    def function(n: float, *args: float) -> float:
        if not (0 <= n <= HIGHEST_DEGREE and n == math.floor(n)) or any(map(math.isnan, args)):
            return nan
        *parameters, x = args
        if n == 0:
            return 1.0
        if math.isinf(x):
            far = _rounded(name)(n, *parameters, math.copysign(1e6, x))
            return math.copysign(inf, far) if all(p > -1 for p in parameters) and far else nan
        return _rounded(name)(n, *args) if all(map(math.isfinite, args)) else nan

    function.__name__ = name
    return function


for _name in NAMES:
    globals()[_name] = _polynomial(_name)


# Hypergeometric functions, polylogarithms, hyperbolic integrals.


#: Parameters beyond this are followed for small arguments only: the sums take seconds and seldom say anything.
_FARTHEST = 1e8


def hyp0f1(b: float, x: float) -> float:
    if _is_pole(b) or not math.isfinite(b) or math.isnan(x) or x == -inf:
        return nan
    if x == inf:
        return math.copysign(inf, gamma(b))
    return _rounded("hyp0f1")(b, x)


def hyp1f1(a: float, b: float, x: float) -> float:
    if _is_pole(b) or not all(map(math.isfinite, (a, b, x))):
        return nan
    if max(abs(a), abs(b)) > _FARTHEST and abs(x) > 1:
        return nan
    return _rounded("hyp1f1")(a, b, x)


def hyp2f1(a: float, b: float, c: float, x: float) -> float:
    if _is_pole(c) or not (all(map(math.isfinite, (a, b, c))) and -inf < x <= 1):
        return nan
    if max(abs(a), abs(b), abs(c)) > _FARTHEST and abs(x) > 1 / 2:
        return nan
    return _rounded("hyp2f1")(a, b, c, x) if x < 1 or c > a + b else nan


def polylog(s: float, x: float) -> float:
    """The polylogarithm for x <= 1.

    >>> polylog(2.0, 1.0), polylog(1.0, 1.0), polylog(2.0, 2.0)
    (1.6449340668482264, inf, nan)
    """
    if not (math.isfinite(s) and -inf < x <= 1):
        return nan
    if x == 1:
        return zeta(s) if s > 1 else inf
    return _rounded("polylog")(s, x)


def polylog_derivative(k: float, s: float, x: float) -> float:
    if not (math.isfinite(k) and math.isfinite(s) and -inf < x < 1):
        return nan
    return _rounded("polylog_derivative")(k, s, x)


Shi = _between("Shi", (-inf, -inf), (inf, inf))
Chi = _between("Chi", (0.0, -inf), (inf, inf))


# Incomplete elliptic integrals: the balls know where the root under the integral ends.


def _of_finite(name: str) -> Callable[..., float]:
    def function(*args: float) -> float:
        return _rounded(name)(*args) if all(map(math.isfinite, args)) else nan

    function.__name__ = name
    return function


ellipf, ellipeinc, ellippi = map(_of_finite, ("ellipf", "ellipeinc", "ellippi"))
ellipf_derivative, ellipeinc_derivative = map(_of_finite, ("ellipf_derivative", "ellipeinc_derivative"))
