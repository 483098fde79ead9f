"""The pushforwards of factorisations and inverses of matrices, named by :mod:`calcgrad.operations.linear_algebra`.

The formulas are those of Giles, Collected matrix derivative results for forward and reverse mode algorithmic
differentiation (2008), written for stacks of matrices in table operations; where others are used, they are named.

Of complex matrices, ᵀ is the transpose where the function is holomorphic (inverses, solutions, determinants), and ᴴ, its
conjugate, where it is not: factorisations into unitary matrices, whose vectors have phases, which are those that LAPACK chooses
(see :func:`turning`).
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


def is_complex(a: Any) -> bool:
    """Whether a matrix, or the tangent of one, is complex."""
    return getattr(getattr(a, "dtype", None), "kind", "f") == "c"


def conj(apply: Apply, a: Any) -> Any:
    """The conjugate of what is complex."""
    return apply("conj", a) if is_complex(a) else a


def ct(apply: Apply, a: Any) -> Any:
    """The conjugate transpose."""
    return conj(apply, mt(apply, a))


def real(apply: Apply, a: Any) -> Any:
    """The real part of what may be complex."""
    return apply("real", a) if is_complex(a) else a


def imag(apply: Apply, a: Any) -> Any:
    """The imaginary part of what is complex."""
    return apply("real", apply("mul", a, -1j))


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
    dt, yt = ct(apply, d), ct(apply, y)
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
    """``Re tr(a⁻¹ d)``."""
    return real(apply, _relative(apply, a, d))


def det_phase(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """``i y Im tr(a⁻¹ d)``: the unit number turns."""
    return apply("mul", apply("mul", y, 1j), imag(apply, _relative(apply, a, d)))


def _relative(apply: Apply, a: Any, d: Any) -> Any:
    return apply("sum", apply("mul", mt(apply, apply("inv", a)), d), params=((-2, -1),))


def from_triangle(apply: Apply, d: Any, triangle: str = "L") -> Any:
    """The symmetric (Hermitian) matrix that LAPACK sees: it reads one triangle, and of a diagonal the real part."""
    lower = masked(apply, d if triangle == "L" else ct(apply, d), below(d))
    return apply("add", apply("add", lower, ct(apply, lower)), on_diagonal(apply, real(apply, d)))


def cholesky(apply: Apply, y: Any, a: Any, d: Any) -> Any:
    """``y Φ(y⁻¹ d y⁻ᴴ)``, where Φ takes the lower triangle and half of the diagonal."""
    inner = ct(apply, apply("solve", y, from_triangle(apply, d)))
    inner = ct(apply, apply("solve", y, inner))
    half = apply("mul", on_diagonal(apply, inner), 0.5)
    return mm(apply, y, apply("add", masked(apply, inner, below(inner)), half))


def eigenvalues(apply: Apply, y: Any, a: Any, packed: Any, d: Any, triangle: str = "L") -> Any:
    """The diagonal of ``vᴴ d v``."""
    v = apply("eigenvectors", a, packed, params=(triangle,))
    turned = apply("mul", conj(apply, v), mm(apply, from_triangle(apply, d, triangle), v))
    return real(apply, apply("sum", turned, params=(-2,)))


def eigenvectors(apply: Apply, y: Any, a: Any, packed: Any, d: Any, triangle: str = "L") -> Any:
    """``v (F ∘ vᴴ d v)`` for the inverse gaps F between eigenvalues; an error where there is none."""
    gaps = apply("inverse_gaps", apply("eigenvalues", a, packed, params=(triangle,)))
    turned = mm(apply, ct(apply, y), from_triangle(apply, d, triangle), y)
    change = mm(apply, y, apply("mul", gaps, turned))
    if not is_complex(y):
        return change
    return apply("add", change, turning(apply, y, y, change, 0 if triangle == "L" else -1))


def any_eigenvalues(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """The diagonal of ``v⁻¹ d v``; an error where two are equal, which vectors then do not tell apart."""
    v = apply("any_eigenvectors", a, packed)
    apply("inverse_gaps", y)
    return apply("sum", on_diagonal(apply, apply("solve", v, mm(apply, d, v))), params=(-2,))


def any_eigenvectors(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """``v (F ∘ v⁻¹ d v)`` for the inverse gaps F, and what keeps each vector's length 1 and its largest entry real."""
    gaps = apply("inverse_gaps", apply("any_eigenvalues", a, packed))
    change = mm(apply, y, apply("mul", gaps, apply("solve", y, mm(apply, d, y))))
    along = apply("sum", apply("mul", conj(apply, y), change), params=(-2, True))
    change = apply("sub", change, apply("mul", y, real(apply, along)))
    parts = [apply("square", part(apply, y)) for part in (real, imag)]
    place = apply("decided", apply("add", *parts), params=("argmax", (("axis", -2), ("keepdims", True))))
    depth = len(shape_of(y)) - 2
    entry, moved = [apply("take_along", x, place, params=(depth,)) for x in (y, change)]
    turn = apply("div", imag(apply, moved), real(apply, entry))
    return apply("sub", change, apply("mul", apply("mul", y, turn), 1j))


def inverse_gaps(apply: Apply, y: Any, a: Any, d: Any) -> Any:
    """``-y² (d[j] - d[i])``."""
    shape = shape_of(d)
    across = apply("reshape", d, params=((*shape[:-1], 1, shape[-1]),))
    down = apply("reshape", d, params=((*shape, 1),))
    return apply("mul", apply("neg", apply("mul", y, y)), apply("sub", across, down))


def inverse_values(apply: Apply, y: Any, a: Any, d: Any) -> Any:
    """``-y² d``."""
    return apply("mul", apply("neg", apply("mul", y, y)), d)


