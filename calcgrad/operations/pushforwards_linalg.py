"""The pushforwards of factorisations and inverses of matrices, named by :mod:`calcgrad.operations.linear_algebra`.

The formulas are those of Giles, Collected matrix derivative results for forward and reverse mode algorithmic
differentiation (2008), written for stacks of matrices in table operations; where others are used, they are named.
"""

from __future__ import annotations

from typing import Any

from calcgrad.operations.shapes import shape_of
from calcgrad.operations.transposes import Apply
from calcgrad.operations.transposes_products import swapped as mt


def mm(apply: Apply, *factors: Any) -> Any:
    """The product of matrices, from the left."""
    product = factors[0]
    for factor in factors[1:]:
        product = apply("matmul", product, factor)
    return product


def solve_matrix(apply: Apply, y: Any, a: Any, b: Any, d: Any) -> Any:
    """``-a⁻¹ d y``."""
    return apply("neg", apply("solve", a, mm(apply, d, y)))


def inv(apply: Apply, y: Any, a: Any, d: Any) -> Any:
    """``-y d y``."""
    return apply("neg", mm(apply, y, d, y))


def pinv(apply: Apply, y: Any, a: Any, d: Any, rcond: float | None = None) -> Any:
    """Golub and Pereyra, The differentiation of pseudo-inverses and nonlinear least squares problems (1973), eq. 4.12.

    Of a matrix of full rank one of the two projectors is zero; the other is what is left of its term.
    """
    rows, columns = shape_of(a)[-2:]
    first = apply("neg", mm(apply, y, d, y))
    dt, yt = mt(apply, d), mt(apply, y)
    if rows > columns:
        beyond = apply("sub", dt, mm(apply, dt, a, y))
        return apply("add", first, mm(apply, y, yt, beyond))
    if rows < columns:
        beyond = apply("sub", dt, mm(apply, y, a, dt))
        return apply("add", first, mm(apply, beyond, yt, y))
    return first


def det(apply: Apply, y: Any, a: Any, d: Any) -> Any:
    """Jacobi's formula, with cofactors instead of an inverse: right for singular matrices."""
    return apply("sum", apply("mul", apply("cofactor", a), d), params=((-2, -1),))


def cofactor(apply: Apply, y: Any, a: Any, d: Any) -> Any:
    """An operation of its own, since by way of inverses it would need a regular matrix."""
    return apply("cofactor_change", a, d)


def cofactor_change(apply: Apply, y: Any, a: Any, b: Any, d: Any) -> Any:
    """``det(a) (tr(x b) xᵀ - xᵀ bᵀ xᵀ)`` for ``x = a⁻¹``, differentiated: here ``a`` must be regular."""
    x = apply("inv", a)
    dx = apply("neg", mm(apply, x, d, x))
    cofactors, changed = apply("cofactor", a), apply("cofactor_change", a, d)
    bt, xt, dxt = mt(apply, b), mt(apply, x), mt(apply, dx)
    grown = apply("mul", changed, trace(apply, mm(apply, x, b)))
    turned = apply("mul", cofactors, trace(apply, mm(apply, dx, b)))
    folded = apply("add", mm(apply, changed, bt, xt), mm(apply, cofactors, bt, dxt))
    return apply("sub", apply("add", grown, turned), folded)


def trace(apply: Apply, a: Any) -> Any:
    """The sum of the diagonal, its two axes kept."""
    return apply("sum", on_diagonal(apply, a), params=((-2, -1), True))


def on_diagonal(apply: Apply, a: Any) -> Any:
    """The matrix with zeros beside its diagonal."""
    return masked(apply, a, eye(a))


def masked(apply: Apply, a: Any, mask: Any) -> Any:
    """Zeros where the mask is not set."""
    return apply("where", mask, a, 0.0)


def eye(a: Any) -> Any:
    """The diagonal of a square matrix, as a mask."""
    import numpy

    return numpy.eye(shape_of(a)[-1], dtype=bool)


def below(a: Any) -> Any:
    """What is under the diagonal of a square matrix, as a mask."""
    import numpy

    return numpy.tri(shape_of(a)[-1], k=-1, dtype=bool)


