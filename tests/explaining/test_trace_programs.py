"""Traces of Python functions: shapes, source lines, loops that fold, pictures; adjoints against the gradients of the library."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

import calcgrad
from calcgrad.explaining.graph import TraceReport
from calcgrad.render import Style, explaining
from tests.cli.running import Streams
from tests.explaining import models

SCHEMA = json.loads(
    (Path(calcgrad.__file__).parent / "schemas" / "trace-v1.json").read_text(encoding="utf-8")
)
RANDOM = np.random.default_rng(5)
WEIGHTS = {"W1": RANDOM.normal(size=(784, 128)) * 0.05, "W2": RANDOM.normal(size=(128, 10)) * 0.1}
FUNCTIONS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "network": (models.network, WEIGHTS),
    "newton": (models.newton, {"a": 2.0}),
    "recurrent": (models.recurrent, {"W": RANDOM.normal(size=(2, 2)), "x": RANDOM.normal(size=(5, 2))}),
    "nested": (models.nested, {"x": 1.25}),
    "horner": (models.horner, {"c": np.array([1.0, -2.0, 3.0])}),
    "in_place": (models.in_place, {"x": np.array([1.0, -2.0, 3.0])}),
    "variance": (models.variance, {"x": np.array([1.0, -2.0, 3.0, 7.0])}),
    "straight": (models.straight, {"x": 0.7}),
    "power": (models.power, {"x": np.array([1.0, -2.0, 3.0, 7.0])}),
    "ridge": (models.ridge, {"w": np.array([1.0, -2.0, 3.0])}),
}


def traced(name: str, **options: Any) -> TraceReport:
    function, at = FUNCTIONS[name]
    return calcgrad.trace(function, at, **options)


def line_of(function: Callable[..., Any], text: str) -> str:
    lines, start = inspect.getsourcelines(function)
    return f"models.py:{start + next(k for k, line in enumerate(lines) if text in line)}"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_adjoints_are_the_gradient(name: str) -> None:
    """A second way: central differences along each coordinate, or along a direction where there are many."""
    function, at = FUNCTIONS[name]
    report = traced(name)
    assert report.check == "right"
    for slot, (argument, value) in zip(report.slots, at.items(), strict=False):
        assert slot.label == argument
        true = _differences(function, at, argument)
        found = slot.adjoints[0].value
        if found.norm is None or found.value is not None:
            assert np.asarray(found.value) == pytest.approx(true, rel=1e-6, abs=1e-8)
        elif np.size(value) < 100:
            assert found.norm == pytest.approx(np.linalg.norm(true), rel=1e-6)


def _differences(function: Callable[..., Any], at: dict[str, Any], argument: str) -> Any:
    base = np.array(at[argument], dtype=float)
    if base.size > 100:
        return None
    found = np.zeros_like(base)
    for index in np.ndindex(base.shape):
        h = np.zeros_like(base)
        h[index] = 1e-6
        sides = [
            function(**{**at, argument: base + s * h if base.shape else float(base + s * h)}) for s in (1, -1)
        ]
        found[index] = (sides[0] - sides[1]) / 2e-6
    return found


def test_the_network_is_a_dozen_boxes() -> None:
    report = traced("network")
    assert report.forward.needed == 101_632
    assert report.backward.needed == 1
    assert 8 <= len(report.boxes) <= 14
    call = next(box for box in report.boxes if box.title.startswith("softmax"))
    assert len(call.slots) == 5
    assert call.shape == (32, 10)
    shapes = [slot.value.shape for slot in report.slots[:4]]
    assert shapes == [(784, 128), (128, 10), (32, 128), (32, 128)]
    assert report.points[0].verdict == "unjudged"


def test_steps_know_their_lines() -> None:
    report = traced("network")
    assert report.slots[2].where == line_of(models.network, "X @ W1")
    assert report.slots[-1].where == line_of(models.network, "np.mean")
    assert report.slots[5].where == line_of(models.softmax, "np.exp")


@pytest.mark.parametrize(
    ("name", "depth", "titles"),
    [
        ("newton", 1, ["for _ in range(6) (6 turns)"]),
        ("newton", 2, [f"turn {k} of for _ in range(6)" for k in range(1, 7)]),
        ("nested", 2, [f"turn {k} of for i in range(3)" for k in range(1, 4)]),
        (
            "nested",
            3,
            ["for j in range(4) (4 turns)"] * 3,
        ),
        ("recurrent", 1, ["for t in range(x.shape[0]) (5 turns)", "*", "sum"]),
    ],
)
def test_loops_fold(name: str, depth: int, titles: list[str]) -> None:
    report = traced(name, depth=depth)
    assert [box.title for box in report.boxes if box.slots[0] not in _inputs(report)] == titles


def _inputs(report: TraceReport) -> set[str]:
    return {slot.name for slot in report.slots if slot.kind == "input"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_slot_is_in_one_box(name: str) -> None:
    report = traced(name, depth=1)
    if report.boxes:
        assert [s for box in report.boxes for s in box.slots] == [slot.name for slot in report.slots]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_json_is_by_the_schema(name: str) -> None:
    jsonschema.validate(json.loads(explaining.renderer("trace", "json")(traced(name), Style())), SCHEMA)


@pytest.mark.slow
@pytest.mark.parametrize("format", ["text", "dot", "mermaid", "markdown", "html"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_format_is_written(name: str, format: str) -> None:
    report = traced(name)
    said = explaining.renderer("trace", format)(report, Style(80))
    for box in report.boxes[:2] if format != "text" else ():
        assert box.title.split("(")[0].split(" of ")[0][:10] in said


@pytest.mark.slow
def test_a_picture_has_a_box_for_each_node_and_all_within_it() -> None:
    pytest.importorskip("igraph")
    from calcgrad.render.graphs import drawing
    from calcgrad.render.layered import laid_out

    for name in FUNCTIONS:
        found = drawing(traced(name))
        laid = laid_out(found)
        boxes = list(laid.boxes.values())
        assert len(boxes) == len(found.nodes)
        for k, a in enumerate(boxes):
            assert a.x >= 0
            assert a.x + a.width <= laid.width
            assert a.y >= 0
            assert a.y + a.height <= laid.height
            for b in boxes[k + 1 :]:
                apart = (
                    a.x + a.width <= b.x
                    or b.x + b.width <= a.x
                    or a.y + a.height <= b.y
                    or b.y + b.height <= a.y
                )
                assert apart, f"{name}: two boxes overlap"


def test_a_picture_is_well_formed_and_escaped() -> None:
    pytest.importorskip("igraph")
    from xml.etree import ElementTree

    report = calcgrad.trace("where(x < 1, x^2, 1)", at=0.5)
    root = ElementTree.fromstring(explaining.renderer("trace", "svg")(report, Style()))
    said = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "v1 = 0.5" in said


def test_the_ending_of_the_file_tells_the_format(
    streams: Streams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert streams.run("trace", "x*y", "--at", "x=1, y=2", "--output", "graph.dot").code == 0
    assert (tmp_path / "graph.dot").read_text().startswith("digraph")
    pytest.importorskip("igraph")
    assert streams.run("trace", "x*y", "--at", "x=1, y=2", "--output", "graph.svg").out == ""
    assert (tmp_path / "graph.svg").read_text().startswith("<svg")


def test_without_a_library_no_empty_picture_is_left(
    streams: Streams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "igraph", None)  # type: ignore[arg-type]
    monkeypatch.setenv("PATH", "")
    done = streams.run("trace", "x*y", "--at", "x=1, y=2", "--output", "graph.svg")
    assert (done.code, (tmp_path / "graph.svg").exists()) == (2, False)
    assert "calcgrad[plots]" in done.err


def test_graphviz_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its plain format, for x -> sin -> f: inches, from below."""
    from calcgrad.render import layered
    from calcgrad.render.graphs import drawing

    plain = (
        "graph 1 4 1\nnode n0 0.5 0.5 0.6 0.4 x solid box black lightgrey\nnode n1 2 0.5 0.6 0.4 s solid box black lightgrey\n"
        "node n2 3.5 0.5 0.4 0.4 f solid box black lightgrey\nedge n0 n1 4 0.8 0.5 1 0.5 1.4 0.5 1.7 0.5 solid black\n"
        "edge n1 n2 4 2.3 0.5 2.6 0.5 3 0.5 3.3 0.5 solid black\nstop\n"
    )
    laid = layered._read(plain, {"n0": "v1", "n1": "v2", "n2": "f"}, drawing(calcgrad.trace("sin(x)", at=1)))
    assert laid.boxes["v1"].x == pytest.approx(16 + 0.2 * 72)
    assert laid.routes[0][0] == pytest.approx((16 + 0.8 * 72, 16 + 0.5 * 72))


