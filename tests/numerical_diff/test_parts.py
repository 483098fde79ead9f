"""The parts of the adaptive derivative, each held to what its docstring promises: exact where it is exact, and in its bound."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import mpmath
import numpy as np
import pytest

from calcgrad.numerical_diff import (
    derivative,
    grain,
    one_sided,
    outlook,
    second_look,
    shot,
    stencil,
    touching,
)
from calcgrad.numerical_diff.adaptive import Search
from calcgrad.numerical_diff.breaks import Break, beside_edge, clean_side, judge, judge_edge, room, steps_at
from calcgrad.numerical_diff.learned import Lesson, trial
from calcgrad.numerical_diff.noise import difference_table
from calcgrad.numerical_diff.one_sided import NODES, Side, fit_side, secant_side, steepens
from calcgrad.numerical_diff.sampling import Function, Line, Samples, exact_step
from calcgrad.numerical_diff.scout import resolves, scout
from calcgrad.numerical_diff.shot import HALF, Shot, normalized, scaled, take_shot
from calcgrad.numerical_diff.stencils import symmetric_weights
from calcgrad.numerical_diff.touching import Slope, contact, one_slope

Plain = Callable[[float], float]
SIDES = (-1, 1)


def samples(f: Plain, x: float = 0.0, lower: float = -math.inf, upper: float = math.inf) -> Samples:
    return Samples(Line(Function(f, max_evaluations=10_000), lambda t: x + t), x, lower, upper)


# Steps and units


@pytest.mark.parametrize("x", [0.0, 1.0, -3.7, 123456.789, 1e10, 1e-10])
@pytest.mark.parametrize("share", [0.3, 0.0123, 1e-5, 3e-9])
def test_points_of_a_grid_are_doubles(x: float, share: float) -> None:
    step = share * (abs(x) or 1.0)
    h = exact_step(x, step)
    assert (Fraction(h) / Fraction(math.ulp(abs(x) + 8 * step))).denominator == 1 or x == 0.0
    near = [j for j in range(-8, 9) if math.ulp(x + j * h) <= math.ulp(x)]
    assert all(Fraction(x) + j * Fraction(h) == Fraction(x + j * h) for j in near)
    assert step / 2.0 < h <= step
    assert math.frexp(h)[0] == 181 / 256
    for e in (-40, 3):
        assert exact_step(math.ldexp(x, e), math.ldexp(step, e)) == math.ldexp(h, e)


@pytest.mark.parametrize("ulps", [1.0, 3.0, 100.0, 180.0, 181.0])
def test_a_step_of_few_units_is_a_number_of_them(ulps: float) -> None:
    assert exact_step(1.3, ulps * math.ulp(1.3)) == ulps * math.ulp(1.3)


@pytest.mark.parametrize(("number", "exponent", "step", "order"), [
    (3.0, 5, 0.7, 2), (-1.5, -1000, 1e-300, 1), (0.75, 600, 1e120, 3), (2.0, -600, 3e-100, 2), (-0.3, 0, 5.0, 6)
])  # fmt: skip
def test_quotients_by_powers_of_a_step(number: float, exponent: int, step: float, order: int) -> None:
    exact = Fraction(number) * Fraction(2) ** exponent / Fraction(step) ** order
    assert scaled(number, exponent, step, order) == pytest.approx(float(exact), rel=4e-16)
    assert scaled(math.copysign(1.0, number), 1000, 1e-300, order) == math.copysign(math.inf, number)


def test_values_are_brought_to_one() -> None:
    for values in ([3.0, -0.1], [1e-300, 0.0, -5e-301], [-7e200, 1.0], [0.5], [1.0]):
        found, exponent = normalized(values)
        assert [math.ldexp(v, exponent) for v in found] == values
        assert 0.5 <= max(map(abs, found)) < 1.0


# Interpolation


def _exact_weights(nodes: list[int], target: Fraction) -> list[Fraction]:
    return [math.prod([(target - m) / (n - m) for m in nodes if m != n], start=Fraction(1)) for n in nodes]


@pytest.mark.parametrize("target", [*shot.CHECK_POINTS, 0.5, -7.25])
def test_weights_of_the_check_points(target: float) -> None:
    exact = _exact_weights(list(range(-HALF, HALF + 1)), Fraction(target))
    weights, norm = shot._interpolation_weights(target)
    assert weights == pytest.approx([float(w) for w in exact], rel=1e-13)
    assert norm == pytest.approx(math.sqrt(1 + sum(w * w for w in exact)), rel=1e-13)


@pytest.mark.parametrize("target", [16.0, -16.0, 9.5])
def test_weights_beyond_the_grid(target: float) -> None:
    for pairs in outlook._PAIRS:
        nodes = (0, *pairs, *(-n for n in pairs))
        exact = _exact_weights(list(nodes), Fraction(target))
        weights, norm = outlook._weights(nodes, target)
        assert weights == pytest.approx([float(w) for w in exact], rel=1e-12)
        assert norm == pytest.approx(math.sqrt(1 + sum(w * w for w in exact)), rel=1e-12)


def test_what_is_foretold_beyond_the_grid() -> None:
    """The fewest pairs make a polynomial of degree 8: where f is one, the error is that of rounding."""
    poly = np.polynomial.Chebyshev.basis(8, domain=[-20.0, 20.0])
    seen = samples(lambda t: float(poly(t)))
    found = take_shot(seen, 1.0, 1)
    assert isinstance(found, Shot)
    for target in (16.0, -16.0, 11.5):
        value, error = outlook._foretold(seen, replace(found, noise=found.floor), target)
        assert abs(value - float(poly(target))) <= error <= 1e-8
    for pairs in outlook._PAIRS:
        assert sorted({*pairs}) == list(pairs)
        assert pairs[-1] == HALF


# The table of differences


def test_levels_are_those_of_more_and_wild() -> None:
    """(k!)² / (2k)! of the mean of the squared k-th differences."""
    values = np.random.default_rng(3).normal(size=17)
    found = difference_table(list(values), 1e-16)
    for k, level in enumerate(found.levels):
        gamma = math.factorial(k) ** 2 / math.factorial(2 * k)
        assert level == pytest.approx(math.sqrt(gamma * np.mean(np.diff(values, k) ** 2)), rel=1e-12)
    assert found.noise == pytest.approx(np.median(found.levels[11:16]), rel=1e-15)


@pytest.mark.parametrize("smooth", [lambda j: 0.0, lambda j: 0.3 * j * j, lambda j: math.exp(j / 40)])
def test_the_level_of_noise_is_found(smooth: Plain) -> None:
    source = np.random.default_rng(8)
    draws = [[smooth(j - 8.0) + 1e-6 * s for j, s in enumerate(source.normal(size=17))] for _ in range(200)]
    tables = [difference_table(values, 1e-16) for values in draws]
    assert np.median([t.noise for t in tables]) == pytest.approx(
        0.8e-6, rel=0.15
    )  # the orders are not independent
    assert sum(t.decaying for t in tables) <= 10
    assert sum(t.break_at is not None for t in tables) <= 10


def test_what_still_falls_is_decaying() -> None:
    wave = difference_table([math.sin(0.7 * j) for j in range(17)], 1e-17)
    assert wave.decaying
    assert wave.break_at is None
    assert wave.levels[15] <= wave.noise <= 2.0 * wave.levels[15]
    assert not difference_table([math.sin(0.05 * j) for j in range(17)], 1e-16).decaying
    assert not difference_table([math.sin(0.7 * j) for j in range(17)], 1e-3).decaying


@pytest.mark.parametrize("place", [k / 2.0 for k in range(8, 25)])
def test_the_place_of_a_break(place: float) -> None:
    """In the middle to the half of a gap; at the ends of the row to one."""
    kink = [abs(j - place) for j in range(17)]
    bent = [(j - place) * abs(j - place) for j in range(17)]
    jump = [float(j > math.floor(place)) for j in range(17)]
    within = 0.0 if 6.0 <= place <= 10.0 else 0.5
    for values, where in ((kink, place), (bent, place), (jump, math.floor(place) + 0.5)):
        found = difference_table(values, 1e-16).break_at
        if values is bent and place in (12.5, 13.0):
            continue
        assert found is not None
        assert abs(found - where) <= (within if 6.0 <= where <= 10.0 else 0.5)
        mirrored = difference_table(values[::-1], 1e-16).break_at
        assert mirrored == 16.0 - found


def test_two_breaks_have_no_place() -> None:
    assert difference_table([abs(j - 3) + abs(j - 13) for j in range(17)], 1e-16).break_at is None
    assert difference_table([abs(j - 8) * 1e-16 for j in range(17)], 1e-16).break_at is None


# One side


def _chebyshev(sign: int, width: float, coefficients: list[float]) -> Plain:
    series = np.polynomial.chebyshev.Chebyshev(coefficients, domain=sorted((0.0, sign * width)))
    return lambda t: float(series(t))


@pytest.mark.parametrize("sign", SIDES)
@pytest.mark.parametrize("width", [1.0, 0.25, 40.0])
def test_a_side_that_is_a_polynomial(sign: int, width: float) -> None:
    poly = np.polynomial.Polynomial([0.3, -2.0, 0.5, 1.0, -0.25, 0.125])

    def f(t: float) -> float:
        return float(poly(t / width))

    side = fit_side(samples(f), sign, width, 3)
    assert side is not None
    assert side.settled
    assert side.width == width
    assert side.sign == sign
    for k in range(4):
        true = float(poly.deriv(k)(0.0)) / width**k
        assert abs(side.derivatives[k] - true) <= side.bounds[k] <= (1e-14, 1e-11, 1e-9, 1e-8)[k] * width**-k
    for k in range(6):
        assert side.end_derivative(k) == pytest.approx(
            float(poly.deriv(k)(0.0)) / width**k, rel=1e-6, abs=1e-6 / width**k
        )
    for share in (0.01, 0.3, 0.77, 1.0):
        assert side.predict(sign * share * width) == pytest.approx(
            f(sign * share * width), rel=1e-13, abs=1e-13
        )
    assert side.value == side.derivatives[0]
    series = np.polynomial.chebyshev.Chebyshev.interpolate(lambda t: poly(sign * (t + 1) / 2), NODES - 1)
    # the interpolant's own coefficients, in the coordinate that is -1 at x and 1 at the far end
    assert np.abs(np.array(side.coefficients) - series.coef).max() <= 1e-14


@pytest.mark.parametrize("sign", SIDES)
@pytest.mark.parametrize(("f", "derivatives"), [
    (math.exp, (1.0, 1.0, 1.0)), (math.sin, (0.0, 1.0, 0.0)), (lambda t: 1.0 / (t + 3.0), (1 / 3, -1 / 9, 2 / 27)),
])  # fmt: skip
def test_a_smooth_side_is_in_its_bounds(f: Plain, derivatives: tuple[float, ...], sign: int) -> None:
    side = fit_side(samples(f), sign, 0.75, 2)
    assert side is not None
    for k, true in enumerate(derivatives):
        assert abs(side.derivatives[k] - true) <= side.bounds[k] <= (1e-13, 1e-10, 1e-8)[k]


@pytest.mark.parametrize("far", [0.15, 0.3, 0.6, 1.2, 2.5])
@pytest.mark.parametrize("sign", SIDES)
def test_a_pole_near_by_is_in_the_bounds(sign: int, far: float) -> None:
    """Of 1/(t + c) on (0, 1) the coefficients fall slowly: what was never computed is reckoned with."""
    for f, slope in (
        (lambda t: 1.0 / (sign * t + far), -sign / far**2),
        (lambda t: math.log(sign * t + far), sign / far),
    ):
        side = fit_side(samples(f), sign, 1.0, 1)
        assert side is not None
        assert abs(side.value - f(0.0)) <= side.bounds[0]
        assert abs(side.derivatives[1] - slope) <= side.bounds[1]


@pytest.mark.parametrize("width", [1e-3, 0.02, 0.5, 30.0])
@pytest.mark.parametrize("sign", SIDES)
def test_the_best_side_is_found_from_any_width(sign: int, width: float) -> None:
    side = clean_side(samples(math.exp), sign, width, 1)
    assert side is not None
    assert abs(side.derivatives[1] - 1.0) <= side.bounds[1] <= 1e-10


def test_the_noise_of_a_side() -> None:
    source = np.random.default_rng(5)
    levels = []
    for _ in range(40):
        side = fit_side(samples(lambda t: math.exp(t) + 1e-7 * source.normal()), 1, 1.0, 1)
        assert side is not None
        levels.append(side.noise)
        assert abs(side.derivatives[1] - 1.0) <= 2.0 * side.bounds[1] <= 1e-2
    assert np.median(levels) == pytest.approx(1e-7, rel=0.3)


def test_a_side_with_a_break_does_not_settle() -> None:
    for f in (lambda t: abs(t - 0.3), lambda t: float(t > 0.3), lambda t: math.sin(300.0 * t)):
        side = fit_side(samples(f), 1, 1.0, 1)
        assert side is not None
        assert not side.settled
    assert fit_side(samples(lambda t: math.nan if t > 0.9 else t), 1, 1.0, 1) is None


@pytest.mark.parametrize("sign", SIDES)
@pytest.mark.parametrize(("f", "tangent"), [
    (lambda t: math.sqrt(abs(t)), 1.0), (lambda t: -math.sqrt(abs(t)), -1.0), (lambda t: abs(t) ** 0.8, 1.0),
    (lambda t: abs(t) ** 0.1, 1.0), (math.sin, 0.0), (lambda t: abs(t) ** 1.5, 0.0), (lambda t: 3.0 * t, 0.0),
    (lambda t: float(t != 0.0), 0.0), (lambda t: math.sin(1.0 / t) if t else 0.0, 0.0), (lambda t: 2.0, 0.0),
    (lambda t: math.nan if abs(t) > 0.9 else math.sqrt(abs(t)), 0.0),
])  # fmt: skip
def test_vertical_tangents(f: Plain, tangent: float, sign: int) -> None:
    wanted = math.copysign(math.inf, tangent * sign) if tangent else 0.0
    assert steepens(samples(f), sign, 1.0) == wanted


@pytest.mark.parametrize("sign", SIDES)
@pytest.mark.parametrize(("f", "slope"), [
    (lambda t: abs(t) ** 1.5, 0.0), (lambda t: 2.0 * t + abs(t) ** 1.5, 2.0), (lambda t: 1.0 - t + abs(t) ** 1.25, -1.0),
    (lambda t: abs(t) - t * t, None),
])  # fmt: skip
def test_secants_have_a_limit(f: Plain, slope: float | None, sign: int) -> None:
    side = secant_side(samples(f), sign, 1.0)
    assert side is not None
    true = float(sign) if slope is None else slope
    assert abs(side.derivatives[1] - true) <= side.bounds[1] <= 0.1
    assert side.value == f(0.0)
    assert side.noise == 0.0


def test_noise_has_no_secants() -> None:
    source = np.random.default_rng(2)
    assert secant_side(samples(lambda t: float(source.normal())), 1, 1.0) is None


# Breaks


@pytest.mark.parametrize("sign", SIDES)
@pytest.mark.parametrize("edge", [0.6, 0.01, 3.3e-7, 1e-12])
def test_the_room_up_to_an_edge(edge: float, sign: int) -> None:
    seen = samples(lambda t: math.nan if sign * (t - 1.0) > edge else t, 1.0)
    assert edge / 2.0 <= room(seen, sign, 1.0) <= edge * (1.0 + 1e-3)
    bounded = samples(lambda t: t, 1.0, -edge, edge)
    assert room(bounded, sign, 1.0) == edge
    assert room(samples(lambda t: math.nan if sign * t > 0 else t), sign, 1.0) == 0.0


JUDGED: dict[str, tuple[Plain, int, str]] = {
    "kink": (lambda t: abs(t) + math.sin(t), 1, "kink"),
    "small kink": (lambda t: 1e-8 * abs(t) + math.sin(t), 1, "kink"),
    "smooth": (math.exp, 1, "smooth"),
    "bent": (lambda t: t * abs(t), 1, "smooth"),
    "bent, second": (lambda t: t * abs(t), 2, "kink"),
    "jump": (lambda t: math.exp(t) + (t > 0), 1, "jump"),
    "jump at once": (lambda t: math.exp(t) + (t >= 0), 1, "jump"),
    "one value": (lambda t: math.exp(t) + (t == 0), 1, "jump"),
    "near": (lambda t: math.exp(t) + (t > 1e-3), 1, "near"),
    "near, left": (lambda t: math.exp(t) + (t > -1e-3), 1, "near"),
    "vertical": (lambda t: math.copysign(math.sqrt(abs(t)), t), 1, "infinite"),
    "root to the right": (lambda t: math.sqrt(t) if t > 0 else t, 1, "infinite"),
    "tenth root": (lambda t: math.copysign(abs(t) ** 0.1, t), 1, "infinite"),
    "tenth root to the right": (lambda t: t**0.1 if t > 0 else math.sin(t), 1, "infinite"),
    "power": (lambda t: abs(t) ** 1.5, 1, "smooth"),
    "wild": (lambda t: math.sin(1.0 / t) if t else 0.0, 1, "unclear"),
}


@pytest.mark.parametrize("unit", [1.0, 2.0**30, -(2.0**-30)])
@pytest.mark.parametrize("name", JUDGED)
def test_breaks_have_kinds(name: str, unit: float) -> None:
    f, order, kind = JUDGED[name]
    found = judge(samples(lambda t: unit * f(t)), 0.5, order)
    assert found.kind == kind
    if kind == "infinite":
        infinite = math.copysign(math.inf, unit)
        assert found.tangents == (0.0 if "right" in name else infinite, infinite)
    if kind == "near":
        assert 1e-3 / 1.5 <= found.distance <= 1e-3 * 1.5
    mirrored = judge(samples(lambda t: unit * f(-t)), 0.5, order)
    assert mirrored.kind == kind or name == "jump at once"


@pytest.mark.parametrize("sign", SIDES)
def test_the_side_at_an_edge(sign: int) -> None:
    seen = samples(lambda t: math.exp(t) if sign * t >= 0 else math.nan)
    found = judge_edge(seen, 0.5, 1, (-sign,))
    here, there = (found.right, found.left) if sign > 0 else (found.left, found.right)
    assert there is None
    assert here is not None
    assert abs(here.derivatives[1] - 1.0) <= here.bounds[1] <= 1e-10
    assert found.tangents == (0.0, 0.0)
    root = judge_edge(samples(lambda t: math.sqrt(abs(t)) if sign * t >= 0 else math.nan), 0.5, 1, (-sign,))
    assert root.tangents == ((0.0, math.inf) if sign > 0 else (-math.inf, 0.0))
    assert judge_edge(seen, 0.5, 1, (-1, 1)).kind == "undefined"


@pytest.mark.parametrize("edge", [1e-3, 1e-6])
def test_beside_an_edge(edge: float) -> None:
    def within(f: Plain, low: float, high: float) -> Samples:
        seen = samples(lambda t: f(t) if low <= t <= high else math.nan)
        assert any(map(math.isnan, seen.at((-0.5, 0.5))))
        seen.at((-2.0 * edge, 2.0 * edge))
        return seen

    found = beside_edge(within(math.exp, -1.0, edge), 0.5, 1)
    assert found.kind == "smooth"
    assert found.right is None
    assert found.left is not None
    assert abs(found.left.derivatives[1] - 1.0) <= found.left.bounds[1] <= 1e-10
    other = beside_edge(within(math.exp, -edge, 1.0), 0.5, 1)
    assert other.left is None
    assert other.right is not None
    assert beside_edge(within(abs, -edge, edge), 0.5, 1).kind == "unclear"
    strays = beside_edge(within(lambda t: math.exp(t) + (t > 0), -1.0, edge), 0.5, 1)
    assert strays.left is not None
    assert strays.right is None


def test_steps_of_a_staircase() -> None:
    found = steps_at(samples(lambda t: math.floor(8.0 * t) / 8.0, 0.25), 0.05)
    assert found is not None
    assert (found.kind, found.left and found.left.value, found.right and found.right.value) == (
        "jump",
        0.125,
        0.25,
    )
    assert steps_at(samples(lambda t: math.floor(8.0 * t) / 8.0, 0.3), 0.05) is None
    assert steps_at(samples(lambda t: math.floor(8.0 * t) / 8.0, 0.25), 0.2) is None
    assert steps_at(samples(lambda t: t, 0.25), 0.05) is None
    wide = samples(lambda t: math.floor(8.0 * t) / 8.0 + 2.0 * t, 0.25)
    wide.plateau = 1e-3
    assert steps_at(wide, 0.05) is None  # it does not keep still beside the leap


# One grid


POLYNOMIAL = np.polynomial.Polynomial([2.0, -1.5, 0.75, 1.0, -0.5, 0.25, 0.125, -0.0625, 0.03])
SHOTS: dict[str, tuple[Plain, Callable[[int], float]]] = {
    "exp": (math.exp, lambda k: 1.0),
    "sin": (math.sin, lambda k: math.sin(k * math.pi / 2)),
    "pole": (lambda t: 1.0 / (2.0 - t), lambda k: math.factorial(k) / 2.0 ** (k + 1)),
    "polynomial": (lambda t: float(POLYNOMIAL(t)), lambda k: float(POLYNOMIAL.deriv(k)(0.0))),
}


@pytest.mark.parametrize("order", range(1, 7))
@pytest.mark.parametrize("name", SHOTS)
def test_a_shot_is_in_its_bound(name: str, order: int) -> None:
    f, exact = SHOTS[name]
    step = exact_step(0.0, 1 / 32)
    found = take_shot(samples(f), step, order)
    assert isinstance(found, Shot)
    assert found.kind == "smooth"
    assert (
        abs(found.value - exact(order)) <= found.bound <= (5e-14, 7e-12, 4e-10, 7e-8, 3e-6, 7e-4)[order - 1]
    )
    row = [f(j * step) for j in range(-HALF, HALF + 1)]
    assert found.spread == pytest.approx(max(row) - min(row), rel=1e-15)
    assert found.slope == pytest.approx(found.spread / (16 * step**order), rel=1e-14)
    assert found.slope_of_values == pytest.approx(found.spread / (16 * step), rel=1e-14)
    assert found.floor == pytest.approx(2.0**-54 * math.sqrt(np.mean(np.square(row[4:13]))), rel=1e-14)
    assert found.bound == pytest.approx(
        found.rounding + found.truncation + 2.0**-53 * abs(found.value), rel=1e-14
    )
    norm = math.sqrt(sum(w * w for w in stencil(order, "-8..8").weights))
    assert found.reachable == pytest.approx(3.0 * found.floor * norm / step**order, rel=1e-13)


@pytest.mark.parametrize("order", range(1, 7))
def test_the_stencils_of_a_grid(order: int) -> None:
    made = shot._stencils.__wrapped__(order)
    assert [len(each.sides) for each in made] == list(range((order + 1) // 2, HALF + 1))
    for each in made:
        k = len(each.sides)
        assert list(each.sides) == [float(w) for w in stencil(order, range(-k, k + 1)).weights[k + 1 :]]


@pytest.mark.parametrize(("f", "step", "kind"), [
    (math.exp, 1 / 32, "smooth"), (lambda t: math.sin(3 * t), 1 / 4, "truncated"), (abs, 1 / 32, "broken"),
    (lambda t: abs(t - 0.1), 1 / 32, "broken"), (lambda t: math.sin(1000 * t), 1 / 32, "noisy"),
    (lambda t: math.sin(2 * math.pi * t / exact_step(0.0, 1 / 32)), 1 / 32, "aliased"),
    (lambda t: float(np.float32(math.exp(t))), 1 / 32, "noisy"),
])  # fmt: skip
def test_kinds_of_grids(f: Plain, step: float, kind: str) -> None:
    found = take_shot(samples(f), exact_step(0.0, step), 1)
    assert isinstance(found, Shot)
    assert found.kind == kind
    if kind == "noisy":
        assert 2.0**-27 < found.noise < 2.0**-22 or found.noise > 0.1 * found.spread
    if kind == "broken":
        assert found.break_at is not None
        assert abs(found.break_at - (0.1 if f(0.0) else 0.0)) <= 0.5 * step
    assert (found.break_at is None) == (kind != "broken")


@pytest.mark.parametrize("size", [0.05, 0.005])
def test_a_small_wave_that_falls_in_with_the_grid_is_seen(size: float) -> None:
    h = exact_step(0.0, 1 / 32)
    found = take_shot(samples(lambda t: math.exp(t) + size * math.sin(2 * math.pi * t / h)), h, 1)
    assert isinstance(found, Shot)
    assert found.kind == "aliased"


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.complex64])
def test_the_rounding_of_a_format_is_learned_from_its_answers(dtype: Any) -> None:
    seen = samples(dtype)
    assert seen.floor == 2.0**-54
    seen.one(0.5)
    assert seen.floor == float(np.finfo(dtype).eps) / 4.0


def test_a_grid_that_is_known_to_be_noisy_is_not_taken_for_smooth() -> None:
    step = exact_step(0.0, 1 / 4)
    plain, noisy = (take_shot(samples(lambda t: math.sin(3 * t)), step, 1, noisy=n) for n in (False, True))
    assert isinstance(plain, Shot)
    assert isinstance(noisy, Shot)
    assert plain == take_shot(samples(lambda t: math.sin(3 * t)), step, 1)
    assert plain.noise < noisy.noise < noisy.spread


def test_a_grid_over_an_edge_says_how_much_room_there_is() -> None:
    h = exact_step(0.0, 1 / 32)
    for sign in SIDES:
        assert take_shot(samples(lambda t, s=sign: math.nan if s * t > 4.5 * h else t), h, 1) == 5 * h


@pytest.mark.parametrize("factor", [1.0, 2.0, 4.0, 0.25])
def test_the_advice_leads_to_the_best_step(factor: float) -> None:
    """What is advised from one grid is, but for a few times, what is advised from there on."""
    step = exact_step(0.0, factor / 32)
    found = take_shot(samples(math.sin, 0.0), step, 1)
    assert isinstance(found, Shot)
    better = take_shot(samples(math.sin, 0.0), exact_step(0.0, step * found.advice), 1)
    assert isinstance(better, Shot)
    assert 0.3 <= better.advice <= 3.0
    assert better.bound <= 1.5 * found.bound


# Fewer points


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", SHOTS)
def test_nine_points_are_in_their_bound(name: str, order: int) -> None:
    f, exact = SHOTS[name]
    scouted = scout(samples(f), exact_step(0.0, 1 / 64), order)
    assert scouted is not None
    found, step = scouted
    assert abs(found.value - exact(order)) <= found.bound <= (1e-9, 1e-7)[order - 1]
    assert step in (found.step, found.step / 2, found.step / 4)
    assert resolves(samples(f), found, order)
    row = [f(j * found.step) for j in (0, 1, 2, 4, 8, -1, -2, -4, -8)]
    assert found.spread == max(row) - min(row)
    assert found.slope == pytest.approx(found.spread / 16 / found.step**order, rel=1e-14)
    assert (
        found.noise == found.floor == pytest.approx(2.0**-54 * math.sqrt(np.mean(np.square(row))), rel=1e-14)
    )


def test_the_scout_stops_at_the_second_order_and_at_edges() -> None:
    assert scout(samples(math.exp), 0.01, 3) is None
    assert scout(samples(lambda t: math.nan if t > 0.07 else t), 0.01, 1) is None


@pytest.mark.parametrize("radius", [0.3, 1.0, 7.0])
def test_the_scout_foretells_the_step(radius: float) -> None:
    """The full grid reaches rounding where its step is a 32nd of the way to the nearest pole."""
    for share, factor in (
        (1 / 10, 0.25),
        (1 / 16, 0.25),
        (1 / 24, 0.5),
        (1 / 32, 0.5),
        (1 / 40, 1.0),
        (1 / 64, 1.0),
    ):
        scouted = scout(samples(lambda t: 1.0 / (radius - t)), share * radius, 1)
        assert scouted is not None
        assert scouted[1] / scouted[0].step == factor


@pytest.mark.parametrize("order", [1, 2])
def test_what_nine_points_do_not_see(order: int) -> None:
    """A kink at x, or a wave that falls in with the grid."""
    h = exact_step(0.0, 1 / 64)
    for f in (
        lambda t: math.exp(t) + 0.01 * abs(t),
        lambda t: math.exp(t) + 0.01 * math.sin(2 * math.pi * t / h),
        lambda t: math.exp(t) + 0.01 * math.cos(2 * math.pi * t / h),
    ):
        scouted = scout(samples(f), h, order)
        assert scouted is not None
        assert not resolves(samples(f), scouted[0], order)


@pytest.mark.parametrize("pairs", [3, 4])
@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", SHOTS)
def test_a_trial_is_in_its_bound(name: str, order: int, pairs: int) -> None:
    f, exact = SHOTS[name]
    tried = trial(samples(f), 1 / 512, order, Lesson(1.0, 0.0), pairs)
    assert tried is not None
    found, radius = tried
    assert found.step == 8 / 512
    assert abs(found.value - exact(order)) <= found.bound <= (2e-8, 1e-6)[order - 1]
    assert radius > 0.2
    row = [f(j / 512) for j in (0, 8, -8, 16, -16, 27, -27)]
    assert found.spread == max(row) - min(row)
    assert found.slope == pytest.approx(found.spread / 54 * 512**order, rel=1e-14)


@pytest.mark.parametrize("pole", [0.3, 1.0, 5.0])
def test_a_trial_tells_how_far_the_pole_is(pole: float) -> None:
    tried = trial(samples(lambda t: 1.0 / (pole - t)), pole / 300, 1, Lesson(1.0, 0.0))
    assert tried is not None
    assert pole / 1.5 <= tried[1] <= pole * 1.5


@pytest.mark.parametrize("wish", [1e-6, 1e-8, 1e-10])
@pytest.mark.parametrize("pole", [0.25, 2.0])
def test_the_step_of_a_trial_just_meets_the_wish(wish: float, pole: float) -> None:
    lesson = Lesson(pole, 0.0)
    eighth = lesson.eighth(0.0, 1.0, wish)
    tried = trial(samples(lambda t: 1.0 / (pole - t)), eighth, 1, lesson)
    assert tried is not None
    assert 0.01 * wish <= tried[0].bound * pole**2 <= wish
    assert lesson.eighth(0.0, 4.0, wish) == 4.0 * eighth


def test_a_fourth_pair_is_for_a_smaller_error() -> None:
    f = math.exp
    three, four = (trial(samples(f), 1 / 64, 1, Lesson(1.0, 0.0), pairs) for pairs in (3, 4))
    assert three is not None
    assert four is not None
    assert abs(four[0].value - 1.0) <= four[0].bound <= 0.2 * three[0].bound


def test_a_trial_of_a_kink_is_none() -> None:
    for f in (abs, lambda t: math.exp(t) + 0.01 * abs(t), lambda t: max(t, 0.0), lambda t: math.nan):
        assert trial(samples(f), 1 / 512, 1, Lesson(1.0, 0.0)) is None


# What the probe saw


def test_the_quotients_of_the_probe() -> None:
    search = second_look.searched(samples(math.exp, 1.0), 1, 5e-14)
    rows = second_look._quotients(search)
    assert len(rows) >= 2
    for (h, quotient), (smaller, _) in zip(rows, [*rows[1:], (0.0, 0.0)], strict=True):
        assert quotient == pytest.approx(math.e * math.sinh(h) / h, rel=1e-12)
        assert smaller in (0.0, h / 8.0)
    assert second_look._disagreement(search, search.shots[0]) is None


# Two sides that touch


def _fits(left: Plain, right: Plain) -> tuple[Side, Side]:
    sides = fit_side(samples(left), -1, 1.0, 1), fit_side(samples(right), 1, 1.0, 1)
    assert sides[0] is not None
    assert sides[1] is not None
    return sides[0], sides[1]


@pytest.mark.parametrize("place", [0.0, 0.02, -0.02, 1e-6])
@pytest.mark.parametrize("bend", [1.0, -3.0, 0.01])
def test_where_two_curves_touch(place: float, bend: float) -> None:
    found = contact(*_fits(math.sin, lambda t: math.sin(t) + bend * (t - place) ** 2))
    assert found == pytest.approx(place, abs=1e-6)
    third = contact(*_fits(math.sin, lambda t: math.sin(t) + bend * (t - place) ** 2 * (t + 2.0)))
    assert third == pytest.approx(place, abs=1e-5)


def test_curves_that_cross_or_touch_far_off_do_not_touch() -> None:
    for other in (
        lambda t: math.sin(t) + t,
        lambda t: math.sin(t) + 1e-3,
        lambda t: math.sin(t) + (t - 0.4) ** 2,
        lambda t: math.sin(t) + (t + 0.4) ** 2,
        lambda t: math.sin(t) + t * t + 1e-6,
        lambda t: math.sin(t) + t * t + 1e-11,
    ):
        assert contact(*_fits(math.sin, other)) is None


@pytest.mark.parametrize("sign", SIDES)
@pytest.mark.parametrize("place", [1e-3, 1e-4, 1e-5])
@pytest.mark.parametrize("unit", [1.0, -(2.0**10)])
def test_a_seam_beside_x_leaves_x_to_the_other_side(place: float, sign: int, unit: float) -> None:
    found = one_slope(
        samples(lambda t: unit * (math.exp(t) + (sign * t > place) * (sign * t - place) ** 2)), 0.5
    )
    assert isinstance(found, Slope)
    assert abs(found.value - unit) <= found.bound <= 2e-12 * abs(unit)


@pytest.mark.parametrize("place", [1e-9, -1e-9])
def test_a_seam_that_cannot_be_told_from_x(place: float) -> None:
    left, right = _fits(math.sin, lambda t: math.sin(t) + (t - place) ** 2)
    found = touching._of_pair(samples(math.sin), left, right, 0.0)
    assert isinstance(found, Slope)
    assert found.value == pytest.approx(1.0 - place, abs=1e-11)
    assert found.bound == pytest.approx(abs(place) + max(left.bounds[1], right.bounds[1]), rel=1e-3)
    assert found.width == 1.0


@pytest.mark.parametrize("sign", SIDES)
@pytest.mark.parametrize("unit", [1.0, 2.0**-20])
def test_one_slope_at_a_seam_and_two_at_a_kink(sign: int, unit: float) -> None:
    seam = one_slope(samples(lambda t: unit * (math.exp(t) + (sign * t > 0) * t * t)), 0.5)
    assert isinstance(seam, Slope)
    assert abs(seam.value - unit) <= seam.bound <= 1e-10 * unit
    kink = one_slope(samples(lambda t: unit * (math.exp(t) + (sign * t > 0) * t)), 0.5)
    assert isinstance(kink, Break)
    assert kink.kind == "kink"
    for side in (kink.left, kink.right):
        assert side is not None
        assert side.derivatives[1] == pytest.approx(unit * (2.0 if side.sign == sign else 1.0), rel=1e-9)
    assert one_slope(samples(lambda t: math.sin(1.0 / t) if t else 0.0), 0.5) is None


@pytest.mark.parametrize("order", [2, 4])
def test_differences_that_drowned_agree_on_nothing(order: int) -> None:
    """At 0 a step may be so small that f(h) is f(0): what stood still there was once told as a derivative of 0 ± 1e20."""
    for f in (lambda t: math.exp(t) + abs(t), lambda t: 1.0 + abs(t)):
        assert derivative(f, 0.0, order=order).status == "kink"
    for power in (0.5, 1.5, 2.5):
        assert (
            derivative(lambda t, p=power: 1.0 + abs(t) ** p, 0.0, order=order).status != "ok" or power > order
        )
    for rtol in (0.1, 0.01, 1e-4):
        assert (
            derivative(lambda t: math.exp(t) + 0.01 * abs(t - 0.3), 0.3, order=2, rtol=rtol).status == "kink"
        )


def test_oscillations_have_no_tangent() -> None:
    for k in range(1, 60, 2):
        found = derivative(lambda t, k=k: math.sin(k / t) if t else 0.0, 0.0, max_evaluations=200)
        assert found.status in ("noisy", "budget", "failed"), (k, found)


@pytest.mark.parametrize("sign", SIDES)
def test_a_side_on_which_nothing_happens_has_a_slope(sign: int) -> None:
    found = one_slope(samples(lambda t: max(sign * t, 0.0) ** 2), 0.5)
    assert isinstance(found, Slope)
    assert abs(found.value) <= found.bound <= 1e-12


@pytest.mark.parametrize("slope", [1e-10, -1e-6, 0.3, 0.0])
@pytest.mark.parametrize("bend", [1.0, -3.0, 1e-3])
@pytest.mark.parametrize("third", [0.5, -2.0, 1e-5, 0.0])
def test_where_a_cubic_is_level(slope: float, bend: float, third: float) -> None:
    """The roots of a quadratic, by a formula in 50 digits, each to the last digits of a double."""
    found = touching._stationary(slope, bend, third)
    with mpmath.workdps(50):
        a, b, c = mpmath.mpf(third) / 2, mpmath.mpf(bend), mpmath.mpf(slope)
        inside = b * b - 4 * a * c
        roots = [] if a else [-c / b]
        if a and inside >= 0:
            roots = [(-b + s * mpmath.sqrt(inside)) / (2 * a) for s in SIDES]
    for root in map(float, roots):
        assert any(each == pytest.approx(root, rel=1e-14, abs=1e-300) for each in found)
    assert -slope / bend in found


@pytest.mark.parametrize("unit", [1.0, 2.0**10, -(2.0**-10)])
def test_what_a_staircase_hides_from_a_fine_grid(unit: float) -> None:
    """Above a tread the quotients of the probe are the trend's, on it they are 0: where they part is about a leap."""
    leap = 1.0 / 1024.0
    there = samples(lambda t: unit * math.floor(t / leap) * leap, 0.7)
    search = Search(there, 1, 5e-14, width=0.5)
    h = HALF * exact_step(0.7, 0.5 / HALF)
    while h > 1e-6:
        there.at((-h, h))
        h = HALF * exact_step(0.7, h / HALF / HALF)
    fine = take_shot(there, exact_step(0.7, 1e-7), 1)
    assert isinstance(fine, Shot)
    found = second_look._disagreement(search, fine)
    assert found is not None
    wide, noise = found
    assert leap < wide <= search.width
    assert 0.01 * leap < noise / abs(unit) < leap


