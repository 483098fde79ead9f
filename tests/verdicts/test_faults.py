"""What is to blame for a value that is not finite: the first operation that made it so, by name and with its reason."""

from __future__ import annotations

import math
from typing import Any

import pytest

from calcgrad.autodiff.tape import run
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.operations import VOCABULARY
from calcgrad.verdicts.faults import fault, holds
from calcgrad.verdicts.spelling import LONGEST, shortened

LARGE = "is beyond the largest double, 1.8e308"

BLAMED: dict[tuple[str, float], tuple[str, str]] = {
    ("sqrt(x)", -1.0): ("undefined", "sqrt(x) is not defined here: it needs x >= 0"),
    ("log(x) + 1", -1.0): ("undefined", "ln(x) is not defined here: it needs x > 0"),
    ("2 + 1/x", 0.0): ("undefined", "1/x is not defined here: it needs x != 0"),
    ("x^0.5", -2.0): (
        "undefined",
        "x^0.5 is not defined here: a negative number has real powers for whole exponents only; cbrt(x) is the real cube root, "
        "root(x, n) the real n-th root",
    ),
    ("x^-1", 0.0): (
        "undefined",
        "x^-1 is not defined here: it needs x > 0 or x == 0 and -1 >= 0 or x < 0 and -1 == floor(-1)",
    ),
    ("exp(x)", 1000.0): ("overflow", f"exp(x) {LARGE}"),
    ("exp(x) - exp(x)", 1000.0): ("overflow", f"exp(x) {LARGE}"),
    ("sin(exp(x))", 1000.0): ("overflow", f"exp(x) {LARGE}"),
    ("gamma(x)*0", 200.0): ("overflow", f"gamma(x) {LARGE}"),
    ("log(exp(-x))", 1000.0): ("undefined", "ln(exp(-x)) is not defined here: it needs exp(-x) > 0"),
    ("sqrt(log(x))", 0.5): ("undefined", "sqrt(ln(x)) is not defined here: it needs ln(x) >= 0"),
    ("acos(x) + atanh(x)", 2.0): ("undefined", "acos(x) is not defined here: it needs abs(x) <= 1"),
    ("asin(sqrt(x))*exp(900)", -4.0): ("undefined", "sqrt(x) is not defined here: it needs x >= 0"),
    ("exp(900)*asin(sqrt(x))", -4.0): ("overflow", f"exp(900) {LARGE}"),
}


def _at(text: str, x: float) -> tuple[Expression, list[Any], int]:
    function = Expression(parse(text, VOCABULARY, declared=("x",)).root, ("x",))
    return function, run(function.tape, [x], function.system), function.tape.outputs[0]


@pytest.mark.parametrize("asked", BLAMED, ids=str)
def test_the_first_operation_at_fault_is_named(asked: tuple[str, float]) -> None:
    function, values, output = _at(*asked)
    assert not math.isfinite(values[output])
    assert fault(function, values, output) == BLAMED[asked]


def test_a_point_that_is_not_finite_is_nobodys_fault() -> None:
    function, values, _ = _at("x", math.inf)
    assert fault(function, values, 0) == ("undefined", "the value is not finite")


def test_a_value_that_is_nan_where_the_table_sees_no_reason() -> None:
    function, values, output = _at("sin(x) + 1", 1.0)
    broken = [values[0], math.nan, math.nan, *values[3:]]
    assert fault(function, broken, output) == ("undefined", "sin(x) is not defined here")


@pytest.mark.parametrize(("x", "true"), [(0.5, True), (-1.0, True), (1.5, False), (math.nan, False)])
def test_conditions_are_asked_of_numbers(x: float, true: bool) -> None:
    assert holds("abs(a) <= 1", [x]) is true


def test_long_texts_lose_their_middle() -> None:
    text = "".join(chr(ord("a") + k % 26) for k in range(LONGEST))
    assert shortened(text) == text
    cut = shortened(text + "z")
    assert len(cut) <= LONGEST
    first, last = cut.split(" ... ")
    assert text.startswith(first)
    assert (text + "z").endswith(last)
    assert min(len(first), len(last)) >= LONGEST // 2 - 4
