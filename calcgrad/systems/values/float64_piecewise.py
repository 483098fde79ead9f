"""Scalar values of functions with kinks and jumps, as floats; nan in gives nan out."""

from __future__ import annotations

import builtins
import math


def abs(a: float) -> float:
    """The absolute value."""
    return math.fabs(a)


def sign(a: float) -> float:
    """-1, 0 or 1; 0 at 0, nan at nan."""
    return math.copysign(1.0, a) if a < 0 or a > 0 else a if a != a else 0.0


def floor(a: float) -> float:
    """The greatest whole number that is not above a."""
    return math.copysign(math.floor(a), a) if math.isfinite(a) else a


def ceil(a: float) -> float:
    """The least whole number that is not below a."""
    return math.copysign(math.ceil(a), a) if math.isfinite(a) else a


def trunc(a: float) -> float:
    """Without the fractional part, rounded towards 0.

    >>> trunc(-2.5), trunc(0.7)
    (-2.0, 0.0)
    """
    return math.copysign(math.trunc(a), a) if math.isfinite(a) else a


def round(a: float) -> float:
    """The nearest whole number, halves to the even one.

    >>> round(2.5), round(-0.5)
    (2.0, -0.0)
    """
    return math.copysign(builtins.round(a), a) if math.isfinite(a) else a


def maximum(a: float, b: float) -> float:
    """The greater of two; nan if one of them is nan."""
    return a if a > b or math.isnan(a) else b


def minimum(a: float, b: float) -> float:
    """The lesser of two; nan if one of them is nan."""
    return a if a < b or math.isnan(a) else b


def heaviside(a: float) -> float:
    """0 for negative numbers, 1 for positive ones, 1/2 at 0; nan at nan."""
    return 1.0 if a > 0 else 0.0 if a < 0 else 0.5 if a == 0 else a
