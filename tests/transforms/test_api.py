"""The library's derivatives: arguments, trees, what is passed beside, rules of one's own, memory, and what is refused."""

from __future__ import annotations

import math
import threading
from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.errors import CalcgradError

X = np.array([0.5, 1.25, -2.0])
Point = namedtuple("Point", "x y")


@dataclass(frozen=True)
class Layer:
    weights: Any
    bias: Any


def quadratic(p: Any) -> Any:
    return np.sum(p.weights * p.weights) * p.bias


def test_argnums_in_any_order_and_from_the_end() -> None:
    f = lambda a, b, c: a * b**2 * c**3  # noqa: E731
    assert calcgrad.grad(f)(2.0, 3.0, 5.0) == 9 * 125
    assert calcgrad.grad(f, argnums=(2, 0))(2.0, 3.0, 5.0) == (2 * 9 * 75, 9 * 125)
    assert calcgrad.grad(f, argnums=-1)(2.0, 3.0, 5.0) == 2 * 9 * 75


@pytest.mark.parametrize("compile", [False, True])
def test_trees_come_back_as_they_went_in(compile: bool) -> None:
    gradient = calcgrad.grad(quadratic, compile=compile)(Layer(np.array([1.0, 2.0]), 3.0))
    assert isinstance(gradient, Layer)
    assert (gradient.weights.tolist(), gradient.bias) == ([6.0, 12.0], 5.0)
    named = calcgrad.grad(lambda p: p.x * p.y, compile=compile)(Point(2.0, 3.0))
    assert named == Point(3.0, 2.0)
    assert isinstance(named, Point)
    nested = {"w": [X, (2.0,)], "none": None}
    found = calcgrad.grad(lambda p: np.sum(p["w"][0]) * p["w"][1][0], compile=compile)(nested)
    assert found["w"][0].tolist() == [2.0, 2.0, 2.0]
    assert found["w"][1] == (X.sum(),)
    assert found["none"] is None


def test_what_is_passed_beside_the_loss_is_plain() -> None:
    def f(x: Any) -> Any:
        y = x * x
        return np.sum(y), {"squares": y, "name": "f"}

    (value, aux), gradient = calcgrad.value_and_grad(f, has_aux=True)(X)
    assert value == (X * X).sum()
    assert type(aux["squares"]) is np.ndarray
    assert aux["name"] == "f"
    assert gradient.tolist() == (2 * X).tolist()
    assert calcgrad.grad(f, has_aux=True)(X)[1]["name"] == "f"
    assert calcgrad.jvp(f, (X,), (X,), has_aux=True)[2]["name"] == "f"
    assert calcgrad.vjp(f, X, has_aux=True)[2]["name"] == "f"
    assert calcgrad.jacrev(f, has_aux=True)(X)[1]["name"] == "f"
    with pytest.raises(CalcgradError, match="E409"):
        calcgrad.grad(lambda x: x, has_aux=True)(1.0)


def test_a_function_that_does_not_depend_on_its_argument() -> None:
    assert calcgrad.grad(lambda x: 3.0)(2.0) == 0.0
    assert calcgrad.grad(lambda x: 3.0)(X).tolist() == [0.0, 0.0, 0.0]
    assert calcgrad.jacfwd(lambda x: X)(X).tolist() == np.zeros((3, 3)).tolist()
    assert calcgrad.jvp(lambda x: X, (X,), (X,))[1].tolist() == [0.0, 0.0, 0.0]
    assert calcgrad.grad(np.floor)(2.5) == 0.0


def test_keyword_arguments_are_constants() -> None:
    assert calcgrad.grad(lambda x, k=1.0: k * x * x)(3.0, k=2.0) == 12.0


def test_the_shape_of_a_jacobian_is_that_of_the_result_and_then_the_argument() -> None:
    a = np.arange(6.0).reshape(2, 3)
    for mode in (calcgrad.jacfwd, calcgrad.jacrev, calcgrad.jacobian):
        found = mode(lambda x: {"t": x.T * 2, "s": x[0]})(a)
        assert found["t"].shape == (3, 2, 2, 3)
        assert found["s"].shape == (3, 2, 3)
        assert found["t"][2, 1, 1, 2] == 2.0


def test_precision_stays() -> None:
    x = X.astype(np.float32)
    f = lambda x: np.sum(x * 3.0) * np.float32(2)  # noqa: E731
    for g in (calcgrad.grad(f), calcgrad.compile(calcgrad.grad(f)), calcgrad.jacrev(f), calcgrad.jacfwd(f)):
        assert g(x).dtype == np.float32
        assert g(x).tolist() == [6.0, 6.0, 6.0]
    half = calcgrad.grad(lambda x: np.sum(x * x))(x.astype(np.float16))
    assert half.dtype == np.float16
    assert calcgrad.hvp(lambda x: np.sum(x**3), (x,), (x,)).dtype == np.float32


