"""In-place programs as science writes them: loops over buffers, recurrences, stencils, assembly, elimination, sorting."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

W = np.array([0.3, -0.2, 0.5, 0.1, 0.9, -0.7])


def prefix_sums(x: Any) -> Any:
    out = np.zeros(len(x))
    out[0] = x[0]
    for i in range(1, len(x)):
        out[i] = 0.5 * out[i - 1] + x[i] ** 2
        out[:i] *= 0.9
    return out.sum()


def edit_distance_of_curves(x: Any) -> Any:
    n, m = len(x), len(W)
    cost = np.full((n + 1, m + 1), np.inf)
    cost[0, 0] = 0
    for i in range(n):
        for j in range(m):
            cost[i + 1, j + 1] = abs(x[i] - W[j]) + min(cost[i, j], cost[i, j + 1], cost[i + 1, j])
    return cost[n, m]


def forward_algorithm(x: Any) -> Any:
    emission = np.exp(-(x.reshape(3, 2) ** 2))
    transition = np.array([[0.7, 0.3], [0.4, 0.6]])
    alpha = np.zeros((3, 2))
    alpha[0] = [0.5, 0.5] * emission[0]
    for t in range(1, 3):
        for s in range(2):
            alpha[t, s] = np.sum(alpha[t - 1] * transition[:, s]) * emission[t, s]
    return np.log(alpha[-1].sum())


def best_path(x: Any) -> Any:
    scores, steps = x.reshape(3, 2), np.array([[0.1, 0.5], [0.4, 0.3]])
    best, back = np.zeros((3, 2)), np.zeros((3, 2), dtype=int)
    best[0] = scores[0]
    for t in range(1, 3):
        for s in range(2):
            options = best[t - 1] + steps[:, s] * scores[t, s]
            back[t, s] = np.argmax(options)
            best[t, s] = options[back[t, s]]
    return np.max(best[-1])


def tridiagonal_elimination(x: Any) -> Any:
    n = len(x)
    diagonal, right = 3 + x**2, W.copy()
    for i in range(1, n):
        m = -1.0 / diagonal[i - 1]
        diagonal[i] += m
        right[i] -= m * right[i - 1]
    u = np.empty(n)
    u[-1] = right[-1] / diagonal[-1]
    for i in range(n - 2, -1, -1):
        u[i] = (right[i] + u[i + 1]) / diagonal[i]
    return np.sum(u**2)


def cholesky_by_hand(x: Any) -> Any:
    n = len(x)
    a = np.outer(x, x) + 3.0 * np.eye(n)
    lower = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = a[i, j] - np.dot(lower[i, :j], lower[j, :j])
            lower[i, j] = math.sqrt(s) if i == j else s / lower[j, j]
    return np.sum(np.log(np.diag(lower)))


def elimination_with_pivots(x: Any) -> Any:
    a = x.reshape(2, 3).T @ x.reshape(2, 3) + np.diag([0.1, 2.0, 1.0])
    sign = 1.0
    for k in range(3):
        p = k + np.argmax(np.abs(a[k:, k]))
        if p != k:
            a[[k, p]] = a[[p, k]]
            sign = -sign
        a[k + 1 :] -= np.outer(a[k + 1 :, k] / a[k, k], a[k])
    return sign * np.prod(np.diag(a))


def gram_schmidt(x: Any) -> Any:
    q = np.array([x[:3], x[3:], x[:3] * x[3:]]).T.copy()
    for j in range(3):
        for k in range(j):
            q[:, j] -= q[:, k] @ q[:, j] * q[:, k]
        q[:, j] /= np.sqrt(np.sum(q[:, j] ** 2))
    return q[0, 2] + q[1, 1] ** 2


def heat_equation(x: Any) -> Any:
    u = x.copy()
    for _ in range(5):
        old = u.copy()
        u[1:-1] = old[1:-1] + 0.1 * (old[2:] - 2 * old[1:-1] + old[:-2])
        u[0] = u[-1] = 0.5
    return np.sum(u**2)


def gauss_seidel(x: Any) -> Any:
    u = np.zeros(6)
    for _ in range(3):
        for i in range(1, 5):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] + x[i])
    return u.sum()


def wave_with_three_buffers(x: Any) -> Any:
    before, now, after = x.copy(), 1.1 * x, np.zeros_like(x)
    for _ in range(4):
        after[1:-1] = 2 * now[1:-1] - before[1:-1] + 0.2 * (now[2:] - 2 * now[1:-1] + now[:-2])
        before, now, after = now, after, before
    return np.sum(now * now)


def laplacian_of_a_field(x: Any) -> Any:
    field = np.zeros((4, 5))
    field[1:-1, 1:-1] = x.reshape(2, 3)
    lap = -4 * field
    lap[1:] += field[:-1]
    lap[:-1] += field[1:]
    lap[:, 1:] += field[:, :-1]
    lap[:, :-1] += field[:, 1:]
    return np.sum(lap**2)


def _bar(stiffness: Any, length: float) -> Any:
    k = np.zeros((2, 2))
    k[0, 0] = k[1, 1] = stiffness / length
    k[0, 1] = k[1, 0] = -stiffness / length
    return k


def finite_elements(x: Any) -> Any:
    n = len(x)
    k = np.zeros((n + 1, n + 1))
    for e in range(n):
        nodes = [e, e + 1]
        k[np.ix_(nodes, nodes)] += _bar(2 + x[e], 0.5)
    k[0, :] = 0
    k[:, 0] = 0
    k[0, 0] = 1.0
    load = np.zeros(n + 1)
    load[-1] = 1.0
    return np.sum(np.linalg.solve(k, load))


def assembly_at_once(x: Any) -> Any:
    rows, columns = np.array([0, 0, 1, 1, 2, 0]), np.array([0, 1, 1, 2, 2, 0])
    k = np.zeros((3, 3))
    np.add.at(k, (rows, columns), x**2)
    return np.sum(k @ np.array([1.0, 2.0, 3.0]) * x[:3])


def kalman_filter(x: Any) -> Any:
    state, cov = np.zeros(2), np.eye(2)
    step, noise, h = np.array([[1.0, 0.1], [0.0, 1.0]]), 0.01 * np.eye(2), np.array([1.0, 0.0])
    likelihood = 0.0
    for z in x:
        state[:] = step @ state
        cov[:] = step @ cov @ step.T + noise
        s = h @ cov @ h + 0.3
        gain = cov @ h / s
        innovation = z - h @ state
        state += gain * innovation
        cov -= np.outer(gain, h @ cov)
        likelihood += -0.5 * (innovation**2 / s + np.log(s))
    return likelihood


def runge_kutta(x: Any) -> Any:
    def rate(y: Any) -> Any:
        return np.array([y[1], -x[2] * y[0] - x[3] * y[1]])

    path = np.empty((6, 2))
    path[0] = x[:2]
    for i in range(1, 6):
        y = path[i - 1]
        k1 = rate(y)
        k2 = rate(y + 0.05 * k1)
        path[i] = y + 0.1 * k2
    return np.sum(path**2)


def bubble_sort(x: Any) -> Any:
    a = x * 1.0
    for i in range(len(a)):
        for j in range(len(a) - 1 - i):
            if a[j] > a[j + 1]:
                a[j], a[j + 1] = a[j + 1], a[j]
    return np.sum(a * np.arange(6.0))


def sorting_network(x: Any) -> Any:
    a = x.copy()
    for i, j in [
        (0, 5),
        (1, 3),
        (2, 4),
        (1, 2),
        (3, 4),
        (0, 3),
        (2, 5),
        (0, 1),
        (2, 3),
        (4, 5),
        (1, 2),
        (3, 4),
    ]:
        low, high = np.minimum(a[i], a[j]), np.maximum(a[i], a[j])
        a[i], a[j] = low, high
    return a @ np.arange(6.0) ** 2


def merge_sort(x: Any) -> Any:
    def ordered(a: Any) -> Any:
        if len(a) < 2:
            return a
        out, h = np.empty(len(a)), len(a) // 2
        left, right = ordered(a[:h]), ordered(a[h:])
        i = j = 0
        for k in range(len(a)):
            if j >= len(right) or (i < len(left) and left[i] <= right[j]):
                out[k] = left[i]
                i += 1
            else:
                out[k] = right[j]
                j += 1
        return out

    return np.sum(ordered(x**2 + x) * np.arange(6.0))


def rotation(x: Any) -> Any:
    c, s = np.cos(x[0]), np.sin(x[0])
    r = np.array([[c, -s], [s, c]])
    p = r @ x[1:3]
    return p[0] * p[1] ** 2


def robot_arm(x: Any) -> Any:
    pose = np.eye(3)
    for angle in x[:3]:
        link = np.eye(3)
        link[:2, :2] = [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
        link[0, 2] = 1.0
        pose = pose @ link
    return pose[0, 2] ** 2 + pose[1, 2]


def skew_matrix(x: Any) -> Any:
    k = np.zeros((3, 3))
    k[0, 1], k[0, 2], k[1, 2] = -x[2], x[1], -x[0]
    k -= k.T
    return np.sum((np.eye(3) + k @ k) @ x[3:])


def histogram_with_weights(x: Any) -> Any:
    bins = np.zeros(3)
    for value, bin_ in zip(x, [0, 2, 1, 0, 2, 2], strict=True):
        bins[bin_] += value**2
    return np.prod(bins)


def convolution_by_hand(x: Any) -> Any:
    out = np.zeros(8)
    for i, a in enumerate(x):
        for j, b in enumerate([0.2, -0.5, 1.0]):
            out[i + j] += a * b
    return np.sum(out**3)


def recurrent_cell(x: Any) -> Any:
    hidden = np.zeros((7, 3))
    weights = x.reshape(3, 2) @ np.array([[0.1, 0.4, -0.2], [0.3, 0.2, 0.5]])
    for t in range(6):
        hidden[t + 1] = np.tanh(weights @ hidden[t] + x[t])
    return hidden[1:].sum()


def moving_average(x: Any) -> Any:
    out = np.empty_like(x)
    for i in range(len(x)):
        out[i] = np.mean(x[max(0, i - 2) : i + 1])
    return np.sum(out * out)


def option_tree(x: Any) -> Any:
    price = 1.0 + 0.1 * x[0]
    up, n = math.exp(0.1 + 0.01 * x[1]), 4
    values = np.zeros(n + 1)
    for i in range(n + 1):
        values[i] = max(price * up ** (n - 2 * i) - 0.9, 0.0)
    for step in range(n, 0, -1):
        for i in range(step):
            values[i] = 0.98 * (0.55 * values[i] + 0.45 * values[i + 1])
    return values[0]


def newton_in_place(x: Any) -> Any:
    root = np.ones(6)
    for _ in range(6):
        root -= (root**3 + root - x) / (3 * root**2 + 1)
    return np.sum(root * W)


def floyd_warshall(x: Any) -> Any:
    d = np.full((4, 4), 10.0)
    for k, (i, j) in enumerate([(0, 1), (1, 2), (2, 3), (0, 2), (1, 3), (3, 0)]):
        d[i, j] = 1 + x[k] ** 2
    for k in range(4):
        for i in range(4):
            d[i] = np.minimum(d[i], d[i, k] + d[k])
    return d[0, 3] + d[2, 1]


def normalised_rows(x: Any) -> Any:
    a = np.outer(x, W) + 2.0
    a /= a.sum(axis=1, keepdims=True)
    a[a < 0.1] = 0.1
    return np.sum(a**2)


def bspline_basis(x: Any) -> Any:
    knots, t = np.arange(8.0), 3.3 + 0.1 * x[0]
    basis = np.zeros(7)
    basis[3] = 1.0
    for p in range(1, 4):
        for i in range(7 - p):
            left = (t - knots[i]) / (knots[i + p] - knots[i]) * basis[i]
            right = (knots[i + p + 1] - t) / (knots[i + p + 1] - knots[i + 1]) * basis[i + 1]
            basis[i] = left + right
    return np.sum(basis[:4] * x[1:5])
