"""Rosenbrock's function of 100 variables; the gradient is right."""

import numpy as np


def loss(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def loss_grad(x):
    valley = x[1:] - x[:-1] ** 2
    found = np.zeros_like(x)
    found[:-1] = -400 * x[:-1] * valley - 2 * (1 - x[:-1])
    found[1:] += 200 * valley
    return found


def make_args():
    return (np.linspace(-1.5, 1.5, 100),)
