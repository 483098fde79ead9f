"""Trigonometric and hyperbolic functions of power series over Arb's balls, and their inverses.

Flint has the series of sin, cos, tan and of the inverse sine, cosine and tangent. The others are composed: of quotients, or
as the integral of a derivative that loses no digits, begun at the ball's own value.
"""

from __future__ import annotations

from typing import Any

from flint import arb, ctx

from calcgrad.systems.values.float64_trigonometric import HIGHEST_ORDER
from calcgrad.systems.values.series import (
    Series,
    apart,
    compose,
    differentiated,
    div,
    integrated,
    lead,
    moves,
    series_of,
    sigmoid,
    sqrt,
    unknown,
    whole,
    with_value,
)


def sin(a: Series) -> Series:
    """The sine."""
    return a.sin()


def cos(a: Series) -> Series:
    """The cosine."""
    return a.cos()


def tan(a: Series) -> Series:
    """The tangent."""
    return a.tan()


def cot(a: Series) -> Series:
    """The cotangent."""
    return div(a.cos(), a.sin())


def asin(a: Series) -> Series:
    """The inverse sine, inside (-1, 1)."""
    return a.asin() if -1 < lead(a) < 1 else unknown()


def acos(a: Series) -> Series:
    """The inverse cosine, inside (-1, 1)."""
    return a.acos() if -1 < lead(a) < 1 else unknown()


def atan(a: Series) -> Series:
    """The inverse tangent."""
    return a.atan()


def atan2(a: Series, b: Series) -> Series:
    """The angle of the point (b, a): by whichever quotient has no 0 below, and no jump at the cut."""
    value = arb.atan2(lead(a), lead(b))
    if lead(b) > 0:
        return with_value(series_of(a / b).atan(), value)
    if apart(a):
        return with_value(-series_of(b / a).atan(), value)
    return value if not moves(a) and lead(b) < 0 else unknown()


def sinh(a: Series) -> Series:
    """The hyperbolic sine."""
    s, c = lead(a).sinh_cosh()
    return compose(a, _over_factorials(s, c))


def cosh(a: Series) -> Series:
    """The hyperbolic cosine."""
    s, c = lead(a).sinh_cosh()
    return compose(a, _over_factorials(c, s))


def _over_factorials(even: Any, odd: Any) -> list[Any]:
    """even, odd, even/2!, odd/3!, … : the Taylor coefficients where the two are each other's derivative."""
    found, factorial = [], arb(1)
    for k in range(ctx.cap):
        factorial = factorial * max(k, 1)
        found.append((odd if k % 2 else even) / factorial)
    return found


def tanh(a: Series) -> Series:
    """The hyperbolic tangent, 2 sigmoid(2a) - 1: only its value would cancel."""
    return with_value(2 * sigmoid(2 * a), lead(a).tanh())


def sech(a: Series) -> Series:
    """The hyperbolic secant."""
    return 1 / cosh(a)


def coth(a: Series) -> Series:
    """The hyperbolic cotangent, from its derivative -csch^2."""
    inverse = div(arb(1), sinh(a))
    return (
        integrated(lead(a).coth(), -inverse * inverse * differentiated(a, 1)) if moves(inverse) else unknown()
    )


def asinh(a: Series) -> Series:
    """The inverse hyperbolic sine, from its derivative 1/sqrt(1 + a^2)."""
    return integrated(lead(a).asinh(), differentiated(a, 1) / (1 + a * a).sqrt())


def acosh(a: Series) -> Series:
    """The inverse hyperbolic cosine above 1, from its derivative 1/sqrt(a^2 - 1)."""
    if not lead(a) > 1:
        return unknown()
    return integrated(lead(a).acosh(), differentiated(a, 1) / sqrt((a - 1) * (a + 1)))


def atanh(a: Series) -> Series:
    """The inverse hyperbolic tangent inside (-1, 1), from its derivative 1/(1 - a^2)."""
    if not -1 < lead(a) < 1:
        return unknown()
    return integrated(lead(a).atanh(), differentiated(a, 1) / ((1 - a) * (1 + a)))


def sinc(a: Series) -> Series:
    """sin(a)/a, and 1 at 0."""
    return sphericalj(arb(0), a)


def sphericalj(a: Series, b: Series) -> Series:
    """The spherical Bessel function of the first kind: x^n/(2n + 1)!! 0F1(; n + 3/2; -x^2/4), DLMF 10.53.1.

    The k-th derivative of 0F1(; c; z) is 0F1(; c + k; z)/(c)_k (DLMF 16.3.1).
    """
    n = whole(a)
    if n is None or not 0 <= n <= HIGHEST_ORDER:
        return unknown()
    factor = series_of(arb(1))
    for k in range(1, n + 1):
        factor = factor * b / (2 * k + 1)
    z, c = -b * b / 4, n + arb(1.5)
    below, coefficients = arb(1), []
    for k in range(ctx.cap):
        coefficients.append(lead(z).hypgeom_0f1(c + k) / below)
        below = below * (c + k) * (k + 1)
    return factor * compose(z, coefficients)


def sind(a: Series) -> Series:
    """The sine of an angle in degrees."""
    return (a / 180).sin_pi()


def cosd(a: Series) -> Series:
    """The cosine of an angle in degrees."""
    return (a / 180).cos_pi()


def tand(a: Series) -> Series:
    """The tangent of an angle in degrees."""
    return div(sind(a), cosd(a))
