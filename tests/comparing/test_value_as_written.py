"""The function's own value: as written first, where the doubles of the methods give another."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import calcgrad
from calcgrad.render import Style
from calcgrad.render.table import render
from tests.cli.running import Streams


@pytest.mark.parametrize(
    ("text", "at", "written"),
    [
        ("sin(x)", "pi", "0"),
        ("cos(x)", "pi/2", "0"),
        ("1e17*(1.1 - 1 - 0.1)*x", "1", "0"),
        ("0.1*x", "3", "0.3"),  # 0.30000000000000004 in doubles
        ("0.1*x", "2", None),  # the double is the nearest
        ("sin(x)", "0.5", None),
        ("x^2", "3", None),
        ("(x + 1e16) - 1e16", "1", "1"),  # 0 in doubles, which hold all that was written
        ("(x - 1e16) + 1e16", "3", "3"),
        ("sqrt(x)^2 - x", "2", "0"),
        ("x^2*exp(x)", "3", None),  # a rounding or two
    ],
)
def test_the_value_as_written(text: str, at: str, written: str | None) -> None:
    report = calcgrad.diff(text, at=at)
    assert report.points[0].value_written == written


def test_it_stands_first_in_the_table() -> None:
    lines = render(calcgrad.diff("sin(x)", at="pi"), Style(width=80)).splitlines()
    place = lines.index("f  = 0")
    assert lines[place + 1] == "    at the nearest doubles, which the methods get: 1.2246467991473532e-16"


@pytest.mark.parametrize("form", ["table", "markdown", "latex", "html"])
def test_each_format_has_both_values(streams: Streams, form: str) -> None:
    out = streams.run(
        "diff", "(x - 1e16) + 1e16", "--at", "3", "--methods", "reverse-ad", "--format", form
    ).out
    assert "which the methods get: 4" in out
    assert ("f = 3" if form != "table" else "f  = 3") in out


@pytest.mark.parametrize(
    ("text", "at", "truth"),
    [("(x + 1e16) - 1e16", "1", "1"), ("cosh(x) - 1", "1e-9", "5.0000000000000000004e-19")],
)
def test_without_sympy_arb_says_what_the_value_is(text: str, at: str, truth: str) -> None:
    """The second by cosh's series, x^2/2 + x^4/24: 5e-19 + 4.2e-38."""
    point = calcgrad.diff(text, at=at, truth="certified", methods="forward-ad").points[0]
    assert point.value == 0
    assert point.value_written == truth


@pytest.mark.parametrize("explain", [calcgrad.steps, calcgrad.trace, calcgrad.nudge])
def test_every_explanation_says_the_value_as_written(explain: Callable[..., object]) -> None:
    assert "f = 1" in str(explain("(x + 1e16) - 1e16", at="1"))
