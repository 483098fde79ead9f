"""Every example of README.md is run, and its output compared character by character.

Masked on both sides are times, with the blanks before them, for they set the width of a column; the memory that Python
allocates; the growth of times; and what is no more than LAPACK's rounding, which differs between processors: a band at the
end of a row, the last digits of a wrong entry, how often a check had to ask. ``CALCGRAD_UPDATE_GOLDEN=1`` writes the
outputs anew.
"""

from __future__ import annotations

import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from calcgrad.checking.table.proofs import subjects
from calcgrad.cli import run

pytestmark = pytest.mark.slow

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"^```(console|pycon|python)\n(.*?)^```\n", re.DOTALL | re.MULTILINE)
INSTALL = "python3 -m pip install uv && python3 -m uv run "
SLOW = ("$ calcgrad check\n",)
MASKS = (
    (r'"seconds": [0-9.e-]+', '"seconds": T'),
    (r" +[0-9.]+ (ns|us|µs|ms|s)\b", " T"),
    (r" +[0-9]+ (B|KiB|MiB)\b", " M"),
    (r" +(time|memory)\b", r" \1"),
    (r"(?m) +[0-9.]+e-1[1-9]$", " R"),
    (r"[0-9]+ evaluations of the function", "N evaluations of the function"),
    (r"seconds ~\s+n\^-?[0-9.]+(\s+\([-0-9.]+\s+to\s+[-0-9.]+\))?", "seconds ~ T"),
)
#: A row of the table of wrong entries, or its header: the last digits there are those of the error bars.
WRONG_ENTRY = re.compile(r"^  (entry|\w+\[.*\]) +.*$", re.MULTILINE)


def blocks() -> list[tuple[str, str]]:
    """The kind and the text of each example."""
    return BLOCK.findall(README.read_text(encoding="utf-8"))


def masked(text: str) -> str:
    """What two runs share; a paragraph that holds the growth of a time is rewrapped, for its length varies."""
    text = re.sub(r"\n {4}(?=\S)", " ", text) if " ~ n^" in text else text
    for pattern, by in MASKS:
        text = re.sub(pattern, by, text)
    return WRONG_ENTRY.sub(lambda row: re.sub(r"(\.[0-9]{9})[0-9]+| +", r"\1 ", row[0]), text)


class Shell:
    """Runs the commands of the examples in a folder, each as it would run in a shell 80 columns wide."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.patch = patch
        self.code = 0

    def answer(self, line: str, shown: str) -> str:
        """What a command writes; ``cat`` of a file that the README introduces makes the file."""
        if line == "echo $?":
            return f"{self.code}\n"
        words = shlex.split(line)
        if words[0] == "cat" and not (self.folder / words[1]).exists():
            (self.folder / words[1]).write_text(shown, encoding="utf-8")
            return shown
        if " | " in line or words[0] == "cat":
            return self._in_a_shell(line)
        words = shlex.split(line.removeprefix(INSTALL))
        assert words[0] == "calcgrad"
        out = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
        self.patch.setattr(sys, "stdout", out)
        self.patch.setattr(sys, "stderr", out)
        self.code = run(words[1:])
        return out.buffer.getvalue().decode()  # type: ignore[attr-defined,no-any-return]

    def _in_a_shell(self, line: str) -> str:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            line, shell=True, check=True, capture_output=True, text=True, env={**os.environ, "PATH": path}
        )
        return done.stdout + done.stderr


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    for name in ("NO_COLOR", "CALCGRAD_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    for kind, text in blocks():
        title = re.match(r"# (\S+\.py)\n", text)
        if kind == "python" and title:
            (tmp_path / title[1]).write_text(text, encoding="utf-8")
    return Shell(tmp_path, monkeypatch)


def commands(block: str) -> list[tuple[str, str]]:
    """The command lines of an example and what is shown after each."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def test_the_examples_in_the_shell(shell: Shell) -> None:
    update = os.environ.get("CALCGRAD_UPDATE_GOLDEN") == "1"
    found, expected, readme = [], [], README.read_text(encoding="utf-8")
    for kind, block in blocks():
        if kind != "console" or block.startswith(SLOW):
            continue
        pairs = [(line, shown, shell.answer(line, shown)) for line, shown in commands(block)]
        new = "".join(f"$ {line}\n{answer}" for line, _, answer in pairs)
        readme = readme.replace(f"```console\n{block}```", f"```console\n{new}```")
        found.append(masked(new))
        expected.append(masked(block))
    if update:
        README.write_text(readme, encoding="utf-8")
        pytest.skip("README.md was written anew")
    assert len(found) > 15
    assert "\n".join(found) == "\n".join(expected)


def test_the_examples_in_python(shell: Shell) -> None:
    count = 0
    for kind, text in blocks():
        if kind == "pycon":
            example = doctest.DocTestParser().get_doctest(text, {}, "README.md", "README.md", 0)
            said: list[str] = []
            failed, tried = doctest.DocTestRunner().run(example, out=said.append)
            assert failed == 0, "".join(said)
            count += tried
    assert count > 5


def test_the_counts_of_the_slow_example() -> None:
    """The proof of the whole table takes half a minute; its counts are held here, the proofs in tests/checking."""
    (block,) = [text for _, text in blocks() if text.startswith(SLOW)]
    rows = [subject.row for subject in subjects(1)]
    partials = sum(p is not None for row in rows for p in row.partials)
    assert f"{len({row.name for row in rows})} operations: {len(rows)} values and {partials} partial" in block
    assert f"right: {len(rows) + partials} of {len(rows) + partials} proofs" in block


def test_no_line_of_an_example_is_wider_than_a_screen() -> None:
    wide = [line for _, text in blocks() for line in text.splitlines() if len(line) > 80]
    assert [
        line
        for line in wide
        if not line.startswith(("$ ", "{", " ", ">>> ", "input,", "x^2", "calcgrad.errors."))
    ] == []
