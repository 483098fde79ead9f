"""Functions of one vector for the laws of differentiation: what people write, with plain operators and a few of NumPy's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

MATRIX = np.array([[0.3, -1.2, 0.5, 0.1], [0.7, 0.2, -0.4, 1.1], [-0.6, 0.9, 0.8, -0.2]])


def rosenbrock(x: Any) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def layer(x: Any) -> Any:
    return np.tanh(MATRIX @ x)


def branching(x: Any) -> Any:
    total = 0.0
    for entry in x:
        total = total + (np.sin(entry) if entry > 0 else entry**2)
    return total * x


def masked(x: Any) -> Any:
    return np.where(x > 0, np.exp(-x), x * x)


def ratio(x: Any) -> Any:
    a, b, *_ = x
    return (a * x - b / (1 + x * x)) / (2 + np.cos(x)) ** 3


def outer(x: Any) -> Any:
    return (x[:, None] * x) @ (1.0 + x)


def gathered(x: Any) -> Any:
    return x[np.array([0, 0, 3, 1])] * x[::-1]


def powers(x: Any) -> Any:
    return (x * x + 0.5) ** 1.5 + (x * x + 1) ** x - 2.0**x


SCALAR: list[Callable[[Any], Any]] = [
    rosenbrock,
    lambda x: np.sum(layer(x) ** 2),
    lambda x: np.sum(powers(x)),
]
VECTOR: list[Callable[[Any], Any]] = [layer, branching, masked, ratio, outer, gathered, powers]
