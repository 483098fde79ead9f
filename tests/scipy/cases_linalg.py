"""Functions of ``scipy.linalg``, with their options."""

from __future__ import annotations

from math import inf

import numpy as np

from calcgrad.scipy import linalg
from tests.numpy_names.cases_linalg import positive, regular
from tests.numpy_names.measuring import SCIPY, Case, case

S = "scipy.linalg."
#: SciPy's own cholesky and inv take stacks of matrices since 1.16.
STACK = (3, 3) if SCIPY < (1, 16) else (2, 3, 3)
COMPLEX = np.array([[0.0, 1.0, 0.5], [-1.0, 0.3, 0.2], [0.1, -0.4, 0.7]]) * 1j


def _triangles() -> list[Case]:
    return [
        *[
            case(f"{S}cholesky", lambda a, low=low: linalg.cholesky(positive(a), lower=low), (3, 3))
            for low in (False, True)
        ],
        case(f"{S}cholesky", lambda a: linalg.cholesky(positive(a)), STACK),
        case(
            f"{S}cholesky",
            lambda a: linalg.cholesky(positive(a + COMPLEX) * (1 + 0j)),
            (3, 3),
            single=False,
            second=False,
        ),
        case(f"{S}cho_factor", lambda a: linalg.cho_factor(positive(a))[0], (3, 3)),
        case(f"{S}cho_factor", lambda a: linalg.cho_factor(positive(a), lower=True)[0], (3, 3)),
        *[
            case(
                f"{S}cho_solve",
                lambda a, b, low=low: linalg.cho_solve(linalg.cho_factor(positive(a), lower=low), b),
                (3, 3),
                shape,
            )
            for low in (False, True)
            for shape in ((3,), (3, 2))
        ],
        case(
            f"{S}cho_solve",
            lambda b: linalg.cho_solve((np.eye(3) + np.ones((3, 3)), True), b),
            (3,),
            single=False,
        ),
        *[
            case(
                f"{S}solve_triangular",
                lambda a, b, o=options: linalg.solve_triangular(regular(a), b, **o),
                (3, 3),
                shape,
            )
            for shape in ((3,), (3, 2))
            for options in (
                {},
                {"lower": True},
                {"trans": 1},
                {"trans": "T", "lower": True},
                {"trans": 2, "unit_diagonal": True},
            )
        ],
    ]


