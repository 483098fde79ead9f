"""Special functions of power series over Arb's balls.

Orders of derivative (``k``) and of Bessel functions are balls that do not move, but for ``besselj`` and ``besseli``,
whose order may be a series. Sources: DLMF, and flint's own series where it has them.
"""

from __future__ import annotations

from collections.abc import Callable
from math import comb
from typing import Any

from flint import acb, acb_series, arb, arb_series, ctx

from calcgrad.systems.values import balls_special
from calcgrad.systems.values.balls_special import HIGHEST, ZETA_FARTHEST, ZETA_LEFT
from calcgrad.systems.values.lengths import longer
from calcgrad.systems.values.series import (
    Series,
    apart,
    compose,
    differentiated,
    div,
    lead,
    log,
    moves,
    series_of,
    shift,
    through,
    unknown,
    variable,
    whole,
)


def _order(k: Series) -> int | None:
    """An order of derivative."""
    n = whole(k)
    return n if n is not None and 0 <= n <= HIGHEST else None


def _derivative(function: Callable[[Any], Any], k: Series, a: Series) -> Series:
    """The k-th derivative of a function of one argument."""
    n = _order(k)
    return unknown() if n is None else through(series_of(a), function, n)


# The error function's family.


def erf(a: Series) -> Series:
    return a.erf()


def erfc(a: Series) -> Series:
    return a.erfc()


def erfi(a: Series) -> Series:
    return a.erfi()


def erfinv(a: Series) -> Series:
    return _inverse(a, lead(a).erfinv(), erf) if -1 < lead(a) < 1 else unknown()


def erfcinv(a: Series) -> Series:
    return _inverse(a, lead(a).erfcinv(), erfc) if 0 < lead(a) < 2 else unknown()


def _inverse(a: Series, value: Any, function: Callable[[Any], Any]) -> Series:
    """The inverse of a function, by reversion of its series at the value."""
    return value + compose(a, shift(function(variable(value))).reversion().coeffs())


def erfcx(a: Series) -> Series:
    """By its Taylor coefficients where exp(a²) is so large, and erfc(a) so small, that their product has no digit left."""
    if not lead(a) > balls_special.ERFCX_FAR:
        return (a * a).exp() * a.erfc()
    coefficients = [balls_special.erfcx_slope(lead(a), n) / arb(n).fac() for n in range(ctx.cap)]
    return compose(a, coefficients)


def erfcx_derivative(k: Series, a: Series) -> Series:
    return _derivative(erfcx, k, a)


def dawson(a: Series) -> Series:
    return (-a * a).exp() * a.erfi() * (arb.pi().sqrt() / 2)


def dawson_derivative(k: Series, a: Series) -> Series:
    return _derivative(dawson, k, a)


# The gamma function's family.


def gamma(a: Series) -> Series:
    return a.gamma()


def rgamma(a: Series) -> Series:
    return a.rgamma()


def rgamma_derivative(k: Series, a: Series) -> Series:
    return _derivative(rgamma, k, a)


def factorial(a: Series) -> Series:
    return gamma(a + 1)


def lgamma(a: Series) -> Series:
    """log |gamma(a)|: flint's for a > 0, else from the reciprocal, which has no poles."""
    if lead(a) > 0:
        return a.lgamma()
    below = a.rgamma()
    return -log(below if below[0] > 0 else -below)


def digamma(a: Series) -> Series:
    return polygamma(arb(0), a)


def polygamma(n: Series, a: Series) -> Series:
    """Derivatives of -(1/gamma)'/(1/gamma), which holds on both sides of 0."""
    return _derivative(_digamma, n, a)


def _digamma(a: Any) -> Any:
    with longer(1):
        below = arb_series(a.coeffs(), prec=ctx.cap).rgamma()
        slope = differentiated(below, 1)
    # a is x + t here, so that the derivative by t is that by x
    return -div(slope, below)


def polygamma_step(n: Series, a: Series, d: Series) -> Series:
    return _polygamma_of(n, a + d) - _polygamma_of(n, a)


def _polygamma_of(n: Series, a: Series) -> Series:
    if moves(n):
        return unknown()
    return polygamma(n, a) if moves(a) else balls_special.polygamma(n, a)


