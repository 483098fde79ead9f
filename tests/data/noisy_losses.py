"""Losses that draw random numbers in every call, each with the gradient of their mean.

Three kinds: noise that is added (Monte Carlo), a minibatch drawn anew, and dropout on the inputs of a linear model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any
KINDS = ("additive", "minibatch", "dropout")


@dataclass(frozen=True, slots=True)
class NoisyLoss:
    """A loss, the gradient of its mean, a point."""

    kind: str
    f: Callable[[Array], float]
    g: Callable[[Array], Array]
    x: Array


def noisy_losses(count: int, seed: int) -> list[NoisyLoss]:
    """The same losses for the same seed; what they draw when called follows from it too."""
    makers = (_additive, _minibatch, _dropout)
    return [makers[i % 3](np.random.default_rng([seed, i])) for i in range(count)]


def _additive(rng: Any) -> NoisyLoss:
    n = int(rng.integers(1, 12))
    a, x = rng.uniform(0.5, 1.5, n), rng.normal(size=n)

    def f(w: Array) -> float:
        return float(np.sum(np.sin(a * w) + 0.3 * w**2) + 1e-3 * rng.normal())

    return NoisyLoss("additive", f, lambda w: a * np.cos(a * w) + 0.6 * w, x)


def _minibatch(rng: Any) -> NoisyLoss:
    n = int(rng.integers(1, 6))
    data, noise = rng.normal(size=(200, n)), 0.1 * rng.normal(size=200)
    target, x = data @ rng.normal(size=n) + noise, rng.normal(size=n)

    def f(w: Array) -> float:
        chosen = rng.integers(0, 200, 64)
        return float(np.mean((data[chosen] @ w - target[chosen]) ** 2))

    return NoisyLoss("minibatch", f, lambda w: 2.0 * data.T @ (data @ w - target) / 200.0, x)


def _dropout(rng: Any) -> NoisyLoss:
    """With x·mask/keep in place of x the mean is (x·w - t)² + (1/keep - 1)·x²·w²."""
    n, keep = int(rng.integers(1, 6)), 0.8
    data, x = rng.normal(size=(50, n)), rng.normal(size=n)
    target = data @ rng.normal(size=n)

    def f(w: Array) -> float:
        mask = (rng.random(data.shape) < keep) / keep
        return float(np.mean(((data * mask) @ w - target) ** 2))

    def g(w: Array) -> Array:
        spread = 2.0 * (1.0 / keep - 1.0) * np.mean(data**2, axis=0) * w
        return 2.0 * data.T @ (data @ w - target) / 50.0 + spread

    return NoisyLoss("dropout", f, g, x)