def turning(apply: Apply, turned: Any, vectors: Any, change: Any, row: int) -> Any:
    """What is added to the change of ``turned`` vectors, so that a row of ``vectors`` that is real stays so.

    Vectors of complex matrices are known up to a phase each. LAPACK reduces a matrix to a real one first, by reflections that
    leave the first row (the last, of an upper triangle) in place, so that this row of the vectors is real
    (Anderson et al., LAPACK users' guide, 1999, sections 2.4.4 to 2.4.6). Where a vector has no such entry, its phase stands still.
    """
    entry = apply("getitem", vectors, params=(..., slice(row, row + 1 or None), slice(None)))
    moved = apply("getitem", change, params=(..., slice(row, row + 1 or None), slice(None)))
    size = real(apply, entry)
    fixed = apply("logical_and", apply("not_equal", size, 0.0), apply("equal", imag(apply, entry), 0.0))
    slope = apply("div", imag(apply, moved), apply("where", fixed, size, 1.0))
    angle = apply("where", fixed, slope, 0.0)
    return apply("mul", turned, apply("mul", angle, -1j))


def _parts(apply: Apply, a: Any, packed: Any) -> tuple[Any, Any, Any]:
    """The left vectors, the singular values as a row, and the right vectors, both in columns."""
    values = apply("singular_values", a, packed)
    shape = shape_of(values)
    row = apply("reshape", values, params=((*shape[:-1], 1, shape[-1]),))
    u = apply("singular_left", a, packed)
    return u, row, ct(apply, apply("singular_right", a, packed))


def singular_values(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """The diagonal of ``uᴴ d v``."""
    u, v = apply("singular_left", a, packed), ct(apply, apply("singular_right", a, packed))
    return real(apply, apply("sum", apply("mul", conj(apply, u), mm(apply, d, v)), params=(-2,)))


def singular_left(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """Townsend, Differentiating the singular value decomposition (2016), for a matrix of any shape."""
    return _singular_vectors(apply, a, packed, d, left=True)


def singular_right(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """The left vectors of the transposed matrix, transposed."""
    return ct(apply, _singular_vectors(apply, a, packed, d, left=False))


def _singular_vectors(apply: Apply, a: Any, packed: Any, d: Any, left: bool) -> Any:
    """The change of the vectors of one side, in columns; of a high complex matrix the right ones have a real first row."""
    u, s, v = _parts(apply, a, packed)
    values = apply("singular_values", a, packed)
    of_left = (u, s, v, d, values)
    of_right = (v, s, u, ct(apply, d), values)
    change = _vectors(apply, *(of_left if left else of_right))
    if not is_complex(a):
        return change
    right_is_real = shape_of(a)[-2] >= shape_of(a)[-1]
    other = change if left is not right_is_real else _vectors(apply, *(of_right if left else of_left))
    return apply("add", change, turning(apply, u if left else v, v if right_is_real else u, other, 0))


def _vectors(apply: Apply, u: Any, s: Any, v: Any, d: Any, values: Any) -> Any:
    """``u (F ∘ (p s + s pᴴ)) + (1 - u uᴴ) d v / s`` for ``p = uᴴ d v``; the last term is of the space beyond ``u``.

    Of a complex matrix, half of what turns ``p`` on its diagonal turns ``u``, and half ``v``.
    """
    dv = mm(apply, d, v)
    p = mm(apply, ct(apply, u), dv)
    scaled = apply("mul", p, s)
    gaps = apply("inverse_gaps", apply("mul", values, values))
    change = apply("mul", gaps, apply("add", scaled, ct(apply, scaled)))
    rows, columns = shape_of(u)[-2:]
    if rows == columns and not is_complex(u):
        return mm(apply, u, change)
    inverse = apply("inverse_values", values)
    shape = shape_of(inverse)
    across = apply("reshape", inverse, params=((*shape[:-1], 1, shape[-1]),))
    if is_complex(u):
        turned = on_diagonal(apply, imag(apply, p))
        change = apply("add", change, apply("mul", apply("mul", turned, across), 0.5j))
    inside = mm(apply, u, change)
    if rows == columns:
        return inside
    beyond = apply("sub", dv, mm(apply, u, p))
    return apply("add", inside, apply("mul", beyond, across))


def _qr_parts(apply: Apply, a: Any, packed: Any, d: Any) -> tuple[Any, Any, Any, Any, Any]:
    """``q``, ``r``, ``s = d r⁻¹``, ``m = qᴴ s``, and the antihermitian ``w = q⁻¹ dq`` that has ``m`` below.

    The diagonal of ``r`` is real, so that of ``w`` turns as that of ``m`` does.
    """
    q, r = apply("qr_q", a, packed), apply("qr_r", a, packed)
    s = mt(apply, apply("solve", mt(apply, r), mt(apply, d)))
    m = mm(apply, ct(apply, q), s)
    lower = masked(apply, m, below(m))
    w = apply("sub", lower, ct(apply, lower))
    if is_complex(m):
        w = apply("add", w, apply("mul", on_diagonal(apply, imag(apply, m)), 1j))
    return q, r, s, m, w


def qr_q(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """``q w + (1 - q qᴴ) d r⁻¹``."""
    q, _, s, m, w = _qr_parts(apply, a, packed, d)
    inside = mm(apply, q, w)
    if shape_of(a)[-2] == shape_of(a)[-1]:
        return inside
    return apply("add", inside, apply("sub", s, mm(apply, q, m)))


def qr_r(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """``(m - w) r``."""
    _, r, _, m, w = _qr_parts(apply, a, packed, d)
    return mm(apply, apply("sub", m, w), r)
