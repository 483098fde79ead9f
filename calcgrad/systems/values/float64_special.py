"""Scalar values of the special functions: Arb's balls, rounded, and what IEEE arithmetic says at the edges.

Where a function has a pole with one sign the value there is that infinity; where the sign changes it is nan, except at
a zero, whose own sign decides. Outside the real domain the value is nan. Nothing raises, and flint is imported at the first call.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from math import inf, nan
from typing import TypeAlias

from calcgrad.systems.values.handed import balls

# How far to the left Hurwitz's function is followed: past it its value is nan, at once.
_LEFT = -300.0

Unary: TypeAlias = Callable[[float], float]


@cache
def _rounded(name: str) -> Callable[..., float]:
    """The operation's function of balls, which may be its definition, rounded to the nearest double."""
    from calcgrad.systems.values import rounding

    of_balls = balls(name)
    return lambda *args: rounding.rounded_once(of_balls, *args)


def _between(
    name: str,
    low: tuple[float, float],
    high: tuple[float, float],
    points: Mapping[float, float] | None = None,
) -> Unary:
    """A function on an open interval whose ends, given with the values there, may be infinite; nan outside."""
    values = {low[0]: low[1], high[0]: high[1], **(points or {})}
    left, right = low[0], high[0]

    def function(x: float) -> float:
        if x in values:
            return values[x]
        return _rounded(name)(x) if left < x < right else nan

    function.__name__ = name
    return function


def _is_pole(x: float) -> bool:
    """Whether gamma has a pole at x."""
    return x == -inf or (x <= 0 and math.floor(x) == x)


# The error function's family.

erf = _between("erf", (-inf, -1.0), (inf, 1.0))
erfc = _between("erfc", (-inf, 2.0), (inf, 0.0))
erfcx = _between("erfcx", (-inf, inf), (inf, 0.0))
erfi = _between("erfi", (-inf, -inf), (inf, inf))
erfinv = _between("erfinv", (-1.0, -inf), (1.0, inf))
erfcinv = _between("erfcinv", (0.0, inf), (2.0, -inf), {1.0: 0.0})
dawson = _between("dawson", (-inf, -0.0), (inf, 0.0))


def _derivative(name: str, limit: float) -> Callable[[float, float], float]:
    """A k-th derivative of a smooth function that settles towards +infinity."""

    def function(k: float, x: float) -> float:
        if x == inf and k >= 1:
            return limit
        return _rounded(name)(k, x) if math.isfinite(k) and math.isfinite(x) else nan

    function.__name__ = name
    return function


erfcx_derivative = _derivative("erfcx_derivative", 0.0)
dawson_derivative = _derivative("dawson_derivative", 0.0)
rgamma_derivative = _derivative("rgamma_derivative", 0.0)
ellipk_derivative = _derivative("ellipk_derivative", nan)
ellipe_derivative = _derivative("ellipe_derivative", nan)


# The gamma function's family.


def gamma(x: float) -> float:
    """The gamma function.

    >>> gamma(5.0), gamma(0.5), gamma(-0.0), gamma(-1.0), gamma(200.0)
    (24.0, 1.772453850905516, -inf, nan, inf)
    """
    if x == 0:
        return math.copysign(inf, x)
    if _is_pole(x):
        return nan
    return _rounded("gamma")(x) if x < inf else x


def rgamma(x: float) -> float:
    return (0.0 if x == inf else nan) if not math.isfinite(x) else _rounded("rgamma")(x)


#: The largest whole number whose factorial is a double.
_LARGEST = 170


@cache
def _factorials() -> list[float]:
    return [float(math.factorial(n)) for n in range(_LARGEST + 1)]


def factorial(x: float) -> float:
    """The factorial, of a whole number from a table.

    >>> factorial(5.0), factorial(0.5), factorial(-1.0), factorial(171.0)
    (120.0, 0.886226925452758, nan, inf)
    """
    if 0.0 <= x <= _LARGEST and x == int(x):
        return _factorials()[int(x)]
    if _is_pole(x + 1.0) and (x <= -1):
        return nan
    return _rounded("factorial")(x) if x < inf else x


