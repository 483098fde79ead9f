"""Matrices that are made of vectors and of smaller matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from calcgrad.scipy.following import array_of, follows


def _conjugate(c: Any) -> Any:
    return np.conjugate(c) if getattr(c, "dtype", np.dtype(float)).kind == "c" else c


@follows("scipy.linalg.toeplitz")
def toeplitz(c: Any, r: Any = None) -> Any:
    """The matrix with constant diagonals, of its first column and its first row."""
    c = np.reshape(array_of(c), (-1,))
    r = _conjugate(c) if r is None else np.reshape(array_of(r), (-1,))
    rows, columns = np.size(c), np.size(r)
    entries = np.concatenate([c[::-1], r[1:]])
    places = np.arange(rows - 1, -1, -1)[:, None] + np.arange(columns)
    return np.take(entries, places)


@follows("scipy.linalg.hankel")
def hankel(c: Any, r: Any = None) -> Any:
    """The matrix with constant antidiagonals, of its first column and its last row."""
    c = np.reshape(array_of(c), (-1,))
    r = np.zeros(np.size(c)) if r is None else np.reshape(array_of(r), (-1,))
    entries = np.concatenate([c, r[1:]])
    return np.take(entries, np.arange(np.size(c))[:, None] + np.arange(np.size(r)))


@follows("scipy.linalg.circulant")
def circulant(c: Any) -> Any:
    """The matrix whose columns are one vector turned round."""
    c = array_of(c)
    n = np.shape(c)[-1]
    return np.take(c, (np.arange(n)[:, None] - np.arange(n)) % n, axis=-1)


@follows("scipy.linalg.companion")
def companion(a: Any) -> Any:
    """The matrix whose characteristic polynomial has these coefficients."""
    a = array_of(a)
    first = -a[1:] / a[0]
    n = np.size(first)
    return np.concatenate([first[None, :], np.eye(n)[: n - 1]])


@follows("scipy.linalg.block_diag")
def block_diag(*arrs: Any) -> Any:
    """Matrices along the diagonal, zeros elsewhere."""
    blocks = [array_of(a) for a in arrs] or [np.zeros((1, 0))]
    blocks = [a if np.ndim(a) == 2 else np.reshape(a, (1, -1)) for a in blocks]
    columns = sum(np.shape(a)[1] for a in blocks)
    bands, start = [], 0
    for a in blocks:
        rows, width = np.shape(a)
        parts = [np.zeros((rows, start)), a, np.zeros((rows, columns - start - width))]
        bands.append(np.concatenate(parts, axis=1))
        start += width
    return np.concatenate(bands)


@follows("scipy.linalg.khatri_rao")
def khatri_rao(a: Any, b: Any) -> Any:
    """The products of Kronecker, column by column."""
    a, b = array_of(a), array_of(b)
    return np.reshape(a[:, None, :] * b[None, :, :], (-1, np.shape(b)[1]))


@follows("scipy.linalg.convolution_matrix")
def convolution_matrix(a: Any, n: Any, mode: str = "full") -> Any:
    """The matrix that convolves vectors of length ``n`` with ``a``."""
    a = array_of(a)
    m = np.size(a)
    whole = toeplitz(np.concatenate([a, np.zeros(n - 1)]), np.concatenate([a[:1], np.zeros(n - 1)]))
    if mode == "full":
        return whole
    if mode == "same":
        cut = min(m, n) - 1
        front = cut // 2
        return whole[front : np.shape(whole)[0] - (cut - front)]
    cut = min(m, n) - 1
    return whole[cut : np.shape(whole)[0] - cut]


@follows("scipy.linalg.matmul_toeplitz")
def matmul_toeplitz(c_or_cr: Any, x: Any) -> Any:
    """The product with the matrix whose diagonals are constant, written out."""
    c, r = c_or_cr if isinstance(c_or_cr, tuple) else (c_or_cr, None)
    return toeplitz(c, r) @ array_of(x)
