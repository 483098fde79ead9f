"""Arrays that their owner writes into: before the sweep, after it, and the results themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.errors import CalcgradError

X = np.array([1.0, 2.0, 3.0])


def buffer(w: Any) -> Any:
    filled, total = np.zeros(3), 0.0
    for k in range(3):
        filled[:] = k + 1
        total = total + np.sum(w * w * filled) + np.sum(filled / w)
    return total


def matrix(w: Any) -> Any:
    rows, total = np.zeros((3, 3)), 0.0
    for k in range(3):
        rows[k] = k + 1
        total = total + np.sum(rows @ (w * w))
    return total


def indices(w: Any) -> Any:
    chosen, listed, total = np.array([0, 1]), [0], 0.0
    for k in range(3):
        chosen[0] = listed[0] = k
        total = total + np.sum(w[chosen] ** 2) + np.sum(w[listed] ** 3)
    return total


def mask(w: Any) -> Any:
    taken, total = np.zeros(3, bool), 0.0
    for k in range(3):
        taken[k] = True
        total = total + np.sum(np.where(taken, w * w, 0.0))
    return total


GRADIENTS = {  # by hand
    buffer: 12 * X - 6 / X**2,
    matrix: 2 * X * (3 * 1 + 2 * 2 + 1 * 3),
    indices: 2 * X + np.array([0, 6, 0]) * X + 3 * X**2,
    mask: 2 * X * np.array([3, 2, 1]),
}


@pytest.mark.parametrize("f", GRADIENTS, ids=lambda f: f.__name__)
def test_a_buffer_that_is_filled_anew_counts_as_it_was(f: Callable[[Any], Any]) -> None:
    expected = GRADIENTS[f]
    slope = calcgrad.grad(f)
    for found in (slope(X), calcgrad.jacfwd(f)(X), calcgrad.jacrev(f)(X), calcgrad.compile(slope)(X)):
        assert np.allclose(found, expected, rtol=1e-14)
    assert np.allclose(calcgrad.compile(f)(X), f(X), rtol=1e-14)
    assert np.allclose(calcgrad.taylor(f, (X,), (np.ones(3),), 1)[1], np.sum(expected), rtol=1e-14)
    assert np.allclose(calcgrad.hvp(f, (X,), (np.ones(3),)), calcgrad.jacrev(slope)(X).sum(0), rtol=1e-14)


def long_buffer(w: Any) -> Any:
    filled, total = np.zeros(5001, np.float32), 0.0
    for k in range(2):
        filled[77] = k
        total = total + np.sum(w * filled)
    return total


def long_buffer_afterwards(w: Any) -> Any:
    filled = np.zeros((3, 5001)).T
    total = np.sum(w * filled[:, 1])
    filled[77] = 1.0
    return total


@pytest.mark.slow
@pytest.mark.parametrize("f", [long_buffer, long_buffer_afterwards], ids=lambda f: f.__name__)
@pytest.mark.parametrize("of", [calcgrad.grad, calcgrad.jacfwd, calcgrad.jacrev])
def test_a_long_buffer_that_is_written_into_counts_as_it_was(of: Any, f: Callable[[Any], Any]) -> None:
    expected = np.zeros(5001)
    expected[77] = f is long_buffer
    assert np.array_equal(of(f)(np.ones(5001)), expected)
    assert calcgrad.compile(f)(np.ones(5001)) == f(np.ones(5001))


def test_a_long_buffer_from_outside_that_is_written_into_is_refused() -> None:
    filled = np.zeros(5001)

    def f(w: Any) -> Any:
        total = np.sum(w * filled)
        filled[77] += 1.0
        return total

    for of in (calcgrad.grad, calcgrad.jacfwd, calcgrad.jacrev, calcgrad.compile):
        with pytest.raises(CalcgradError, match=r"E419.*written into after the function had used it"):
            of(f)(np.ones(5001))


def test_arguments_and_values_may_be_written_into_afterwards() -> None:
    x = X.copy()
    value, pull = calcgrad.vjp(lambda x: np.exp(x) * x, x)
    again, push = calcgrad.linearize(lambda x: np.exp(x) * x, x)
    for array in (x, value, again):
        np.multiply(array, 7.0, out=array)
    expected = np.exp(X) * (X + 1)
    assert np.allclose(pull(np.ones(3))[0], expected)
    assert np.allclose(push(np.ones(3)), expected)


def test_long_data_that_changes_between_recording_and_pullback_is_refused() -> None:
    data = np.ones(5001)
    _, pull = calcgrad.vjp(lambda x: np.sum(x * data), np.ones(5001))
    assert np.array_equal(pull(1.0)[0], data)
    data[3] = 2.0
    with pytest.raises(CalcgradError, match="written into"):
        pull(1.0)


def test_results_are_the_callers_own() -> None:
    both = calcgrad.grad(lambda a, b: np.sum((a + b) ** 2), argnums=(0, 1))(X, X)
    flat = calcgrad.grad(lambda a, b: np.sum(a.reshape(1, 3) + b), argnums=(0, 1))(X, X)
    for first, second in (both, flat):
        kept = second.copy()
        np.multiply(first, 2.0, out=first)
        assert np.array_equal(second, kept)
    for f in (np.sum, np.mean, lambda x: x[0] * np.ones(3)):
        for found in (calcgrad.jacrev(f)(X), calcgrad.jacfwd(f)(X)):
            np.add(found, 1.0, out=found)
    for f in (np.sum, np.mean):
        found = calcgrad.grad(f)(X)
        found += 1.0
    seed = np.ones(3)
    for found in (calcgrad.vjp(lambda x: x, X)[1](seed)[0], calcgrad.jvp(lambda x: x, (X,), (seed,))[1]):
        np.multiply(found, 2.0, out=found)
    assert np.array_equal(seed, np.ones(3))


def test_a_checkpoint_whose_second_run_differs_is_refused() -> None:
    noise = np.random.default_rng(1)

    def late(w: Any) -> Any:
        total = 0.0
        for k in range(3):
            total = total + np.sum(calcgrad.checkpoint(lambda h: h * h * k)(w))  # noqa: B023 (the point)
        return total

    def noisy(w: Any) -> Any:
        return np.sum(calcgrad.checkpoint(lambda h: h * noise.normal(size=3))(w))

    for f in (late, noisy):
        for of in (calcgrad.grad, calcgrad.jacfwd):
            with (
                calcgrad.trusted(),
                pytest.raises(CalcgradError, match=r"E440.*another result when it was run again"),
            ):
                of(f)(X)

    steady = calcgrad.checkpoint(lambda h, k: h * h * k)
    assert np.allclose(calcgrad.grad(lambda w: sum(np.sum(steady(w, k)) for k in (0.0, 1.0, 2.0)))(X), 6 * X)
