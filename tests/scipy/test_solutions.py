"""Solutions of equations by what they depend on: how far their series are right, against the series of the cube root."""

from __future__ import annotations

from math import factorial

import pytest

import calcgrad
from calcgrad.errors import UsageError
from calcgrad.scipy import optimize


def _cube_root(a: float) -> float:
    return optimize.brentq(lambda x: x**3 - a, 0.0, 10.0)


def _coefficient(k: int) -> float:
    """The k-th coefficient of (8 + t)^(1/3), by the binomial series."""
    found = 2.0
    for j in range(k):
        found *= (1 / 3 - j) / (j + 1) / 8
    return found


def test_a_series_is_right_as_far_as_it_is_given() -> None:
    found = calcgrad.taylor(_cube_root, (8.0,), (1.0,), 7)
    assert found == pytest.approx([_coefficient(k) for k in range(8)], rel=1e-11)


def test_a_longer_series_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        calcgrad.taylor(_cube_root, (8.0,), (1.0,), 8)
    assert caught.value.diagnostic.code == "E428"


@pytest.mark.slow
def test_derivatives_nested_deeper_make_a_step_more() -> None:
    f = _cube_root
    for _ in range(8):
        f = calcgrad.grad(f)
    assert f(8.0) == pytest.approx(_coefficient(8) * factorial(8), rel=1e-9)
