"""Claims by finite differences are told as such, with their step; what only looks like one is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.phrases import figure
from calcgrad.report.claims import CheckReport

RNG = np.random.default_rng(4)
DATA, TARGETS, POINT = RNG.normal(size=(20, 6)), RNG.normal(size=20), RNG.normal(size=6)


def loss(w: Any) -> float:
    return float(
        np.sum(np.log1p(np.exp(DATA @ w))) + np.sum(np.sin(w) * w) + np.sum((DATA @ w - TARGETS) ** 2)
    )


def gradient(w: Any) -> Any:
    s = 1.0 / (1.0 + np.exp(-(DATA @ w)))
    return DATA.T @ s + np.cos(w) * w + np.sin(w) + 2.0 * DATA.T @ (DATA @ w - TARGETS)


def quotient(h: float, kind: str, relative: bool = False) -> Any:
    def claim(w: Any) -> Any:
        found = np.zeros_like(w)
        for i in range(len(w)):
            e = np.zeros_like(w)
            e[i] = h * max(1.0, abs(w[i])) if relative else h
            right, here, left = loss(w + e), loss(w), loss(w - e)
            found[i] = {
                "forward": (right - here) / e[i],
                "central": (right - left) / (2 * e[i]),
                "backward": (here - left) / e[i],
            }[kind]
        return found

    return claim


def _checked(claim: Any, rtol: float = 0.0) -> CheckReport:
    return check_subject(Subject(loss, (Claim(claim),), {"w": POINT}), Options(rtol=rtol, correct=False))


@pytest.mark.parametrize(
    ("h", "kind"),
    [(1e-3, "forward"), (1e-3, "central"), (1e-6, "forward"), (1e-5, "backward"), (2.0**-13, "forward")],
)
def test_a_difference_is_told_with_its_step(h: float, kind: str) -> None:
    report = _checked(quotient(h, kind))
    assert report.verdict == "wrong"
    assert [each.cause for each in report.likely] == ["finite-difference"]
    assert f"{kind} difference with the step {figure(h)}," in report.likely[0].detail


def test_a_relative_step() -> None:
    told = _checked(quotient(1e-6, "forward", relative=True)).likely
    assert told
    assert all(each.cause == "finite-difference" for each in told)


def test_what_forgives_it_is_said_and_does() -> None:
    report = _checked(quotient(1e-4, "central"))
    assert any("--rtol 1e-" in note and "forgives it" in note for note in report.notes)
    assert _checked(quotient(1e-4, "central"), rtol=1e-6).verdict == "right"


@pytest.mark.parametrize("share", [1e-3, 1e-6, 1e-8])
def test_a_factor_and_noise_are_no_differences(share: float) -> None:
    spread = np.random.default_rng(5).normal(size=6)
    for claim in (lambda w: (1.0 + share) * gradient(w), lambda w: gradient(w) * (1.0 + share * spread)):
        report = _checked(claim)
        assert report.verdict == "wrong"
        assert not any(each.cause == "finite-difference" for each in report.likely)
        assert not any("= 1 · true" in each.detail for each in report.likely)
