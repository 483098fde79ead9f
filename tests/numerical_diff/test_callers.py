"""How a function is called, what it may answer, and what is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from calcgrad.errors import UsageError
from calcgrad.numerical_diff import (
    derivative,
    differentiate_samples,
    directional,
    gradient,
    hessian,
    jacobian,
    stencil,
)

X = np.array([0.5, -1.25, 2.0])


def cubes(x: Any) -> Any:
    return np.sum(x**3, axis=-1)


REFUSED: dict[str, Callable[[], Any]] = {
    "E345": lambda: derivative(math.sin, 1.0, order=7),
    "E345 ": lambda: derivative(math.sin, 1.0, order=0),
    "E345  ": lambda: differentiate_samples([0, 1, 2, 3, 4], [0, 1, 2, 3, 4], order=0),
    "E345   ": lambda: directional(cubes, X, X, order=7),
    "E346": lambda: derivative(math.sin, math.inf),
    "E346 ": lambda: derivative(math.sin, math.nan),
    "E346  ": lambda: gradient(cubes, [math.nan, 1.0]),
    "E347": lambda: derivative(math.sin, 1.0, bounds=(2.0, 3.0)),
    "E347 ": lambda: derivative(math.sin, 1.0, bounds=(-2.0, 0.5)),
    "E347  ": lambda: derivative(math.sin, 1.0, bounds=(1.0, 1.0)),
    "E348": lambda: hessian(lambda x: x**2, X),
    "E348 ": lambda: hessian(lambda x: 1j * cubes(x), X),
    "E349": lambda: differentiate_samples([0, 1, 2, 3, 4], [0, 1, 2, 3]),
    "E349 ": lambda: differentiate_samples([[0, 1], [2, 3]], [[0, 1], [2, 3]]),
    "E353": lambda: differentiate_samples([0, 1, 2], [0, 1, 2]),
    "E353 ": lambda: differentiate_samples([0, 1, 2, 3], [0, 1, 2, 3], order=2),
    "E354": lambda: differentiate_samples([0, 1, 2, 3, 4], [0, 1, math.nan, 3, 4]),
    "E354 ": lambda: differentiate_samples([0, 1, 2, 3, math.inf], [0, 1, 2, 3, 4]),
    "E355": lambda: differentiate_samples([0, 1, 1, 3, 4], [0, 1, 2, 3, 4]),
    "E341": lambda: stencil(1, "-200..200"),
    "E341 ": lambda: stencil(1, range(201)),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_is_refused(code: str) -> None:
    with pytest.raises(UsageError) as refused:
        REFUSED[code]()
    assert refused.value.diagnostic.code == code.strip()


def test_what_is_just_allowed() -> None:
    assert derivative(math.exp, 1.0, order=6).value == pytest.approx(math.e, rel=1e-3)
    assert derivative(math.sin, 1.0, bounds=(1.0, 2.0)).value == pytest.approx(math.cos(1.0), rel=1e-9)
    assert derivative(math.sin, 1.0, bounds=(0.5, 1.0)).value == pytest.approx(math.cos(1.0), rel=1e-9)
    assert differentiate_samples([0, 1, 2, 3], [0, 2, 4, 6]).value == pytest.approx([2.0] * 4)


@pytest.mark.parametrize("bounds", [(1.0, 2.0), (0.5, 1.0), (0.9999, 1.0001)])
def test_a_function_is_not_called_outside_of_its_bounds(bounds: tuple[float, float]) -> None:
    asked: list[float] = []

    def f(x: float) -> float:
        asked.append(x)
        return math.exp(x)

    found = derivative(f, 1.0, bounds=bounds)
    assert abs(found.value - math.e) <= found.error_bound <= 1e-6
    assert bounds[0] <= min(asked) <= max(asked) <= bounds[1]
    assert found.evaluations == len(asked)


def _one_by_one(x: Any) -> Any:
    """Takes an array of one alone."""
    if np.size(x) != 1:
        raise ValueError("one at a time")
    return np.vectorize(math.exp)(x)


def test_all_points_in_one_call() -> None:
    calls: list[int] = []

    def f(x: Any) -> Any:
        calls.append(np.size(x))
        return np.vectorize(math.exp)(x)

    plain, stacked = derivative(math.exp, 1.0), derivative(f, 1.0, vectorized=True)
    assert (stacked.value, stacked.error_bound, stacked.evaluations) == (
        plain.value,
        plain.error_bound,
        plain.evaluations,
    )
    assert len(calls) < sum(calls) == plain.evaluations
    assert derivative(_one_by_one, 1.0, vectorized=True).value == plain.value
    constant = derivative(lambda x: 3.0, 1.0, vectorized=True)
    assert (constant.value, constant.status) == (0.0, "ok")


def test_one_point_that_raises_costs_one_point() -> None:
    """Many points in one call, some of them outside: each is asked for alone then."""

    def log(x: Any) -> Any:
        if np.any(np.asarray(x) <= 0):
            raise ValueError("outside")
        return np.log(x)

    for x in (0.01, 0.1, 2.0):
        plain, stacked = derivative(log, x), derivative(log, x, vectorized=True)
        assert stacked.status == plain.status == "ok"
        assert (stacked.value, stacked.error_bound) == (plain.value, plain.error_bound)
        assert abs(stacked.value - 1 / x) <= stacked.error_bound


def test_points_are_given_to_an_executor() -> None:
    with ThreadPoolExecutor(2) as pool:
        found = derivative(math.exp, 1.0, executor=pool)
    plain = derivative(math.exp, 1.0)
    assert (found.value, found.evaluations) == (plain.value, plain.evaluations)


def test_exceptions_are_places_without_a_value_and_are_told() -> None:
    found = derivative(math.log, 0.0)
    assert found.status == "undefined"
    assert found.note is not None
    assert "f has no finite value at the point (ValueError: " in found.note
    assert "f raised ValueError at" in found.note
    with pytest.raises(NameError):
        derivative(lambda x: missing, 1.0)  # type: ignore[name-defined]  # noqa: F821


def test_numbers_of_every_kind() -> None:
    assert derivative(lambda x: [math.sin(x), x * x], 1.0).value == pytest.approx([math.cos(1.0), 2.0])
    assert derivative(lambda x: np.array([[x, 2 * x], [x * x, 1.0]]), 1.5).value == pytest.approx(
        np.array([[1.0, 2.0], [3.0, 0.0]]), abs=1e-12
    )
    found = derivative(lambda x: np.exp(1j * x), 0.5)
    assert found.value == pytest.approx(1j * np.exp(0.5j), rel=1e-12)
    assert derivative(lambda x: int(3 * x), 2.25).status in ("ok", "noisy", "failed")
    assert derivative(lambda x: complex(x * x, 0.0), 1.5).value == pytest.approx(3.0)
    assert derivative(lambda x: 10**400 if x > 0 else -(10**400), 1.0).status == "undefined"
    root = derivative(lambda x: x**0.5, 1e-3)
    assert root.value == pytest.approx(0.5 / math.sqrt(1e-3), rel=1e-9)
    assert derivative(lambda x: np.float32(np.sin(np.float32(x))), 0.75).error_bound > 1e-7


def test_arrays_of_arguments() -> None:
    found = gradient(cubes, X)
    assert np.all(np.abs(found.value - 3 * X**2) <= found.error_bound)
    along = directional(cubes, X, np.array([1.0, 2.0, -1.0]), order=2)
    truth = float(np.sum(6 * X * np.array([1.0, 4.0, 1.0])))
    assert abs(along.value - truth) <= along.error_bound <= 1e-3 * abs(truth)
    curved = hessian(lambda x: x[0] ** 2 * x[1] + np.sin(x[2]), X)
    exact = np.array([[2 * X[1], 2 * X[0], 0], [2 * X[0], 0, 0], [0, 0, -np.sin(X[2])]])
    assert np.all(np.abs(curved.value - exact) <= curved.error_bound + 1e-12)
    assert np.array_equal(curved.value, curved.value.T)
    rows = jacobian(lambda x: np.array([x[0] * x[1], x[2] ** 2]), X)
    exact = np.array([[X[1], X[0], 0], [0, 0, 2 * X[2]]])
    assert np.all(np.abs(rows.value - exact) <= rows.error_bound + 1e-12)


@pytest.mark.parametrize("shape", ["around", "above", "below", "one number"])
def test_arrays_are_not_asked_outside_of_their_bounds(shape: str) -> None:
    low, high = {
        "around": (X - 0.01, X + 0.01),
        "above": (X, X + 1.0),
        "below": (X - 1.0, X),
        "one number": (-2.0, 2.0),
    }[shape]
    asked: list[Any] = []

    def f(x: Any) -> Any:
        asked.append(np.array(x))
        return float(np.sum(np.exp(x)) + x[0] * x[1])

    found = gradient(f, X, bounds=(low, high))
    truth = np.exp(X) + np.array([X[1], X[0], 0.0])
    assert np.all(np.abs(found.value - truth) <= found.error_bound)
    assert np.all(np.array(found.error_bound) <= 1e-6)
    assert np.all(np.array(asked) >= low)
    assert np.all(np.array(asked) <= high)
    asked.clear()
    along = directional(f, X, np.array([1.0, 0.0, -2.0]), bounds=(X - 0.01, X + 0.02))
    assert abs(along.value - (truth[0] - 2.0 * truth[2])) <= along.error_bound <= 1e-6
    assert np.all(np.array(asked) >= X - 0.01)
    assert np.all(np.array(asked) <= X + 0.02)


def test_a_point_outside_of_its_bounds_is_refused() -> None:
    for bounds in ((X + 1.0, X + 2.0), (X - 2.0, X - 1.0), (0.0, 2.0)):
        with pytest.raises(UsageError) as refused:
            gradient(cubes, X, bounds=bounds)
        assert refused.value.diagnostic.code == "E347"


ONLY = "boundary: f has values only on the {}; this is the derivative from there"


@pytest.mark.parametrize(
    ("f", "x", "status", "left", "right", "note"),
    [
        (lambda t: t**0.5 if t >= 0 else -2 * t, 0.0, "kink", -2.0, math.inf, "the slope is -2 on the left and inf on the right"),
        (lambda t: abs(t) ** 0.5, 0.0, "kink", -math.inf, math.inf, "the slope is -inf on the left and inf on the right"),
        (lambda t: math.copysign(abs(t) ** 0.5, t), 0.0, "undefined", math.inf, math.inf, "vertical tangent"),
        (lambda t: math.sqrt(-t) if t <= 0 else math.nan, 0.0, "boundary", -math.inf, None, ONLY.format("left")),
        (lambda t: t * t if t <= 1 else math.nan, 1.0, "boundary", 2.0, None, ONLY.format("left")),
        (lambda t: math.sqrt(t - 1) if t >= 1 else math.nan, 1.0, "boundary", None, math.inf, ONLY.format("right")),
    ],
)  # fmt: skip
def test_one_sided_slopes_are_told(
    f: Any, x: float, status: str, left: float | None, right: float | None, note: str
) -> None:
    found = derivative(f, x)
    assert found.status == status
    for side, wanted in ((found.left, left), (found.right, right)):
        assert side == wanted or side == pytest.approx(wanted, rel=1e-9)
    assert note in (found.note or "")


def test_points_of_a_stencil_that_cannot_be_read() -> None:
    for text, code, words in (
        ("1,two", "E344", "cannot read the points 'two'"),
        ("-100..100", "E341", "may have 200 points, not 201"),
        ("1..201", "E341", "may have 200 points, not 201"),
    ):
        with pytest.raises(UsageError) as refused:
            stencil(1, text)
        assert refused.value.diagnostic.code == code
        assert words in refused.value.diagnostic.message
