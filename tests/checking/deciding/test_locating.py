"""Where the wrong entries are: one, a few, a row, a column, a whole argument, everywhere."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.deciding.deciding import Look, look
from calcgrad.checking.deciding.gathering import Gatherer
from calcgrad.checking.deciding.locating import Finder, Located, _shortest
from calcgrad.checking.deciding.scales import Scales, Weighing
from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.functionals import Functional
from calcgrad.checking.measuring.subject import Claim, Leaf, Options, Subject
from calcgrad.report.claims import CheckReport
from calcgrad.report.estimates import Estimate

RNG = np.random.default_rng(1)
M, B = RNG.normal(size=(12, 10)), RNG.normal(size=30)
OPAQUE = Options(trace=False, diagnose=False)


def loss(m: Any, b: Any) -> float:
    return float(np.sum(np.sin(m)) + np.sum(b**3) / 3)


def checked(m: Any = 0.0, b: Any = 0.0, options: Options = OPAQUE) -> CheckReport:
    """The check of a claim that is off by these."""
    claim = Claim(lambda x, y: (np.cos(x) + m, y**2 + b))
    return check_subject(Subject(loss, (claim,), {"m": M, "b": B}), options)


def at(*places: Any, by: float = 0.3) -> Any:
    off = np.zeros(M.shape)
    for place in places:
        off[place] = by
    return off


def found(report: CheckReport) -> set[tuple[str, tuple[int, ...]]]:
    """The wrong entries, whose true values are near the truth; the bound is no excuse for much."""
    true = {"m": np.cos(M), "b": B**2}
    for entry in report.wrong:
        assert abs(entry.true - true[entry.argument][entry.index]) <= entry.error_bound <= 1e-6
    assert report.verdict == "wrong"
    return {(entry.argument, entry.index) for entry in report.wrong}


@pytest.mark.parametrize("places", [[(3, 4)], [(0, 0)], [(11, 9)], [(3, 4), (9, 9), (0, 1)]])
def test_a_few_wrong_entries_are_found_and_there_are_no_others(places: list[tuple[int, int]]) -> None:
    report = checked(m=at(*places))
    assert found(report) == {("m", place) for place in places}
    assert report.wrong_complete
    assert report.evaluations <= 110 * len(places) + 60


def test_two_errors_ten_thousandfold_apart_are_both_found() -> None:
    report = checked(m=at((2, 2), by=100.0) + at((7, 1), by=0.01))
    assert found(report) == {("m", (2, 2)), ("m", (7, 1))}


@pytest.mark.parametrize("row", [0, 3, 11])
def test_a_wrong_row_is_measured_and_nothing_else(row: int) -> None:
    off = np.zeros(M.shape)
    off[row] = RNG.normal(size=10)
    report = checked(m=off)
    assert found(report) == {("m", (row, k)) for k in range(10)}
    assert not report.wrong_complete
    assert report.evaluations <= 400


@pytest.mark.parametrize("column", [0, 7, 9])
def test_a_wrong_column_is_measured_and_nothing_else(column: int) -> None:
    off = np.zeros(M.shape)
    off[:, column] = RNG.normal(size=12)
    report = checked(m=off)
    assert found(report) == {("m", (k, column)) for k in range(12)}
    assert report.evaluations <= 400


def test_a_wrong_argument_is_the_only_one_that_is_measured() -> None:
    report = checked(b=0.3)
    assert found(report) == {("b", (k,)) for k in range(30)}


def test_errors_everywhere_are_sampled_in_every_argument() -> None:
    report = checked(m=0.3, b=0.3)
    there = found(report)
    assert sum(argument == "m" for argument, _ in there) >= 40
    assert sum(argument == "b" for argument, _ in there) == 30
    assert not report.wrong_complete


def test_of_many_arguments_a_part_of_each_is_measured() -> None:
    """Two hundred entries in all: 33 of each of six arguments."""
    names = "abcdef"
    arguments = {name: RNG.normal(size=40) for name in names}
    subject = Subject(
        lambda *xs: float(sum(np.sum(np.sin(x)) for x in xs)),
        (Claim(lambda *xs: tuple(np.cos(x) + 0.3 for x in xs)),),
        arguments,
    )
    report = check_subject(subject, OPAQUE)
    assert report.wrong_count == 6 * 33


@pytest.mark.parametrize(("k", "complete"), [(20, True), (24, True), (25, False)])
def test_two_dozen_scattered_entries_are_all_found(k: int, complete: bool) -> None:
    """More are many: of those a part is named, and nothing is said of the others."""
    rng = np.random.default_rng(k)
    x, off = rng.normal(size=2000), np.zeros(2000)
    there = rng.choice(2000, k, replace=False)
    off[there] = 0.3 * rng.choice([-1.0, 1.0], k)
    subject = Subject(lambda w: float(np.sum(np.sin(w))), (Claim(lambda w: np.cos(w) + off),), {"w": x})
    report = check_subject(subject, OPAQUE)
    named = {entry.index[0] for entry in report.wrong}
    assert report.wrong_complete is complete
    assert named == set(there) if complete else named < set(there)


def test_entries_of_a_product_with_the_hessian() -> None:
    """Their truth is no plain derivative along a line."""
    x = np.linspace(-1.0, 1.0, 80)

    def product(x: Any, v: Any) -> Any:
        made = -np.sin(x) * v
        made[31] += 0.5
        return made

    subject = Subject(lambda x: float(np.sum(np.sin(x))), (Claim(product, "hvp"),), {"x": x})
    report = check_subject(subject, OPAQUE)
    assert report.verdict == "wrong"
    assert [entry.index for entry in report.wrong] == [(31,)]
    assert report.wrong_complete


@pytest.mark.parametrize("grain", [1e-4, 1e-6])
def test_an_index_is_read_digit_by_digit_where_values_are_coarse(grain: float) -> None:
    w = np.linspace(-1.0, 1.0, 400) + 0.001

    def wrong(w: Any) -> Any:
        found = np.cos(w)
        found[237] += 1.0
        return found

    subject = Subject(lambda w: float(np.round(np.sum(np.sin(w)) / grain) * grain), (Claim(wrong),), {"w": w})
    report = check_subject(subject, OPAQUE)
    assert report.verdict == "wrong"
    assert [entry.index for entry in report.wrong] == [(237,)]
    assert report.wrong_complete
    assert report.evaluations <= 500


@pytest.mark.parametrize("n", [2, 10, 100])
def test_a_loss_that_is_measured_without_any_error(n: int) -> None:
    wrong = np.ones(n)
    wrong[1] = 2.0
    subject = Subject(lambda w: float(np.sum(w)), (Claim(lambda w: wrong),), {"w": np.ones(n)})
    report = check_subject(subject, OPAQUE)
    assert report.verdict == "wrong"
    assert [entry.index for entry in report.wrong] == [(1,)]
    assert report.wrong_complete


class Exact:
    """A claim's error in each entry, measured without any error of its own along a direction in which all move by 1."""

    def __init__(self, errors: Any, leaves: tuple[Leaf, ...] | None = None) -> None:
        self.n = len(errors)
        functional = Functional(1.0 + np.asarray(errors, float), np.zeros(self.n), float)
        oracle: Any = SimpleNamespace(quick=self._quick, derivative=self._derivative)
        self.look = lambda v: look(functional, oracle, v)
        first = self.look(np.ones(self.n))
        leaves = leaves or (Leaf("w", (self.n,), "float64", 0, self.n),)
        self.finder = Finder(oracle, functional, first, np.ones(self.n), leaves, 0)

    @staticmethod
    def _quick(w: Any, *_: Any) -> float:
        return float(np.sum(w))

    def _derivative(self, w: Any, *_: Any, **__: Any) -> Estimate:
        return Estimate(self._quick(w), 1e-12, step=1e-2)

    def located(self) -> Located:
        return self.finder.run(lambda k: self.look(np.arange(1.0, self.n + 1.0) + k))


