"""A terminal is shown what is known as soon as it is; in the end the screen is what a pipe gets."""

from __future__ import annotations

import io
import re
import sys
from typing import Any

import pytest
from rich.console import Console

import calcgrad.comparing.compute as computing
from calcgrad.cli import live
from calcgrad.cli.counting import Counts
from calcgrad.cli.pace import fitting
from calcgrad.cli.progress import Progress
from calcgrad.comparing.symbolic_truth import ask
from tests.cli.running import Streams
from tests.cli.screens import drawn, screen


@pytest.fixture
def terminal(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> Streams:
    monkeypatch.setenv("TERM", "xterm")
    return Streams(monkeypatch, terminal=True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["x**3+2*x", "--at", "2"],
        ["x**3+2*x"],
        ["x*y + sin(x)", "--at", "1, 2"],
        ["abs(x)", "--at", "0"],
        ["max(x, floor(x))", "--at", "0"],
        ["1/2x", "--at", "1"],
        ["sin(x)", "--at", "x=0:1:3"],
        ["besselj(x, 2)", "--at", "1"],
        ["x^2", "--at", "3", "--truth", "none"],
        ["x^2", "--at", "3", "--truth", "certified"],
        ["x^2", "--at", "3", "--truth", "symbolic"],
        ["(1 - cos(x))/x^2", "--at", "1e-6"],
    ],
)
def test_the_screen_is_what_a_pipe_gets(streams: Streams, terminal: Streams, arguments: list[str]) -> None:
    piped, shown = streams.run("diff", *arguments), terminal.run("diff", *arguments)
    assert screen(shown.out) == piped.out
    assert (shown.code, shown.err) == (piped.code, piped.err)


def test_the_formula_comes_before_the_methods_and_the_numbers_before_sympy(
    terminal: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    before: list[str] = []

    def slow(*arguments: Any) -> Any:
        answer = ask(*arguments)

        def waiting(within: float | None = None) -> Any:
            sys.stdout.flush()
            before.append(screen(sys.stdout.buffer.getvalue().decode()))  # type: ignore[attr-defined]
            return answer(within)

        return waiting

    monkeypatch.setattr(computing, "ask", slow)
    found = terminal.run("diff", "x**3+2*x", "--at", "2")
    (shown,) = before
    assert "f'(x) = 3*x^2 + 2" in shown
    assert "f' = 14" in shown
    assert "forward-difference  14.000000178813934   1.8e-7" in shown
    assert shown.splitlines()[-1] == "... SymPy is asked to confirm the truth"
    assert "agree" not in shown
    first = found.out.index("f'(x)")
    assert first < found.out.index("the methods run") < found.out.index("forward-difference")


@pytest.mark.parametrize("rows", [3, 8, 14, 60])
def test_what_does_not_fit_the_screen_is_not_drafted(
    streams: Streams, terminal: Streams, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(live.Screen, "_size", lambda self: (80, rows))
    arguments = ("diff", "x*y + sin(x)", "--at", "1, 2", "--truth", "certified")
    shown = terminal.run(*arguments).out
    assert max(map(int, re.findall(r"\x1b\[(\d+)A", shown)), default=0) <= max(
        rows - 2, 0
    )  # the cursor stays on the screen
    assert screen(shown) == streams.run(*arguments).out


def test_ctrl_c_leaves_what_is_known_and_one_line(terminal: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: Any) -> Any:
        def waiting(within: float | None = None) -> Any:
            raise KeyboardInterrupt

        return waiting

    monkeypatch.setattr(computing, "ask", stopped)
    found = terminal.run("diff", "x**3+2*x", "--at", "2")
    assert found.code == 130
    shown = screen(found.out)
    assert "reverse-ad          14" in shown
    assert "..." not in shown
    (line,) = found.err.splitlines()
    assert line.startswith("interrupted: SymPy is asked to confirm the truth; what stands above")


def test_ctrl_c_in_a_pipe_is_one_line(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(computing, "ask", stopped)
    found = streams.run("diff", "x", "--at", "1")
    assert (found.code, found.out, found.err) == (130, "", "interrupted; nothing was written\n")


class Clock:
    """A clock that is set by hand."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        patch.setattr("calcgrad.cli.progress.time.monotonic", lambda: self.now)


def test_progress_tells_total_rate_of_late_and_time_left(
    terminal: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    terminal.run("functions", "--help")  # sets a standard error that says it is a terminal
    progress = Progress(400, what="proofs")

    def shown() -> str:
        return screen(sys.stderr.buffer.getvalue().decode()).strip()  # type: ignore[attr-defined]

    for _ in range(10):
        clock.now += 0.05
        progress.tick()
    assert sys.stderr.buffer.getvalue() == b""  # type: ignore[attr-defined]  # nothing within a second
    for _ in range(100):
        clock.now += 0.11
        progress.tick()
    assert shown().endswith(" 110/400 proofs, 9.1 a second, 32 s left")
    for _ in range(20):
        clock.now += 1.0
        progress.tick()
    assert ", 1.0 a second, " in shown()  # what was faster before is forgotten
    progress.close()
    assert shown() == ""


@pytest.mark.parametrize("width", range(1, 80))
def test_no_number_is_cut_at_any_width(width: int) -> None:
    counts = Counts(Console(file=io.StringIO()), redirect_stdout=False)
    counts.tell("proofs", 6789, 12345)
    (told,) = counts.get_renderables()
    line = drawn(told, width)
    assert len(line) <= width
    assert line == "" or "6789/12345" in line
    assert ("\u2501" in line) == (width >= 25 + len("6789/12345 proofs"))


def test_a_wait_tells_its_seconds() -> None:
    counts = Counts(Console(file=io.StringIO()), redirect_stdout=False)
    counts.tell("proofs", 6789, 12345)
    counts.wait("SymPy is asked for the truth", 3.2)
    (told,) = counts.get_renderables()
    assert drawn(told, 80) == "... SymPy is asked for the truth, 3 s"
    assert drawn(told, 35) == "... SymPy is asked for the truth"


def test_what_the_users_code_prints_stands_above_the_line(
    terminal: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.run("functions", "--help")
    monkeypatch.setattr("calcgrad.cli.progress.PATIENCE", -1.0)
    progress = Progress(3, what="proofs")
    monkeypatch.setattr("calcgrad.cli.progress._EVERY", -1.0)
    out, err = sys.stdout, sys.stderr
    progress.tick()
    print("printed by a loss")
    progress.tick()
    seen = screen(err.buffer.getvalue().decode())  # type: ignore[attr-defined]
    first, second = seen.splitlines()
    assert first == "printed by a loss"
    assert "2/3 proofs" in second
    progress.close()
    assert (sys.stdout, sys.stderr) == (out, err)
    assert screen(err.buffer.getvalue().decode()).strip() == "printed by a loss"  # type: ignore[attr-defined]


def test_fitting_takes_the_first_that_fits() -> None:
    assert fitting(["long text", "short"], 6) == "short"
    assert fitting(["long text"], 3) == ""
