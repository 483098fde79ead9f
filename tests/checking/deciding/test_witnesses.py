"""Two witnesses, the function's values and reverse mode: who is believed where they differ, and what is said of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.report.claims import CheckReport

POINT = np.linspace(-1.0, 1.0, 12) + 0.01
PLAIN = Options(diagnose=False)


def two_faced(w: Any) -> Any:
    """Squares for who asks with an array, cubes for who traces: at 1 their values are the same."""
    return np.sum(w**2) if type(w) is np.ndarray else np.sum(w**3)


def saying(report: CheckReport, name: str) -> str:
    (found,) = [witness.says for witness in report.witnesses if witness.name == name]
    return found


@pytest.mark.parametrize("n", [2, 6, 40])
@pytest.mark.parametrize(("factor", "with_reverse"), [(2.0, "wrong"), (3.0, "right"), (5.0, "wrong")])
def test_a_function_that_is_another_one_when_traced(n: int, factor: float, with_reverse: str) -> None:
    subject = Subject(two_faced, (Claim(lambda w: factor * w),), {"w": np.ones(n)})
    report = check_subject(subject, PLAIN)
    assert (report.verdict, report.cause) == ("inconclusive", "witnesses-disagree")
    assert saying(report, "reverse-ad") == with_reverse
    agree = "agrees" if factor == 2.0 else "does not agree"
    assert any(note.endswith(f"the claim {agree} with the values") for note in report.notes)


def high(w: Any) -> Any:
    """Its values hide what is below 1e-7, reverse mode does not."""
    return 1e9 + np.sum(np.sin(w))


def _high(error: float, places: Sequence[int] = (3,)) -> CheckReport:
    def claim(w: Any) -> Any:
        found = np.cos(w)
        found[list(places)] += error
        return found

    return check_subject(Subject(high, (Claim(claim),), {"w": POINT}), PLAIN)


@pytest.mark.parametrize("error", [1e-9, 1e-5])
def test_reverse_mode_shows_what_values_are_too_coarse_for(error: float) -> None:
    report = _high(error)
    assert report.verdict == "wrong"
    assert [entry.index for entry in report.wrong] == [(3,)]
    assert saying(report, "reverse-ad") == "wrong"
    assert report.wrong_complete is True
    assert any("too coarse to show it; reverse mode does" in note for note in report.notes)


def test_a_difference_that_is_hardly_more_than_rounding_is_told_and_forgiven() -> None:
    report = _high(1e-12)
    assert report.verdict == "right"
    (note,) = [note for note in report.notes if "more than their measured rounding" in note]
    assert note.startswith("1 entry differs from reverse mode by up to 1.0e-12")
    assert report.detectable is not None
    assert 0.99e-12 <= report.detectable <= 2e-12  # reverse mode has seen all entries
    (note,) = [
        note for note in _high(1e-12, places=[3, 5]).notes if "more than their measured rounding" in note
    ]
    assert note.startswith("2 entries differ from reverse mode by up to 1.0e-12")
    assert _high(0.0).detectable <= 1e-13


def test_rtol_forgives_entries_beside_reverse_mode_and_beside_values() -> None:
    for trace in (True, False):
        for share, verdict in ((0.5e-3, "right"), (0.02, "wrong")):
            options = Options(diagnose=False, trace=trace, rtol=1e-3)
            claim = Claim(lambda w, share=share: np.cos(w) * (1.0 + share * (np.arange(12) == 4)))
            subject = Subject(lambda w: np.sum(np.sin(w)), (claim,), {"w": POINT})
            assert check_subject(subject, options).verdict == verdict


def test_rtol_forgives_a_product_that_has_no_entries() -> None:
    """A claim of J·v is one number for each direction: the share is taken of that."""
    for share, verdict in ((1e-4, "right"), (0.2, "wrong")):
        claim = Claim(lambda w, v, share=share: (1.0 + share) * np.cos(w) * v, "jvp")
        subject = Subject(np.sin, (claim,), {"w": POINT})
        assert check_subject(subject, Options(diagnose=False, rtol=1e-3)).verdict == verdict


def _products(scale: float) -> Subject:
    A = np.arange(12.0).reshape(3, 4) / 7.0
    claims = (
        Claim(lambda x, v: np.outer(A @ v, [1.0, 2.0]), "jvp", "push"),
        Claim(lambda x, u: scale * (u @ [1.0, 2.0]) @ A, "vjp", "pull"),
    )
    return Subject(lambda x: np.outer(A @ x, [1.0, 2.0]), claims, {"x": np.linspace(1.0, 2.0, 4)})


def test_the_two_products_of_a_jacobian_are_held_against_each_other() -> None:
    report = check_subject(_products(1.0), PLAIN)
    assert (report.verdict, saying(report, "dot-product")) == ("right", "right")
    assert report.claim == "push, pull"
    assert not any("nearby" in note for note in report.notes)
    alone = [check_subject(replace(_products(1.0), claims=(c,)), PLAIN) for c in _products(1.0).claims]
    assert report.evaluations == sum(each.evaluations for each in alone)
    assert report.reused == 0
    assert report.seconds > 0.0
    wrong = check_subject(_products(1.5), PLAIN)
    assert (wrong.verdict, saying(wrong, "dot-product")) == ("wrong", "wrong")
    (said,) = [w.note for w in wrong.witnesses if w.name == "dot-product"]
    assert "differ in 3 of 3 pairs" in said
    assert "push (jvp): right" in wrong.notes
    assert "pull (vjp): wrong" in wrong.notes


def test_products_that_agree_with_a_rough_function_may_not_with_each_other() -> None:
    """Values in thousandths leave room for 1 %, the identity leaves none."""
    A = np.arange(12.0).reshape(3, 4) / 7.0 + 0.5
    claims = (Claim(lambda x, v: A @ v, "jvp"), Claim(lambda x, u: 1.0000001 * (u @ A), "vjp"))
    rough = Subject(lambda x: (A @ x).astype(np.float32), claims, {"x": np.linspace(1.0, 2.0, 4)})
    report = check_subject(rough, PLAIN)
    assert (report.verdict, report.cause) == ("inconclusive", "witnesses-disagree")
    assert "the jvp and the vjp agree with the function's values, but not with each other" in report.notes


def test_a_function_that_reverse_mode_cannot_follow_is_told_and_judged_by_its_values() -> None:
    def plain(w: Any) -> float:
        return float(np.sum(np.frombuffer(w.tobytes()) ** 2))

    report = check_subject(Subject(plain, (Claim(lambda w: 2 * w),), {"w": POINT}), PLAIN)
    assert report.verdict == "right"
    (first, second) = report.witnesses
    assert (first.name, first.says, second.name, second.says) == (
        "reverse-ad",
        "nothing",
        "directional",
        "right",
    )
    assert first.note.startswith("calcgrad's own reverse mode could not follow the function: ")


def test_rounding_in_an_argument_that_is_not_used_is_not_coarse() -> None:
    """The claim's zeros are a difference that rounds: there is no entry beside which that would be much."""
    subject = Subject(
        lambda a, b: np.sum(np.sin(a)),
        (Claim(lambda a, b: (np.cos(a), b * 3 - b - b - b)),),
        {"a": POINT, "b": np.array([0.1, 0.3])},
    )
    report = check_subject(subject, PLAIN)
    assert (report.verdict, saying(report, "reverse-ad")) == ("right", "right")


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_entries_are_looked_at_each_alone_and_not_again(n: int) -> None:
    def wrong(w: Any) -> Any:
        found = np.cos(w)
        found[0] *= 1.1
        return found

    w = np.array([0.5, 0.7, 0.9])[:n]
    opaque = Options(trace=False, diagnose=False)
    f = lambda w: float(np.sum(np.sin(w)))  # noqa: E731
    right, off = (check_subject(Subject(f, (Claim(g),), {"w": w}), opaque) for g in (np.cos, wrong))
    alone = "entry, alone" if n == 1 else "entries, each alone"
    assert right.witnesses[0].note == f"{n} {alone}: none differ"
    assert off.witnesses[0].note == f"{n} {alone}: 1 differs"
    assert [entry.index for entry in off.wrong] == [(0,)]
    assert off.evaluations <= right.evaluations + 40  # once more along the entry that differs
    traced = check_subject(Subject(lambda w: np.sum(np.sin(w)), (Claim(np.cos),), {"w": w}), PLAIN)
    compared = "the entry" if n == 1 else f"all {n} entries"
    assert traced.witnesses[0].note == f"{compared} compared: none differ"


