"""Where the gradient is 0 a wrong formula has the right value: a point nearby is looked at, traced or not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from tests.checking.one import check_gradient

TARGET = np.array([[2.0, -1.0, 0.5], [0.0, 3.0, 1.0], [1.0, 1.0, -2.0], [0.3, 0.2, 4.0]])
BEST = np.array([1.0, -2.0, 0.5])
DATA = TARGET @ BEST


def square(w: Any) -> Any:
    return float(w @ w)


def saddle(w: Any) -> Any:
    return w[0] * w[1] - w[2] ** 2


def fit(w: Any) -> Any:
    return float(np.sum((TARGET @ w - DATA) ** 2))


def even(w: Any) -> Any:
    return np.sum(np.cos(w)) + np.cosh(w[0] - w[1])


def even_slope(w: Any) -> Any:
    d = np.sinh(w[0] - w[1])
    return -np.sin(w) + np.array([d, -d, 0.0])


#: A loss, the slope, a point at which all of it is 0.
ALL = {
    "a minimum": (square, lambda w: 2 * w, np.zeros(3)),
    "a saddle": (saddle, lambda w: np.array([w[1], w[0], -2 * w[2]]), np.zeros(3)),
    "a fit": (fit, lambda w: 2 * TARGET.T @ (TARGET @ w - DATA), BEST),
    "a symmetric point": (even, even_slope, np.zeros(3)),
    "a symmetric point that is no double": (even, even_slope, np.full(3, np.pi)),
    "many entries": (square, lambda w: 2 * w, np.zeros(20)),
}


@pytest.mark.parametrize("traced", [True, False])
@pytest.mark.parametrize("factor", [0.5, 0.0, -1.0, 1.001])
@pytest.mark.parametrize("name", ALL)
def test_a_wrong_claim_where_the_gradient_is_0(name: str, factor: float, traced: bool) -> None:
    f, g, x = ALL[name]
    options = Options(trace=traced, diagnose=False)
    right = check_gradient(f, g, {"w": x}, options)
    assert right.verdict == "right"
    assert any("too small to tell from 0" in note for note in right.notes)
    wrong = check_gradient(f, lambda w: factor * g(w), {"w": x}, options)
    assert wrong.verdict == "wrong"
    assert any("entries are of that point" in note for note in wrong.notes)


@pytest.mark.parametrize("traced", [True, False])
@pytest.mark.parametrize("n", [3, 12])
def test_a_wrong_entry_that_is_0_here(n: int, traced: bool) -> None:
    """The penalty of a parameter that is 0 has the slope 0, with the wrong factor too."""
    x = np.linspace(-1.0, 1.0, n)
    x[1] = 0.0

    def wrong(w: Any) -> Any:
        found = 2 * w
        found[1] *= 1.5
        return found

    options = Options(trace=traced, diagnose=False)
    right = check_gradient(square, lambda w: 2 * w, {"w": x}, options)
    count = int(np.sum(x == 0.0))
    assert right.verdict == "right"
    assert any(f"{count} of {n} entries" in note for note in right.notes)
    report = check_gradient(square, wrong, {"w": x}, options)
    assert report.verdict == "wrong"
    assert [entry.index for entry in report.wrong] == [(1,)]


def test_the_look_nearby_has_what_is_left_of_the_budget() -> None:
    opaque = Options(trace=False, max_evaluations=50, diagnose=False)
    report = check_gradient(square, lambda w: 2 * w, {"w": np.zeros(12)}, opaque)
    assert report.evaluations <= 50


def test_an_input_that_is_not_used_is_0_nearby_too() -> None:
    def loss(w: Any) -> Any:
        return float(np.sum(w[:2] ** 2))

    report = check_gradient(loss, lambda w: np.array([2 * w[0], 2 * w[1], 0.0]), {"w": np.ones(3)})
    assert report.verdict == "right"


SLOPES = 2.0 * np.diag([1.0, -1.0, 0.5])

#: Outputs whose Jacobian is 0 at 0, and the product with it that each kind of claim gives.
PRODUCTS: dict[str, tuple[Any, Any]] = {
    "jvp": (lambda w: SLOPES @ w**2 / 2, lambda w, v: SLOPES @ (w * v)),
    "vjp": (lambda w: SLOPES @ w**2 / 2, lambda w, u: (u @ SLOPES) * w),
    "jacobian": (lambda w: SLOPES @ w**2 / 2, lambda w: SLOPES * w),
    "hvp": (lambda w: np.sum(SLOPES @ w**4), lambda w, v: 12 * np.diag(SLOPES) * w**2 * v),
}


@pytest.mark.parametrize("kind", PRODUCTS)
def test_a_product_that_is_0_here(kind: Any) -> None:
    f, claim = PRODUCTS[kind]
    for factor, verdict in ((1.0, "right"), (0.5, "wrong"), (-1.0, "wrong")):
        made = Claim(lambda w, *v, factor=factor: factor * claim(w, *v), kind)
        report = check_subject(Subject(f, (made,), {"w": np.zeros(3)}), Options(diagnose=False))
        assert report.verdict == verdict
        told = "too small to tell from 0" if factor == 1.0 else "entries are of that point"
        assert any(told in note for note in report.notes)


def test_slopes_that_values_hide_and_reverse_mode_sees_are_not_0() -> None:
    report = check_gradient(
        lambda w: 1e9 + 1e-9 * np.sum(np.sin(w)),
        lambda w: 1e-9 * np.cos(w),
        {"w": np.linspace(-1.0, 1.0, 12)},
    )
    assert report.verdict == "right"
    assert not any("nearby" in note for note in report.notes)
