"""Trigonometric and hyperbolic functions of Arb's real balls, and their inverses."""

from __future__ import annotations

from typing import Any

from flint import arb

from calcgrad.systems.values.float64_trigonometric import HIGHEST_ORDER


def sin(a: Any) -> Any:
    """The sine."""
    return a.sin()


def cos(a: Any) -> Any:
    """The cosine."""
    return a.cos()


def tan(a: Any) -> Any:
    """The tangent."""
    return a.tan()


def cot(a: Any) -> Any:
    """The cotangent."""
    return a.cot()


def asin(a: Any) -> Any:
    """The inverse sine."""
    return a.asin()


def acos(a: Any) -> Any:
    """The inverse cosine."""
    return a.acos()


def atan(a: Any) -> Any:
    """The inverse tangent."""
    return a.atan()


def atan2(a: Any, b: Any) -> Any:
    """The angle of the point (b, a)."""
    return arb.atan2(a, b)


def sinh(a: Any) -> Any:
    """The hyperbolic sine."""
    return a.sinh()


def cosh(a: Any) -> Any:
    """The hyperbolic cosine."""
    return a.cosh()


def tanh(a: Any) -> Any:
    """The hyperbolic tangent."""
    return a.tanh()


def sech(a: Any) -> Any:
    """The hyperbolic secant."""
    return a.sech()


def coth(a: Any) -> Any:
    """The hyperbolic cotangent."""
    return a.coth()


def asinh(a: Any) -> Any:
    """The inverse hyperbolic sine."""
    return a.asinh()


def acosh(a: Any) -> Any:
    """The inverse hyperbolic cosine."""
    return a.acosh()


def atanh(a: Any) -> Any:
    """The inverse hyperbolic tangent."""
    return a.atanh()


def sinc(a: Any) -> Any:
    """sin(a)/a, and 1 at 0."""
    return a.sinc()


def sphericalj(a: Any, b: Any) -> Any:
    """The spherical Bessel function of the first kind: DLMF 10.53.1 as a hypergeometric series."""
    n = a.unique_fmpz()
    if n is None or not 0 <= n <= HIGHEST_ORDER:
        return arb("nan")
    lead = arb(1)
    for k in range(1, int(n) + 1):
        lead *= b / (2 * k + 1)
    return lead * (-b * b / 4).hypgeom_0f1(n + arb(1.5))


def sind(a: Any) -> Any:
    """The sine of an angle in degrees."""
    return (a / 180).sin_pi()


def cosd(a: Any) -> Any:
    """The cosine of an angle in degrees."""
    return (a / 180).cos_pi()


def tand(a: Any) -> Any:
    """The tangent of an angle in degrees."""
    return sind(a) / cosd(a)
