"""Certified digits for the whole table: every elementwise row's value and first three derivatives, against mpmath's 50 digits."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from flint import arb, arb_series, ctx

from calcgrad.expression import parse
from calcgrad.expression.nodes import Call, Name
from calcgrad.functions.expression import Expression
from calcgrad.methods.certified import derivatives
from calcgrad.operations import OPERATIONS, VOCABULARY
from calcgrad.operations.row import ARGUMENTS, Elementwise
from calcgrad.systems.decimals import Enclosure
from calcgrad.systems.series import ball_series, has_series

from . import special_truth, truth

pytestmark = pytest.mark.slow

TRUTH: dict[str, Callable[..., Any]] = truth.TRUTH | special_truth.TRUTH
DECIDING = ("less", "greater", "equal", "not_equal", "logical", "where")
ROWS = {
    name: row
    for name, row in OPERATIONS.items()
    if isinstance(row, Elementwise) and not name.startswith(DECIDING)
}
#: The k-th derivatives of another row are the Taylor coefficients of that: differences of differences are slow.
BASES = {
    "erfcx_derivative",
    "dawson_derivative",
    "rgamma_derivative",
    "ellipk_derivative",
    "ellipe_derivative",
}
EXACT = mpmath.mpf(10) ** -42
POINTS = 4


def drawn(row: Elementwise) -> list[list[float]]:
    """Points of a row's range: near both ends, and between."""
    rng = random.Random(row.name)
    at = []
    for k in range(POINTS):
        shares = [(0.03, 0.98)[k] - 0.013 * j if k < 2 else rng.random() for j in range(row.arity)]
        point = [r.low + s * (r.high - r.low) for r, s in zip(row.sample, shares, strict=True)]
        at.append([float(round(x)) if r.whole else x for x, r in zip(point, row.sample, strict=True)])
    return at


def coefficients(name: str, at: list[float], j: int) -> list[Any]:
    """The value and three derivatives in argument j, by mpmath."""
    args = [mpmath.mpf(x) for x in at]
    if name in BASES:
        k = int(at[0])
        base = mpmath.taylor(TRUTH[name.removesuffix("_derivative")], args[1], k + 3)
        return [c * mpmath.factorial(n) for n, c in enumerate(base)][k:]
    if name == "hurwitz_derivative" and j == 1:
        return [mpmath.zeta(args[1], args[2], int(at[0]) + n) for n in range(4)]
    if name in ("zeta", "zeta_derivative"):
        k = 0 if name == "zeta" else int(at[0])
        return [mpmath.zeta(args[-1], 1, k + n) for n in range(4)]

    def along(x: Any) -> Any:
        return mpmath.re(TRUTH[name](*args[:j], x, *args[j + 1 :]))

    return [c * mpmath.factorial(n) for n, c in enumerate(mpmath.taylor(along, args[j], 3))]


def proved(name: str, at: list[float], j: int) -> list[Enclosure]:
    names = list(ARGUMENTS[: len(at)])
    function = Expression(Call(name, tuple(Name(n) for n in names)), names)
    return [row[0] for row in derivatives(function, at, [(j,) * k for k in range(4)])]


@pytest.mark.parametrize("name", ROWS)
def test_values_and_derivatives_lie_in_their_balls(name: str) -> None:
    row = ROWS[name]
    assert has_series(name)
    compared = 0
    with mpmath.workdps(50):
        for at in drawn(row):
            for j, argument in enumerate(row.sample):
                if argument.whole or (row.partials[j] is None and row.group != "Bessel functions"):
                    continue
                compared += 1
                for k, (found, true) in enumerate(
                    zip(proved(name, at, j), coefficients(name, at, j), strict=True)
                ):
                    assert found.value is not None, (at, j, k, found.note)
                    assert found.digits == 40 or found.is_zero, (at, j, k, found)
                    off = abs(mpmath.mpf(found.value) - true)
                    assert off <= mpmath.mpf(found.radius) + EXACT * max(1, abs(true)), (
                        at,
                        j,
                        k,
                        found,
                        true,
                    )
    assert compared


def test_every_elementwise_row_has_a_series() -> None:
    assert [n for n, row in OPERATIONS.items() if isinstance(row, Elementwise) and not has_series(n)] == []


def test_an_operation_without_a_series_says_so() -> None:
    assert not has_series("fft")
    with pytest.raises(KeyError, match="no power series"):
        ball_series().function("fft")


def test_a_definition_has_the_numbers_of_the_table_not_their_doubles() -> None:
    with ctx.workprec(200):
        one = ball_series().function("leaky_relu")(arb_series([-1, 1]))
        assert (one[0] * 100 + 1).contains(0)
        assert (one[0] * 100 + 1).abs_upper() < 1e-50


@pytest.mark.parametrize("name", DECIDING[:4])
def test_comparisons_do_not_decide_a_tie(name: str) -> None:
    names = {"less": ("less", "less_equal"), "greater": ("greater", "greater_equal")}.get(name, (name,))
    with ctx.workprec(80):
        moving, other = arb_series([1, 1]), arb_series([1, 1])
        for op in names:
            decide = ball_series().function(op)
            assert decide(moving, arb(1)) is None
            assert decide(moving, other) is None
            assert decide(moving, arb(2)) in (True, False)


def test_a_branch_is_taken_only_where_it_is_decided() -> None:
    where = ball_series().function("where")
    a, b = arb_series([1, 1]), arb_series([2, 1])
    assert where(True, a, b) is a
    assert where(False, a, b) is b
    assert where(None, a, b).is_nan()


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("abs", 0.0),
        ("sqrt", 0.0),
        ("cbrt", 0.0),
        ("asin", 1.0),
        ("floor", 2.0),
        ("round", 2.5),
        ("log", 0.0),
        ("log", -1.0),
        ("gamma", -2.0),
        ("digamma", 0.0),
        ("zeta", 1.0),
        ("Ei", 0.0),
        ("li", 1.0),
        ("ellipk", 1.0),
        ("acosh", 1.0),
        ("atanh", -1.0),
        ("csch", 0.0),
        ("sign", 0.0),
        ("relu", 0.0),
        ("erfinv", 1.0),
        ("lambertw", -1.0),
        ("acot", 0.0),
    ],
)
def test_no_series_where_the_function_is_not_smooth(text: str, x: float) -> None:
    function = Expression(Call(text, (Name("a"),)), ["a"])
    [[row]] = derivatives(function, [x], [(0,)])
    assert row.value is None
    assert row.note is not None


def test_what_is_unknown_stays_unknown() -> None:
    """A nan of no use in the first coefficient must not vanish from the higher ones."""
    texts = ("abs(x) + x", "abs(x)^2", "atanh(abs(x))", "sinh(abs(x))", "x^abs(x)", "(log(x) - 1)^0")
    for text in (*texts, "atan2(abs(x), 1)", "0*abs(x)", "besselj(abs(x), 1)", "psi(abs(x) + 1)"):
        function = Expression(parse(text, VOCABULARY).root, ["x"])
        for order in (1, 2, 3):
            [[row]] = derivatives(function, [0.0], [(0,) * order])
            assert row.value is None, (text, order, row)
