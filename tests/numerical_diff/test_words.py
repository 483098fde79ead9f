"""What is said of a derivative: the words, the statuses, and the numbers beside the value."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calcgrad.errors import UsageError
from calcgrad.numerical_diff import derivative, differentiate_samples, directional, gradient, stencil
from calcgrad.numerical_diff.grain import leap


def test_single_precision_is_told_by_the_values_alone() -> None:
    told = " (its values are single precision)"
    for unit in (1.0, 3e5, 1e-20):
        note = derivative(lambda t, u=unit: float(np.float32(u * math.sin(t))), 0.75).note
        assert note is not None
        assert told in note
    for other in (
        lambda t: float(np.float16(math.sin(t))),
        lambda t: round(math.sin(t) * 2**28) / 2**28,
        lambda t: round(math.sin(t), 7),
    ):
        note = derivative(other, 0.75).note
        assert note is not None
        assert told not in note


def test_rounding_that_hides_a_derivative_is_told() -> None:
    for large, status in ((1e10, "ok"), (1e13, "noisy"), (1e14, "noisy")):
        found = derivative(lambda t, c=large: c + math.sin(t), 0.0)
        assert found.status == status
        assert abs(found.value - 1.0) <= found.error_bound
        if status == "noisy":
            assert found.note is not None
            assert found.note.startswith("rounding hides the derivative: it is within ± ")


@pytest.mark.parametrize("slopes", [(-2.5, 0.5), (0.0, 3.0), (-1.0, 0.0)])
def test_the_slopes_of_a_kink_stand_in_its_note(slopes: tuple[float, float]) -> None:
    found = derivative(lambda t: slopes[t > 0.75] * (t - 0.75), 0.75)
    assert found.status == "kink"
    assert found.note is not None
    told = re.findall(r"-?[0-9.]+(?:e-?[0-9]+)?", found.note)
    assert [float(each) for each in told[:2]] == pytest.approx(slopes, abs=1e-9)
    assert (found.left, found.right) == pytest.approx(slopes, abs=1e-9)


def test_the_first_estimates_have_a_level_of_noise() -> None:
    found = derivative(math.sin, 1.0, max_evaluations=5)
    assert found.status == "budget"
    assert found.noise == pytest.approx(2.0**-54 * math.sin(1.0 + found.step), rel=0.5)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("unit", [2.0**12, 2.0**-12, -8.0])
def test_directions_in_other_units(unit: float, order: int) -> None:
    """The same points of the same line."""

    def f(v: Any) -> float:
        return float(np.sin(v[0] * v[1]) + np.exp(v[1]))

    plain = directional(f, [3.0, 0.5], [1.0, -0.5], order=order)
    other = directional(f, [3.0, 0.5], [unit, -0.5 * unit], order=order)
    assert other.value == pytest.approx(unit**order * plain.value, rel=1e-9)
    assert other.error_bound <= 2.0 * abs(unit) ** order * plain.error_bound
    assert other.evaluations == plain.evaluations


def test_numbers_that_become_complex_do_not_make_the_function_complex() -> None:
    root = derivative(lambda x: x**0.5, 1e-3)
    assert isinstance(root.value, float)
    assert root.value == pytest.approx(0.5 / math.sqrt(1e-3), rel=1e-9)


@pytest.mark.parametrize("dtype", [np.complex64, np.complex128, complex])
def test_complex_numbers_of_every_format(dtype: Any) -> None:
    """The imaginary part of complex64, which is no complex number to Python, was once left out."""
    found = derivative(lambda t: dtype(complex(math.cos(t), math.sin(t))), 0.75)
    assert isinstance(found.value, complex)
    assert abs(found.value - complex(-math.sin(0.75), math.cos(0.75))) <= found.error_bound <= 1e-4


def test_a_complex_function_may_answer_real_numbers() -> None:
    for at_x in (complex(1.0, 0.0), 1.0 + 2.0j):
        found = derivative(lambda t, c=at_x: c if t == 1.0 else (t * t if c == 1.0 else t * t + 2.0j), 1.0)
        assert abs(found.value - 2.0) <= found.error_bound <= 1e-12
        assert isinstance(found.value, complex)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(("f", "truth", "most"), [
    (math.exp, (1.0, 1.0), (1e-12, 1e-9)), (lambda t: t + t**1.5, (1.0, None), (1e-12, 0.0)),
    (lambda t: t * t + t**2.5, (0.0, 2.0), (1e-4, 0.1)),
])  # fmt: skip
def test_at_an_edge_a_side_is_known_with_its_noise(
    f: Callable[[float], float], truth: tuple[float | None, ...], most: tuple[float, ...], order: int
) -> None:
    found = derivative(lambda t: f(t) if t >= 0 else math.nan, 0.0, order=order)
    assert found.status == "boundary"
    assert found.noise is not None
    true = truth[order - 1]
    if true is not None:
        assert abs(found.value - true) <= 2.0 * found.error_bound <= 2.0 * most[order - 1]
        assert found.right == found.value
    assert found.left is None


BUDGETED: dict[str, tuple[Callable[[float], float], float | None]] = {
    "smooth": (math.exp, math.exp(0.75)),
    "seam": (lambda t: math.exp(t) + max(t - 0.75, 0.0) ** 2, math.exp(0.75)),
    "kink": (lambda t: abs(t - 0.75), None),
    "near": (lambda t: abs(t - 0.751), -1.0),
    "edge": (lambda t: math.sqrt(t - 0.749), 0.5 / math.sqrt(0.75 - 0.749)),
}


@pytest.mark.parametrize("name", BUDGETED)
def test_whatever_the_budget_the_bound_holds(name: str) -> None:
    f, truth = BUDGETED[name]
    free = derivative(f, 0.75)
    for budget in (*range(1, 40), *range(41, 200, 9)):
        found = derivative(f, 0.75, max_evaluations=budget)
        assert found.evaluations <= budget
        if found.status == "budget":
            assert found.note is not None
            assert found.note.startswith((f"the best within {budget} ev", f"no estimate within {budget} ev"))
        elif budget >= free.evaluations:
            assert (found.status, found.evaluations) == (free.status, free.evaluations)
        if truth is not None and (
            found.status == "ok" or (name in ("smooth", "edge") and math.isfinite(found.value))
        ):
            assert abs(found.value - truth) <= 1.01 * found.error_bound, (budget, found)


@pytest.mark.parametrize("place", [0.0123, 0.31, 0.5, 0.777])
@pytest.mark.parametrize("size", [1.0, 1e-3, 1e-6])
@pytest.mark.parametrize("trend", [0.0, 1.0, -2.0])
def test_the_size_of_a_leap(place: float, size: float, trend: float) -> None:
    def f(t: float) -> float:
        return size * (0.1 * trend * math.exp(t) + (t > place))

    assert leap(f, 0.0, 1.0, 1e-9, 1e-15) == pytest.approx(size, rel=0.1)
    assert leap(lambda t: size * (trend * math.exp(2.0 * t) + abs(t - place)), 0.0, 1.0, 1e-9, 1e-15) == 0.0


@pytest.mark.parametrize("bend", [1.0, -1.0, 0.3])
@pytest.mark.parametrize("size", [0.3, 0.1, 0.05, 0.02])
def test_a_leap_on_a_parabola(bend: float, size: float) -> None:
    """What a parabola bends is taken away before it is asked in which part the leap is."""
    for k in range(10):
        place = 0.05 + 0.1 * k
        found = leap(lambda t, p=place: bend * t * t + size * (t > p), 0.0, 1.0, 1e-9, 1e-15)
        assert found == pytest.approx(size, rel=1e-3)


@pytest.mark.parametrize("place", [0.0123, 0.31, 0.777])
def test_poles_are_no_leaps(place: float) -> None:
    for pole in (
        lambda t: 1.0 / (t - place),
        lambda t: math.log(abs(t - place)),
        lambda t: abs(t - place) ** -0.5,
    ):
        assert leap(pole, 0.0, 1.0, 1e-9, 1e-15) == 0.0


@pytest.mark.parametrize("x", [0.25, 1 / 3, 0.5, 2.0])
def test_a_staircase_within_bounds_has_a_trend(x: float) -> None:
    found = derivative(lambda t: round(math.exp(t), 3), x, bounds=(x - 0.1, x + 0.2))
    assert found.status == "noisy"
    assert abs(found.value - math.exp(x)) <= found.error_bound <= 0.2


@pytest.mark.parametrize("x", [0.5, 0.01, 0.02])
def test_a_leap_at_x_is_told_where_the_trend_is_hardly_known(x: float) -> None:
    found = derivative(lambda t: math.floor(100 * t) / 100, x, bounds=(x - 0.3, x + 0.3))
    assert found.status == "jump"
    assert (found.left, found.right) == pytest.approx((x - 0.01, x), abs=1e-15)


def test_two_sides_that_agree_are_an_answer_when_the_budget_ends() -> None:
    found = derivative(lambda t: math.exp(t) + max(t - 0.75, 0.0) ** 2, 0.75, max_evaluations=150)
    assert abs(found.value - math.exp(0.75)) <= found.error_bound <= 1e-11


# Measured data


def _measured(count: int = 60) -> tuple[Any, Any]:
    source = np.random.default_rng(11)
    t = np.sort(source.uniform(0.0, 4.0, count))
    return t, np.sin(t) + 0.02 * source.normal(size=count)


@pytest.mark.parametrize("order", [1, 2])
def test_samples_in_other_units(order: int) -> None:
    t, y = _measured()
    plain = differentiate_samples(t, y, order)
    other = differentiate_samples(8.0 * t, -0.25 * y, order)
    scale = -0.25 / 8.0**order
    np.testing.assert_allclose(other.value, scale * plain.value, rtol=1e-9)
    np.testing.assert_allclose(other.band, abs(scale) * plain.band, rtol=1e-9)
    np.testing.assert_array_equal(other.window, plain.window)
    assert other.noise == pytest.approx(0.25 * plain.noise, rel=1e-9)


@pytest.mark.parametrize("order", [1, 2])
def test_samples_in_a_mirror(order: int) -> None:
    t, y = _measured()
    plain, mirrored = differentiate_samples(t, y, order), differentiate_samples(-t[::-1], y[::-1], order)
    np.testing.assert_allclose(mirrored.value[::-1], (-1.0) ** order * plain.value, rtol=1e-7)
    np.testing.assert_allclose(mirrored.band[::-1], plain.band, rtol=1e-7)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_samples_of_a_polynomial_are_exact(order: int) -> None:
    """A local polynomial one degree above the order is exact on polynomials of that degree, and on their tangents."""
    t = np.array([0.0, 0.4, 0.9, 1.1, 1.6, 2.2, 2.5, 3.0, 3.1, 3.7, 4.0])
    poly = np.polynomial.Polynomial([1.0, -2.0, 0.5, 0.25, 0.125][: order + 2])
    found = differentiate_samples(t, poly(t), order, noise=0.0)
    np.testing.assert_allclose(found.value, poly.deriv(order)(t), rtol=1e-7, atol=1e-9)
    assert np.all(np.abs(found.value - poly.deriv(order)(t)) <= found.band)
    assert np.all(found.band <= 1e-7)


def test_a_given_level_of_noise_is_believed() -> None:
    t, y = _measured()
    quiet, loud = differentiate_samples(t, y, noise=1e-3), differentiate_samples(t, y, noise=0.5)
    assert (quiet.noise, loud.noise) == (1e-3, 0.5)
    assert np.all(loud.band > quiet.band)
    assert differentiate_samples(t, y).noise == pytest.approx(0.02, rel=0.4)
    assert differentiate_samples([0, 1, 2, 3, 4], [0, 1, 0, 1, 0]).noise <= 1e-14  # too few to tell


# Hints


@pytest.mark.parametrize("order", range(1, 8))
def test_the_hint_for_more_points_works(order: int) -> None:
    with pytest.raises(UsageError) as refused:
        stencil(order, "0")
    (hint,) = refused.value.diagnostic.hints
    made = stencil(order, hint.removeprefix("try --points "))
    assert made.offsets == tuple(-o for o in reversed(made.offsets))
    assert len(made.offsets) <= order + 2


def test_a_flat_entry_teaches_no_step() -> None:
    """The first entry of this gradient is 0 whatever the step: the second is not tried with what that says."""
    found = gradient(
        lambda v: 0.0 * v[0] + math.sin(40.0 * v[1]) + math.sin(40.0 * v[2]), [1.0, 0.3, 0.31], rtol=1e-8
    )
    truth = [0.0, 40.0 * math.cos(12.0), 40.0 * math.cos(12.4)]
    assert np.all(np.abs(found.value - truth) <= found.error_bound)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_slopes_of_half_a_vertical_tangent_stand_in_its_note(sign: int) -> None:
    """A root on one side, a line on the other: in whatever order."""
    found = derivative(lambda t: math.sqrt(sign * t) if sign * t > 0 else -3.0 * t, 0.0)
    assert found.status == "kink"
    infinite = "inf" if sign > 0 else "-inf"
    left, right = ("-3", infinite) if sign > 0 else (infinite, "-3")
    assert found.note == f"kink: the slope is {left} on the left and {right} on the right"
    assert [float(left), float(right)] == pytest.approx([found.left, found.right])


def test_an_edge_at_which_nothing_settles_has_no_slope() -> None:
    found = derivative(lambda t: math.sin(1.0 / t) if t > 0 else (0.0 if t == 0 else math.nan), 0.0)
    assert found.status == "boundary"
    assert math.isnan(found.value)
    assert found.error_bound == math.inf


def test_a_flat_piece_is_not_on_an_edge_that_is_not_close_by() -> None:
    """Flat for a unit to the left, then bent; no value from a tenth to the right."""

    def f(t: float) -> float:
        return math.nan if t > 0.1 else min(t + 1.0, 0.0) ** 2

    found = derivative(f, 0.0)
    assert (found.status, found.value) == ("ok", 0.0)


@pytest.mark.parametrize("rtol", [None, 1e-6])
def test_a_function_of_many_points_is_called_with_many_points(rtol: float | None) -> None:
    calls: list[int] = []

    def f(points: Any) -> Any:
        calls.append(points.shape[0])
        assert points.ndim == 2
        return np.sum(points**3, axis=1)

    x = np.linspace(0.5, 2.0, 5)
    found = gradient(f, x, rtol=rtol, vectorized=True)
    assert np.all(np.abs(found.value - 3 * x**2) <= found.error_bound)
    assert sum(calls) == found.evaluations
    assert len(calls) < found.evaluations / 2


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("first", [1, 2, 3])
def test_the_derivative_that_breaks_is_named(order: int, first: int) -> None:
    """t^k to the right of 0 alone: derivative k is the first that breaks, and those before do not."""
    found = derivative(lambda t: math.sin(t) + (2.0 * t**first if t > 0 else 0.0), 0.0, order=order)
    if order < first:
        assert found.status != "kink"
        return
    assert (found.status, found.note is None) == ("kink", False)
    assert str(found.note).startswith(f"kink: the {'slope' if order == 1 else f'derivative {order}'} is ")
    assert str(found.note).endswith(f"; already derivative {first} breaks") is (first < order)
