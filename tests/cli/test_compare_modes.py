"""``calcgrad compare-modes``: the table of costs, the trace, the growth."""

from __future__ import annotations

import json

import pytest

from calcgrad.modes import compute as comparing_modes
from calcgrad.render import Style, modes
from calcgrad.report import ModesReport
from tests.cli.running import Streams
from tests.goldens import same_as_golden
from tests.render.test_render import validator

OWN = ["compare-modes", "x*y + sin(x)", "--at", "x=1, y=2"]


@pytest.fixture(autouse=True)
def _memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Python allocates differs between its versions."""
    monkeypatch.setattr(comparing_modes, "_bytes", lambda work: 1000)


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
    report = ModesReport((comparing_modes.inputs_story((2, 4, 8)), comparing_modes.outputs_story((2, 4, 8))))
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


def test_arrays_are_refused(streams: Streams) -> None:
    found = streams.run("compare-modes", "sum(w^2)", "--at", "w=[1,2]", "--json")
    assert (json.loads(found.out)["error"]["code"], found.code) == ("E520", 2)
