"""A traced number to which an array is added in place; lists of traced arrays in NumPy's functions. Truths are written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import calcgrad

X = np.array([[0.3], [0.7], [-0.2]])


def kept(x: Any) -> Any:
    d = np.zeros_like(x)
    d[0, 0] = x[0, 0]
    return d


def added(x: Any) -> Any:
    s = x.sum()
    s += kept(x)
    return np.sum(s)


def subtracted(x: Any) -> Any:
    s = x.sum()
    s -= kept(x)
    return np.sum(s)


def multiplied(x: Any) -> Any:
    s = x.sum()
    s *= kept(x)
    return np.sum(s)


def divided(x: Any) -> Any:
    s = x.sum()
    s /= kept(x) + 1.0
    return np.sum(s)


def penalized(x: Any) -> Any:
    loss = np.mean(x)
    loss += np.dot(x.T, x) / 2
    return loss.flat[0]


SUM = 0.8
#: A program, and its gradient, by hand: the sum s of three entries, and an array that holds the first of them.
NUMBERS: list[tuple[Callable[[Any], Any], list[float]]] = [
    (added, [4.0, 3.0, 3.0]),  # 3 s + x0
    (subtracted, [2.0, 3.0, 3.0]),  # 3 s - x0
    (multiplied, [0.3 + SUM, 0.3, 0.3]),  # s x0
    (divided, [2 + 1 / 1.3 - SUM / 1.3**2, 2 + 1 / 1.3, 2 + 1 / 1.3]),  # 2 s + s / (1 + x0)
    (penalized, [1 / 3 + 0.3, 1 / 3 + 0.7, 1 / 3 - 0.2]),  # s/3 + |x|^2/2
]


@pytest.mark.parametrize(("f", "true"), NUMBERS, ids=[f.__name__ for f, _ in NUMBERS])
@pytest.mark.parametrize("compiled", [None, "numpy"])
def test_a_number_takes_the_shape_of_what_is_added(
    f: Callable[[Any], Any], true: list[float], compiled: Any
) -> None:
    gradient = calcgrad.grad(f, compile=compiled) if compiled else calcgrad.grad(f)
    np.testing.assert_allclose(gradient(X).ravel(), true, rtol=1e-14)


A, B = np.array([0.3, 0.7, -0.2]), np.array([1.0, -2.0, 0.5])
#: A NumPy function of a list of arrays, and the gradient of its sum, weighed by 1, 2, 3 … in its own order.
LISTS: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "transpose": (lambda x: np.transpose([x, x]), [3.0, 7.0, 11.0]),
    "swapaxes": (lambda x: np.swapaxes([x, x], 0, 1), [3.0, 7.0, 11.0]),
    "moveaxis": (lambda x: np.moveaxis([x, x], 0, 1), [3.0, 7.0, 11.0]),
    "reshape": (lambda x: np.reshape([x, B * x], (3, 2)), [1 + 4.0, 2 - 10.0, 3 + 3.0]),
    "ravel": (lambda x: np.ravel([x, B * x]), [1 + 4.0, 2 - 10.0, 3 + 3.0]),
    "squeeze": (lambda x: np.squeeze([[x]]), [1.0, 2.0, 3.0]),
    "sum": (lambda x: np.sum([x, x**2], axis=0), 1 + 2 * A),
    "mean": (lambda x: np.mean([x, x**2], axis=0), (1 + 2 * A) / 2),
    "max": (lambda x: np.max([x, B * x], axis=0), [1.0, 1.0, 0.5]),  # 0.3, 0.7, -0.1
    "cumsum": (lambda x: np.cumsum([x, x], axis=0), [3.0] * 3),
    "dot": (lambda x: np.dot([1.0, 2.0], [x, x**2]), 1 + 4 * A),
    "add": (lambda x: np.add([x, x], 1.0), [2.0] * 3),
    "exp": (lambda x: np.exp([x]), np.exp(A)),
    "where": (lambda x: np.where([True, False, True], x, 3 * x), [1.0, 3.0, 1.0]),
    "keyword": (lambda x: np.sum(a=[x, x**2], axis=0), 1 + 2 * A),
    "concatenate": (lambda x: np.concatenate([x[:1], x[1:]]), [1.0, 1.0, 1.0]),  # unequal lengths, as before
}
WEIGHED = {"transpose", "swapaxes", "moveaxis", "reshape", "ravel", "squeeze"}


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_arrays_are_arrays(name: str) -> None:
    f, true = LISTS[name]

    def total(x: Any) -> Any:
        y = f(x)
        weights = np.arange(1.0, np.size(y) + 1).reshape(np.shape(y)) if name in WEIGHED else 1.0
        return np.sum(y * weights)

    slope = calcgrad.grad(total)(A)
    np.testing.assert_allclose(slope, true, rtol=1e-14)
