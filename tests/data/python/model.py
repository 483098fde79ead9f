"""Functions as people write them, for the tests of differentiating Python code."""

import math

import numpy as np


def product(x, y):
    return x * y + np.sin(x)


def loss(w, scale=0.5):
    return np.sum(np.tanh(w * scale) ** 2)


def relu(x):
    return x if x > 0 else 0.0 * x


def smooth(x):
    return x**3 if x > 0 else 0.0 * x


def step(x):
    return x + 1.0 if x > 0 else x


def where(x):
    return np.where(x > 0, x, -x)


def plain(x):
    return math.sin(x) * math.fmod(x, 2.0)


def math_sine(x):
    return math.sin(x) * x


def broken(x):
    return undefined + x  # noqa: F821


def logarithm(x):
    return math.log(x)


def vector(x):
    return [x**2, np.exp(x)]


def solved(x):
    return np.sum(np.linalg.solve(np.array([[2.0, 1.0], [1.0, 3.0]]) * x, np.array([1.0, 2.0])))


def single(x):
    return np.sum(x.astype(np.float32))


def as_float(x):
    return float(np.sum(np.sin(x) * x))


def constant(x):
    return 3.0
