"""Gradients written by hand, the yardstick of ``speed``: ``math`` for scalars, NumPy for arrays. Frozen: a change moves all ratios.

Each function takes its workload's arguments and gives the value and the gradient (or the whole derivative, or the product).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def sine(x: float, y: float) -> Any:
    """x*y + sin(x)."""
    return x * y + math.sin(x), (y + math.cos(x), x)


def ratio(x: float) -> Any:
    """exp(x) / (sin(x)^3 + cos(x)^3)."""
    e, s, c = math.exp(x), math.sin(x), math.cos(x)
    s2, c2 = s * s, c * c
    q = s2 * s + c2 * c
    v = e / q
    return v, v - v * (3 * s2 * c - 3 * c2 * s) / q


def sine_points(x: Any, y: Any) -> Any:
    """The sum of x*y + sin(x) over many points."""
    return float(np.sum(x * y + np.sin(x))), (y + np.cos(x), x.copy())


def ratio_points(x: Any) -> Any:
    """The sum of exp(x) / (sin(x)^3 + cos(x)^3) over many points."""
    e, s, c = np.exp(x), np.sin(x), np.cos(x)
    s2, c2 = s * s, c * c
    q = s2 * s + c2 * c
    v = e / q
    return float(np.sum(v)), v - v * (3 * s2 * c - 3 * c2 * s) / q


def rosenbrock(x: Any) -> Any:
    """The sum of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2."""
    a = x[:-1]
    d, e = x[1:] - a * a, 1 - a
    g = np.zeros_like(x)
    g[:-1] = -400 * a * d - 2 * e
    g[1:] += 200 * d
    return float(100 * np.dot(d, d) + np.dot(e, e)), g


def network(w1: Any, b1: Any, w2: Any, b2: Any, x: Any, labels: Any) -> Any:
    """The cross entropy of a network with one hidden layer of tanh."""
    h = np.tanh(x @ w1 + b1)
    z = h @ w2 + b2
    m = z - z.max(axis=1, keepdims=True)
    e = np.exp(m)
    s = e.sum(axis=1, keepdims=True)
    value = -np.sum(labels * (m - np.log(s))) / len(x)
    dz = (e / s - labels) / len(x)
    dh = (dz @ w2.T) * (1 - h * h)
    return float(value), (x.T @ dh, dh.sum(axis=0), h.T @ dz, dz.sum(axis=0))


def product(x: Any) -> Any:
    """The product of all entries, one after the other."""
    xs = x.tolist()
    n = len(xs)
    before = [1.0] * (n + 1)
    for i in range(n):
        before[i + 1] = before[i] * xs[i]
    after = 1.0
    g = [0.0] * n
    for i in range(n - 1, -1, -1):
        g[i] = before[i] * after
        after *= xs[i]
    return before[n], np.array(g)


STEPS, DT = 6_500, 1e-3


def graph(a: float, b: float, c: float, d: float) -> Any:
    """Prey summed over 6,500 steps of Euler's method for Lotka's and Volterra's equations: 14 operations a step."""
    x, y, total, h = 1.0, 0.5, 0.0, DT
    xs, ys = [], []
    for _ in range(STEPS):
        xs.append(x)
        ys.append(y)
        xy = x * y
        x, y = x + h * (a * x - b * xy), y + h * (c * xy - d * y)
        total += x * h
    gx = gy = ga = gb = gc = gd = 0.0
    for i in range(STEPS - 1, -1, -1):
        x, y = xs[i], ys[i]
        gx += h
        xy = x * y
        hx, hy = h * gx, h * gy
        ga += hx * x
        gb -= hx * xy
        gc += hy * xy
        gd -= hy * y
        gxy = hy * c - hx * b
        gx, gy = gx + hx * a + gxy * y, gy - hy * d + gxy * x
    return total, (ga, gb, gc, gd)


