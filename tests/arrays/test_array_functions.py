"""Functions of arrays given as text: gradients and Hessians that are known, edges, zeros by structure."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.jets import taylor
from calcgrad.autodiff.recorder import Recorder
from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.tape import run
from calcgrad.systems.base import system
from tests.arrays.cases import AD, derivative, function, value

X = [0.5, -1.5, 2.0]
A = [[1.0, 2.0, 0.5], [3.0, -4.0, 1.0], [0.25, 7.0, 2.0]]

DIFFERENTIATED = [
    "sum(x^2)",
    "prod(x)",
    "prod(sin(x)*y)",
    "max(x*y)",
    "min(exp(x))",
    "norm(x)/y",
    "logsumexp(y*x)",
    "softmax(x*y)",
    "mean(x)^3",
    "var(x*y)",
    "std(sin(x) + y)",
    "dot(x, cos(x)*y)",
    "x[0]*x[1:] + y",
    "x[::-1]*x",
    "[x[0]*y, sin(x[1]), x[2]^2]",
    "[x, y*x]",
    "sum([x[0], y, x[0]*y])",
    "where(x > y, x^2, sin(y*x))",
    "sum(where(x > 0, x, -x))*y",
    "max(x, y)",
    "abs(x)",
    "max(x[0], y, x[2])",
    "[[x[0], y], [y, x[1]]] @ [x[2], y^2]",
    "size(x)*y",
    "transpose([x, x*y]) @ [1, y]",
    "y if sum(x) > 0 else x[0]",
    "sum(log(y))*norm(x)",
]


@pytest.mark.parametrize("text", DIFFERENTIATED)
class TestAgreement:
    def test_forward_is_reverse_is_the_difference(self, text: str) -> None:
        expected = derivative("central-difference", text, x=X, y=0.7)
        for name in AD:
            np.testing.assert_allclose(derivative(name, text, x=X, y=0.7), expected, rtol=1e-8, atol=1e-8)

    def test_second_order_too(self, text: str) -> None:
        forward, reverse = (derivative(name, text, 2, x=X, y=0.7) for name in AD)
        np.testing.assert_allclose(forward, reverse, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(forward, np.swapaxes(forward, 1, 2), rtol=1e-12, atol=1e-14)
        expected = derivative("central-difference", text, 2, x=X, y=0.7)
        np.testing.assert_allclose(forward, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", AD)
class TestKnown:
    def test_quadratic_form(self, name: str) -> None:
        a, x = np.array(A), np.array(X)
        text = "x @ (A @ x)"
        gradient = derivative(name, text, x=X, A=A)[0]
        np.testing.assert_allclose(gradient[:3], (a + a.T) @ x, rtol=1e-15)
        np.testing.assert_allclose(gradient[3:], np.outer(x, x).ravel(), rtol=1e-15)
        hessian = derivative(name, text, 2, x=X, A=A)[0]
        np.testing.assert_allclose(hessian[:3, :3], a + a.T, rtol=1e-15)
        np.testing.assert_array_equal(hessian[3:, 3:], 0)

    def test_norm(self, name: str) -> None:
        x = np.array(X)
        length = np.sqrt(x @ x)
        np.testing.assert_allclose(derivative(name, "norm(x)", x=X)[0], x / length, rtol=1e-15)
        expected = (np.eye(3) - np.outer(x, x) / length**2) / length
        np.testing.assert_allclose(derivative(name, "norm(x)", 2, x=X)[0], expected, rtol=1e-13, atol=1e-16)

    def test_logsumexp(self, name: str) -> None:
        p = np.exp(X) / np.exp(X).sum()
        np.testing.assert_allclose(derivative(name, "logsumexp(x)", x=X)[0], p, rtol=1e-15)
        expected = np.diag(p) - np.outer(p, p)
        np.testing.assert_allclose(derivative(name, "logsumexp(x)", 2, x=X)[0], expected, rtol=1e-14)
        np.testing.assert_allclose(derivative(name, "softmax(x)", x=X), expected, rtol=1e-14)

    def test_product_of_any_order(self, name: str) -> None:
        third = derivative(name, "prod(x)", 3, x=[2.0, 3.0, 5.0, 7.0])[0]
        assert third[0, 1, 2] == third[2, 0, 1] == 7.0
        assert third[0, 0, 1] == 0.0

    @pytest.mark.parametrize(
        ("x", "expected"),
        [([2.0, 0.0, 5.0], [0, 10, 0]), ([0.0, 0.0, 5.0], [0, 0, 0]), ([0.0, 3.0], [3, 0])],
    )
    def test_product_with_zeros(self, name: str, x: list[float], expected: list[float]) -> None:
        np.testing.assert_array_equal(derivative(name, "prod(x)", x=x)[0], expected)

    def test_second_order_of_a_product_with_zeros(self, name: str) -> None:
        hessian = derivative(name, "prod(x)", 2, x=[0.0, 0.0, 5.0])[0]
        np.testing.assert_array_equal(hessian, [[0, 5, 0], [5, 0, 0], [0, 0, 0]])

    def test_ties_share(self, name: str) -> None:
        np.testing.assert_array_equal(derivative(name, "max(x)", x=[3.0, 1.0, 3.0])[0], [0.5, 0, 0.5])
        np.testing.assert_array_equal(derivative(name, "min(x)", x=[2.0, 2.0, 2.0])[0], [1 / 3] * 3)

    @pytest.mark.parametrize("text", ["norm(x)", "std(x)"])
    def test_kink_by_convention(self, name: str, text: str) -> None:
        at = [0.0, 0.0] if text == "norm(x)" else [4.0, 4.0]
        assert value(text, x=at) == [0.0]
        np.testing.assert_array_equal(derivative(name, text, x=at)[0], [0, 0])

    def test_an_entry_read_twice_gets_both(self, name: str) -> None:
        np.testing.assert_array_equal(
            derivative(name, "x[0] + 2*x[0]*x[1] + x[-2]", x=[3.0, 5.0])[0], [12, 6]
        )

    def test_single_entry_and_nothing_at_all(self, name: str) -> None:
        assert derivative(name, "softmax(x)", x=[3.0]).tolist() == [[0.0]]
        assert derivative(name, "var(x)", x=[3.0]).tolist() == [[0.0]]
        assert derivative(name, "sum(x[2:]) + x[0]", x=[3.0, 4.0]).tolist() == [[1.0, 0.0]]

    def test_numbers_count_as_arrays_without_axes(self, name: str) -> None:
        assert derivative(name, "sum(x) + prod(x) + max(x) + norm(x) + logsumexp(x)", x=3.0).tolist() == [
            [5.0]
        ]


#: Function, point, gradient: the entry that is not finite, or the untaken branch, leaves the others alone.
UNPOISONED = [
    ("sum(sqrt(x))", [0.0, 4.0], [math.inf, 0.25]),
    ("sum(where(x > 0, log(x), 0))", [0.0, 2.0], [0.0, 0.5]),
    ("sum(where(x > 0, log(x), 0))", [-1.0, 2.0], [0.0, 0.5]),
    ("sum(where(x > 0, sqrt(x), x))", [0.0, 4.0], [1.0, 0.25]),
    ("sum(where(x > 0, x*exp(-1/x), 0))", [0.0, 1.0], [0.0, 2 / math.e]),
    ("sum(exp(where(x > 0, log(x), 0))^2)", [0.0, 3.0], [0.0, 6.0]),
    ("sum(where(x > 1, 2*sqrt(x), where(x > 0, 1/x, 5)))", [0.0, 0.5, 4.0], [0.0, -4.0, 0.5]),
    ("log(x)[1]", [0.0, 2.0], [0.0, 0.5]),
    ("max(sqrt(x))", [0.0, 4.0], [0.0, 0.25]),
    ("sum(sqrt(x)[1:])", [0.0, 4.0], [0.0, 0.25]),
    ("sum(max(sqrt(x), 1))", [0.0, 4.0], [0.0, 0.25]),
    ("(transpose([sqrt(x), x]))[1, 0]", [0.0, 4.0], [0.0, 0.25]),
]


@pytest.mark.parametrize("name", AD)
@pytest.mark.parametrize(("text", "x", "expected"), UNPOISONED)
def test_zeros_by_structure_stay_zero(name: str, text: str, x: list[float], expected: list[float]) -> None:
    np.testing.assert_allclose(derivative(name, text, x=x)[0], expected, rtol=1e-15)


@pytest.mark.parametrize("name", AD)
def test_second_order_beside_an_untaken_branch(name: str) -> None:
    hessian = derivative(name, "sum(where(x > 0, x^2*log(x), 0))", 2, x=[0.0, 2.0])[0]
    np.testing.assert_allclose(hessian, [[0, 0], [0, 2 * math.log(2) + 3]], rtol=1e-15)


@pytest.mark.parametrize("name", AD)
def test_a_zero_that_is_a_number_is_not_hidden(name: str) -> None:
    """sqrt(x)^2 at 0 multiplies a slope that is infinite with a number that is 0: no number may come of it."""
    found = derivative(name, "sum(sqrt(x)^2)", x=[0.0, 4.0])[0]
    assert math.isnan(found[0])
    assert found[1] == 1.0


class TestValues:
    """Values where a plain formula overflows, underflows or cancels; the truth is mpmath's."""

    @pytest.mark.parametrize("scale", [1e-200, 1.0, 1e200, 5e-324])
    def test_norm_at_any_scale(self, scale: float) -> None:
        with mpmath.workdps(40):
            truth = float(mpmath.sqrt(mpmath.mpf(3 * scale) ** 2 + mpmath.mpf(4 * scale) ** 2))
        assert value("norm(x)", x=[3 * scale, 4 * scale])[0] == pytest.approx(truth, rel=1e-15)
        np.testing.assert_allclose(
            derivative("reverse-ad", "norm(x)", x=[3e200, 4e200])[0], [0.6, 0.8], rtol=1e-15
        )

    def test_norm_of_an_infinite_entry(self) -> None:
        assert value("norm(1/x)", x=[0.0, 1.0]) == [math.inf]

    @pytest.mark.parametrize(
        "x", [[1000.0, 1000.5], [-1000.0, -999.0, -1000.0], [0.0, -40.0], [1e-20, -50.0], [3.0]]
    )
    def test_logsumexp(self, x: list[float]) -> None:
        with mpmath.workdps(60):
            truth = float(mpmath.log(mpmath.fsum(mpmath.exp(mpmath.mpf(v)) for v in x)))
        assert value("logsumexp(x)", x=x)[0] == pytest.approx(truth, rel=1e-15)

    def test_softmax_of_huge_numbers(self) -> None:
        with mpmath.workdps(40):
            terms = [mpmath.exp(v) for v in (1000, 1001, -1000)]
            truth = [float(t / mpmath.fsum(terms)) for t in terms]
        np.testing.assert_allclose(value("softmax(x)", x=[1000.0, 1001.0, -1000.0]), truth, rtol=1e-15)
        assert value("softmax(x)", x=[1e308, -1e308]) == [1.0, 0.0]

    def test_variance_beside_a_large_mean(self) -> None:
        assert value("var(x)", x=[1e9, 1e9 + 1, 1e9 + 2])[0] == pytest.approx(2 / 3, rel=1e-15)

    def test_values_do_not_come_from_the_tape(self) -> None:
        f, _ = function("mean(x) + std(x)", x=X)
        f.__dict__["tape"] = None
        assert f.values(X)[0] == pytest.approx(np.mean(X) + np.std(X), rel=1e-15)


