"""Factorisations and what is solved with them: Cholesky's, triangular, orthogonal, by eigenvalues and singular values."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from calcgrad.scipy.following import array_of, follows, unsupported
from calcgrad.scipy.linalg.equations import adjoint, solved, swapped, symmetric, turned
from calcgrad.scipy.values import borrowed, held, row


def _lower_factor(a: Any, lower: bool) -> Any:
    """Cholesky's lower factor of the triangle that is read."""
    return np.linalg.cholesky(a if lower else adjoint(a))


@follows("scipy.linalg.cholesky")
def cholesky(a: Any, lower: bool = False) -> Any:
    """The triangular factor of a positive definite matrix: the upper one, unless ``lower``."""
    factor = _lower_factor(array_of(a), lower)
    return factor if lower else adjoint(factor)


@cache
def _other_is_zero() -> bool:
    """Whether SciPy's ``cho_factor`` clears the triangle that it does not write, as it does since SciPy 1.18."""
    import scipy.linalg

    return bool(scipy.linalg.cho_factor(np.array([[2.0, 1.0], [1.0, 2.0]]))[0][1, 0] == 0)


@follows("scipy.linalg.cho_factor")
def cho_factor(a: Any, lower: bool = False) -> Any:
    """Cholesky's factor for ``cho_solve``; the other triangle is SciPy's: zero, or that of ``a``, which means nothing."""
    a = array_of(a)
    factor = _lower_factor(a, lower)
    if not lower:
        factor = adjoint(factor)
    mine = np.tril(np.ones(np.shape(a)[-2:], bool)) if lower else np.triu(np.ones(np.shape(a)[-2:], bool))
    return np.where(mine, factor, 0.0 if _other_is_zero() else a), lower


@follows("scipy.linalg.cho_solve")
def cho_solve(c_and_lower: Any, b: Any) -> Any:
    """The solution with a matrix that is given by Cholesky's factor."""
    c, lower = c_and_lower
    c, b = array_of(c), array_of(b)
    factor = np.tril(c) if lower else adjoint(np.triu(c))
    return solved(adjoint(factor), solved(factor, b))


def _square(path: str, a: Any) -> None:
    shape = np.shape(a)
    if len(shape) != 2 or shape[0] != shape[1]:
        raise unsupported(
            path, "other than one square matrix", "scipy.linalg.qr factors matrices of any shape"
        )


def _factors(path: str, a: Any) -> tuple[Any, Any, Any]:
    """The order in which the rows of ``a`` are eliminated, and the two factors of ``a`` in that order."""
    _square(path, a)
    places = borrowed("scipy.linalg.lu", ("",), held(a), part=0, p_indices=True)
    order = np.argsort(places)
    moved = np.take(a, order, axis=0)
    packed = row("lu", moved)
    return order, row("lu_lower", moved, packed), row("lu_upper", moved, packed)


@follows("scipy.linalg.lu")
def lu(a: Any, permute_l: bool = False, p_indices: bool = False) -> Any:
    """The factors of a = p @ l @ u; where two rows could come first, the choice is LAPACK's."""
    a = array_of(a)
    order, lower, upper = _factors("scipy.linalg.lu", a)
    places = np.argsort(order)
    if permute_l:
        return np.take(lower, places, axis=0), upper
    if p_indices:
        return places, lower, upper
    return np.take(np.eye(np.shape(a)[0]), places, axis=0), lower, upper


@follows("scipy.linalg.lu_factor")
def lu_factor(a: Any) -> Any:
    """Both factors in one matrix, and the exchanges of rows, for ``lu_solve``."""
    a = array_of(a)
    _, lower, upper = _factors("scipy.linalg.lu_factor", a)
    exchanges = borrowed("scipy.linalg.lu_factor", ("",), held(a), part=1)
    return np.tril(lower, -1) + upper, exchanges


@follows("scipy.linalg.lu_solve")
def lu_solve(lu_and_piv: Any, b: Any, trans: Any = 0) -> Any:
    """The solution with a matrix that is given by ``lu_factor``."""
    packed, exchanges = lu_and_piv
    packed, b = array_of(packed), array_of(b)
    _square("scipy.linalg.lu_solve", packed)
    order = borrowed("calcgrad.scipy.linalg.factorisations.order_of", ("",), held(exchanges))
    lower = np.where(np.eye(np.shape(packed)[0], dtype=bool), 1.0, np.tril(packed))
    upper = np.triu(packed)
    if trans in (0, "N"):
        return solved(upper, solved(lower, np.take(b, order, axis=0)))
    inner = solved(turned(lower, trans), solved(turned(upper, trans), b))
    return np.take(inner, np.argsort(order), axis=0)


def order_of(exchanges: Any) -> Any:
    """The order of rows that exchanges, one after the other, lead to.

    >>> order_of(np.array([1, 2, 2]))
    array([1, 2, 0])
    """
    order = np.arange(len(exchanges))
    for k, other in enumerate(exchanges):
        order[[k, other]] = order[[other, k]]
    return order


def _modes(path: str, type: int, b: Any, subset: Any, n: int) -> slice:
    """The eigenvalues that are asked for. Raises ``UsageError`` E421 for problems of the other types."""
    if type != 1 and b is not None:
        raise unsupported(path, f"type={type}")
    return slice(None) if subset is None else slice(int(subset[0]), int(subset[1]) + 1)


