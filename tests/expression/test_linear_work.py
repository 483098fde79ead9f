"""Texts of some thirty kinds: twice the text takes twice the work, counted in calls and not in seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import process_time
from typing import Any

import pytest

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.tape import run
from calcgrad.comparing.request import asked, read
from calcgrad.expression import to_latex, to_text
from calcgrad.functions.expression import Expression
from calcgrad.methods.certified import derivatives
from calcgrad.operations import VOCABULARY
from calcgrad.systems.base import FLOAT64

pytestmark = pytest.mark.slow


def repeated(unit: str, sign: str) -> Callable[[int], str]:
    return lambda n: sign.join([unit] * n)


#: A text of about so many parts.
KINDS: dict[str, Callable[[int], str]] = {
    "a sum": repeated("x", "+"),
    "a sum of powers": lambda n: " + ".join(f"{i % 97 + 1}*x^{i % 13 + 1}" for i in range(n)),
    "a difference": repeated("sin(x)", "-"),
    "a product": repeated("x", "*"),
    "a product of decimals": repeated("(x-0.999)", "*"),
    "a product of calls": lambda n: "*".join(
        ["sin(x)", "exp(x)", "tan(x)", "log(x)", "sqrt(x)"][i % 5] for i in range(n)
    ),
    "a quotient": repeated("x", "/"),
    "a tower of powers": lambda n: "x" + "^1" * n,
    "powers of powers": lambda n: "(" * n + "x" + ")^1" * n,
    "a tower of bases": lambda n: "1.1^" * n + "x",
    "minus signs": lambda n: "-" * n + "x",
    "minus signs and blanks": lambda n: "- " * n + "x",
    "root signs": lambda n: "√" * n + "x",
    "brackets": lambda n: "(" * n + "x" + ")" * n,
    "calls in calls": lambda n: "sin(" * n + "x" + ")" * n,
    "bars beside bars": repeated("|x|", "+"),
    "absolute values": lambda n: "abs(" * n + "x" + ")" * n,
    "conjunctions": lambda n: "where(" + " and ".join(["x<3"] * n) + ",x,0)",
    "a chain that breaks at its beginning": lambda n: (
        "where(" + " and ".join(["2<3", *["3<3"] * n]) + ",x,0)"
    ),
    "comparisons": lambda n: "where(" + " < ".join(["1"] * n) + " < x, x, 0)",
    "where in where": lambda n: "where(x<1,x," * n + "x" + ")" * n,
    "if and else": lambda n: "x" + " if x<1 else x" * n,
    "the least of many": lambda n: "min(" + ",".join(["x"] * n) + ")",
    "the greatest in the greatest": lambda n: "max(x," * n + "1" + ")" * n,
    "products without a sign": repeated("x", " "),
    "brackets beside brackets": repeated("(x+1)", ""),
    "factorials": lambda n: "x" + "!" * n,
    "a vector summed": lambda n: "sum([" + ",".join(["x"] * n) + "])",
    "a matrix summed": lambda n: "sum([" + ",".join(["[x,1]", "[2,x^2]"] * n) + "])",
    "sums in sums": lambda n: "(x+" * n + "1" + ")" * n,
    "Horner's form": lambda n: "(" * n + "1" + "*x+0.5)" * n,
    "numbers": lambda n: "x+" + "+".join(["1.5"] * n),
    "not of not": lambda n: "where(" + "not " * n + "(x<1),x,1)",
    "blanks": lambda n: "x" + " " * n + "+1",
    "a long name": lambda n: "x" + "+x_" + "a" * n,
    "many names": lambda n: "+".join(f"x_{i % 50}" for i in range(n)),
}


def answered(text: str) -> None:
    """What ``diff`` does with a text, but for what has a limit of its own: it is read, evaluated, swept, proved and printed."""
    request = asked(text)
    names = read(request).function.variables
    function = read(asked(text, at=dict.fromkeys(names, 1.5))).function
    flat = [1.5] * len(names)
    function.values(flat)
    tape = function.in_numbers.tape if function.arrays else function.tape
    values = run(tape, function.unflatten(flat), FLOAT64)
    pullback(tape, values, dict.fromkeys(tape.outputs, 1.0), FLOAT64)
    if function.arrays:
        swept(function, flat)
    derivatives(function, flat, [(0,)], seconds=60.0)
    to_text(function.root, VOCABULARY)
    to_latex(function.root, VOCABULARY)


def swept(function: Expression, flat: list[float]) -> None:
    """Both sweeps over arrays."""
    tape, arrays = function.tape, function.system
    values = run(tape, function.unflatten(flat), arrays)
    pushforward(tape, values, function.seed(0), arrays)
    pullback(tape, values, dict.fromkeys(tape.outputs, 1.0), arrays)


def work(text: str) -> int:
    """How many calls of Python and C an answer takes."""
    calls = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        answered(text)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("kind", KINDS)
def test_twice_the_text_is_twice_the_work(kind: str) -> None:
    text = KINDS[kind]
    answered(text(20))  # what is made once, and kept, is no part of it
    few, many = work(text(200)), work(text(800))
    assert many <= 4.8 * few + 2000


def test_thousands_of_variables_are_chosen_in_no_time() -> None:
    """Each was looked for among all of them: 40,000 took eight seconds of the processor, and the walk as long again."""
    text = "+".join(f"x_{i}" for i in range(40_000))
    begun = process_time()
    reading = read(asked(text))
    assert len(reading.wrts) == 40_000
    assert reading.function.values([1.0] * 40_000) == [40_000.0]
    assert process_time() - begun < 5.0
