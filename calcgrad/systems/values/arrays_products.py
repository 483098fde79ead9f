"""Products, factorisations and Fourier transforms of NumPy arrays, by NumPy."""

from __future__ import annotations

from typing import Any

import numpy

from calcgrad.errors import UndefinedError
from calcgrad.operations.shape_rules import part_shape
from calcgrad.systems.values.arrays_linear import plain

__all__ = [
    "any_eigenvalues",
    "any_eigenvectors",
    "as_complex",
    "cholesky",
    "cofactor",
    "cofactor_change",
    "conj",
    "convolve",
    "det",
    "det_phase",
    "eig",
    "eigenvalues",
    "eigenvectors",
    "eigh",
    "einsum",
    "fft",
    "ifft",
    "inv",
    "inverse_gaps",
    "inverse_values",
    "irfft",
    "logabsdet",
    "pinv",
    "qr",
    "qr_q",
    "qr_r",
    "real",
    "rfft",
    "singular_left",
    "singular_right",
    "singular_values",
    "slogdet",
    "solve",
    "svd",
]

#: Above this condition number the cofactors are taken from singular values, not from the inverse.
ILL_CONDITIONED = 1e6


def convolve(a: Any, b: Any, mode: str = "full") -> Any:
    return numpy.convolve(a, b, mode)  # type: ignore[call-overload]


def einsum(a: Any, b: Any, pattern: str) -> Any:
    return plain(numpy.einsum(pattern, a, b))


def _regular(function: Any, *args: Any) -> Any:
    """What LAPACK says; a matrix that it refuses is an error with a name."""
    try:
        return function(*args)
    except numpy.linalg.LinAlgError as error:
        raise UndefinedError.of("E430", f"numpy.linalg.{function.__name__}: {error}") from None


def solve(a: Any, b: Any) -> Any:
    """``b`` is a matrix, or a stack of them: one axis fewer than ``a`` made it a vector before NumPy 2."""
    a, b = numpy.asarray(a), numpy.asarray(b)
    return _regular(numpy.linalg.solve, a, b[(None,) * (a.ndim - b.ndim)] if b.ndim < a.ndim else b)


def inv(a: Any) -> Any:
    return _regular(numpy.linalg.inv, a)


def pinv(a: Any, rcond: float | None = None) -> Any:
    """The inverse of a matrix of full rank. Raises ``UndefinedError`` (E431) for another: the inverse jumps there."""
    s = numpy.linalg.svd(a, compute_uv=False)
    least = _eps(s) * max(numpy.shape(a)[-2:]) if rcond is None else rcond
    if s.size and (s[..., -1] <= least * s[..., 0]).any():
        raise UndefinedError.of(
            "E431",
            "the pseudo-inverse of a matrix without full rank has no derivative: it jumps when the rank changes",
            hints=("solve (aᵀa + εI) x = aᵀb with a small ε for a regularised inverse",),
        )
    return numpy.linalg.pinv(a) if rcond is None else numpy.linalg.pinv(a, rcond)


def _eps(a: Any) -> float:
    dtype = numpy.asarray(a).dtype
    return float(numpy.finfo(dtype).eps)


def det(a: Any) -> Any:
    return plain(numpy.linalg.det(a))


def cofactor(a: Any) -> Any:
    """``det(a) a⁻ᵀ``; of an ill-conditioned matrix by its singular values, each left out once from their product."""
    a = numpy.asarray(a)
    if not a.size:
        return a
    if _well_conditioned(a):
        return numpy.linalg.det(a)[..., None, None] * numpy.swapaxes(numpy.linalg.inv(a), -1, -2)
    u, s, v = numpy.linalg.svd(a)
    others = _products_without(s, 1)
    sign = numpy.linalg.det(u) * numpy.linalg.det(v)
    return sign[..., None, None] * ((u.conj() * others[..., None, :]) @ v.conj())


def _well_conditioned(a: Any) -> bool:
    # The inverse of what is badly scaled costs no digits of the cofactors, but tells nothing either.
    return bool((numpy.linalg.cond(a) < ILL_CONDITIONED).all())


def _products_without(s: Any, left_out: int) -> Any:
    """The products of all entries but one (or, with an axis more, but two)."""
    n = s.shape[-1]
    keep = ~numpy.eye(n, dtype=bool)
    if left_out == 2:
        keep = keep[:, None, :] & keep[None, :, :]
    spread = s[(..., *[None] * left_out, slice(None))]
    return numpy.prod(numpy.where(keep, spread, 1.0), axis=-1, dtype=s.dtype)


def cofactor_change(a: Any, b: Any) -> Any:
    """Between the singular vectors of ``a``, where it is a diagonal matrix, no minor needs a division."""
    a, b = numpy.asarray(a), numpy.asarray(b)
    if not a.size or a.shape[-1] == 1:
        return numpy.zeros_like(b)
    u, s, v = numpy.linalg.svd(a)
    sign = numpy.linalg.det(u) * numpy.linalg.det(v)
    turned = numpy.swapaxes(u, -1, -2).conj() @ b @ numpy.swapaxes(v, -1, -2).conj()
    minors = _products_without(s, 2)
    off = ~numpy.eye(s.shape[-1], dtype=bool)
    diagonal = numpy.diagonal(turned, axis1=-2, axis2=-1)
    own = (numpy.where(off, minors, 0.0) * diagonal[..., None, :]).sum(-1)
    inner = numpy.where(off, -minors * numpy.swapaxes(turned, -1, -2), own[..., None, :])
    return sign[..., None, None] * (u.conj() @ inner @ v.conj())