@pytest.mark.parametrize("kind", ["smooth", "truncated", "noisy", "aliased", "broken"])
def test_what_resolves_structure(kind: Any) -> None:
    coarse = take_shot(samples(math.exp), 1e-2, 1)
    assert isinstance(coarse, Shot)
    finer = replace(coarse, kind=kind)
    loud = replace(coarse, noise=1e4 * coarse.noise)
    assert second_look._resolves(finer, loud) is (kind not in ("aliased", "broken"))
    assert not second_look._resolves(replace(finer, noise=0.01 * loud.noise, floor=0.0), loud)
    assert not second_look._resolves(replace(finer, bound=0.2 * max(finer.slope, finer.value)), loud)


@pytest.mark.parametrize("x", [1.0, -8.0, 1e-5])
@pytest.mark.parametrize("sign", SIDES)
@pytest.mark.parametrize("width", [1e-2, 1e-5, 1e-8])
def test_secants_begin_at_the_width_and_end_before_rounding(x: float, sign: int, width: float) -> None:
    """Thirteen of a straight line, by one factor each; none where x has too few digits for so many."""
    width *= abs(x)
    row = one_sided.secants(samples(lambda t: 3.0 * (t - x), x), sign, width)
    if width < 1e-11 * abs(x):
        assert row == []
        return
    offsets = [abs(t) for t, _ in row]
    assert len(row) == 13
    assert offsets[0] == pytest.approx(width, rel=1e-6)
    assert offsets[-1] >= 32.0 * 8.0 * math.ulp(x)
    assert all(t * sign > 0 and slope == 3.0 for t, slope in row)
    ratio = offsets[1] / offsets[0]
    assert ratio >= 1.0 / 8.0 - 1e-9
    assert offsets[-1] == pytest.approx(width * ratio**12, rel=1e-2)


