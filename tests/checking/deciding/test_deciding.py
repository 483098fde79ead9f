"""The statements that a verdict makes, tested by simulation: what would have been seen is seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.directions import SIGMAS, detectable, draw, single, sizes
from calcgrad.checking.measuring.subject import Claim, Leaf, Options, Subject

ONES = np.ones(40)


def _errors(rng: Any, pattern: str) -> Any:
    """Errors of largest size 1."""
    e = np.zeros(40)
    if pattern == "one":
        e[7] = 1.0
    elif pattern == "two that could cancel":
        e[3], e[30] = 1.0, -1.0
    elif pattern == "all alike":
        e[:] = 1.0
    elif pattern == "one beside a thousandth":
        e[:] = 1e-3
        e[5] = 1.0
    else:
        e = rng.standard_normal(40)
        e /= np.abs(e).max()
    return e


PATTERNS = ("one", "two that could cancel", "all alike", "one beside a thousandth", "random")


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("missed", [0.3, 0.1, 0.03])
@pytest.mark.parametrize("directions", [1, 2, 3])
def test_errors_above_what_is_stated_are_missed_no_more_often_than_stated(
    pattern: str, missed: float, directions: int
) -> None:
    """``detectable`` says the size; errors of that size, whatever their pattern, are drawn against many directions."""
    threshold = 1e-3
    size = detectable([threshold] * directions, 1.0, missed)
    e = _errors(np.random.default_rng(2), pattern) * size
    trials = 800
    misses = 0
    for k in range(trials):
        misses += all(abs(e @ draw([k, j], ONES)) <= threshold for j in range(directions))
    assert misses <= trials * missed + 4 * np.sqrt(trials * missed)


def test_the_bound_is_not_idle() -> None:
    """The worst pattern comes near to the stated probability: the statement could not be much stronger."""
    threshold, trials = 1e-3, 4000
    size = detectable([threshold], 1.0, 0.1)
    e = _errors(np.random.default_rng(2), "two that could cancel") * size
    misses = sum(abs(e @ draw([k], ONES)) <= threshold for k in range(trials))
    assert misses > 0.02 * trials


def test_a_single_error_cannot_be_missed() -> None:
    size = single([1e-3], 1.0)
    e = _errors(np.random.default_rng(2), "one") * size * (1 + 1e-12)
    assert all(abs(e @ draw([k], ONES)) > 1e-3 for k in range(1000))


def test_errors_of_known_size_stay_below_their_bar() -> None:
    rng = np.random.default_rng(3)
    for k in range(1000):
        e = rng.choice([0.3, 1.0, 2.0], 40)
        v = draw([k], ONES)
        assert abs(e @ v) <= SIGMAS * np.sqrt(np.sum((e * v) ** 2))


def test_sizes_follow_each_leaf() -> None:
    leaves = [Leaf("a", (50,), "float64", 0, 50), Leaf("b", (50,), "float64", 50, 50)]
    rng = np.random.default_rng(4)
    x = np.concatenate([1e-9 * rng.standard_normal(50), 1e9 * rng.standard_normal(50)])
    s = sizes(x, leaves)
    assert 1e-10 < s[:50].min() <= s[:50].max() < 1e-8
    assert 1e8 < s[50:].min() <= s[50:].max() < 1e10
    assert np.all(np.log2(s) % 1 == 0)


def test_entries_that_span_decades_have_their_own() -> None:
    x = np.array([1e-6, -1e-2, 0.0, 1e3, 1e6, 1.0])
    s = sizes(x, [Leaf("x", (6,), "float64", 0, 6)])
    assert np.all(np.abs(np.log2(s[x != 0] / np.abs(x[x != 0]))) <= 0.5)
    assert s[2] > 0


def _loss(x: Any) -> float:
    return float(np.sum(np.logaddexp(0.0, x)) + 0.5 * np.sum(x) ** 2 / len(x))


def _gradient(x: Any) -> Any:
    return 1 / (1 + np.exp(-x)) + np.sum(x) / len(x)


@pytest.mark.parametrize("n", [1, 5, 9, 64, 500])
@pytest.mark.parametrize("trace", [True, False])
def test_a_right_gradient_is_never_wrong(n: int, trace: bool) -> None:
    for seed in range(4):
        x = np.random.default_rng(seed).standard_normal(n)
        report = check_subject(Subject(_loss, (Claim(_gradient),), {"x": x}), Options(seed=seed, trace=trace))
        assert (report.verdict, report.cause) == ("right", None)
        assert report.detectable is not None
        assert report.confidence == 1 - 1e-12


@pytest.mark.parametrize("n", [5, 9, 500])
@pytest.mark.parametrize("pattern", ["one", "pair", "all"])
def test_what_is_stated_is_seen(n: int, pattern: str) -> None:
    """Errors a little above the size that the right gradient's report states."""
    for seed in range(3):
        rng = np.random.default_rng(seed)
        x = rng.standard_normal(n)
        options = Options(seed=seed, trace=False, locate=False)
        stated = check_subject(Subject(_loss, (Claim(_gradient),), {"x": x}), options).detectable
        e = np.zeros(n)
        if pattern == "all":
            e[:] = rng.choice([-1, 1], n)
        else:
            chosen = rng.choice(n, 1 if pattern == "one" else 2, replace=False)
            e[chosen] = (-1.0) ** np.arange(len(chosen))
        e *= 1.01 * stated
        claim = Claim(lambda x, e=e: _gradient(x) + e)
        assert check_subject(Subject(_loss, (claim,), {"x": x}), options).verdict != "right"


