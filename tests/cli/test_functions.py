"""``calcgrad functions``: every row of the table, in words."""

from __future__ import annotations

import json

import pytest

from calcgrad.operations import COMPOSITES, ROWS
from tests.cli.running import Streams


def test_the_list_has_every_row(streams: Streams) -> None:
    found = streams.run("functions", "--json")
    names = [f["name"] for f in json.loads(found.out)["functions"]]
    shown = [row.name for row in (*ROWS, *COMPOSITES.values()) if row.group != "internal"]
    assert sorted(names) == sorted(shown)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_list_fits(streams: Streams, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    found = streams.run("functions")
    assert found.code == 0
    longest = max(found.out.splitlines(), key=len)
    assert len(longest) <= width or " " not in longest.strip()
    assert "  tan(x): the tangent of an angle in radians\n      d/dx = 1 + tan(x)^2\n" in found.out


def test_all_about_one(streams: Streams) -> None:
    found = streams.run("functions", "tan")
    assert "also written    tg\n" in found.out
    assert "defined for     cos(x) != 0\n" in found.out
    assert "pole            at cos(x) = 0\n" in found.out


@pytest.mark.parametrize("word", ["arctg", "arctan", "atan"])
def test_an_alias_finds_its_row(streams: Streams, word: str) -> None:
    (found,) = json.loads(streams.run("functions", word, "--json").out)["functions"]
    assert found["name"] == "atan"
    assert found["derivatives"][0]["argument"] == "x"


def test_partials_are_printed_in_x_y_z(streams: Streams) -> None:
    (found,) = json.loads(streams.run("functions", "div", "--json").out)["functions"]
    assert found["written"] == "x/y"
    assert [d["partial"] for d in found["derivatives"]] == ["1/y", "-(x/y)/y"]


def test_an_unknown_function(streams: Streams) -> None:
    found = streams.run("functions", "arcsinn")
    assert found.code == 2
    assert "did you mean arcsin?" in found.err


def test_stencil(streams: Streams) -> None:
    found = streams.run("stencil", "--order", "2", "--points", "-1..1", "--json")
    assert json.loads(found.out)["weights"] == ["1", "-2", "1"]
    assert "order of accuracy 2" in streams.run("stencil").out
    assert streams.run("stencil", "--points", "x").code == 2