@pytest.mark.parametrize(("dtype", "cause"), [(np.float64, "noise"), (np.float32, "low-precision")])
def test_why_a_grainy_value_decides_nothing(dtype: Any, cause: str) -> None:
    """Steps of 1/50 hide a tenth of an entry; the format of what comes in or out is the reason that can be named."""
    w = (np.linspace(-1.0, 1.0, 30) + 0.01).astype(dtype)
    subject = Subject(lambda w: dtype(np.round(np.sum(np.sin(w)) * 50) / 50), (Claim(np.cos),), {"w": w})
    report = check_subject(subject, Options(trace=False, diagnose=False))
    assert (report.verdict, report.cause) == ("inconclusive", cause)
    assert any(note.startswith("in w an error below ") for note in report.notes)


def test_one_entry_among_very_small_ones_is_not_all_that_is_wrong() -> None:
    """Where entries count by 1e-6 each, an error of 1 in one does not explain one of 1e-3 in another."""
    w = 1e-6 * np.linspace(-1.0, 1.0, 8) + 3e-7

    def wrong(w: Any) -> Any:
        found = np.exp(w)
        found[2] += 1.0
        found[5] += 1e-3
        return found

    subject = Subject(lambda w: float(np.sum(np.exp(w))), (Claim(wrong),), {"w": w})
    report = check_subject(subject, Options(trace=False, diagnose=False))
    assert sorted(entry.index for entry in report.wrong) == [(2,), (5,)]


def test_reverse_mode_is_asked_beside_rounding_that_takes_nothing_away() -> None:
    """Between its steps floor has the slope 0, and reverse mode says so; nothing it says is doubtful."""
    subject = Subject(lambda w: np.sum(w**2) + np.sum(np.floor(w)), (Claim(lambda w: 2 * w),), {"w": POINT})
    report = check_subject(subject, PLAIN)
    assert (report.verdict, saying(report, "reverse-ad")) == ("right", "right")