def beta(a: Series, b: Series) -> Series:
    return _gamma(a) * _gamma(b) * _rgamma(a + b)


def lbeta(a: Series, b: Series) -> Series:
    return _lgamma(a) + _lgamma(b) - _lgamma(a + b)


def _gamma(a: Series) -> Series:
    return a.gamma()  # of balls and of series alike


def _rgamma(a: Series) -> Series:
    return a.rgamma()


def _lgamma(a: Series) -> Series:
    return lgamma(a) if moves(a) else balls_special.lgamma(a)


def binomial(n: Series, k: Series) -> Series:
    """The quotient of gammas; for whole k >= 0 the polynomial n(n - 1)…(n - k + 1)/k!, which has no poles."""
    below = whole(k)
    if below is not None and 0 <= below <= 10 * HIGHEST:
        product = series_of(arb(1))
        for j in range(below):
            product = product * (n - j) / (j + 1)
        return product
    return _gamma(n + 1) * _rgamma(k + 1) * _rgamma(n - k + 1)


# Zeta functions.


def zeta(a: Series) -> Series:
    return a.zeta() if abs(lead(a)) < ZETA_FARTHEST else unknown()


def zeta_derivative(k: Series, a: Series) -> Series:
    return _derivative(zeta, k, a)


def hurwitz_zeta(s: Series, a: Series) -> Series:
    return _hurwitz(0, s, a, deflate=False)


def hurwitz_derivative(k: Series, s: Series, a: Series) -> Series:
    n = _order(k)
    return unknown() if n is None else _hurwitz(n, s, a, deflate=False)


def hurwitz_deflated(k: Series, s: Series, a: Series) -> Series:
    n = _order(k)
    return unknown() if n is None else _hurwitz(n, s, a, deflate=True)


def _hurwitz(n: int, s: Series, a: Series, deflate: bool) -> Series:
    """The n-th derivative of zeta(s, a) in s, as a series in both arguments.

    In a, the Taylor coefficients are (-1)^j (s)_j/j! zeta(s + j, a) (DLMF 25.11.17). The pole of that zeta at s + j = 1
    meets a zero of (s)_j: (s + j - 1) zeta(s + j, a) is 1 + (s + j - 1) times the zeta without its pole.
    """
    s, a = series_of(s), series_of(a)
    if not lead(a) > 0 or (not deflate and not apart(s - 1)):
        return unknown()
    if not ZETA_LEFT < lead(s) < ZETA_FARTHEST:
        return unknown()
    if lead(a) < 1:  # the first term apart: the rest is quick
        logarithm = a.log()
        term = (-s * logarithm).exp()
        for _ in range(n):
            term = -term * logarithm
        return term + _hurwitz(n, s, a + 1, deflate)
    total, power = series_of(arb(0)), series_of(arb(1))
    step = shift(a)
    for j in range(ctx.cap if _varies(step) else 1):
        with longer(n):
            inner = differentiated(_hurwitz_coefficient(j, lead(s), lead(a), deflate), n)
        total = total + compose(s, inner.coeffs()) * power
        power = power * step
    return total


def _varies(a: Any) -> bool:
    return any(not c.is_zero() for c in a.coeffs())


def _hurwitz_coefficient(j: int, s: Any, a: Any, deflate: bool) -> Any:
    """The j-th Taylor coefficient in a of zeta(s, a), or of it without its pole, as a series in s."""
    s = variable(s)
    if j == 0:
        return s.zeta(a, deflate)
    rising = series_of(arb(1))
    for i in range(j - 1):
        rising = rising * (s + i) / (i + 1)
    last = s + (j - 1)
    sign = -1 if j % 2 else 1
    return sign * rising * (1 + last * (s + j).zeta(a, True)) / j


# Lambert's W, Bessel and Airy functions.


def lambertw(a: Series) -> Series:
    return a.lambertw()


def besselj(n: Series, a: Series) -> Series:
    """In x by DLMF 10.6.7; in the order by (x/2)^n/gamma(n + 1) 0F1(; n + 1; -x^2/4), DLMF 10.16.9."""
    return _of_order(n, a, -1) if moves(n) else _bessel(n, a, "bessel_j", -1)


