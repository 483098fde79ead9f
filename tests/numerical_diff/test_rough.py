"""Grain, seams, kinks and fine scales: samples of what ``scripts/bench rough`` counts in thousands."""

from __future__ import annotations

import math

import numpy as np
import pytest

from calcgrad.numerical_diff import derivative
from calcgrad.numerical_diff.grain import leap
from calcgrad.report.estimates import Estimate
from tests.data.rough_functions import Rough, fine, grainy, kinks, seams

COUNT = 160
SEED = 40


def _off(problem: Rough, found: Estimate) -> float:
    """The error in bounds."""
    return abs(found.value - problem.truth) / (found.error_bound + math.ulp(problem.truth))


def test_no_more_than_one_in_a_hundred_roundings_fools() -> None:
    problems = grainy(COUNT, SEED)
    answers = [derivative(p.f, p.x) for p in problems]
    fooled = [(p, a) for p, a in zip(problems, answers, strict=True) if not _off(p, a) <= 10.0]
    assert len(fooled) <= COUNT // 100, fooled
    assert sum(a.status == "noisy" for a in answers) >= 0.95 * COUNT


def test_staircases_that_once_fooled() -> None:
    """Few treads in the noisy grid, treads as long as its gaps, leaps that cancel at every halving, a grid of 700 units."""
    drawn = grainy(2730, 1)
    for i in (345, 459, 578, 849, 1243, 1482, 1801, 2313, 2414, 2715, 2729):
        found = derivative(drawn[i].f, drawn[i].x)
        assert _off(drawn[i], found) <= 2.0, (i, drawn[i], found)
        assert found.status == "noisy"


def test_a_tread_wider_than_the_grid_is_told_by_what_lies_beyond() -> None:
    """Half precision holds the tail of tanh on one value; the leaps are all outside of the grid that is resolved."""
    drawn = grainy(2551, 1)
    for i in (377, 1567, 2034, 2550):
        found = derivative(drawn[i].f, drawn[i].x)
        assert _off(drawn[i], found) <= 1.0, (i, found)
        assert found.error_bound < 0.1
    assert (
        derivative(lambda t: math.floor(t) + t * t, 0.5).error_bound < 1e-14
    )  # leaps as large as f: its pieces


def test_values_near_an_edge_may_be_rounded_too() -> None:
    """exp overflows half precision a few steps of the grid away."""
    p = grainy(2986, 5)[2985]
    found = derivative(p.f, p.x)
    assert found.status == "noisy"
    assert _off(p, found) <= 1.0


def test_seams_beside_which_terms_cancel() -> None:
    drawn = seams(2231, 9)
    for p in (seams(25, 5)[24], drawn[2230]):
        found = derivative(p.f, p.x)
        assert found.status == "ok", (p, found)
        assert _off(p, found) <= 1.0


def test_one_leap_is_no_grain() -> None:
    for place in (0.5001, 0.53, 0.8):
        found = derivative(lambda t, place=place: math.sin(t) + (t > place), 0.5)
        assert found.status == "ok"
        assert abs(found.value - math.cos(0.5)) <= found.error_bound < 1e-9


def test_seams_have_a_derivative() -> None:
    for p in seams(COUNT, SEED):
        found = derivative(p.f, p.x)
        assert found.status in ("ok", "noisy"), (p, found)
        assert _off(p, found) <= 10.0, (p, found)


def test_kinks_are_kinks() -> None:
    for p in kinks(COUNT, SEED):
        found = derivative(p.f, p.x)
        assert found.status == "kink", (p, found)
        assert found.left == pytest.approx(p.left, rel=1e-9, abs=2.0 * found.error_bound)
        assert found.right == pytest.approx(p.right, rel=1e-9, abs=2.0 * found.error_bound)


def test_what_is_fine_is_no_grain() -> None:
    for p in fine(COUNT, SEED):
        found = derivative(p.f, p.x)
        assert _off(p, found) <= 10.0, (p, found)


def test_a_part_in_single_precision() -> None:
    found = derivative(lambda t: float(np.float32(math.sin(t))) + 0.15 * t * t, -2.7111624789659685)
    assert found.status == "noisy"
    assert (
        abs(found.value - (math.cos(-2.7111624789659685) - 0.3 * 2.7111624789659685))
        <= found.error_bound
        < 1e-3
    )
    assert found.note is not None
    assert "leaps by about" in found.note


def test_leaps_are_told_from_kinks_and_poles() -> None:
    assert leap(lambda t: math.floor(7.0 * t) / 7.0, 0.0, 1.0, 1e-9, 1e-15) == pytest.approx(
        1.0 / 7.0, rel=1e-3
    )
    for smooth in (abs, math.sin, lambda t: math.sqrt(abs(t)), lambda t: max(t - 0.1, 0.0)):
        assert leap(smooth, -0.7, 1.0, 1e-9, 1e-15) == 0.0
    assert leap(lambda t: 1.0 / t, -0.7, 1.0, 1e-9, 1e-15) == 0.0


def test_the_budget_may_end_in_doubt_but_not_in_a_false_bound() -> None:
    for budget in (20, 40, 60, 80, 100):
        for p in grainy(40, SEED + 1):
            found = derivative(p.f, p.x, max_evaluations=budget)
            if found.status == "budget" and math.isfinite(found.value):
                continue  # what it says is that it could not find out
            assert _off(p, found) <= 10.0 or not math.isfinite(found.value), (budget, p, found)


def test_seams_that_were_taken_for_kinks() -> None:
    """Secants that grow by rounding alone, slopes 2e-11 apart, a side that was fitted over the next seam."""
    problems = seams(9310, 7)
    for k in (1777, 7689, 9309):
        found = derivative(problems[k].f, problems[k].x)
        assert found.status in ("ok", "noisy"), (k, found)
        assert _off(problems[k], found) <= 10.0, (k, found)