def _reduced(a: Any, b: Any, lower: bool) -> tuple[Any, Any]:
    """The symmetric matrix with the eigenvalues of the pair, and Cholesky's factor of ``b``."""
    factor = _lower_factor(b, lower)
    half = solved(factor, symmetric(a, lower, conjugate=True))
    return adjoint(solved(factor, adjoint(half))), factor


@follows("scipy.linalg.eigvalsh")
def eigvalsh(a: Any, b: Any = None, *, lower: bool = True, type: int = 1, subset_by_index: Any = None) -> Any:
    """The eigenvalues of a symmetric matrix, or of a pair of them, ascending."""
    a = array_of(a)
    chosen = _modes("scipy.linalg.eigvalsh", type, b, subset_by_index, np.shape(a)[-1])
    if b is not None:
        a, lower = _reduced(a, array_of(b), lower)[0], True
    return np.linalg.eigvalsh(a, "L" if lower else "U")[..., chosen]


@follows("scipy.linalg.eigh")
def eigh(
    a: Any,
    b: Any = None,
    *,
    lower: bool = True,
    eigvals_only: bool = False,
    type: int = 1,
    subset_by_index: Any = None,
) -> Any:
    """Eigenvalues and vectors of a symmetric matrix, or of a pair of them; the vectors have the signs that SciPy's have."""
    a = array_of(a)
    chosen = _modes("scipy.linalg.eigh", type, b, subset_by_index, np.shape(a)[-1])
    if eigvals_only:
        return eigvalsh(a, b, lower=lower, type=type, subset_by_index=subset_by_index)
    if a.dtype.kind == "c" or np.ndim(a) != 2:
        fix = "numpy.linalg.eigh has the vectors of complex matrices and of stacks"
        raise unsupported("scipy.linalg.eigh", "other than one real matrix", fix)
    if b is None:
        theirs = borrowed("scipy.linalg.eigh", ("",), held(a), part=1, lower=lower)
        values, vectors = np.linalg.eigh(a, "L" if lower else "U")
    else:
        b = array_of(b)
        theirs = borrowed("scipy.linalg.eigh", ("", ""), held(a), held(b), part=1, lower=lower)
        reduced, factor = _reduced(a, b, lower)
        values, vectors = np.linalg.eigh(reduced)
        vectors = solved(adjoint(factor), vectors)
    same = np.sum(held(vectors) * theirs, axis=-2) >= 0
    vectors = np.where(same, vectors, -vectors)
    return values[..., chosen], vectors[..., chosen]


@follows("scipy.linalg.eigvals")
def eigvals(a: Any) -> Any:
    """The eigenvalues of a square matrix, complex."""
    return np.linalg.eigvals(array_of(a)) + 0j


@follows("scipy.linalg.eig")
def eig(a: Any) -> Any:
    """The eigenvalues, complex, and the right vectors of a square matrix; real, if it and all eigenvalues are."""
    a = array_of(a)
    values, vectors = np.linalg.eig(a)
    if not np.iscomplexobj(a) and np.all(np.imag(values) == 0):
        vectors = np.real(vectors)
    return values + 0j, vectors


@follows("scipy.linalg.svd")
def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    """Left vectors, singular values, right vectors."""
    a = array_of(a)
    if not compute_uv:
        return np.linalg.svd(a, compute_uv=False)
    left, values, right = np.linalg.svd(a, full_matrices=full_matrices)
    return left, values, right


@follows("scipy.linalg.svdvals")
def svdvals(a: Any) -> Any:
    """The singular values, descending."""
    return np.linalg.svd(array_of(a), compute_uv=False)


@follows("scipy.linalg.qr")
def qr(a: Any, mode: str = "full") -> Any:
    """The orthogonal and the upper factor; of a matrix higher than wide, ``mode="economic"`` or the upper factor alone."""
    a = array_of(a)
    rows, columns = np.shape(a)[-2:]
    if mode == "economic":
        return tuple(np.linalg.qr(a))
    if mode == "r":
        r: Any = np.linalg.qr(a, mode="r")
        if rows > columns:
            r = np.concatenate([r, np.zeros((*np.shape(a)[:-2], rows - columns, columns), a.dtype)], axis=-2)
        return (r,)
    if mode != "full" or rows > columns:
        fix = "mode='economic': the columns beyond are not determined"
        raise unsupported("scipy.linalg.qr", f"mode={mode!r}", fix)
    return tuple(np.linalg.qr(a, mode="complete"))


@follows("scipy.linalg.polar")
def polar(a: Any, side: str = "right") -> Any:
    """The unitary factor and the positive one, which stands on the side that is named."""
    left, values, right = np.linalg.svd(array_of(a), full_matrices=False)
    unitary = left @ right
    if side == "right":
        return unitary, adjoint(right) @ (values[..., None] * right)
    return unitary, (left * values[..., None, :]) @ adjoint(left)


@follows("scipy.linalg.norm")
def norm(a: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The length of a vector, or a norm of matrices."""
    a = array_of(a)
    found = np.linalg.norm(a, ord, axis, keepdims)
    orders = {1: (None, 2), 2: (1, -1, np.inf, -np.inf)}.get(np.ndim(a), ())
    # Where SciPy asks BLAS or LAPACK, it gets a double for single precision too.
    return found.astype(np.float64) if axis is None and not keepdims and ord in orders else found


__all__ = ["order_of", "swapped"]
