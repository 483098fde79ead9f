"""What a check costs on a slow, smooth, opaque loss: evaluations, counted by the loss itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calcgrad.checking import gradients
from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring import oracle
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.report.claims import CheckReport
from tests.data.smooth_losses import LOSSES, N, gradient_of

POINT = np.linspace(-1.0, 1.0, 8) + 0.03


class Counted:
    """A loss that reverse mode cannot follow, and how often it was called."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, w: Any) -> float:
        self.calls += 1
        return float(np.sum(np.sin(w)) + 0.5 * np.sum(w) ** 2 + np.exp(0.3 * w[0]))


def gradient(w: Any) -> Any:
    found = np.cos(w) + np.sum(w)
    found[0] += 0.3 * np.exp(0.3 * w[0])
    return found


def off_at(*places: int, by: float = 1.1) -> Any:
    def claim(w: Any) -> Any:
        found = gradient(w)
        found[list(places)] *= by
        return found

    return claim


def _checked(claim: Any, point: Any = POINT, **options: Any) -> tuple[CheckReport, int]:
    loss = Counted()
    report = check_subject(Subject(loss, (Claim(claim),), {"w": point}), Options(trace=False, **options))
    return report, loss.calls


def test_a_verdict_on_eight_entries() -> None:
    report, calls = _checked(gradient)
    assert report.verdict == "right"
    assert report.evaluations <= calls <= 45  # with the first calls, which see whether the function is one
    assert report.evaluations <= 40


@pytest.mark.parametrize("by", [1.1, 0.0])
@pytest.mark.parametrize("place", range(8))
def test_a_wrong_entry_of_eight(place: int, by: float) -> None:
    report, _ = _checked(off_at(place, by=by))
    assert report.verdict == "wrong"
    assert [entry.index for entry in report.wrong] == [(place,)]
    assert report.wrong_complete
    assert report.evaluations <= 50


def test_several_wrong_entries_are_all_measured() -> None:
    report, _ = _checked(off_at(1, 4, 6))
    assert sorted(entry.index for entry in report.wrong) == [(1,), (4,), (6,)]
    assert report.wrong_complete


@pytest.mark.parametrize("f", LOSSES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("draw", [1, 2])
def test_smooth_losses_as_people_write_them(f: Any, draw: int) -> None:
    """A verdict, and the one wrong entry, on losses of many kinds; one wrong entry may be off by little."""
    rng = np.random.default_rng([draw, LOSSES.index(f)])
    point, place, share = 0.6 * rng.normal(size=N), int(rng.integers(N)), float(rng.choice([1e-3, 0.1, 2.0]))
    right = gradient_of(f)

    def wrong(w: Any) -> Any:
        found = right(w)
        found[place] += share * np.abs(found).max()
        return found

    def checked(claim: Any) -> CheckReport:
        subject = Subject(lambda w: float(f(w)), (Claim(claim),), {"w": point})
        return check_subject(subject, Options(trace=False, diagnose=False))

    report = checked(right)
    assert report.verdict == "right"
    assert report.evaluations <= 40
    assert report.detectable is not None
    assert report.detectable <= 1e-2 * np.abs(right(point)).max()
    located = checked(wrong)
    assert located.verdict == "wrong"
    assert [entry.index for entry in located.wrong] == [(place,)]
    assert located.wrong_complete
    assert located.evaluations <= 60


@pytest.mark.parametrize("size", [1e-5, 1e-7])
def test_a_small_error_is_refined_until_it_shows(size: float) -> None:
    """What a coarse look finds only just different is measured well."""

    def claim(w: Any) -> Any:
        found = gradient(w)
        found[3] += size
        return found

    report, _ = _checked(claim)
    assert report.verdict == "wrong"
    assert [entry.index for entry in report.wrong] == [(3,)]


def test_coarse_looks_that_would_see_too_little_are_refined() -> None:
    """Beside a value of 1e5 rounding is large: as coarse as was wished for, the two directions would see half as much."""

    def loss(w: Any) -> float:
        return float(1e5 + np.sum(np.sin(w)) + 0.5 * np.sum(w) ** 2 + np.exp(0.3 * w[0]))

    subject = Subject(loss, (Claim(gradient),), {"w": POINT})
    report = check_subject(subject, Options(trace=False, diagnose=False))
    assert report.verdict == "right"
    assert report.detectable is not None
    assert report.detectable < 0.05


@pytest.mark.parametrize("n", [1, 2, 8, 50])
def test_quick(n: int) -> None:
    point = np.linspace(-1.0, 1.0, n) / n + 0.03
    report, _ = _checked(gradient, point, quick=True)
    assert report.verdict == "right"
    assert report.evaluations <= 20
    assert n == 1 or any("one wrong entry among" in note for note in report.notes)
    wrong, _ = _checked(off_at(0), point, quick=True)
    assert wrong.verdict == "wrong"
    assert wrong.evaluations <= 20
    assert not wrong.wrong


@pytest.mark.parametrize("most", [16, 20, 30])
@pytest.mark.parametrize("place", [None, 0, 5])
def test_a_small_budget_is_enough_for_a_verdict(most: int, place: int | None) -> None:
    claim = gradient if place is None else off_at(place)
    report, _ = _checked(claim, max_evaluations=most)
    assert report.verdict == ("right" if place is None else "wrong")
    assert report.evaluations <= most
    assert [entry.index for entry in report.wrong] in ([], [(place,)])


@pytest.mark.parametrize("most", [20, 30, 40])
def test_a_small_budget_is_enough_for_a_small_error_too(most: int) -> None:
    """The second direction is as good as the first one's difference asks for."""
    report, _ = _checked(off_at(2, by=1.0 + 1e-7), max_evaluations=most)
    assert report.verdict == "wrong"


@pytest.mark.parametrize("traced", [True, False])
@pytest.mark.parametrize("place", [None, 3])
def test_seconds_count_as_the_calls_that_they_hold(
    traced: bool, place: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a second a call, and ten seconds: by a clock that goes on with each call alone."""
    loss = Counted()
    for module in (gradients, oracle):
        monkeypatch.setattr(module, "perf_counter", lambda: 0.5 * loss.calls)
    claim = gradient if place is None else off_at(place)
    subject = Subject(loss, (Claim(claim),), {"w": POINT})
    report = check_subject(subject, Options(max_seconds=10.0, trace=traced, diagnose=False))
    assert report.verdict == ("right" if place is None else "wrong")
    assert loss.calls <= 22


@pytest.mark.slow
@pytest.mark.parametrize("claim", [gradient, off_at(2), off_at(2, 5)])
def test_workers_cost_no_more(claim: Any) -> None:
    alone, together = (_checked(claim, workers=k)[0] for k in (1, 2))
    assert together.verdict == alone.verdict
    assert together.evaluations <= 1.2 * alone.evaluations
