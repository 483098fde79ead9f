"""The lesson: each command is run, and prints what the page shows. ``CALCGRAD_UPDATE_GOLDEN=1`` writes the page anew.

Times are masked as for README; of a descent on a program the last column is a time too.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

import calcgrad
from tests.cli.running import Streams
from tests.test_readme import commands, masked

FILE = Path(calcgrad.__file__).parent / "docs" / "lesson.md"
BLOCK = re.compile(r"^```console\n(.*?)^```\n", re.DOTALL | re.MULTILINE)
BLOCKS = BLOCK.findall(FILE.read_text(encoding="utf-8"))
#: The loss of 101,632 weights: its last digits are those of BLAS's order of summing.
LOSS = re.compile(r"^(f = \d\.\d{13})\d+$", re.MULTILINE)
SECONDS = re.compile(r"^(\d+ .*?) +\d+\.\d\d$", re.MULTILINE)


def compared(block: str) -> str:
    """What two runs share; which mode is said to be cheaper, and by how much, is measured anew each time."""
    if "compare-modes" in block:
        block = block.partition("\nwith 2 inputs")[0]
    if "digits:loss" in block:
        return LOSS.sub(r"\1", SECONDS.sub(r"\1 T", masked(block)))
    return masked(block)


def answered(block: str, patch: pytest.MonkeyPatch) -> str:
    """The block as it is printed now."""
    found, code = [], 0
    for line, _ in commands(block):
        if line == "echo $?":
            answer = f"{code}\n"
        else:
            run = Streams(patch).run(*shlex.split(line)[1:])
            code, answer = run.code, run.out + run.err
        found.append(f"$ {line}\n{answer}")
    return "".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.partition("\n")[0][11:50])
def test_the_page_shows_what_is_printed(block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("CALCGRAD_DEBUG", raising=False)
    new = answered(block, monkeypatch)
    if os.environ.get("CALCGRAD_UPDATE_GOLDEN") == "1":
        page = FILE.read_text(encoding="utf-8")
        FILE.write_text(page.replace(f"```console\n{block}```", f"```console\n{new}```"), encoding="utf-8")
    assert compared(new) == compared(block)


def test_the_numbers_of_the_lesson_are_there() -> None:
    page = FILE.read_text(encoding="utf-8")
    for number in ("6.01 ", "12.006001", "101,632", "f'(x) = 3*x^2 + 2", "2*x*cos(x^2)", "2 passes"):
        assert number in page
    assert 784 * 128 + 128 * 10 == 101_632
    assert len(BLOCKS) >= 14


def test_its_pictures_are_there() -> None:
    for name in re.findall(r"\]\((\S+\.svg)\)", FILE.read_text(encoding="utf-8")):
        assert (FILE.parent / name).read_text(encoding="utf-8").startswith("<?xml")
