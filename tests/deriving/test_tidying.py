"""What people see: the tidied formula of a function, and the names of the steps that led to it."""

from __future__ import annotations

import pytest

from calcgrad.deriving import differentiate, tidy
from calcgrad.expression import parse, to_text
from calcgrad.expression.nodes import Node
from calcgrad.operations import VOCABULARY


def read(text: str) -> Node:
    return parse(text, VOCABULARY, declared=("x", "y", "n")).root


DERIVATIVES = [
    ("sin(x^2)*exp(x)", "exp(x)*(2*x*cos(x^2) + sin(x^2))"),
    ("x^x", "x^x*(ln(x) + 1)"),
    ("(x+1)/(x-1)", "-2/(x - 1)^2"),
    ("max(x, x^2)", "where(x > x^2, 1, 2*x)"),
    ("ln(3*x)", "1/x"),
    ("besselj(0, x)", "-besselj(1, x)"),
    ("x^(1/3)", "1/(3*x^(2/3))"),
    ("-3/x^2", "6/x^3"),
    ("abs(x)*x", "2*abs(x)"),
    ("sin(x)/(1 + cos(x))", "1/(1 + cos(x))"),
    ("x/(x^2 + 1)^2", "(1 - 3*x^2)/(x^2 + 1)^3"),
    ("sqrt(1 - x^2)", "-x/sqrt(1 - x^2)"),
    ("(x-1)^3*(x+2)^2", "(x - 1)^2*(x + 2)*(5*x + 4)"),
    ("ln(x + sqrt(x^2 + 1))", "1/sqrt(x^2 + 1)"),
    ("x*ln(x) - x", "ln(x)"),
    ("e^(2*x)*x", "e^(2*x)*(2*x + 1)"),
    ("0.5*x^2 + 0.1*x", "x + 0.1"),
    ("1/(1 + e^(-x))", "e^-x/(1 + e^-x)^2"),
    ("sin(asin(x))", "cos(asin(x))/sqrt(1 - x^2)"),
]


@pytest.mark.parametrize(("text", "formula"), DERIVATIVES)
def test_formulas_as_people_write_them(text: str, formula: str) -> None:
    root = read(text)
    found = tidy(differentiate(root, "x").formula, root).formula
    assert to_text(found, VOCABULARY) == to_text(read(formula), VOCABULARY)


#: What must stay: each would lose values, or change them, where the function has some.
KEPT = [
    "sqrt(x^2)",
    "(x^2)^(1/2)",
    "ln(x^2)",
    "(x^4)^(1/4)",
    "asin(sin(x))",
    "(x*y)^(1/2)",
    "where(x == 0, 1, x)",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_not_safe_is_left(text: str) -> None:
    shown = to_text(tidy(read(text)).formula, VOCABULARY)
    assert shown == to_text(read(text), VOCABULARY) or shown == "sqrt(" + text[1 : text.index(")")] + ")"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("2*x + 3*x", ["like terms"]),
        ("x*x^2", ["like factors"]),
        ("sin(-x)", ["known value"]),
        ("ln(e)", ["known value"]),
        ("sin(asin(x))", ["inverse functions"]),
        ("x*exp(x) + exp(x)", ["taken out"]),
        ("x*(x + 1) - x^2", ["multiplied out", "like terms"]),
        ("sin(x)^2 + cos(x)^2", ["sin^2 and cos^2"]),
    ],
)
def test_every_step_is_recorded(text: str, names: list[str]) -> None:
    assert [step.name for step in tidy(read(text)).steps] == names


def test_what_gains_values_says_so() -> None:
    assert [step.widens for step in tidy(read("x/x")).steps] == [True]
    assert [step.widens for step in tidy(read("2*x + 3*x")).steps] == [False]