def test_an_infinite_slope_beside_a_zero_by_structure() -> None:
    x = np.array([0.0, 4.0])
    f = lambda x: np.sum(np.sqrt(x)[1:] ** 2)  # noqa: E731
    assert calcgrad.grad(f)(x).tolist() == [0.0, 1.0]
    assert calcgrad.grad(f, compile=True)(x).tolist() == [0.0, 1.0]
    assert calcgrad.jacfwd(f)(x).tolist() == [0.0, 1.0]
    assert np.isnan(calcgrad.grad(lambda x: np.sqrt(x) ** 2)(0.0))  # not by structure: 0 * inf


def test_zeros_by_structure_in_an_inner_derivative() -> None:
    x = np.array([0.0, 4.0])
    with np.errstate(all="ignore"):
        for f in (
            lambda x: np.sum(
                np.where(x > 0, x**1.5, 0.0 * x)
            ),  # its inner slope is finite, its second derivative is not
            lambda x: np.sum(np.sqrt(x)[1:] ** 3),
        ):
            known = [[0.0, 0.0], [0.0, 0.375]]
            assert calcgrad.hessian(f)(x).tolist() == known
            assert calcgrad.jacrev(calcgrad.grad(f))(x).tolist() == known
            assert calcgrad.hvp(f, (x,), (np.ones(2),)).tolist() == [0.0, 0.375]
            assert calcgrad.compile(calcgrad.hessian(f))(x).tolist() == known


@pytest.mark.slow
def test_a_million_operations() -> None:
    def f(x: Any) -> Any:
        y = x
        for _ in range(500_000):
            y = y * 1.000001 + x
        return y

    value, slope = calcgrad.value_and_grad(f)(1.0)
    assert slope == pytest.approx(value, rel=1e-12)  # f is linear


def test_memory_is_told_and_traded() -> None:
    def step(x: Any) -> Any:
        for _ in range(10):
            x = np.sin(x) * x
        return x

    def kept(x: Any) -> Any:
        for _ in range(10):
            x = step(x)
        return np.sum(x)

    def again(x: Any) -> Any:
        for _ in range(10):
            x = calcgrad.checkpoint(step)(x)
        return np.sum(x)

    x = np.linspace(0.1, 1, 1000)
    (_, whole), (_, less) = calcgrad.vjp(kept, x), calcgrad.vjp(again, x)
    assert whole.nbytes > 9 * less.nbytes
    assert np.array_equal(whole(1.0)[0], less(1.0)[0])
    assert calcgrad.jvp(again, (x,), (x,))[1] == calcgrad.jvp(kept, (x,), (x,))[1]
    assert np.array_equal(calcgrad.hvp(again, (x,), (x,)), calcgrad.hvp(kept, (x,), (x,)))


def _exponential(jvp: bool) -> Callable[..., Any]:
    """exp by the standard library, with a rule of its own in two arguments: a * exp(b)."""

    def value(a: Any, b: Any) -> Any:
        return a * np.vectorize(math.exp)(b)

    def push(primals: Any, tangents: Any) -> Any:
        (a, b), (da, db) = primals, tangents
        return ruled(a, b), da * ruled(np.ones(2), b) + db * ruled(a, b)

    def pull(a: Any, b: Any) -> Any:
        return ruled(a, b), lambda d: (d * ruled(np.ones(2), b), d * ruled(a, b))

    ruled: Callable[..., Any] = calcgrad.custom_rule(value, **({"jvp": push} if jvp else {"vjp": pull}))
    return ruled


@pytest.mark.parametrize("jvp", [True, False])
def test_a_rule_of_ones_own_and_its_transpose(jvp: bool) -> None:
    a, b, v = np.array([1.0, -2.0]), np.array([0.5, 0.25]), np.array([1.0, 10.0])
    f = _exponential(jvp)
    e = np.exp(b)
    assert f(a, b) == pytest.approx(a * e)
    assert calcgrad.jvp(f, (a, b), (v, 2 * v))[1] == pytest.approx(v * e + 2 * v * a * e)
    da, db = calcgrad.vjp(f, a, b)[1](v)
    assert (da, db) == (pytest.approx(v * e), pytest.approx(v * a * e))
    loss = lambda b: np.sum(f(a, b))  # noqa: E731
    assert calcgrad.hessian(loss)(b) == pytest.approx(np.diag(a * e))
    assert calcgrad.jacrev(calcgrad.grad(loss))(b) == pytest.approx(np.diag(a * e))
    assert calcgrad.grad(loss, compile=True)(b) == pytest.approx(a * e)


