"""Equations with matrices that are given as they are, by a factor, by a triangle or by their diagonals."""

from __future__ import annotations

from typing import Any

import numpy as np

from calcgrad.scipy.following import array_of, follows, in_double, unsupported
from calcgrad.scipy.values import row

#: SciPy's words for what is known of a matrix, and the part of it that is read.
_GENERAL = (None, "gen", "general", "diagonal", "tridiagonal", "banded")


def swapped(a: Any) -> Any:
    """The last two axes changed with each other."""
    return np.swapaxes(a, -1, -2)


def adjoint(a: Any) -> Any:
    """The conjugate transpose."""
    return np.conjugate(swapped(a)) if a.dtype.kind == "c" else swapped(a)


def solved(a: Any, b: Any) -> Any:
    """The solution of a @ x = b, where ``b`` is a vector if it has one axis."""
    return np.linalg.solve(a, b[..., None])[..., 0] if np.ndim(b) == 1 else np.linalg.solve(a, b)


def symmetric(a: Any, lower: bool, conjugate: bool) -> Any:
    """The symmetric (Hermitian) matrix of which one triangle is read."""
    read = np.tril(a, -1) if lower else np.triu(a, 1)
    other = adjoint(read) if conjugate else swapped(read)
    eye = np.eye(np.shape(a)[-1], dtype=bool)
    diagonal = np.where(eye, np.real(a) if conjugate and a.dtype.kind == "c" else a, 0.0)
    return read + other + diagonal


def _as_assumed(path: str, a: Any, assume_a: Any, lower: bool) -> Any:
    """The matrix that SciPy takes ``a`` for."""
    if assume_a in _GENERAL:
        return a
    if assume_a in ("lower triangular", "upper triangular"):
        return np.tril(a) if assume_a.startswith("lower") else np.triu(a)
    if assume_a in ("sym", "symmetric"):
        return symmetric(a, lower, conjugate=False)
    if assume_a in ("her", "hermitian", "pos", "positive definite"):
        return symmetric(a, lower, conjugate=True)
    raise unsupported(path, f"assume_a={assume_a!r}")


@follows("scipy.linalg.solve")
def solve(a: Any, b: Any, lower: bool = False, assume_a: Any = None, transposed: bool = False) -> Any:
    """The solution x of a @ x = b, of the part of ``a`` that ``assume_a`` says is read."""
    a, b = array_of(a), array_of(b)
    matrix = _as_assumed("scipy.linalg.solve", a, assume_a, lower)
    return solved(swapped(matrix) if transposed else matrix, b)


@follows("scipy.linalg.inv")
def inv(a: Any, assume_a: Any = None, lower: bool = False) -> Any:
    """The inverse of a matrix."""
    return np.linalg.inv(_as_assumed("scipy.linalg.inv", array_of(a), assume_a, lower))


@follows("scipy.linalg.det")
def det(a: Any) -> Any:
    """The determinant, whose derivative exists for singular matrices too."""
    return in_double(np.linalg.det(array_of(a)))


@follows("scipy.linalg.pinv")
def pinv(a: Any) -> Any:
    """The pseudo-inverse of a matrix of full rank."""
    return np.linalg.pinv(array_of(a))


@follows("scipy.linalg.lstsq")
def lstsq(a: Any, b: Any) -> Any:
    """The least-squares solution, the residuals, the rank and the singular values of a matrix of full rank."""
    b = array_of(b)
    x, residuals, rank, values = np.linalg.lstsq(array_of(a), b, rcond=None)
    if np.ndim(b) == 1 and np.size(residuals):
        residuals = np.reshape(residuals, ())
    return x, residuals, rank, values


@follows("scipy.linalg.solve_triangular")
def solve_triangular(a: Any, b: Any, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False) -> Any:
    """The solution with one triangle of ``a``, as it is, transposed (1, ``"T"``) or conjugated as well (2, ``"C"``)."""
    a, b = array_of(a), array_of(b)
    triangle = np.tril(a) if lower else np.triu(a)
    if unit_diagonal:
        triangle = np.where(np.eye(np.shape(a)[-1], dtype=bool), 1.0, triangle)
    return solved(turned(triangle, trans), b)