def lgamma(x: float) -> float:
    if x == -inf or _is_pole(x):
        return inf
    return _rounded("lgamma")(x) if x < inf else x


def digamma(x: float) -> float:
    if x == 0:
        return -math.copysign(inf, x)
    if _is_pole(x):
        return nan
    return _rounded("digamma")(x) if x < inf else x


def polygamma(n: float, x: float) -> float:
    """The n-th derivative of digamma; nan unless n is whole.

    >>> polygamma(1.0, 1.0), polygamma(1.0, -3.0), polygamma(2.0, -3.0), polygamma(0.5, 1.0)
    (1.6449340668482264, inf, nan, nan)
    """
    if not 0 <= n < inf or n != math.floor(n) or math.isnan(x):
        return nan
    if n == 0:
        return digamma(x)
    if x == inf:
        return 0.0
    if _is_pole(x):
        odd = n % 2 == 1
        return nan if x == -inf else inf if odd else -math.copysign(inf, x) if x == 0 else nan
    return _rounded("polygamma")(n, x)


def polygamma_step(n: float, x: float, d: float) -> float:
    if not (math.isfinite(x) and math.isfinite(d)) or _is_pole(x) or _is_pole(x + d):
        return polygamma(n, x + d) - polygamma(n, x)
    return _rounded("polygamma_step")(n, x, d) if math.isfinite(n) else nan


def beta(a: float, b: float) -> float:
    """The beta function.

    >>> beta(2.0, 3.0), beta(0.0, 1.0), beta(1e300, 2.0)
    (0.08333333333333333, inf, 0.0)
    """
    if math.isnan(a + b):
        return nan
    if (a == 0 and b > 0) or (b == 0 and a > 0):
        return math.copysign(inf, a if a == 0 else b)
    if _is_pole(a) or _is_pole(b):
        return nan
    if inf in (a, b):
        return 0.0 if a > 0 and b > 0 else nan
    return _rounded("beta")(a, b)


def lbeta(a: float, b: float) -> float:
    if math.isnan(a + b) or a == -inf or b == -inf:
        return nan
    if _is_pole(a) or _is_pole(b):
        return inf if not _is_pole(a + b) else nan
    if inf in (a, b):
        return -inf if a > 0 and b > 0 else nan
    return -inf if _is_pole(a + b) else _rounded("lbeta")(a, b)


def binomial(n: float, k: float) -> float:
    return _rounded("binomial")(n, k) if math.isfinite(n) and math.isfinite(k) else nan


# Zeta functions.

zeta = _between("zeta", (-inf, nan), (inf, 1.0), {1.0: inf})


def zeta_derivative(k: float, s: float) -> float:
    """The k-th derivative of zeta, which is about (-log 2)^k 2^-s far to the right."""
    if not 0 <= k < inf or k != math.floor(k) or math.isnan(s) or s in (1, -inf):
        return nan
    if s == inf:
        return 1.0 if k == 0 else math.copysign(0.0, -1.0 if k % 2 else 1.0)
    return _rounded("zeta_derivative")(k, s)


def hurwitz_zeta(s: float, a: float) -> float:
    """Hurwitz's zeta for a > 0.

    >>> hurwitz_zeta(2.0, 1.0), hurwitz_zeta(3000.0, 1.5), hurwitz_zeta(2.0, -1.0)
    (1.6449340668482264, 0.0, nan)
    """
    if not (0 < a < inf and math.isfinite(s)):
        return nan
    return _rounded("hurwitz_zeta")(s, a) if s >= _LEFT and s != 1 else inf if s == 1 else nan


def hurwitz_derivative(k: float, s: float, a: float) -> float:
    return _rounded("hurwitz_derivative")(k, s, a) if 0 < a < inf and _LEFT <= s < inf and s != 1 else nan


