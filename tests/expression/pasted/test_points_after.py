"""``f(x) = …; f'(3)`` asks for a value at a point: the point is not lost without a word."""

from __future__ import annotations

import pytest

from calcgrad import diff
from calcgrad.errors import CalcgradError


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("f(x) = x^2; f'(3)", "3"),
        ("y = x^3; y'(-2)", "-2"),
        ("f(x) = x^2; f''(0.5)", "0.5"),
        ("f(x) = x^2; f'(pi)", "pi"),
        ("f(x, y) = x*y; f'(1, 2)", '"x=1, y=2"'),
    ],
)
def test_a_point_behind_the_primes_is_refused_with_the_way(text: str, at: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        diff(text)
    assert caught.value.diagnostic.code == "E120"
    assert caught.value.diagnostic.hints == (f"give the point by itself: --at {at}",)


@pytest.mark.parametrize("text", ["f(x) = x^3; f'(x)", "f(x) = x^3; f'", "f(t) = t^3; f'(t)"])
def test_the_variable_behind_the_primes_is_read(text: str) -> None:
    report = diff(text, truth="none")
    assert "3*" in str(report)
