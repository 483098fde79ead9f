"""Losses that draw random numbers. A sample of ``scripts/bench chance``."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import combine_pvalues, kstest

from calcgrad.checking.deciding.chance import together
from calcgrad.checking.gradients import check_subject
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


def test_a_function_without_a_mean_of_its_own_stays_undecided() -> None:
    rng = np.random.default_rng(2)
    report = check_subject(
        Subject(lambda w: float(rng.normal()), (Claim(lambda w: 0.0 * w + 1.0),), {"w": np.ones(2)}),
        Options(),
    )
    assert report.verdict == "inconclusive"
