"""Why a number is wrong: an operation that the last bit of its argument moves altogether, steps that are too long, no measure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import mpmath
import pytest

import calcgrad
from calcgrad.comparing.misled import steepest
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY

mp = mpmath.mp

#: text, point, the operation that turns too fast as a function in mpmath, its argument, both in words.
STEEP: list[tuple[str, str, Callable[[Any], Any], float, str, str]] = [
    ("fresnelc(x)", "x=2e16", mp.fresnelc, 2e16, "x", "fresnelc(x)"),
    ("fresnelc(x) + y", "x=-1e111, y=2", mp.fresnelc, -1e111, "x", "fresnelc(x)"),
    ("sin(x^3)", "x=4e6", mp.sin, 4e6**3, "x^3", "sin(x^3)"),
    (
        "haversin(x - 5e15)",
        "x=0",
        lambda t: (1 - mp.cos(t)) / 2,
        -5e15,
        "x - 5000000000000000",
        "haversin(x - 5000000000000000)",
    ),
]


def explained(text: str, at: str) -> str:
    (point,) = calcgrad.diff(text, at=read_points((at,), VOCABULARY), truth="certified").points
    assert point.verdict == "disagree"
    return " ".join(point.explanation)


@pytest.mark.parametrize(("text", "at", "function", "argument", "inner", "outer"), STEEP)
def test_an_operation_that_the_last_bit_moves_is_named(
    text: str, at: str, function: Any, argument: float, inner: str, outer: str
) -> None:
    root = parse(text, VOCABULARY).root
    names = [part.partition("=")[0].strip() for part in at.split(",")]
    flat = [float(part.partition("=")[2]) for part in at.split(",")]
    said = steepest(Expression(root, names).in_numbers.tape, flat)
    assert said is not None
    assert said.startswith(f"one last bit of {inner}, ")
    assert f"moves {outer} by " in said
    with mpmath.workdps(400):
        x = mp.mpf(argument)
        slope = abs(mp.diff(function, x, h=mp.mpf(10) ** -200)) * mp.mpf(math.ulp(argument))
        assert slope > abs(function(x)) / 10


@pytest.mark.parametrize(
    ("text", "at"),
    [("x + sin(x^2)", 3.0), ("x - 1", 1 + 1e-15), ("exp(x)", 5.0), ("sin(x)", 1e6), ("floor(x)", 1e300)],
)
def test_where_the_last_bit_moves_little_nothing_is_named(text: str, at: float) -> None:
    assert steepest(Expression(parse(text, VOCABULARY).root, ["x"]).tape, [at]) is None


def test_what_the_output_is_not_made_of_is_not_named() -> None:
    tape = Expression(parse("[sin(x^2), x^2]", VOCABULARY).root, ["x"]).in_numbers.tape
    assert steepest(tape, [3e10], 0) is not None
    assert steepest(tape, [3e10], 1) is None


#: text, point, the function in mpmath, its derivative there.
LONG: list[tuple[str, str, Callable[[Any], Any], Callable[[Any], Any]]] = [
    (
        "1.5csc(x) + 0.5x + 2",
        "x=-8e7",
        lambda x: 1.5 * mp.csc(x) + x / 2 + 2,
        lambda x: -1.5 * mp.csc(x) * mp.cot(x) + 0.5,
    ),
    (
        "ellipf(x, 2^-27)",
        "x=9e4",
        lambda x: mp.ellipf(x, mp.mpf(2) ** -27),
        lambda x: 1 / mp.sqrt(1 - mp.mpf(2) ** -27 * mp.sin(x) ** 2),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "function", "slope"), LONG)
def test_steps_that_are_too_long_are_said_with_the_mean_slope_over_them(
    text: str, at: str, function: Any, slope: Any
) -> None:
    said = explained(text, at)
    found = re.search(
        r"its steps are too long for the function, whose mean slope from (\S+) to (\S+) is (\S+)", said
    )
    assert found is not None, said
    low, high, mean = (mp.mpf(number) for number in found.groups())
    with mpmath.workdps(40):
        true = (function(high) - function(low)) / (high - low)
        x = mp.mpf(at.partition("=")[2])
        assert mp.almosteq(true, mean, 1e-4)
        assert not mp.almosteq(true, slope(x), 1e-10)


def test_where_there_is_no_measure_of_rounding_it_is_not_said_to_be_more() -> None:
    """gamma(1e-8) is 1e8, and the exponential in the measure of logsumexp overflows."""
    said = explained("sin(logsumexp(gamma(w)))", "w=[1e-8]")
    assert "how far rounding may move it is not known" in said
    assert "more than rounding explains" not in said
