"""The number whose rounding takes a derivative's digits is named, and none where another fault is at work."""

from __future__ import annotations

import pytest

from calcgrad.comparing.cases import cases_of
from calcgrad.comparing.compute import compute
from calcgrad.comparing.culprit import culprit
from calcgrad.comparing.looks import Looks
from calcgrad.comparing.misled import with_causes
from calcgrad.comparing.request import Request, read
from calcgrad.deadline import Deadline
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY
from calcgrad.report.derivatives import Result, Truth


def asked(text: str, at: str, truth: str) -> Request:
    return Request(text, at=read_points((at,), VOCABULARY), truth=truth)


def misled(text: str, at: str, given: float, true: str) -> str | None:
    """What is said of a wrong number of reverse mode."""
    reading = read(asked(text, at, "none"))
    (case,) = cases_of(reading.function, reading.points)
    truth = Truth(("x",), value=true, verdict="disagree")
    off = abs(given - float(true))
    wrong = Result("reverse-ad", ("x",), given, abs_error=off, rel_error=off / abs(float(true)))
    (found,) = with_causes(Looks(reading, case, Deadline(10.0)), (truth,), (wrong,))
    return found.note


def test_the_reason_names_the_number() -> None:
    """The cosine of a multiple of pi does not move with its argument's last bit, its slope does."""
    said = misled("cos(pi*x)", "1e5", 1e-10, "1e-20") or ""
    assert said.endswith("the last bits of pi*x move the derivative altogether")


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
    assert misled("x^2*sin(x)", "2", 2.0, "1.0") is None
