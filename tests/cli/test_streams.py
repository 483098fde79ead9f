"""Streams that are closed, and disks that are full: the answer still comes, and the exit code says that it went elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from calcgrad.cli import run

_FULL = "/dev/full"
_DIFF = ("diff", "x^2", "--at", "3", "--truth", "none", "--methods", "forward-ad")


def _shell(redirection: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = f'exec "{sys.executable}" -m calcgrad "$@" {redirection}'
    return subprocess.run(
        ["sh", "-c", command, "sh", *arguments], capture_output=True, text=True, timeout=120, check=False
    )


full = pytest.mark.skipif(not os.path.exists(_FULL), reason="the system has no /dev/full")


@full
def test_a_full_disk_under_output() -> None:
    done = _shell("", *_DIFF, "--output", _FULL)
    assert done.returncode == 2
    assert "forward-ad  6 " in done.stdout
    assert "error[E350]: /dev/full cannot be written: no space left on device" in done.stderr


@full
@pytest.mark.parametrize("json", [(), ("--json",)])
def test_a_full_disk_under_standard_output(json: tuple[str, ...]) -> None:
    done = _shell(f"> {_FULL}", *_DIFF, *json)
    assert done.returncode == 2
    assert ('"value": 6.0' if json else "forward-ad  6 ") in done.stderr
    assert "error[E350]: standard output cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert "E700" not in done.stderr


@full
def test_a_batch_loses_nothing_where_the_disk_is_full(tmp_path: Path) -> None:
    (tmp_path / "many.txt").write_text("x^2\nx^3\n")
    options = ("--at", "2", "--truth", "none", "--format", "jsonl")
    done = _shell("", "diff", "--input", str(tmp_path / "many.txt"), *options, "--output", _FULL)
    assert done.returncode == 2
    assert [line[:40] for line in done.stdout.splitlines()] == [
        '{"schema": 1, "command": "diff", "input"',
    ] * 2
    assert done.stderr.count("E350") == 1


def test_closed_standard_output() -> None:
    done = _shell(">&-", *_DIFF)
    assert done.returncode == 2
    assert "forward-ad  6 " in done.stderr
    assert "E350" in done.stderr


def test_closed_standard_error() -> None:
    assert _shell("2>&-", *_DIFF).returncode == 0
    assert _shell("2>&-", "diff", "x^").returncode == 2


@pytest.mark.parametrize("arguments", [("diff", "-"), ("diff", "--input", "-"), ("check", "--claims", "-")])
def test_closed_standard_input(arguments: tuple[str, ...]) -> None:
    done = _shell("<&-", *arguments)
    assert done.returncode == 2
    assert "error[E357]: standard input is closed" in done.stderr


def test_standard_input_that_is_not_needed_may_be_closed() -> None:
    assert "forward-ad  6 " in _shell("<&-", *_DIFF).stdout


@pytest.mark.parametrize("before", [None, "what stood there\n"])
def test_an_answer_that_cannot_be_drawn_leaves_the_file_as_it_was(
    before: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> str:
        raise AssertionError("nothing can be drawn")

    file = tmp_path / "answer.txt"
    if before is not None:
        file.write_text(before)
    monkeypatch.setattr("calcgrad.render.table.render", broken)
    assert run([*_DIFF, "--output", str(file)]) == 70
    assert "nothing can be drawn" in capsys.readouterr().err
    assert (file.read_text() if file.exists() else None) == before


@full
@pytest.mark.parametrize("arguments", [("help",), ("diff", "--help"), ("--help",)])
def test_help_that_cannot_be_written_says_so(arguments: tuple[str, ...]) -> None:
    done = _shell(f"> {_FULL}", *arguments)
    assert done.returncode == 2
    assert "error[E350]: standard output cannot be written" in done.stderr
