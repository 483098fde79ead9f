"""Nudges: the slopes are those of doubles, the errors are mpmath's, truncation is Taylor's, and the screen is as it was."""

from __future__ import annotations

import json
import math
from pathlib import Path

import jsonschema
import mpmath
import pytest

import calcgrad
from calcgrad.comparing.request import asked
from calcgrad.explaining.nudge import METHODS, nudge, powers_of_ten
from calcgrad.explaining.quotients import QUOTIENTS
from tests.cli.running import Streams
from tests.goldens import same_as_golden

SCHEMA = json.loads(
    (Path(calcgrad.__file__).parent / "schemas" / "nudge-v1.json").read_text(encoding="utf-8")
)
#: An expression, mpmath's function, a point.
FUNCTIONS = [
    ("t^2", lambda t: t**2, 3.0),
    ("x^3 + 2*x", lambda x: x**3 + 2 * x, 2.0),
    ("sin(x)", mpmath.sin, 1.0),
    ("exp(x)*cos(x)", lambda x: mpmath.exp(x) * mpmath.cos(x), 0.75),
    ("ln(x)", mpmath.log, 2.5),
]


def test_the_slopes_of_the_lesson() -> None:
    first = calcgrad.nudge("t^2", at=3).methods[0]
    assert [float(f"{row.slope:.10g}") for row in first.rows[:5]] == [6.1, 6.01, 6.001, 6.0001, 6.00001]
    [cube] = calcgrad.nudge("x^3", at=2, step="1e-3", methods="forward-difference").methods
    assert cube.rows[0].moved == 2.001**3
    assert round(cube.rows[0].slope, 6) == 12.006001
    assert (first.rows[-1].slope, first.rows[-1].stuck) == (0.0, True)


@pytest.mark.parametrize(("text", "function", "x"), FUNCTIONS)
def test_the_errors_are_those_of_mpmath(text: str, function: object, x: float) -> None:
    report = calcgrad.nudge(text, at=x, methods=METHODS)
    with mpmath.workdps(40):
        true = mpmath.diff(function, mpmath.mpf(x))
        assert mpmath.almosteq(mpmath.mpf(report.truth), true, 1e-25)
        for nudged in report.methods:
            for row in nudged.rows:
                assert row.error is not None
                assert math.isclose(
                    row.error, abs(mpmath.mpf(row.slope) - true), rel_tol=1e-12, abs_tol=1e-30
                )


@pytest.mark.parametrize(("text", "function", "x"), FUNCTIONS)
def test_truncation_is_what_taylor_leaves_out(text: str, function: object, x: float) -> None:
    report = calcgrad.nudge(text, at=x, methods=list(QUOTIENTS))
    for nudged in report.methods:
        if nudged.truncation is None:
            assert nudged.exact
            continue
        t = nudged.truncation
        with mpmath.workdps(60):
            h, at = mpmath.mpf("1e-8"), mpmath.mpf(x)
            quotient = QUOTIENTS[nudged.method]
            if quotient.imaginary:
                slope = mpmath.im(function(at + 1j * h)) / h  # type: ignore[operator]
            else:
                terms = [
                    (mpmath.mpf(o.numerator), w.numerator / mpmath.mpf(w.denominator))
                    for o, w in quotient.terms
                ]
                slope = sum(w * function(at + o * h) for o, w in terms) / (quotient.divisor * h)  # type: ignore[operator]
            left_out = (slope - mpmath.diff(function, at)) / h**t.power
            assert mpmath.almosteq(left_out, t.coefficient, 1e-5, 1e-5)


def test_both_sides_are_fitted() -> None:
    report = calcgrad.nudge("sin(x)", at=1)
    for nudged in report.methods[:3]:
        assert nudged.falls is not None
        assert nudged.rises is not None
        assert nudged.truncation is not None
        assert abs(nudged.falls.power - nudged.truncation.power) < 0.1
        assert abs(nudged.rises.power + 1) < 0.15
        assert nudged.best is not None
        assert nudged.balance is not None
        assert 0.02 < nudged.best.step / nudged.balance < 50
    assert report.methods[3].rises is None  # the complex step subtracts nothing


@pytest.mark.parametrize(
    ("text", "at", "code"),
    [("t^2", "3", 0), ("abs(x)", "0", 1), ("sin(x)/x", "0", 0), ("1/x", "0", 3), ("sqrt(x)", "0", 1), ("x*y", "x=1,y=2", 2)],
)  # fmt: skip
def test_exit_codes_are_those_of_diff(streams: Streams, text: str, at: str, code: int) -> None:
    assert streams.run("nudge", text, "--at", at, "--quiet").code == code