def test_a_vector_has_a_pass_for_each_number() -> None:
    report = calcgrad.trace(models.two, {"x": np.array([1.0, 2.0])})
    assert report.backward.needed == 2
    assert report.slots[0].adjoints[0].value.value == [2.0, 1.0]
    assert report.slots[0].adjoints[1].value.value == pytest.approx([np.cos(1.0), 0.0])


def test_a_model_on_the_command_line(
    streams: Streams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.py").write_text(
        "def f(x):\n    y = x\n    for k in range(20):\n        y = y * x\n    return y\n"
    )
    monkeypatch.chdir(tmp_path)
    out = streams.run("trace", "model.py:f", "--at", "1.5", "--depth", "1").out
    assert "for k in range.." in out
    assert "model.py:4" in out


NETWORK = ("calcgrad.examples.digits:loss", "--args", "calcgrad.examples.digits:make_args", "--wrt", "w1,w2")


def test_the_network_on_the_command_line(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is named by --wrt goes in, the data stand still: the gradient is that of the library."""
    monkeypatch.setenv("COLUMNS", "80")
    found = streams.run("trace", *NETWORK)
    assert found.code == 0
    assert "w1 ─► c1 @ ─► tanh ─► @ ─┬─► logsumexp" in found.out
    assert "forward mode: 101,632 passes" in found.out
    report = json.loads(streams.run("trace", *NETWORK, "--json").out)
    jsonschema.validate(report, SCHEMA)
    from calcgrad.examples import digits

    for slot, gradient in zip(report["slots"], digits.loss_grad(*digits.make_args()), strict=False):
        assert slot["adjoints"][0]["figure"]["norm"] == pytest.approx(np.linalg.norm(gradient), rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("x^2", "--args", "[1]"), "E639"),
        ((*NETWORK[:-1], "labels"), "E633"),
        ((*NETWORK[:-1], "w3"), "E302"),
    ],
)
def test_what_cannot_go_in(streams: Streams, arguments: tuple[str, ...], code: str) -> None:
    found = streams.run("trace", *arguments)
    assert (found.code, code in found.err) == (2, True)