def test_errors_that_read_as_an_index_that_is_none() -> None:
    """Of four codes 1/8, 3/8, 5/8, 7/8: twice the last less the third is 9/8, which would be the fifth."""
    located = Exact([0.0, 0.0, -1.0, 2.0]).located()
    assert sorted(located.entries) == [2, 3]
    assert located.complete
    assert {i: each.residual for i, each in located.entries.items()} == {2: -1.0, 3: 2.0}


MATRIX = (Leaf("m", (3, 4), "float64", 0, 12),)
THREE = tuple(Leaf(name, (4,), "float64", 4 * k, 4) for k, name in enumerate("abc"))


@pytest.mark.parametrize(
    ("places", "leaves"),
    [
        ([0, 11], MATRIX),
        ([0, 6], MATRIX),
        ([1, 2, 8, 11], MATRIX),
        ([0, 9], THREE),
        ([3, 9], THREE),
    ],
)
def test_errors_whose_middle_is_not_where_they_are(places: list[int], leaves: tuple[Leaf, ...]) -> None:
    """Equal errors in the first and the last row read as one in the middle row, until that is measured alone."""
    located = Exact(np.isin(np.arange(12), places), leaves).located()
    assert located.block is None
    assert not located.many
    assert sorted(located.entries) == places
    assert located.complete


