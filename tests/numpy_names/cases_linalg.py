"""Products, equations, factorisations, norms and Fourier transforms."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from tests.numpy_names.measuring import NUMPY_1, Case, case


def regular(a: Any) -> Any:
    """A well-conditioned matrix with no two equal eigenvalues or singular values."""
    n, m = a.shape[-2:]
    return a + np.eye(n, m, dtype=a.dtype) * np.arange(3.0, 3.0 + 2 * m, 2.0).astype(a.dtype)


def positive(a: Any) -> Any:
    """A symmetric positive definite one."""
    b = regular(a)
    return b @ np.swapaxes(b, -1, -2)


PRODUCTS: list[Case] = [
    *[
        case("numpy.matmul", np.matmul, *shapes)
        for shapes in [
            ((3,), (3,)),
            ((2, 3), (3,)),
            ((3,), (3, 2)),
            ((2, 3), (3, 4)),
            ((5, 2, 3), (3, 1)),
            ((2, 0), (0, 3)),
        ]
    ],
    case("numpy.matmul", lambda a, b: a @ b, (2, 3), (3, 2)),
    case("numpy.matmul", lambda a: a @ np.ones((3, 2), a.dtype), (2, 3)),
    *[
        case("numpy.dot", np.dot, *shapes)
        for shapes in [
            ((3,), (3,)),
            ((2, 3), (3,)),
            ((2, 3), (3, 4)),
            ((), (3,)),
            ((2, 2, 3), (2, 3, 2)),
            ((2, 2, 3), (3,)),
        ]
    ],
    case("numpy.dot", lambda a, b: a.dot(b), (2, 3), (3,)),
    case("numpy.vdot", np.vdot, (2, 3), (2, 3)),
    case("numpy.inner", np.inner, (3,), (3,)),
    case("numpy.inner", np.inner, (2, 3), (4, 3)),
    case("numpy.inner", np.inner, (2,), ()),
    case("numpy.outer", np.outer, (2,), (3,)),
    case("numpy.outer", np.outer, (2, 2), (3,)),
    case("numpy.tensordot", np.tensordot, (2, 3, 4), (3, 4, 2)),
    case("numpy.tensordot", lambda a, b: np.tensordot(a, b, axes=0), (2,), (3,)),
    case("numpy.tensordot", lambda a, b: np.tensordot(a, b, axes=([0, 2], [1, 0])), (2, 3, 4), (4, 2, 3)),
    case("numpy.tensordot", lambda a, b: np.tensordot(a, b, axes=(1, -1)), (2, 3), (4, 3)),
    case("numpy.kron", np.kron, (2, 2), (2, 3)),
    case("numpy.kron", np.kron, (2,), (2, 3)),
    case("numpy.cross", np.cross, (3,), (3,)),
    case("numpy.cross", np.cross, (4, 3), (3,)),
    case("numpy.cross", lambda a, b: np.cross(a, b, axis=0), (3, 2), (3, 2)),
    case("numpy.convolve", np.convolve, (5,), (3,)),
    case("numpy.convolve", np.convolve, (2,), (4,)),
    *[case("numpy.convolve", lambda a, v, m=m: np.convolve(a, v, m), (5,), (4,)) for m in ("same", "valid")],
    case("numpy.convolve", lambda a, v: np.convolve(a, v, "same"), (2,), (5,)),
    *[
        case("numpy.correlate", lambda a, v, m=m: np.correlate(a, v, m), (5,), (3,))
        for m in ("full", "same", "valid")
    ],
    *[
        case("numpy.correlate", lambda a, v, m=m: np.correlate(a, v, m), (2,), (4,))
        for m in ("full", "same", "valid")
    ],
    case("numpy.linalg.matrix_power", lambda a: np.linalg.matrix_power(a, 5), (3, 3)),
    case("numpy.linalg.matrix_power", lambda a: np.linalg.matrix_power(regular(a), -2), (2, 2)),
    case("numpy.linalg.matrix_power", lambda a: np.linalg.matrix_power(a, 0) + a, (2, 2)),
    case("numpy.linalg.multi_dot", lambda a, b, c: np.linalg.multi_dot([a, b, c]), (2, 5), (5, 3), (3, 4)),
    case("numpy.linalg.multi_dot", lambda a, b, c: np.linalg.multi_dot([a, b, c]), (5,), (5, 3), (3,)),
]

EINSUM: list[Case] = [
    case("numpy.einsum", lambda *a, p=pattern: np.einsum(p, *a), *shapes)
    for pattern, shapes in [
        ("ij,jk->ik", [(2, 3), (3, 4)]),
        ("ij,jk", [(2, 3), (3, 4)]),
        ("i,i->", [(3,), (3,)]),
        ("i,j->ij", [(3,), (2,)]),
        ("ij,ij->i", [(2, 3), (2, 3)]),
        ("ij,ij->ij", [(2, 3), (2, 3)]),
        ("bij,bjk->bik", [(2, 2, 3), (2, 3, 2)]),
        ("bij,bj->bi", [(2, 2, 3), (2, 3)]),
        ("ii->i", [(3, 3)]),
        ("ii", [(3, 3)]),
        ("ij->ji", [(2, 3)]),
        ("ij->", [(2, 3)]),
        ("ijk->k", [(2, 3, 2)]),
        ("...ij,...jk->...ik", [(2, 2, 3), (2, 3, 2)]),
        ("...ij,jk->...ik", [(2, 2, 3), (3, 2)]),
        ("i...,i->...", [(3, 2), (3,)]),
        ("ij,jk,kl->il", [(2, 3), (3, 4), (4, 2)]),
        ("i,ij,j->", [(2,), (2, 3), (3,)]),
        ("ij,kj,lj->ikl", [(2, 3), (2, 3), (2, 3)]),
        ("iij,j->i", [(2, 2, 3), (3,)]),
        ("ij,k->i", [(2, 3), (4,)]),
        ("ij,ij->i", [(2, 1), (2, 3)]),
        ("bhqd,bhkd->bhqk", [(2, 2, 2, 3), (2, 2, 2, 3)]),
        ("ab,cd,ef,ace->bdf", [(2, 2), (2, 2), (2, 2), (2, 2, 2)]),
    ]
] + [
    case("numpy.einsum", lambda a, b: np.einsum(a, [0, 1], b, [1, 2], [0, 2]), (2, 3), (3, 2)),
    case("numpy.einsum", lambda a: np.einsum("ij,ij->", a, a), (2, 3)),
    case("numpy.einsum", lambda a, b: np.einsum("ij,jk->ik", a, b, optimize=True), (2, 3), (3, 2)),
]

LINALG: list[Case] = [
    case("numpy.linalg.solve", lambda a, b: np.linalg.solve(regular(a), b), (3, 3), (3,)),
    case("numpy.linalg.solve", lambda a, b: np.linalg.solve(regular(a), b), (3, 3), (3, 2)),
    # Before NumPy 2, a right-hand side with one axis fewer was a stack of vectors.
    case(
        "numpy.linalg.solve",
        lambda a, b: np.linalg.solve(regular(a), b),
        (2, 3, 3),
        (2, 3) if NUMPY_1 else (3, 1),
    ),
    case("numpy.linalg.solve", lambda b: np.linalg.solve(np.eye(3) * 2, b), (3,), single=False),
    case("numpy.linalg.inv", lambda a: np.linalg.inv(regular(a)), (3, 3)),
    case("numpy.linalg.inv", lambda a: np.linalg.inv(regular(a)), (2, 2, 2)),
    case("numpy.linalg.pinv", lambda a: np.linalg.pinv(regular(a)), (4, 2)),
    case("numpy.linalg.pinv", lambda a: np.linalg.pinv(regular(a)), (2, 3)),
    case("numpy.linalg.pinv", lambda a: np.linalg.pinv(regular(a), rcond=1e-6), (3, 3)),
    case("numpy.linalg.det", np.linalg.det, (3, 3)),
    case("numpy.linalg.det", np.linalg.det, (2, 3, 3)),
    case("numpy.linalg.det", np.linalg.det, (1, 1)),
    case("numpy.linalg.slogdet", lambda a: np.linalg.slogdet(regular(a)), (3, 3)),
    case("numpy.linalg.slogdet", lambda a: np.linalg.slogdet(regular(a))[1], (2, 3, 3)),
    case("numpy.linalg.slogdet", lambda a: np.linalg.slogdet(regular(a)).logabsdet, (2, 2)),
    case("numpy.linalg.cholesky", lambda a: np.linalg.cholesky(positive(a)), (3, 3)),
    case("numpy.linalg.cholesky", lambda a: np.linalg.cholesky(positive(a)), (2, 2, 2)),
    case("numpy.linalg.cholesky", lambda a: np.linalg.cholesky(a + 5 * np.eye(3, dtype=a.dtype)), (3, 3)),
    case("numpy.linalg.eigh", lambda a: np.linalg.eigh(positive(a)), (3, 3)),
    case("numpy.linalg.eigh", lambda a: np.linalg.eigh(regular(a)), (2, 3, 3)),
    case("numpy.linalg.eigh", lambda a: np.linalg.eigh(regular(a), UPLO="U"), (3, 3)),
    case("numpy.linalg.eigh", lambda a: np.linalg.eigh(regular(a)).eigenvalues, (2, 2)),
    case("numpy.linalg.eigvalsh", lambda a: np.linalg.eigvalsh(regular(a)), (3, 3)),
    case("numpy.linalg.eigvalsh", lambda a: np.linalg.eigvalsh(regular(a), "U"), (3, 3)),
    case("numpy.linalg.svd", lambda a: np.linalg.svd(regular(a)), (3, 3)),
    case("numpy.linalg.svd", lambda a: np.linalg.svd(regular(a), full_matrices=False), (4, 2)),
    case("numpy.linalg.svd", lambda a: np.linalg.svd(regular(a), full_matrices=False), (2, 2, 4)),
    case("numpy.linalg.svd", lambda a: np.linalg.svd(regular(a), compute_uv=False), (3, 2)),
    case("numpy.linalg.qr", lambda a: np.linalg.qr(regular(a)), (3, 3)),
    case("numpy.linalg.qr", lambda a: np.linalg.qr(regular(a)), (4, 2)),
    case("numpy.linalg.qr", lambda a: np.linalg.qr(regular(a)), (2, 4)),
    case("numpy.linalg.qr", lambda a: np.linalg.qr(regular(a)), (2, 3, 2)),
    case("numpy.linalg.qr", lambda a: np.linalg.qr(regular(a), mode="r"), (3, 2)),
    case("numpy.linalg.qr", lambda a: np.linalg.qr(regular(a), mode="r"), (2, 3)),
    case("numpy.linalg.qr", lambda a: np.linalg.qr(regular(a), mode="complete"), (2, 3)),
    case("numpy.linalg.lstsq", lambda a, b: np.linalg.lstsq(regular(a), b, rcond=None), (5, 2), (5,)),
    case("numpy.linalg.lstsq", lambda a, b: np.linalg.lstsq(regular(a), b, rcond=None)[0], (4, 3), (4, 2)),
    case("numpy.linalg.lstsq", lambda a, b: np.linalg.lstsq(regular(a), b, rcond=None)[0], (2, 3), (2,)),
    case("numpy.linalg.cond", lambda a: np.linalg.cond(regular(a)), (3, 3)),
    case("numpy.linalg.cond", lambda a: np.linalg.cond(regular(a), -2), (2, 3, 3)),
    *[
        case("numpy.linalg.cond", lambda a, p=p: np.linalg.cond(regular(a), p), (3, 3))
        for p in ("fro", 1, inf)
    ],
    case("numpy.linalg.tensorinv", lambda a: np.linalg.tensorinv(regular(a).reshape(2, 2, 4)), (4, 4)),
    case("numpy.linalg.tensorinv", lambda a: np.linalg.tensorinv(regular(a).reshape(4, 2, 2), ind=1), (4, 4)),
    case(
        "numpy.linalg.tensorsolve",
        lambda a, b: np.linalg.tensorsolve(regular(a).reshape(2, 2, 4), b),
        (4, 4),
        (2, 2),
    ),
    case(
        "numpy.linalg.tensorsolve",
        lambda a, b: np.linalg.tensorsolve(np.moveaxis(regular(a).reshape(2, 2, 2, 2), 2, 0), b, axes=(0,)),
        (4, 4),
        (2, 2),
    ),
]

NORMS: list[Case] = [
    case("numpy.linalg.norm", np.linalg.norm, (4,)),
    case("numpy.linalg.norm", np.linalg.norm, (2, 3)),
    case("numpy.linalg.norm", lambda x: np.linalg.norm(x, axis=1), (3, 4)),
    case("numpy.linalg.norm", lambda x: np.linalg.norm(x, axis=-1, keepdims=True), (3, 4)),
    *[
        case("numpy.linalg.norm", lambda x, p=p: np.linalg.norm(x, p), (4,))
        for p in (1, 2, 3, 0.5, inf, -inf, -1)
    ],
    *[
        case("numpy.linalg.norm", lambda x, p=p: np.linalg.norm(x, p, axis=0, keepdims=True), (3, 2))
        for p in (1, 3, inf)
    ],
    *[
        case("numpy.linalg.norm", lambda x, p=p: np.linalg.norm(x, p, axis=(0, 1)), (3, 2))
        for p in ("fro", "nuc", 1, -1, 2, -2, inf, -inf)
    ],
    case("numpy.linalg.norm", lambda x: np.linalg.norm(x, "nuc", axis=(2, 0), keepdims=True), (2, 2, 3)),
]
if hasattr(np.linalg, "vector_norm"):  # since NumPy 2.0
    NORMS += [
        case("numpy.linalg.vector_norm", np.linalg.vector_norm, (2, 3)),
        case(
            "numpy.linalg.vector_norm",
            lambda x: np.linalg.vector_norm(x, axis=0, ord=3, keepdims=True),
            (2, 3),
        ),
        case("numpy.linalg.matrix_norm", np.linalg.matrix_norm, (2, 3, 3)),
        case(
            "numpy.linalg.matrix_norm",
            lambda x: np.linalg.matrix_norm(x, ord="nuc", keepdims=True),
            (2, 3, 3),
        ),
        case("numpy.linalg.svdvals", np.linalg.svdvals, (3, 2)),
        case("numpy.linalg.matmul", np.linalg.matmul, (2, 3), (3, 2)),
        case("numpy.linalg.outer", np.linalg.outer, (2,), (3,)),
        case("numpy.linalg.cross", np.linalg.cross, (3,), (3,)),
        case("numpy.linalg.tensordot", np.linalg.tensordot, (2, 3, 4), (3, 4, 2)),
        case("numpy.linalg.vecdot", np.linalg.vecdot, (2, 3), (2, 3)),
        case("numpy.vecdot", np.vecdot, (2, 3), (3,)),
        case("numpy.vecdot", lambda a, b: np.vecdot(a, b, axis=0), (3, 2), (3, 2)),
    ]
if hasattr(np, "matvec"):  # since NumPy 2.2
    NORMS += [
        case("numpy.matvec", np.matvec, (2, 2, 3), (2, 3)),
        case("numpy.vecmat", np.vecmat, (2, 3), (2, 3, 2)),
    ]


def _fourier() -> list[Case]:
    found = []
    for op in ("fft", "ifft", "rfft", "irfft"):
        f: Any = getattr(np.fft, op)
        name = f"numpy.fft.{op}"
        found += [
            case(name, f, (5,)),
            case(name, f, (6,)),
            case(name, lambda x, f=f: f(x, n=4), (6,)),
            case(name, lambda x, f=f: f(x, n=7), (5,)),
            case(name, lambda x, f=f: f(x, axis=0), (4, 3)),
            *[
                case(name, lambda x, f=f, m=m: f(x, norm=m), (5,), single=False)
                for m in ("ortho", "forward", "backward")
            ],
            case(f"{name}2", getattr(np.fft, f"{op}2"), (3, 4)),
            case(f"{name}n", getattr(np.fft, f"{op}n"), (3, 4)),
            case(f"{name}n", lambda x, n=f"{op}n": getattr(np.fft, n)(x, s=(4, 3), axes=(0, 1)), (3, 4)),
        ]
    return [
        *found,
        case("numpy.fft.irfft", lambda x, y: np.fft.irfft(x + 1j * y, n=7), (4,), (4,), single=False),
        case("numpy.fft.irfft", lambda x, y: np.fft.irfft(x + 1j * y, n=6), (4,), (4,), single=False),
        case("numpy.fft.ifft", lambda x, y: np.fft.ifft(np.fft.fft(x) * np.fft.fft(y)).real, (5,), (5,)),
        case("numpy.fft.rfft", lambda x: np.abs(np.fft.rfft(x)) ** 2, (8,)),
        case("numpy.fft.fftshift", np.fft.fftshift, (5,)),
        case("numpy.fft.fftshift", lambda x: np.fft.fftshift(x, axes=1), (2, 5)),
        case("numpy.fft.ifftshift", np.fft.ifftshift, (5,)),
    ]


CASES: list[Case] = [*PRODUCTS, *EINSUM, *LINALG, *NORMS, *_fourier()]
