"""The value of every elementary row in every number system, against mpmath."""

from __future__ import annotations

import importlib
import math
import warnings

import mpmath
import numpy
import pytest
import sympy
from flint import arb, ctx

from calcgrad.operations.row import Elementwise
from calcgrad.systems.base import system

from .measuring import condition, digits_for, exact, far, ordinary, slope, ulps
from .truth import TRUTH

FILES = ("arithmetic", "powers", "trigonometric", "degrees", "hyperbolic", "piecewise", "activations")
ROWS: dict[str, Elementwise] = {
    row.name: row for file in FILES for row in importlib.import_module(f"calcgrad.operations.{file}").ROWS
}
every_row = pytest.mark.parametrize("name", ROWS)


def points(row: Elementwise, count: int = 12) -> list[tuple[float, ...]]:
    return [*ordinary(row, count), *far(row)]


def test_every_row_has_a_truth() -> None:
    assert set(TRUTH) == set(ROWS)


@pytest.mark.slow
@every_row
def test_float64_and_arrays_are_within_4_ulps_times_the_condition(name: str) -> None:
    row, truth = ROWS[name], TRUTH[name]
    at = points(row, 40)
    scalars = [system("float64").function(name)(*p) for p in at]
    array = system("numpy").function(name)(*[numpy.array(column) for column in zip(*at, strict=True)])
    assert array.dtype == float
    assert 0 <= row.ulps <= 4
    for p, scalar, entry in zip(at, scalars, array, strict=True):
        assert isinstance(scalar, float)
        with mpmath.workdps(digits_for(p)):
            value = exact(truth, p)
            allowed = condition(truth, p, value)
            assert ulps(scalar, value, allowed) <= row.ulps + 0.6, (p, scalar)
            assert ulps(float(entry), value, allowed) <= 4, (p, entry)


@every_row
def test_mpmath_is_right_to_its_working_precision(name: str) -> None:
    row, truth = ROWS[name], TRUTH[name]
    function = system("mpmath").function(name)
    for digits in (20, 50):  # the lower one first: no constant may keep its precision
        for p in ordinary(row, 6):
            with mpmath.workdps(2 * digits):
                value = exact(truth, p)
                allowed = max(1, condition(truth, p, value))
            with mpmath.workdps(digits):
                error = abs(exact(function, p) - value)
            assert error <= abs(value) * allowed * mpmath.mpf(10) ** (2 - digits), p


@every_row
def test_balls_hold_the_truth_and_are_narrow(name: str) -> None:
    row, truth = ROWS[name], TRUTH[name]
    function = system("arb").function(name)
    for p in ordinary(row, 12):
        with mpmath.workdps(60), ctx.workprec(128):
            value, ball = exact(truth, p), function(*[arb(a) for a in p])
            middle = mpmath.mpf(ball.mid().str(50, radius=False))
            error = abs(middle - value)
            assert error <= float(ball.rad()) + abs(value) * mpmath.mpf(10) ** -45, p
            assert float(ball.rad()) <= 1e-25 * max(1, abs(float(value))), p


@every_row
def test_complex_values_carry_the_derivative_in_their_imaginary_part(name: str) -> None:
    row, truth = ROWS[name], TRUTH[name]
    function = system("complex128").function(name)
    for p in ordinary(row, 12):
        with mpmath.workdps(60):
            value = exact(truth, p)
            allowed = condition(truth, p, value)
            for j in range(row.arity):
                if row.partials[j] is None:
                    continue
                result = function(*[complex(a, 1e-200 * (i == j)) for i, a in enumerate(p)])
                derivative = exact(slope(truth, j), p)
                assert ulps(result.real, value, allowed) <= 8, p
                steep = condition(slope(truth, j), p, derivative)
                assert ulps(result.imag * 1e200, derivative, 4 * steep + allowed) <= 8, (p, j)


@every_row
def test_sympy_has_the_same_value(name: str) -> None:
    row, truth = ROWS[name], TRUTH[name]
    symbols = sympy.symbols("a b c", real=True)[: row.arity]
    formula = system("sympy").function(name)(*symbols)
    for p in ordinary(row, 3):
        at = dict(zip(symbols, [sympy.Float(a, precision=53) for a in p], strict=True))
        with mpmath.workdps(60):
            value = exact(truth, p)
            found = formula.evalf(40, subs=at)._to_mpmath(160)
            assert abs(found - value) <= abs(value) * mpmath.mpf(10) ** -35, p


@every_row
def test_floats_never_raise_and_arrays_never_warn(name: str) -> None:
    row = ROWS[name]
    odd = (0.0, -0.0, 1.0, -1.0, 2.0, -3.0, 0.5, math.inf, -math.inf, math.nan, 1e308, -1e308, 5e-324)
    at: list[tuple[float, ...]] = [(a,) for a in odd]
    if row.arity > 1:
        at = [(a, b, *(1.0,) * (row.arity - 2)) for a in odd for b in odd]
    scalars = [system("float64").function(name)(*p) for p in at]
    with warnings.catch_warnings(), system("numpy").quiet():
        warnings.simplefilter("error")
        array = system("numpy").function(name)(*[numpy.array(column) for column in zip(*at, strict=True)])
    for p, scalar, entry in zip(at, scalars, array, strict=True):
        assert isinstance(scalar, float), p
        same = (math.isnan(scalar) and math.isnan(entry)) or math.isclose(scalar, entry, rel_tol=1e-14)
        assert same, (p, scalar, entry)
        for j in range(row.arity):
            if row.partials[j] is not None:
                push = system("float64").push(name, j)(scalar, *p, 1.0)
                assert push is None or isinstance(push, float), (p, j)
