"""What ``speed`` times: the functions as one writes them, over a module ``xp`` with NumPy's names, and their arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import baseline
import numpy as np


@dataclass(frozen=True, slots=True)
class Workload:
    """A function of ``argnums`` differentiated arguments and constants; ``what`` is the derivative that is asked for.

    ``bars`` are the ratios to the hand-written gradient that traced, compiled and native code are held to (``None``: no bar).
    """

    name: str
    function: Callable[..., Any]
    arguments: Callable[[], tuple[Any, ...]]
    hand: Callable[..., Any]
    argnums: tuple[int, ...]
    bars: tuple[float | None, float | None, float | None]
    what: str = "value_and_grad"

    def bar(self, name: str) -> float | None:
        """The ratio that one of ours is held to."""
        return dict(zip(("traced", "compiled", "native"), self.bars, strict=True))[name]


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
    return xp.mean(_logsumexp(xp, z) - xp.sum(z * labels, axis=1))


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


def wide(xp: Any, *inputs: Any, program: Any) -> Any:
    """A random graph of sums, differences, products, sines and cosines, run operation by operation."""
    values = list(inputs)
    push, sin, cos = values.append, xp.sin, xp.cos
    for op, i, j in program:
        if op == 0:
            push(values[i] + values[j])
        elif op == 1:
            push(values[i] - values[j])
        elif op == 2:
            push(values[i] * values[j])
        elif op == 3:
            push(sin(values[i]))
        else:
            push(cos(values[i]))
    return values[-1]


def wide_graph(size: int) -> tuple[Callable[..., Any], Callable[..., Any], Callable[[], tuple[Any, ...]]]:
    """The function of such a graph, its hand-written gradient, and its inputs."""
    program, inputs = _wide(size)
    return (
        named(partial(wide, program=program), "wide"),
        partial(baseline.wide, program),
        lambda: tuple(inputs.tolist()),
    )


def named(function: Any, name: str) -> Any:
    """A partial function with a name of its own."""
    function.__name__ = name
    return function


@cache
def _wide(size: int) -> tuple[list[tuple[int, int, int]], Any]:
    """Two thirds of the operations are drawn, and what nobody reads is added up; 100 inputs."""
    rng = np.random.default_rng(5)
    body, inputs = int(size * 0.66), 100
    program: list[tuple[int, int, int]] = []
    used = np.zeros(inputs + body, dtype=bool)
    ops, places = rng.integers(0, 5, size=body), rng.random((body, 2))
    for t in range(body):
        i, j = int(places[t, 0] * (inputs + t)), int(places[t, 1] * (inputs + t))
        op = int(ops[t])
        used[i] = True
        used[j] |= op < 3
        program.append((op, i, j if op < 3 else i))
    sinks = np.flatnonzero(~used).tolist()
    total = sinks[0]
    for place, sink in enumerate(sinks[1:], inputs + body):
        program.append((0, total, sink))
        total = place
    return program, rng.uniform(-1.0, 1.0, size=inputs)


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
    rng = np.random.default_rng(2)
    return tuple(rng.uniform(0.1, 1.4, n) for _ in range(count))


def _spread(n: int) -> tuple[Any, ...]:
    return (np.random.default_rng(3).uniform(-1.5, 1.5, n),)


def _along(n: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(7)
    return rng.uniform(-1.5, 1.5, n), rng.normal(size=n)


def _network() -> tuple[Any, ...]:
    rng = np.random.default_rng(4)
    w1, b1 = rng.normal(0, 784**-0.5, (784, 128)), rng.normal(0, 0.1, 128)
    w2, b2 = rng.normal(0, 128**-0.5, (128, 10)), rng.normal(0, 0.1, 10)
    return w1, b1, w2, b2, rng.random((64, 784)), np.eye(10)[rng.integers(0, 10, size=64)]


def _mixture() -> tuple[Any, ...]:
    d, k, n = 10, 25, 1000
    alphas, means, icf, x = _random((k,), (k, d), (k, d * (d + 1) // 2), (n, d))
    mask = np.tril(np.ones((d, d)), -1)
    lower = np.zeros((d, d), int)
    lower[np.tril_indices(d, -1)] = np.arange(d, d * (d + 1) // 2)
    return alphas, means, icf * 0.3, x, lower, mask


def _numbers(*values: float) -> Callable[[], tuple[Any, ...]]:
    return lambda: tuple(map(np.float64, values))


def _of_wide_graph(size: int, operations: str) -> Workload:
    function, hand, arguments = wide_graph(size)
    return Workload(
        f"graph of {operations} operations", function, arguments, hand, tuple(range(100)), (6, 0.4, 0.035)
    )


WORKLOADS = (
    Workload("x*y+sin(x), one call", sine, _numbers(2.0, 3.0), baseline.sine, (0, 1), (None, 1.3, 0.81)),
    Workload("exp(x)/(sin^3+cos^3), one call", ratio, _numbers(1.5), baseline.ratio, (0,), (None, 1.1, 0.39)),
    Workload(
        "x*y+sin(x), 1e6 points",
        sine_points,
        lambda: _points(10**6, 2),
        baseline.sine_points,
        (0, 1),
        (None, 1.0, 0.125),
    ),
    Workload(
        "exp(x)/(sin^3+cos^3), 1e6 points",
        ratio_points,
        lambda: _points(10**6, 1),
        baseline.ratio_points,
        (0,),
        (None, 1.1, 0.23),
    ),
    Workload(
        "Rosenbrock n=1e2", rosenbrock, lambda: _spread(100), baseline.rosenbrock, (0,), (None, 1.3, 0.06)
    ),
    Workload(
        "Rosenbrock n=1e4", rosenbrock, lambda: _spread(10**4), baseline.rosenbrock, (0,), (None, 1.3, 0.23)
    ),
    Workload(
        "Rosenbrock n=1e6", rosenbrock, lambda: _spread(10**6), baseline.rosenbrock, (0,), (2.5, 0.9, 0.156)
    ),
    Workload(
        "network 784-128-10, batch 64", network, _network, baseline.network, (0, 1, 2, 3), (None, 1.15, 1.33)
    ),
    Workload(
        "200 steps of descent",
        network,
        _network,
        baseline.network,
        (0, 1, 2, 3),
        (None, 1.15, 1.33),
        "descent",
    ),
    Workload("product of 1,000", product, lambda: _points(1000, 1), baseline.product, (0,), (6, 1.0, 0.2)),
    _of_wide_graph(10_000, "9,207"),
    _of_wide_graph(100_000, "91,381"),
    Workload(
        "Euler's method, 91,000 operations",
        graph,
        lambda: (1.1, 0.4, 0.3, 0.9),
        baseline.graph,
        (0, 1, 2, 3),
        (6, 0.4, 0.035),
    ),
    Workload(
        "Jacobian 50",
        system,
        lambda: _random((50,), (50, 50), scale=0.3),
        baseline.jacobian,
        (0,),
        (None, 1.5, None),
        "jacobian",
    ),
    Workload(
        "Hessian 100", rosenbrock, lambda: _spread(100), baseline.hessian, (0,), (None, 3, 0.94), "hessian"
    ),
    Workload("hvp 1e5", rosenbrock, lambda: _along(10**5), baseline.hvp, (0,), (4, 1.2, 0.22), "hvp"),
    Workload("Gaussian mixture (ADBench)", mixture, _mixture, baseline.mixture, (0, 1, 2), (1.8, 1.4, 1.05)),
)
