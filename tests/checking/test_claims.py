"""Derivatives made by hand."""

from __future__ import annotations

import math

import pytest

from calcgrad import check
from calcgrad.errors import CalcgradError

RIGHT = [
    ("x^2*sin(x)", ["2*x*sin(x)+x^2*cos(x)"]),
    ("tan(x)", ["1/cos(x)^2"]),
    ("x*y + sin(x)", ["y + cos(x)", "x"]),
    ("sin(x^2)", ["cos(x^2)*2*x"]),
    ("tanh(x)", ["1 - tanh(x)^2"]),
]
WRONG = [
    ("x^2*sin(x)", ["2*x*sin(x)-x^2*cos(x)"], 1),
    ("sin(2x)", ["cos(2x)"], 1),
    ("x*y", ["x", "y"], 2),
    ("exp(x)", ["exp(x) + 1e-6"], 1),
]


@pytest.mark.parametrize(("text", "claims"), RIGHT)
def test_right_claims(text: str, claims: list[str]) -> None:
    report = check(text, claims)
    assert (report.verdict, report.wrong_count) == ("right", 0)
    assert all("proved as a formula" in note for note in report.notes)


@pytest.mark.parametrize(("text", "claims", "count"), WRONG)
def test_wrong_claims_have_a_counter_example(text: str, claims: list[str], count: int) -> None:
    report = check(text, claims)
    assert (report.verdict, report.wrong_count) == ("wrong", count)
    assert all(entry.claimed != entry.true and math.isfinite(entry.true) for entry in report.wrong)


@pytest.mark.parametrize(
    ("text", "claims", "code"),
    [("x*y", ["y"], "E373"), ("x", ["t"], "E374"), ("[x, x^2]", ["1"], "E375")],
)
def test_claims_that_cannot_be_checked(text: str, claims: list[str], code: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        check(text, claims)
    assert caught.value.diagnostic.code == code
