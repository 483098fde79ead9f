"""Values in mpmath's numbers that mpmath does not have, or has as complex functions: here real, or nan."""

from __future__ import annotations

from operator import add, eq, ge, gt, le, lt, mul, ne, neg, sub
from typing import Any

import mpmath
from mpmath import inf, mpf, nan

__all__ = ["add", "equal", "greater", "greater_equal", "less", "less_equal", "mul", "neg", "not_equal", "sub"]

less, less_equal, greater, greater_equal, equal, not_equal = lt, le, gt, ge, eq, ne


def logical_and(a: Any, b: Any) -> bool:
    """Whether both are true."""
    return bool(a) and bool(b)


def logical_or(a: Any, b: Any) -> bool:
    """Whether one of the two is true."""
    return bool(a) or bool(b)


def logical_not(a: Any) -> bool:
    """Whether it is not true."""
    return not a


def where(a: Any, b: Any, c: Any) -> Any:
    """The branch that the condition takes."""
    return b if a else c


def div(a: Any, b: Any) -> Any:
    """The quotient; an infinity over 0, and nan for 0/0."""
    if b == 0:
        return nan if a == 0 or mpmath.isnan(a) else mpmath.sign(a) * inf
    return a / b


def mod(a: Any, b: Any) -> Any:
    """The remainder with the sign of the divisor."""
    return a % b if b else nan


def floordiv(a: Any, b: Any) -> Any:
    """The quotient rounded down, from the remainder, so that its rounding does no harm."""
    return mpmath.nint((a - a % b) / b) if b else div(a, b)


def pow(a: Any, b: Any) -> Any:
    """The real power."""
    if a == 0 and b < 0:
        return inf
    if a < 0 and b != mpmath.floor(b):
        return nan
    return mpf(a) ** b


def cbrt(a: Any) -> Any:
    """The real cube root.

    >>> cbrt(mpf(-8))
    mpf('-2.0')
    """
    return -mpmath.cbrt(-a) if a < 0 else mpmath.cbrt(a)


def root(a: Any, b: Any) -> Any:
    """The real root; for a negative number where b is odd."""
    if a < 0:
        return -root(-a, b) if b % 2 == 1 else nan
    return pow(a, div(mpf(1), b))


def exp2(a: Any) -> Any:
    """2 to the power a."""
    return mpf(2) ** a


def log(a: Any) -> Any:
    """The natural logarithm."""
    return mpmath.log(a) if a >= 0 else nan


def log2(a: Any) -> Any:
    """The logarithm with base 2."""
    return log(a) / mpmath.ln2


def log10(a: Any) -> Any:
    """The logarithm with base 10."""
    return log(a) / mpmath.ln10


def sind(a: Any) -> Any:
    """The sine of an angle in degrees."""
    return mpmath.sinpi(a / 180)


def cosd(a: Any) -> Any:
    """The cosine of an angle in degrees."""
    return mpmath.cospi(a / 180)


def tand(a: Any) -> Any:
    """The tangent of an angle in degrees."""
    return div(sind(a), cosd(a))


def sphericalj(a: Any, b: Any) -> Any:
    """The spherical Bessel function of the first kind: DLMF 10.53.1 as a hypergeometric series."""
    odd = mpmath.fac2(2 * a + 1)
    return mpf(b) ** a / odd * mpmath.hyp0f1(a + mpf(3) / 2, -(mpf(b) ** 2) / 4)


def abs(a: Any) -> Any:
    """The absolute value."""
    return mpmath.fabs(a)


def round(a: Any) -> Any:
    """The nearest whole number, halves to the even one."""
    return mpmath.nint(a)


def maximum(a: Any, b: Any) -> Any:
    """The greater of two."""
    return a if a > b or mpmath.isnan(a) else b


def minimum(a: Any, b: Any) -> Any:
    """The lesser of two."""
    return a if a < b or mpmath.isnan(a) else b


def heaviside(a: Any) -> Any:
    """0, 1/2 or 1."""
    return (1 + mpmath.sign(a)) / 2
