"""Certified derivatives: exact truths, mixed orders, arrays, precision that is raised, and what is said where nothing is proved."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcgrad.expression import parse
from calcgrad.functions.exact import rounded
from calcgrad.functions.expression import Expression
from calcgrad.methods import certified
from calcgrad.methods.certified import derivatives
from calcgrad.operations import VOCABULARY
from calcgrad.systems.decimals import Enclosure, enclosure


def function(text: str, *variables: str, **shapes: tuple[int, ...]) -> Expression:
    return Expression(parse(text, VOCABULARY, declared=variables).root, variables, shapes)


def one(text: str, at: float, order: int = 1, digits: int = 40) -> Enclosure:
    return derivatives(function(text, "x"), [at], [(0,) * order], digits)[0][0]


def inside(found: Enclosure, true: Any) -> bool:
    assert found.value is not None
    assert found.radius is not None
    return bool(abs(mpmath.mpf(found.value) - true) <= mpmath.mpf(found.radius) * (1 + mpmath.mpf(10) ** -30))


@pytest.fixture(autouse=True)
def _precise() -> Any:
    with mpmath.workdps(80):
        yield


terms = st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=6)
dyadic = st.integers(-64, 64).map(lambda n: n / 16)


@settings(max_examples=60, deadline=None)
@given(terms, dyadic, dyadic, st.integers(0, 3), st.integers(0, 3))
def test_polynomials_are_differentiated_exactly(
    terms: list[tuple[int, int, int]], x: float, y: float, a: int, b: int
) -> None:
    text = " + ".join(f"({c})*x^{i}*y^{j}" for c, i, j in terms)
    [[found]] = derivatives(function(text, "x", "y"), [x, y], [(0,) * a + (1,) * b], digits=80)
    true = sum(
        (
            Fraction(c * math.perm(i, a) * math.perm(j, b)) * Fraction(x) ** (i - a) * Fraction(y) ** (j - b)
            for c, i, j in terms
            if i >= a and j >= b
        ),
        Fraction(0),
    )
    assert found.value is not None
    assert abs(Fraction(found.value) - true) <= Fraction(found.radius or "")
    assert found.is_zero == (true == 0)


@pytest.mark.parametrize("orders", [(1, 1), (2, 0), (0, 3), (2, 3), (4, 1)])
def test_mixed_partials_of_any_order(orders: tuple[int, int]) -> None:
    wrt = (0,) * orders[0] + (1,) * orders[1]
    [[found]] = derivatives(function("exp(x*y)*sin(x + 2*y)", "x", "y"), [0.5, 1.25], [wrt])
    with mpmath.workdps(60):
        true = mpmath.diff(lambda x, y: mpmath.exp(x * y) * mpmath.sin(x + 2 * y), (0.5, 1.25), orders)
    assert found.digits == 40
    assert abs(mpmath.mpf(found.value) / true - 1) < mpmath.mpf(10) ** -38


def test_three_variables_and_several_outputs() -> None:
    rows = derivatives(
        function("[x*y*z, x^2*exp(z)]", "x", "y", "z"), [2.0, 3.0, 0.0], [(0, 1, 2), (0, 0, 2), (1,)]
    )
    assert [[row.value for row in line] for line in rows] == [["1", "0"], ["0", "2"], ["0", "0"]]
    assert all(row.is_zero for row in rows[2])


def test_arrays_are_written_out_in_numbers() -> None:
    rows = derivatives(function("norm(v)", "v", v=(2,)), [3.0, 4.0], [(0,), (1,), (0, 1)])
    true = [mpmath.mpf(3) / 5, mpmath.mpf(4) / 5, mpmath.mpf(-12) / 125]
    assert all(inside(row[0], t) for row, t in zip(rows, true, strict=True))


def test_an_array_too_large_says_so() -> None:
    [[row]] = derivatives(function("norm(A @ A)", "A", A=(60, 60)), [1.0] * 3600, [(0,)])
    assert row.value is None
    assert "more than 10000 nodes" in (row.note or "")


def test_digits_that_cancel_are_made_good() -> None:
    for at in (1e-8, 1e-60):
        found = one("(1 - cos(x))/x^2", at)
        x = mpmath.mpf(at)
        series = -x / 12 + x**3 / 180 - x**5 / 6720
        assert found.digits == 40
        assert abs(mpmath.mpf(found.value) / series - 1) < 1e-38


def test_as_many_digits_as_are_asked_for() -> None:
    for digits in (50, 300):
        found = one("exp(sin(x))", 0.7, digits=digits)
        with mpmath.workdps(digits + 20):
            true = mpmath.exp(mpmath.sin(mpmath.mpf(0.7))) * mpmath.cos(mpmath.mpf(0.7))
            assert mpmath.nstr(true, digits, strip_zeros=False) == found.value
        assert found.digits == digits


def test_beyond_the_doubles() -> None:
    found = one("exp(x)", 800.0)
    assert inside(found, mpmath.exp(800))
    assert one("tanh(x)", 400.0).value == mpmath.nstr(mpmath.sech(400) ** 2, 40)


def test_numbers_are_exact_and_doubles_are_a_function_of_their_own() -> None:
    f = function("0.1*x", "x")
    assert one("0.1*x", 1.0).value == "0.1"
    [[at_doubles]] = derivatives(rounded(f), [1.0], [(0,)])
    assert at_doubles.value == "0.1000000000000000055511151231257827021182"


def test_a_point_may_be_exact() -> None:
    third = parse("1/3", VOCABULARY).root
    [[found]] = derivatives(function("x^3", "x"), [third], [(0,)])
    assert found.value == "0.3333333333333333333333333333333333333333"
    assert one("x/10", 1.0).value == "0.1"  # is 1/10 within its radius, to forty digits


def test_a_zero_by_structure_and_one_that_no_ball_proves() -> None:
    assert one("x - x", 1.0).is_zero
    found = one("sin(x)^2 + cos(x)^2", 1.0)
    assert (found.value, found.digits, found.is_zero) == ("0", 0, False)
    assert mpmath.mpf(found.radius) < mpmath.mpf(10) ** -1000


def test_fewer_digits_are_said_to_be_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certified, "_DOUBLINGS", 0)
    found = one("(1 - cos(x))/x^2", 1e-4)
    assert 0 < found.digits < 40
    assert found.note == f"no more than {found.digits} digits were proved"
    x = mpmath.mpf(1e-4)
    assert inside(found, -x / 12 + x**3 / 180 - x**5 / 6720 + x**7 / 453600)


def test_no_time_at_all() -> None:
    [[row]] = derivatives(function("sin(x)", "x"), [1.0], [(0,)], seconds=0.0)
    assert row == Enclosure(None, note="no digits were proved in the time given")


def test_flints_context_is_left_as_it_was() -> None:
    from flint import ctx

    before = (ctx.prec, ctx.cap)
    one("polygamma(3, x)", 1.5, order=4)
    derivatives(function("sin(x)", "x"), [1.0], [(0,)], seconds=0.0)
    assert (ctx.prec, ctx.cap) == before


def test_too_many_directions_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certified, "MOST_DIRECTIONS", 3)
    rows = derivatives(function("sin(x*y)", "x", "y"), [1.0, 2.0], [(0, 1), (0,)])
    assert rows[0][0].note == "it would take more than 3 directions"
    assert rows[1][0].digits == 40


@settings(max_examples=200, deadline=None)
@given(
    st.fractions(max_denominator=10**12).filter(bool),
    st.integers(-40, 40),
    st.integers(-60, 5),
    st.sampled_from([5, 20, 40]),
)
def test_decimals_hold_their_ball_and_their_digits_are_right(
    number: Fraction, exponent: int, radius: int, digits: int
) -> None:
    from flint import arb, ctx, fmpq

    true = number * Fraction(10) ** exponent
    with ctx.workprec(300):
        found = enclosure(arb(fmpq(true.numerator, true.denominator)) + arb(0, 10.0**radius), digits)
    assert found.value is not None
    value, within = Fraction(found.value), Fraction(found.radius or "")
    assert abs(value - true) <= within
    if found.digits:
        place = Decimal(found.value).adjusted() - found.digits + 1
        assert abs(value - true) <= Fraction(10) ** place * Fraction(501, 1000)
        assert len(found.value.split("e")[0].replace("-", "").replace(".", "").strip("0")) <= digits


@pytest.mark.parametrize("k", [1, 2, 3])
def test_a_series_that_is_unknown_proves_no_zero(k: int) -> None:
    """Far out the reciprocal of gamma, of which polygamma is made, has no bits at first: its derivative is not 0 for that.

    Truth: psi_1(y) = 1/y + 1/(2 y^2) + ... (DLMF 5.15.8), whose later terms are far below these digits.
    """
    y = 5e88
    row = one("polygamma(1, x)", y, k)
    leading = Fraction((-1) ** k * math.factorial(k)) / Fraction(y) ** (k + 1)
    assert row.value is not None
    assert abs(Fraction(row.value) / leading - 1) < Fraction(1, 10**30)


def test_what_drops_a_value_keeps_what_is_unknown() -> None:
    from flint import arb, arb_series

    from calcgrad.systems.values import series

    unknown = arb_series([arb("nan"), arb(1)])
    assert not series.known(series.differentiated(unknown, 1).coeffs())
    assert not series.integrated(arb(1), unknown).is_finite()
    assert not series.with_value(unknown, arb(1)).is_finite()
    assert not series.compose(arb_series([arb(2), arb(1)]), [arb(1), arb("nan")]).is_finite()
