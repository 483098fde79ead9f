"""Integrals whose derivatives are known: where the integrand is singular, peaked, zero, oscillating, or has a kink."""

from __future__ import annotations

from math import cos, exp, pi, sin, sqrt
from typing import Any

import numpy as np
import pytest
import scipy.integrate

import calcgrad
from calcgrad.scipy.integrate import quad


def _peak(x: Any) -> Any:
    return np.exp(-(((x - 0.3) / 0.01) ** 2))


#: A function of one parameter, where, and its derivative there by hand.
KNOWN: list[tuple[str, Any, float, float]] = [
    ("exponential", lambda a: quad(lambda x: np.exp(-a * x), 0, np.inf)[0], 2.0, -0.25),
    ("power with a singular derivative", lambda a: quad(lambda x: x**a, 0, 1)[0], 0.5, -1 / 1.5**2),
    ("a peak times 0", lambda a: quad(lambda x: a * _peak(x), 0, 1)[0], 0.0, 0.01 * sqrt(pi)),
    ("oscillation", lambda a: quad(lambda x: np.sin(a * x) / x, 0, 1)[0], 50.0, sin(50) / 50),
    ("upper end", lambda b: quad(np.sqrt, 0, b)[0], 2.0, sqrt(2)),
    ("lower end", lambda a: quad(np.cos, a, 2.0)[0], 0.5, -cos(0.5)),
    ("both ends", lambda a: quad(np.exp, -a, a)[0], 0.7, exp(0.7) + exp(-0.7)),
    ("ends in the other order", lambda a: quad(lambda x: a * x, 1.0, 0.0)[0], 0.7, -0.5),
    ("a kink", lambda a: quad(lambda x: abs(x - a), 0, 1)[0], 0.3, -0.4),
    ("the whole line", lambda s: quad(lambda x, s: np.exp(-(x**2) / s), -np.inf, np.inf, args=(s,))[0], 1.3, 0.5 * sqrt(pi / 1.3)),
]  # fmt: skip


@pytest.mark.parametrize(("f", "at", "true"), [k[1:] for k in KNOWN], ids=[k[0] for k in KNOWN])
def test_the_derivative_is_the_one_by_hand(f: Any, at: float, true: float) -> None:
    assert calcgrad.grad(f)(at) == pytest.approx(true, rel=1e-10)
    assert calcgrad.jvp(f, (at,), (1.0,))[1] == pytest.approx(true, rel=1e-10)


def test_second_derivatives() -> None:
    f = KNOWN[0][1]
    assert calcgrad.grad(calcgrad.grad(f))(2.0) == pytest.approx(0.25, rel=1e-12)


@pytest.mark.slow
def test_compiled() -> None:
    f = KNOWN[0][1]
    compiled = calcgrad.compile(calcgrad.grad(f))
    for a in (2.0, 2.1, 30.0):
        assert compiled(a) == pytest.approx(-1 / a**2, rel=1e-10)


def test_an_integral_that_does_not_converge_is_refused() -> None:
    with pytest.raises(calcgrad.CalcgradError, match="does not converge") as caught:
        calcgrad.grad(lambda a: quad(lambda x: a / x, 0.0, 1.0)[0])(1.0)
    assert caught.value.diagnostic.code == "E426"


def test_options_of_speed_are_taken_by_name() -> None:
    def loss(a: Any) -> Any:
        return quad(lambda x, s: np.exp(-s * x), 0, 1, limit=200, epsabs=1e-12, args=(a,))[0]

    assert calcgrad.grad(loss)(1.0) == pytest.approx(2 * exp(-1) - 1, rel=1e-12)


def test_scipys_own_is_followed() -> None:
    def loss(a: Any) -> Any:
        return scipy.integrate.quad(lambda x: np.exp(-a * x), 0, 1)[0]

    assert calcgrad.grad(loss)(1.0) == pytest.approx(2 * exp(-1) - 1, rel=1e-12)
