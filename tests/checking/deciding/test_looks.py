"""One direction: its bar, what is off along it, and what a few of them say of an entry, on numbers worked by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.deciding.deciding import (
    Look,
    by_entry,
    forgivable,
    forgiven_of,
    resolutions,
)
from calcgrad.checking.measuring.directions import SIGMAS
from calcgrad.checking.measuring.functionals import Functional
from calcgrad.checking.measuring.subject import Leaf
from calcgrad.numerical_diff.shot import HALF
from calcgrad.report.estimates import Estimate

LEAVES = (Leaf("a", (2,), "float64", 0, 2), Leaf("b", (), "float64", 2, 1))
GRADIENT = Functional(np.array([3.0, -4.0, 0.5]), np.zeros(3), float)
PRODUCT = Functional(None, None, float, lambda w: (float(w.sum()), 0.0))
ONES = np.ones(3)


def look(claimed: float = 5.0, v: Any = ONES, functional: Functional = GRADIENT, **measured: Any) -> Look:
    """A look beside a measured slope of 2 ± 0.1."""
    return Look(functional, v, claimed, Estimate(2.0, **{"error_bound": 0.1, **measured}), rounding=0.25)


def test_the_bar_is_of_bounds_rounding_and_what_is_forgiven() -> None:
    assert look().bar == pytest.approx(10 * 0.1 + 0.25)
    assert look(status="noisy").bar == pytest.approx(4 * 0.1 + 0.25)
    assert replace(look(), forgiven=3.0).bar == pytest.approx(10 * 0.1 + 0.25 + 3.0)
    assert look(error_bound=None).bar == math.inf
    assert look(error_bound=math.nan).bar == math.inf
    assert look().threshold == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("claimed", "state"), [(3.24, "agrees"), (3.26, "differs"), (0.76, "agrees"), (0.74, "differs")]
)
def test_a_claim_differs_beyond_its_bar(claimed: float, state: str) -> None:
    assert look(claimed).residual == pytest.approx(claimed - 2.0)
    assert look(claimed).state == state


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        ("kink", "kink"),
        ("jump", "kink"),
        ("undefined", "not-finite"),
        ("boundary", "not-finite"),
        ("failed", "noise"),
        ("ok", None),
        ("noisy", None),
        ("budget", None),
    ],
)
def test_what_keeps_a_direction_from_a_verdict(status: Any, cause: str | None) -> None:
    assert look(status=status).trouble == cause
    assert (look(status=status).state == "undecided") == (cause is not None)


def test_what_is_not_finite_decides_nothing() -> None:
    assert look(claimed=math.nan).trouble == "noise"
    assert look(claimed=math.inf).trouble == "noise"
    assert look(error_bound=math.inf).trouble == "noise"


@pytest.mark.parametrize("status", ["ok", "noisy"])
def test_a_slope_between_two_leaps_may_be_that_of_a_tread(status: Any) -> None:
    """Leaps of size g over the steps that were taken change a slope by g/(HALF·step), no more."""
    on = look(claimed=5.0, status=status, step=1e-3)
    grain = 3.0 * HALF * 1e-3
    assert on.is_on_tread(1.01 * grain)
    assert not on.is_on_tread(0.99 * grain)
    assert look(claimed=-1.0, status=status, step=1e-3).is_on_tread(1.01 * grain)
    saw = look(claimed=5.0, status=status, step=1e-3, noise=2e-3)  # it has seen leaps
    assert not saw.is_on_tread(1.0)
    assert saw.is_on_tread(3.0)
    assert not look(claimed=5.0, status=status).is_on_tread(1e9)


def test_a_slope_that_is_none_lies_on_no_tread() -> None:
    for status in ("kink", "failed", "budget", "undefined"):
        assert not look(status=status, step=1e-3).is_on_tread(1e9)


def test_rtol_is_a_share_of_each_entry_and_of_the_typical_one_of_its_leaf() -> None:
    """The typical entry of (3, 4) is 5/√2; without entries it is the claim over the length of the direction."""
    typical = 5.0 / math.sqrt(2.0)
    assert forgivable(GRADIENT, LEAVES, 0.0, ONES) == pytest.approx([3 + typical, 4 + typical, 0.5 + 0.5])
    assert GRADIENT.vector == pytest.approx([3.0, -4.0, 0.5])
    v = np.array([2.0, 2.0, 1.0])
    assert forgivable(PRODUCT, LEAVES, -6.0, v) == pytest.approx([2.0, 2.0, 2.0])
    assert forgivable(PRODUCT, LEAVES, -6.0, 0.0 * v)[0] > 1e290
    assert forgiven_of(PRODUCT, 1e-2, LEAVES, -6.0, v) == pytest.approx(SIGMAS * 1e-2 * 6.0)
    assert forgiven_of(PRODUCT, 0.0, LEAVES, -6.0, v) == 0.0


def test_a_leaf_is_resolved_by_the_directions_that_reach_all_of_it() -> None:
    """A single wrong entry shows from 2T over the smallest size on, T the least threshold: 2·2.5/0.5."""
    size = np.array([0.5, 1.0, 4.0])
    agreeing = [look(2.1), look(2.2, np.array([1.0, 1.0, 0.0])), look(2.0, np.array([0.0, 1.0, 0.0]))]
    first, second = resolutions([*agreeing, look(100.0)], size, LEAVES)
    assert (first.leaf, second.leaf) == LEAVES
    assert first.single_error == pytest.approx(10.0)
    assert second.single_error == pytest.approx(1.25)
    assert (first.largest, second.largest) == (4.0, 0.5)
    # two reach the first leaf and one the second: (T·T/1e-12)^(1/2), and T/1e-12
    assert first.any_error == pytest.approx(2.5e6 / 0.5)
    assert second.any_error == pytest.approx(2.5e12 / 4.0)
    assert not first.useful
    assert not second.useful
    sharp = [replace(each, estimate=Estimate(2.0, 1e-3), rounding=0.0) for each in [look(2.0)]]
    assert [each.useful for each in resolutions(sharp, size, LEAVES)] == [True, True]


def test_what_no_direction_reached_is_not_resolved() -> None:
    (first, _) = resolutions([look(2.0, np.array([1.0, 0.0, 1.0]))], ONES, LEAVES)
    assert (first.any_error, first.single_error) == (math.inf, math.inf)
    assert not first.useful or first.largest == 0.0


def test_without_entries_there_is_nothing_to_compare_a_resolution_with() -> None:
    for each in resolutions([look(2.0, functional=PRODUCT)], ONES, LEAVES):
        assert each.largest == 0.0
        assert each.useful


def test_looks_along_one_entry_are_known_by_it() -> None:
    along = look(v=np.array([0.0, -2.0, 0.0]))
    assert by_entry([look(), along], 3) == {1: along}
    assert by_entry([look(v=np.array([0.5]))], 1).keys() == {0}
