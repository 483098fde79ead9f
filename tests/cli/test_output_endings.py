"""The ending of ``--output`` tells the format; what cannot be written is refused, and no file is begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Streams

DIFF = ("diff", "x^2", "--at", "1", "--truth", "none", "--methods", "reverse-ad")
#: Commands, the ending, and how such a file begins.
BEGINNINGS = [
    (DIFF, "html", "<!DOCTYPE html>"),
    (DIFF, "HTML", "<!DOCTYPE html>"),
    (DIFF, "json", "{"),
    (DIFF, "csv", "input,at,value"),
    (DIFF, "tex", "% x^2"),
    (DIFF, "md", "> W201"),
    (DIFF, "txt", "warning[W201]"),
    (("check", "x^2", "--claim", "2*x"), "html", "<!DOCTYPE html>"),
    (("check", "x^2", "--claim", "2*x"), "xml", "<?xml"),
    (("check", "x^2", "--claim", "2*x"), "sarif", "{"),
    (("steps", "x^2"), "html", "<!DOCTYPE html>"),
    (("nudge", "x^2", "--at", "1"), "html", "<!DOCTYPE html>"),
    (("plot", "x^2"), "html", "<!DOCTYPE html>"),
    (("descend", "x^2", "--at", "1"), "html", "<!DOCTYPE html>"),
    (("compare-modes", "x^2", "--at", "1"), "html", "<!DOCTYPE html>"),
    (("practice", "--seed", "1", "--sheet", "1"), "html", "<!DOCTYPE html>"),
    (("trace", "x*y", "--at", "x=1, y=2"), "html", "<!DOCTYPE html>"),
    (("trace", "x*y", "--at", "x=1, y=2"), "dot", "digraph"),
    (("trace", "x*y", "--at", "x=1, y=2"), "mmd", "flowchart"),
]


@pytest.mark.parametrize(("command", "ending", "beginning"), BEGINNINGS)
def test_the_ending_tells_the_format(
    streams: Streams, tmp_path: Path, command: tuple[str, ...], ending: str, beginning: str
) -> None:
    file = tmp_path / f"report.{ending}"
    assert streams.run(*command, "--output", str(file)).code == 0
    text = file.read_text(encoding="utf-8")
    assert text.startswith(beginning)


def test_a_format_that_is_named_stands_before_the_ending(streams: Streams, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    assert streams.run(*DIFF, "--format", "csv", "--output", str(file)).code == 0
    assert file.read_text(encoding="utf-8").startswith("input,at,value")
    assert streams.run(*DIFF, "--json", "--output", str(file)).code == 0
    assert file.read_text(encoding="utf-8").startswith("{")


@pytest.mark.parametrize(
    ("command", "ending"),
    [
        (DIFF, "png"),
        (("steps", "x^2"), "svg"),
        (("trace", "x*y", "--at", "x=1, y=2"), "png"),
        (("check", "x^2", "--claim", "2*x"), "pdf"),
        (("nudge", "x^2", "--at", "1"), "pdf"),
        (("compare-modes", "x^2", "--at", "1"), "svg"),
        (("diff", "--input", "many.txt", "--at", "1"), "html"),
    ],
)
def test_what_cannot_be_written_is_refused(
    streams: Streams, tmp_path: Path, command: tuple[str, ...], ending: str
) -> None:
    file = tmp_path / f"report.{ending}"
    found = streams.run(*command, "--output", str(file))
    assert (found.code, found.err[:12]) == (2, "error[E363]:")
    assert not file.exists()


def test_a_minus_sign_before_a_letter_may_still_be_an_expression(streams: Streams) -> None:
    found = streams.run("diff", "-o", "--at", "o=2", "--truth", "none", "--methods", "reverse-ad")
    assert found.code == 0
    assert "f(o)" in found.out


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # the process, which ends, closes the file
def test_what_cannot_be_drawn_leaves_the_file_of_before(
    streams: Streams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.txt"
    file.write_text("of before, and longer than what comes next" * 200)

    def broken(*_: object) -> str:
        raise RuntimeError("planted")

    with monkeypatch.context() as patch:
        patch.setattr("calcgrad.render.table.render", broken)
        assert streams.run(*DIFF, "--output", str(file)).code == 70
    assert file.read_text().startswith("of before")
    assert streams.run(*DIFF, "--output", str(file)).code == 0
    assert "of before" not in file.read_text()
