"""Losses that draw random numbers. A sample of ``scripts/bench chance``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.stats import combine_pvalues, kstest, ttest_1samp

from calcgrad.checking.deciding.chance import Chance, Mean, by_chance, together
from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.functionals import Functional
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.report.claims import CheckReport
from tests.data.noisy_losses import NoisyLoss, noisy_losses


def _checked(loss: NoisyLoss, claim: Any, **options: Any) -> CheckReport:
    return check_subject(Subject(loss.f, (Claim(claim),), {"w": loss.x}), Options(trace=False, **options))


def _p(report: CheckReport) -> float:
    return next(float(note.rsplit(" ", 1)[1]) for note in report.notes if "with a probability of" in note)


def test_p_values_are_put_together_as_fisher_did() -> None:
    for p in ([0.3], [0.02, 0.7], [1e-5, 0.5], [0.1, 0.2, 0.3]):
        assert together(p) == pytest.approx(combine_pvalues(p).pvalue, rel=1e-9)


def test_a_third_too_much_under_noise_is_found() -> None:
    for loss in noisy_losses(7, 3)[::3]:
        right = _checked(loss, loss.g)
        wrong = _checked(loss, lambda w, loss=loss: 1.33 * loss.g(w))
        assert (right.verdict, right.cause) == ("right", None)
        assert right.evaluations <= 2000
        assert wrong.verdict == "wrong"
        assert wrong.witnesses[0].says == "wrong"


def test_what_it_would_take_is_said() -> None:
    loss = noisy_losses(2, 5)[1]
    report = _checked(loss, loss.g)
    assert (report.verdict, report.cause) == ("inconclusive", "nondeterministic")
    (told,) = [note for note in report.notes if "--max-evaluations" in note]
    needed = int(told.split("about ")[1].split(" ")[0])
    share = report.detectable / (0.1 * float(np.max(np.abs(loss.g(loss.x)))))
    assert needed == pytest.approx(report.evaluations * share**2, rel=0.01)  # noise falls like a square root


@pytest.mark.slow
def test_right_claims_raise_no_alarm_and_their_p_values_are_uniform() -> None:
    reports = [_checked(loss, loss.g, max_evaluations=600) for loss in noisy_losses(90, 8)]
    assert not [r for r in reports if r.verdict == "wrong"]
    assert kstest([_p(r) for r in reports], "uniform").pvalue > 0.01


@pytest.mark.slow
def test_an_error_of_ten_times_the_noise_of_the_mean_is_found() -> None:
    for loss in noisy_losses(9, 9):
        limit = _checked(loss, loss.g).detectable
        assert limit is not None

        def claim(w: Any, loss: NoisyLoss = loss, limit: float = limit) -> Any:
            found = loss.g(w)
            found[0] += limit
            return found

        assert _checked(loss, claim).verdict == "wrong"


@pytest.mark.parametrize("seed", range(4))
def test_a_function_without_a_mean_stays_undecided(seed: int) -> None:
    """A Cauchy variable has none: what was drawn says nothing of what will be."""
    rng = np.random.default_rng(seed)
    report = check_subject(
        Subject(lambda w: float(rng.standard_cauchy()), (Claim(lambda w: 0.0 * w + 1.0),), {"w": np.ones(2)}),
        Options(),
    )
    assert (report.verdict, report.cause) == ("inconclusive", "nondeterministic")


@pytest.mark.parametrize("shift", [0.0, 0.3, -1.2])
def test_the_distance_of_a_mean_is_judged_as_student_did(shift: float) -> None:
    values = np.random.default_rng(6).normal(2.0, 0.5, 40)
    error = float(np.std(values, ddof=1)) / np.sqrt(40)
    mean = Mean(2.0 + shift, float(np.mean(values)), error, 40)
    assert mean.p == pytest.approx(ttest_1samp(values, 2.0 + shift).pvalue, rel=1e-9)


def test_a_mean_without_scatter_is_right_or_it_is_not() -> None:
    assert Mean(2.0, 2.0, 0.0, 9).p == 1.0
    assert Mean(2.0, 2.5, 0.0, 9).p == 0.0


def test_nothing_is_more_probable_than_certain() -> None:
    draws = 1.0 - 1e-9 * np.random.default_rng(1).random((300, 2))
    assert max(together(list(pair)) for pair in draws) <= 1.0
    assert together([1.0, 1.0]) == 1.0
    assert together([0.0, 0.5]) == 0.0


@pytest.mark.parametrize(
    ("p", "detectable", "largest", "verdict", "needed"),
    [
        (1e-7, 0.001, 1.0, "wrong", 100),
        (1e-5, 0.001, 1.0, "right", 100),
        (1e-5, 0.09, 1.0, "right", 100),
        (1e-5, 0.2, 1.0, "inconclusive", 400),
        (0.5, 0.3, 2.0, "inconclusive", 225),
        (0.5, 0.3, 0.0, "inconclusive", 0),
    ],
)
def test_a_verdict_by_chance(p: float, detectable: float, largest: float, verdict: str, needed: int) -> None:
    """An error of a tenth of the largest entry should show; noise falls like the square root of what is spent."""
    found = Chance(p, detectable, largest, 1.0, 100, ())
    assert found.verdict == verdict
    assert found.needed == needed


def test_values_that_are_not_there_and_a_budget_that_is_too_small_are_no_mean() -> None:
    rng = np.random.default_rng(3)

    def holes(w: Any) -> float:
        moved = bool(np.any(w != 1.0))
        return float("nan") if moved and rng.random() < 0.2 else float(np.sum(w) + 1e-3 * rng.normal())

    subject = Subject(holes, (Claim(np.ones_like),), {"w": np.ones(2)})
    report = check_subject(subject, Options(trace=False))
    assert (report.verdict, report.cause) == ("inconclusive", "nondeterministic")
    loss = noisy_losses(7, 3)[0]
    for most in (1, 40, 150):
        report = _checked(loss, loss.g, max_evaluations=most)
        assert (report.verdict, report.cause) == ("inconclusive", "nondeterministic")
        assert report.evaluations <= most


class _Line:
    """A function of slope 3 along every direction, with noise that alternates, answered as often as it is asked."""

    def __init__(self, noise: float, most: int | None = 800, evaluations: int = 0) -> None:
        self.options = Options(max_evaluations=most)
        self.evaluations = evaluations
        self.noise = noise

    def fresh(self, v: Any, offsets: Any) -> list[float]:
        self.evaluations += len(offsets)
        signs = 1.0 - 2.0 * ((np.arange(len(offsets)) // 4) % 2)
        return list(3.0 * np.asarray(offsets) + self.noise * signs * np.sign(offsets))


def test_a_claim_without_entries_is_measured_by_no_size() -> None:
    oracle: Any = _Line(1e-3)
    found = by_chance(oracle, Functional(None, None, float, lambda w: (3.0, 0.0)), np.ones(5), 0)
    assert found is not None
    assert (found.largest, found.needed) == (0.0, 0)
    assert found.verdict == "inconclusive"
    assert found.evaluations == oracle.evaluations <= 800
    entries = by_chance(_Line(1e-3), Functional(np.full(5, 3.0), np.zeros(5), float), np.ones(5), 0)  # type: ignore[arg-type]
    assert entries is not None
    assert entries.largest == 3.0


def test_two_directions_share_what_is_left() -> None:
    for left in (800, 200, 2000):
        oracle: Any = _Line(1e-3, most=left + 100, evaluations=100)
        found = by_chance(oracle, Functional(None, None, float, lambda w: (3.0, 0.0)), np.ones(5), 0)
        assert found is not None
        assert left // 2 < oracle.evaluations - 100 <= left
        for mean in found.means:
            assert mean.value == pytest.approx(3.0, abs=1e-2)
            # the standard error of alternating noise, whose quotients are ±(16 - 2)/(12 h) of it
            assert mean.error * math.sqrt(mean.count - 1) == pytest.approx(
                14.0 / 12.0 * 1e-3 / 0.125, rel=0.02
            )
    assert (
        by_chance(_Line(1e-3, most=20), Functional(None, None, float, lambda w: (3.0, 0.0)), np.ones(5), 0)
        is None
    )  # type: ignore[arg-type]
