"""Least squares computed in single precision; the gradient is right to what single precision holds."""

import numpy as np

_random = np.random.default_rng(11)
X = _random.normal(size=(80, 12)).astype(np.float32)
Y = _random.normal(size=80).astype(np.float32)


def loss(w):
    return np.mean((X @ w.astype(np.float32) - Y) ** 2)


def loss_grad(w):
    return 2 * X.T @ (X @ w.astype(np.float32) - Y) / np.float32(len(Y))


def make_args():
    return (np.random.default_rng(12).normal(size=12).astype(np.float32),)