def test_a_derivative_of_too_few_points_is_refused() -> None:
    with pytest.raises(ValueError, match="derivative 3 needs more than 1 pairs"):
        symmetric_weights(3, (1,))


@pytest.mark.parametrize("gap", range(1, 15))
@pytest.mark.parametrize("size", [1.0, -1e-3])
def test_a_leap_is_where_a_grid_is_least_regular(gap: int, size: float) -> None:
    """Of the 16 gaps of a grid, all but the first and the last."""
    place = 0.01 * (gap - HALF + 0.3)
    first, *_ = grain._least_regular(samples(lambda t: size * (t > place) + 0.1 * t), 0.01)
    assert first.a <= place <= first.b


@pytest.mark.parametrize("bits", [("float32", 23), ("complex64", 23), ("float16", 10), ("bfloat16", 7)])
def test_the_rounding_of_a_format_is_known_by_its_name(bits: tuple[str, int]) -> None:
    """bfloat16 is no format of NumPy's own, but an answer may bring it."""
    answer = SimpleNamespace(dtype=bits[0], ndim=0, item=lambda: 1.0)
    function = Function(lambda t: answer, max_evaluations=3)
    assert function.values([0.0]) == [(1.0,)]
    assert function.eps == 2.0 ** -bits[1]


def test_one_side_alone_is_not_apart_from_another() -> None:
    side = fit_side(samples(math.exp), 1, 0.5, 1)
    for found in (Break("smooth", side, None), Break("smooth", None, side), Break("undefined")):
        assert not found.apart(0)
        assert not found.apart(1)