def slogdet(a: Any) -> Any:
    return numpy.stack(numpy.linalg.slogdet(a), axis=-1)


def logabsdet(a: Any, packed: Any) -> Any:
    return plain(packed[..., 1].real.copy())


def det_phase(a: Any, packed: Any) -> Any:
    return packed[..., 0].copy()[()]


def cholesky(a: Any) -> Any:
    return _regular(numpy.linalg.cholesky, a)


def _pack(a: Any, parts: Any) -> Any:
    stack = numpy.shape(a)[:-2]
    return numpy.concatenate([p.reshape(*stack, -1) for p in parts], axis=-1)


def _part(a: Any, packed: Any, before: tuple[str, ...], name: str) -> Any:
    shape = numpy.shape(a)
    stack = len(shape) - 2

    def size(part: str) -> int:
        return int(numpy.prod(part_shape(part, shape)[stack:]))

    start = sum(map(size, before))
    # A copy, so that nobody who writes over a part writes over the others.
    return packed[..., start : start + size(name)].copy().reshape(part_shape(name, shape))


def eigh(a: Any, triangle: str = "L") -> Any:
    return _pack(a, _regular(numpy.linalg.eigh, a, triangle))


def eigenvalues(a: Any, packed: Any, triangle: str = "L") -> Any:
    return _part(a, packed, (), "eigenvalues").real


def eigenvectors(a: Any, packed: Any, triangle: str = "L") -> Any:
    return _part(a, packed, ("eigenvalues",), "eigenvectors")


def eig(a: Any) -> Any:
    parts = _regular(numpy.linalg.eig, a)
    return _pack(a, [part.astype(numpy.result_type(part, numpy.complex64), copy=False) for part in parts])


def any_eigenvalues(a: Any, packed: Any) -> Any:
    return _part(a, packed, (), "any_eigenvalues")


def any_eigenvectors(a: Any, packed: Any) -> Any:
    return _part(a, packed, ("any_eigenvalues",), "any_eigenvectors")


def svd(a: Any) -> Any:
    return _pack(a, _regular(numpy.linalg.svd, a, False))


def singular_left(a: Any, packed: Any) -> Any:
    return _part(a, packed, (), "singular_left")


def singular_values(a: Any, packed: Any) -> Any:
    return _part(a, packed, ("singular_left",), "singular_values").real


def singular_right(a: Any, packed: Any) -> Any:
    return _part(a, packed, ("singular_left", "singular_values"), "singular_right")


def qr(a: Any) -> Any:
    """Of a matrix with at least as many rows as columns. Raises ``UndefinedError`` (E431) below full rank."""
    q, r = numpy.linalg.qr(a)
    sizes = numpy.abs(numpy.diagonal(r, axis1=-2, axis2=-1))
    if sizes.size and (sizes <= _eps(r) * max(numpy.shape(a)[-2:]) * sizes.max(-1, keepdims=True)).any():
        raise UndefinedError.of(
            "E431", "the factors q, r of a matrix whose columns depend on each other have no derivative"
        )
    return _pack(a, (q, r))


def qr_q(a: Any, packed: Any) -> Any:
    return _part(a, packed, (), "qr_q")


def qr_r(a: Any, packed: Any) -> Any:
    return _part(a, packed, ("qr_q",), "qr_r")


def inverse_gaps(a: Any) -> Any:
    """Raises ``UndefinedError`` (E432) where two entries are equal up to rounding."""
    a = numpy.asarray(a)
    gaps = a[..., None, :] - a[..., :, None]
    diagonal = numpy.eye(a.shape[-1], dtype=bool)
    scale = numpy.max(numpy.abs(a), axis=-1, initial=0.0)[..., None, None] * _eps(a) * a.shape[-1]
    if ((numpy.abs(gaps) <= scale) & ~diagonal).any():
        raise UndefinedError.of(
            "E432",
            "vectors of equal eigenvalues or singular values have no derivative",
            hints=(
                "the values alone have one (eigvalsh, svd with compute_uv=False)",
                "write a function of the whole matrix by products, solve or inv, without its eigenvectors",
            ),
        )
    return numpy.where(diagonal, 0.0, 1 / numpy.where(diagonal, 1.0, gaps)).astype(a.dtype)


def inverse_values(a: Any) -> Any:
    """Raises ``UndefinedError`` (E432) where an entry is zero beside the others, up to rounding."""
    a = numpy.asarray(a)
    sizes = numpy.abs(a)
    if a.size and (sizes <= sizes.max(-1, keepdims=True) * _eps(a) * a.shape[-1]).any():
        raise UndefinedError.of("E432", "the singular vectors of a singular value 0 have no derivative")
    return 1 / a


def conj(a: Any) -> Any:
    return numpy.conj(a)


def real(a: Any) -> Any:
    return plain(numpy.array(numpy.real(a)))


def as_complex(a: Any) -> Any:
    a = numpy.asarray(a)
    return a.astype(numpy.result_type(a.dtype, numpy.complex64))[()]


def fft(a: Any, axis: int) -> Any:
    return numpy.fft.fft(a, axis=axis)


def ifft(a: Any, axis: int) -> Any:
    return numpy.fft.ifft(a, axis=axis)


def rfft(a: Any, axis: int) -> Any:
    return numpy.fft.rfft(a, axis=axis)


def irfft(a: Any, axis: int, length: int) -> Any:
    return numpy.fft.irfft(a, length, axis)
