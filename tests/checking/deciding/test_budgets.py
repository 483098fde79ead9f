"""What is said when the evaluations run out, and while they are being made."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Statement, Subject
from calcgrad.report.claims import CheckReport

POINT = np.linspace(-1.0, 1.0, 8) + 0.03


def loss(w: Any) -> float:
    return float(np.sum(np.sin(w)) + 0.5 * np.sum(w) ** 2)


def gradient(w: Any) -> Any:
    return np.cos(w) + np.sum(w)


def off(by: float, place: int = 2) -> Any:
    def claim(w: Any) -> Any:
        found = gradient(w)
        found[place] += by
        return found

    return claim


def checked(claim: Any, **options: Any) -> CheckReport:
    subject = Subject(loss, (Claim(claim),), {"w": POINT})
    return check_subject(subject, Options(trace=False, diagnose=False, **options))


@pytest.mark.parametrize("most", [1, 2, 5, 9, 12])
def test_a_right_claim_whose_budget_ran_out(most: int) -> None:
    """What it says would have been seen is seen: a claim that is off by more is not said to agree."""
    report = checked(gradient, max_evaluations=most)
    assert (report.verdict, report.cause) == ("inconclusive", "budget")
    (note,) = [note for note in report.notes if "ran out" in note]
    assert f"after {report.evaluations} evaluation" in note
    assert report.evaluations <= most
    told = re.search(r"(\d+) directions? agrees?; an entry off by more than (\S+) would", note)
    if most < 5:
        assert told is None
        assert "not one direction could be measured" in note
        assert (report.detectable, report.confidence) == (None, None)
        return
    assert told is not None
    assert told[1] == "1"
    assert report.detectable == pytest.approx(float(told[2]), rel=0.1)
    assert report.confidence == 1 - 1e-12
    other = checked(off(1.01 * report.detectable), max_evaluations=most)
    assert not any("agree" in note for note in other.notes)


def test_one_direction_that_differs_is_told_and_by_how_much() -> None:
    """The claim is off by 0.1 in one entry, whose size counts as 1/2: along a direction by 0.025 to 0.075."""
    report = checked(off(0.1), max_evaluations=9)
    assert (report.verdict, report.cause) == ("inconclusive", "budget")
    told = re.search(r"one direction of 1 differs, by (\S+)$", report.notes[-1])
    assert told is not None
    assert 0.024 <= float(told[1]) <= 0.076


def test_two_directions_that_differ_are_enough_when_the_budget_runs_out_after_them() -> None:
    for most in range(16, 26):
        report = checked(off(0.1), max_evaluations=most)
        assert report.verdict == "wrong"
        assert report.evaluations <= most
        assert report.wrong_complete is False


def test_a_line_of_progress_after_each_direction() -> None:
    right: list[Statement] = []
    report = checked(gradient, progress=right.append)
    assert [each.directions for each in right] == list(range(1, len(right) + 1))
    assert {each.verdict for each in right} == {"nothing wrong"}
    assert {each.stage for each in right} == {"deciding"}
    spent = [each.evaluations for each in right]
    assert spent == sorted(set(spent))
    assert spent[-1] <= report.evaluations
    assert right[-1].detectable == pytest.approx(report.detectable)
    wrong: list[Statement] = []
    checked(off(0.1), progress=wrong.append)
    assert [each.verdict for each in wrong] == ["doubtful", "wrong"]
    assert [each.detectable for each in wrong] == [None, None]


def test_an_argument_that_the_common_directions_do_not_resolve() -> None:
    """An argument beside one whose slopes are 1e13 times as large is looked at by itself."""
    a = np.array([-1.0, 1.0, -0.5, 0.5, 0.25, -0.25])
    b = np.linspace(-1.0, 1.0, 7) + 0.02

    def uneven(a: Any, b: Any) -> float:
        return float(1e13 * np.sum(np.sin(a)) + np.sum(np.sin(b)))

    def check(share: float) -> CheckReport:
        claim = Claim(lambda a, b: (1e13 * np.cos(a), (1.0 + share) * np.cos(b)))
        return check_subject(
            Subject(uneven, (claim,), {"a": a, "b": b}), Options(trace=False, diagnose=False)
        )

    right = check(0.0)
    assert (right.verdict, right.cause) == ("right", None)
    for share in (0.3, -0.2, 2.0):
        wrong = check(share)
        assert wrong.verdict == "wrong"
        assert sorted(entry.index for entry in wrong.wrong) == [(k,) for k in range(7)]
        assert {entry.argument for entry in wrong.wrong} == {"b"}
        witness = next(w for w in wrong.witnesses if w.name == "directional")
        assert witness.says == "wrong"
        assert re.fullmatch(r"[45] random directions: [2-4] differ", witness.note)
