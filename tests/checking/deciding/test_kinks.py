"""A kink at the point: the entry that it is in, and what the claim is worth nearby."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.report.claims import CheckReport


def checked(f: Any, g: Any, **arguments: Any) -> CheckReport:
    return check_subject(Subject(f, (Claim(g),), arguments), Options(trace=False, diagnose=False))


@pytest.mark.parametrize("n", [1, 2, 5, 20, 33])
def test_the_entry_of_a_kink(n: int) -> None:
    for place in {0, n // 3, n - 1}:
        w = np.linspace(-1.0, 1.0, n) + 0.01
        w[place] = 0.0
        report = checked(lambda w: float(np.sum(np.abs(w))), np.sign, w=w)
        assert (report.verdict, report.cause) == ("inconclusive", "kink")
        assert f"there is a kink in w[{place}]" in report.notes
        assert any(
            "moved by about 1% of its size): there the claim is right" in note for note in report.notes
        )


def test_a_kink_in_a_number_beside_an_array() -> None:
    report = checked(
        lambda a, b: float(np.sum(a**2) + abs(b)), lambda a, b: (2 * a, np.sign(b)), a=np.ones(9), b=0.0
    )
    assert "there is a kink in b" in report.notes


def test_a_kink_that_needs_two_entries_at_once() -> None:
    """min(|a|, |b|) at 0 is 0 along each of them, and has a kink along both."""
    w = np.array([0.0, 0.0, 1.0, 2.0, 3.0])
    report = checked(lambda w: float(min(abs(w[0]), abs(w[1])) + w @ w), lambda w: 2 * w, w=w)
    assert "the kink is in no single entry: it needs several to move together" in report.notes
    assert report.verdict == "wrong"  # nearby it is: one of the two entries has the slope of |a| there
    assert any("there the claim is wrong, and the entries are of that point" in note for note in report.notes)


def test_a_wrong_claim_beside_a_kink_is_wrong_nearby() -> None:
    w = np.array([0.0, 0.7, -0.4, 1.3])
    report = checked(lambda w: float(np.sum(np.abs(w)) + w @ w), lambda w: np.sign(w) + 2.2 * w, w=w)
    assert report.verdict == "wrong"
    assert "there is a kink in w[0]" in report.notes


def test_a_point_nearby_that_has_no_value() -> None:
    def f(w: Any) -> float:
        return float(abs(w[1]) + w[0] ** 2) if abs(w[1]) < 1e-3 else math.nan

    report = checked(f, lambda w: np.array([2 * w[0], np.sign(w[1])]), w=np.array([1.0, 0.0]))
    assert (report.verdict, report.cause) == ("inconclusive", "kink")
    assert any("a point nearby was tried because of the kink, and failed: " in note for note in report.notes)
