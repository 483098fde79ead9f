"""The number whose rounding takes a derivative's digits is named, and none where another fault is at work."""

from __future__ import annotations

import pytest

from calcgrad.comparing.blamed import with_culprits
from calcgrad.comparing.compute import compute
from calcgrad.comparing.culprit import culprit
from calcgrad.comparing.request import Request, flat_point, read
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY
from calcgrad.report.derivatives import Result, Truth


def asked(text: str, at: str, truth: str) -> Request:
    return Request(text, at=read_points((at,), VOCABULARY), truth=truth)


@pytest.mark.parametrize("truth", ["none", "certified"])
@pytest.mark.parametrize(
    ("text", "at", "named"),
    [
        ("fresnelc(cot(x))", "2e-18", "cot(x)"),
        ("tan(acot(x))*2", "-4e-77", "acot(x)"),
        ("fresnelc(dot(w, w))", "w=[1, -1e141]", "w[0]*w[0] + w[1]*w[1]"),
    ],
)
def test_the_reason_names_the_number(text: str, at: str, named: str, truth: str) -> None:
    (point,) = compute(asked(text, at, truth)).points
    assert point.verdict == "disagree"
    assert point.explanation[0].startswith(f"rounding moves {named} by a last bit or so")
    assert "but the truth is" in point.explanation[0]


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("xlogy(y, betainc(1, 8, z))", "y=0, z=0.9", "the rounding of betainc(1, 8, z) takes the others"),
        ("erf(z)^y", "y=0, z=4.5", "the rounding of erf(z) takes the others"),
        ("(1 - cos(x))/x^2", "1e-2", "1 - cos(x) cancels"),
    ],
)
def test_few_digits_have_their_reason(text: str, at: str, said: str) -> None:
    (told,) = [w.message for w in compute(asked(text, at, "certified")).warnings if w.code == "W202"]
    assert said in told


def test_an_ordinary_number_is_not_blamed() -> None:
    """A wrong rule in a well-conditioned place stays a wrong rule."""
    f = Expression(parse("x^2*sin(x) + exp(x)", VOCABULARY).root, ["x"])
    assert culprit(f, [2.0], 0, 0, 0.5) is None
    reading = read(asked("x^2*sin(x)", "2", "none"))
    truth = Truth(("x",), value="1.0", verdict="disagree")
    wrong = Result("reverse-ad", ("x",), 2.0, abs_error=1.0, rel_error=1.0)
    flat = flat_point(reading.function, reading.points[0])
    assert with_culprits(reading, flat, (truth,), (wrong,)) == (truth,)


def test_a_row_that_is_right_by_the_chain_rule_has_none() -> None:
    reading = read(asked("fresnelc(cot(x))", "2e-18", "none"))
    flat = flat_point(reading.function, reading.points[0])
    truth = Truth(("x",), value="-2.4e35", verdict="disagree")
    right = Result("reverse-ad", ("x",), -2.4e35, abs_error=1e10, rel_error=1e-25)
    assert with_culprits(reading, flat, (truth,), (right,)) == (truth,)
    wrong = Result("reverse-ad", ("x",), 2.4e35, abs_error=4.8e35, rel_error=2.0)
    assert with_culprits(reading, flat, (truth,), (wrong,)) != (truth,)
