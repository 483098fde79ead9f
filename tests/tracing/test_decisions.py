"""A value found by comparisons has no derivative in its code, which is said; elsewhere nothing is said.

Truth is the derivative of the implicit function, in closed form.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad import DecisionWarning, grad


def root_by_bisection(x: Any) -> Any:
    low, high = 0.0, 2.0
    while high - low > 1e-12:
        middle = 0.5 * (low + high)
        if middle * middle < x:
            low = middle
        else:
            high = middle
    return low + 0.1 * x


def kepler(mean: Any, e: float = 0.3) -> Any:
    """Its derivative is 1/(1 - e cos E), and that of its code is 1."""
    a, b = mean - 1.0, mean + 1.0
    for _ in range(60):
        middle = (a + b) / 2
        low = middle - e * np.sin(middle) < mean
        a, b = np.where(low, middle, a), np.where(low, b, middle)
    return np.sum((a + b) / 2)


def in_place(mean: Any) -> Any:
    sides = np.zeros(2)
    sides[0], sides[1] = mean[0] - 1.0, mean[0] + 1.0
    for _ in range(60):
        middle = (sides[0] + sides[1]) / 2
        sides[0 if middle - 0.3 * np.sin(middle) < mean[0] else 1] = middle
    return sides[0] * mean[1]


LOST: list[tuple[Callable[..., Any], Any]] = [
    (root_by_bisection, 1.3),
    (kepler, 1.3),
    (kepler, np.array([1.3, 0.4])),
    (in_place, np.array([1.3, 2.0])),
]
WAYS = [grad, calcgrad.jacfwd, calcgrad.jacobian, lambda f: lambda x: calcgrad.jvp(f, (x,), (x,))]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("f", "x"), LOST)
def test_it_is_said(f: Callable[..., Any], x: Any, way: Callable[..., Any]) -> None:
    fresh = _fresh(f)
    with pytest.warns(DecisionWarning, match="by comparisons") as caught:
        way(fresh)(x)
    assert caught[0].filename == __file__
    way(fresh)(x)  # and once only


def test_the_figures_are_those_of_the_direction() -> None:
    with pytest.warns(DecisionWarning) as caught:
        grad(_fresh(kepler))(1.3)
    words = re.match(r"kepler moves by (\S+) along .* its code is (\S+):", str(caught[0].message))
    assert words
    measured, derived = map(float, words.groups())
    root = kepler(1.3)
    assert measured / derived == pytest.approx(1 / (1 - 0.3 * np.cos(root)), rel=1e-5)


def _fresh(f: Any) -> Any:
    """The function with code that was not met before."""
    return type(f)(f.__code__.replace(), f.__globals__, f.__name__, f.__defaults__, f.__closure__)


def newton(x: Any) -> Any:
    r = 1.0
    while abs(r * r - x) > 1e-13:
        r = 0.5 * (r + x / r)
    return r


def straight_through(x: Any) -> Any:
    return np.sum(x + calcgrad.stop_gradient(np.where(x > 0, 1.0, -1.0) - x))


def sorted_by_hand(x: Any) -> Any:
    y = x.copy()
    for i in range(len(y)):
        for j in range(len(y) - 1 - i):
            if y[j] > y[j + 1]:
                y[j], y[j + 1] = y[j + 1], y[j]
    return y @ np.arange(1.0, len(y) + 1)


def steep(x: Any) -> Any:
    return 1e6 * x if x > 0 else 1e-6 * x


def tanh_of_noise(x: Any) -> Any:
    return np.sum(np.where(x > 0, 1.0, 0.0)) + 1e-9 * x[0]


QUIET: list[tuple[Callable[..., Any], Any]] = [
    (newton, 2.0),
    (lambda x: np.sum(np.where(x > 0, x, 0.0)), np.array([1.0, 0.0, -1.0])),
    (lambda x: np.sum(np.where(x > 0, x, 0.0)), np.array([1e-9, -1e-9, 1e-12])),
    (straight_through, np.array([0.3, -0.2])),
    (sorted_by_hand, np.array([2.0, 1.0, 3.0, 1.5])),
    (steep, 0.0),
    (steep, 1e-12),
    (tanh_of_noise, np.array([0.1, 0.2])),
    (lambda x: x * 1e-300 if x > 0 else x, 1.0),
    (lambda x: np.exp(200 * x) if x > 0 else x, 3.0),
    (lambda x: np.sin(1e7 * x) if x > 0 else x, 3.0),
    (lambda x: np.inf * x if x > 0 else x, 3.0),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("f", "x"), QUIET)
def test_nothing_is_said(f: Callable[..., Any], x: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", DecisionWarning)
        grad(_fresh(f))(x)


def test_what_is_trusted_is_not_looked_at() -> None:
    with warnings.catch_warnings(), calcgrad.trusted():
        warnings.simplefilter("error")
        assert grad(_fresh(kepler))(1.3) == 1.0


def test_without_comparisons_nothing_is_run_again() -> None:
    calls: list[Any] = []
    grad(lambda x: calls.append(0) or x * x)(2.0)
    assert len(calls) == 2


def test_diff_and_check_say_it() -> None:
    report = calcgrad.diff(root_by_bisection, at=1.3)
    assert report.points[0].verdict == "disagree"
    found = calcgrad.check_grad(root_by_bisection, lambda x: 0.5 / x**0.5 + 0.1, 1.3)
    assert found.verdict == "inconclusive"
    assert found.cause == "witnesses-disagree"
