"""Where formulas hold: the text says so exactly where formula and function differ. Truth: the functions' own definitions."""

from __future__ import annotations

import pytest

import calcgrad

#: A function of x, and where its formula holds; None where it needs no word, because it holds or has no value either.
CASES = [
    ("abs(x)", "x != 0"),
    ("1000*abs(x)", "x != 0"),
    ("exp(abs(50*x))", "x != 0"),
    ("abs(sin(x))", "sin(x) != 0"),
    ("abs(x^2 - 1)", "x^2 != 1"),
    ("abs(x - 1000)", "x != 1000"),
    ("max(x, 3)", "x != 3"),
    ("relu(x)", "x != 0"),
    ("sqrt(x^2)", None),
    ("floor(x)", "x is not a whole number"),
    ("x*floor(49*x)", "49*x is not a whole number"),
    ("trunc(x)", "x is not a whole number"),
    ("round(x)", "x - 0.5 is not a whole number"),
    ("mod(x, 2)", "x/2 is not a whole number"),
    ("heaviside(x)", "x != 0"),
    ("cbrt(x^5)", "x != 0"),
    ("acot(x)", "x != 0"),
    ("atan(1/x)", "x != 0"),
    ("(x^2 - 1)/(x - 1)", "x != 1"),
    ("where(x == 0, 5*x, 3*x)", "x != 0"),
    ("where(x > 0, x, 2*x)", "x != 0"),
    ("where(x != 0, (1 - cos(x))/x, 0)", "x != 0"),
    ("clip(x, 0, 1)", "x != 0 and x != 1"),
    # the formula holds, or has no value where the function has no derivative
    ("x*abs(x)", None),
    ("abs(x)^1.5", None),
    ("cbrt(x)^3", None),
    ("where(x > 0, x^2, -x^2)", None),
    ("elu(x)", None),
    ("abs(x^2 + 1)", None),
    ("1/x", None),
    ("tan(x)", None),
    ("sqrt(1 - x^2)", None),
    ("cbrt(x)", None),
    ("root(x, 5)", None),
    ("ln(x)", None),
    ("gamma(x)", None),
    ("1/(1 + exp(-x))", None),
    ("lowergamma(2, x)", None),
    ("li(x)", None),  # 1/ln(x) goes to its slope at 0, which is 0, as slowly as a logarithm
]


@pytest.mark.parametrize(("text", "where"), CASES)
def test_of_one_variable(text: str, where: str | None) -> None:
    (formula,) = calcgrad.diff(text).derivatives
    assert formula.note == (None if where is None else f"holds where {where}")


def test_of_two_variables() -> None:
    by = {row.wrt: row.note for row in calcgrad.diff("y*abs(x - y)").derivatives}
    assert by == {("x",): "holds where x != y", ("y",): "holds where x != y"}
    by = {row.wrt: row.note for row in calcgrad.diff("y*floor(x)").derivatives}
    assert by == {("x",): "holds where x is not a whole number", ("y",): None}


def test_of_second_order() -> None:
    (formula,) = calcgrad.diff("x*abs(x)", order=2).derivatives
    assert formula.note == "holds where x != 0"


def test_an_author_s_condition_is_doubted_where_no_zero_of_it_is_met() -> None:
    (formula,) = calcgrad.diff("where(x > 1e9, x, 2*x)").derivatives
    assert formula.note == "holds where x != 1000000000"


@pytest.mark.parametrize(
    ("text", "formula", "where"),
    [
        ("dawson(x)", "1 - 2*x*dawson(x)", None),
        ("polylog(2, x)", "polylog(1, x)/x", "x != 0"),
        ("ellipk(x)", "(ellipe(x) - (1 - x)*ellipk(x))/(2*x*(1 - x))", "x != 0"),
    ],
)
def test_a_formula_as_people_write_it(text: str, formula: str, where: str | None) -> None:
    """The rows of k-th derivatives are there for digits; a hole that the written form has, and the derivative has not, is named."""
    (found,) = calcgrad.diff(text, truth="symbolic").derivatives
    assert (found.formula, found.note) == (formula, where and f"holds where {where}")
    assert calcgrad.diff(found.formula).parsed == found.formula


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("normpdf(x, 0, 2)", "-x*normpdf(x/2)/8"),
        ("normcdf(x, 1, 2)", "normpdf((x - 1)/2)/2"),
    ],
)
def test_a_word_that_is_written_out_has_a_formula_of_our_own(text: str, formula: str) -> None:
    (row,) = calcgrad.diff(text, truth="none").derivatives
    assert (row.formula, row.note) == (formula, None)


def test_a_seam_that_is_everywhere_is_no_place() -> None:
    """The standard deviation of one number is 0, and so is its derivative: not only where w != w/1."""
    (row,) = calcgrad.diff("std(w)", at="w=2", truth="none").derivatives
    assert (row.formula, row.note) == ("0", None)
