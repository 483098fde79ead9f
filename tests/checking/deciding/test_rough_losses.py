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
    report = check_subject(Subject(f, (Claim(g),), {"w": x}), QUICKLY)
    assert {witness.name for witness in report.witnesses} <= {"reverse-ad", "directional"}
    return report.verdict


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


def _rounded(
    point: list[float], a: list[float], b: list[float], share: float, rounding: Any
) -> tuple[Any, Any, Any]:
    """A rounded sum of sines beside a smooth part, its gradient, and the point."""
    a, b = np.array(a), np.array(b)

    def loss(w: Any) -> float:
        return float(rounding(np.sum(np.sin(a * w + b)))) + share * float(np.sum(w * w) + np.sin(np.sum(w)))

    def slope(w: Any) -> Any:
        return a * np.cos(a * w + b) + share * (2.0 * w + np.cos(np.sum(w)))

    return loss, slope, np.array(point)


#: The leaps leave the largest entry known to no better than a third; in the last two reverse mode runs in half precision.
HARDLY_RESOLVED = {
    "thousandths": _rounded([1.1328], [0.7171], [1.0118], 0.0829, lambda s: int(s * 1030.0) / 1030.0),
    "half": _rounded([-1.1064, 1.2806], [0.414, 1.3973], [1.7291, 0.2187], 0.1301, np.float16),
    "half, which reverse mode alone sees": _rounded(
        [0.3773, 0.0489, -0.1582], [1.9935, 1.305, 1.7571], [0.8492, -0.3233, 0.7193], 0.0385, np.float16
    ),
}


@pytest.mark.parametrize("name", HARDLY_RESOLVED)
def test_what_is_hardly_resolved_is_not_called_right(name: str) -> None:
    loss, slope, x = HARDLY_RESOLVED[name]
    worst = int(np.argmax(np.abs(slope(x))))

    def wrong(w: Any) -> Any:
        found = slope(w)
        found[worst] *= 1.3
        return found

    assert _verdict(loss, wrong, x) in ("wrong", "inconclusive")
    assert _verdict(loss, slope, x) != "wrong"
