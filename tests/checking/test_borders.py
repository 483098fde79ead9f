"""Claims at the places that conditions single out; the derivatives there are limits done by hand."""

from __future__ import annotations

import pytest

from calcgrad.checking.claims import check_claim

CASES = [
    # f(h)/h goes to 3, whatever is written at 0
    ("where(x == 0, 5*x, 3*x)", "where(x == 0, 5, 3)", "wrong", "the claim is 5, and the derivative is 3"),
    ("where(x == 0, 5*x, 3*x)", "where(x == 0, 3, 3)", "right", ""),
    ("where(x != 0, (1 - cos(x))/x, 0)", "where(x != 0, sin(x)/x - (1 - cos(x))/x^2, 0)", "wrong", "0.5"),
    ("where(x != 0, (1 - cos(x))/x, 0)", "where(x != 0, sin(x)/x - (1 - cos(x))/x^2, 1/2)", "right", "x = 0"),
    ("where(x != 0, sin(x)/x, 1)", "where(x != 0, cos(x)/x - sin(x)/x^2, 0)", "right", "right at x = 0"),
    ("where(x == 0, 5*x, 3*x)", "where(x == 0, 7, 3)", "wrong", "the claim is 7"),
    ("where(x == 2 or x == 3, x^2, x^2)", "2*x", "right", ""),
    ("where(x > 1, x^2, x)", "where(x > 1, 2*x, 1)", "right", "no derivative at x = 1"),
    ("1e17*(1.1 - 1 - 0.1)*x", "0", "right", "proved"),
    ("1e17*(1.1 - 1 - 0.1)*x", "8.326672684688674", "wrong", "the derivative is 0"),
    ("0.1*x", "0.1000000000000000055511151231257827", "wrong", ""),
]


@pytest.mark.slow
@pytest.mark.parametrize(("function", "claim", "verdict", "words"), CASES)
def test_a_claim(function: str, claim: str, verdict: str, words: str) -> None:
    report = check_claim(function, [claim])
    assert report.verdict == verdict, report.notes
    assert words in " ".join(report.notes)


@pytest.mark.slow
def test_a_border_that_is_a_point_of_the_plane() -> None:
    f = "where(x^2 + y^2 > 0, x^3/(x^2 + y^2), 0)"
    beside = "where(x^2 + y^2 > 0, (x^4 + 3*x^2*y^2)/(x^2 + y^2)^2, 0)"  # at the origin f is x along x: the slope is 1
    report = check_claim(f, [beside], wrt=["x"])
    assert report.verdict == "wrong", report.notes
    assert "the derivative is 1" in report.notes[0]
