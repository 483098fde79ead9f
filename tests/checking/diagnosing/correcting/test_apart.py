"""What is computed in a child of its own changes nothing here, and ends whatever it does."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from calcgrad.checking.diagnosing.correcting.apart import ApartError, apart, can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs a fork")


def test_the_child_asks_and_answers() -> None:
    assert apart(lambda tick, ask: (ask(), ask()), iter((3, 4)).__next__, 10.0) == (3, 4)


def test_what_the_child_changes_is_its_own() -> None:
    kept = [1]
    assert apart(lambda tick, ask: kept.append(2) or list(kept), lambda: None, 10.0) == [1, 2]
    assert kept == [1]


def test_a_run_that_it_died_of_is_left_out() -> None:
    def work(tick: Any, ask: Any) -> list[int]:
        made = []
        for run in range(5):
            if tick(run):
                made.append(run)
                if run in (1, 3):
                    os.kill(os.getpid(), signal.SIGSEGV)
        return made

    assert apart(work, lambda: None, 20.0) == [0, 2, 4]


def test_an_endless_child_is_ended() -> None:
    def work(tick: Any, ask: Any) -> None:
        while True:
            pass

    before = monotonic()
    assert apart(work, lambda: None, 0.3) is None
    assert monotonic() - before < 10.0


def test_it_writes_no_file(tmp_path: Path) -> None:
    def work(tick: Any, ask: Any) -> str:
        try:
            (tmp_path / "written").write_bytes(b"1" * 9)
        except OSError as error:
            return type(error).__name__
        return "written"

    assert apart(work, lambda: None, 10.0) == "OSError"
    assert not (tmp_path / "written").exists() or not (tmp_path / "written").read_bytes()


def test_it_has_no_such_children() -> None:
    assert apart(lambda tick, ask: (can_fork(), apart(lambda t, a: 1, lambda: 0, 5.0)), lambda: 0, 10.0) == (
        False,
        None,
    )


def test_what_it_raises_is_told() -> None:
    with pytest.raises(ApartError, match="ZeroDivisionError"):
        apart(lambda tick, ask: 1 // 0, lambda: None, 10.0)
