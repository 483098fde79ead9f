"""``calcgrad compare-modes``: the table of costs, the trace, the growth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from calcgrad.modes import stories, timing
from calcgrad.render import Style, modes
from calcgrad.report.modes import ModesReport
from tests.cli.running import Streams
from tests.goldens import same_as_golden
from tests.render.test_render import validator

OWN = ["compare-modes", "x*y + sin(x)", "--at", "x=1, y=2"]


@pytest.fixture(autouse=True)
def _memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Python allocates differs between its versions, and what takes how long between all runs."""
    monkeypatch.setattr(timing, "rounds", lambda works, budget=0.0: [[1e-3] * 3 for work in works])
    monkeypatch.setattr(modes, "long_time", lambda seconds, ascii=False: "1.0 ms")
    monkeypatch.setattr(timing, "peak", lambda work: 1000)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_screens(streams: Streams, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    found = streams.run(*OWN)
    assert (found.code, found.err) == (0, "")
    assert max(map(len, found.out.splitlines())) <= width
    same_as_golden(f"screens/compare-modes.{width}.txt", found.out)


def test_json_obeys_the_schema(streams: Streams) -> None:
    data = json.loads(streams.run(*OWN, "--json").out)
    validator("compare-modes").validate(data)
    assert [row["adjoint"] for row in data["stories"][0]["trace"]][1:] == [1.0, 1.0, 1.0, 1.0]


def test_passes_grow_as_the_modes_say() -> None:
    report = ModesReport((stories.inputs_story((2, 4, 8)), stories.outputs_story((2, 4, 8))))
    growth = {(g.mode, g.with_what): g.exponent for s in report.stories for g in s.growth if g.of == "passes"}
    assert growth["forward-ad", "inputs"] == pytest.approx(1.0)
    assert growth["reverse-ad", "inputs"] == pytest.approx(0.0)
    assert growth["forward-ad", "outputs"] == pytest.approx(0.0)
    assert growth["reverse-ad", "outputs"] == pytest.approx(1.0)
    validator("compare-modes").validate(json.loads(json.dumps(modes.contract(report))))
    lines = modes.render(report, Style(80)).splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.startswith(("2 ", "4 ", "8 ")) for line in lines) == 6
    assert modes.render(report, Style(40, ascii=True)).isascii()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["x*y"], "E369"),
        (["x*y", "--random", "normal(2)"], "E670"),
        (["x*y", "--at", "1, 2", "--at", "3, 4"], "E670"),
        (["model.py:whole", "--args", "[1]"], "E520"),
        (["model.py:loss", "--args", "[[1.0], 2]", "--wrt", "v"], "E302"),
    ],
)
def test_what_cannot_be_compared(streams: Streams, model: None, arguments: list[str], code: str) -> None:
    found = streams.run("compare-modes", *arguments, "--json")
    assert (json.loads(found.out)["error"]["code"], found.code) == (code, 2)


MODEL = """
import numpy as np

def whole(x):
    return x * x

def loss(w, k):
    return np.sum(np.sin(np.asarray(w)) ** 2) / k

def curve(t):
    return [np.sin(k * t) for k in range(20)]

def make_args():
    return np.array([0.1, 0.2, 0.3]), 2
"""


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of functions in the working folder."""
    (tmp_path / "model.py").write_text(MODEL)
    monkeypatch.chdir(tmp_path)


def test_a_python_function_by_its_floats(streams: Streams, model: None) -> None:
    found = json.loads(
        streams.run("compare-modes", "model.py:loss", "--args", "model.py:make_args", "--json").out
    )
    validator("compare-modes").validate(found)
    first, second = found["stories"]
    passes = {row["mode"]: (row["inputs"], row["passes"]) for row in first["rows"]}
    assert passes["forward-ad"] == (3, 3)
    assert passes["reverse-ad"] == (3, 1)
    assert all(row["max_rel_error"] < 1e-6 for row in first["rows"] if row["max_rel_error"] is not None)
    by_mode = {row["mode"]: row for row in second["rows"]}
    assert by_mode["forward-over-reverse"]["passes"] == 3
    assert by_mode["forward-ad"]["passes"] == 6
    assert by_mode["forward-over-reverse"]["max_rel_error"] < 1e-13


def test_many_outputs_are_cheaper_forward(streams: Streams, model: None) -> None:
    found = json.loads(streams.run("compare-modes", "model.py:curve", "--at", "0.5", "--json").out)
    (story,) = found["stories"]
    assert [row["passes"] for row in story["rows"][:2]] == [1, 20]
    assert story["words"][0].startswith(
        "with 1 input and 20 outputs the two cost about the same: forward mode 1 pass"
    )


@pytest.mark.parametrize("format", ["csv", "markdown", "html"])
def test_other_formats_have_every_mode(streams: Streams, format: str) -> None:
    found = streams.run(*OWN, "--format", format)
    assert (found.code, found.err) == (0, "")
    assert all(mode in found.out for mode in ("forward-ad", "reverse-ad", "central-difference", "symbolic"))


def test_expressions_of_arrays(streams: Streams) -> None:
    found = json.loads(streams.run("compare-modes", "sum(w^2)", "--at", "w=[1,2]", "--json").out)
    rows = {row["mode"]: row for row in found["stories"][0]["rows"]}
    assert rows["forward-ad"]["passes"] == 2
    assert rows["reverse-ad"]["passes"] == 1
    assert rows["reverse-ad"]["max_rel_error"] < 1e-15


def test_several_points_are_refused(streams: Streams) -> None:
    ran = streams.run("compare-modes", "x^2", "--at", "x=0:2:5")
    assert (ran.code, "E670" in ran.err, "not at 5" in ran.err) == (2, True, True)