def wide(program: Any, *inputs: float) -> Any:
    """A graph of (operation, first, second), run one by one and then back."""
    v = list(inputs)
    push, sin, cos = v.append, math.sin, math.cos
    for op, i, j in program:
        if op == 0:
            push(v[i] + v[j])
        elif op == 1:
            push(v[i] - v[j])
        elif op == 2:
            push(v[i] * v[j])
        elif op == 3:
            push(sin(v[i]))
        else:
            push(cos(v[i]))
    n = len(inputs)
    g = [0.0] * len(v)
    g[-1] = 1.0
    for k in range(len(program) - 1, -1, -1):
        d = g[n + k]
        op, i, j = program[k]
        if op == 0:
            g[i] += d
            g[j] += d
        elif op == 1:
            g[i] += d
            g[j] -= d
        elif op == 2:
            g[i] += d * v[j]
            g[j] += d * v[i]
        elif op == 3:
            g[i] += d * cos(v[i])
        else:
            g[i] -= d * sin(v[i])
    return v[-1], tuple(g[:n])


def jacobian(x: Any, a: Any) -> Any:
    """The Jacobian of tanh(A x) + x sin(x)."""
    t = np.tanh(a @ x)
    j = (1 - t * t)[:, None] * a
    j[np.diag_indices(len(x))] += np.sin(x) + x * np.cos(x)
    return j


def hessian(x: Any) -> Any:
    """The Hessian of Rosenbrock's function."""
    n = len(x)
    h = np.zeros((n, n))
    flat = h.reshape(-1)
    diagonal = np.zeros(n)
    diagonal[:-1] = 1200 * x[:-1] ** 2 - 400 * x[1:] + 2
    diagonal[1:] += 200
    flat[:: n + 1] = diagonal
    flat[1 :: n + 1] = flat[n :: n + 1] = -400 * x[:-1]
    return h


def hvp(x: Any, v: Any) -> Any:
    """The Hessian of Rosenbrock's function times a vector."""
    out = np.zeros_like(x)
    off = -400 * x[:-1]
    out[:-1] = (1200 * x[:-1] ** 2 - 400 * x[1:] + 2) * v[:-1] + off * v[1:]
    out[1:] += 200 * v[1:] + off * v[:-1]
    return out


def mixture(alphas: Any, means: Any, icf: Any, x: Any, lower: Any, mask: Any) -> Any:
    """The log-likelihood of a Gaussian mixture (the objective of ADBench, without its prior)."""
    n, d = x.shape
    q = np.exp(icf[:, :d])
    ls = icf[:, lower] * mask
    centered = x[:, None, :] - means
    by_mixture = np.ascontiguousarray(centered.transpose(1, 0, 2))
    rotated = q * centered + (by_mixture @ ls.transpose(0, 2, 1)).transpose(1, 0, 2)
    inner = alphas + icf[:, :d].sum(axis=1) - 0.5 * np.einsum("nki,nki->nk", rotated, rotated)
    top = inner.max(axis=1, keepdims=True)
    e = np.exp(inner - top)
    s = e.sum(axis=1, keepdims=True)
    am = alphas.max()
    ea = np.exp(alphas - am)
    value = np.sum(top + np.log(s)) - n * (am + math.log(ea.sum()))
    w = e / s
    total = w.sum(axis=0)
    dr = -w[:, :, None] * rotated
    dc = dr * q + (np.ascontiguousarray(dr.transpose(1, 0, 2)) @ ls).transpose(1, 0, 2)
    dl = np.ascontiguousarray(dr.transpose(1, 2, 0)) @ by_mixture
    dicf = np.zeros_like(icf)
    dicf[:, :d] = total[:, None] + np.einsum("nki,nki->ki", dr, centered) * q
    rows, columns = np.nonzero(mask)
    dicf[:, lower[rows, columns]] += dl[:, rows, columns]
    return float(value), (total - n * ea / ea.sum(), -dc.sum(axis=0), dicf)
