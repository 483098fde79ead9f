"""Lines of equal height: each point has its height, none goes across a jump or a pole, and gradients are mpmath's."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable
from pathlib import Path

import jsonschema
import mpmath
import pytest

import calcgrad
from calcgrad.explaining.contours import ContoursReport
from calcgrad.explaining.isolines import levels, lines
from calcgrad.explaining.plotting import plotted
from tests.cli.running import Streams
from tests.goldens import same_as_golden

SCHEMA = json.loads((Path(calcgrad.__file__).parent / "schemas" / "plot-v1.json").read_text(encoding="utf-8"))
#: Expressions, the ends of both axes, and the same function for mpmath.
FUNCTIONS: list[tuple[str, float, float, Callable[..., object]]] = [
    ("x^2 + 3*y^2", -4, 6, lambda x, y: x**2 + 3 * y**2),
    ("x*y", -1, 1, lambda x, y: x * y),
    ("sin(x)*cos(y)", -3, 3, lambda x, y: mpmath.sin(x) * mpmath.cos(y)),
    ("exp(x - y)", -2, 2, lambda x, y: mpmath.exp(x - y)),
    ("hypot(x, y)", -2, 3, mpmath.hypot),
]


def contours_of(text: str, low: float, high: float, at: str | None = None) -> ContoursReport:
    report = plotted([text], low, high, at)
    assert isinstance(report, ContoursReport)
    return report


@pytest.mark.parametrize(("text", "low", "high", "function"), FUNCTIONS)
def test_lines_have_their_height(text: str, low: float, high: float, function: Callable[..., object]) -> None:
    land = contours_of(text, low, high).landscape
    spread = max(map(max, land.heights)) - min(map(min, land.heights))
    assert len(land.levels) >= 7
    for level in land.levels:
        for line in level.lines:
            for place in line[:: max(1, len(line) // 8)]:
                assert abs(float(function(*place)) - level.height) < 1e-3 * spread  # type: ignore[arg-type]
                assert all(low <= number <= high for number in place)


@pytest.mark.parametrize(("text", "low", "high", "function"), FUNCTIONS)
def test_gradients_are_mpmaths(text: str, low: float, high: float, function: Callable[..., object]) -> None:
    arrows = contours_of(text, low, high).arrows
    assert len(arrows) == 77 - (text.startswith("hypot") * sum(a.at == (0, 0) for a in arrows))
    for arrow in arrows[::7]:
        for k, order in enumerate([(1, 0), (0, 1)]):
            with mpmath.workdps(30):
                assert mpmath.almosteq(
                    mpmath.diff(function, arrow.at, order), arrow.gradient[k], 1e-10, 1e-10
                )


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("1/x + 0*y", lambda x, y: 1 / x),
        ("1/(x*y)", lambda x, y: 1 / (x * y)),
        ("floor(x) + 0.001*y", lambda x, y: math.floor(x) + 0.001 * y),
    ],
)
def test_no_line_goes_along_a_break(text: str, function: Callable[[float, float], float]) -> None:
    """The values on both sides of x = 0 are far apart: what lies between them is no height of the function there."""
    for level in contours_of(text, -1.03, 0.97).landscape.levels:
        for line in level.lines:
            assert not any(a[0] < 0 < b[0] or b[0] < 0 < a[0] for a, b in itertools.pairwise(line))
            for place in line:
                assert function(*place) == pytest.approx(level.height, rel=0.2, abs=1e-3)


def test_a_saddle_is_divided_by_its_middle() -> None:
    """Around the centre of x*y all four corners of a cell are crossed: two lines for each height, and none through 0."""
    xs = [-3.0, -1.0, 1.0, 3.0]
    grid = [[x * y for x in xs] for y in xs]
    for level in (0.5, -0.5):
        found = lines(lambda x, y: x * y, level, xs, xs, grid)
        assert len(found) == 2
        for line in found:
            assert len({(x > 0, y > 0) for x, y in line}) == 1


def test_levels_are_short_and_inside() -> None:
    assert levels([math.nan, 1.0], 5) == []
    found = levels([k * k / 7.3 for k in range(200)], 9)
    assert len(found) == 9
    assert found == sorted(found)
    assert all(float(f"{h:.2g}") == h for h in found)


def test_no_value_is_blank_and_said(streams: Streams) -> None:
    report = contours_of("sqrt(x) + ln(y)", -1, 1)
    assert report.landscape.blank == 49 * 49 - 25 * 24
    assert all(x >= 0 and y > 0 for level in report.landscape.levels for line in level.lines for x, y in line)
    out = streams.run("plot", "sqrt(x) + ln(y)", "--from", "-1", "--to", "1").out
    assert "no value at 1,801 of 2,401 places looked at" in out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["x*y"], 0),
        (["x*y", "--at", "x=1, y=2"], 0),
        (["x*y", "--at", "1, 2", "--from", "x=-2, y=0", "--to", "3"], 0),
        (["abs(x) + y", "--at", "x=0, y=2"], 1),
        (["ln(x*y)", "--at", "x=0, y=2"], 3),
        (["x*y*z"], 2),
        (["x*y", "--order", "2"], 2),
        (["x*y", "--claim", "y"], 2),
        (["x*y", "--from", "1", "--to", "0"], 2),
        (["x*y", "--from", "x=1"], 2),
    ],
)
def test_exit_codes_and_the_schema(streams: Streams, arguments: list[str], code: int) -> None:
    found = streams.run("plot", *arguments, "--json")
    assert found.code == code
    if code != 2:
        jsonschema.validate(json.loads(found.out), SCHEMA)


@pytest.mark.parametrize("width", [60, 80])
def test_the_screen(streams: Streams, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    found = streams.run("plot", "x^2 + 3*y^2", "--at", "x=1, y=2", "--ascii")
    assert max(map(len, found.out.splitlines())) <= width
    assert found.out.isascii()
    same_as_golden(f"plot/contours-{width}.txt", found.out)


def test_in_unicode(streams: Streams) -> None:
    pytest.importorskip("plotext")
    same_as_golden(
        "plot/contours-80-unicode.txt", streams.run("plot", "x*y", "--from", "-1", "--to", "1").out
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5 + 0*x*y", "f = 5 at each place that was looked at"),
        ("floor(x) + floor(y)", "no line of equal height: the values jump"),
        ("sqrt(-1 - x^2 - y^2)", "no value at any place that was looked at"),
    ],
)
def test_why_there_are_no_lines(streams: Streams, text: str, said: str) -> None:
    found = streams.run("plot", text, "--from", "0", "--to", "3")
    assert (found.code, said in found.out, found.out.count("no value") <= 1) == (0, True, True)


def test_markdown_html_and_the_notebook(streams: Streams) -> None:
    assert "f rises quickest" in streams.run("plot", "x*y", "--at", "1, 2", "--format", "markdown").out
    assert streams.run("plot", "x*y", "--format", "html").out.startswith("<!DOCTYPE html>")
    report = calcgrad.plot("x*y", -1, 1)
    assert repr(report).startswith("<ContoursReport f(x, y) = x*y, x from -1 to 1, y from -1 to 1: lines of")
    assert "<pre>" in report._repr_html_()


def test_without_a_closed_form_there_are_lines_and_no_arrows() -> None:
    """The table has no derivative of jacobi by its parameters."""
    report = calcgrad.plot("jacobi(2, x, 1, y)", -0.5, 0.5, at="x=0.1, y=0.2")
    assert report.landscape.levels
    assert (report.arrows, report.arrow) == ((), None)
    assert "no gradient: by one of the variables no closed form is known" in " ".join(str(report).split())


def test_every_way_says_the_gradient() -> None:
    report = calcgrad.plot("sin(x)*y", at="x=0, y=2")
    for text in (str(report), report._repr_html_(), report._repr_markdown_(), report._repr_latex_()):
        for words in ("= 2", "= 0", "proved", "quickest", "by 2 a unit"):
            assert words in text


@pytest.mark.slow
def test_a_picture(streams: Streams, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for name, start in (("a.png", b"\x89PNG"), ("a.svg", b"<?xml")):
        file = tmp_path / name
        assert streams.run("plot", "x*y", "--at", "1, 2", "--output", str(file)).code == 0
        assert file.read_bytes().startswith(start)