def test_slopes_stand_beside_each_other_where_there_is_no_derivative(streams: Streams) -> None:
    lines = streams.run("nudge", "abs(x)", "--at", "0", "--format", "text").out.splitlines()
    assert "error of each method" not in lines
    assert "central-difference" not in lines
    table = lines[lines.index("slope of each method") + 1 :]
    assert table[1].split()[:3] == ["1e-1", "1", "0"]


def test_no_error_is_shown_where_there_is_no_derivative(streams: Streams) -> None:
    found = streams.run("nudge", "abs(x)", "--at", "0", "--json")
    report = json.loads(found.out)
    assert (found.code, report["truth"]) == (1, None)
    assert {row["error"] for m in report["methods"] for row in m["rows"]} == {None}
    assert [row["slope"] for row in report["methods"][0]["rows"][:2]] == [1.0, 1.0]


@pytest.mark.parametrize(("text", "at"), [("t^2", "3"), ("abs(x)", "0"), ("1/x", "0")])
def test_json_fits_the_schema(streams: Streams, text: str, at: str) -> None:
    report = json.loads(streams.run("nudge", text, "--at", at, "--json").out)
    jsonschema.validate(report, SCHEMA)


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("text", ["t^2", "sin(x)"])
def test_the_screen(streams: Streams, monkeypatch: pytest.MonkeyPatch, width: int, text: str) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    at = {"t^2": "3", "sin(x)": "1"}[text]
    found = streams.run("nudge", text, "--at", at, "--ascii")
    assert found.code == 0
    assert max(map(len, found.out.splitlines())) <= width
    assert found.out.isascii()
    same_as_golden(f"nudge/{'square' if at == '3' else 'sine'}-{width}.txt", found.out)


def test_markdown_html_and_the_notebook(streams: Streams) -> None:
    assert "| 1e-1 |" in streams.run("nudge", "t^2", "--at", "3", "--format", "markdown").out
    html = streams.run("nudge", "t^2 + 0*log(t)", "--at", "3", "--format", "html").out
    assert html.startswith("<!DOCTYPE html>")
    report = calcgrad.nudge("t^2", at=3)
    assert repr(report) == "<NudgeReport t^2 at t = 3, forward-difference best at h = 1e-8, agree>"
    assert str(report).startswith("f(t) = t^2 at t = 3")
    assert "<table>" in report._repr_html_()


@pytest.mark.slow
def test_pictures(streams: Streams, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for name, start in (("a.png", b"\x89PNG"), ("a.svg", b"<?xml")):
        file = tmp_path / name
        assert streams.run("nudge", "sin(x)", "--at", "1", "--output", str(file)).code == 0
        assert file.read_bytes().startswith(start)
    again = tmp_path / "b.svg"
    streams.run("nudge", "sin(x)", "--at", "1", "--output", str(again))
    assert again.read_bytes() == (tmp_path / "a.svg").read_bytes()


def test_the_chart_by_plotext_fits(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("plotext")
    monkeypatch.setenv("COLUMNS", "60")
    found = streams.run("nudge", "sin(x)", "--at", "1")
    assert "└" in found.out
    assert max(map(len, found.out.splitlines())) <= 60


@pytest.mark.parametrize("text", ["0:1", "a:b", "1e-1:", "-1:1", "", "1e-300:1e300"])
def test_steps_that_are_none(text: str) -> None:
    with pytest.raises(calcgrad.CalcgradError, match="E621"):
        powers_of_ten(text)


def test_steps_go_either_way() -> None:
    assert powers_of_ten("1e-3:0.1") == [1e-3, 1e-2, 1e-1]
    assert powers_of_ten("1e-1:1e-16")[-1] == 1e-16
    assert powers_of_ten("5e-2:1e-3") == [5e-2, 5e-3]


def test_one_variable_of_several() -> None:
    from calcgrad.comparing.request import asked

    report = nudge(asked("x*y", "x=1, y=2", wrt="y"), methods=["forward-difference"])
    assert (report.variable, report.truth, report.x) == ("y", "1", 2.0)


def test_where_there_is_no_value_there_is_no_slope() -> None:
    assert all(math.isnan(row.slope) for row in nudge(asked("ln(x)", 0)).methods[0].rows)
    report = nudge(asked("exp(800)*x", 1))
    assert (report.point.verdict, report.truth is not None) == ("overflow", True)
    assert all(row.error is None for found in report.methods for row in found.rows)
