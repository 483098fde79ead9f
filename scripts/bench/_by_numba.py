"""Gradients written by hand as loops for numba: what a person gets who writes the native program too."""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np
from _workloads import Workload


@numba.njit
def sine(x: float, y: float) -> Any:
    return x * y + math.sin(x), (y + math.cos(x), x)


@numba.njit
def ratio(x: float) -> Any:
    e, s, c = math.exp(x), math.sin(x), math.cos(x)
    q = s * s * s + c * c * c
    v = e / q
    return v, v - v * (3 * s * s * c - 3 * c * c * s) / q


@numba.njit
def sine_points(x: Any, y: Any) -> Any:
    total, gx, gy = 0.0, np.empty_like(x), np.empty_like(x)
    for i in range(len(x)):
        total += x[i] * y[i] + math.sin(x[i])
        gx[i] = y[i] + math.cos(x[i])
        gy[i] = x[i]
    return total, (gx, gy)


@numba.njit
def ratio_points(x: Any) -> Any:
    total, g = 0.0, np.empty_like(x)
    for i in range(len(x)):
        e, s, c = math.exp(x[i]), math.sin(x[i]), math.cos(x[i])
        q = s * s * s + c * c * c
        v = e / q
        total += v
        g[i] = v - v * (3 * s * s * c - 3 * c * c * s) / q
    return total, g


@numba.njit
def rosenbrock(x: Any) -> Any:
    n, total, before = len(x), 0.0, 0.0
    g = np.empty_like(x)
    for i in range(n - 1):
        d, e = x[i + 1] - x[i] * x[i], 1 - x[i]
        total += 100.0 * d * d + e * e
        g[i] = before - 400 * x[i] * d - 2 * e
        before = 200 * d
    g[n - 1] = before
    return total, g


@numba.njit
def product(x: Any) -> Any:
    n = len(x)
    before = np.empty(n + 1)
    before[0] = 1.0
    for i in range(n):
        before[i + 1] = before[i] * x[i]
    after, g = 1.0, np.empty(n)
    for i in range(n - 1, -1, -1):
        g[i] = before[i] * after
        after *= x[i]
    return before[n], g


@numba.njit
def hvp(x: Any, v: Any) -> Any:
    n, before = len(x), 0.0
    out = np.empty_like(x)
    for i in range(n - 1):
        off = -400 * x[i]
        out[i] = before + (1200 * x[i] * x[i] - 400 * x[i + 1] + 2) * v[i] + off * v[i + 1]
        before = 200 * v[i + 1] + off * v[i]
    out[n - 1] = before
    return out


def of(w: Workload) -> Any:
    """The program of a workload. Raises ``RuntimeError`` where none is written."""
    name = w.function.__name__ if w.what == "value_and_grad" else w.what
    found = globals().get(name)
    if not isinstance(found, numba.core.dispatcher.Dispatcher):
        raise RuntimeError("none written by hand")
    return found
