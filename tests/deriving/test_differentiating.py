"""Rules by name at their places, sizes that no recursion would stand, and what has no formula."""

from __future__ import annotations

import pytest

from calcgrad.deriving import RULES, NoFormulaError, differentiate, tidy
from calcgrad.deriving.building import scheme
from calcgrad.expression import parse, to_text
from calcgrad.expression.nodes import Call, Name, Node, Number
from calcgrad.operations import VOCABULARY

X = Name("x")


def read(text: str) -> Node:
    return parse(text, VOCABULARY, declared=("x", "y", "a", "n")).root


#: A function, its raw derivative, and the rules in the order in which they are applied.
STEPS = [
    ("7", "0", []),
    ("x", "1", []),
    ("x^2 + 3", "2*x", ["power", "sum"]),
    ("x^3 - x", "3*x^2 - 1", ["power", "difference"]),
    ("-x^2", "-(2*x)", ["power", "negative"]),
    ("5*x^2", "5*(2*x)", ["power", "constant factor"]),
    ("x^2/7", "2*x/7", ["power", "constant divisor"]),
    ("x^2*sin(x)", "2*x*sin(x) + x^2*cos(x)", ["power", "function", "product"]),
    ("x/(x + 1)", "(x + 1 - x)/(x + 1)^2", ["sum", "quotient"]),
    ("1/x", "-(1/x^2)", ["reciprocal"]),
    ("sin(x^2)", "cos(x^2)*(2*x)", ["power", "chain"]),
    ("e^(3*x)", "e^(3*x)*3", ["constant factor", "natural exponential"]),
    ("2^x", "2^x*ln(2)", ["exponential"]),
    ("x^x", "x^x*(ln(x) + x/x)", ["logarithmic"]),
    ("x^n", "n*x^(n - 1)", ["power"]),
    ("where(x > 0, x^2, 3*x)", "where(x > 0, 2*x, 3)", ["power", "constant factor", "pieces"]),
    ("relu(x^2)", "where(x^2 > 0, 2*x, 0)", ["power", "chain"]),
    ("floor(x) + x", "1", ["steps", "sum"]),
    ("max(x, x^2)", "where(x > x^2, 1, 0) + where(x > x^2, 0, 2*x)", ["power", "several arguments"]),
    ("[x^2, sin(x)]", "[2*x, cos(x)]", ["power", "function", "entries"]),
]


@pytest.mark.parametrize(("text", "formula", "rules"), STEPS)
def test_each_rule_by_name(text: str, formula: str, rules: list[str]) -> None:
    found = differentiate(read(text), "x")
    assert found.formula == read(formula)
    assert [step.rule.name for step in found.steps] == rules


def test_every_rule_is_told_in_a_scheme_that_can_be_read() -> None:
    for rule in RULES:
        assert not rule.scheme or scheme(rule.scheme) is not None


def test_a_step_says_its_place_its_parts_and_what_it_uses() -> None:
    text = "x^2*sin(3*x)"
    found = differentiate(read(text), "x")
    place = {step.rule.name: text[slice(*step.place)] for step in found.steps}
    assert place == {"power": "x^2", "constant factor": "3*x", "chain": "sin(3*x)", "product": text}
    product = found.steps[-1]
    assert dict(product.parts) == {"u": read("x^2"), "v": read("sin(3*x)")}
    assert dict(product.derivatives) == {"du": read("2*x"), "dv": read("cos(3*x)*3")}
    assert [found.steps[k].rule.name for k in product.uses] == ["power", "chain"]
    assert (product.scheme, product.after) == ("du*v + u*dv", found.formula)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("abs(x)", ["kink"]),
        ("floor(x)", ["jump"]),
        ("cbrt(x)", ["vertical"]),
        ("where(x == 1, 2, x)", ["border"]),
        ("x^2", []),
    ],
)
def test_seams_say_where_the_formula_need_not_hold(text: str, kinds: list[str]) -> None:
    assert [seam.kind for seam in differentiate(read(text), "x").seams] == kinds


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("besselj(x, 2)", "the derivative of besselj in its argument 1 has no known formula"),
        ("sum([x, x^2])", "sum works on arrays: write it out in numbers first"),
        ("(-2)^x", "a power of a number that is not positive has no derivative"),
    ],
)
def test_no_formula_is_said_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(NoFormulaError, match=why.replace("(", r"\(")):
        differentiate(read(text), "x")


@pytest.mark.slow
def test_one_step_for_each_of_ten_thousand_nested_functions() -> None:
    root: Node = X
    for _ in range(10_000):
        root = Call("sin", (root,))
    found = differentiate(root, "x")
    assert len(found.steps) == 10_000
    assert tidy(found.formula, root).formula is not None


@pytest.mark.slow
def test_many_terms_are_collected_once() -> None:
    root: Node = X
    for k in range(2, 20_000):
        root = Call("add", (root, Call("mul", (Number(k), X))))
    formula = tidy(differentiate(root, "x").formula, root).formula
    assert formula == Number(sum(range(2, 20_000)) + 1)


def test_higher_orders_and_several_variables_step_on_from_the_result() -> None:
    root = read("x^3*y^2")
    for name in ("x", "x", "y"):
        root = tidy(differentiate(root, name).formula, root).formula
    assert to_text(root, VOCABULARY) == "12*x*y"
