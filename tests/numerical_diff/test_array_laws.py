"""Laws of arrays that need no truth: each number of an answer, and each entry, is a function of one variable on its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calcgrad.numerical_diff import derivative, directional, gradient, hessian, jacobian
from calcgrad.report.estimates import Estimate

X = np.array([0.75, 1.5, 0.3, 2.25])


def smooth(v: Any) -> float:
    return float(np.sum(np.sin(v) * v[::-1]) + v[0] * v[1] * v[2])


def kinked(v: Any) -> float:
    return float(abs(v[1] - 1.5) + np.sum(v**3))


def jumping(v: Any) -> float:
    return float(np.sum(v**2) + (1.0 if v[2] >= 0.3 else 0.0))


def noisy(v: Any) -> float:
    return float(np.float32(np.sum(np.sin(v))))


def ending(v: Any) -> float:
    return math.sqrt(v[3] - 2.25) + float(np.sum(v[:3] ** 2)) if v[3] >= 2.25 else math.nan


def steep(v: Any) -> float:
    return float(1.0 / (v[0] ** 2 + 1e-6) + np.exp(3 * v[1]) + v[2] * v[3])


FUNCTIONS: dict[str, Callable[[Any], float]] = {
    f.__name__: f for f in (smooth, kinked, jumping, noisy, ending, steep)
}
WISHES = [None, 1e-6]


def _same(one: Estimate, other: Estimate, unit: float = 1.0) -> None:
    """The same numbers to the digit, in units of the first."""
    for name in ("value", "error_bound", "left", "right"):
        a, b = getattr(one, name), getattr(other, name)
        assert (a is None) == (b is None)
        if a is not None:
            factor = abs(unit) if name == "error_bound" else unit
            np.testing.assert_array_equal(factor * np.asarray(a), np.asarray(b))
    assert (one.status, one.step) == (other.status, other.step)


@pytest.mark.parametrize("rtol", WISHES)
@pytest.mark.parametrize("way", [gradient, hessian])
@pytest.mark.parametrize("name", ["smooth", "kinked", "jumping", "ending", "steep"])
def test_units_of_the_values_change_nothing(name: str, way: Any, rtol: float | None) -> None:
    f = FUNCTIONS[name]
    plain = way(f, X, rtol=rtol)
    for unit in (2.0**40, 2.0**-40, -1.0):
        found = way(lambda v, unit=unit: unit * f(v), X, rtol=rtol)
        _same(plain, found, unit)
        assert found.evaluations == plain.evaluations


@pytest.mark.parametrize("name", FUNCTIONS)
def test_entries_in_another_order_have_the_same_slopes(name: str) -> None:
    f, order = FUNCTIONS[name], np.array([2, 0, 3, 1])
    back = np.argsort(order)
    plain, moved = gradient(f, X), gradient(lambda v: f(v[back]), X[order])
    np.testing.assert_array_equal(moved.value, plain.value[order])
    np.testing.assert_array_equal(moved.error_bound, plain.error_bound[order])
    assert moved.status == plain.status
    assert moved.evaluations == plain.evaluations


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_entry_is_a_function_of_one_variable(name: str) -> None:
    f = FUNCTIONS[name]
    whole = gradient(f, X)
    for i in range(len(X)):

        def along(t: float, i: int = i) -> float:
            return f(np.where(np.arange(len(X)) == i, t, X))

        for alone in (
            derivative(along, X[i], step=X[i] / 16.0 if X[i] > 1.0 else 1.0 / 16.0),
            directional(f, X, np.eye(len(X))[i]),
        ):
            np.testing.assert_array_equal(alone.value, whole.value[i])
            np.testing.assert_array_equal(alone.error_bound, whole.error_bound[i])


@pytest.mark.parametrize("shape", [(6,), (2, 3), (3, 2, 1)])
def test_a_number_of_the_answer_is_a_function_of_its_own(shape: tuple[int, ...]) -> None:
    def stacked(v: Any) -> Any:
        return np.array([f(v) for f in FUNCTIONS.values()]).reshape(shape)

    whole = jacobian(stacked, X)
    assert whole.value.shape == whole.error_bound.shape == (*shape, 4)
    for row, bounds, f in zip(
        whole.value.reshape(6, 4), whole.error_bound.reshape(6, 4), FUNCTIONS.values(), strict=True
    ):
        alone = gradient(f, X)
        np.testing.assert_array_equal(row, alone.value)
        np.testing.assert_array_equal(bounds, alone.error_bound)


@pytest.mark.parametrize("imaginary", ["smooth", "steep", "kinked", "noisy"])
def test_a_complex_number_is_two_real_ones(imaginary: str) -> None:
    real, other = FUNCTIONS["smooth"], FUNCTIONS[imaginary]
    both = jacobian(lambda v: complex(real(v), other(v)), X)
    one, two = gradient(real, X), gradient(other, X)
    np.testing.assert_array_equal(both.value.real, one.value)
    np.testing.assert_array_equal(both.value.imag, two.value)
    assert both.error_bound == pytest.approx(np.hypot(one.error_bound, two.error_bound), rel=1e-15)
    assert both.status == two.status
    row = jacobian(lambda v: np.array([complex(real(v), other(v)), complex(other(v), real(v))]), X)
    np.testing.assert_array_equal(row.value[0], both.value)
    np.testing.assert_array_equal(row.value[1].real, both.value.imag)


@pytest.mark.parametrize("rtol", WISHES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_hessian_is_symmetric_and_its_diagonal_is_of_one_variable(name: str, rtol: float | None) -> None:
    f = FUNCTIONS[name]
    whole = hessian(f, X, rtol=rtol)
    np.testing.assert_array_equal(whole.value, whole.value.T)
    np.testing.assert_array_equal(whole.error_bound, whole.error_bound.T)
    if rtol is None:
        alone = [directional(f, X, np.eye(4)[i], order=2) for i in range(4)]
        np.testing.assert_array_equal(np.diag(whole.value), [each.value for each in alone])
        np.testing.assert_array_equal(np.diag(whole.error_bound), [each.error_bound for each in alone])


@pytest.mark.parametrize("rtol", WISHES)
@pytest.mark.parametrize("scale", [1.0, 2.0**10, 2.0**-10])
def test_mixed_derivatives_of_a_product(scale: float, rtol: float | None) -> None:
    """x·y + x²z in coordinates of every size: the bounds hold, and are no excuse for much."""
    x = np.array([1.5, 0.75 * scale, -1.25 * scale])
    found = hessian(lambda v: float(v[0] * v[1] / scale + v[0] ** 2 * v[2] / scale), x, rtol=rtol)
    true = np.array([[2 * x[2], 1.0, 2 * x[0]], [1.0, 0.0, 0.0], [2 * x[0], 0.0, 0.0]]) / scale
    true[0, 0] = 2 * x[2] / scale
    assert np.all(np.abs(found.value - true) <= found.error_bound)
    units = np.array([1.0, max(scale, 1.0), max(scale, 1.0)])
    assert np.all(
        found.error_bound * np.outer(units, units) <= (1e-8 if rtol is None else 1e-2) / min(scale, 1.0)
    )
