"""Logistic regression with a penalty; the gradient is right."""

import numpy as np

_random = np.random.default_rng(2)
X = _random.normal(size=(200, 20))
Y = _random.choice([-1.0, 1.0], size=200)


def loss(w):
    return np.mean(np.logaddexp(0, -Y * (X @ w))) + 0.05 * w @ w


def loss_grad(w):
    return -X.T @ (Y / (1 + np.exp(Y * (X @ w)))) / len(Y) + 0.1 * w


def make_args():
    return (np.random.default_rng(3).normal(size=20),)
