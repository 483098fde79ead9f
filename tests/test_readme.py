"""Every example of the README is run, and its output compared: times are masked on both sides, and nothing else is.

``CALCGRAD_UPDATE_GOLDEN=1 pytest tests/test_readme.py`` writes the outputs anew, to be looked at and committed.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

README = Path(__file__).parent.parent / "README.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TIME = re.compile(r" *\b\d+(?:\.\d+)? (?:ns|µs|us|ms|s)\b|\"seconds\": [0-9.e-]+")


class Example(NamedTuple):
    """A command line of the README, and what is printed under it."""

    command: str
    output: str


def blocks(kind: str) -> list[str]:
    """The fenced blocks of one kind."""
    return [body for name, body in _BLOCK.findall(README.read_text(encoding="utf-8")) if name == kind]


def examples(block: str) -> list[Example]:
    """The commands of a console block; all that follows a command is its output."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    return [Example(c, o) for c, o in zip(parts[1::2], parts[2::2], strict=True)]


COMMANDS = [e for block in blocks("console") for e in examples(block)]
_ELSEWHERE = ("python3 -m pip", "uv run")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the README shows: blocks whose first line is ``# name``."""
    place = tmp_path_factory.mktemp("readme")
    for kind in ("python", "text"):
        for block in blocks(kind):
            match = re.match(r"# ([\w.]+\.\w+)\n", block)
            if match:
                (place / match[1]).write_text(block.partition("\n")[2], encoding="utf-8")
    return place


def masked(text: str) -> str:
    """The text with its times masked, and the heading above them, which moves with their width."""
    return re.sub(r" +time$", " time", _TIME.sub(" TIME", text), flags=re.MULTILINE).rstrip()


def run(command: str, folder: Path) -> str:
    """What a command prints, both streams together, as on a screen of 80 columns that is no terminal."""
    line = command.replace("python3 -m uv run ", "")
    python = shlex.quote(sys.executable)
    line = re.sub(r"\bcalcgrad (?=diff|check|compare|functions|stencil)", f"{python} -m calcgrad ", line)
    line = re.sub(r"^python ", f"{python} ", line)
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "PYTHONHASHSEED")}
    environment |= {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        line, shell=True, cwd=folder, env=environment, text=True, encoding="utf-8", capture_output=True, check=False
    )
    return done.stderr + done.stdout


@pytest.mark.parametrize("example", COMMANDS, ids=[e.command[:60] for e in COMMANDS])
def test_example(example: Example, folder: Path) -> None:
    if example.command.startswith(_ELSEWHERE):
        command = example.command.partition(" && ")[2].replace("python3 -m uv run ", "")
        if not command:
            assert not example.output.strip(), "what is not run here shows no output"
            return
        example = Example(command, example.output)
    found = run(example.command, folder)
    if os.environ.get("CALCGRAD_UPDATE_GOLDEN") == "1" and masked(found) != masked(example.output):
        text = README.read_text(encoding="utf-8")
        old = f"{example.command}\n{example.output}"
        assert text.count(old) == 1
        README.write_text(text.replace(old, f"{example.command}\n{found.rstrip()}\n"), encoding="utf-8")
        return
    assert masked(found) == masked(example.output)


def test_python_examples(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False)
    names: dict[str, object] = {}
    sessions = [block for block in blocks("python") if ">>>" in block]
    for k, block in enumerate(sessions):
        runner.run(parser.get_doctest(block, names, f"README {k}", str(README), 0), clear_globs=False)
    assert sessions
    assert runner.summarize(verbose=False).failed == 0


def test_the_first_screen_has_both_commands() -> None:
    start = "\n".join(README.read_text(encoding="utf-8").splitlines()[:45])
    assert 'python3 -m pip install uv && python3 -m uv run calcgrad diff "x**3+2*x" --at 2' in start
    assert "uv run pytest" in start
