"""In-place programs about NumPy's own meaning: views, aliases, masks, lists of places, ``out=``, functions that write."""

from __future__ import annotations

import copy
import math
import operator
from typing import Any

import numpy as np

W = np.array([0.3, -0.2, 0.5, 0.1, 0.9, -0.7])


def alias_of_a_result(x: Any) -> Any:
    y = x * 2
    z = y
    y += x
    return np.sum(z * z)


def view_scaled(x: Any) -> Any:
    y = x * 1.0
    v = y[1:]
    v *= 3
    return np.sum(y * W)


def alias_of_an_alias(x: Any) -> Any:
    y = x * 1.0
    z = y
    y += x**2
    w = z[2:]
    z *= 3.0
    return np.sum(z * x) + np.sum(w)


def row_and_column_views(x: Any) -> Any:
    a = np.zeros((2, 3))
    row, column = a[1], a.T[0]
    row[:] = x[:3] * x[3:]
    column[0] = np.sin(x[5])
    return np.sum(a**2) + a[1, 2]


def view_of_a_view(x: Any) -> Any:
    a = np.zeros((3, 4))
    b = a[1:, ::2].T
    c = b[::-1]
    c[:] = x[:4].reshape(2, 2)
    c[0] *= x[4]
    return np.sum(a @ np.arange(4.0) * x[:3])


def reshaped_views(x: Any) -> Any:
    a = x.reshape(2, 3) * 1.0
    flat, back = a.reshape(-1), a.ravel()[::-1]
    flat[0] = x[1] ** 2
    back[0] = flat[0] * 2
    copied = a.T.ravel()
    copied[:] = 0.0
    return np.sum(a**2)


def split_and_squeezed(x: Any) -> Any:
    y = np.zeros(6)
    p, q = np.split(y, 2)
    y[4] = x[0] * x[1]
    q *= 3.0
    p[0] = q[1]
    z = np.zeros((1, 3))
    np.squeeze(z)[1] = x[2] ** 2
    swapped = np.swapaxes(z, 0, 1)
    swapped[0, 0] = x[3]
    return np.sum(y**2) + np.sum(np.sin(z))


def masked_writes(x: Any) -> Any:
    y = x * 2.0
    y[y > 1.0] = 0.0
    y[y < 0] = x[0] * x[1]
    y[x > 0.5] += x[x > 0.5] ** 2
    return np.sum(y**2)


def lists_of_places(x: Any) -> Any:
    a = np.zeros(4)
    a[[0, 2]] += x[:2]
    a[np.array([True, False, True, True])] *= x[3]
    a[[1, 3]] = a[[3, 1]] + x[4:]
    return np.sum(a**2)


def places_named_twice(x: Any) -> Any:
    a = np.zeros(3)
    a[[0, 0, 1]] = x[:3]
    a[[2, 2]] += x[3:5]
    return np.sum(a * np.array([1.0, 2.0, 3.0]))


def overlapping_parts(x: Any) -> Any:
    a = x * 1.0
    a[1:] = a[:-1]
    a[1:] += a[:-1]
    a[:] = a[::-1]
    return np.sum(a * x)


def swapped_rows(x: Any) -> Any:
    a = np.array([[x[0], x[1]], [x[2], x[3]]])
    a[0], a[1] = a[1], a[0]
    b = np.array([[x[0], x[1]], [x[2], x[3]]])
    b[[0, 1]] = b[[1, 0]]
    return a[0, 0] * a[1, 1] + a[0, 1] ** 2 + b[0, 0] * b[1, 0]


def swapped_entries(x: Any) -> Any:
    a = x * 1.0
    a[0], a[1] = a[1], a[0]
    return a[0] ** 2 * a[2] + a[1]


def overwritten(x: Any) -> Any:
    out = np.ones(3)
    out[0] = x[0]
    a = out * out
    out[0] = x[1] * out[0]
    out[:] = out * x[:3]
    return np.sum(a) + np.sum(out**2)


def results_in_out(x: Any) -> Any:
    y = np.zeros(6)
    np.multiply(x, x, out=y)
    np.add(y, x, out=y)
    np.sin(y, y)
    s = np.zeros(2)
    np.sum(y.reshape(2, 3), axis=1, out=s)
    return s[0] * s[1]


def divided_where(x: Any) -> Any:
    safe = np.zeros(6)
    np.divide(1.0, x - 0.2, out=safe, where=np.abs(x - 0.2) > 0.3)
    return np.sum(safe**2)


def added_at(x: Any) -> Any:
    h = np.zeros(3)
    np.add.at(h, [0, 1, 1, 2, 0, 1], x**2)
    np.subtract.at(h, [0, 0], x[:2])
    np.multiply.at(h, [1, 1], x[:2])
    return np.sum(h**2)