def bessely(n: Series, a: Series) -> Series:
    """In the order n, where that is not whole, by DLMF 10.2.3."""
    if not moves(n):
        return _bessel(n, a, "bessel_y", -1)
    return div(_of_order(n, a, -1) * n.cos_pi() - _of_order(-n, a, -1), n.sin_pi())


def besseli(n: Series, a: Series) -> Series:
    """In x by DLMF 10.29.5; in the order by DLMF 10.39.9."""
    return _of_order(n, a, 1) if moves(n) else _bessel(n, a, "bessel_i", 1)


def besselk(n: Series, a: Series) -> Series:
    """In the order n, where that is not whole, by DLMF 10.27.4."""
    if not moves(n):
        return _bessel(n, a, "bessel_k", 1, sign=-1)
    return div((_of_order(-n, a, 1) - _of_order(n, a, 1)) * (arb.pi() / 2), n.sin_pi())


def _bessel(n: Any, a: Series, name: str, alternate: int, sign: int = 1) -> Series:
    """The k-th derivative is 2^-k times the sum of alternate^j binomial(k, j) C(n - k + 2j) (DLMF 10.6.7, 10.29.5)."""
    if whole(n) is None and not abs(lead(a)) > arb(2) ** (-(2**30)):  # beside 0 flint may go on for ever
        return unknown()
    x, most = lead(a), ctx.cap - 1
    values = [getattr(x, name)(n + j) for j in range(-most, most + 1)]
    coefficients, scale = [], arb(1)
    for k in range(most + 1):
        terms = [alternate**j * comb(k, j) * values[most - k + 2 * j] for j in range(k + 1)]
        coefficients.append(sum(terms, arb(0)) * scale)
        scale = scale * sign / (2 * (k + 1))
    return compose(a, coefficients)


def _of_order(n: Series, a: Series, sign: int) -> Series:
    """J (sign -1) or I (sign 1) with an order that moves, for x > 0."""
    if not lead(a) > 0:
        return unknown()
    half = series_of(a) / 2
    order = acb_series((n + 1).coeffs(), prec=ctx.cap)
    z = acb_series((sign * half * half).coeffs(), prec=ctx.cap)
    sum_ = real_part(acb_series.hypgeom([], [order], z))
    return (n * half.log()).exp() * (n + 1).rgamma() * sum_


def real_part(a: Any) -> Any:
    """The real series of a complex one whose coefficients are real."""
    return arb_series([acb(c).real for c in a.coeffs()])


def airyai(a: Series) -> Series:
    return a.airy_ai()


def airyaiprime(a: Series) -> Series:
    return a.airy_ai_prime()


def airybi(a: Series) -> Series:
    return a.airy_bi()


def airybiprime(a: Series) -> Series:
    return a.airy_bi_prime()


# Integrals.


def Si(a: Series) -> Series:  # noqa: N802
    return a.si()


def Ci(a: Series) -> Series:  # noqa: N802
    return a.ci()


def Ei(a: Series) -> Series:  # noqa: N802
    return a.ei() if apart(a) else unknown()


def li(a: Series) -> Series:
    return a.li()


def fresnels(a: Series) -> Series:
    return a.fresnel_s()


def fresnelc(a: Series) -> Series:
    return a.fresnel_c()


def ellipk(m: Series) -> Series:
    """Flint's complex series below 1, where it is real."""
    return real_part(acb_series(m.coeffs(), prec=ctx.cap).elliptic_k()) if lead(m) < 1 else unknown()


def ellipe(m: Series) -> Series:
    """(1 - m) (K + 2m K'), DLMF 19.4.1."""
    return through(m, _second_kind) if lead(m) < 1 else unknown()


def _second_kind(m: Any) -> Any:
    """E of m = x + t, so that the derivative by t is that by m."""
    with longer(1):
        first = ellipk(arb_series(m.coeffs(), prec=ctx.cap))
        slope = differentiated(first, 1)
    return (1 - m) * (first + 2 * m * slope)


def ellipk_derivative(k: Series, m: Series) -> Series:
    return _derivative(ellipk, k, m)


def ellipe_derivative(k: Series, m: Series) -> Series:
    return _derivative(_second_kind, k, m) if lead(m) < 1 else unknown()
