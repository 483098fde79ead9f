"""Equations, inverses, factorisations and norms: ``numpy.linalg``."""

from __future__ import annotations

from math import inf, prod
from typing import Any

import numpy

from calcgrad.numpy_names.common import (
    array,
    axes_of,
    axis_param,
    conjugated,
    dtype_of,
    getitem,
    length,
    ndim,
    permute,
    reshape,
    shape,
    size_of,
    square_of_size,
    swapped,
)
from calcgrad.numpy_names.reductions import total
from calcgrad.numpy_names.registry import handles, refuse
from calcgrad.operations.shapes import kept
from calcgrad.operations.transposes import Apply

BEFORE_2 = numpy.lib.NumpyVersion(numpy.__version__) < "2.0.0"


def results(name: str) -> Any:
    """NumPy's named tuple of results, or a tuple where it has none."""
    module = getattr(numpy.linalg, "_linalg", None) or getattr(numpy.linalg, "linalg", None)  # before NumPy 2
    found = getattr(module, name, None)
    return found if found is not None else lambda *parts: parts


@handles("linalg.solve")
def solve(apply: Apply, a: Any, b: Any) -> Any:
    """The solution of a @ x = b; ``b`` is a vector only where it has one axis, before NumPy 2 where it has one fewer than a."""
    a, b = array(a), array(b)
    if ndim(b) != (ndim(a) - 1 if BEFORE_2 else 1):
        return apply("solve", a, b)
    column = apply("solve", a, reshape(apply, b, (*shape(b), 1)))
    return reshape(apply, column, shape(column)[:-1])


@handles("linalg.inv")
def _inv(apply: Apply, a: Any) -> Any:
    return apply("inv", a)


