"""Programs that keep matrices of few diagonals as diagonals give the plain derivative, entry by entry to the bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.compiling.banding import Diagonals, banded
from calcgrad.compiling.graph import build
from calcgrad.compiling.program import trace
from calcgrad.compiling.simplifying import simplified

N = 12
RNG = np.random.default_rng(4)
A, W = RNG.normal(size=(N, N)), RNG.normal(size=N)
X = RNG.uniform(0.2, 1.5, N)


def rosenbrock(x: Any) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


#: A derivative, and whether its program has diagonals.
CASES: dict[str, tuple[Callable[..., Any], bool]] = {
    "Rosenbrock": (calcgrad.hessian(rosenbrock), True),
    "diagonal Hessian": (calcgrad.hessian(lambda x: np.sum(np.exp(x) * W + x**3)), True),
    "neighbours": (calcgrad.hessian(lambda x: np.sum(np.sin(x[2:] * x[:-2]) / x[1:-1])), True),
    "entry by entry": (calcgrad.jacobian(lambda x: np.exp(x) / x - 3.0 * x), True),
    "beside a full one": (calcgrad.jacobian(lambda x: np.tanh(A @ x) + x * np.sin(x)), True),
    "full one less": (calcgrad.jacobian(lambda x: x * x - A @ np.cos(x)), True),
    "differences": (calcgrad.jacobian(lambda x: np.diff(x * x)), True),
    "reversed": (calcgrad.jacobian(lambda x: x[::-1] * x), True),
    "through a matrix": (calcgrad.hessian(lambda x: np.sum(np.sin(A @ x))), False),
    "scaled by a number of x": (calcgrad.jacobian(lambda x: np.sin(x) * x[0]), True),
    "rolled": (calcgrad.jacobian(lambda x: np.roll(x, 1) * x), True),
    "one sum": (calcgrad.hessian(lambda x: np.sum(x) ** 2), False),
    "a condition": (calcgrad.jacobian(lambda x: np.where(x > 0.8, x**2, np.sin(x))), True),
}


@pytest.mark.parametrize("name", CASES)
def test_as_without_compiling(name: str) -> None:
    derivative, _ = CASES[name]
    compiled = calcgrad.compile(derivative)
    for x in (X, X[::-1].copy(), X * 3.0):
        plain = derivative(x)
        found = compiled(x)
        assert found.shape == plain.shape
        assert np.allclose(found, plain, rtol=1e-14, atol=1e-13)
    found[...] = 7.0  # nobody else's memory
    assert np.allclose(compiled(x), plain, rtol=1e-14, atol=1e-13)


@pytest.mark.parametrize("name", ["Rosenbrock", "diagonal Hessian", "entry by entry", "beside a full one"])
def test_diagonals_are_found(name: str) -> None:
    derivative, _ = CASES[name]
    program, output = trace(derivative, [X])
    graph = simplified(build(program, [output.slot]))
    made = banded(graph)
    assert any(isinstance(v.op, Diagonals) for v in made.values)
    full = [v for v in made.values if v.shape == (N, N) and v.op in ("mul", "add", "sub", "scatter")]
    assert len(full) <= 2 * (name == "beside a full one")  # sech(a)^2, one factor after the other


def test_an_infinite_slope_beside_zeros() -> None:
    derivative = calcgrad.jacobian(lambda x: np.sqrt(x) * x[::-1])
    x = X.copy()
    x[3] = 0.0
    compiled = calcgrad.compile(derivative)
    compiled(X)
    with np.errstate(all="ignore"):
        assert np.array_equal(compiled(x), derivative(x))
    assert np.isinf(compiled(x)[3, 3])
    assert not np.isnan(compiled(x)).any()


def test_the_matrix_that_is_written() -> None:
    row = (slice(1, 8, 4), False), (slice(1, 8, 4), True), (slice(0, 9, 4), False)
    upper = Diagonals((3, 3), row, onto=False)
    v, w = np.array([1.0, 2.0]), np.array([10.0, 20.0])
    assert upper.value(v, w, 5.0).tolist() == [[5, 11, 0], [0, 5, 22], [0, 0, 5]]
    full = np.ones((3, 3)).T
    assert (
        Diagonals((3, 3), ((slice(0, 9, 4), True),), onto=True).value(full, 1.0).tolist()
        == (np.ones((3, 3)) + np.eye(3)).tolist()
    )
    assert full[0, 0] == 1.0


def of_columns(x: Any) -> Any:
    return np.sin(A @ x)


def of_rows(x: Any) -> Any:
    return np.exp(x @ A)


@pytest.mark.parametrize("function", [of_columns, of_rows])
def test_products_with_a_unit_matrix_are_moves(function: Callable[..., Any]) -> None:
    derivative = calcgrad.jacobian(function)
    compiled = calcgrad.compile(derivative)
    assert np.array_equal(compiled(X), derivative(X))
    assert compiled.source.count("matmul(") == 1  # of the function itself
    compiled(X)[...] = 7.0
    assert np.array_equal(compiled(X), derivative(X))


@pytest.mark.parametrize("function", [lambda x, a: np.sin(a @ x), lambda x, a: np.cos(x @ a)])
@pytest.mark.parametrize("odd", [np.inf, np.nan])
def test_what_is_not_finite_in_the_other_matrix_counts(function: Callable[..., Any], odd: float) -> None:
    derivative = calcgrad.jacobian(function)
    compiled = calcgrad.compile(derivative)
    a = A.copy()
    assert np.allclose(compiled(X, a), derivative(X, a), rtol=1e-14)
    a[2, 3] = odd
    with np.errstate(all="ignore"):
        assert np.array_equal(compiled(X, a), derivative(X, a), equal_nan=True)
