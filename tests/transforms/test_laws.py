"""Forward equals reverse equals central differences, and the laws that tie products, Jacobians and Hessians together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import calcgrad
from tests.transforms.functions import SCALAR, VECTOR

#: No entry near 0, where the functions with branches have kinks, and differences would straddle them.
ENTRY = st.floats(0.05, 1.5).flatmap(lambda a: st.sampled_from([a, -a]))
POINT = arrays(np.float64, 4, elements=ENTRY)
DIRECTION = arrays(np.float64, 4, elements=st.floats(-2, 2))


def central(f: Callable[[Any], Any], x: Any, v: Any, h: float = 1e-5) -> Any:
    """The derivative along ``v`` by plain NumPy runs of the function."""
    return (f(x + h * v) - f(x - h * v)) / (2 * h)


@pytest.mark.parametrize("f", VECTOR)
@settings(max_examples=15, deadline=None)
@given(x=POINT, v=DIRECTION, data=st.data())
def test_forward_is_reverse_is_differences(f: Callable[[Any], Any], x: Any, v: Any, data: Any) -> None:
    y, tangent = calcgrad.jvp(f, (x,), (v,))
    assert y == pytest.approx(f(x), rel=1e-14)
    assert tangent == pytest.approx(central(f, x, v), rel=1e-6, abs=1e-6)
    u = data.draw(arrays(np.float64, y.shape, elements=st.floats(-2, 2)))
    value, pull = calcgrad.vjp(f, x)
    assert np.array_equal(value, y)
    assert np.vdot(u, tangent) == pytest.approx(np.vdot(pull(u)[0], v), rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("f", VECTOR)
@settings(max_examples=8, deadline=None)
@given(x=POINT, v=DIRECTION)
def test_jacobians_agree(f: Callable[[Any], Any], x: Any, v: Any) -> None:
    forward, reverse = calcgrad.jacfwd(f)(x), calcgrad.jacrev(f)(x)
    assert forward == pytest.approx(reverse, rel=1e-12, abs=1e-12)
    assert forward @ v == pytest.approx(calcgrad.jvp(f, (x,), (v,))[1], rel=1e-11, abs=1e-11)
    assert calcgrad.jacobian(f)(x) == pytest.approx(forward, rel=4e-16, abs=1e-300)  # of either mode
    _, push = calcgrad.linearize(f, x)
    assert push(v) == pytest.approx(forward @ v, rel=1e-11, abs=1e-11)
    assert push(2 * v) == pytest.approx(2 * push(v), rel=1e-14, abs=1e-300)


@pytest.mark.parametrize("f", VECTOR)
@settings(max_examples=5, deadline=None)
@given(x=POINT)
def test_sparse_jacobians_agree(f: Callable[[Any], Any], x: Any) -> None:
    dense = calcgrad.jacfwd(f)(x)
    assert calcgrad.jacobian(f, sparsity="detect")(x).toarray() == pytest.approx(dense, rel=1e-12, abs=1e-12)
    known = calcgrad.jacobian(f, sparsity=np.ones(dense.shape))(x)
    assert known.toarray() == pytest.approx(dense, rel=1e-12, abs=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("f", SCALAR)
@settings(max_examples=8, deadline=None)
@given(x=POINT, v=DIRECTION)
def test_hessians_agree(f: Callable[[Any], Any], x: Any, v: Any) -> None:
    hessian = calcgrad.hessian(f)(x)
    assert hessian == pytest.approx(hessian.T, rel=1e-9, abs=1e-9)
    for other in (
        calcgrad.jacrev(calcgrad.grad(f)),
        calcgrad.jacfwd(calcgrad.jacfwd(f)),
        calcgrad.jacrev(calcgrad.jacfwd(f)),
        calcgrad.compile(calcgrad.hessian(f)),
    ):
        assert other(x) == pytest.approx(hessian, rel=1e-9, abs=1e-9)
    assert calcgrad.hvp(f, (x,), (v,)) == pytest.approx(hessian @ v, rel=1e-9, abs=1e-8)
    assert calcgrad.hessian(f, sparsity="detect")(x).toarray() == pytest.approx(hessian, rel=1e-9, abs=1e-9)
    assert hessian @ v == pytest.approx(central(calcgrad.grad(f), x, v), rel=1e-5, abs=1e-4)


@pytest.mark.parametrize("f", SCALAR)
@settings(max_examples=8, deadline=None)
@given(x=POINT)
def test_compiled_gradients_are_the_traced_ones(f: Callable[[Any], Any], x: Any) -> None:
    value, gradient = calcgrad.value_and_grad(f)(x)
    quick = calcgrad.value_and_grad(f, compile=True)
    for point in (x + 1.0, x):  # made at one point, used at another
        found = quick(point)
    assert found[0] == pytest.approx(value, rel=1e-13)
    assert found[1] == pytest.approx(gradient, rel=1e-11, abs=1e-11)
    assert quick.traces == 1


@pytest.mark.parametrize("f", VECTOR)
@settings(max_examples=5, deadline=None)
@given(x=POINT, y=POINT)
def test_compiled_jacobians_are_the_traced_ones(f: Callable[[Any], Any], x: Any, y: Any) -> None:
    quick = calcgrad.compile(calcgrad.jacrev(f))
    quick(y)
    assert quick(x) == pytest.approx(calcgrad.jacrev(f)(x), rel=1e-11, abs=1e-11)
    plain = calcgrad.compile(f)
    plain(y)
    assert plain(x) == pytest.approx(f(x), rel=1e-13, abs=1e-13)