def test_series_of_arrays() -> None:
    """sum(exp(x t)) along x: the k-th coefficient is the sum of x^k exp(x) / k!."""
    f, _ = function("sum(exp(x))", x=X)
    x = np.array(X)
    (found,) = taylor(f.tape, [x], {0: x}, 5, system("numpy"))
    expected = [float(np.sum(x**k * np.exp(x))) / math.factorial(k) for k in range(6)]
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_outputs_are_indexed_by_the_shape_of_the_value() -> None:
    assert function("A @ x", x=X, A=A)[0].output_indices == [(0,), (1,), (2,)]
    assert function("[x, 2*x]", x=X[:2])[0].output_indices == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert function("norm(x)", x=X)[0].output_indices == [None]
    assert function("[x*y, x]", x=1.0, y=2.0)[0].output_indices == [(0,), (1,)]


def test_a_choice_by_mask_is_written_down() -> None:
    """The derivative of sum(where(x > 0, x^2 log x, x^3)), traced, has 2 log x + 3 and 6 x for its own."""
    arrays, (f, flat) = system("numpy"), function("sum(where(x > 0, x^2*log(x), x^3))", x=X)
    recorder = Recorder(arrays, f.variables, f.unflatten(flat))
    tangent = pushforward(f.tape, run(f.tape, recorder.inputs, recorder), [np.ones(3)], recorder)[-1]
    written, values = recorder.finish([tangent])
    found = pullback(written, values, {written.outputs[0]: 1.0}, arrays)[0]
    np.testing.assert_allclose(
        arrays.filled(found), [2 * math.log(0.5) + 3, -9.0, 2 * math.log(2) + 3], rtol=1e-15
    )