def put_and_place(x: Any) -> Any:
    y = np.zeros(6)
    np.put(y, [0, 5, 2], x[:3])
    np.place(y, y == 0, x[3:5])
    np.putmask(y, y > 1.0, x**2)
    y.put([1], x[5])
    return np.sum(y**3)


def copied_to(x: Any) -> Any:
    y = np.zeros(6)
    np.copyto(y, x, where=x > 0)
    z = y.copy()
    y.fill(x[2])
    y[::2] = x[1::2]
    return np.sum(y**3) + np.sum(z)


def diagonals(x: Any) -> Any:
    a = np.zeros((6, 6)) + 0.1
    np.fill_diagonal(a, 2 + x**2)
    a[np.diag_indices(6)] += 1.0
    return np.sum(np.linalg.solve(a, x))


def sorted_in_place(x: Any) -> Any:
    y = x * W
    y.sort()
    z = np.array([x[:3], x[3:]])
    z.sort(axis=0)
    return np.sum(y * np.arange(6.0)) + np.sum(z[0] * z[1])


def along_an_axis(x: Any) -> Any:
    a = x.reshape(2, 3) * 1.0
    order = np.argsort(a, axis=1)
    b = np.zeros((2, 3))
    np.put_along_axis(b, order, a * np.array([1.0, 2.0, 3.0]), axis=1)
    return np.sum(b**2 * a)


def flat_entries(x: Any) -> Any:
    a = np.zeros((2, 3)).T
    a.flat[1] = x[0]
    a.flat[2:4] = x[1:3]
    return np.sum(a @ x[4:])


def rows_in_brackets(x: Any) -> Any:
    y = np.r_[x[:2], 0.0, x[3] * x[4], [1.0, 2.0]]
    z = np.c_[x[:2], x[2:4]]
    return np.sum(y**2) + np.linalg.det(z)


def arrays_of_lists(x: Any) -> Any:
    a = np.array([x[0] ** 2, 1, x[1]])
    b = np.asarray([[x[2], 2.0], (x[3], x[4])])
    c = np.array([x[:2], np.ones(2)])
    return np.sum(a) * np.sum(b @ c)


def asarray_of_arguments(x: Any) -> Any:
    y = np.asarray(x, dtype=float)
    z = np.atleast_2d(np.asanyarray(y))
    return np.sum(np.ascontiguousarray(z.T) ** 2 * np.atleast_1d(y[0]))


def filled_with_traced(x: Any) -> Any:
    a, b = np.full((2, 2), x[0]), np.full_like(W, x[1])
    a[0, 0] = 1.0
    c = np.fromiter((v * v for v in x), float)
    return np.sum(a**2) + np.sum(b * c)


def float_results(x: Any) -> Any:
    loss = float(np.sum(x**2))
    return float(loss * float(x[0]) + np.float64(x[1]))


def functions_of_math(x: Any) -> Any:
    t = math.exp(x[0]) * math.sin(x[1]) + math.pow(x[2], 3) + math.hypot(x[3], 1.0)
    return (
        t + math.log(x[4], 2.0) + math.atan2(x[5], x[0]) + math.fsum(x) + math.erf(x[1]) + math.lgamma(x[5])
    )


def constants_scaled(x: Any) -> Any:
    y = W * 2.0
    y[1] = x[1] * x[2]
    y += x
    z = -W
    z[0] = x[0]
    u = W.copy()
    u[2] = x[2]
    return np.sum(y**2) + np.sum(z * u)


def entries_chosen_from_constants(x: Any) -> Any:
    y = np.linspace(0.0, 1.0, 6)
    y[::2] *= x[::2]
    y **= 2
    return np.sum(y) + y[-1]


def a_number_becomes_an_array(x: Any) -> Any:
    s = 0.0
    s += x[0]
    s *= W
    s[1] = x[1]
    return np.sum(s**2)


def arrays_without_axes(x: Any) -> Any:
    total = np.array(0.0)
    alias = total
    for v in x:
        total += v * v
    return alias * x[0]


def chained_targets(x: Any) -> Any:
    a, b = np.zeros(3), np.zeros(3)
    a[0] = b[1] = x[0]
    (a[1], b[2]), *rest = (x[1], x[2]), x[3]
    return np.sum(a * b) + a[1] * b[2] * rest[0]


def broadcast_writes(x: Any) -> Any:
    a = np.zeros((3, 2))
    a[:] = x[:2]
    a[1:, :] += x[2:4][:, None]
    a[..., 0] *= x[4]
    a[:, -1:] -= x[:3, None]
    return np.sum(np.exp(a))