def _equations() -> list[Case]:
    return [
        case(f"{S}solve", lambda a, b: linalg.solve(regular(a), b), (3, 3), (3,)),
        case(f"{S}solve", lambda a, b: linalg.solve(regular(a), b, transposed=True), (3, 3), (3, 2)),
        *[
            case(
                f"{S}solve",
                lambda a, b, k=kind, low=low: linalg.solve(positive(a), b, assume_a=k, lower=low),
                (3, 3),
                (3,),
            )
            for kind in ("sym", "pos", "her")
            for low in (False, True)
        ],
        case(f"{S}inv", lambda a: linalg.inv(regular(a)), (3, 3)),
        case(f"{S}inv", lambda a: linalg.inv(regular(a)), STACK),
        case(f"{S}det", linalg.det, (3, 3)),
        case(f"{S}det", lambda a: linalg.det(regular(a)), (2, 3, 3)),
        case(f"{S}pinv", lambda a: linalg.pinv(regular(a)), (4, 3)),
        case(f"{S}lstsq", lambda a, b: linalg.lstsq(regular(a), b)[:2], (5, 2), (5,)),
        case(f"{S}lstsq", lambda a, b: linalg.lstsq(regular(a), b)[0], (4, 3), (4, 2)),
        *[
            case(
                f"{S}solve_banded",
                lambda a, b, lu=lu: linalg.solve_banded(
                    lu, a + 4.0 * (np.arange(len(a)) == lu[1])[:, None], b
                ),
                (sum(lu) + 1, 5),
                shape,
            )
            for lu, shape in [((1, 1), (5,)), ((2, 1), (5, 2)), ((0, 1), (5,)), ((0, 0), (5,))]
        ],
        *[
            case(
                f"{S}solveh_banded",
                lambda a, b, low=low: linalg.solveh_banded(
                    a + 6.0 * (np.arange(3) == (0 if low else 2))[:, None], b, lower=low
                ),
                (3, 5),
                shape,
            )
            for low in (False, True)
            for shape in ((5,), (5, 2))
        ],
        case(
            f"{S}solve_sylvester",
            lambda a, b, q: linalg.solve_sylvester(regular(a), regular(b), q),
            (3, 3),
            (2, 2),
            (3, 2),
            single=False,
        ),
        *[
            case(
                f"{S}{name}",
                lambda a, q, name=name: getattr(linalg, name)(regular(a), q),
                (3, 3),
                (3, 3),
                single=False,
            )
            for name in ("solve_continuous_lyapunov", "solve_lyapunov")
        ],
        case(
            f"{S}solve_discrete_lyapunov",
            lambda a, q: linalg.solve_discrete_lyapunov(0.1 * a, q),
            (3, 3),
            (3, 3),
            single=False,
        ),
        case(
            f"{S}solve_toeplitz",
            lambda c, b: linalg.solve_toeplitz(c + 5.0 * (np.arange(4) == 0), b),
            (4,),
            (4,),
            single=False,
        ),
        case(
            f"{S}solve_toeplitz",
            lambda c, r, b: linalg.solve_toeplitz((c + 5.0 * (np.arange(4) == 0), r), b),
            (4,),
            (4,),
            (4, 2),
            single=False,
        ),
    ]


def _factors() -> list[Case]:
    return [
        case(f"{S}lu", lambda a: linalg.lu(a)[1:], (3, 3)),
        case(f"{S}lu", lambda a: linalg.lu(a, permute_l=True), (4, 4)),
        case(f"{S}lu", lambda a: linalg.lu(a, p_indices=True)[1:], (4, 4)),
        case(f"{S}lu_factor", lambda a: linalg.lu_factor(a)[0], (4, 4)),
        *[
            case(
                f"{S}lu_solve",
                lambda a, b, t=t: linalg.lu_solve(linalg.lu_factor(a), b, trans=t),
                (3, 3),
                shape,
            )
            for t in (0, 1, 2)
            for shape in ((3,), (3, 2))
        ],
        case(f"{S}eigvalsh", lambda a: linalg.eigvalsh(positive(a)), (3, 3), single=False),
        case(
            f"{S}eigvalsh",
            lambda a: linalg.eigvalsh(a, lower=False, subset_by_index=[1, 2]),
            (3, 3),
            single=False,
        ),
        case(f"{S}eigvalsh", lambda a, b: linalg.eigvalsh(a, positive(b)), (3, 3), (3, 3), single=False),
        case(f"{S}eigh", lambda a: linalg.eigh(positive(a)), (3, 3), single=False),
        case(
            f"{S}eigh",
            lambda a: linalg.eigh(positive(a), lower=False, subset_by_index=[0, 1]),
            (4, 4),
            single=False,
        ),
        case(f"{S}eigh", lambda a: linalg.eigh(positive(a), eigvals_only=True), (3, 3), single=False),
        case(f"{S}eigh", lambda a, b: linalg.eigh(positive(a), positive(b)), (3, 3), (3, 3), single=False),
        case(f"{S}eigvals", lambda a: linalg.eigvals(regular(a)), (3, 3), single=False),
        case(f"{S}eig", lambda a: linalg.eig(regular(a)), (3, 3), single=False),
        case(f"{S}svd", lambda a: linalg.svd(regular(a)), (3, 3), single=False),
        case(f"{S}svd", lambda a: linalg.svd(regular(a), full_matrices=False), (4, 3), single=False),
        case(f"{S}svd", lambda a: linalg.svd(a, compute_uv=False), (2, 3), single=False),
        case(f"{S}svdvals", lambda a: linalg.svdvals(regular(a)), (4, 3), single=False),
        case(f"{S}qr", lambda a: linalg.qr(regular(a)), (3, 3)),
        case(f"{S}qr", lambda a: linalg.qr(regular(a), mode="economic"), (4, 3)),
        case(f"{S}qr", lambda a: linalg.qr(regular(a), mode="r")[0], (4, 3)),
        case(f"{S}polar", lambda a: linalg.polar(regular(a)), (3, 3), single=False),
        case(f"{S}polar", lambda a: linalg.polar(regular(a), side="left"), (3, 3), single=False),
        case(f"{S}norm", linalg.norm, (4,)),
        *[case(f"{S}norm", lambda a, p=p: linalg.norm(a, p), (3, 2)) for p in ("fro", "nuc", 1, 2, inf)],
        case(f"{S}norm", lambda a: linalg.norm(a, axis=1, keepdims=True), (3, 2)),
    ]