@pytest.mark.parametrize("scale", [1e-12, 1e-4, 1e4, 1e12])
@pytest.mark.parametrize("size", [1e-12, 1e12])
def test_scales_do_not_matter(scale: float, size: float) -> None:
    x = np.random.default_rng(1).standard_normal(30) * scale
    f = lambda x: size * _loss(x / scale)  # noqa: E731
    g = lambda x: size / scale * _gradient(x / scale)  # noqa: E731
    off = lambda x: g(x) * (1 - 2 * (np.arange(30) == 8))  # noqa: E731
    for trace in (True, False):
        options = Options(trace=trace, correct=False)
        assert check_subject(Subject(f, (Claim(g),), {"x": x}), options).verdict == "right"
        report = check_subject(Subject(f, (Claim(off),), {"x": x}), options)
        assert [e.index for e in report.wrong] == [(8,)]
        assert [each.cause for each in report.likely] == ["sign"]


def test_the_same_seed_gives_the_same_report() -> None:
    x = np.random.default_rng(1).standard_normal(100)
    subject = Subject(_loss, (Claim(lambda x: 1.1 * _gradient(x)),), {"x": x})
    first, second = (check_subject(subject, Options(trace=False, seed=7)) for _ in range(2))
    assert first.wrong == second.wrong
    assert first.evaluations == second.evaluations


def test_a_claim_that_is_itself_rough_is_told() -> None:
    """A difference quotient with a step of 1e-11 moves by 1e-5 when the point moves by a unit in its last place."""
    x = np.array([0.4, -1.1, 0.7, 1.9])

    def loss(w: Any) -> float:
        return float(np.sum(np.sin(w)))

    def quotient(w: Any) -> Any:
        return (np.sin(w + 1e-11) - np.sin(w)) / 1e-11

    notes = {}
    for claim in (quotient, np.cos):
        report = check_subject(Subject(loss, (Claim(claim),), {"w": x}), Options(trace=False))
        assert report.verdict == "right"
        notes[claim] = [note for note in report.notes if "unit in the last place" in note]
    assert notes[quotient]
    assert not notes[np.cos]
    assert not any("errors above" in note and "e+" in note for note in notes[quotient])
