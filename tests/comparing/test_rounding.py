"""The evaluation condition: known values, and that it bounds what rounding in fact does (measured with mpmath)."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import mpmath
import pytest

import calcgrad
from calcgrad.comparing.rounding import Rounding, evaluation_condition
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.methods import method
from calcgrad.methods.protocol import Problem
from calcgrad.operations import VOCABULARY
from calcgrad.report.estimates import Estimate


def function(text: str, *variables: str, **shapes: tuple[int, ...]) -> Expression:
    return Expression(parse(text, VOCABULARY, declared=variables).root, variables, shapes)


def one(text: str, at: float, *wrt: int) -> Rounding:
    (found,) = evaluation_condition(function(text, "x"), [at], wrt or (0,))
    return found


def test_of_a_product_of_inputs_it_is_their_count() -> None:
    """d/dx (x y) z = (1 y) z has the slots y, 1 y, z and (1 y) z: each times its adjoint is yz."""
    (found,) = evaluation_condition(function("x*y*z", "x", "y", "z"), [2.0, 3.0, 5.0], (0,))
    half_ulps = 5 * 2**-52 + 3 * 2**-51  # z half an ulp of y, and y half an ulp of z
    assert found[:3] == (
        4.0,
        pytest.approx(60 * 2**-52, rel=1e-15, abs=0),
        pytest.approx(half_ulps, rel=1e-15),
    )


def test_a_sum_that_cancels_is_as_bad_as_its_terms_over_it() -> None:
    at = 1e-4
    found = one("(1 - cos(x))/x^2", at)
    terms = math.sin(at) / at**2  # two such terms are all but equal; their difference is x/12
    assert found.condition > terms / (at / 12)


def test_a_derivative_of_zero_made_of_terms() -> None:
    assert one("sin(pi)*x", 2.0).condition < math.inf
    assert one("exp(x)/exp(x)", 1.0)[:2] == (math.inf, pytest.approx(2**-50, rel=10, abs=0))


def test_a_structural_zero_is_exact() -> None:
    (found,) = evaluation_condition(function("y", "x", "y"), [1.0, 2.0], (0,))
    assert found[:3] == (1.0, 0.0, 0.0)


def test_whole_exponents_are_exact_at_negative_numbers() -> None:
    """x^3: the exponents 3 and 2 do not round, so log(x) is never asked for."""
    found = one("x^3", -2.0)
    assert found.condition < 10
    assert math.isfinite(one("x^0.5", 2.0).condition)


def test_arrays_and_orders_without_closed_form_are_measured() -> None:
    rows = evaluation_condition(function("var(w)", "w", w=(3,)), [0.1, 0.1, 0.1], (0,))
    assert rows[0].unit > 1e-18
    (bessel,) = evaluation_condition(function("besselj(n, x)", "n", "x"), [2.0, 3.0542369282271403], (1,))
    assert bessel.condition > 1e14


CASES: list[tuple[str, Callable[[Any], Any]]] = [
    ("exp(x)*sin(x) - x^2", lambda x: mpmath.exp(x) * mpmath.sin(x) - x**2),
    ("(x^2 - 1)/(x - 1.0001)", lambda x: (x**2 - 1) / (x - mpmath.mpf(1.0001))),
    ("sqrt(x + 1) - sqrt(x)", lambda x: mpmath.sqrt(x + 1) - mpmath.sqrt(x)),
    ("log(1 + x) - x", lambda x: mpmath.log(1 + x) - x),
    ("(exp(x) - 1 - x)/x^2", lambda x: (mpmath.exp(x) - 1 - x) / x**2),
]


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(("text", "f"), CASES, ids=[case[0] for case in CASES])
def test_it_bounds_the_error_that_is_made(text: str, f: Callable[[Any], Any], order: int) -> None:
    chance = random.Random(7)
    for _ in range(8):
        x = 10 ** chance.uniform(-3, 3 if "exp" not in text else 1)
        found = method("forward-ad").derivatives(Problem(function(text, "x"), [x], [(0,) * order]))
        assert isinstance(found, Estimate)
        with mpmath.workdps(80):
            truth = mpmath.diff(f, mpmath.mpf(x), order, h=mpmath.mpf(10) ** -25)
            error = float(abs(mpmath.mpf(found.value[0][0]) - truth))
        rounding = one(text, x, *(0,) * order)
        assert error <= 4 * rounding.unit + 2**-52 * float(abs(truth))
        assert rounding.unit <= 1e-10 * max(1, float(abs(truth))) or rounding.condition > 1e4


def test_adjoints_that_add_up_to_0_round_where_tangents_are_0_by_themselves() -> None:
    """A variance does not move with its entries: its derivative is 0, and reverse mode adds up what cancels."""
    (point,) = calcgrad.diff(
        "sin(var(w - x))", at="w=[1.6, -1.897, -1.2], x=-0.18651125028036", wrt="x"
    ).points
    assert point.verdict == "agree"
    assert all(abs(row.value) < 1e-15 for row in point.results if row.method in ("forward-ad", "reverse-ad"))


def test_a_step_rounds_nothing() -> None:
    """The adjoint of ``heaviside(x)`` is infinite here, for that of ``asin`` at 1; times no rounding it is none."""
    text = "lbeta(x, digamma(tand(asin({}))))"
    assert one(text.format("heaviside(x)"), 3.0).unit == pytest.approx(one(text.format("1"), 3.0).unit)
    report = calcgrad.diff(text.format("heaviside(x)"), at=3, truth="certified")
    assert report.points[0].verdict == "agree"


def test_on_a_long_tape_reverse_mode_is_measured_when_its_number_is_not_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The entries move alike, so that forward mode gives 0, and the adjoints leave their rounding: no less right for being long."""
    monkeypatch.setattr("calcgrad.comparing.rounding.MOST_SLOTS", 0)
    report = calcgrad.diff(
        "var(w - x)", at={"w": [0.1, 0.7, 1.3, 2.9], "x": 0.3}, wrt=["x"], truth="certified"
    )
    (point,) = report.points
    rows = {row.method: row.value for row in point.results}
    assert (rows["forward-ad"], point.verdict) == (0.0, "agree")
    assert rows["reverse-ad"] != 0.0
