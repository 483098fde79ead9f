"""Help: asked in any way, with examples that run, options in groups, nothing cut off."""

from __future__ import annotations

import shlex

import pytest

from calcgrad.cli import app
from tests.cli.running import Streams


def examples(text: str) -> list[str]:
    """The command lines under the heading of examples."""
    lines = text.partition("Examples:\n")[2].split("\n\n")[0].splitlines()
    return [line.strip() for line in lines]


@pytest.mark.parametrize("name", app.names())
def test_help_has_examples_and_fits(streams: Streams, name: str) -> None:
    found = streams.run(name, "--help")
    assert found.code == 0
    assert streams.run("help", name) == found
    shown = examples(found.out)
    assert shown
    assert all(line.startswith(f"calcgrad {name}") for line in shown)
    assert all(len(line) <= 80 for line in found.out.splitlines())
    assert "..." not in found.out.partition("Options:")[2]


def test_every_option_of_an_example_exists(streams: Streams) -> None:
    for name in app.names():
        text = streams.run(name, "--help").out
        known = {word.strip(",.") for line in text.splitlines() for word in line.split() if word[:2] == "--"}
        for line in examples(text):
            assert {word for word in shlex.split(line) if word.startswith("--")} <= known


def test_the_commands_are_listed_with_whole_sentences(streams: Streams) -> None:
    found = streams.run()
    assert found == streams.run("help") == streams.run("--help")
    listed = found.out.partition("Commands:\n")[2]
    assert "..." not in listed
    assert [line.split()[0] for line in listed.splitlines() if line[2:3].strip()] == app.names()
    assert examples(found.out)[0] == 'calcgrad diff "x**3+2*x" --at 2'


def test_help_of_a_code_and_of_nothing(streams: Streams) -> None:
    assert streams.run("help", "e107").out == streams.run("explain", "E107").out
    assert (
        streams.run("help", "dif").err
        == "error[E361]: there is no command dif\n  = hint: did you mean diff?\n"
    )


def test_check_groups_its_options_by_what_they_are_for(streams: Streams) -> None:
    text = streams.run("check", "--help").out
    titles = [line for line in text.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert len(titles) == 9
    claimed = text.partition("What is claimed, as code:")[2].split("\n\n")[0]
    assert all(option in claimed for option in ("--grad TARGET", "--jacobian TARGET", "--framework NAME"))
    assert "-h, --help" in text.splitlines()[-1]
