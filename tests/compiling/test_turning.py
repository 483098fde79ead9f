"""Jacobians whose matrices are computed the way round that they are wanted have the same entries, to the bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.compiling.banding import Diagonals

RNG = np.random.default_rng(8)
X = RNG.uniform(0.5, 1.5, 12)
A = RNG.normal(size=(12, 12)) * 0.3
WIDE = RNG.normal(size=(15, 12)) * 0.3

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "a system": lambda x: np.tanh(A @ x) + x * np.sin(x),
    "more results than arguments": lambda x: np.exp(-(WIDE @ x)),
    "a row times a matrix": lambda x: np.sin(x @ A),
    "both": lambda x: np.cos(A @ x) * (x @ A) - x,
    "quotients": lambda x: (A @ x) / x + 3.0 / x,
    "a chain": lambda x: A @ np.sin(A @ x),
    "read twice": lambda x: (A @ x) * np.sin(A @ x) + (A @ x),
    "powers": lambda x: (A @ x) ** 3 + x**2.5,
    "backwards": lambda x: np.sqrt(x)[::-1] * (A @ x),
    "where": lambda x: np.where(x > 1.0, A @ x, x * x),
    "one number beside": lambda x: (A @ x) * np.sum(x),
    "a piece": lambda x: (WIDE @ x)[3:] * x,
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("kind", [calcgrad.jacobian, calcgrad.jacfwd, calcgrad.jacrev])
def test_the_entries_are_the_same(name: str, kind: Callable[..., Any]) -> None:
    derivative = kind(FUNCTIONS[name])
    compiled = calcgrad.compile(derivative)
    for x in (X, X * 1.5):
        known = derivative(x)
        found = compiled(x)
        assert found.shape == known.shape
        assert np.allclose(found, known, rtol=1e-14, atol=1e-15)
        found[...] = 7.0  # nobody else's memory
        assert np.allclose(compiled(x), known, rtol=1e-14, atol=1e-15)


def test_a_system_is_computed_as_by_hand() -> None:
    compiled = calcgrad.compile(calcgrad.jacobian(FUNCTIONS["a system"]))
    found = compiled(X)
    slopes = 1.0 / np.cosh(A @ X) ** 2
    by_hand = slopes[:, None] * A + np.diag(np.sin(X) + X * np.cos(X))
    assert np.allclose(found, by_hand, rtol=1e-13, atol=0)
    assert ".T" not in compiled.source
    assert compiled.source.count("matmul(") == 1
    assert found.flags.c_contiguous


def test_in_blocks() -> None:
    a, x = RNG.normal(size=(300, 300)), RNG.uniform(0.5, 1.5, 300)
    derivative = calcgrad.jacobian(lambda x: np.sin(a @ x) * x + x**2)
    compiled = calcgrad.compile(derivative)
    assert np.allclose(compiled(x), derivative(x), rtol=1e-13, atol=1e-13)
    assert "for start in range" in compiled.source


@pytest.mark.parametrize("shape", [(4, 4), (3, 5), (5, 3)])
@pytest.mark.parametrize("onto", [True, False])
def test_turned_diagonals(shape: tuple[int, int], onto: bool) -> None:
    rows, columns = shape
    for offset in range(1 - rows, columns):
        row, column = max(0, -offset), max(0, offset)
        count = min(rows - row, columns - column)
        first, step = row * columns + column, columns + 1
        slices = ((slice(first, first + (count - 1) * step + 1, step), onto),)
        op = Diagonals(shape, slices, onto)
        entries, whole = np.arange(1.0, count + 1), RNG.normal(size=shape)
        found = op.value(*([whole] if onto else []), entries)
        turned = op.turned().value(*([whole.T] if onto else []), entries)
        assert np.array_equal(turned, found.T)
        assert found[row, column] == entries[0] + (whole[row, column] if onto else 0.0)


def test_zeros_beside_an_infinite_slope() -> None:
    derivative = calcgrad.jacobian(lambda x: np.sqrt((x * x * x)[::-1]) * 2.0)
    compiled, x = calcgrad.compile(derivative), X.copy()
    compiled(x)
    x[3] = 0.0
    with np.errstate(all="ignore"):
        known = derivative(x)
        for _ in range(4):  # by then calls go the quick way
            assert np.allclose(compiled(x), known, rtol=1e-14, equal_nan=True)
