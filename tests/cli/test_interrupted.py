"""Ctrl-C leaves one line: what was done, what was written, how to go on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import calcgrad.checking.table.proofs as proving
import calcgrad.modes.stories as measuring
from calcgrad.report.modes import Story
from calcgrad.report.proofs import ProofRow
from tests.cli.running import Streams

STORY = Story("one story", ())


def stopping(*items: Any) -> Any:
    """What gives the items, and is then interrupted."""

    def generate(*_: Any, **__: Any) -> Iterator[Any]:
        yield from items
        raise KeyboardInterrupt

    return generate


def test_compare_modes_in_a_pipe(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "stories", stopping(STORY))
    found = streams.run("compare-modes")
    assert (found.code, found.out) == (130, "")
    (line,) = found.err.splitlines()
    assert line.startswith(
        "interrupted: 1 of 7 comparisons were done, and nothing was written; calcgrad compare-modes"
    )


def test_compare_modes_on_a_terminal_keeps_what_was_measured(
    streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "stories", stopping(STORY))
    found = Streams(monkeypatch, terminal=True).run("compare-modes", "--color", "never")
    assert found.code == 130
    assert found.out.startswith("one story\n")
    assert found.err.startswith("interrupted: 1 of 7 comparisons were done, and those stand above;")


def test_the_proof_of_the_table(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [ProofRow("tan", None, None, "numeric", 24, 1.0, v) for v in ("right", "wrong", "right")]
    monkeypatch.setattr(proving, "prove", stopping(*rows))
    found = streams.run("check", "--table")
    assert (found.code, found.out) == (130, "")
    (line,) = found.err.splitlines()
    assert line.startswith(
        f"interrupted after 3 of {proving.how_many()} proofs, of which 2 hold; nothing was written"
    )


@pytest.mark.slow
def test_the_number_of_proofs_is_known() -> None:
    assert sum(1 for _ in proving.prove(1, symbolic=False)) == proving.how_many()


@pytest.mark.parametrize("width", range(1, 120, 7))
def test_the_line_of_a_check_never_cuts_a_number(width: int) -> None:
    from calcgrad.checking.measuring.subject import Statement
    from calcgrad.cli.checks import CheckRun
    from calcgrad.cli.counting import Fitting
    from tests.cli.screens import drawn

    check = CheckRun(quiet=False, journal=None, resume=False, dask=None)
    check.title = "model.py:loss"
    texts = check.told(Statement("deciding", 4, 1234, 2.5, "right", 1e-9))
    line = drawn(Fitting(texts), width)
    assert len(line) <= width
    assert line == "" or "1234 evaluations" in line
    assert texts[0].startswith(
        "model.py:loss: deciding: right so far after 1234 evaluations, errors above 1.0e-9 would show"
    )
    assert texts[0].endswith("494 a second")
