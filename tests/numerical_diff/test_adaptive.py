"""The adaptive derivative against the corpus: statuses, values within bounds, budgets, orders, components."""

import cmath
import math
from typing import Any

import mpmath
import numpy as np
import pytest

from calcgrad.errors import UsageError
from calcgrad.numerical_diff import derivative
from tests.data.corpus_functions import breaks, compiled, corpus


@pytest.mark.parametrize("problem", [*corpus(), *breaks()], ids=lambda p: p["name"])
def test_status_and_value(problem: dict[str, Any]) -> None:
    found = derivative(compiled(problem["expr"]), problem["x"])
    assert found.status == problem["status"], found
    assert (found.note is None) == (found.status == "ok")
    wanted = {
        "value": problem.get("value", problem.get("true")),
        "left": problem.get("left"),
        "right": problem.get("right"),
    }
    for name, want in wanted.items():
        if want is not None:
            have = getattr(found, name)
            assert have == float(want) or abs(have - float(want)) <= found.error_bound < math.inf, (
                name,
                found,
            )


@pytest.mark.parametrize("rtol", [1e-4, 1e-8])
def test_a_wish_is_met_in_few_points(rtol: float) -> None:
    found = derivative(math.exp, 1.0, rtol=rtol)
    assert abs(found.value - math.e) <= found.error_bound <= rtol * math.e
    assert found.evaluations <= 11


@pytest.mark.parametrize("order", range(1, 7))
@pytest.mark.parametrize(
    ("f", "exact", "x"),
    [(math.exp, mpmath.exp, 1.0), (math.log, mpmath.log, 2.5), (math.tanh, mpmath.tanh, 0.4)],
)
def test_orders(f: Any, exact: Any, x: float, order: int) -> None:
    with mpmath.workdps(50):
        truth = float(mpmath.diff(exact, mpmath.mpf(x), order))
    found = derivative(f, x, order=order)
    assert abs(found.value - truth) <= found.error_bound <= 1e-4 * abs(truth)


def test_a_budget_ends_in_the_best_so_far() -> None:
    for budget in (3, 5, 9, 15):
        found = derivative(math.sin, 1.0, max_evaluations=budget)
        assert found.status == "budget"
        assert found.evaluations <= budget
        assert abs(found.value - math.cos(1)) <= found.error_bound


def test_bounds_are_never_crossed() -> None:
    seen: list[float] = []

    def f(x: float) -> float:
        seen.append(x)
        return math.sqrt(x)

    for x in (0.1, 0.4, 0.5, 0.6):
        found = derivative(f, x, bounds=(0.1, 0.6))
        assert abs(found.value - 0.5 / math.sqrt(x)) <= found.error_bound
    assert min(seen) >= 0.1
    assert max(seen) <= 0.6


def test_components() -> None:
    turn = derivative(lambda x: cmath.exp(1j * x), 1.0)
    assert abs(turn.value - 1j * cmath.exp(1j)) <= turn.error_bound < 1e-12
    many = derivative(lambda x: np.array([math.sin(x), x**2]), 1.0)
    assert np.all(np.abs(many.value - [math.cos(1), 2]) <= many.error_bound)


@pytest.mark.parametrize("rtol", [None, 1e-4, 1e-8])
def test_a_kink_is_seen_whatever_the_wish(rtol: float | None) -> None:
    assert derivative(abs, 0.0, rtol=rtol).status == "kink"


def test_mistakes_in_the_function_are_passed_on() -> None:
    with pytest.raises(TypeError):
        derivative(lambda x: x + "a", 1.0)


@pytest.mark.parametrize("options", [{"order": 7}, {"bounds": (2.0, 3.0)}])
def test_calls_that_make_no_sense(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        derivative(math.exp, 1.0, **options)


def test_a_whole_grid_sees_what_a_coarse_wish_does_not() -> None:
    """exp rounded to nine decimals: nine points are enough for three digits, and do not tell that it leaps."""

    def rounded(t: float) -> float:
        return round(math.exp(t), 9)

    coarse, whole = (derivative(rounded, 1.0, rtol=1e-3, whole_grid=k) for k in (False, True))
    assert (coarse.status, whole.status) == ("ok", "noisy")
    assert all(abs(found.value - math.e) <= found.error_bound for found in (coarse, whole))
    smooth = derivative(math.exp, 1.0, rtol=1e-3, whole_grid=True)
    assert smooth.status == "ok"
    assert 17 < smooth.evaluations < derivative(math.exp, 1.0).evaluations + 1
