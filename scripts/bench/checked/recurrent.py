"""A recurrent network over 12 steps; the way back ends after one step."""

import numpy as np

X = np.random.default_rng(7).normal(size=(12, 5))


def loss(w, u):
    state = np.zeros(5)
    for x in X:
        state = np.tanh(w @ x + u @ state)
    return np.sum(state**2)


def loss_grad(w, u):
    states = [np.zeros(5)]
    for x in X:
        states.append(np.tanh(w @ x + u @ states[-1]))
    pull = 2 * states[-1] * (1 - states[-1] ** 2)
    return np.outer(pull, X[-1]), np.outer(pull, states[-2])


def make_args():
    draw = np.random.default_rng(8)
    return draw.normal(size=(5, 5)) / 2, draw.normal(size=(5, 5)) / 2
