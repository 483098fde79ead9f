"""Every example of README.md and of the pages is run, and its output compared character by character.

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

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
DOCS = ROOT / "calcgrad" / "docs"
#: Pages whose examples have a test of their own, in tests/docs.
ELSEWHERE = {
    "architecture", "checking", "custom_backward", "errors", "found", "in_place", "lesson", "numpy", "pasted", "scipy"
}  # fmt: skip
PAGES = [README, *sorted(page for page in DOCS.glob("*.md") if page.stem not in ELSEWHERE)]
each_page = pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
BLOCK = re.compile(r"^```(console|pycon|python)\n(.*?)^```\n", re.DOTALL | re.MULTILINE)
GAVE = re.compile(r"^`(calcgrad [^`]+)` gave[^:]*:\n\n```text\n(.*?)^```\n", re.DOTALL | re.MULTILINE)
FIRST = 'python3 -m pip install uv && python3 -m uv run calcgrad diff "x**3+2*x" --at 2'
SLOW = ("$ calcgrad check\n",)
MASKS = (
    (r'"seconds": [0-9.e-]+', '"seconds": T'),
    (r" +[0-9.]+ (ns|us|µs|ms|s)\b", " T"),
    (r"(?m) +-$", " -"),  # where there is no time
    (r" +[0-9]+ (B|KiB|MiB)\b", " M"),
    (r" +(time|memory)\b", r" \1"),
    (r"(?m) +[0-9.]+e-1[1-9]$", " R"),
    (r"[0-9]e-1[1-9] of it is resolved", "R of it is resolved"),
    (r"[0-9]+ evaluations of the function", "N evaluations of the function"),
    (r"seconds ~\s+n\^-?[0-9.]+(\s+\([-0-9.]+\s+to\s+[-0-9.]+\))?", "seconds ~ T"),
)
#: A row of the table of wrong entries, or its header: the last digits there are those of the error bars.
WRONG_ENTRY = re.compile(r"^  (entry|\w+\[.*\]) +.*$", re.MULTILINE)


def blocks(page: Path) -> list[tuple[str, str]]:
    """The kind and the text of each example."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


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
        """What a command writes; ``cat`` of a file that the page introduces makes the file."""
        if line == "echo $?":
            return f"{self.code}\n"
        words = shlex.split(line)
        if words[0] == "cat" and not (self.folder / words[1]).exists():
            (self.folder / words[1]).write_text(shown, encoding="utf-8")
            return shown
        if " | " in line or words[0] == "cat":
            return self._in_a_shell(line)
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
def shell(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    for name in ("NO_COLOR", "CALCGRAD_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    for kind, text in blocks(page):
        title = re.match(r"# (\S+\.py)\n", text)
        if kind == "python" and title:
            (tmp_path / title[1]).write_text(text, encoding="utf-8")
    return Shell(tmp_path, monkeypatch)


def commands(block: str) -> list[tuple[str, str]]:
    """The command lines of an example and what is shown after each."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


@each_page
def test_the_examples_in_the_shell(page: Path, shell: Shell) -> None:
    update = os.environ.get("CALCGRAD_UPDATE_GOLDEN") == "1"
    found, expected, written = [], [], page.read_text(encoding="utf-8")
    for kind, block in blocks(page):
        if kind != "console" or block.startswith(SLOW):
            continue
        pairs = [(line, shown, shell.answer(line, shown)) for line, shown in commands(block)]
        new = "".join(f"$ {line}\n{answer}" for line, _, answer in pairs)
        written = written.replace(f"```console\n{block}```", f"```console\n{new}```")
        found.append(masked(new))
        expected.append(masked(block))
    if update:
        page.write_text(written, encoding="utf-8")
        pytest.skip(f"{page.name} was written anew")
    assert "\n".join(found) == "\n".join(expected)


@each_page
def test_the_examples_in_python(page: Path, shell: Shell) -> None:
    for kind, text in blocks(page):
        if kind == "pycon":
            example = doctest.DocTestParser().get_doctest(text, {}, page.name, page.name, 0)
            said: list[str] = []
            failed, tried = doctest.DocTestRunner().run(example, out=said.append)
            assert failed == 0, "".join(said)
            assert tried > 0


@pytest.mark.parametrize("page", [README], ids=["README"])
def test_what_a_command_gave_is_how_its_answer_begins(page: Path, shell: Shell) -> None:
    """Which mode is said to be cheaper, and by how much, is measured anew each time: above that, all is the same."""
    ((line, shown),) = GAVE.findall(page.read_text(encoding="utf-8"))
    same, measured, _ = shown.partition("\nwith 2 inputs")
    assert measured
    assert masked(shell.answer(line, "")).startswith(masked(same))


def test_there_are_examples() -> None:
    kinds = [kind for page in PAGES for kind, _ in blocks(page)]
    assert kinds.count("console") > 25
    assert kinds.count("pycon") > 4


def test_the_first_screen() -> None:
    text = README.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    assert f"\n{FIRST}\nuv run pytest\n" in text


def test_the_counts_of_the_slow_example() -> None:
    """The proof of the whole table takes half a minute; its counts are held here, the proofs in tests/checking."""
    (block,) = [text for _, text in blocks(DOCS / "check.md") if text.startswith(SLOW)]
    rows = [subject.row for subject in subjects(1)]
    partials = sum(p is not None for row in rows for p in row.partials)
    assert f"{len({row.name for row in rows})} operations: {len(rows)} values and {partials} partial" in block
    assert f"right: all {len(rows) + partials} proofs" in block


@each_page
def test_no_line_of_an_example_is_wider_than_a_screen(page: Path) -> None:
    wide = [line for _, text in blocks(page) for line in text.splitlines() if len(line) > 80]
    assert [
        line
        for line in wide
        if not line.startswith(("$ ", "{", " ", ">>> ", "input,", "x^2", "calcgrad.errors."))
    ] == []