@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 2), (12, 1), (1, 12), (12,)])
@pytest.mark.parametrize("leaves", [1, 2])
def test_a_block_is_one_slice_of_one_leaf(shape: tuple[int, ...], leaves: int) -> None:
    """For each axis and each place on it; a leaf as a whole is none, nor is one entry."""
    both = tuple(Leaf(name, shape, "float64", 12 * k, 12) for k, name in enumerate("ab"[:leaves]))
    for axis in range(len(shape) if len(shape) > 1 else 0):
        for place in range(shape[axis]):
            inside = np.zeros(12 * leaves, dtype=bool)
            inside[-12:] = (np.indices(shape)[axis] == place).ravel()
            if inside.sum() in (1, 12):
                continue
            located = Exact(inside * np.arange(1.0, 12.0 * leaves + 1.0), both).located()
            assert located.many
            assert located.block is not None
            assert (located.block == inside).all()
    everywhere = Exact(np.arange(12.0 * leaves) * (np.arange(12 * leaves) >= 12 * (leaves - 1)), both)
    assert everywhere.located().block is None


def test_one_entry_explains_two_directions_or_it_is_not_alone() -> None:
    """The first direction hardly moves the entry of a second error: the other one tells that there is more."""
    errors = 1.0 * (np.arange(8) == 2) + 1e-3 * (np.arange(8) == 5)
    for there in ([2], [2, 5]):
        exact = Exact(errors * np.isin(np.arange(8), there))
        first, second = (exact.look(np.where(np.arange(8) == 5, small, 1.0)) for small in (1e-14, 1.0))
        scales = Scales(
            exact.finder.oracle,
            None,  # type: ignore[arg-type]
            (Leaf("w", (8,), "float64", 0, 8),),
            np.ones(8),
            Options(),
        )
        for looks in ([first, second], [second, first]):
            gathered = Gatherer(Weighing(looks=looks), scales, first).gather()
            assert gathered.complete
            assert list(np.flatnonzero(np.abs(gathered.claimed - gathered.true) > gathered.bound)) == there


class TestHowWellToMeasure:
    """The fewest pairs of the first look's grid that say what it said, and what is then reckoned with."""

    FIRST = Look(
        Functional(np.ones(1), np.zeros(1), float), np.ones(1), 5.0, Estimate(2.0, 1e-6, step=0.5), 0.0
    )

    def of(self, off: Any, share: float = 1e-3, first: Look | None = None, second: Any = None) -> Any:
        """``off`` is how far each number of pairs is from the first look, which is 3 from the claim."""
        oracle: Any = SimpleNamespace(quick=lambda v, reduce, step, pairs: 2.0 + off(pairs))
        first = first or self.FIRST
        functional = replace(first.functional, second=second)
        return _shortest(oracle, functional, first, share)

    def test_pairs(self) -> None:
        """An error of 1/30 of the share of 3 is allowed: 1e-4."""
        for enough in range(2, 9):
            step, pairs, error = self.of(lambda pairs, enough=enough: 0.9e-4 if pairs >= enough else 1.1e-4)
            assert (step, pairs) == (0.5, enough)
            assert error == pytest.approx(27e-4)
        assert self.of(lambda pairs: 0.0) == (0.5, 2, 1e-6)
        assert self.of(lambda pairs: 0.9e-7, share=0.0)[1:] == (2, pytest.approx(27e-7))

    def test_never_good_enough(self) -> None:
        assert self.of(lambda pairs: 0.25 / pairs) == (0.5, 8, pytest.approx(0.75 / 8))
        assert self.of(lambda pairs: 2e-7, share=0.0) == (0.5, 8, pytest.approx(3e-6))
        # what is large beside the slope itself is not good, whatever the claim is off by
        assert self.of(lambda pairs: 0.01, share=1.0)[1] == 8

    def test_without_a_grid(self) -> None:
        assert self.of(None, second=np.ones(1)) == (0.5, 8, 1e-6)
        vague = replace(self.FIRST, estimate=Estimate(2.0, 1e-6))
        assert self.of(None, first=vague) == (1e-3, 8, 1e-6)
        assert self.of(None, first=replace(vague, rounding=1e-2)) == (1e-3, 8, 2.5e-3)
        assert self.of(None, first=replace(vague, estimate=Estimate(2.0, 0.0)))[2] > 0.0
