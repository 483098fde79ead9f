"""Special functions in mpmath that mpmath itself does not have under that name, or has with another convention."""

from __future__ import annotations

from typing import Any

import mpmath

Number = Any


def erfcx(x: Number) -> Number:
    return _hermite(x, 0) if mpmath.re(x) > 5 else mpmath.exp(x * x) * mpmath.erfc(x)


def erfcinv(x: Number) -> Number:
    """The inverse of erfc by Newton's method, started where erfinv(1 - x) is right to double precision."""
    if x > 0.1:
        return mpmath.erfinv(1 - x)
    start = mpmath.sqrt(mpmath.log(2 / (mpmath.pi * x * x)) / 2)
    return mpmath.findroot(lambda t: mpmath.log(mpmath.erfc(t)) - mpmath.log(x), start)


def erfcx_derivative(k: Number, x: Number) -> Number:
    return _hermite(x, int(k))


def _hermite(x: Number, k: int) -> Number:
    scale = mpmath.mpf(-2) ** k * mpmath.factorial(k) * 2 / mpmath.sqrt(mpmath.pi)
    return scale * mpmath.hermite(-k - 1, x)


def dawson(x: Number) -> Number:
    with mpmath.extraprec(10 + 2 * max(0, mpmath.mag(x))):
        return mpmath.exp(-x * x) * mpmath.erfi(x) * mpmath.sqrt(mpmath.pi) / 2


def dawson_derivative(k: Number, x: Number) -> Number:
    """By the recurrence D' = 1 - 2xD, D^(k+1) = -2x D^(k) - 2k D^(k-1), with bits to spare for its cancellation."""
    order = int(k)
    with mpmath.extraprec(20 + 2 * (order + 2) * max(4, mpmath.mag(x) + 2)):
        before, now = mpmath.mpf(0), dawson(x)
        for n in range(order):
            before, now = now, (1 if n == 0 else 0) - 2 * x * now - 2 * n * before
        return +now


def rgamma_derivative(k: Number, x: Number) -> Number:
    return mpmath.diff(mpmath.rgamma, x, int(k))


def lgamma(x: Number) -> Number:
    return mpmath.re(mpmath.loggamma(x))


def polygamma_step(n: Number, x: Number, d: Number) -> Number:
    with mpmath.extraprec(60):
        return +(mpmath.psi(int(n), x + d) - mpmath.psi(int(n), x))


def polygamma(n: Number, x: Number) -> Number:
    return mpmath.psi(int(n), x)


def lbeta(a: Number, b: Number) -> Number:
    with mpmath.extraprec(60):
        return +(lgamma(a) + lgamma(b) - lgamma(a + b))


def zeta(s: Number) -> Number:
    return mpmath.zeta(s)


def zeta_derivative(k: Number, s: Number) -> Number:
    return mpmath.zeta(s, 1, int(k))


def hurwitz_zeta(s: Number, a: Number) -> Number:
    return mpmath.zeta(s, a)


def hurwitz_derivative(k: Number, s: Number, a: Number) -> Number:
    return mpmath.zeta(s, a, int(k))


def hurwitz_deflated(k: Number, s: Number, a: Number) -> Number:
    order = int(k)
    if s == 1:
        return (-1) ** order * mpmath.stieltjes(order, a)
    pole = (-1) ** order * mpmath.factorial(order) / (mpmath.mpf(s) - 1) ** (order + 1)
    with mpmath.extraprec(2 * max(0, -mpmath.mag(s - 1)) * (order + 1) + 20):
        return +(mpmath.zeta(s, a, order) - pole)


def lambertw(x: Number) -> Number:
    return mpmath.lambertw(x)


def airyaiprime(x: Number) -> Number:
    return mpmath.airyai(x, derivative=1)


def airybiprime(x: Number) -> Number:
    return mpmath.airybi(x, derivative=1)


def ellipk_derivative(k: Number, m: Number) -> Number:
    return _elliptic_series(k, m, mpmath.mpf(1) / 2)


def ellipe_derivative(k: Number, m: Number) -> Number:
    return _elliptic_series(k, m, -mpmath.mpf(1) / 2)


def _elliptic_series(k: Number, m: Number, first: Number) -> Number:
    half, n = mpmath.mpf(1) / 2, int(k)
    scale = mpmath.pi / 2 * mpmath.rf(first, n) * mpmath.rf(half, n) / mpmath.factorial(n)
    return scale * mpmath.hyp2f1(first + n, half + n, n + 1, m)
