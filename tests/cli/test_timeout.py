"""``--timeout`` means the same with every command: the time of the whole answer; E902 and exit code 4 where nothing is known."""

from __future__ import annotations

import json
from time import perf_counter

import pytest

from calcgrad.checking.claims import check_claim
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


def test_a_claim_that_is_not_judged_in_time_is_inconclusive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calcgrad.checking.claims._one", _endless)
    report = check_claim("x^2", ["2*x"], timeout=0.3)
    assert report.verdict == "inconclusive"
    assert report.notes == ("d/dx: none within 0.3 s",)
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


def _endless(*args: object) -> None:
    while True:
        pass
