"""Descents: each step is the rule applied to mpmath's derivative, each ending is named, the rates are those of the theory."""

from __future__ import annotations

import json
import math
from pathlib import Path

import jsonschema
import mpmath
import numpy as np
import pytest

import calcgrad
from calcgrad.comparing.request import asked
from calcgrad.explaining.descend import Going, descend
from tests.cli.running import Streams
from tests.goldens import same_as_golden

SCHEMA = json.loads(
    (Path(calcgrad.__file__).parent / "schemas" / "descend-v1.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("text", "function", "x", "rate"),
    [
        ("(w - 3.5)^2", lambda w: (w - 3.5) ** 2, 1.5, 0.1),
        ("cosh(x) + x", lambda x: mpmath.cosh(x) + x, 1.25, 0.2),
        ("x^4 - 3*x^2 + x", lambda x: x**4 - 3 * x**2 + x, 0.5, 0.03),
    ],
)
def test_steps_are_the_rule(text: str, function: object, x: float, rate: float) -> None:
    """gradient: x - r f'; momentum: v = 0.9 v - r f', x + v; newton: x - f'/f''."""
    for rule in ("gradient", "momentum", "newton"):
        going = Going(rule, rate if rule != "newton" else 1.0, 6)  # type: ignore[arg-type]
        stations = descend(asked(text, x), going).path.stations
        at, speed = mpmath.mpf(x), mpmath.mpf(0)
        with mpmath.workdps(40):
            for station in stations:
                assert mpmath.almosteq(station.at[0], at, 1e-11, 1e-11)
                assert mpmath.almosteq(station.loss, function(at), 1e-10, 1e-10)  # type: ignore[operator]
                slope = mpmath.diff(function, at)
                assert mpmath.almosteq(station.gradient[0], slope, 1e-10, 1e-10)
                if rule == "newton":
                    at = at - slope / mpmath.diff(function, at, 2)
                else:
                    speed = (0.9 if rule == "momentum" else 0) * speed - rate * slope
                    at = at + speed


@pytest.mark.parametrize(
    ("text", "at", "going", "kind", "code"),
    [
        ("(w-3.5)^2", "1.5", {"rate": 0.5}, "minimum", 0),
        ("(w-3.5)^2", "1.5", {}, "descending", 0),
        ("(w-3.5)^2", "1.5", {"rate": 1.0}, "circling", 0),
        ("(w-3.5)^2", "1.5", {"rate": 1.1}, "diverged", 1),
        ("x^4", "1", {"rate": 2.0}, "diverged", 1),
        ("abs(w)", "1.05", {}, "kink", 0),
        ("max(x, -2*x)", "1", {"rate": 0.3}, "kink", 0),
        ("abs(w)", "1", {"rate": 0.25}, "kink", 0),
        ("abs(x) + y^2", "x=1, y=0", {"rate": 0.25}, "kink", 0),
        ("x^2 + 3*y^2", "x=0, y=1", {"rate": 1 / 3}, "circling", 0),
        ("(x^2 + 3*x)/(x - 1)", "0.7", {"rate": 0.01, "steps": 5}, "descending", 0),  # over a pole, then down
        ("tan(4*x - 1)", "0.7", {"rate": 0.01, "steps": 5}, "descending", 0),
        ("tan(sqrt(x) + 4)", "0.7", {"rate": 0.01}, "nan", 3),
        ("(3*x + 2)^5", "0.7", {"rate": 0.01}, "diverged", 1),
        ("x", "1", {"rule": "newton"}, "stuck", 0),
        ("x^4 - x", "1", {"rule": "momentum", "rate": 0.05, "steps": 6}, "swinging", 0),
        ("x^4 - x", "1", {"rule": "momentum", "rate": 0.05, "steps": 400, "until": 1e-6}, "minimum", 0),
        ("(1 - x)^2 + 5*(y - x^2)^2", "x=-1, y=1", {"rate": 0.03, "steps": 50}, "descending", 0),
        ("x^2 - y^2", "x=1, y=0", {"steps": 200, "until": 1e-8}, "saddle", 0),
        ("cos(x)", "0", {}, "maximum", 0),
        ("x^3", "0", {}, "flat", 0),
        ("ln(x)", "1", {"rate": 0.5}, "nan", 3),
        ("sqrt(x)", "-1", {}, "nan", 3),
        ("(w-3.5)^2", "1.5", {"until": 1e-9}, "descending", 4),
        ("x^2 + y^2", "x=1, y=2", {"rule": "newton", "until": 1e-9}, "minimum", 0),
        ("sum(w^2)", "w=[1, 2, 3]", {"steps": 100, "until": 1e-6}, "minimum", 0),
    ],
)
def test_endings(
    streams: Streams, text: str, at: str, going: dict[str, object], kind: str, code: int
) -> None:
    options = [part for name, value in going.items() for part in (f"--{name}", str(value))]
    found = streams.run("descend", text, "--at", at, "--json", *options)
    report = json.loads(found.out)
    jsonschema.validate(report, SCHEMA)
    assert (report["path"]["verdict"], found.code) == (kind, code)


@pytest.mark.parametrize(("rate", "diverges"), [(0.999, False), (1.001, True)])
def test_the_limit_of_a_parabola_is_two_over_its_curvature(rate: float, diverges: bool) -> None:
    report = descend(asked("(w - 3.5)^2", 1.5), Going(rate=rate, steps=60))
    assert report.curvature is not None
    assert (report.curvature.everywhere, report.curvature.limit, report.curvature.arrives) == (True, 1.0, 0.5)
    assert (report.path.ending.kind == "diverged") is diverges


@pytest.mark.parametrize(("rate", "diverges"), [(1.85, False), (1.95, True)])
def test_the_limit_with_momentum(rate: float, diverges: bool) -> None:
    """2(1 + 0.9)/f'' = 1.9 for f'' = 2 (Polyak 1964)."""
    stations = descend(asked("(w - 3.5)^2", 1.5), Going("momentum", rate, 600)).path.stations
    assert (stations[-1].loss > stations[0].loss) is diverges


def test_the_curvature_elsewhere_is_said_to_be_there(streams: Streams) -> None:
    found = streams.run("descend", "cosh(x)", "--at", "1", "--rate", "0.5", "--steps", "60")
    assert "f'' = 1 at the end: near a minimum with this curvature" in " ".join(found.out.split())
    assert "parabola" not in found.out


def test_a_kink_is_found_with_its_slopes() -> None:
    ending = descend(asked("abs(w - 1/3)", 2.0), Going(steps=40)).path.ending
    assert ending.kind == "kink"
    assert ending.at == pytest.approx(1 / 3, abs=1e-12)
    assert (ending.left, ending.right) == (-1.0, 1.0)


def test_a_place_without_a_value_says_why_and_has_no_slope(streams: Streams) -> None:
    report = json.loads(streams.run("descend", "ln(x)", "--at", "1", "--rate", "2", "--json").out)
    assert report["path"]["reason"] == "ln(x) is not defined at x = -1: it needs x > 0"
    assert report["path"]["rows"][-1]["gradient"] == ["nan"]
    out = streams.run("descend", "ln(x)", "--at", "1", "--rate", "2").out
    assert "f has no value here" in out
    assert "f'' = -1 where it began" in out


def test_the_slope_on_a_kink_is_called_a_convention(streams: Streams) -> None:
    out = " ".join(streams.run("descend", "abs(w)", "--at", "1", "--rate", "0.25").out.split())
    assert "on a kink, where the slope of 0 is a convention" in out
    assert "its slope is -1 on the left and 1 on the right" in out
    assert "f''" not in out


def test_a_saddle_on_the_way_is_named(streams: Streams) -> None:
    """x^2 - y^2 has its saddle at 0: with rate 0.3 x is 0.4^k and y is 0.001 * 1.6^k."""
    arguments = ("descend", "x^2 - y^2", "--at", "x=1, y=1e-3", "--rate", "0.3", "--steps", "10")
    least = min(range(11), key=lambda k: math.hypot(0.4**k, 0.001 * 1.6**k))
    report = json.loads(streams.run(*arguments, "--json").out)
    jsonschema.validate(report, SCHEMA)
    assert report["passed_saddle"] == least
    assert f"a saddle was passed near step {least}" in streams.run(*arguments).out
    straight = descend(asked("x^2 + y^2", "x=1, y=2"))
    assert straight.passed is None


def test_a_saddle_is_no_minimum(streams: Streams) -> None:
    out = streams.run("descend", "x^2 - y^2", "--at", "x=1, y=0", "--steps", "4").out
    assert "the curvature is from -2 to 2 at the end" in out
    assert "near a minimum" not in out


def test_a_wrong_claim_is_seen_by_what_it_does(streams: Streams) -> None:
    right = streams.run("descend", "(w-3.5)^2", "--at", "1.5", "--claim", "2*(w-3.5)", "--json")
    report = json.loads(right.out)
    assert right.code == 0
    assert [r["loss"] for r in report["claimed"]["rows"]] == [r["loss"] for r in report["path"]["rows"]]
    wrong = streams.run("descend", "(w-3.5)^2", "--at", "1.5", "--claim", "2*(w+3.5)")
    assert wrong.code == 1
    assert "by your gradient: uphill" in wrong.out
    flipped = streams.run("descend", "(w-3.5)^2", "--at", "1.5", "--claim", "-2*(w-3.5)")
    assert (flipped.code, "by your gradient: diverged" in flipped.out) == (1, True)


@pytest.mark.parametrize("width", [60, 80])
def test_the_screen(streams: Streams, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    found = streams.run("descend", "(w - 3.5)^2", "--at", "1.5", "--ascii")
    assert found.code == 0
    assert max(map(len, found.out.splitlines())) <= width
    assert found.out.isascii()
    same_as_golden(f"descend/lesson-{width}.txt", found.out)


def test_a_program_of_arrays_and_its_wrong_gradient(
    streams: Streams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model_descend.py").write_text(
        "import numpy as np\n\ndef loss(w, x):\n    return np.sum((w @ x - 1.0) ** 2)\n\n"
        "def wrong(w, x):\n    return -2 * np.outer(w @ x - 1.0, x)\n\n"
        "def make():\n    return np.ones((2, 3)), np.array([0.5, 0.25, 1.0])\n",
        encoding="utf-8",
    )
    asked_ = ["descend", "model_descend.py:loss", "--args", "model_descend.py:make", "--steps", "5", "--json"]
    found = streams.run(*asked_)
    report = json.loads(found.out)
    jsonschema.validate(report, SCHEMA)
    w, x = np.ones((2, 3)), np.array([0.5, 0.25, 1.0])
    for row in report["path"]["rows"]:
        assert row["loss"] == pytest.approx(float(np.sum((w @ x - 1) ** 2)), rel=1e-12)
        w = w - 0.1 * 2 * np.outer(w @ x - 1, x)
    assert (found.code, report["numbers"]) == (0, 6)
    wrong = streams.run(*asked_, "--grad", "model_descend.py:wrong")
    assert (wrong.code, json.loads(wrong.out)["claimed"]["verdict"]) == (1, "diverged")


@pytest.mark.slow
def test_the_network_of_the_lesson(streams: Streams) -> None:
    found = streams.run(
        "descend", "calcgrad.examples.digits:loss", "--args", "calcgrad.examples.digits:make_args", "--wrt", "w1,w2",
        "--grad", "calcgrad.examples.digits:loss_grad", "--rate", "0.2", "--steps", "4",
    )  # fmt: skip
    assert found.code == 0
    assert "784 x 128 + 128 x 10 = 101,632 numbers move" in found.out


def test_markdown_html_and_the_notebook(streams: Streams) -> None:
    assert "| step |" in streams.run("descend", "w^2", "--at", "3", "--format", "markdown").out
    assert streams.run("descend", "w^2", "--at", "3", "--format", "html").out.startswith("<!DOCTYPE html>")
    report = calcgrad.descend("w^2", at=1.0, rate=0.5)
    assert repr(report) == "<DescendReport w^2: 1 steps to 0, minimum>"
    assert "<table>" in report._repr_html_()
    assert "minimum" in str(report)


def test_a_function_for_programs() -> None:
    report = calcgrad.descend(lambda w: float("nan") * w[0], {"w": np.array([1.0, 2.0])})
    assert report.path.ending.kind == "nan"
    report = calcgrad.descend(lambda w: np.sum(w**2), {"w": np.array([1.0, 2.0])}, rate=0.5)
    assert (report.path.ending.kind, report.path.stations[-1].loss) == ("arrived", 0.0)


def test_contours_are_the_functions_heights() -> None:
    land = descend(asked("x^2 + 3*y", "x=1, y=2"), Going(steps=3)).landscape
    assert land is not None
    assert land.xs[0] < 1.0 < land.xs[-1]
    for j in (0, 24, 48):
        assert land.heights[j][7] == land.xs[7] ** 2 + 3 * land.ys[j]
    assert descend(asked("x^2", 1)).landscape is None


@pytest.mark.slow
def test_a_picture_of_a_path(streams: Streams, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    file = tmp_path / "path.png"
    assert streams.run("descend", "x^2 + 3*y^2", "--at", "x=1, y=2", "--output", str(file)).code == 0
    assert file.read_bytes().startswith(b"\x89PNG")


def test_a_rate_that_is_too_large_is_told_beside_the_curvature_that_it_is_too_large_for() -> None:
    """The curvature at the end of a descent that circles allowed rates five times too large, beside "the rate is too large"."""
    report = descend(asked("ln(1 + x^2) + sin(3*x)", 2.0), Going(rate=0.3))
    assert report.path.ending.kind == "circling"
    with mpmath.workdps(30):
        slope = lambda x: 2 * x / (1 + x * x) + 3 * mpmath.cos(3 * x)  # noqa: E731
        lowest = mpmath.findroot(slope, 1.46)
        bend = mpmath.diff(slope, lowest)
    c = report.curvature
    assert c is not None
    assert c.limit is not None
    assert math.isclose(c.value, bend, rel_tol=1e-8)
    assert math.isclose(c.limit, 2 / bend, rel_tol=1e-8)
    assert c.limit < report.rate
    assert f"at x = {float(lowest):.10g}" in str(report)


@pytest.mark.parametrize("start", ["0.25", "1"])
def test_a_function_that_fails_is_told_with_its_line(start: str, streams: Streams, tmp_path: Path) -> None:
    """At the start, or on the way there."""
    model = tmp_path / "model.py"
    model.write_text("def loss(x):\n    if x < 0.5:\n        raise KeyError('x')\n    return x**2\n")
    done = streams.run("descend", f"{model}:loss", "--at", f"x={float(start)}")
    assert done.code == 2
    assert all(word in done.err for word in ("E416", "KeyError", "line 3"))
