"""``--timeout`` means the same with every command: the time of the whole answer; E902 and exit code 4 where nothing is known."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter

import pytest

from calcgrad.checking import claims
from calcgrad.checking.claims import check_claim
from calcgrad.checking.project import Settings
from calcgrad.comparing.request import Request
from calcgrad.deadline import Deadline
from calcgrad.errors import TimeUpError
from calcgrad.explaining.steps import explain
from tests.cli.running import Streams

#: Every command that takes a time, with a question that is answered at once without a limit.
COMMANDS = {
    "diff": ["diff", "x^2", "--at", "3"],
    "steps": ["steps", "x^2", "--at", "3"],
    "check": ["check", "x^2", "--claim", "2*x"],
    "trace": ["trace", "x^2", "--at", "3"],
    "nudge": ["nudge", "x^2", "--at", "3"],
    "plot": ["plot", "x^2"],
    "descend": ["descend", "(w - 3)^2", "--at", "1"],
    "compare-modes": ["compare-modes", "x*y", "--at", "x=1, y=2"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_where_nothing_is_known_in_time_there_is_one_error(name: str, streams: Streams) -> None:
    ran = streams.run(*COMMANDS[name], "--timeout", "1e-9")
    assert ran.code == 4
    assert "E902" in ran.err
    assert "--timeout" in ran.err


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("seconds", ["0", "nan", "inf", "-1"])
def test_a_time_that_is_none_is_refused(name: str, seconds: str, streams: Streams) -> None:
    ran = streams.run(*COMMANDS[name], "--timeout", seconds)
    assert ran.code == 2
    assert "E364" in ran.err


def test_the_error_is_an_object_in_json(streams: Streams) -> None:
    ran = streams.run("nudge", "x^2", "--at", "3", "--timeout", "1e-9", "--json")
    assert json.loads(ran.out)["error"]["code"] == "E902"


#: Functions of which each command has more to say than there is time for.
LONG_TEXT = " + ".join(f"zeta(x + {k})*besselj(2.5, x*{k})" for k in range(2, 40))
SLOW = {
    "steps": ["steps", LONG_TEXT, "--at", "3"],
    "check": ["check", LONG_TEXT, "--claim", "2*x"],
    "plot": ["plot", LONG_TEXT, "--from", "1", "--to", "40"],
    "nudge": ["nudge", LONG_TEXT, "--at", "3"],
    "trace": ["trace", LONG_TEXT, "--at", "3"],
}


# The alarm may fall into what hooks the search for garbage, which cannot raise: the next one, a moment later, ends the work.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", SLOW)
def test_a_long_answer_ends_in_its_time(name: str, streams: Streams) -> None:
    start = perf_counter()
    ran = streams.run(*SLOW[name], "--timeout", "0.4")
    assert perf_counter() - start < 15  # the time of the machine, not of the answer
    assert ran.code in (0, 1, 3, 4, 5)


def test_steps_that_are_told_but_not_checked_in_time_are_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calcgrad.explaining.steps._Telling._checked", _endless)
    report = explain(Request("x*sin(x)", timeout=0.5))
    (derivation,) = report.derivations
    assert derivation.formula is not None
    assert derivation.check == "open"
    assert {line.check for line in derivation.lines} == {"open"}


def test_claims_of_which_none_is_judged_in_time_are_time_up(
    monkeypatch: pytest.MonkeyPatch, streams: Streams
) -> None:
    monkeypatch.setattr("calcgrad.checking.claims._one", _endless)
    with pytest.raises(TimeUpError):
        check_claim("x^2", ["2*x"], timeout=0.3)
    done = streams.run("check", "x^2", "--claim", "2*x", "--timeout", "0.3", "--json")
    assert (done.code, json.loads(done.out)["error"]["code"]) == (4, "E902")


def test_claims_of_which_one_is_judged_in_time_are_inconclusive(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_the_first(asked: object, wrt: tuple[str, ...], claim: object) -> object:
        return claims._Found(None, True, "d/dx: known") if wrt == ("x",) else _endless()

    monkeypatch.setattr(claims, "_one", only_the_first)
    report = check_claim("x^2*y", ["2*x*y", "x^2"], timeout=0.5)
    assert report.verdict == "inconclusive"
    assert report.notes == ("d/dx: known", "d/dy: none within 0.5 s")
    with pytest.raises(TimeUpError):
        check_claim("x^2", ["2*x"], timeout=1e-9)


def test_a_limit_within_a_limit_ends_first_and_the_outer_one_goes_on() -> None:
    outer = Deadline(0.6)
    assert outer.attempt(lambda: (Deadline(0.05).attempt(_endless, "inner"), "went on"), None) == (
        "inner",
        "went on",
    )
    assert outer.attempt(lambda: (Deadline(0.05).attempt(_endless, "inner"), _endless()), "outer") == "outer"
    assert (
        Deadline(0.05).attempt(lambda: Deadline(60.0).attempt(_endless, "inner") and _endless(), "outer")
        == "outer"
    )


def test_a_part_has_no_more_time_than_the_whole_and_says_so() -> None:
    """The 10 seconds that a derivative may take were told where the 0.05 of the whole answer were up."""
    outer = Deadline(0.05)
    inner = outer.attempt(lambda: Deadline(10.0), None)
    assert inner is not None
    assert (inner.seconds, inner.end) == (outer.seconds, outer.end)
    assert Deadline(10.0).seconds == 10.0
    shorter = outer.attempt(lambda: Deadline(0.01), None)
    assert shorter is not None
    assert shorter.seconds == 0.01


def test_the_time_that_is_told_is_the_one_that_was_given(streams: Streams) -> None:
    ran = streams.run("nudge", LONG_TEXT, "--at", "3", "--timeout", "0.02")
    assert "0.02 s of --timeout" in ran.err


#: A loss of a second a call, with its gradient.
LATE = """
import time

def loss(w):
    time.sleep(1.0)
    return w @ w

def slope(w):
    return 2 * w
"""


def test_a_gradient_is_checked_in_the_time_given(streams: Streams, tmp_path: Path) -> None:
    """It was passed over without a word: a check of 40 calls took its 40 seconds."""
    (tmp_path / "late.py").write_text(LATE)
    file, start = tmp_path / "late.py", perf_counter()
    ran = streams.run(
        "check", f"{file}:loss", "--grad", f"{file}:slope", "--at", "w=[1,2]", "--timeout", "0.3", "--json"
    )
    assert perf_counter() - start < 15
    assert ran.code == 5
    assert json.loads(ran.out)["cause"] == "budget"
    assert streams.run("check", f"{file}:loss", "--grad", f"{file}:slope", "--timeout", "0").code == 2


@pytest.mark.parametrize(
    ("timeout", "most", "effort"), [(None, None, None), (3.0, None, 3.0), (None, 4.0, 4.0), (3.0, 4.0, 3.0)]
)
def test_the_nearer_of_two_limits_counts(
    timeout: float | None, most: float | None, effort: float | None
) -> None:
    assert Settings(timeout=timeout, max_seconds=most).effort()["max_seconds"] == effort


def _endless(*args: object) -> None:
    while True:
        pass
