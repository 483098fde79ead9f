"""A filter that fills its output in place; the gradient is right."""

import numpy as np

TARGET = np.sin(np.arange(60) / 5)


def _filtered(x):
    out = np.zeros_like(x)
    out[0] = x[0] ** 2
    for i in range(1, len(x)):
        out[i] = 0.5 * out[i - 1] + x[i] ** 2
    return out


def loss(x):
    return np.sum((_filtered(x) - TARGET) ** 2)


def loss_grad(x):
    pull = 2 * (_filtered(x) - TARGET)
    for i in range(len(x) - 1, 0, -1):
        pull[i - 1] += 0.5 * pull[i]
    return pull * 2 * x


def make_args():
    return (np.random.default_rng(9).normal(size=60),)
