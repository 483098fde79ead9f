"""The user's own code ends no program, prints into no report, and goes on for no longer than it may."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import Streams

MODEL = """
import sys
print("imported")

def quits(x):
    sys.exit(0)

def prints(x):
    print("called")
    return x * x

def endless(x):
    while x == x:
        pass

def endless_beside(x):
    while x != 2.0:
        pass
    return x * x


def slope(x):
    return 2 * x
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "users.py").write_text(MODEL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def test_a_function_that_ends_the_program_is_an_error(streams: Streams) -> None:
    found = streams.run("diff", "users.py:quits", "--at", "2")
    assert (found.code, found.out) == (2, "")
    assert "error[E416]" in found.err
    assert "SystemExit" in found.err
    checked = streams.run("check", "users.py:quits", "--grad", "users.py:slope", "--at", "2")
    assert checked.code == 2
    assert "error[E380]" in checked.err


PRINTING = ["diff users.py:prints", "check users.py:prints --grad users.py:slope"]


@pytest.mark.parametrize("command", PRINTING)
def test_what_it_prints_is_no_part_of_the_report(streams: Streams, command: str) -> None:
    found = streams.run(*command.split(), "--at", "2", "--json")
    assert found.code == 0
    assert json.loads(found.out)["schema"] == 1
    assert "called" in found.err


@pytest.mark.parametrize("name", ["endless", "endless_beside"])
def test_a_call_without_end_ends_with_the_time(streams: Streams, name: str) -> None:
    limit = ["--max-seconds", "0.2"]
    found = streams.run(
        "check", f"users.py:{name}", "--grad", "users.py:slope", "--at", "2", "--json", *limit
    )
    report = json.loads(found.out)
    assert (report["verdict"], report["cause"], found.code) == ("inconclusive", "budget", 5)


@pytest.mark.slow
def test_a_call_without_end_in_a_worker(streams: Streams) -> None:
    call = ["check", "users.py:endless_beside", "--grad", "users.py:slope", "--at", "2", "--json"]
    report = json.loads(streams.run(*call, "--workers", "2", "--max-seconds", "1").out)
    assert (report["verdict"], report["cause"]) == ("inconclusive", "budget")
