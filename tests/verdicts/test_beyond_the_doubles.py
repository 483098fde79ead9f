"""One-sided slopes and values that no double holds are said with their digits; truth is mpmath's."""

from __future__ import annotations

import re

import mpmath
import pytest

import calcgrad


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("abs(x)*exp(800)", lambda: mpmath.exp(800)),
        ("abs(x)*exp(-800)", lambda: mpmath.exp(-800)),
        ("abs(x)*1e-320*1e-10", lambda: mpmath.mpf("1e-330")),
        ("max(x, 0)*exp(900)", lambda: mpmath.exp(900)),
    ],
)
def test_a_slope_of_a_kink(text: str, slope: object) -> None:
    (point,) = calcgrad.diff(text, at=0).points
    assert point.verdict == "kink"
    said = re.search(r"([\d.]+e-?\d+) on the right", point.explanation[0])
    assert said is not None
    true = slope()  # type: ignore[operator]
    assert abs(mpmath.mpf(said.group(1)) / true - 1) < 1e-9


def test_a_jump_beyond_the_doubles() -> None:
    (point,) = calcgrad.diff("floor(x)*exp(900)", at=0).points
    assert point.verdict == "jump"
    assert "-7.328814222e390 on the left" in point.explanation[0]


def test_an_infinite_slope_is_still_called_that() -> None:
    (point,) = calcgrad.diff("sqrt(x)*exp(-900)", at=0).points
    assert "goes to infinity" in point.explanation[0]


def test_a_slope_beyond_the_decimal_numbers_is_still_short() -> None:
    (point,) = calcgrad.diff("abs(x)*exp(-exp(1000))", at=0).points
    assert point.verdict == "kink"
    assert "10^(-8.556e433) on the right" in point.explanation[0]
