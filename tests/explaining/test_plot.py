"""Plots: points are mpmath's, places are those of the verdicts, nothing is joined across a break."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path

import jsonschema
import mpmath
import pytest

import calcgrad
from calcgrad.explaining.places import written
from calcgrad.explaining.plot import plot
from tests.cli.running import Streams
from tests.goldens import same_as_golden

SCHEMA = json.loads((Path(calcgrad.__file__).parent / "schemas" / "plot-v1.json").read_text(encoding="utf-8"))
#: Functions, ranges, and the places between: exact number (or None) and verdict.
PLACES = [
    ("1/x", -1, 1, [("0", "undefined")]),
    ("abs(x)", -5, 5, [("0", "kink")]),
    ("sin(x)/x", -5, 5, [("0", "removable")]),
    ("tan(x)", -2, 2, [("-pi/2", "undefined"), ("pi/2", "undefined")]),
    ("sqrt(x)", -5, 5, [("0", "boundary")]),
    ("ln(x)", -5, 5, [("0", "undefined")]),
    ("floor(x)", -0.5, 1.5, [("0", "jump"), ("1", "jump")]),
    ("cbrt(x)", -5, 5, [("0", "infinite")]),
    ("abs(x^2 - 2)", -5, 5, [("-sqrt(2)", "kink"), ("sqrt(2)", "kink")]),
    ("1/(x^2 - 1)", -3, 3, [("-1", "undefined"), ("1", "undefined")]),
    ("1/(x - 0.7236481)^2", -1, 1, [(None, "undefined")]),
    ("max(x, exp(x) - 2)", -5, 5, [(None, "kink"), (None, "kink")]),
    ("where(x > 1, x, x^2)", -5, 5, [("1", "kink")]),
    ("asin(x)", -5, 5, [("-1", "boundary"), ("1", "boundary")]),
    ("(x^2 - 1)/(x - 1)", -5, 5, [("1", "removable")]),
    ("abs(x)^3", -5, 5, []),
    ("1/(x^2 + 1e-12)", -5, 5, []),  # a peak as narrow as a millionth, and no pole
    ("abs(x) + abs(x - 1e-6)", -5, 5, [("0", "kink"), (None, "kink")]),
    ("abs(x - 1.0000000001)", -5, 5, [(None, "kink")]),
    ("floor(3*x + 0.2)", 0, 0.5, [("4/15", "jump")]),
    ("ln(x - 0.7236481)", 0, 1, [(None, "undefined")]),
    ("sqrt(x - 0.7236481)", 0, 1, [(None, "boundary")]),
    ("cbrt(x - 0.7236481)", 0, 1, [(None, "infinite")]),
    ("floor(x + 0.2763519)", 0, 1, [(None, "jump")]),
    ("x*abs(x)", -5, 5, []),
    ("exp(x)", 0, 800, [(None, "overflow")]),  # at ln of the largest double, which nobody writes
    ("sqrt(1 + cos(x))", -5, 5, [("-pi", "kink"), ("pi", "kink")]),  # sqrt(2)*|cos(x/2)|
    ("sqrt(1 + cos(x - 0.3))", 3, 4, [(None, "inconclusive")]),
    ("x^2", -5, 5, []),
    ("5", -5, 5, []),
]


@pytest.mark.parametrize(("text", "low", "high", "places"), PLACES)
def test_places(text: str, low: float, high: float, places: list[tuple[str | None, str]]) -> None:
    [drawn] = plot([text], low, high).functions
    assert [(spot.exact, spot.kind) for spot in drawn.spots] == places


@pytest.mark.parametrize(("text", "low", "high", "places"), PLACES)
def test_no_piece_goes_across_a_break(text: str, low: float, high: float, places: object) -> None:
    [drawn] = plot([text], low, high).functions
    for curve in drawn.curves:
        assert curve.pieces or text == "5"
        for spot in drawn.spots:
            if spot.breaks or curve.order:
                assert not any(piece[0][0] < spot.x < piece[-1][0] for piece in curve.pieces)
        for piece in curve.pieces:
            assert all(a[0] < b[0] for a, b in itertools.pairwise(piece))
            assert all(math.isfinite(y) for _, y in piece)


@pytest.mark.parametrize(
    ("text", "function"),
    [("x^2*sin(x)", lambda x: x**2 * mpmath.sin(x)), ("exp(-x^2)", lambda x: mpmath.exp(-(x**2)))],
)
def test_points_are_mpmaths(text: str, function: object) -> None:
    [drawn] = plot([text], -3, 3, order=2).functions
    assert [curve.name for curve in drawn.curves] == ["f", "f'", "f''"]
    for curve in drawn.curves:
        points = [point for piece in curve.pieces for point in piece]
        assert len(points) > 40
        with mpmath.workdps(30):
            for x, y in points[:: len(points) // 10]:
                assert mpmath.almosteq(mpmath.diff(function, mpmath.mpf(x), curve.order), y, 1e-10, 1e-12)


def test_sampling_follows_the_bends() -> None:
    """Between neighbours the curve is no further from the line than a small share of the picture."""
    report = plot(["tanh(20*x)"], -5, 5, order=0)
    spread = report.heights[1] - report.heights[0]
    [piece] = report.functions[0].curves[0].pieces
    for (x0, y0), (x1, y1) in itertools.pairwise(piece):
        assert abs(math.tanh(10 * (x0 + x1)) - (y0 + y1) / 2) < 0.01 * spread


def test_many_places_of_one_kind_are_one_sentence(streams: Streams) -> None:
    """The poles of tan(3*x^2) are where 3*x^2 is an odd multiple of pi/2."""
    out = " ".join(streams.run("plot", "tan(3*x^2)", "--from", "0", "--to", "2").out.split())
    places = [math.sqrt((2 * k + 1) * math.pi / 6) for k in range(4)]
    first, second, last = (f"{x:.10g}" for x in (places[0], places[1], places[-1]))
    assert f"x = about {first}, {second}, ..., {last} (4 places): pole, or no value" in out


def test_no_value_anywhere_is_said(streams: Streams) -> None:
    assert "no value at any place that was looked at" in streams.run("plot", "sqrt(-1 - x^2)").out


def test_a_point_alone_is_no_pole(streams: Streams) -> None:
    out = streams.run("plot", "x^(1/x)", "--from", "-1.2", "--to", "-0.8").out
    assert "x = -1: a point alone: x^(1/x) is defined at x = -1, but not beside it" in out


def test_the_tangent() -> None:
    tangent = plot(["x^2"], at="1").tangent
    assert tangent is not None
    assert (tangent.x, tangent.value, tangent.slope, tangent.truth) == (1.0, 1.0, 2.0, "2")
    assert plot(["abs(x)"], at=0).tangent is None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["x^2", "--at", "1"], 0),
        (["abs(x)", "--at", "0"], 1),
        (["1/x", "--at", "0"], 3),
        (["1/x"], 0),
        (["-x^2", "--from", "-2*pi", "--to", "pi"], 0),
        (["x*y*z"], 2),
        (["x", "--from", "1", "--to", "0"], 2),
        ([], 2),
    ],
)
def test_exit_codes(streams: Streams, arguments: list[str], code: int) -> None:
    assert streams.run("plot", *arguments, "--quiet").code == code


@pytest.mark.parametrize(
    "arguments", [["1/x", "--at", "1"], ["sin(x)", "cos(x)"], ["x^2", "--claim", "x"], ["floor(x)"]]
)
def test_json_fits_the_schema(streams: Streams, arguments: list[str]) -> None:
    jsonschema.validate(json.loads(streams.run("plot", *arguments, "--json").out), SCHEMA)


def test_a_claim_and_its_difference(streams: Streams) -> None:
    difference = plot(["sin(x^2)"], 0, 3, claim="cos(x^2)").difference
    assert difference is not None
    true = abs(math.cos(difference.at**2) * (1 - 2 * difference.at))
    assert difference.most == pytest.approx(true, rel=1e-12)
    said = streams.run("plot", "sin(x^2)", "--from", "0", "--to", "3", "--claim", "2*x*cos(x^2)").out
    assert "no difference from f' is to be seen" in said


@pytest.mark.parametrize("width", [60, 80])
def test_the_screen(streams: Streams, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    found = streams.run("plot", "abs(x - 1)/x", "--at", "2", "--ascii")
    assert found.code == 0
    assert max(map(len, found.out.splitlines())) <= width
    assert found.out.isascii()
    same_as_golden(f"plot/kink-and-pole-{width}.txt", found.out)


def test_markdown_html_and_the_notebook(streams: Streams) -> None:
    assert "kink" in streams.run("plot", "abs(x)", "--format", "markdown").out
    assert streams.run("plot", "abs(x)", "--format", "html").out.startswith("<!DOCTYPE html>")
    report = calcgrad.plot("abs(x)")
    assert repr(report) == "<PlotReport f(x) = abs(x), x from -5 to 5: 1 place marked>"
    assert "kink" in str(report)
    assert "<pre>" in report._repr_html_()


@pytest.mark.slow
def test_pictures(streams: Streams, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for name, start in (("a.png", b"\x89PNG"), ("a.svg", b"<?xml")):
        file = tmp_path / name
        assert streams.run("plot", "abs(x)/x", "--claim", "0", "--output", str(file)).code == 0
        assert file.read_bytes().startswith(start)
    assert streams.run("plot", "x", "--output", str(tmp_path / "none" / "a.svg")).code == 2


@pytest.mark.parametrize("x", [1.5, -0.001, math.pi / 6, -2 * math.pi, math.sqrt(3), 0.0])
def test_numbers_that_people_write(x: float) -> None:
    [first, *_] = written(x)
    value = eval(first, {"pi": math.pi, "sqrt": math.sqrt})
    assert value == pytest.approx(x, abs=1e-9)


def test_where_no_slope_is_known_the_curve_is_drawn_alone() -> None:
    """The table has no derivative of hyp2f1 by its first argument; hyp2f1(1, 1, 2, 1/2) = 2 ln 2."""
    report = plot(["hyp2f1(x, 1, 2, 0.5)"], 0, 2)
    [curve, *_] = report.functions[0].curves
    values = dict(point for piece in curve.pieces for point in piece)
    near = min(values, key=lambda x: abs(x - 1.0))
    assert values[near] == pytest.approx(2 * math.log(2), abs=0.05)
    assert not any(piece for c in report.functions[0].curves[1:] for piece in c.pieces)
