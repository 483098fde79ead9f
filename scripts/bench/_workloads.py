"""What ``speed`` times: the functions as one writes them, over a module ``xp`` with NumPy's names, and their arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import baseline
import numpy as np


@dataclass(frozen=True, slots=True)
class Workload:
    """A function of ``argnums`` differentiated arguments and constants; ``what`` is the derivative that is asked for.

    ``bars`` are the ratios to the hand-written gradient that traced and compiled code are held to (``None``: no bar);
    ``peers`` what other libraries have been measured at: autograd, jax with jit, torch.
    """

    name: str
    function: Callable[..., Any]
    arguments: Callable[[], tuple[Any, ...]]
    hand: Callable[..., Any]
    argnums: tuple[int, ...]
    bars: tuple[float | None, float]
    what: str = "value_and_grad"


def sine(xp: Any, x: Any, y: Any) -> Any:
    return x * y + xp.sin(x)


def ratio(xp: Any, x: Any) -> Any:
    return xp.exp(x) / (xp.sin(x) ** 3 + xp.cos(x) ** 3)


def sine_points(xp: Any, x: Any, y: Any) -> Any:
    return xp.sum(x * y + xp.sin(x))


def ratio_points(xp: Any, x: Any) -> Any:
    return xp.sum(xp.exp(x) / (xp.sin(x) ** 3 + xp.cos(x) ** 3))


def rosenbrock(xp: Any, x: Any) -> Any:
    return xp.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def network(xp: Any, w1: Any, b1: Any, w2: Any, b2: Any, x: Any, labels: Any) -> Any:
    z = xp.tanh(x @ w1 + b1) @ w2 + b2
    m = z - xp.amax(z, axis=1, keepdims=True)
    return -xp.sum(labels * (m - xp.log(xp.sum(xp.exp(m), axis=1, keepdims=True)))) / len(x)


def product(xp: Any, x: Any) -> Any:
    p = 1.0
    for i in range(len(x)):
        p = p * x[i]
    return p


def graph(xp: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    x, y, total, h = 1.0, 0.5, 0.0, baseline.DT
    for _ in range(baseline.STEPS):
        x, y = x + h * (a * x - b * x * y), y + h * (c * x * y - d * y)
        total = total + x * h
    return total


def system(xp: Any, x: Any, a: Any) -> Any:
    return xp.tanh(a @ x) + x * xp.sin(x)


def mixture(xp: Any, alphas: Any, means: Any, icf: Any, x: Any, lower: Any, mask: Any) -> Any:
    d = x.shape[1]
    logs = icf[:, :d]
    centered = x[:, None, :] - means
    ls = icf[:, lower] * mask
    rotated = xp.exp(logs) * centered + xp.einsum("kij,nkj->nki", ls, centered)
    inner = alphas + xp.sum(logs, axis=1) - 0.5 * xp.sum(rotated**2, axis=2)
    return xp.sum(_logsumexp(xp, inner)) - x.shape[0] * _logsumexp(xp, alphas)


def _logsumexp(xp: Any, a: Any) -> Any:
    if xp.__name__ == "numpy":
        return np.logaddexp.reduce(a, axis=-1)
    if xp.__name__ == "torch":
        return xp.logsumexp(a, -1)
    top = xp.max(a, axis=-1, keepdims=True)
    return xp.log(xp.sum(xp.exp(a - top), axis=-1)) + top[..., 0]


def _random(*shapes: tuple[int, ...], scale: float = 1.0) -> tuple[Any, ...]:
    rng = np.random.default_rng(11)
    return tuple(rng.normal(size=shape) * scale for shape in shapes)


def _points(n: int, count: int) -> tuple[Any, ...]:
    return tuple(np.random.default_rng(k).uniform(0.1, 1.4, n) for k in range(count))


def _network() -> tuple[Any, ...]:
    w1, b1, w2, b2 = _random((784, 128), (128,), (128, 10), (10,), scale=0.05)
    rng = np.random.default_rng(3)
    return w1, b1, w2, b2, rng.random((128, 784)), np.eye(10)[rng.integers(0, 10, 128)]


def _mixture() -> tuple[Any, ...]:
    d, k, n = 10, 25, 1000
    alphas, means, icf, x = _random((k,), (k, d), (k, d * (d + 1) // 2), (n, d))
    mask = np.tril(np.ones((d, d)), -1)
    lower = np.zeros((d, d), int)
    lower[np.tril_indices(d, -1)] = np.arange(d, d * (d + 1) // 2)
    return alphas, means, icf * 0.3, x, lower, mask


WORKLOADS = (
    Workload("x*y+sin(x), one call", sine, lambda: (0.7, 1.3), baseline.sine, (0, 1), (None, 0.5)),
    Workload("exp/(sin^3+cos^3), one call", ratio, lambda: (0.7,), baseline.ratio, (0,), (None, 0.6)),
    Workload(
        "x*y+sin(x), 1e6 points",
        sine_points,
        lambda: _points(10**6, 2),
        baseline.sine_points,
        (0, 1),
        (None, 0.6),
    ),
    Workload(
        "exp/(sin^3+cos^3), 1e6 points",
        ratio_points,
        lambda: _points(10**6, 1),
        baseline.ratio_points,
        (0,),
        (None, 0.55),
    ),
    Workload("Rosenbrock n=100", rosenbrock, lambda: _points(100, 1), baseline.rosenbrock, (0,), (8, 1)),
    Workload(
        "Rosenbrock n=1e6", rosenbrock, lambda: _points(10**6, 1), baseline.rosenbrock, (0,), (1.6, 0.5)
    ),
    Workload("784-128-10 network, batch 128", network, _network, baseline.network, (0, 1, 2, 3), (1.15, 1.0)),
    Workload("product of 1,000 scalars", product, lambda: _points(1000, 1), baseline.product, (0,), (12, 1)),
    Workload(
        "scalar graph of 91,000 operations",
        graph,
        lambda: (1.1, 0.4, 0.3, 0.9),
        baseline.graph,
        (0, 1, 2, 3),
        (4, 1),
    ),
    Workload(
        "Jacobian 50x50",
        system,
        lambda: _random((50,), (50, 50), scale=0.3),
        baseline.jacobian,
        (0,),
        (10, 2.5),
        "jacobian",
    ),
    Workload(
        "Hessian n=100", rosenbrock, lambda: _points(100, 1), baseline.hessian, (0,), (20, 3), "hessian"
    ),
    Workload(
        "Hessian-vector product n=1e5",
        rosenbrock,
        lambda: _points(10**5, 2),
        baseline.hvp,
        (0,),
        (5, 1),
        "hvp",
    ),
    Workload("Gaussian mixture d=10 K=25 n=1000", mixture, _mixture, baseline.mixture, (0, 1, 2), (1.6, 1.2)),
)
