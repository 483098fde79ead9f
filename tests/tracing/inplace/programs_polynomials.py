"""Programs of ``numpy.polynomial``, whose Python code is followed, and of sparse matrices with traced entries."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
import scipy.sparse.linalg
from numpy.polynomial import (
    Chebyshev,
    Hermite,
    HermiteE,
    Laguerre,
    Legendre,
    Polynomial,
    hermite,
    hermite_e,
    laguerre,
)
from numpy.polynomial import chebyshev as cheb
from numpy.polynomial import legendre as leg
from numpy.polynomial import polynomial as poly

T = np.array([0.2, -0.5, 0.9])
KNOWN = Polynomial([1.0, -2.0, 0.5])
ROWS, COLUMNS = np.array([0, 1, 2, 2, 0, 1]), np.array([1, 0, 2, 1, 1, 2])


def coefficients(x: Any) -> Any:
    return np.sum(poly.polyval(T, x)) + poly.polyval(x[0], [1.0, 2.0, 3.0])


def both(x: Any) -> Any:
    return np.sum(poly.polyval(x[:3], x[2:]) ** 2)


def in_every_basis(x: Any) -> Any:
    bases = (cheb.chebval, leg.legval, hermite.hermval, hermite_e.hermeval, laguerre.lagval)
    return sum(np.sum(value(T, x[:4])) * x[5] for value in bases)


def objects(x: Any) -> Any:
    kinds = (Polynomial, Chebyshev, Legendre, Hermite, HermiteE, Laguerre)
    return sum(kind(x[:4])(x[4]) * k for k, kind in enumerate(kinds, 1))


def arithmetic(x: Any) -> Any:
    p, q = Polynomial(x[:3]), Polynomial(x[3:])
    return (p * q + p - 2.0 * q)(0.3) + (p**2)(x[0])


def with_a_known_one(x: Any) -> Any:
    p = Polynomial(x[:3])
    return (p * KNOWN - KNOWN)(0.4) + KNOWN(x[3]) ** 2 + (KNOWN + p)(x[1])


def derivatives_and_integrals(x: Any) -> Any:
    p = Polynomial(x)
    area = p.integ()
    return p.deriv()(0.3) * p.deriv(2)(x[0]) + area(1.0) - area(0.0)


def chebyshev_calculus(x: Any) -> Any:
    c = Chebyshev(x, domain=[0.0, 2.0])
    return c.deriv()(0.7) + c.integ(lbnd=0.0)(1.5) * x[0]


def fitted(x: Any) -> Any:
    p = Polynomial.fit(np.arange(6.0), x, 2)
    return p(2.5) + np.sum(poly.polyfit(np.arange(6.0), x**2, 1))


def fitted_in_a_basis(x: Any) -> Any:
    return np.sum(leg.legfit(np.linspace(-1, 1, 6), x, 3) ** 2) + cheb.chebfit(np.linspace(-1, 1, 6), x, 2)[1]


def of_roots(x: Any) -> Any:
    return np.sum(poly.polyfromroots(x[:3]) ** 2) + poly.polyvalfromroots(0.1, x[3:])


def roots_of(x: Any) -> Any:
    return np.sum(np.abs(poly.polyroots(x[:4])) ** 2)


def products(x: Any) -> Any:
    return np.sum(poly.polymul(x[:3], x[3:]) ** 2) + np.sum(
        cheb.chebmul(x[:3], x[3:]) * leg.legmul(x[:3], x[3:])
    )


def vandermonde(x: Any) -> Any:
    return np.sum(cheb.chebvander(x[:3], 4) @ np.arange(5.0) * (leg.legvander(x[3:], 2) @ np.ones(3)))


def other_bases(x: Any) -> Any:
    return np.sum(cheb.poly2cheb(x) * cheb.cheb2poly(x)) + leg.poly2leg(x)[2]


def in_two_variables(x: Any) -> Any:
    c = np.outer(x[:2], x[2:4])
    return np.sum(poly.polyval2d(x[4:], T[:2], c)) + np.sum(poly.polygrid2d(T, T, c))


def truncated(x: Any) -> Any:
    return Polynomial(x).truncate(3)(0.5) + Polynomial(x).cutdeg(2)(0.25) * Legendre(x).trim()(0.5)


def diagonal_matrix(x: Any) -> Any:
    d = scipy.sparse.diags(x)
    return np.sum((d @ np.arange(1.0, 7.0)) ** 2) + np.sum(x @ d)


def bands(x: Any) -> Any:
    a = scipy.sparse.diags([x[:4], x[1:4], -x[2:5]], [0, 1, -1])
    return np.sum(a @ (a.T @ np.ones(4))) + np.sum(a.toarray() ** 3)


def stencil(x: Any) -> Any:
    a = scipy.sparse.diags(diagonals=[1.0, -2.0 * x[0], 1.0], offsets=[-1, 0, 1], shape=(5, 5))
    return np.sum((a @ x[1:]) ** 2)


def assembled(x: Any) -> Any:
    k = scipy.sparse.coo_matrix((x, (ROWS, COLUMNS)), shape=(3, 3)).tocsr()
    return np.sum(k @ k @ np.ones(3)) + np.sum(k.diagonal()) + k.sum()


def solved(x: Any) -> Any:
    k = scipy.sparse.csc_matrix((x, (ROWS, COLUMNS)), shape=(3, 3)) + 5.0 * scipy.sparse.eye(3, format="csc")
    return np.sum(scipy.sparse.linalg.spsolve(k, x[:3]) ** 2)


def of_a_dense_matrix(x: Any) -> Any:
    a = scipy.sparse.csr_array(np.outer(x[:3], x[3:]))
    known = scipy.sparse.csr_array(np.arange(9.0).reshape(3, 3))
    return np.sum((a @ known + a * a - known / 2.0) @ np.ones(3))


def even_numbers(x: Any) -> Any:
    return np.sum(np.arange(x[0], x[0] + 3.2, 1.0) ** 2) + np.sum(np.arange(0.0, 1.0, 0.25) * x[1])


def a_list_and_a_number(x: Any) -> Any:
    parts = [x[0], x[1] ** 2]
    parts[:] /= x[3]
    return np.sum(np.array(parts) * x[2])


class _Held:
    """Of a user's own, with an array in it."""

    def __init__(self, array: Any) -> None:
        self.array = array

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self.array


def held_by_an_object(x: Any) -> Any:
    a = np.zeros((2, 2))
    a[0], a[1, 1] = x[:2], x[2]
    return np.linalg.det(_Held(a)) + np.sum(np.hstack([np.ones((2, 1)), _Held(a)]) ** 2)
