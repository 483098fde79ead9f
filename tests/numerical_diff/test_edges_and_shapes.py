"""Edges a hair away, points without value inside of a grid, and arrays of answers and of arguments."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest

from calcgrad.numerical_diff import derivative, directional, gradient, hessian, jacobian
from calcgrad.numerical_diff.arrays import _mixed
from calcgrad.numerical_diff.combine import combined
from calcgrad.numerical_diff.one_sided import NODES, Side, _tables
from calcgrad.numerical_diff.sampling import Function, Line, Samples, exact_step
from calcgrad.numerical_diff.scout import rough_shot, scout
from calcgrad.numerical_diff.shot import CHECK_POINTS, Shot, take_shot
from calcgrad.numerical_diff.touching import Slope, _hull
from calcgrad.report.estimates import Estimate


def _samples(f: Any) -> Samples:
    return Samples(Line(Function(f, max_evaluations=10_000), lambda t: t), 0.0)


@pytest.mark.parametrize("sign", [1, -1])
def test_an_edge_a_hair_away_is_at_x(sign: int) -> None:
    """f stands still by rounding between the edge and as far on the other side, as erfc does at 0."""

    def f(t: float) -> float:
        u = sign * (t - 1.0)
        return math.nan if u > 1e-12 else min(u + 3e-12, 0.0)

    found = derivative(f, 1.0)
    assert found.status == "boundary"
    assert abs(found.value - sign) <= found.error_bound <= 1e-10
    assert (found.left is None) == (sign < 0)
    flat = derivative(lambda t: 3.0 if sign * (t - 1.0) <= 1e-12 else math.nan, 1.0)
    assert (flat.status, flat.value) == ("ok", 0.0)


@pytest.mark.parametrize("share", CHECK_POINTS)
def test_a_check_point_without_value_is_trouble(share: float) -> None:
    h = exact_step(0.0, 1 / 32)
    found = take_shot(_samples(lambda t: math.nan if abs(t - share * h) < 0.1 * h else math.exp(t)), h, 1)
    assert isinstance(found, Shot)
    assert found.kind == "aliased"


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("step", [1 / 8, 1 / 12, 1 / 16, 1 / 24])
@pytest.mark.parametrize("unit", [1.0, 2.0**-30])
def test_nine_points_too_far_apart_are_in_their_bound(order: int, step: float, unit: float) -> None:
    for f, exact in (
        (lambda t: 1.0 / (2.0 - t), (1 / 4, 1 / 4)),
        (lambda t: math.sin(9.0 * t + 1.0), (9 * math.cos(1.0), -81 * math.sin(1.0))),
        (lambda t: math.exp(3.0 * t), (3.0, 9.0)),
        (lambda t: 1.0 / (t * t + 1.5) + t, (1.0, -2 / 1.5**2)),
    ):
        scouted = scout(_samples(lambda t, f=f: unit * f(t)), step, order)
        assert scouted is not None
        assert abs(scouted[0].value - unit * exact[order - 1]) <= scouted[0].bound


@pytest.mark.parametrize("order", [1, 2])
def test_a_flat_piece_is_flat(order: int) -> None:
    """Between its two corners, so near to 0 that the first steps see them."""
    found = derivative(lambda t: max(abs(t) - 1e-3, 0.0) + 1.0, 0.0, order=order)
    assert (found.status, found.value) == ("ok", 0.0)
    assert found.error_bound <= 1e-6


def test_a_derivative_that_is_zero_only_by_scale_is_looked_at_closer() -> None:
    """At a tiny x the slope of t² is beside the slopes of the grid like nothing, and is not nothing."""
    for x in (1e-3, 1e-6, 1e-9):
        for f, true in (
            (lambda t: t * t, 2.0 * x),
            (lambda t: math.cos(t) - 1.0, -math.sin(x)),
            (lambda t: t**4 + t * t, 2 * x + 4 * x**3),
        ):
            found = derivative(f, x)
            assert abs(found.value - true) <= found.error_bound <= 0.02 * abs(true)


def _side(sign: int, slope: float, bound: float, width: float) -> Side:
    line = (slope * width / 2 * sign, slope * width / 2 * sign, *[0.0] * (NODES - 2))
    return Side(sign, width, (0.0, slope), (1e-15, bound), 1e-17, True, line)


def test_the_hull_of_two_slopes() -> None:
    found = _hull(_side(-1, 1.0, 1e-9, 0.5), _side(1, 1.0 + 1e-9, 1e-10, 0.25))
    assert isinstance(found, Slope)
    assert found.value == 1.0 + 1e-9
    assert found.bound == pytest.approx(1e-10 + 1e-9, rel=1e-6)
    assert found.width == 0.25
    assert _hull(_side(-1, 1.0, 1e-9, 0.5), _side(1, 2.0, 1e-10, 0.25)) is None


def test_a_function_is_given_arrays_of_the_shape_of_its_argument() -> None:
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    seen: set[tuple[int, ...]] = set()

    def f(v: Any) -> float:
        seen.add(v.shape)
        return float(np.sum(v**2))

    along = directional(f, x, np.ones((2, 3)))
    assert abs(along.value - 42.0) <= along.error_bound
    around = gradient(f, x, bounds=(0.0, 10.0))
    assert np.all(np.abs(around.value - 2 * x) <= around.error_bound)
    bent = hessian(f, x[:, :1])
    assert bent.value.shape == (2, 1, 2, 1)
    assert seen == {(2, 3), (2, 1)}


def test_a_step_to_begin_with_is_taken() -> None:
    def f(v: Any) -> float:
        return math.sin(1e5 * v[0])

    free, told = gradient(f, [0.7]), gradient(f, [0.7], step=1e-6)
    true = 1e5 * math.cos(7e4)
    assert abs(told.value[0] - true) <= told.error_bound[0]
    assert told.evaluations < 0.5 * free.evaluations


@pytest.mark.parametrize(("g", "status"), [
    (lambda t: float(t > 0), "jump"), (abs, "kink"), (lambda t: math.copysign(math.sqrt(abs(t)), t), "undefined"),
    (lambda t: t if t >= 0 else math.nan, "boundary"), (lambda t: t * t, "ok"), (lambda t: round(t, 3), "noisy"),
])  # fmt: skip
def test_the_gravest_entry_stands_for_all(g: Any, status: str) -> None:
    found = jacobian(lambda v: np.array([math.sin(v[0]), g(v[0] - 0.5)]), [0.5])
    assert found.status == status
    sided = status in ("jump", "kink", "undefined", "boundary")
    assert (found.left is not None or found.right is not None) == sided
    assert found.value[0, 0] == pytest.approx(math.cos(0.5), rel=1e-9)
    if status != "ok":
        assert found.note is not None
        assert found.note.endswith("(at [1, 0])")


def test_numpy_does_not_warn_of_points_that_are_asked_on_purpose() -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = derivative(np.log, 1e-3)
    assert not told
    assert abs(found.value - 1e3) <= found.error_bound <= 1e-7


def test_the_points_of_a_side_are_chebyshevs() -> None:
    points, polynomials = _tables.__wrapped__()
    assert points == pytest.approx(np.polynomial.chebyshev.chebpts1(NODES)[::-1], abs=1e-15)
    for k, row in enumerate(polynomials):
        assert row == pytest.approx(np.polynomial.Chebyshev.basis(k)(np.array(points)), abs=1e-13)


def test_bounds_of_what_is_put_together() -> None:
    both = combined([Estimate(1.0, 0.3), Estimate(2.0, 0.4)], (), True)
    assert (both.value, both.error_bound) == (1.0 + 2.0j, 0.5)
    mixed = _mixed(Estimate(10.0, 0.1), Estimate(1.0, 0.01), Estimate(2.0, 0.02), 2.0, 4.0)
    assert mixed.value == (10.0 - 4.0 - 32.0) / 16.0
    assert mixed.error_bound == pytest.approx((0.1 + 0.04 + 0.32) / 16.0)
    f = _samples(lambda t: 1.0)
    assert rough_shot(f, 0.125, 0.25, (1.0, 0.5)).bound == pytest.approx(
        0.25 + 8.0 * 2.0**-54 / 0.125, rel=1e-15
    )


def test_the_value_at_the_point_is_asked_for_once() -> None:
    asked: list[tuple[float, ...]] = []

    def f(v: Any) -> float:
        asked.append(tuple(v))
        return float(np.exp(v[0]) + v[1] ** 3)

    found = gradient(f, [0.5, 2.0])
    assert asked.count((0.5, 2.0)) == 1
    assert found.evaluations == len(asked)
    assert 0.0 <= found.seconds < 60.0
    assert 0.0 <= derivative(math.sin, 1.0).seconds < 60.0


@pytest.mark.parametrize(("f", "note"), [
    (lambda t: math.nan, "f has no finite value at the point"),
    (lambda t: 1.0 if t == 1.0 else math.nan, "f has no finite value beside the point"),
    (lambda t: t if t > 1.0 else math.nan, "f has no finite value at the point"),
    (lambda t: t if t < 1.0 else math.nan, "f has no finite value at the point"),
])  # fmt: skip
def test_a_point_without_value_is_told(f: Any, note: str) -> None:
    found = derivative(f, 1.0)
    assert found.status == "undefined"
    assert math.isnan(found.value)
    assert found.note == note
