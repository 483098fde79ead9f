"""Holes that a series fills without a clock, time that decides nothing, and powers too long to be written out."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import pytest

import calcgrad
from calcgrad.verdicts import analysing

from .test_special_points import find


@pytest.mark.parametrize("n", [1, 3, 7, 12, 20])
def test_a_bessel_function_over_its_power(n: int) -> None:
    """J_n(x)/x^n goes to 1/(2^n n!) at 0 (DLMF 10.7.3)."""
    (finding,) = find(f"besselj({n}, x)/x^{n}", "0")[0]
    assert finding is not None
    assert (finding.verdict, finding.value) == ("removable", "0")
    assert finding.limit == pytest.approx(float(Fraction(1, 2**n * math.factorial(n))), rel=1e-15)


@pytest.mark.parametrize("order", range(-3, 4))
@pytest.mark.parametrize("name", ["besselj", "besseli"])
def test_the_series_of_whole_orders(name: str, order: int) -> None:
    """The second derivative of |x| + J_n(x) on both sides of 0 is that of mpmath."""
    (finding,) = find(f"abs(x) + {name}({order}, 2*x)", "0")[0]
    assert finding is not None
    with mpmath.workdps(30):
        n = abs(order) if name == "besseli" else order  # I_-n is I_n, DLMF 10.27.1
        slope = float(mpmath.diff(lambda x: getattr(mpmath, name)(n, 2 * x), 0))
    assert (finding.left, finding.right) == pytest.approx((slope - 1, slope + 1), abs=1e-14)


def test_out_of_time_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysing, "SECONDS", 0.0)
    (finding,) = find("sin(x)/x", "0")[0]
    assert finding is not None
    assert finding.verdict == "inconclusive"
    assert "time" in finding.note


POWERS = {
    ("x^(1e9)", "1"): lambda: mpmath.mpf(10**9),
    ("x^(1e9)", "1 + 1e-9"): lambda: mpmath.mpf(10**9) * (1 + mpmath.mpf("1e-9")) ** (10**9 - 1),
    ("2^x", "5e4"): lambda: mpmath.mpf(2) ** 50000 * mpmath.log(2),
    ("(1 + 1/x)^x", "1e10"): lambda: mpmath.diff(lambda x: (1 + 1 / x) ** x, mpmath.mpf(10) ** 10),
    ("x^100000*(2 - x)^100000", "1.0001"): lambda: mpmath.diff(
        lambda x: x**100000 * (2 - x) ** 100000, mpmath.mpf("1.0001")
    ),
    ("e^(-x/(8.314*300))", "50000"): lambda: (
        -mpmath.exp(mpmath.mpf(-50000) / (mpmath.mpf("8.314") * 300)) / (mpmath.mpf("8.314") * 300)
    ),
}


@pytest.mark.parametrize(("text", "at"), POWERS)
def test_long_powers_are_ordinary_points(text: str, at: str) -> None:
    (point,) = calcgrad.diff(text, at=at).points
    (row,) = point.truth
    assert point.verdict in ("agree", "overflow", "disagree"), row.note
    with mpmath.workdps(120):
        true = POWERS[text, at]()
        assert row.value is not None
        assert abs(mpmath.mpf(row.value) / true - 1) < 1e-30