def turned(a: Any, trans: Any) -> Any:
    """The matrix that LAPACK's letter asks for."""
    if trans in (0, "N"):
        return a
    return swapped(a) if trans in (1, "T") else adjoint(a)


@follows("scipy.linalg.solve_banded")
def solve_banded(l_and_u: Any, ab: Any, b: Any) -> Any:
    """The solution with a matrix that is given by its diagonals, in time that grows with their length."""
    low, up = l_and_u
    ab, b = array_of(ab), array_of(b)
    if np.shape(ab)[0] != low + up + 1:
        raise ValueError(
            f"invalid values for the number of lower and upper diagonals: l+u+1 ({low + up + 1}) does not equal "
            f"ab.shape[0] ({np.shape(ab)[0]})"
        )
    return _of_diagonals(ab, b, int(low), int(up))


def _of_diagonals(ab: Any, b: Any, low: int, up: int) -> Any:
    if np.ndim(ab) != 2:
        raise unsupported("scipy.linalg.solve_banded", "a stack of matrices", "one matrix at a time")
    column = np.reshape(b, (np.shape(b)[0], -1))
    return np.reshape(row("banded_solve", ab, column, params=(low, up)), np.shape(b))


@follows("scipy.linalg.solveh_banded")
def solveh_banded(ab: Any, b: Any, lower: bool = False) -> Any:
    """The same for a symmetric (Hermitian) matrix of which half of the diagonals are given."""
    ab, b = array_of(ab), array_of(b)
    count, n = np.shape(ab)
    conjugate = np.conjugate if ab.dtype.kind == "c" else (lambda x: x)
    rows = []
    for k in range(1 - count, count):  # the diagonal that is k below the main one
        place = abs(k)
        given = ab[place] if lower else ab[count - 1 - place]
        same_side = (k >= 0) == lower or k == 0
        if same_side:
            rows.append(given)
        elif lower:  # stands above: its entries begin further right
            rows.append(np.concatenate([np.zeros(place), conjugate(given[: n - place])]))
        else:
            rows.append(np.concatenate([conjugate(given[place:]), np.zeros(place)]))
    return _of_diagonals(np.stack(rows), b, count - 1, count - 1)


@follows("scipy.linalg.solve_sylvester")
def solve_sylvester(a: Any, b: Any, q: Any) -> Any:
    """The solution x of a @ x + x @ b = q."""
    return row("sylvester", array_of(a), array_of(b), array_of(q))


@follows("scipy.linalg.solve_continuous_lyapunov")
def solve_continuous_lyapunov(a: Any, q: Any) -> Any:
    """The solution x of a @ x + x @ aᴴ = q."""
    a = array_of(a)
    return row("sylvester", a, adjoint(a), array_of(q))


@follows("scipy.linalg.solve_lyapunov")
def solve_lyapunov(a: Any, q: Any) -> Any:
    """The solution x of a @ x + x @ aᴴ = q, by its older name."""
    a = array_of(a)
    return row("sylvester", a, adjoint(a), array_of(q))


@follows("scipy.linalg.solve_discrete_lyapunov")
def solve_discrete_lyapunov(a: Any, q: Any) -> Any:
    """The solution x of a @ x @ aᴴ - x + q = 0, by the bilinear map to the continuous equation."""
    a, q = array_of(a), array_of(q)
    eye = np.eye(np.shape(a)[-1])
    right = np.linalg.inv(adjoint(a) + eye)
    left = np.linalg.inv(a + eye)
    b = (adjoint(a) - eye) @ right
    return row("sylvester", adjoint(b), b, -2.0 * (left @ q @ right))


@follows("scipy.linalg.solve_toeplitz")
def solve_toeplitz(c_or_cr: Any, b: Any) -> Any:
    """The solution with the matrix whose diagonals are constant; it is written out, so time grows with the cube of its side."""
    from calcgrad.scipy.linalg.building import toeplitz

    c, r = c_or_cr if isinstance(c_or_cr, tuple) else (c_or_cr, None)
    return solved(toeplitz(c, r), array_of(b))
