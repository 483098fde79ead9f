"""Losses with a rounded part: no right gradient is called wrong. A sample of ``scripts/bench grain``."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from tests.data.rough_losses import losses

QUICKLY = Options(diagnose=False, locate=False)


def _verdict(f: Any, g: Any, x: Any) -> str:
    return check_subject(Subject(f, (Claim(g),), {"w": x}), QUICKLY).verdict


@pytest.mark.slow
def test_right_gradients_are_not_wrong_and_wrong_ones_are_found() -> None:
    drawn = [loss for loss in losses(54, 12) if len(loss.x) <= 8]
    right = Counter(_verdict(loss.f, loss.g, loss.x) for loss in drawn)
    wrong = Counter(_verdict(loss.f, loss.spoiled(0.3), loss.x) for loss in drawn)
    assert right["wrong"] == 0
    assert right["inconclusive"] <= 0.06 * len(drawn)
    assert wrong["wrong"] >= 0.95 * len(drawn)


def test_a_sum_in_single_precision_beside_a_penalty() -> None:
    x = np.array([-2.7111624789659685, -1.8890132459676727, -0.17477209205516195])

    def loss(w: Any) -> float:
        return float(np.float32(np.sum(np.sin(w)))) + 0.15 * float(np.sum(w**2))

    assert _verdict(loss, lambda w: np.cos(w) + 0.3 * w, x) == "right"
    assert _verdict(loss, lambda w: np.cos(w) + 0.2 * w, x) == "wrong"


@pytest.mark.slow
def test_the_verdict_and_its_witnesses_say_the_same() -> None:
    for loss in losses(18, 13):
        for share in (0.0, 0.3):
            g = loss.spoiled(share) if share else loss.g
            report = check_subject(Subject(loss.f, (Claim(g),), {"w": loss.x}), QUICKLY)
            says = [witness.note for witness in report.witnesses if witness.says == "wrong"]
            assert not (report.verdict == "wrong" and not says), report
            assert not any("none differ" in note for note in says), report


def test_a_point_on_a_tread_is_not_taken_for_the_slope() -> None:
    """All steps of an entry near 0 lie on one tread: that the function rounds is known, and larger steps are tried."""
    x = np.array([-0.0003])

    def loss(w: Any) -> float:
        return int(np.sin(1.3 * w[0] + 0.4) * 1000.0) / 1000.0 + 0.3 * float(w @ w)

    def slope(w: Any) -> Any:
        return 1.3 * np.cos(1.3 * w + 0.4) + 0.6 * w

    report = check_subject(Subject(loss, (Claim(slope),), {"w": x}), QUICKLY)
    assert (report.verdict, report.cause) == ("inconclusive", "noise")
    assert any("over steps 4096 times as large the claimed one" in note for note in report.notes)
    assert _verdict(loss, lambda w: 1.3 * slope(w), x) == "wrong"
