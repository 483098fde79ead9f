"""``calcgrad explain``: one code, several, all of them, and none that is known."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import calcgrad
from calcgrad.codes import groups, register
from calcgrad.render.codes import markdown
from tests.cli.running import Streams

SCHEMA = json.loads(
    (Path(calcgrad.__file__).parent / "schemas" / "explain-v1.json").read_text(encoding="utf-8")
)
E107 = """\
E107: a bracket is not closed
  why      A bracket is opened, and the text ends before it is closed.
  mend     Write the closing bracket where the group ends.
  example  calcgrad diff "sin(x"
"""


@pytest.mark.parametrize("code", ["E107", "e107"])
def test_one_code_in_capitals_or_not(streams: Streams, code: str) -> None:
    found = streams.run("explain", code)
    assert (found.out, found.err, found.code) == (E107, "", 0)


def test_several_codes_in_their_order(streams: Streams) -> None:
    found = streams.run("explain", "W101", "E107").out
    assert found.startswith("W101: an implicit product follows a division")
    assert found.endswith("\n\n" + E107)


def test_files_and_libraries_are_shown(streams: Streams) -> None:
    found = streams.run("explain", "E504").out
    assert "  where model.py is\n    import numpy as np\n\n    def loss(w):\n" in found
    assert found.endswith("  where torch is not installed\n")


def test_all_of_them_in_groups(streams: Streams) -> None:
    found = streams.run("explain")
    lines = found.out.splitlines()
    assert [line for line in lines if line in groups()] == list(groups())
    assert [line.split()[0] for line in lines if line[:3] in ("  E", "  W")] == list(register())
    assert max(map(len, lines)) <= 80
    assert found.code == 0


@pytest.mark.parametrize("codes", [(), ("E504", "W101")])
def test_json_fits_its_schema(streams: Streams, codes: tuple[str, ...]) -> None:
    found = json.loads(streams.run("explain", *codes, "--json").out)
    jsonschema.validate(found, SCHEMA)
    assert [entry["code"] for entry in found["codes"]] == list(codes or register())
    assert found == json.loads(streams.run("explain", *codes, "--format", "json").out)


def test_markdown_of_one_code(streams: Streams) -> None:
    found = streams.run("explain", "E107", "--format", "markdown").out
    assert found.startswith("### E107: a bracket is not closed\n\nA bracket is opened, ")
    assert found.endswith('```console\n$ calcgrad diff "sin(x"\n```\n')


def test_markdown_of_all_is_the_page(streams: Streams) -> None:
    assert streams.run("explain", "--format", "markdown").out == markdown()


def test_colours_are_those_of_the_severity(streams: Streams) -> None:
    assert streams.run("explain", "E107", "--color", "always").out.startswith("\x1b[31mE107: a bracket")
    assert streams.run("explain", "W101", "--color", "always").out.startswith("\x1b[33mW101: an implicit")
    assert "\x1b[1mReading an expression\x1b[0m" in streams.run("explain", "--color", "always").out
