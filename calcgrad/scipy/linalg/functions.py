"""Functions of matrices: exponential, logarithm, square root, and the circular and hyperbolic functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from calcgrad.scipy.following import array_of, follows
from calcgrad.scipy.values import held, row
from calcgrad.systems.values.arrays_borrowed import refused

#: The coefficients of the Padé approximant of degree 13, and the norm up to which it is exact to rounding
#: (Higham, The scaling and squaring method for the matrix exponential revisited, 2005, table 2.3).
_PADE = (
    *(64764752532480000.0, 32382376266240000.0, 7771770303897600.0, 1187353796428800.0, 129060195264000.0),
    *(
        10559470521600.0,
        670442572800.0,
        33522128640.0,
        1323241920.0,
        40840800.0,
        960960.0,
        16380.0,
        182.0,
        1.0,
    ),
)
_LARGEST = 5.371920351148152


@follows("scipy.linalg.expm")
def expm(A: Any) -> Any:  # noqa: N803 (SciPy's name)
    """The exponential of a matrix, by scaling and squaring: what is computed is differentiated step by step."""
    a = array_of(A)
    size = np.max(np.sum(np.abs(held(a)), axis=-2), initial=0.0)
    halvings = 0
    while bool(size > _LARGEST * 2.0**halvings):  # a program depends on how many there are
        halvings += 1
        if halvings > 1100:
            raise refused("expm", "the matrix has entries that are not finite")
    a = a * 0.5**halvings
    eye = np.eye(np.shape(a)[-1], dtype=a.dtype)
    a2 = a @ a
    a4 = a2 @ a2
    a6 = a2 @ a4
    b = _PADE
    odd = a6 @ (b[13] * a6 + b[11] * a4 + b[9] * a2) + b[7] * a6 + b[5] * a4 + b[3] * a2 + b[1] * eye
    odd = a @ odd
    even = a6 @ (b[12] * a6 + b[10] * a4 + b[8] * a2) + b[6] * a6 + b[4] * a4 + b[2] * a2 + b[0] * eye
    found = np.linalg.solve(even - odd, even + odd)
    for _ in range(halvings):
        found = found @ found
    return found


@follows("scipy.linalg.sqrtm")
def sqrtm(A: Any) -> Any:  # noqa: N803 (SciPy's name)
    """The principal square root of a matrix. Raises E430 where that of a real matrix is complex."""
    return row("square_root", array_of(A))


@follows("scipy.linalg.logm")
def logm(A: Any) -> Any:  # noqa: N803 (SciPy's name)
    """The principal logarithm, by square roots and a quadrature of ∫ (A - 1)(1 + t(A - 1))⁻¹ dt.

    (Higham, Functions of matrices, 2008, section 11.4: the Padé approximants of the logarithm are that quadrature.)
    """
    a = array_of(A)
    eye = np.eye(np.shape(a)[-1], dtype=a.dtype)
    roots = 0
    while bool(np.max(np.sum(np.abs(held(a) - eye), axis=-2), initial=0.0) > 0.25):
        a = row("square_root", a)
        roots += 1
        if roots > 100:
            raise refused("logm", "the matrix has no principal logarithm")
    nodes, weights = np.polynomial.legendre.leggauss(8)
    beyond = a - eye
    total = 0.0 * beyond
    for node, weight in zip(0.5 + 0.5 * nodes, 0.5 * weights, strict=True):
        total = total + weight * np.linalg.solve(eye + node * beyond, beyond)
    return total * 2.0**roots


def _real_of(a: Any, both: Any) -> Any:
    """The real part of a real matrix's function, of which the exponential of ``i a`` is given."""
    return both if a.dtype.kind == "c" else np.real(both)


@follows("scipy.linalg.cosm")
def cosm(A: Any) -> Any:  # noqa: N803 (SciPy's name)
    """The cosine of a matrix."""
    a = array_of(A)
    return _real_of(a, 0.5 * (expm(a * 1j) + expm(a * -1j)))


@follows("scipy.linalg.sinm")
def sinm(A: Any) -> Any:  # noqa: N803 (SciPy's name)
    """The sine of a matrix."""
    a = array_of(A)
    return _real_of(a, -0.5j * (expm(a * 1j) - expm(a * -1j)))


@follows("scipy.linalg.tanm")
def tanm(A: Any) -> Any:  # noqa: N803 (SciPy's name)
    """The tangent of a matrix."""
    return np.linalg.solve(cosm(A), sinm(A))


@follows("scipy.linalg.coshm")
def coshm(A: Any) -> Any:  # noqa: N803 (SciPy's name)
    """The hyperbolic cosine of a matrix."""
    a = array_of(A)
    return 0.5 * (expm(a) + expm(-a))


@follows("scipy.linalg.sinhm")
def sinhm(A: Any) -> Any:  # noqa: N803 (SciPy's name)
    """The hyperbolic sine of a matrix."""
    a = array_of(A)
    return 0.5 * (expm(a) - expm(-a))


@follows("scipy.linalg.tanhm")
def tanhm(A: Any) -> Any:  # noqa: N803 (SciPy's name)
    """The hyperbolic tangent of a matrix."""
    return np.linalg.solve(coshm(A), sinhm(A))


@follows("scipy.linalg.expm_frechet")
def expm_frechet(A: Any, E: Any, compute_expm: bool = True) -> Any:  # noqa: N803 (SciPy's names)
    """The derivative of the exponential in a direction: the corner of the exponential of ((A, E), (0, A))."""
    a, e = array_of(A), array_of(E)
    n = np.shape(a)[-1]
    whole = expm(np.block([[a, e], [np.zeros((n, n)), a]]))
    corner = whole[:n, n:]
    return (whole[:n, :n], corner) if compute_expm else corner
