"""Holes at which poles of special functions cancel, and values that go on at infinity: mpmath's limits are the truth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest

from calcgrad.comparing.compute import Request, compute
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY

Function = Callable[[Any], Any]


def _dawson(z: Any) -> Any:
    return mpmath.sqrt(mpmath.pi) / 2 * mpmath.exp(-z * z) * mpmath.erfi(z)


def _step(n: int, x: Any, d: Any) -> Any:
    return mpmath.polygamma(n, x + d) - mpmath.polygamma(n, x)


def _point(text: str, at: str) -> Any:
    return compute(Request(text, at=read_points((f"x={at}",), VOCABULARY), truth="certified")).points[0]


BOTH_SIDES: list[tuple[str, str, Function]] = [
    ("hyp1f1(x, x, 1)", "0", lambda x: mpmath.hyp1f1(x, x, 1)),
    ("hyp1f1(x, x, x)", "-3", lambda x: mpmath.hyp1f1(x, x, x)),
    ("hyp2f1(x, 2, x, 1/3)", "-2", lambda x: mpmath.hyp2f1(x, 2, x, mpmath.mpf(1) / 3)),
    ("hyp2f1(2, x, x, -5)", "0", lambda x: mpmath.hyp2f1(2, x, x, -5)),
    ("x*hyp1f1(-2, x, 3)", "0", lambda x: x * mpmath.hyp1f1(-2, x, 3)),
    ("binomial(x, x)", "-1", lambda x: mpmath.binomial(x, x)),
    (
        "binomial(x, x)",
        "-600",
        lambda x: mpmath.mpf(1),
    ),  # gamma's own digits end there: n = k for every other n
    ("binomial(x, x - 2)", "-4", lambda x: mpmath.binomial(x, x - 2)),
    ("binomial(x, 1 + x)", "-3", lambda x: mpmath.binomial(x, 1 + x)),
    ("binomial(2*x, x)", "-1", lambda x: mpmath.binomial(2 * x, x)),
    ("binomial(3*x, 2*x)", "-2", lambda x: mpmath.binomial(3 * x, 2 * x)),
    ("x*beta(x, x + 1)", "0", lambda x: x * mpmath.beta(x, x + 1)),
    ("x^2*beta(x, 2*x)/x", "0", lambda x: x * mpmath.beta(x, 2 * x)),
    ("beta(x, 1 - x)*sin(pi*x)", "0", lambda x: mpmath.beta(x, 1 - x) * mpmath.sin(mpmath.pi * x)),
    ("gamma(x)/gamma(2*x)", "-2", lambda x: mpmath.gamma(x) / mpmath.gamma(2 * x)),
    ("gamma(x)*rgamma(x - 1)", "0", lambda x: mpmath.gamma(x) * mpmath.rgamma(x - 1)),
    ("rgamma(x)/x", "0", lambda x: mpmath.rgamma(x) / x),
    ("dawson(1/x)", "0", lambda x: _dawson(1 / x)),
    ("hyp0f1(x, x)", "0", lambda x: mpmath.hyp0f1(x, x)),
    ("hyp0f1(x - 2, x^2)", "0", lambda x: mpmath.hyp0f1(x - 2, x * x)),
    ("hyp1f1(1, x, x)", "0", lambda x: mpmath.hyp1f1(1, x, x)),
    ("hyp1f1(x, 2*x, x)", "0", lambda x: mpmath.hyp1f1(x, 2 * x, x)),
    ("hyp2f1(1, 2, x - 1, x^3)", "0", lambda x: mpmath.hyp2f1(1, 2, x - 1, x**3)),
    ("erfc(polygamma_step(1, x, x))", "0", lambda x: mpmath.erfc(_step(1, x, x))),
    ("x^2*polygamma_step(1, x, x)", "0", lambda x: x**2 * _step(1, x, x)),
    ("1/polygamma_step(0, x, 1/3)", "-2", lambda x: 1 / _step(0, x, mpmath.mpf(1) / 3)),
    (
        "(x + 1)^3*polygamma_step(2, x - 1, 1/2)",
        "-1",
        lambda x: (x + 1) ** 3 * _step(2, x - 1, mpmath.mpf(1) / 2),
    ),
    ("x*zeta(1 + x, 2)", "0", lambda x: x * mpmath.zeta(1 + x, 2)),
    ("lbeta(x, 1) + log(abs(x))", "0", lambda x: mpmath.log(abs(mpmath.beta(x, 1) * x))),
    ("lbeta(x, x) + log(abs(x/2))", "0", lambda x: mpmath.log(abs(mpmath.beta(x, x) * x / 2))),
]
RIGHT_ALONE: list[tuple[str, str, Function]] = [
    ("dawson(zeta(2, x))", "0", lambda x: _dawson(mpmath.zeta(2, x))),
    ("x^3*zeta(2, x)", "0", lambda x: x**3 * mpmath.zeta(2, x)),
    ("erfcx(1/sqrt(x))^2", "0", lambda x: (mpmath.exp(1 / x) * mpmath.erfc(1 / mpmath.sqrt(x))) ** 2),
]


@pytest.mark.parametrize(
    ("text", "at", "function"), BOTH_SIDES, ids=lambda v: v if isinstance(v, str) else ""
)
def test_a_hole_has_its_limit_and_its_slope(text: str, at: str, function: Function) -> None:
    point = _point(text, at)
    (truth,) = point.truth
    assert point.verdict == "removable", point.explanation
    with mpmath.workdps(120):
        c = mpmath.mpf(at)
        h = mpmath.mpf(
            "1e-3" if "1/x" in text else "1e-12"
        )  # nearer, mpmath's exponentials grow beyond its digits
        right, left = function(c + h), function(c - h)
        _near(truth.limit, (right + left) / 2, 1e-14 * (1 + abs(right)))
        _near(truth.value, (right - left) / (2 * h), 1e-5 * (1 + abs(right)))


@pytest.mark.parametrize(
    ("text", "at", "function"), RIGHT_ALONE, ids=lambda v: v if isinstance(v, str) else ""
)
def test_where_the_function_ends_its_one_side_is_told(text: str, at: str, function: Function) -> None:
    point = _point(text, at)
    (truth,) = point.truth
    assert point.verdict == "removable", point.explanation
    with mpmath.workdps(60):
        h = mpmath.mpf("1e-2") if "1/" in text or "dawson" in text else mpmath.mpf("1e-12")
        value = function(mpmath.mpf(at) + h)
        _near(truth.limit, value, 2 * float(h))
        _near(truth.right, (value - truth.limit) / h, 5 * float(h))
    assert truth.left is None


def test_a_pole_that_nothing_cancels_stays_one() -> None:
    for text, at in (("hyp1f1(-2, x, 3)", "0"), ("beta(x, x + 1)", "0"), ("binomial(x, 1/2)", "-2")):
        point = _point(text, at)
        assert point.verdict == "undefined", (text, point.explanation)
        assert "infinity" in point.explanation[0], (text, point.explanation)


def _near(found: Any, true: Any, within: float) -> None:
    assert abs(mpmath.mpf(found) - true) <= within, (found, true)