@pytest.mark.parametrize("stray", [1, -1, 0])
def test_beside_an_edge_a_side_that_does_not_meet_the_value_is_none(stray: int) -> None:
    """exp within an edge on either side; on one side, or on both, another function's value away from it."""
    seen = samples(
        lambda t: (math.exp(t) + (t * stray > 0 or (not stray and t != 0))) if abs(t) < 0.01 else math.nan
    )
    seen.at((-0.02, 0.02))
    found = beside_edge(seen, 0.5, 1)
    assert found.kind == "smooth"
    sides = [side for side in (found.left, found.right) if side is not None]
    assert [side.sign for side in sides] == ([-stray] if stray else [])


@pytest.mark.parametrize(("share", "zero"), [(0.005, False), (0.02, True), (0.9, True), (2.0, True)])
def test_a_zero_by_scale_is_known_to_less_than_a_hundredth(share: float, zero: bool) -> None:
    """Of its own size; and x is tiny beside the step, but not 0."""
    for x, tiny in ((1e-9, True), (-1e-9, True), (0.0, False), (0.75, False)):
        search = Search(samples(math.exp, x), 1, 5e-14)
        made = take_shot(search.samples, 1e-2, 1)
        assert isinstance(made, Shot)
        search.shots = [replace(made, bound=share * abs(made.value))]
        assert second_look._is_zero_only_by_scale(search) is (zero and tiny)