@handles("linalg.pinv")
def _pinv(apply: Apply, a: Any, rcond: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Any:
    refuse("numpy.linalg.pinv", hermitian=hermitian or None)
    least = rcond if rtol is None else rtol
    return apply("pinv", a, params=() if least is None or least is numpy._NoValue else (float(least),))


@handles("linalg.det")
def _det(apply: Apply, a: Any) -> Any:
    return apply("det", a)


@handles("linalg.slogdet")
def _slogdet(apply: Apply, a: Any) -> Any:
    packed = apply("slogdet", a)
    turns = dtype_of(a).kind == "c"
    sign = apply("det_phase", a, packed) if turns else getitem(apply, packed, ..., 0)
    return results("SlogdetResult")(sign, apply("logabsdet", a, packed))


@handles("linalg.cholesky")
def _cholesky(apply: Apply, a: Any, /, *, upper: bool = False) -> Any:
    """Of the triangle that NumPy reads, the lower one unless ``upper``."""
    if not upper:
        return apply("cholesky", a)
    return swapped(apply, apply("cholesky", swapped(apply, a)))


@handles("linalg.eigh")
def _eigh(apply: Apply, a: Any, UPLO: str = "L") -> Any:  # noqa: N803 (NumPy's name)
    params = () if UPLO.upper() == "L" else ("U",)
    packed = apply("eigh", a, params=params)
    parts = [apply(op, a, packed, params=params) for op in ("eigenvalues", "eigenvectors")]
    return results("EighResult")(*parts)


@handles("linalg.eigvalsh")
def _eigvalsh(apply: Apply, a: Any, UPLO: str = "L") -> Any:  # noqa: N803 (NumPy's name)
    params = () if UPLO.upper() == "L" else ("U",)
    return apply("eigenvalues", a, apply("eigh", a, params=params), params=params)


@handles("linalg.svd")
def _svd(
    apply: Apply, a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False
) -> Any:
    if compute_uv and full_matrices and shape(a)[-1] != shape(a)[-2]:
        refuse(
            "numpy.linalg.svd",
            "full_matrices=False: the vectors beyond the singular values are not determined",
            full_matrices="full",
        )
    packed = apply("svd", a)
    values = apply("singular_values", a, packed)
    if not compute_uv:
        return values
    if dtype_of(a).kind == "c" and 3 * shape(a)[-1] > 5 * shape(a)[-2]:
        # LAPACK factors such a matrix in two steps, after which no row of its vectors is real (see operations.pushforwards_linalg).
        fix = "of a complex matrix much wider than high the phases are not known: svd(a.conj().T) has the same vectors"
        refuse("numpy.linalg.svd", fix, compute_uv="complex")
    return results("SVDResult")(apply("singular_left", a, packed), values, apply("singular_right", a, packed))


@handles("linalg.svdvals")
def _svdvals(apply: Apply, x: Any, /) -> Any:
    return _svd(apply, x, compute_uv=False)


@handles("linalg.qr")
def _qr(apply: Apply, a: Any, mode: str = "reduced") -> Any:
    """Of a matrix with more columns than rows, the first square part is factored; the rest of r is qᵀ times the rest."""
    rows, columns = shape(a)[-2:]
    if mode not in ("reduced", "r") and not (mode == "complete" and rows <= columns):
        refuse("numpy.linalg.qr", "mode='reduced': the columns beyond are not determined", mode=mode)
    square = a if columns <= rows else getitem(apply, a, ..., slice(0, rows))
    packed = apply("qr", square)
    r = apply("qr_r", square, packed)
    if columns <= rows and mode == "r":
        return r
    q = apply("qr_q", square, packed)
    if columns > rows:
        rest = apply(
            "matmul", conjugated(apply, swapped(apply, q)), getitem(apply, a, ..., slice(rows, None))
        )
        r = apply("concatenate", r, rest, params=(ndim(a) - 1,))
    return r if mode == "r" else results("QRResult")(q, r)


@handles("linalg.lstsq")
def _lstsq(apply: Apply, a: Any, b: Any, rcond: Any = None) -> Any:
    """The least-squares solution by the pseudo-inverse; the residuals; the rank; the singular values."""
    a, b = array(a), array(b)
    rows, columns = shape(a)
    x = apply("matmul", apply("pinv", a), b)
    left = total(apply, square_of_size(apply, b - apply("matmul", a, x)), 0, keepdims=ndim(b) == 1)
    if rows <= columns:
        left = numpy.zeros(0, dtype_of(a))
    values = apply("singular_values", a, apply("svd", a))
    return x, left, min(rows, columns), values


@handles("linalg.matrix_rank")
def _matrix_rank(apply: Apply, A: Any, *args: Any, **keywords: Any) -> Any:  # noqa: N803 (NumPy's name)
    return apply("decided", A, params=("linalg.matrix_rank", tuple(keywords.items())))


@handles("linalg.norm")
def norm(apply: Apply, x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The length of vectors, or a norm of matrices."""
    x = array(x)
    axes = axes_of(axis, ndim(x))
    if ord is None or (ord == 2 and len(axes) == 1) or (ord in ("fro", "f") and len(axes) == 2):
        return length(apply, x, axis, keepdims)
    if len(axes) == 1:
        return _vector_norm(apply, x, ord, axes, keepdims)
    if len(axes) == 2:
        return _matrix_norm(apply, x, ord, axes, keepdims)
    raise ValueError("Improper number of dimensions to norm.")


@handles("linalg.vector_norm")
def _vector_norm_of(
    apply: Apply, x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2
) -> Any:
    x = array(x)
    axes = axes_of(axis, ndim(x))
    if ord == 2:
        return length(apply, x, axis, keepdims)
    return _vector_norm(apply, x, ord, axes, keepdims)


@handles("linalg.matrix_norm")
def _matrix_norm_of(apply: Apply, x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    return norm(apply, x, ord, (-2, -1), keepdims)


def _vector_norm(apply: Apply, x: Any, ord: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    """Of order 1, of any order by way of the largest entry, of infinite order."""
    axis = axis_param(axes, ndim(x))
    size = size_of(apply, x)
    if ord in (inf, -inf):
        return apply("amax" if ord > 0 else "amin", size, params=(axis, bool(keepdims)))
    if ord == 1:
        return total(apply, size, axes, keepdims)
    if ord == 0:
        return total(apply, apply("where", apply("not_equal", x, 0.0), 1.0, 0.0), axes, keepdims)
    p = float(ord)
    # The norm of x/m times m is that of x for every constant m: the derivative through m would be 0.
    m = apply("stop_gradient", apply("amax", size, params=(axis, True)))
    m = apply("where", apply("equal", m, 0.0), 1.0, m)
    sums = total(apply, apply("div", size, m) ** p, axes, True)
    nothing = apply("equal", sums, 0.0)
    root = apply("where", nothing, 0.0, apply("where", nothing, 1.0, sums) ** (1 / p))
    found = m * root
    return found if keepdims else reshape(apply, found, [n for i, n in enumerate(shape(x)) if i not in axes])


def _matrix_norm(apply: Apply, x: Any, ord: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    rows, columns = axes
    if ord in (1, -1, inf, -inf):
        summed, kept_axis = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums = total(apply, size_of(apply, x), summed, True)
        found = apply("amax" if ord > 0 else "amin", sums, params=(kept_axis, True))
    else:
        others = [i for i in range(ndim(x)) if i not in axes]
        matrix = permute(apply, x, (*others, rows, columns))
        values = apply("singular_values", matrix, apply("svd", matrix))
        if ord == "nuc":
            found = total(apply, values, -1)
        elif ord in (2, -2):
            found = getitem(apply, values, ..., 0 if ord == 2 else -1)
        else:
            raise ValueError("Invalid norm order for matrices.")
    lengths = kept(shape(x), axes)
    return reshape(
        apply, found, lengths if keepdims else [n for i, n in enumerate(shape(x)) if i not in axes]
    )


@handles("linalg.cond")
def _cond(apply: Apply, x: Any, p: Any = None) -> Any:
    if p in (None, 2, -2):
        values = apply("singular_values", x, apply("svd", x))
        first, last = getitem(apply, values, ..., 0), getitem(apply, values, ..., -1)
        return apply("div", last, first) if p == -2 else apply("div", first, last)
    return norm(apply, x, p, (-2, -1)) * norm(apply, apply("inv", x), p, (-2, -1))


@handles("linalg.tensorinv")
def _tensorinv(apply: Apply, a: Any, ind: int = 2) -> Any:
    before, after = shape(a)[:ind], shape(a)[ind:]
    square = reshape(apply, a, (prod(before), prod(after)))
    return reshape(apply, apply("inv", square), (*after, *before))


@handles("linalg.tensorsolve")
def _tensorsolve(apply: Apply, a: Any, b: Any, axes: Any = None) -> Any:
    a, b = array(a), array(b)
    if axes is not None:
        moved = axes_of(tuple(axes), ndim(a))
        a = permute(apply, a, (*[i for i in range(ndim(a)) if i not in moved], *moved))
    size = prod(shape(b))
    unknowns = shape(a)[ndim(b) :]
    square = reshape(apply, a, (size, prod(unknowns)))
    return reshape(apply, solve(apply, square, reshape(apply, b, (size,))), unknowns)