def single_precision(x: Any) -> Any:
    a = np.zeros(6, np.float64)
    a[:] = x
    b = a.astype(np.float64, copy=False)
    b *= 2.0
    return np.sum(a**2)


def operators_as_functions(x: Any) -> Any:
    y = np.zeros(6)
    operator.setitem(y, 0, x[0])
    y = operator.iadd(y, x)
    return np.sum(operator.getitem(y, slice(0, 3)) ** 2)


def copies_are_copies(x: Any) -> Any:
    a = x * 1.0
    b, c, d, e = a.copy(), copy.copy(a), copy.deepcopy({"k": [a]}), np.array(a)
    a *= 0.0
    return np.sum(a + b * c) + np.sum(d["k"][0] * e * e)


def flipped_views(x: Any) -> Any:
    a = np.zeros((2, 3))
    np.flip(a, 1)[0] = x[:3]
    np.moveaxis(a, 0, 1)[2, 1] = x[3] ** 2
    np.expand_dims(a, 0)[0, 1, 0] = x[4]
    return np.sum(a**3)


def growing_windows(x: Any) -> Any:
    out = np.zeros(6)
    for i in range(6):
        out[i] = x[i] * (1.0 + out[max(0, i - 3) : i].sum())
    return out @ out


def mixed_constants_and_traced(x: Any) -> Any:
    a = np.zeros((3, 4))
    for k, v in enumerate(x):
        a[k % 3, (2 * k) % 4] = v
    a[1] = 5.0
    for _ in range(3):
        a[0] += 0.1 * a.sum(axis=0)
    return np.sum(np.sqrt(1.0 + a**2))


def statistics_of_a_buffer(x: Any) -> Any:
    a = np.empty((2, 6))
    a[0], a[1] = x, x**2
    return a.mean() + a.std() + a.max() + a.T.dot(a).trace() + a.cumsum(axis=1)[1, 2] + a.item(3) + a.flat[2]


def strided_by_hand(x: Any) -> Any:
    y = np.zeros(6)
    frames = np.lib.stride_tricks.as_strided(y, (3, 4), (8, 8))
    y[:] = x
    frames[1, 1] *= 2.0
    return np.sum(frames**2) + np.sum(np.lib.stride_tricks.sliding_window_view(y, 2)[:, 0] ** 3)


def resized(x: Any) -> Any:
    y = x[:2] * 1.0
    for k in range(2, 5):
        y.resize(y.size + 1, refcheck=False)
        y[k] = x[k] * y[k - 1]
    y.resize(4)
    return np.sum(y**2)


def columns_of_stacks(x: Any) -> Any:
    return np.sum(np.c_[np.zeros((2, 3, 1)), x.reshape(2, 3, 1)].T ** 2) + np.sum(
        np.r_[x.reshape(2, 3), np.ones((1, 3))] ** 3
    )


def complex_buffers(x: Any) -> Any:
    z = np.zeros(3, complex)
    z[0] = x[0]
    z[1:] = x[1:3] * (1 + 2j)
    z[2] += x[0] * x[1]
    w = np.array([x[0], z[1], 1j * x[2]])
    return np.sum(np.abs(z) ** 2) + np.sum(np.real(w * z * (0.3 - 0.7j)))


def frozen(x: Any) -> Any:
    y = np.zeros(3)
    y[:] = x[:3] ** 2
    y.setflags(write=False)
    z = x.copy()
    z.setflags(write=False)
    return np.sum(y * z[:3])


def lists_of_arrays(x: Any) -> Any:
    y = x * 1.0
    y[0] = x[1] * x[2]
    column = np.transpose([y]) * np.ones((1, 2))
    both = np.reshape([y, x**2], -1)
    return np.sum([y, x**3]) + np.sum(column**2) + both @ both + np.max([y[:3], x[3:]], axis=0) @ W[:3]


def lists_of_arrays_that_move(x: Any) -> Any:
    u, v = x[:3] * 1.0, x[3:] ** 2
    u[1] += v[0]
    turned = np.swapaxes([u, v], 0, 1) @ np.array([1.0, 2.0])
    chosen = np.where([True, False, True], u, v) + np.where([x[0] > 0, False], [u[0], v[1]], 0.0).sum()
    return (
        np.sum(turned**2) + chosen @ W[:3] + np.mean([u, v], axis=0) @ np.ravel([u]) + np.sum(np.exp([u, v]))
    )


def a_number_that_grows_an_axis(x: Any) -> Any:
    kept = np.zeros((6, 1))
    kept[0, 0] = x[0]
    loss = np.sum(x**2)
    loss += kept
    loss *= np.array([[2.0]])
    loss -= kept * x[1]
    return np.mean(loss) + loss.flat[0] * loss[3, 0]