def hurwitz_deflated(k: float, s: float, a: float) -> float:
    return _rounded("hurwitz_deflated")(k, s, a) if 0 < a < inf and _LEFT <= s < inf else nan


# Lambert's W, Bessel and Airy functions.

lambertw = _between("lambertw", (-1.0, nan), (inf, inf))


def _large_order(n: float, x: float, below: float, above: float) -> float | None:
    """What remains of a Bessel function of an order past 100,000: its limits left and right of the turn near x = n.

    With z = x/n and the exponent eta(z) of DLMF 10.41(ii), which is -0.33 at z = 1/2 and 0.53 at z = 1, the modified
    functions are about exp(±n eta): beyond doubles on both sides. Between the two the value is not followed: nan.
    """
    if abs(n) <= 1e5:
        return None
    if abs(x) < abs(n) / 2:
        return below
    return above if abs(x) >= abs(n) else nan


def _first_kind(name: str, at_infinity: float) -> Callable[[float, float], float]:
    """A Bessel function that is finite at 0 for orders from 0 up, and defined left of 0 for whole orders."""

    def function(n: float, x: float) -> float:
        if math.isnan(n + x) or math.isinf(n):
            return nan
        whole = n == math.floor(n)
        if x < 0 and not whole:
            return nan
        sign = -1.0 if x < 0 and n % 2 == 1 else 1.0
        if math.isinf(x):
            return sign * at_infinity
        if x == 0:
            if n >= 0 or whole:
                return 1.0 if n == 0 else 0.0
            return math.copysign(inf, gamma(n + 1.0))
        far = _large_order(n, x, sign * 0.0, sign * inf) if n > 0 or whole else None
        if far is None or (far != 0 and at_infinity == 0):  # J falls off to the left of its turn only
            return _rounded(name)(n, x)
        return far

    function.__name__ = name
    return function


besselj = _first_kind("besselj", 0.0)
besseli = _first_kind("besseli", inf)


def bessely(n: float, x: float) -> float:
    if math.isnan(n + x) or x < 0 or math.isinf(n):
        return nan
    if x == inf:
        return 0.0
    if x > 0:
        if abs(n) > 1e5 and x < abs(n) / 2:
            return nan if n != math.floor(n) and n < 0 else inf if n < 0 and n % 2 == 1 else -inf
        return _rounded("bessely")(n, x)
    if n >= 0 or n == math.floor(n):
        return inf if n < 0 and n % 2 == 1 else -inf
    # Y_{-v} = sin(v pi) J_v + cos(v pi) Y_v, where Y_v is -inf at 0.
    v = -n % 2.0
    return 0.0 if v in (0.5, 1.5) else inf if 0.5 < v < 1.5 else -inf


def besselk(n: float, x: float) -> float:
    if math.isnan(n + x) or x < 0 or math.isinf(n):
        return nan
    if x == 0:
        return inf
    if x == inf:
        return 0.0
    far = _large_order(n, x, inf, 0.0)
    return _rounded("besselk")(n, x) if far is None else far


airyai = _between("airyai", (-inf, 0.0), (inf, 0.0))
airyaiprime = _between("airyaiprime", (-inf, nan), (inf, -0.0))
airybi = _between("airybi", (-inf, 0.0), (inf, inf))
airybiprime = _between("airybiprime", (-inf, nan), (inf, inf))


# Integrals.

Si = _between("Si", (-inf, -math.pi / 2), (inf, math.pi / 2))
Ci = _between("Ci", (0.0, -inf), (inf, 0.0))
Ei = _between("Ei", (-inf, -0.0), (inf, inf), {0.0: -inf})
li = _between("li", (0.0, 0.0), (inf, inf), {1.0: -inf})
fresnels = _between("fresnels", (-inf, -0.5), (inf, 0.5))
fresnelc = _between("fresnelc", (-inf, -0.5), (inf, 0.5))
ellipk = _between("ellipk", (-inf, 0.0), (1.0, inf))
ellipe = _between("ellipe", (-inf, inf), (1.0, 1.0))
