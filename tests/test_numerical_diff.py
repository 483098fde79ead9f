"""The worked numbers of a first lesson on finite differences, and the front door of ``numerical_diff``."""

import math
import subprocess
import sys

import pytest

from calcgrad.numerical_diff import derivative, stencil


def test_position_and_speed() -> None:
    """s(t) = t²: between 3 and 3.01 the mean speed is 6.01; at 3 the speed is 6."""

    def s(t: float) -> float:
        return t**2

    assert (s(3.01) - s(3)) / 0.01 == pytest.approx(6.01, abs=1e-12)
    assert derivative(s, 3).value == pytest.approx(6, abs=1e-13)


def test_forward_difference_of_a_cube() -> None:
    """(f(2.001) - f(2)) / 0.001 is 12.006001 for x³, by hand and by the two-point stencil, against 12."""

    def f(x: float) -> float:
        return x**3

    h = 0.001
    two_points = stencil(1, "0..1")
    pairs = zip(two_points.weights, two_points.offsets, strict=True)
    by_stencil = sum(float(w) * f(2 + float(o) * h) for w, o in pairs) / h
    assert by_stencil == pytest.approx(12.006001, abs=1e-9)
    assert derivative(f, 2).value == pytest.approx(12, abs=1e-13)


def test_cube_plus_line() -> None:
    assert derivative(lambda x: x**3 + 2 * x, 2).value == pytest.approx(14, abs=1e-13)


def test_central_beats_forward_and_adaptive_beats_both() -> None:
    h = 1e-5
    forward = (math.exp(1 + h) - math.exp(1)) / h
    central = (math.exp(1 + h) - math.exp(1 - h)) / (2 * h)
    ours = derivative(math.exp, 1)
    errors = [abs(value - math.e) for value in (ours.value, central, forward)]
    assert errors == sorted(errors)
    assert errors[0] <= ours.error_bound <= 1e-13


def test_a_scalar_derivative_imports_no_array_library() -> None:
    code = (
        "import math, sys; from calcgrad.numerical_diff import derivative; derivative(math.exp, 1.0);"
        "derivative(abs, 0.0); derivative(math.sqrt, 0.0);"
        "print([m for m in ('numpy', 'scipy', 'fractions') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
