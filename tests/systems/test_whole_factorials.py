"""The factorials of whole numbers, which come from a table, held against mpmath's."""

import math

import mpmath

from calcgrad.systems.base import FLOAT64


def test_every_factorial_that_is_a_double_and_the_next() -> None:
    factorial = FLOAT64.function("factorial")
    with mpmath.workprec(2000):
        wanted = [float(mpmath.factorial(n)) for n in range(171)]
    assert [factorial(float(n)) for n in range(171)] == wanted
    assert factorial(171.0) == math.inf
    assert math.isnan(factorial(-1.0))
    assert factorial(-0.0) == 1.0
