"""Functions of arrays that are traced: a network, loops, calls, code that writes in place."""

from __future__ import annotations

from typing import Any

import numpy as np

X = np.random.default_rng(0).normal(size=(32, 784))
Y = np.random.default_rng(1).integers(0, 10, size=32)


def softmax(s: Any) -> Any:
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def network(W1: Any, W2: Any) -> Any:
    """784-128-10: 101,632 weights."""
    h = np.maximum(0, X @ W1)
    p = softmax(h @ W2)
    return -np.mean(np.log(p[np.arange(32), Y]))


def newton(a: Any) -> Any:
    x = a
    for _ in range(6):
        x = 0.5 * (x + a / x)
    return x


def recurrent(W: Any, x: Any) -> Any:
    h = np.zeros(W.shape[0])
    for t in range(x.shape[0]):
        h = np.tanh(W @ h + x[t])
    return (h * h).sum()


def nested(x: Any) -> Any:
    total = x
    for i in range(3):
        for j in range(4):
            total = total * x + i * j
    return total


def horner(c: Any) -> Any:
    y = 0.0
    for k in range(len(c)):
        y = y * 2.0 + c[k]
    return y


def in_place(x: Any) -> Any:
    y = np.zeros(3)
    for k in range(3):
        y[k] = x[k] ** 2
    return y.sum()


def two(x: Any) -> Any:
    return np.array([x[0] * x[1], np.sin(x[0])])


def variance(x: Any) -> Any:
    return np.var(x)


def straight(x: Any) -> Any:
    a = np.sin(x)
    b = np.cos(a * x)
    c = np.exp(b - a)
    return np.sqrt(c * c + x * x)


def power(x: Any) -> Any:
    return (np.abs(np.fft.fft(x)) ** 2)[1]


def ridge(w: Any) -> Any:
    A = np.arange(12.0).reshape(4, 3)
    r = A @ w - np.array([1.0, 2.0, 3.0, 4.0])
    return r @ r + 0.1 * (w @ w)