def logabsdet(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """``tr(a⁻¹ d)``."""
    return apply("sum", apply("mul", mt(apply, apply("inv", a)), d), params=((-2, -1),))


def from_triangle(apply: Apply, d: Any, triangle: str = "L") -> Any:
    """The symmetric matrix that LAPACK sees: it reads one triangle alone, the lower one unless told otherwise."""
    lower = masked(apply, d if triangle == "L" else mt(apply, d), below(d))
    return apply("add", apply("add", lower, mt(apply, lower)), on_diagonal(apply, d))


def cholesky(apply: Apply, y: Any, a: Any, d: Any) -> Any:
    """``y Φ(y⁻¹ d y⁻ᵀ)``, where Φ takes the lower triangle and half of the diagonal."""
    inner = mt(apply, apply("solve", y, from_triangle(apply, d)))
    inner = mt(apply, apply("solve", y, inner))
    half = apply("mul", on_diagonal(apply, inner), 0.5)
    return mm(apply, y, apply("add", masked(apply, inner, below(inner)), half))


def eigenvalues(apply: Apply, y: Any, a: Any, packed: Any, d: Any, triangle: str = "L") -> Any:
    """The diagonal of ``vᵀ d v``."""
    v = apply("eigenvectors", a, packed, params=(triangle,))
    turned = apply("mul", v, mm(apply, from_triangle(apply, d, triangle), v))
    return apply("sum", turned, params=(-2,))


def eigenvectors(apply: Apply, y: Any, a: Any, packed: Any, d: Any, triangle: str = "L") -> Any:
    """``v (F ∘ vᵀ d v)`` for the inverse gaps F between eigenvalues; an error where there is none."""
    gaps = apply("inverse_gaps", apply("eigenvalues", a, packed, params=(triangle,)))
    turned = mm(apply, mt(apply, y), from_triangle(apply, d, triangle), y)
    return mm(apply, y, apply("mul", gaps, turned))


def inverse_gaps(apply: Apply, y: Any, a: Any, d: Any) -> Any:
    """``-y² (d[j] - d[i])``."""
    shape = shape_of(d)
    across = apply("reshape", d, params=((*shape[:-1], 1, shape[-1]),))
    down = apply("reshape", d, params=((*shape, 1),))
    return apply("mul", apply("neg", apply("mul", y, y)), apply("sub", across, down))


def inverse_values(apply: Apply, y: Any, a: Any, d: Any) -> Any:
    """``-y² d``."""
    return apply("mul", apply("neg", apply("mul", y, y)), d)


def _parts(apply: Apply, a: Any, packed: Any) -> tuple[Any, Any, Any]:
    """The left vectors, the singular values as a row, and the right vectors, both in columns."""
    values = apply("singular_values", a, packed)
    shape = shape_of(values)
    row = apply("reshape", values, params=((*shape[:-1], 1, shape[-1]),))
    u = apply("singular_left", a, packed)
    return u, row, mt(apply, apply("singular_right", a, packed))


def singular_values(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """The diagonal of ``uᵀ d v``."""
    u, v = apply("singular_left", a, packed), mt(apply, apply("singular_right", a, packed))
    return apply("sum", apply("mul", u, mm(apply, d, v)), params=(-2,))


def singular_left(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """Townsend, Differentiating the singular value decomposition (2016), for a matrix of any shape."""
    u, s, v = _parts(apply, a, packed)
    return _vectors(apply, u, s, v, d, apply("singular_values", a, packed))


def singular_right(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """The left vectors of the transposed matrix, transposed."""
    u, s, v = _parts(apply, a, packed)
    turned = _vectors(apply, v, s, u, mt(apply, d), apply("singular_values", a, packed))
    return mt(apply, turned)


def _vectors(apply: Apply, u: Any, s: Any, v: Any, d: Any, values: Any) -> Any:
    """``u (F ∘ (p s + s pᵀ)) + (1 - u uᵀ) d v / s`` for ``p = uᵀ d v``; the last term is of the space beyond ``u``."""
    dv = mm(apply, d, v)
    p = mm(apply, mt(apply, u), dv)
    scaled = apply("mul", p, s)
    gaps = apply("inverse_gaps", apply("mul", values, values))
    inside = mm(apply, u, apply("mul", gaps, apply("add", scaled, mt(apply, scaled))))
    rows, columns = shape_of(u)[-2:]
    if rows == columns:
        return inside
    beyond = apply("sub", dv, mm(apply, u, p))
    inverse = apply("inverse_values", values)
    shape = shape_of(inverse)
    across = apply("reshape", inverse, params=((*shape[:-1], 1, shape[-1]),))
    return apply("add", inside, apply("mul", beyond, across))


def _qr_parts(apply: Apply, a: Any, packed: Any, d: Any) -> tuple[Any, Any, Any, Any, Any]:
    """``q``, ``r``, ``s = d r⁻¹``, ``m = qᵀ s``, and the antisymmetric ``w = q⁻¹ dq`` that has ``m`` below."""
    q, r = apply("qr_q", a, packed), apply("qr_r", a, packed)
    s = mt(apply, apply("solve", mt(apply, r), mt(apply, d)))
    m = mm(apply, mt(apply, q), s)
    lower = masked(apply, m, below(m))
    return q, r, s, m, apply("sub", lower, mt(apply, lower))


def qr_q(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """``q w + (1 - q qᵀ) d r⁻¹``."""
    q, _, s, m, w = _qr_parts(apply, a, packed, d)
    inside = mm(apply, q, w)
    if shape_of(a)[-2] == shape_of(a)[-1]:
        return inside
    return apply("add", inside, apply("sub", s, mm(apply, q, m)))


def qr_r(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """``(m - w) r``."""
    _, r, _, m, w = _qr_parts(apply, a, packed, d)
    return mm(apply, apply("sub", m, w), r)
