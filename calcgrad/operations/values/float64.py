"""Scalar values that ``math`` does not have, with IEEE's rules: inf and nan, never an exception."""

from __future__ import annotations

import math
from operator import add, mul, neg, sub

__all__ = ["add", "div", "mul", "neg", "sub"]


def div(a: float, b: float) -> float:
    """The quotient; x/0 is an infinity with the sign of both, 0/0 is nan.

    >>> div(1.0, -0.0), div(0.0, 0.0)
    (-inf, nan)
    """
    try:
        return a / b
    except ZeroDivisionError:
        return math.nan if a == 0 or a != a else math.copysign(math.inf, a) * math.copysign(1.0, b)
