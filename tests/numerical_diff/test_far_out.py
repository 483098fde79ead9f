"""Points at the ends of the doubles, where powers of a step leave them: an answer or a word, never a crash."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product

import pytest

from calcgrad.numerical_diff import derivative

FUNCTIONS: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "atan": math.atan,
    "floor": lambda x: float(math.floor(x)),
    "reciprocal": lambda x: 1.0 / x,
    "root": lambda x: math.sqrt(abs(x)),
    "kink far out": lambda x: abs(x - 1e200),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("x", [1.7e308, -1e300, 1e200, 1e-200, 5e-324])
def test_every_order_ends_with_an_estimate(name: str, x: float) -> None:
    for order in (1, 2, 4):
        found = derivative(FUNCTIONS[name], x, order=order)
        assert found.status in ("ok", "noisy", "kink", "jump", "boundary", "undefined", "budget", "failed")
        if found.status == "ok":
            assert found.error_bound is not None
            assert found.error_bound >= 0.0


@pytest.mark.parametrize(("x", "order"), [*product((1e200, -1e170, 1e-170), (1, 2))])
def test_the_bound_holds_far_out(x: float, order: int) -> None:
    true = -1.0 / x / x if order == 1 else 2.0 / x / x / x
    found = derivative(lambda t: 1.0 / t, x, order=order)
    if found.status == "ok" and found.error_bound is not None and math.isfinite(true):
        assert abs(found.value - true) <= 10 * found.error_bound + 1e-300


@pytest.mark.parametrize(
    ("x", "power", "true"), [(4e-49, 7, 7 * 4e-49**6), (1e-78, 5, 5e-312), (-2e-40, 9, 0.0)]
)
def test_values_that_underflow_hide_a_derivative_within_the_bound(x: float, power: int, true: float) -> None:
    """All values about x are 0, and their differences know nothing below 5e-324 over the step."""
    found = derivative(lambda t: t**power, x)
    assert found.value == 0.0
    assert true <= (found.error_bound or 0.0) < 1e-200


def test_an_ordinary_zero_keeps_its_bound() -> None:
    assert derivative(lambda t: 0.0 * t, 1.0).error_bound == 0.0
