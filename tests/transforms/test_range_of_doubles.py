"""Derivatives whose parts leave the range of doubles while they themselves do not; truth is the closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.special

import calcgrad
from calcgrad import CalcgradError

WAYS: dict[str, Any] = {
    "reverse over reverse": lambda f: calcgrad.grad(calcgrad.grad(f)),
    "forward over reverse": calcgrad.hessian,
    "reverse over forward": lambda f: calcgrad.grad(calcgrad.jacfwd(f)),
    "forward over forward": lambda f: calcgrad.jacfwd(calcgrad.jacfwd(f)),
    "hvp": lambda f: lambda x: calcgrad.hvp(f, (x,), (1.0,)),
}
#: Functions, points, second derivatives.
CASES = [
    (lambda x: np.log(np.exp(x)) * x, 400.0, 2.0),
    (lambda x: np.log(np.exp(-x)) * x, 400.0, -2.0),
    (lambda x: np.log10(np.exp(x)) * x, 500.0, 2.0 / np.log(10.0)),
    (lambda x: np.exp(x) / np.exp(x - 1.0) * x**2, 600.0, 2.0 * np.e),
    (lambda x: np.sqrt(np.exp(x)) / np.exp(x / 2) * x**2, 600.0, 2.0),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("f", "x", "second"), CASES)
def test_second_derivatives_far_out(f: Any, x: float, second: float, way: str) -> None:
    assert WAYS[way](f)(x) == pytest.approx(second, rel=1e-9)
    assert calcgrad.compile(WAYS[way](f))(x) == pytest.approx(second, rel=1e-9)
    along = np.array([x, x])
    found = calcgrad.hessian(lambda y: np.sum(f(y)))(along)
    np.testing.assert_allclose(found, second * np.eye(2), rtol=1e-9)


@pytest.mark.parametrize("name", ["kv", "yv", "gammainc", "eval_legendre", "hyp1f1", "expn"])
@pytest.mark.parametrize("way", [calcgrad.grad, calcgrad.jacfwd, calcgrad.hessian])
def test_an_order_without_a_derivative_is_refused_by_name(name: str, way: Any) -> None:
    f = getattr(scipy.special, name)
    rest = (1.5,) * (f.nin - 1)
    with pytest.raises(CalcgradError, match=rf"scipy.special.{name} has no derivative in its argument 1"):
        way(lambda x: f(x, *rest) * x)(2.0)
