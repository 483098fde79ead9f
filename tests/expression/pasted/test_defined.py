"""Equations that look like definitions, known names defined anew, and sentences around a definition."""

from __future__ import annotations

import mpmath
import pytest

from calcgrad import diff
from calcgrad.errors import CalcgradError


@pytest.mark.parametrize(
    "text",
    ["log(y) = x^2", "sin(y) = x", "sinx = x", "sin2x = 2 sin x cos x", "cos2x = 1 - 2sin^2 x", "lnx = 2t"],
)
def test_an_equation_with_a_known_functions_value_is_not_a_definition(text: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        diff(text)
    assert caught.value.diagnostic.code == "E112"
    span = caught.value.diagnostic.span
    assert span is not None
    assert text[slice(*span)] == "="


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("tan(y) = x y", "tan(y)"),
        ("sinh(x) = (e^x - e^-x)/2", "sinh(x)"),
        ("sigmoid(x) = 1/(1 + e^(-k x))", "sigmoid(x)"),
        ("sin(x) := x", "sin(x)"),
    ],
)
def test_a_known_name_that_is_defined_anew_is_told(text: str, left: str) -> None:
    (warning,) = [w for w in diff(text, truth="none").warnings if w.code == "W122"]
    assert warning.span is not None
    assert text[slice(*warning.span)] == left


@pytest.mark.parametrize(
    "text",
    ["gamma(v) = 1/sqrt(1 - v^2)", "f(x) = sin(x)", "y = sin x", "cost(x) = x^2", "norm = sqrt(x^2 + y^2)"],
)
def test_other_names_are_defined_without_a_word(text: str) -> None:
    assert not [w for w in diff(text, truth="none").warnings if w.code == "W122"]


@pytest.mark.parametrize(
    "text",
    [
        "find the derivative of y = x^3 ln x",
        "derivative of f(x) = x^3 ln x with respect to x",
        "What is the derivative of x^3 ln x?",
    ],
)
def test_a_sentence_may_name_the_function(text: str) -> None:
    (value,) = {row.value for row in diff(text, at=2).points[0].truth}
    with mpmath.workdps(30):
        own = mpmath.diff(lambda x: x**3 * mpmath.log(x), 2)
        assert abs(mpmath.mpf(str(value)) - own) < mpmath.mpf(10) ** -15


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("derivative of sin(x^2) at x=2", "2"),
        ("d/dx [x^2 sin(x)] at x = pi/2", "pi/2"),
        ("derivative of x^2 when x = 3", "3"),
    ],
)
def test_a_point_at_the_end_of_a_sentence_is_refused_with_the_way(text: str, at: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        diff(text)
    assert caught.value.diagnostic.code == "E120"
    assert caught.value.diagnostic.hints == (f"give the point by itself: --at {at}",)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("log3 x", "write log(x, 3) for the logarithm to base 3"),
        ("log3(x)", "write log(x, 3) for the logarithm to base 3"),
        ("log _5(7x-1)", "write log(x, 5) for the logarithm to base 5"),
        ("soft max(x)", "write softmax as one word"),
    ],
)
def test_what_is_written_apart_is_put_right(text: str, hint: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        diff(text)
    assert hint in caught.value.diagnostic.hints
