"""Where a derivative is delicate: kinks and ties by convention, zeros, singular and repeated values; never a silent nan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.special import logsumexp, softmax

grad = calcgrad.grad


def gradient(f: Any, *x: Any) -> Any:
    """The gradient of the sum of what ``f`` returns."""
    return grad(lambda *a: np.sum(f(*a)), argnums=tuple(range(len(x))))(*x)[0]


TIES: list[tuple[str, Any, Any, list[float]]] = [
    ("max", np.max, [1.0, 3.0, 3.0], [0.0, 0.5, 0.5]),
    ("min", np.min, [1.0, 1.0, 3.0], [0.5, 0.5, 0.0]),
    ("max of three", np.max, [2.0, 2.0, 2.0], [1 / 3, 1 / 3, 1 / 3]),
    ("maximum", lambda x: np.maximum(x, 1.0), [0.0, 1.0, 2.0], [0.0, 0.5, 1.0]),
    ("clip", lambda x: np.clip(x, 0.0, 2.0), [0.0, 1.0, 2.0, 3.0], [0.5, 1.0, 0.5, 0.0]),
    ("abs", np.abs, [-1.0, 0.0, 2.0], [-1.0, 0.0, 1.0]),
    ("ptp", np.ptp, [1.0, 3.0, 3.0], [-1.0, 0.5, 0.5]),
    ("sort", lambda x: np.sort(x) * np.array([1.0, 2.0, 3.0]), [2.0, 1.0, 2.0], [2.0, 1.0, 3.0]),
    ("median", np.median, [5.0, 1.0, 2.0, 9.0], [0.5, 0.0, 0.5, 0.0]),
    ("infinity norm", lambda x: np.linalg.norm(x, np.inf), [3.0, -3.0], [0.5, -0.5]),
    ("sign", np.sign, [0.0, 1.0], [0.0, 0.0]),
]


@pytest.mark.parametrize(("name", "f", "at", "expected"), TIES, ids=[t[0] for t in TIES])
def test_ties_share_by_convention(name: str, f: Any, at: Any, expected: Any) -> None:
    np.testing.assert_array_equal(gradient(f, np.array(at)), expected)


FINITE: list[tuple[str, Any, Any, Any]] = [
    ("sinc at 0", np.sinc, [0.0, 1.0], [0.0, -1.0]),
    ("norm at 0", np.linalg.norm, [0.0, 0.0], [0.0, 0.0]),
    ("norm of rows, one 0", lambda x: np.linalg.norm(x, axis=1), [[0.0, 0.0], [3.0, 4.0]], [[0.0, 0.0], [0.6, 0.8]]),
    ("norm of order 3 at 0", lambda x: np.linalg.norm(x, 3), [0.0, 0.0], [0.0, 0.0]),
    ("norm of order 3, one 0", lambda x: np.linalg.norm(x, 3), [0.0, 2.0], [0.0, 1.0]),
    ("norm of huge numbers", np.linalg.norm, [3e300, 4e300], [0.6, 0.8]),
    ("std of a constant", np.std, [2.0, 2.0, 2.0], [0.0, 0.0, 0.0]),
    ("std of rows, one constant", lambda x: np.std(x, axis=1), [[1.0, 1.0], [1.0, 3.0]], [[0.0, 0.0], [-0.5, 0.5]]),
    ("nanstd of a constant", np.nanstd, [2.0, np.nan, 2.0], [0.0, 0.0, 0.0]),
    ("prod with one 0", np.prod, [2.0, 0.0, 3.0], [0.0, 6.0, 0.0]),
    ("prod with two 0", np.prod, [0.0, 0.0, 3.0], [0.0, 0.0, 0.0]),
    ("cumprod with a 0", np.cumprod, [2.0, 0.0, 3.0], [1.0, 8.0, 0.0]),
    ("where not taken", lambda x: np.where(x > 0, np.log(np.where(x > 0, x, 1.0)), 0.0), [0.0, 2.0], [0.0, 0.5]),
    ("where not taken, plainly", lambda x: np.where(x > 0, np.sqrt(x), 0.0), [0.0, 4.0], [0.0, 0.25]),
    ("an entry of a root", lambda x: np.sqrt(x)[1:], [0.0, 4.0], [0.0, 0.25]),
    ("places of a root", lambda x: np.sqrt(x)[np.array([1, 1])], [0.0, 4.0], [0.0, 0.5]),
    ("a mask of a root", lambda x: np.sqrt(x)[x > 1], [0.0, 4.0], [0.0, 0.25]),
    ("take of a root", lambda x: np.take(np.sqrt(x), [1]), [0.0, 4.0], [0.0, 0.25]),
    ("upper triangle of a root", lambda x: np.triu(np.sqrt(x)), [[1.0, 4.0], [0.0, 4.0]], [[0.5, 0.25], [0.0, 0.25]]),
    ("nansum", np.nansum, [1.0, np.nan], [1.0, 0.0]),
    ("nanmean", np.nanmean, [1.0, np.nan, 3.0], [0.5, 0.0, 0.5]),
    ("logsumexp of large numbers", logsumexp, [1000.0, 1000.0], [0.5, 0.5]),
    ("logsumexp with -inf", logsumexp, [0.0, -np.inf], [1.0, 0.0]),
    ("logaddexp of equal infinities", lambda x: np.logaddexp(x, -np.inf), [0.0], [1.0]),
    ("softmax of large numbers", lambda x: softmax(x)[0], [800.0, 0.0], [0.0, 0.0]),
    ("x**0 at 0", lambda x: x**0, [0.0, 1.0], [0.0, 0.0]),
    ("x**2 at 0", lambda x: x**2, [0.0, -3.0], [0.0, -6.0]),
    ("hypot at 0", lambda x: np.hypot(x, 0.0), [0.0], [0.0]),
    ("det of a singular matrix", np.linalg.det, [[1.0, 2.0], [2.0, 4.0]], [[4.0, -2.0], [-2.0, 1.0]]),
    ("det of zeros", np.linalg.det, np.zeros((3, 3)).tolist(), np.zeros((3, 3)).tolist()),
    ("det of rank 1", lambda a: np.linalg.det(a) + np.trace(a), np.ones((3, 3)).tolist(), np.eye(3).tolist()),
    ("eigvalsh, equal values", lambda a: np.sum(np.linalg.eigvalsh(a) ** 2), np.eye(2).tolist(), [[2.0, 0.0], [0.0, 2.0]]),
    ("duplicate places add up", lambda x: x[[0, 0, 1]] ** 2, [1.0, 2.0], [4.0, 4.0]),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("name", "f", "at", "expected"), FINITE, ids=[t[0] for t in FINITE])
def test_what_is_finite_is_found(name: str, f: Any, at: Any, expected: Any) -> None:
    at = np.array(at)
    np.testing.assert_allclose(gradient(f, at), expected, rtol=1e-12, atol=1e-12)
    _, pull = calcgrad.vjp(lambda x: np.sum(f(x)), at)
    along = np.cos(np.arange(float(at.size))).reshape(at.shape)
    _, tangent = calcgrad.jvp(lambda x: np.sum(f(x)), (at,), (along,))
    assert tangent == pytest.approx(np.sum(pull(1.0)[0] * along), rel=1e-12, abs=1e-12)


def test_determinants_of_singular_matrices_have_second_derivatives_too() -> None:
    """Of a 2 by 2 determinant ad - bc: constant, whatever the matrix."""
    hessian = calcgrad.hessian(np.linalg.det)(np.zeros((2, 2))).reshape(4, 4)
    np.testing.assert_allclose(
        hessian, [[0, 0, 0, 1], [0, 0, -1, 0], [0, -1, 0, 0], [1, 0, 0, 0]], atol=1e-14
    )


NO_DERIVATIVE: list[tuple[str, str, Any, Any]] = [
    ("eigenvectors of equal values", "E432", lambda a: np.linalg.eigh(a)[1], np.eye(3)),
    ("of values equal but for rounding", "E432", lambda a: np.linalg.eigh(a)[1], np.diag([1.0, 1.0 + 1e-16, 2.0])),
    ("singular vectors of equal values", "E432", lambda a: np.linalg.svd(a)[0], np.eye(2)),
    ("beyond a singular value 0", "E432", lambda a: np.linalg.svd(a, full_matrices=False)[0],
     np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]])),
    ("pinv without full rank", "E431", np.linalg.pinv, np.ones((3, 2))),
    ("lstsq without full rank", "E431", lambda a: np.linalg.lstsq(a, np.ones(3), rcond=None)[0], np.ones((3, 2))),
    ("qr without full rank", "E431", lambda a: np.linalg.qr(a)[0], np.ones((3, 2))),
    ("inv of a singular matrix", "E430", np.linalg.inv, np.zeros((2, 2))),
    ("solve with one", "E430", lambda a: np.linalg.solve(a, np.ones(2)), np.zeros((2, 2))),
    ("cholesky, not positive", "E430", np.linalg.cholesky, -np.eye(2)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "code", "f", "at"), NO_DERIVATIVE, ids=[t[0] for t in NO_DERIVATIVE])
def test_where_there_is_none_an_error_says_so(name: str, code: str, f: Any, at: Any) -> None:
    with pytest.raises(calcgrad.CalcgradError) as caught:
        gradient(f, at)
    assert caught.value.diagnostic.code == code


def test_a_matrix_has_the_derivative_of_the_triangle_that_is_read() -> None:
    """NumPy's eigh and cholesky read the lower triangle: what stands above it changes nothing."""
    a = np.array([[2.0, 0.5], [0.5, 3.0]])
    for f in (lambda x: np.linalg.eigvalsh(x)[0], lambda x: np.linalg.cholesky(x)[1, 1]):
        found = grad(f)(a)
        assert found[0, 1] == 0.0
        assert found[1, 0] != 0.0
