"""Smooth losses of eight entries as people write them, with gradients by the complex step, which knows nothing of ours.

W. Squire and G. Trapp (*Using complex variables to estimate derivatives of real functions*, SIAM Review 40, 1998):
the imaginary part of f(x + ih), over h, is f'(x) to rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

N = 8
_STEP = 1e-30
_RNG = np.random.default_rng(7)
_A, _B, _Y = _RNG.normal(size=(12, N)), _RNG.normal(size=12), np.sign(_RNG.normal(size=12))
_M, _T, _X = _A.T @ _A / 12.0, np.linspace(0.0, 3.0, 15), _RNG.normal(size=(12, 2))


def rosenbrock(w: Any) -> Any:
    return np.sum(100.0 * (w[1:] - w[:-1] ** 2) ** 2 + (1.0 - w[:-1]) ** 2)


def logistic(w: Any) -> Any:
    return np.sum(np.log(1.0 + np.exp(-_Y * (_A @ w)))) + 0.1 * np.sum(w**2)


def least_squares(w: Any) -> Any:
    return 0.5 * np.sum((_A @ w - _B) ** 2)


def network(w: Any) -> Any:
    return np.sum((np.tanh(_X @ w[:6].reshape(2, 3)) @ w[5:8] - _B) ** 2)


def curve_fit(w: Any) -> Any:
    wave = w[2] * np.sin(w[3] * _T) + w[6] * np.cos(w[7] * _T)
    return np.sum((w[0] * np.exp(-w[1] * _T) + wave + w[4] + w[5] * _T - 1.0) ** 2)


def log_sum_exp(w: Any) -> Any:
    return np.log(np.sum(np.exp(3.0 * w)))


def cross_entropy(w: Any) -> Any:
    p = np.exp(_A[:, :4] * w[:4] + w[4:])
    p = p / np.sum(p, axis=1, keepdims=True)
    return -np.sum(np.log(p[np.arange(12), np.arange(12) % 4]))


def bell(w: Any) -> Any:
    return np.exp(-0.5 * w @ _M @ w)


def rational(w: Any) -> Any:
    return np.sum(1.0 / (1.0 + w**2)) + w[0] * w[1] / (3.0 + w[2])


def robust(w: Any) -> Any:
    return np.sum(np.log(1.0 + (_A @ w - _B) ** 2))


def pseudo_huber(w: Any) -> Any:
    return np.sum(np.sqrt(0.1 + (_A @ w - _B) ** 2))


def recurrent(w: Any) -> Any:
    h = 0.2 + 0.0 * w[0]
    for k in range(10):
        h = np.tanh(w[k % N] * h + 0.3 * w[(k + 3) % N])
    return h**2 + 0.05 * np.sum(w**2)


def waves(w: Any) -> Any:
    return np.sum(np.sin(5.0 * w)) * np.cos(np.sum(w))


def entropy(w: Any) -> Any:
    p = np.exp(w) / np.sum(np.exp(w))
    return np.sum(p * np.log(p))


def kernel(w: Any) -> Any:
    return np.sum(np.exp(-((w[:, None] - w[None, :]) ** 2)) * np.outer(_B[:N], _B[:N]))


def trajectory(w: Any) -> Any:
    u, v = 0.5 + 0.0 * w[0], 0.2 + 0.0 * w[0]
    for k in range(40):
        force = w[5] * np.sin(w[6] * 0.05 * k) + w[7]
        u, v = u + 0.05 * (w[0] * v - w[1] * u * v + w[2]), v + 0.05 * (w[3] * u - w[4] * v**2 + force)
    return u**2 + v**2


LOSSES: tuple[Callable[[Any], Any], ...] = (
    rosenbrock,
    logistic,
    least_squares,
    network,
    curve_fit,
    log_sum_exp,
    cross_entropy,
    bell,
    rational,
    robust,
    pseudo_huber,
    recurrent,
    waves,
    entropy,
    kernel,
    trajectory,
)


def gradient_of(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The gradient of one of these by the complex step."""

    def gradient(w: Any) -> Any:
        steps = np.asarray(w, dtype=float) + 1j * _STEP * np.eye(N)
        return np.array([f(z).imag / _STEP for z in steps])

    return gradient
