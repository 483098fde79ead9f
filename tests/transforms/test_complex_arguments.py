"""Derivatives by complex arguments: of real losses by JAX's convention, of holomorphic functions, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad import CalcgradError, grad, jvp, vjp

Z = np.array([1 + 2j, 0.3 - 0.7j, -1.1 + 0.2j])
W = 1.5 - 0.5j
A = np.array([[2, 1j, 0], [-1j, 3, 1], [0, 1, 4]])

#: Real losses of a complex vector.
LOSSES: list[Callable[[Any], Any]] = [
    lambda z: np.sum(np.abs(z) ** 2),
    lambda z: np.vdot(z, A @ z).real,
    lambda z: np.sum((z * np.conj(z)).real * z.imag),
    np.linalg.norm,
    lambda z: np.abs(z[0] * z[1]) + np.angle(z[2]),
    lambda z: np.sum(z.real),
    lambda z: np.real(np.prod(z)) + np.max(z.imag),
    lambda z: np.sum(np.abs(np.fft.fft(z)) ** 2),
    lambda z: np.sum(np.abs(np.exp(z)) + 1.0),
    lambda z: np.sum(np.linalg.eigvalsh(np.outer(z, np.conj(z)) + A) ** 2),
]
#: Of one complex number.
OF_ONE: list[Callable[[Any], Any]] = [
    abs,
    lambda w: (w * np.conj(w)).real,
    lambda w: np.abs(np.sin(w)),
    lambda w: w.real**2 + 3 * w.imag,
    lambda w: np.abs(w) ** 3,
]
#: Holomorphic functions and their derivatives.
HOLOMORPHIC: list[tuple[Callable[[Any], Any], Callable[[Any], Any]]] = [
    (lambda z: z**3, lambda z: 3 * z**2),
    (np.exp, np.exp),
    (lambda z: 1 / z + np.sin(z) * z, lambda z: -1 / z**2 + np.cos(z) * z + np.sin(z)),
    (lambda z: z**1.5, lambda z: 1.5 * z**0.5),
    (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    (np.arcsinh, lambda z: 1 / np.sqrt(1 + z * z)),
]


def slopes(f: Callable[[Any], Any], z: Any, h: float = 1e-5) -> Any:
    """∂L/∂x - i ∂L/∂y by central differences."""
    found = np.zeros(np.shape(z), complex)
    for place in np.ndindex(np.shape(z)):
        e = np.zeros(np.shape(z), complex)
        e[place] = h
        along = [(f(z + t * e) - f(z - t * e)) / (2 * h) for t in (1, 1j)]
        found[place] = along[0] - 1j * along[1]
    return found


@pytest.mark.parametrize("f", LOSSES)
def test_the_gradient_of_a_real_loss(f: Callable[[Any], Any]) -> None:
    true = slopes(f, Z)
    compiled = grad(f, compile=True)
    for found in (grad(f)(Z), compiled(Z), compiled(Z)):
        assert found.dtype == complex
        np.testing.assert_allclose(found, true, rtol=1e-7, atol=1e-7)
    t = np.array([0.2 + 1j, 1j, -0.3])
    value, tangent = jvp(f, (Z,), (t,))
    assert value == pytest.approx(f(Z), rel=1e-14)
    assert tangent == pytest.approx(np.sum(true * t).real, rel=1e-7)
    g = grad(f)
    along = (g(Z + 1e-5 * t) - g(Z - 1e-5 * t)) / 2e-5
    np.testing.assert_allclose(calcgrad.hvp(f, (Z,), (t,)), along, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("f", OF_ONE)
@pytest.mark.parametrize("w", [W, np.complex128(W)])
def test_the_gradient_by_one_number(f: Callable[[Any], Any], w: Any) -> None:
    assert complex(grad(f)(w)) == pytest.approx(complex(slopes(f, w)), rel=1e-7)
    assert complex(grad(f, compile=True)(w)) == pytest.approx(complex(slopes(f, w)), rel=1e-7)


def test_the_loss_falls_against_the_conjugate() -> None:
    step = Z - 0.1 * np.conj(grad(LOSSES[0])(Z))
    assert LOSSES[0](step) == pytest.approx(0.64 * LOSSES[0](Z))


@pytest.mark.parametrize(("f", "slope"), HOLOMORPHIC)
def test_holomorphic(f: Callable[[Any], Any], slope: Callable[[Any], Any]) -> None:
    first = grad(f, holomorphic=True)
    assert complex(first(W)) == pytest.approx(slope(W), rel=1e-13)
    assert complex(grad(f, holomorphic=True, compile=True)(W)) == pytest.approx(slope(W), rel=1e-13)
    second = (slope(W + 1e-5) - slope(W - 1e-5)) / 2e-5
    assert complex(grad(first, holomorphic=True)(W)) == pytest.approx(second, rel=1e-8)


def test_products_with_a_complex_matrix() -> None:
    _, pull = vjp(lambda z: A @ z, Z)
    np.testing.assert_allclose(pull(np.array([1j, 2.0, 0.0]))[0], A.T @ np.array([1j, 2.0, 0.0]))
    _, tangent = jvp(lambda z: A @ z, (Z,), (1j * Z,))
    np.testing.assert_allclose(tangent, 1j * (A @ Z))


def test_single_precision_stays_single() -> None:
    found = grad(lambda z: np.sum(np.abs(z) ** 2))(Z.astype(np.complex64))
    assert found.dtype == np.complex64
    np.testing.assert_allclose(found, 2 * np.conj(Z), rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "code", "word"),
    [
        (lambda: grad(lambda z: z**2)(W), "E407", "holomorphic"),
        (lambda: grad(abs, holomorphic=True)(W), "E407", "real"),
        (lambda: grad(lambda x: x * 1j, holomorphic=True)(1.0), "E406", "x . 0j"),
        (lambda: calcgrad.jacobian(lambda z: z)(Z), "E406", "holomorphic"),
        (lambda: calcgrad.hessian(LOSSES[0])(Z), "E406", "holomorphic"),
        (lambda: jvp(lambda x: x * 2, (1.0,), (1j,)), "E410", "complex"),
        (lambda: vjp(lambda x: x * 2, 1.0)[1](1j), "E410", "complex"),
        (lambda: grad(lambda z: np.sum(np.floor(z)))(Z), "E461", "numpy.floor"),
    ],
)
def test_what_is_refused(call: Callable[[], Any], code: str, word: str) -> None:
    with pytest.raises(CalcgradError, match=word) as caught:
        call()
    assert caught.value.diagnostic.code == code


WAYS = [calcgrad.jacfwd, calcgrad.jacrev, calcgrad.jacobian]


def _turning(x: Any) -> Any:
    return np.exp(1j * x) * x[0]


def _slopes_of_turning(x: Any) -> Any:
    e = np.exp(1j * x)
    return np.array([[e[0] + 1j * x[0] * e[0], 0], [e[1], 1j * x[0] * e[1]]])


@pytest.mark.parametrize("way", WAYS)
def test_jacobians_of_complex_results(way: Callable[..., Any]) -> None:
    x, z = np.array([0.3, 0.4]), np.array([0.3 + 1j, 0.4 - 0.2j])
    np.testing.assert_allclose(way(_turning)(x), _slopes_of_turning(x), rtol=1e-14)
    np.testing.assert_allclose(way(_turning, holomorphic=True)(z), _slopes_of_turning(z), rtol=1e-14)
    np.testing.assert_allclose(calcgrad.compile(way(_turning))(x), _slopes_of_turning(x), rtol=1e-14)
    both = way(lambda p: {"turned": _turning(p["x"]), "real": p["x"] * p["s"]})({"x": x, "s": 2.0})
    np.testing.assert_allclose(both["turned"]["x"], _slopes_of_turning(x), rtol=1e-14)
    assert both["real"]["x"].dtype == float


@pytest.mark.parametrize("first", WAYS)
@pytest.mark.parametrize("second", WAYS)
def test_second_derivatives_of_complex_results(first: Callable[..., Any], second: Callable[..., Any]) -> None:
    x = np.array([0.3, 0.4])
    e = np.exp(1j * x)
    found = second(first(_turning))(x)
    np.testing.assert_allclose(found[0, 0, 0], 2j * e[0] - x[0] * e[0], rtol=1e-13)
    np.testing.assert_allclose(found[1], [[0, 1j * e[1]], [1j * e[1], -x[0] * e[1]]], atol=1e-14)


@pytest.mark.parametrize("way", [calcgrad.jacrev, calcgrad.jacobian])
def test_rows_of_real_results_are_gradients(way: Callable[..., Any]) -> None:
    found = way(lambda z: np.stack([f(z) for f in LOSSES[:3]]))(Z)
    for row, f in zip(found, LOSSES[:3], strict=True):
        np.testing.assert_allclose(row, slopes(f, Z), rtol=1e-8, atol=1e-8)


def test_the_hessian_of_a_holomorphic_function() -> None:
    z = Z[:2]
    found = calcgrad.hessian(lambda z: z[0] ** 3 * z[1], holomorphic=True)(z)
    true = [[6 * z[0] * z[1], 3 * z[0] ** 2], [3 * z[0] ** 2, 0]]
    np.testing.assert_allclose(found, true, rtol=1e-13)


@pytest.mark.parametrize(
    "call",
    [
        lambda: calcgrad.jacfwd(_turning)(Z),
        lambda: calcgrad.jacrev(_turning)(Z),
        lambda: calcgrad.jacobian(_turning)(Z),
        lambda: calcgrad.jacfwd(np.abs)(Z),
        lambda: calcgrad.hessian(np.linalg.norm)(Z),
        lambda: calcgrad.jacrev(np.abs, holomorphic=True)(Z),
        lambda: calcgrad.jacfwd(_turning, holomorphic=True)(np.ones(2)),
        lambda: calcgrad.jacobian(_turning, sparsity="detect")(np.ones(2)),
    ],
)
def test_jacobians_that_are_refused(call: Callable[[], Any]) -> None:
    with pytest.raises(CalcgradError) as caught:
        call()
    assert caught.value.diagnostic.code == "E406"
    assert caught.value.diagnostic.hints
