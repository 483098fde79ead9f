"""Gradients, Jacobians, Hessians and directional derivatives against formulas by hand."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from calcgrad.errors import UsageError
from calcgrad.numerical_diff import directional, gradient, hessian, jacobian

X = np.array([0.3, -1.2, 0.8, 2.0, -0.5])


def f(v: Any) -> Any:
    return np.sum(np.sin(v) * np.exp(v / 2), axis=-1)


G = np.exp(X / 2) * (np.cos(X) + np.sin(X) / 2)


@pytest.mark.parametrize("rtol", [None, 1e-8])
def test_gradient(rtol: float | None) -> None:
    found = gradient(f, X, rtol=rtol)
    assert found.status == "ok"
    assert np.all(np.abs(found.value - G) <= found.error_bound)
    np.testing.assert_allclose(found.value, G, rtol=rtol or 1e-12)


def test_few_points_an_entry() -> None:
    x = np.linspace(-1, 1, 50)
    found = gradient(f, x, rtol=1e-8)
    assert found.evaluations <= 9 * x.size


def test_together() -> None:
    with ThreadPoolExecutor(2) as pool:
        by_pool = gradient(f, X, rtol=1e-8, executor=pool)
    by_array = gradient(f, X, rtol=1e-8, vectorized=True)
    for found in (by_pool, by_array):
        np.testing.assert_allclose(found.value, G, rtol=1e-8)


def test_jacobian_real_and_complex() -> None:
    a = np.array([[1.0, 2, 0, 1, -1], [0, 1, 1, -2, 0.5]])
    np.testing.assert_allclose(
        jacobian(lambda v: np.sin(a @ v), X).value, np.cos(a @ X)[:, None] * a, rtol=1e-11, atol=1e-13
    )
    turning = jacobian(lambda v: np.exp(1j * (a @ v)), X)
    np.testing.assert_allclose(turning.value, 1j * np.exp(1j * (a @ X))[:, None] * a, rtol=1e-11, atol=1e-13)


def test_hessian_and_directional() -> None:
    a = np.array([[1.0, 2, 0, 1, -1], [0, 1, 1, -2, 0.5]])

    def g(v: Any) -> Any:
        return float(np.sum(np.sin(a @ v)))

    truth = a.T @ np.diag(-np.sin(a @ X)) @ a
    np.testing.assert_allclose(hessian(g, X).value, truth, rtol=1e-8, atol=1e-9)
    v = np.array([1.0, 0, -1, 2, 0.5])
    assert directional(g, X, v, order=2).value == pytest.approx(v @ truth @ v, rel=1e-10)


def test_a_kink_in_one_entry_is_named() -> None:
    found = gradient(lambda v: float(np.sum(np.abs(v))), [1.0, 0.0, -2.0], rtol=1e-8)
    assert found.status == "kink"
    assert "[1]" in found.note
    assert np.isnan(found.value[1])


def test_bounds_and_budget() -> None:
    seen: list[Any] = []

    def g(v: Any) -> Any:
        seen.append(v.copy())
        return f(v)

    found = gradient(g, X, rtol=1e-8, bounds=(X - 0.01, X + 0.01))
    np.testing.assert_allclose(found.value, G, rtol=1e-7)
    assert np.all(np.array(seen) >= X - 0.01)
    assert np.all(np.array(seen) <= X + 0.01)
    assert gradient(f, X, max_evaluations=30).status == "budget"


def test_a_gradient_needs_a_scalar() -> None:
    with pytest.raises(UsageError):
        gradient(lambda v: v, X)
