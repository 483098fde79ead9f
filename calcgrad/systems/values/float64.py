"""Scalar values that ``math`` does not have, or has without IEEE's rules: here nothing raises."""

from __future__ import annotations

import math
from operator import add, eq, ge, gt, le, lt, mul, ne, neg, sub

__all__ = ["add", "equal", "greater", "greater_equal", "less", "less_equal", "mul", "neg", "not_equal", "sub"]

less, less_equal, greater, greater_equal, equal, not_equal = lt, le, gt, ge, eq, ne


def logical_and(a: float, b: float) -> bool:
    """Whether both are true."""
    return bool(a) and bool(b)


def logical_or(a: float, b: float) -> bool:
    """Whether one of the two is true."""
    return bool(a) or bool(b)


def logical_not(a: float) -> bool:
    """Whether it is not true."""
    return not a


def where(a: float, b: float, c: float) -> float:
    """The value of the branch that the condition takes."""
    return b if a else c


def div(a: float, b: float) -> float:
    """The quotient; x/0 is an infinity with the sign of both, 0/0 is nan.

    >>> div(1.0, -0.0), div(0.0, 0.0)
    (-inf, nan)
    """
    try:
        return a / b
    except ZeroDivisionError:
        return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1.0, b)


def times_over(a: float, d: float, b: float) -> float:
    """``a d/b``, also where the product alone leaves the range of doubles.

    >>> times_over(1e200, 1e200, 1e250), times_over(6e-221, 1.2e-218, 6e-221)
    (1e+150, 1.2e-218)
    """
    product = a * d
    if not isinstance(product, float) or _LEAST < abs(product) < math.inf:  # adjoints may stand side by side
        return div(product, b)
    if not (a and d and b) or not (math.isfinite(a) and math.isfinite(d) and math.isfinite(b)):
        return div(product, b)
    (a, p), (d, q), (b, r) = math.frexp(a), math.frexp(d), math.frexp(b)
    try:
        return math.ldexp(a * d / b, p + q - r)
    except OverflowError:
        return math.copysign(math.inf, a * d / b)


#: A product from here on has all its bits.
_LEAST = 2.0**-1022


def mod(a: float, b: float) -> float:
    """The remainder with the sign of the divisor; nan where the divisor is 0.

    >>> mod(-7.0, 3.0), mod(7.0, -3.0)
    (2.0, -2.0)
    """
    return a % b if b else math.nan


def floordiv(a: float, b: float) -> float:
    """The quotient rounded down; as ``div`` where the divisor is 0."""
    return a // b if b else div(a, b)


def pow(a: float, b: float) -> float:
    """The real power; nan for a negative base and a fractional exponent.

    >>> pow(0.0, -1.0), pow(-10.0, 309.0), pow(-8.0, 1 / 3)
    (inf, -inf, nan)
    """
    try:
        return math.pow(a, b)
    except ValueError:
        return _signed_infinity(a, b) if a == 0 else math.nan
    except OverflowError:
        return _signed_infinity(a, b)


def _signed_infinity(a: float, b: float) -> float:
    odd = b % 2 == 1
    return math.copysign(math.inf, a) if odd else math.inf


def square(a: float) -> float:
    """The square."""
    return a * a


def cbrt(a: float) -> float:
    """The real cube root; the C library's last bits are mended by one step of Newton's method.

    >>> cbrt(-27.0), cbrt(0.9999999999999998)
    (-3.0, 0.9999999999999999)
    """
    y = math.cbrt(a)
    back = y * y * y
    if back == 0 or not math.isfinite(back):
        return y
    return y - y * ((back - a) / back / 3)


def root(a: float, b: float) -> float:
    """The real b-th root; for a negative number where b is an odd whole number.

    The exponent 1/b is rounded, which a power of a large or small number shows: one step of Newton's method
    takes the error away.

    >>> root(-32.0, 5.0), root(-4.0, 2.0), root(1e300, 3.0)
    (-2.0, nan, 1e+100)
    """
    if a < 0:
        return -root(-a, b) if b % 2 == 1 else math.nan
    if b == 0 or math.isnan(b):
        return math.nan
    y = pow(a, 1 / b)
    if not 0 < y < math.inf or not 0 < a < math.inf:
        return y
    back = pow(y, b)
    if not 0 < back < math.inf:
        return y
    return y + y * ((a - back) / back / b)


def logaddexp(a: float, b: float) -> float:
    """log(exp(a) + exp(b)), from the larger of the two; infinities are no trouble."""
    if a == b:
        return a + math.log(2.0)
    return (a if a > b else b) + math.log1p(math.exp(-math.fabs(a - b)))


def log(a: float) -> float:
    """The natural logarithm; -inf at 0."""
    return math.log(a) if a > 0 else _below(a)


def log2(a: float) -> float:
    """The logarithm with base 2; -inf at 0."""
    return math.log2(a) if a > 0 else _below(a)


def log10(a: float) -> float:
    """The logarithm with base 10; -inf at 0."""
    return math.log10(a) if a > 0 else _below(a)


def log1p(a: float) -> float:
    """The logarithm of 1 + a; -inf at -1."""
    return math.log1p(a) if a > -1 else _below(a + 1)


def _below(a: float) -> float:
    """A logarithm where its argument is not positive."""
    return -math.inf if a == 0 else math.nan


def logb(a: float, b: float) -> float:
    """The logarithm of a with base b; exact for whole powers of 2 and 10.

    >>> logb(1000.0, 10.0), logb(8.0, 2.0)
    (3.0, 3.0)
    """
    if b == 2:
        return log2(a)
    return log10(a) if b == 10 else div(log(a), log(b))


def sinh(a: float) -> float:
    """The hyperbolic sine; an infinity of its own sign where it overflows."""
    try:
        return math.sinh(a)
    except OverflowError:
        return math.copysign(math.inf, a)


def atanh(a: float) -> float:
    """The inverse hyperbolic tangent; infinite at -1 and 1."""
    if -1 < a < 1:
        return math.atanh(a)
    return math.copysign(math.inf, a) if a in (-1, 1) else math.nan
