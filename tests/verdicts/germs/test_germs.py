"""Laws of germs: what a sum, a product and a multiple know is never more than what their parts know."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from flint import ctx

from calcgrad.verdicts.exact.functions import field
from calcgrad.verdicts.germs import functions
from calcgrad.verdicts.germs.germ import (
    EXACT,
    FLAT,
    UNIT,
    Deadline,
    Gap,
    Germ,
    LostError,
    NeedDepthError,
    OutOfTimeError,
    Scope,
)

DEPTH = 4
KEYS = [(Fraction(e), Fraction(n)) for e, n in product((-1, 0, 2), (-1, 0, 1))]


@pytest.fixture
def scope() -> Any:
    with ctx.workprec(200):
        yield Scope(field(), DEPTH, Deadline())


def test_a_term_of_the_order_of_what_is_left_out_is_not_known(scope: Scope) -> None:
    for key in KEYS:
        term = Germ(scope, {key: scope.field.one})
        assert (term + scope.order(key)).terms == {}
        assert (scope.order(key) + term).key == key
        assert (-term + scope.order(key)).key == key
        later = (key[0], key[1] + 1)
        assert list((term + scope.order(later)).terms) == [key]
        assert (term + scope.order(later)).sign() == 1
        with pytest.raises(NeedDepthError):
            scope.order(key).sign()
        with pytest.raises(LostError, match="it keeps oscillating"):
            scope.order(key, wild=True).sign()


def test_a_product_knows_to_the_order_of_each_part_times_the_other(scope: Scope) -> None:
    for first, second in product(KEYS, repeat=2):
        a = Germ(scope, {first: scope.field.one}, (first[0] + 1, first[1]))
        b = Germ(scope, {second: scope.field.rational(-2)}, (second[0] + 3, second[1]))
        found = a * b
        assert list(found.terms) == [(first[0] + second[0], first[1] + second[1])]
        assert found.key == (first[0] + second[0] + 1, first[1] + second[1])
        assert found.sign() == -1
        assert (b * a).key == found.key
        assert (a * scope.germ(0)).zero
        assert (scope.germ(0) * b).zero
        assert (a * scope.order(second)).key == (first[0] + second[0], first[1] + second[1])


def test_what_is_wild_stays_so(scope: Scope) -> None:
    wild, calm = scope.order((1, 0), wild=True), scope.power(0)
    for found in (
        wild + calm,
        calm + wild,
        wild * calm,
        calm * wild,
        -wild,
        wild.shifted((1, 0)),
        wild.times(scope.field.pi),
    ):
        assert found.wild
    assert not (calm + calm).wild
    assert (wild + calm).limit().rational == 1  # type: ignore[union-attr]
    with pytest.raises(LostError, match="it keeps oscillating"):
        (scope.order(UNIT, wild=True) + calm).limit()
    with pytest.raises(LostError, match="it keeps oscillating"):
        (scope.order(UNIT, wild=True) + calm).parts()
    with pytest.raises(NeedDepthError):
        (scope.order(UNIT) + calm).parts()


def test_a_multiple_by_0_is_exactly_0(scope: Scope) -> None:
    for germ in (scope.order(UNIT), scope.power(-1), scope.order(FLAT), functions.exp(scope.power(-1))):
        assert germ.times(scope.field.zero).zero
        assert not germ.times(scope.field.one).zero
    assert (scope.power(2) - scope.power(2)).zero
    oscillating = scope.order(UNIT, wild=True)
    assert (oscillating - oscillating).zero  # one and the same function


def test_limits_by_the_first_term(scope: Scope) -> None:
    grows = functions.exp(scope.power(-1))
    for germ, limit in (
        (scope.power(-1), float("inf")),
        (-scope.power(-1), float("-inf")),
        (Germ(scope, {(Fraction(0), Fraction(-1)): scope.field.one}), float("inf")),
        (grows, float("inf")),
        (-grows, float("-inf")),
    ):
        assert germ.limit() == limit
    for germ, value in (
        (functions.exp(-scope.power(-1)), 0),
        (scope.power(1), 0),
        (scope.germ(3) + scope.power(1), 3),
        (Germ(scope, {(Fraction(0), Fraction(1)): scope.field.one}), 0),
        (scope.germ(2) + scope.order((0, 1)), 2),
        (scope.order(FLAT), 0),
        (scope.order(EXACT), 0),
    ):
        assert germ.limit().rational == value  # type: ignore[union-attr]
    with pytest.raises(LostError, match="smaller than every power"):
        scope.order(FLAT).sign()


def test_the_terms_that_are_kept(scope: Scope) -> None:
    """So many powers beyond the first, and so many logarithms of one power: what is deeper counts as left out."""
    powers = Germ(scope, {(Fraction(e), Fraction(0)): scope.field.one for e in range(2, 9)})
    assert [e for e, _ in powers.terms] == [2, 3, 4, 5, 6]
    assert powers.key == (7, 0)
    logs = Germ(scope, {(Fraction(0), Fraction(n)): scope.field.one for n in range(15)})
    assert [n for _, n in logs.terms] == list(range(11))
    assert logs.key == (0, 11)
    halves = Germ(
        scope,
        {(Fraction(e, 2), Fraction(0)): scope.field.one for e in range(3)},
        (Fraction(1, 2), Fraction(0)),
    )
    assert [e for e, _ in halves.terms] == [0]
    assert halves.known_to((Fraction(1, 4), Fraction(0)))
    assert not halves.known_to((Fraction(1, 2), Fraction(0)))


def test_one_outweighs_the_other(scope: Scope) -> None:
    large, small, t = functions.exp(scope.power(-1)), functions.exp(-scope.power(-1)), scope.power(1)
    for found, sign, limit in (
        (large - t, 1, float("inf")),
        (t - large, -1, float("-inf")),
        (large * small, 1, 1),
        (large * large - large, 1, float("inf")),
        (small - t, -1, 0),
        (t - small, 1, 0),
        (large * t, 1, float("inf")),
        (functions.reciprocal(large), 1, 0),
    ):
        assert found.sign() == sign
        there = found.limit()
        assert there == limit if isinstance(there, float) else there.rational == limit
    assert (large - large).zero
    assert (small - t).key == FLAT


def test_a_gap_spreads_and_time_ends(scope: Scope) -> None:
    gap, one = Gap("div"), scope.germ(1)
    for found in (gap + one, one + gap, gap - one, one - gap, gap * one, one * gap, -gap):
        assert found is gap
    scope.deadline.wind(-1.0)
    with pytest.raises(OutOfTimeError, match="the time for it is up"):
        one * one


@pytest.mark.parametrize(
    ("spent", "affords"),
    [
        ([], True),
        ([400.0], True),
        ([1100.0], False),
        ([1.0, 9.0], True),  # nine times as long, and nine times nine after it: 729 s
        ([1.0, 11.0], False),  # 1331 s
        ([1.0, 2.0, 20.0], False),
        ([30.0, 20.0], True),  # what became faster takes as long again
    ],
)
def test_what_grows_is_not_begun_where_it_would_not_end(spent: list[float], affords: bool) -> None:
    deadline = Deadline(1000.0)
    assert 990 < deadline.left <= 1000
    assert not deadline.is_up
    assert deadline.affords(spent) is affords
    deadline.wind(-1.0)
    assert deadline.left == 0
    assert deadline.is_up
    assert not deadline.affords(spent)
