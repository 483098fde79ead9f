"""A network of rectified units and a hinge, at a point between its kinks; the gradient is right."""

import numpy as np

_random = np.random.default_rng(5)
X = _random.normal(size=(40, 6))
Y = _random.choice([-1.0, 1.0], size=40)


def loss(w, v):
    return np.mean(np.maximum(1 - Y * (np.maximum(X @ w, 0) @ v), 0))


def loss_grad(w, v):
    hidden = np.maximum(X @ w, 0)
    pull = np.where(1 - Y * (hidden @ v) > 0, -Y, 0) / len(Y)
    return X.T @ (np.outer(pull, v) * (hidden > 0)), hidden.T @ pull


def make_args():
    draw = np.random.default_rng(6)
    return draw.normal(size=(6, 8)), draw.normal(size=8)