def test_rules_that_do_not_fit() -> None:
    with pytest.raises(CalcgradError, match="needs a jvp or a vjp"):
        calcgrad.custom_rule(math.sin)
    wrong = calcgrad.custom_rule(math.sin, jvp=lambda p, t: t)
    with pytest.raises(CalcgradError, match="returns a pair"):
        calcgrad.jvp(wrong, (1.0,), (1.0,))
    wide = calcgrad.custom_rule(lambda x: x, vjp=lambda x: (x, lambda d: (np.ones(4),)))
    with pytest.raises(CalcgradError, match=r"shape \(4,\), not \(3,\)"):
        calcgrad.vjp(wide, X)[1](X)


def test_stopped() -> None:
    assert calcgrad.grad(lambda x: x * calcgrad.stop_gradient(x * x))(3.0) == 9.0
    assert calcgrad.grad(calcgrad.grad(lambda x: x * calcgrad.stop_gradient(x)))(3.0) == 0.0
    f = lambda x: math.sin(calcgrad.stop_gradient(x)) * x  # noqa: E731
    assert calcgrad.grad(f)(1.0) == math.sin(1.0)


def test_threads_at_once() -> None:
    f = calcgrad.grad(lambda x: np.sum(np.sin(x) * x), compile=True)
    inner = calcgrad.grad(lambda x: x * calcgrad.grad(lambda y: x * y * y)(x))
    points = [np.full(70_000, k / 7) for k in range(8)]
    found: dict[int, Any] = {}

    def work(k: int) -> None:
        found[k] = [(f(points[k]), inner(float(k))) for _ in range(3)]

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k, runs in found.items():
        for gradient, slope in runs:
            assert np.allclose(gradient, np.sin(k / 7) + np.cos(k / 7) * k / 7, rtol=1e-14)
            assert slope == 6.0 * k**2


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        (lambda: calcgrad.grad(lambda x: x)(3), "E400", "write 3.0"),
        (lambda: calcgrad.grad(lambda w: w)({"a": [np.arange(3)]}), "E400", 'w["a"][0]'),
        (lambda: calcgrad.grad(lambda x: x)("x"), "E406", "a str"),
        (lambda: calcgrad.grad(lambda x: x, argnums="x")(1.0), "E408", "a whole number"),  # type: ignore[arg-type]
        (lambda: calcgrad.grad(lambda x: x)(X), "E407", "shape (3,)"),
        (lambda: calcgrad.grad(lambda x: x, argnums=1)(1.0), "E408", "argument 1"),
        (lambda: calcgrad.jvp(lambda x: x, (X,), (X[:2],)), "E410", "shape (2,)"),
        (lambda: calcgrad.jvp(lambda x: x, (X,), (X, X)), "E410", "2 tangents"),
        (lambda: calcgrad.vjp(lambda x: x, X)[1]((X,)), "E410", "tree"),
        (lambda: calcgrad.jacobian(lambda x: x, sparsity="guess")(X), "E412", "guess"),
        (lambda: calcgrad.jacobian(lambda x: x, sparsity=np.eye(2))(X), "E412", "(2, 2)"),
    ],
)
def test_wrong_calls_say_what_is_wrong(call: Callable[[], Any], code: str, words: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        call()
    assert caught.value.diagnostic.code == code
    assert words in str(caught.value)


NAMES = (
    *(
        "checkpoint",
        "compile",
        "custom_rule",
        "grad",
        "hessian",
        "hvp",
        "jacfwd",
        "jacobian",
        "jacrev",
        "jvp",
    ),
    *("linearize", "stop_gradient", "taylor", "value_and_grad", "vjp"),
)


@pytest.mark.parametrize("name", NAMES)
def test_names_are_exported_and_documented(name: str) -> None:
    assert ">>>" in getattr(calcgrad, name).__doc__
    assert name in calcgrad.__all__


def test_taylor_coefficients_of_known_series() -> None:
    f = lambda x: np.exp(np.sin(x))  # noqa: E731
    known = [
        1,
        1,
        1 / 2,
        0,
        -1 / 8,
        -1 / 15,
        -1 / 240,
        1 / 90,
    ]  # Abramowitz and Stegun's kind: exp(sin x) at 0
    assert calcgrad.taylor(f, (0.0,), (1.0,), 7) == pytest.approx(known, rel=1e-14, abs=1e-15)
    x, v = np.array([0.5, 1.5]), np.array([1.0, -2.0])
    g = lambda x: np.sum(x[:1] * np.exp(x[1:]))  # noqa: E731
    c = calcgrad.taylor(g, (x,), (v,), 2)
    assert c[0] == g(x)
    assert c[1] == pytest.approx(calcgrad.jvp(g, (x,), (v,))[1], rel=1e-14)
    assert 2 * c[2] == pytest.approx(calcgrad.hvp(g, (x,), (v,)) @ v, rel=1e-13)
    slope = calcgrad.grad(lambda x: calcgrad.taylor(np.sin, (x,), (1.0,), 3)[3])
    assert slope(0.3) == pytest.approx(math.sin(0.3) / 6, rel=1e-13)