def _functions() -> list[Case]:
    return [
        case(f"{S}expm", linalg.expm, (3, 3), single=False),
        case(f"{S}expm", lambda a: linalg.expm(7.0 * a), (3, 3), single=False, low=-1.0, high=1.0),
        case(f"{S}expm", linalg.expm, (2, 2, 2), single=False),
        case(f"{S}expm", lambda a: linalg.expm(a * 1j), (2, 2), single=False),
        case(f"{S}logm", lambda a: linalg.logm(positive(a)), (3, 3), single=False),
        case(f"{S}logm", lambda a: linalg.logm(np.eye(3) + 0.05 * a), (3, 3), single=False),
        case(f"{S}sqrtm", lambda a: np.real(linalg.sqrtm(regular(a))), (3, 3), single=False),
        *[
            case(f"{S}{name}", getattr(linalg, name), (3, 3), low=-0.5, high=0.5, single=False)
            for name in ("cosm", "sinm", "tanm", "coshm", "sinhm", "tanhm")
        ],
        case(f"{S}expm_frechet", linalg.expm_frechet, (3, 3), (3, 3), single=False),
        case(
            f"{S}expm_frechet",
            lambda a, e: linalg.expm_frechet(a, e, compute_expm=False),
            (2, 2),
            (2, 2),
            single=False,
        ),
    ]


def _built() -> list[Case]:
    return [
        case(f"{S}toeplitz", linalg.toeplitz, (3,)),
        case(f"{S}toeplitz", linalg.toeplitz, (3,), (4,)),
        case(f"{S}toeplitz", lambda c: linalg.toeplitz(c * (1 + 2j)), (3,), single=False),
        case(f"{S}hankel", linalg.hankel, (3,), single=False),
        case(f"{S}hankel", linalg.hankel, (3,), (4,)),
        case(f"{S}circulant", linalg.circulant, (4,)),
        case(f"{S}companion", linalg.companion, (4,), single=False),
        case(f"{S}block_diag", linalg.block_diag, (2, 3), (1, 2), (2,), single=False),
        case(f"{S}khatri_rao", linalg.khatri_rao, (2, 3), (4, 3)),
        *[
            case(
                f"{S}convolution_matrix",
                lambda a, m=m, n=n: linalg.convolution_matrix(a, n, m),
                (k,),
                single=False,
            )
            for m in ("full", "same", "valid")
            for n, k in ((4, 3), (3, 4))
        ],
        case(f"{S}matmul_toeplitz", linalg.matmul_toeplitz, (3,), (3,), single=False),
        case(
            f"{S}matmul_toeplitz",
            lambda c, r, x: linalg.matmul_toeplitz((c, r), x),
            (3,),
            (3,),
            (3, 2),
            single=False,
        ),
    ]


def _all() -> list[Case]:
    return [*_triangles(), *_equations(), *_factors(), *_functions(), *_built()]


CASES: list[Case] = _all()
