"""The finder of mistakes: exact words for claims that people make, silence for those that no single mistake explains."""

from __future__ import annotations

import pytest

from calcgrad import check
from calcgrad.checking.claims import check_claim
from calcgrad.deriving.building import scheme
from calcgrad.deriving.equality import proved_equal
from calcgrad.deriving.mistakes import MISTAKES
from calcgrad.deriving.rules import RULE

#: A function, a wrong derivative of it, the sentence, and the part that is underlined.
TOLD = [
    ("sin(x^2)", "cos(x^2)", "the inner derivative of x^2, which is 2*x, is left out (chain rule)", "sin(x^2)"),
    ("x*sin(x^2)", "sin(x^2)+x*cos(x^2)", "the inner derivative of x^2, which is 2*x, is left out (chain rule)", "sin(x^2)"),
    ("x*sin(x)", "cos(x)", "the derivative of the product x*sin(x) is taken as the product of the derivatives", "x*sin(x)"),
    ("x/(x+1)", "1/(x+1)", "the denominator x + 1 of the quotient rule is not squared", "x/(x+1)"),
    ("3 + cos(x)", "sin(x)", "the derivative of cos is -sin: the minus is lost", "cos(x)"),
    ("x^3", "x^2", "the exponent 3 of x^3 is lowered, but not brought down as a factor (power rule)", "x^3"),
    ("x^3", "3x^3", "the exponent of x^3 is brought down, but not lowered by 1 (power rule)", "x^3"),
    ("2^x", "x*2^(x-1)", "the power rule is applied to 2^x, whose exponent varies", "2^x"),
    ("x^2", "-2x", "the sign of the derivative of x^2 is turned (power rule)", "x^2"),
    ("x^-2", "2x^-3", "the sign of the exponent -2 of x^-2 is lost (power rule)", "x^-2"),
    ("3x^2", "2x", "the constant factor 3 is lost", "3x^2"),
    ("log10(x)", "1/x", "the base of the logarithm is forgotten: the factor 1/ln(10) is missing", "log10(x)"),
    ("sin(3x)", "9cos(3x)", "the inner derivative of 3*x is applied twice (chain rule)", "sin(3x)"),
    ("sin(x^2)", "cos(2x)", "the inner derivative 2*x stands inside the derivative of sin, not beside it (chain rule)", "sin(x^2)"),
    ("x^2 + 5", "2x + 5", "the derivative of the constant 5 is 0, not 5", "5"),
    ("asec(x)", "1/(x*sqrt(x^2 - 1))", None, "asec(x)"),
    ("sin(pi*x/180)", "cos(pi*x/180)", "the factor pi/180 of an angle in degrees is left out (chain rule)", "sin(pi*x/180)"),
    ("x^2", "x^3/3", "x^2 is integrated, not differentiated", "x^2"),
    ("x^2", "2x + 3", "the claim is the derivative plus 3", None),
    ("exp(x)*ln(x)", "3/2*(exp(x)*ln(x) + exp(x)/x)", "the claim is 3/2 times the derivative", None),
    ("x*exp(x)*sin(x)", "-exp(x)*((1 + x)*sin(x) + x*cos(x))", "the sign is wrong: the claim is minus the derivative", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "claim", "sentence", "place"), TOLD)
def test_the_mistake_is_named_at_its_place(
    text: str, claim: str, sentence: str | None, place: str | None
) -> None:
    report = check(text, claim)
    (mistake,) = report.mistakes
    assert report.verdict == "wrong"
    assert sentence in (None, mistake.detail)
    assert (text[slice(*mistake.place)] if mistake.place else None) == place


@pytest.mark.parametrize(
    ("text", "claim"),
    [("x^2*sin(x)", "x*cos(x) + 7*x"), ("exp(x)/x", "tan(x)"), ("x^3", "17*x^5 - 2"), ("ln(x)*x", "sin(x)")],
)
def test_what_no_single_mistake_explains_is_not_explained(text: str, claim: str) -> None:
    report = check(text, claim)
    assert (report.verdict, report.mistakes) == ("wrong", ())


@pytest.mark.parametrize(
    ("text", "claim", "sentence"),
    [
        (
            "x^2",
            "3x^2",
            "the exponent 2 of x^2 is raised by 1 before it is brought down, and not lowered (power rule)",
        ),
        ("x^2", "3x", "the exponent 2 of x^2 is raised by 1 before it is brought down (power rule)"),
        ("sin(x)", "x*cos(x)", "the claim is x times the derivative"),
        ("exp(x)", "3*exp(x)/x", "the claim is 3/x times the derivative"),
        ("x^2", "x^3", "the claim is x^2/2 times the derivative"),
        ("x^2", "4*x", "the claim is 2 times the derivative"),
        ("x^2", "2*x + 1", "the claim is the derivative plus 1"),
    ],
)
def test_what_a_claim_is_beside_the_derivative(text: str, claim: str, sentence: str) -> None:
    (mistake,) = check(text, claim).mistakes
    assert mistake.detail == sentence


def test_the_right_answer_says_where_it_holds() -> None:
    report = check_claim("cbrt(x^5)", ["5/3*x^(2/3)"], show_answer=True)
    assert report.answers == ("5*x^4/(3*cbrt(x^5)^2)   (holds where x != 0)",)


def test_a_right_claim_has_no_mistake() -> None:
    assert check("sin(x)^2", "sin(2*x)").mistakes == ()


def test_a_claim_that_is_undefined_where_the_derivative_exists_is_wrong() -> None:
    report = check("cbrt(x^5)", "5/3*x^(2/3)")
    assert (report.verdict, report.mistakes[0].detail) == (
        "wrong",
        "the claim is right for x > 0 only: elsewhere it is undefined",
    )


def test_orders_are_asked_for_or_said_in_the_claim() -> None:
    assert check("x^3", "6*x", order=2).verdict == "right"
    assert check("f(x) = x^3", "f''(x) = 6*x").verdict == "right"
    wrong = check("x^3", "3*x^2", order=2, show_answer=True)
    assert (wrong.mistakes[0].name, wrong.answers) == ("wrong order", ("6*x",))


def test_constants() -> None:
    assert check("x^2 + C", "2*x").verdict == "right"
    assert check("7", "0").verdict == "right"
    assert check("x^2", "2*x + C").mistakes[0].name == "constant of integration"


def test_every_wrong_rule_spoils_a_rule_and_is_wrong() -> None:
    for mistake in MISTAKES:
        right = RULE[mistake.rule].scheme
        assert not proved_equal(scheme(mistake.scheme), scheme(right)), mistake
        assert mistake.words
