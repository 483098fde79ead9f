"""The Taylor test: remainders fall with the square of h for a right claim, with h for a wrong one, and rounding has no rate."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.report.claims import CheckReport

X = np.array([0.7, -1.3, 0.4, 2.1])


def _loss(x: Any) -> float:
    return float(np.sum(np.sin(x) * x))


def _slope(x: Any) -> Any:
    return np.sin(x) + x * np.cos(x)


def _report(f: Any, claim: Claim, **options: Any) -> CheckReport:
    return check_subject(Subject(f, (claim,), {"x": X}), Options(taylor=True, **options))


@pytest.mark.parametrize(("factor", "rate"), [(1.0, 2.0), (1.1, 1.0)])
def test_the_rate_tells_right_from_wrong(factor: float, rate: float) -> None:
    report = _report(_loss, Claim(lambda x: factor * _slope(x)))
    rates = [row.rate for row in report.taylor]
    assert rates[0] is None
    assert rates[-1] == pytest.approx(rate, abs=0.05)
    assert [row.h for row in report.taylor[:2]] == [0.0625, 0.03125]


def test_a_pullback_has_the_test_too() -> None:
    report = _report(lambda x: np.sin(x) * x, Claim(lambda x, u: _slope(x) * u, "vjp"))
    assert report.taylor[-1].rate == pytest.approx(2.0, abs=0.05)


def test_rounding_has_no_rate() -> None:
    report = _report(lambda x: float(3 * np.sum(x)), Claim(lambda x: np.full(4, 3.0)))
    assert report.verdict == "right"
    assert {row.rate for row in report.taylor} == {None}
    assert max(row.remainder for row in report.taylor) < 1e-14


def test_a_spent_budget_leaves_the_verdict() -> None:
    report = _report(_loss, Claim(lambda x: 2 * _slope(x)), max_evaluations=45)
    assert report.evaluations <= 45
    assert report.cause != "budget" or "before anything was known" not in report.notes[0]


def test_it_is_not_there_unless_asked_for() -> None:
    report = check_subject(Subject(_loss, (Claim(_slope),), {"x": X}))
    assert report.taylor == ()
