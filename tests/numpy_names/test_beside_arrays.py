"""What is written beside arrays: whole-number literals, sparse matrices, vmap and vectorize, and names in messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse
import scipy.special

import calcgrad
from calcgrad import CalcgradError, grad, hessian, jacfwd, jacrev
from tests.numpy_names.measuring import first_difference

X = np.array([1.5, -2.3, 0.7, 0.4])
M = np.array([[1.0, 0.0, 2.0, 0.0], [0.0, 3.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0], [1.0, 0.0, 0.0, 5.0]])

#: Functions of one number with whole-number literals, and where.
LITERALS: list[tuple[Callable[[Any], Any], float]] = [
    (lambda x: np.maximum(x, 0) * 2, -1.0),
    (lambda x: np.maximum(x, 0) * 2, 1.0),
    (lambda x: np.maximum(0, x) * 2, -1.0),
    (lambda x: np.minimum(x, 0) * 2, 1.0),
    (lambda x: np.clip(x, 0, 1) * 3, -1.0),
    (lambda x: np.clip(x, 0, 1) * 3, 0.5),
    (lambda x: np.clip(x, 0, 1) ** 2, 2.0),
    (lambda x: np.where(x > 0, x, 0) * 2, -1.0),
    (lambda x: np.where(x > 0, 0, x) * 2, 1.0),
    (lambda x: np.maximum(0, 1 - x) ** 2, 3.0),
    (lambda x: np.fmax(x, 0) * 2, -1.0),
    (lambda x: np.fmin(x, 0) * x, 1.0),
    (lambda x: max(0.0, 1 - x) * x, 3.0),
    (lambda x: np.maximum(np.maximum(x, 0), 1) * 1, -1.0),
]


@pytest.mark.parametrize(("f", "x"), LITERALS)
def test_whole_number_literals(f: Callable[[Any], Any], x: float) -> None:
    true = (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
    for way in (grad, lambda f: grad(f, compile=True), jacfwd, jacrev):
        assert float(way(f)(x)) == pytest.approx(true, abs=1e-8)
    second = (f(x + 1e-3) - 2 * f(x) + f(x - 1e-3)) / 1e-6
    assert float(hessian(f)(x)) == pytest.approx(second, abs=1e-6)


SPARSE: list[Callable[[Any], Any]] = [
    *[
        lambda x, c=c: c(M) @ x
        for c in (scipy.sparse.csr_matrix, scipy.sparse.coo_matrix, scipy.sparse.csc_array)
    ],
    *[
        lambda x, c=c: x @ c(M)
        for c in (scipy.sparse.csr_matrix, scipy.sparse.lil_matrix, scipy.sparse.csr_array)
    ],
    lambda x: scipy.sparse.csr_matrix(M) * x,
    lambda x: scipy.sparse.csr_array(M).dot(x),
    lambda x: scipy.sparse.csr_matrix(M).T @ (x * x),
    lambda x: np.sin(x).reshape(1, 4) @ scipy.sparse.csr_matrix(M),
    lambda x: scipy.sparse.csr_matrix(M) @ x.reshape(4, 1),
    lambda x: scipy.sparse.csr_matrix(M) @ np.outer(x, x[:2]),
]


@pytest.mark.parametrize("f", SPARSE)
def test_products_with_sparse_matrices(f: Callable[[Any], Any]) -> None:
    u = np.array([0.3, -0.7, 0.5, 1.1])
    (true,) = first_difference(lambda x: [f(x)], [X], [u])
    value, tangent = calcgrad.jvp(f, (X,), (u,))
    np.testing.assert_allclose(value, f(X), rtol=1e-14)
    np.testing.assert_allclose(tangent, true, rtol=1e-9, atol=1e-9)

    def loss(x: Any) -> Any:
        return np.sum(f(x) ** 2)

    h = hessian(loss)(X)
    np.testing.assert_allclose(grad(loss)(X) @ u, np.sum(2 * f(X) * true), rtol=1e-9)
    np.testing.assert_allclose(grad(loss, compile=True)(X), grad(loss)(X), rtol=1e-13)
    (along,) = first_difference(lambda x: [grad(loss)(x)], [X], [u])
    np.testing.assert_allclose(h @ u, along, rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(jacrev(f)(X), jacfwd(f)(X), rtol=1e-13)


def test_vmap() -> None:
    rows = np.arange(6.0).reshape(2, 3)
    f = calcgrad.vmap(lambda x, k: {"s": np.sum(x**2) * k, "x": x * k}, in_axes=(0, None))
    found = f(rows, 2.0)
    np.testing.assert_array_equal(found["s"], 2 * (rows**2).sum(1))
    np.testing.assert_array_equal(found["x"], 2 * rows)
    np.testing.assert_array_equal(calcgrad.vmap(lambda c: c * 1.0, in_axes=1, out_axes=1)(rows), rows)
    per_example = calcgrad.vmap(grad(lambda w, x: np.sum(w * x) ** 2), in_axes=(None, 0))
    w = np.array([1.0, 0.5, -1.0])
    np.testing.assert_allclose(per_example(w, rows), 2 * (rows @ w)[:, None] * rows)
    loss = lambda w: np.sum(calcgrad.vmap(lambda x: np.tanh(x @ w))(rows))  # noqa: E731
    (true,) = first_difference(lambda w: [loss(w)], [w], [w])
    assert grad(loss)(w) @ w == pytest.approx(float(true), rel=1e-8)
    np.testing.assert_allclose(grad(loss, compile=True)(w), grad(loss)(w))
    for wrong in (lambda: f(rows, 2.0, 3.0), lambda: calcgrad.vmap(lambda a, b: a)(rows, np.ones(3))):
        with pytest.raises(CalcgradError, match="E462"):
            wrong()


def branching(a: Any) -> Any:
    return a * a if a > 0 else -a


VECTORIZED: list[Callable[[Any], Any]] = [
    lambda x: calcgrad.vectorize(branching)(x),
    lambda x: calcgrad.vectorize(lambda a, b: a * b)(x.reshape(4, 1), np.arange(3.0)),
    lambda x: calcgrad.vectorize(lambda a: a @ a, signature="(n)->()")(x.reshape(2, 2)),
    lambda x: np.vectorize(branching)(x),
    lambda x: np.vectorize(lambda a, b: a * b)(x, np.arange(4.0)),
    lambda x: np.vectorize(lambda a, k: a**k, excluded={1})(x, 3),
]


@pytest.mark.parametrize("f", VECTORIZED)
def test_vectorize(f: Callable[[Any], Any]) -> None:
    u = np.array([0.3, -0.7, 0.5, 1.1])
    (true,) = first_difference(lambda x: [f(x)], [X], [u])
    np.testing.assert_allclose(calcgrad.jvp(f, (X,), (u,)), (f(X), true), rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(grad(lambda x: np.sum(f(x)))(X) @ u, np.sum(true), rtol=1e-8)


def test_vectorize_gives_what_numpy_gives() -> None:
    for f in (branching, lambda a: 0 if a < 1 else a, lambda a: (a, a > 1)):
        wanted, found = np.vectorize(f)(X), calcgrad.vectorize(f)(X)
        np.testing.assert_array_equal(found, wanted)
        assert np.asarray(found).dtype == np.asarray(wanted).dtype
    np.testing.assert_array_equal(
        calcgrad.vectorize(lambda a: a * 2)(3.0), np.vectorize(lambda a: a * 2)(3.0)
    )


def listed(x: Any) -> Any:
    return np.sum([x[0], x[1] * 2]) * np.mean([v * v for v in x]) + np.max([[x[0], x[1]], [x[2], 0.0]])


def also_listed(x: Any) -> Any:
    return np.dot([x[0], 1.0], [x[1], x[2]]) + np.linalg.norm([x[0], x[3]]) + np.sum(np.exp([x[0], x[1]]))


@pytest.mark.parametrize("f", [listed, also_listed])
def test_lists_of_traced_numbers_are_arrays(f: Callable[[Any], Any]) -> None:
    u = np.array([0.3, -0.7, 0.5, 1.1])
    (true,) = first_difference(lambda x: [f(x)], [X], [u])
    assert grad(f)(X) @ u == pytest.approx(float(true), rel=1e-8)
    assert calcgrad.jvp(f, (X,), (u,))[1] == pytest.approx(float(true), rel=1e-8)


@pytest.mark.parametrize("order", [np.float64(1.5), np.int64(1), 0])
@pytest.mark.parametrize("name", ["iv", "jv", "kv", "yv"])
def test_bessel_functions_of_numpys_numbers(name: str, order: Any) -> None:
    f = getattr(scipy.special, name)
    h = 1e-3
    for x in (1.3, np.float64(1.3)):
        near = [f(order, x + k * h) for k in (-2, -1, 0, 1, 2)]
        second = (-near[0] + 16 * near[1] - 30 * near[2] + 16 * near[3] - near[4]) / (12 * h * h)
        assert float(grad(grad(lambda x: f(order, x)))(x)) == pytest.approx(second, rel=1e-7)


REFUSED: list[tuple[Callable[[Any], Any], str, str]] = [
    (lambda x: scipy.linalg.schur(x.reshape(2, 2)), "scipy.linalg.schur", "numpy.linalg"),
    (lambda x: scipy.linalg.ldl(x.reshape(2, 2)), "scipy.linalg.ldl", "calcgrad.scipy.linalg"),
    (lambda x: scipy.sparse.csr_matrix(M).multiply(x), "scipy.sparse.multiply", "a @ x"),
    (lambda x: scipy.sparse.kron(scipy.sparse.eye(2), x.reshape(2, 2)), "scipy.sparse.kron", "a @ x"),
]


@pytest.mark.parametrize(("f", "name", "fix"), REFUSED, ids=[r[1] for r in REFUSED])
def test_messages_have_the_names_that_people_write(f: Callable[[Any], Any], name: str, fix: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        grad(lambda x: np.sum(f(x)))(X)
    found = caught.value.diagnostic
    assert found.code == "E420"
    assert found.message.startswith(f"{name} has no derivative")
    assert any(fix in hint for hint in found.hints)
