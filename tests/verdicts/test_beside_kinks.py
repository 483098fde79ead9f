"""Functions of every family beside a kink: abs(x) g(x) has the slopes -g(0) and g(0), and mpmath has g(0)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from mpmath import mpf

from .test_special_points import find

HALF = mpf(1) / 2

#: g as text, and g(0).
VALUES: dict[str, Callable[[], Any]] = {
    "lgamma(x + 3)": lambda: mpmath.loggamma(3),
    "gamma(x + 7/2)": lambda: mpmath.gamma(mpf(7) / 2),
    "1/gamma(x + 1/3)": lambda: mpmath.rgamma(mpf(1) / 3),
    "beta(x + 2, 3)": lambda: mpmath.beta(2, 3),
    "binomial(x + 5, 2)": lambda: mpmath.binomial(5, 2),
    "lambertw(x + 1)": lambda: mpmath.lambertw(1).real,
    "Ei(x + 1)": lambda: mpmath.ei(1),
    "Ci(x + 1)": lambda: mpmath.ci(1),
    "Si(x - 2)": lambda: mpmath.si(-2),
    "Chi(x + 1)": lambda: mpmath.chi(1),
    "Shi(x - 1)": lambda: mpmath.shi(-1),
    "li(x + 2)": lambda: mpmath.li(2),
    "besselj(0, x + 1)": lambda: mpmath.besselj(0, 1),
    "besselj(1/2, x + 1)": lambda: mpmath.besselj(HALF, 1),
    "bessely(1, x + 2)": lambda: mpmath.bessely(1, 2),
    "besseli(2, x + 1)": lambda: mpmath.besseli(2, 1),
    "ellipe(x + 1/2)": lambda: mpmath.ellipe(HALF),
    "ellipk(x - 1/2)": lambda: mpmath.ellipk(-HALF),
    "uppergamma(2, x + 1)": lambda: mpmath.gammainc(2, 1),
    "lowergamma(3, x + 1)": lambda: mpmath.gammainc(3, 0, 1),
    "betainc(2, 3, x + 1/2)": lambda: mpmath.betainc(2, 3, 0, HALF, regularized=True),
    "expint(2, x + 1)": lambda: mpmath.expint(2, 1),
    "polylog(2, x + 1/2)": lambda: mpmath.polylog(2, HALF),
    "zeta(x + 2)": lambda: mpmath.zeta(2),
    "polygamma(1, x + 1)": lambda: mpmath.polygamma(1, 1),
    "erf(x - 1)": lambda: mpmath.erf(-1),
    "erfc(x + 2)": lambda: mpmath.erfc(2),
    "erfinv(x + 1/2)": lambda: mpmath.erfinv(HALF),
    "tan(x + 1)": lambda: mpmath.tan(1),
    "sinh(x + 1)": lambda: mpmath.sinh(1),
    "acosh(x + 2)": lambda: mpmath.acosh(2),
    "asinh(x - 2)": lambda: mpmath.asinh(-2),
    "acos(x - 1/3)": lambda: mpmath.acos(-mpf(1) / 3),
    "atan2(x + 1, 2)": lambda: mpmath.atan2(1, 2),
    "sech(x + 1)": lambda: mpmath.sech(1),
    "sigmoid(x - 3)": lambda: 1 / (1 + mpmath.exp(3)),
    "softplus(x - 3)": lambda: mpmath.log1p(mpmath.exp(-3)),
    "logaddexp(x, 1)": lambda: mpmath.log(1 + mpmath.e),
    "sinc(x + 1)": lambda: mpmath.sin(1),
    "log(x + 3, 2)": lambda: mpmath.log(3, 2),
    "root(x + 5, 3)": lambda: mpmath.cbrt(5),
    "hypot(x - 3, 4)": lambda: mpf(5),
    "(x + 2)^pi": lambda: mpf(2) ** mpmath.pi,
    "2^(x - 1/2)": lambda: mpmath.sqrt(HALF),
    "(x + 3) % 2": lambda: mpf(1),
    "floor(x + 5/2)": lambda: mpf(2),
    "max(x - 1, -3)": lambda: mpf(-1),
    "where(x > -1, cos(x), 7)": lambda: mpf(1),
}


@pytest.mark.parametrize("text", VALUES)
def test_a_kink_as_steep_as_what_stands_beside_it(text: str) -> None:
    with mpmath.workdps(40):
        steep = float(VALUES[text]())
    found = find(f"abs(x)*({text})", "0")[0][0]
    assert found is not None
    assert found.verdict == "kink"
    assert found.left == pytest.approx(-steep, rel=1e-14)
    assert found.right == pytest.approx(steep, rel=1e-14)
    assert found.sides == "slope"
    assert found.tie is not None
    assert found.tie.place == "abs(x)"


#: Numbers that are no fractions: exactly there, and nowhere near.
NUMBERS = (
    "tan(1)", "sinh(1)", "cosh(2)", "tanh(1/2)", "acos(1/3)", "asin(-1/3)", "atan(2)", "lambertw(2)", "sinc(1)",
    "binomial(7/2, 2)", "erf(-1/2)", "gamma(7/2)", "gamma(1/3)", "log(6)", "exp(1/3)", "sqrt(2) - sqrt(3)", "cbrt(5)*pi",
    "2^(1/3)", "log(pi)", "sin(1)^2", "exp(sqrt(2))", "cos(pi/5)", "sin(-pi/8)", "log(2)/log(3)", "expm1(1/3)", "log1p(1/3)",
    "cosd(20)", "sind(20)", "tand(20)", "acosh(2)", "asinh(1/2)", "atanh(1/3)", "sec(1)", "hypot(1, 2)",
)  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_a_kink_at_a_number_that_no_double_is(number: str) -> None:
    for text in (f"abs(x - {number})" if "-" not in number else f"abs(x - ({number}))", f"abs({number} - x)"):
        found = find(text, number)[0][0]
        assert found is not None
        assert (found.verdict, found.left, found.right) == ("kink", -1.0, 1.0)


#: Sums of exact numbers that are 0, which only their form tells.
ZEROS = (
    "log(6) - log(2) - log(3)", "log(8) - 3*log(2)", "gamma(1/2)^2 - pi", "sqrt(8) - 2*sqrt(2)", "sin(pi/6) - 1/2",
    "cos(pi/3) - 1/2", "exp(log(3)) - 3", "log(exp(2)) - 2", "4*atan(1) - pi", "asin(1/2) - pi/6", "2^(1/2) - sqrt(2)",
    "exp(1)*exp(-1) - 1", "sin(1)^2 + cos(1)^2 - 1", "cosh(1) - (e + 1/e)/2", "lambertw(e) - 1", "gamma(5) - 24",
    "binomial(6, 2) - 15", "sqrt(3)*sqrt(12) - 6", "cbrt(27) - 3", "log(9)/log(3) - 2", "binomial(5, 0) - 1", "cosd(60) - 1/2",
    "sind(30) - 1/2", "tand(45) - 1", "expm1(log(3)) - 2", "log1p(e - 1) - 1",
)  # fmt: skip


@pytest.mark.parametrize("zero", ZEROS)
def test_a_step_exactly_where_a_sum_vanishes(zero: str) -> None:
    found = find(f"floor(x + {zero})", "0")[0][0]
    assert found is not None
    assert (found.verdict, found.left, found.right) == ("jump", -1.0, 0.0)


#: What oscillates or grows without end, times what makes it small: the verdict, the slopes or the value at 0.
ENDLESS: dict[str, tuple[str, float | None, float | None]] = {
    "x*Si(1/x)": ("kink", -math.pi / 2, math.pi / 2),
    "x*erf(1/x)": ("kink", -1.0, 1.0),
    "x*erf(2/x^2)": ("removable", 1.0, None),
    "x*sigmoid(1/x)": ("kink", 0.0, 1.0),
    "x^2*softplus(1/x)": ("kink", 0.0, 1.0),
    "x*sech(1/x)": ("removable", 0.0, None),
    "x*asinh(1/x)": ("infinite", -math.inf, math.inf),
    "x^2*asinh(1/x)": ("removable", 0.0, None),
    "x*tanh(1/x)": ("kink", -1.0, 1.0),
    "x*atan(1/x)": ("kink", -math.pi / 2, math.pi / 2),
    "x*atan(-2/x)": ("kink", math.pi / 2, -math.pi / 2),
    "x^2*logaddexp(1/x, x)": ("kink", 0.0, 1.0),
    "x*uppergamma(2, 1/x^2)": ("removable", 0.0, None),
    "x*lowergamma(2, 1/x^2)": ("removable", 1.0, None),
    "x*lowergamma(3, 1/x^2)": ("removable", 2.0, None),
    "x*expint(1, 1/x^2)": ("removable", 0.0, None),
    "x*expint(2, abs(x))": ("agree", 1.0, None),
    "x^2*besselj(0, 1/x)": ("removable", 0.0, None),
    "x^2*cos(1/x)": ("removable", 0.0, None),
    "x*exp(-1/x^2)": ("removable", 0.0, None),
    "x^2*Ci(1/x^2)": ("removable", 0.0, None),
    "x/tanh(1/x)": ("kink", -1.0, 1.0),
    "x*log(cosh(1/x))*x": ("kink", -1.0, 1.0),
    "x*log(abs(x))": ("infinite", -math.inf, -math.inf),
    "x^2*log(abs(x))": ("removable", 0.0, None),
}


@pytest.mark.parametrize("text", ENDLESS)
def test_what_is_tamed_at_0(text: str) -> None:
    found = find(text, "0")[0][0]
    verdict, first, second = ENDLESS[text]
    assert found is not None
    assert found.verdict == verdict
    if verdict in ("removable", "agree"):
        assert float(found.value or "nan") == pytest.approx(first, rel=1e-14)
        assert (found.left, found.right) == (None, None)
        return
    assert found.left == pytest.approx(first, rel=1e-14)
    assert found.right == pytest.approx(second, rel=1e-14)
    assert found.limit == 0.0
