"""Sweeps whose numbers leave the range of doubles on the way; truth is mpmath's, and that of a closed form for the gradients."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest

import calcgrad
from calcgrad.autodiff.scaling import Lost, best, swept
from calcgrad.systems.base import FLOAT64

#: A text, a point, and the derivative there by a formula that stays in range.
CASES = [
    ("1/cosh(x)", "400", lambda x: -mpmath.sinh(x) / mpmath.cosh(x) ** 2),
    ("1/sinh(x)", "400", lambda x: -mpmath.cosh(x) / mpmath.sinh(x) ** 2),
    ("1e300*atan(x)", "1e170", lambda x: mpmath.mpf("1e300") / (1 + x**2)),
    ("1e300*atan(x)", "-1e160", lambda x: mpmath.mpf("1e300") / (1 + x**2)),
    ("1e300*acot(x)", "1e170", lambda x: -mpmath.mpf("1e300") / (1 + x**2)),
    ("1e300*atand(x)", "1e170", lambda x: mpmath.mpf("1e300") * 180 / mpmath.pi / (1 + x**2)),
    ("1e300*atan2(1, x)", "1e170", lambda x: -mpmath.mpf("1e300") / (1 + x**2)),
    ("x**-1.0*1e300", "1e200", lambda x: -mpmath.mpf("1e300") / x**2),
    ("x**-2*1e300", "1e150", lambda x: -2 * mpmath.mpf("1e300") / x**3),
    ("1/x*1e300", "1e200", lambda x: -mpmath.mpf("1e300") / x**2),
    ("x^2/exp(x)", "400", lambda x: (2 * x - x**2) / mpmath.exp(x)),
    ("1e-200*x^2/1e-200", "1e-150", lambda x: 2 * x),
]


@pytest.mark.parametrize(("text", "at", "slope"), CASES, ids=[f"{text} at {at}" for text, at, _ in CASES])
def test_a_derivative_in_range_is_right_although_a_number_on_the_way_is_not(
    text: str, at: str, slope: Any
) -> None:
    with mpmath.workdps(50):
        true = float(slope(mpmath.mpf(at)))
    report = calcgrad.diff(text, at=at, methods="forward-ad,reverse-ad", truth="certified")
    (point,) = report.points
    found = {row.method: row for row in point.results}
    assert found["forward-ad"].value == pytest.approx(true, rel=1e-13)
    assert found["reverse-ad"].value == pytest.approx(true, rel=1e-13)
    assert point.verdict == "agree"
    assert any("the range of doubles: swept with the seed 2^" in (row.note or "") for row in found.values())


def test_gradients_of_the_table_itself_stay_in_range_without_a_scaled_seed() -> None:
    assert calcgrad.grad(lambda x: 1e300 * np.arctan(x))(1e170) == pytest.approx(1e-40, rel=1e-14)
    assert calcgrad.grad(lambda x: x**-1.0 * 1e300)(1e200) == pytest.approx(-1e-100, rel=1e-14)
    far = np.array([1e170, 1.0, -1e160])
    found = calcgrad.grad(lambda x: np.sum(1e300 * np.arctan(x)))(far)
    np.testing.assert_allclose(found, [1e-40, 5e299, 1e-20], rtol=1e-14)
    np.testing.assert_allclose(
        calcgrad.compile(calcgrad.grad(lambda x: np.sum(1e300 * np.arctan(x))))(far), found
    )
    np.testing.assert_allclose(
        calcgrad.grad(lambda x: np.sum(x**-2.0 * 1e300))(np.array([1e150, 1.0])), [-2e-150, -2e300]
    )


def test_arrays_are_swept_again_too() -> None:
    report = calcgrad.diff(
        "sum(v^2/exp(v))", at="v=[400, 1]", methods="reverse-ad,forward-ad", truth="certified"
    )
    (point,) = report.points
    true = [float((2 * v - v**2) / mpmath.exp(v)) for v in (mpmath.mpf(400), mpmath.mpf(1))]
    for row, expected in zip(point.results, true * 2, strict=True):
        assert row.value == pytest.approx(expected, rel=1e-13)


def test_a_true_zero_is_left_alone() -> None:
    calls: list[float] = []

    def sweep(seed: float) -> list[float | None]:
        calls.append(seed)
        return [seed, None, 0.0 * seed, -seed]

    found = swept(sweep, FLOAT64)
    assert (found.exponent, found.note("tangents"), found.slots[0]) == (0, None, 1.0)
    assert calls[0] == 1.0
    assert math.copysign(1.0, swept(lambda seed: [-0.0 * seed], FLOAT64).slots[0]) == -1.0


def test_a_complex_step_says_where_its_product_with_a_thin_number_loses_digits() -> None:
    report = calcgrad.diff("1e300*sech(x)", at=700)
    (point,) = report.points
    assert point.verdict == "agree"
    row = next(row for row in point.results if row.method == "complex-step")
    assert row.status == "noisy"
    assert (
        row.note == "a number on the way is near the smallest doubles: its product with the step loses digits"
    )


@pytest.mark.parametrize(("text", "at"), [("x^100*exp(-x)", 500), ("exp(x)*erfc(sqrt(x))", 600)])
def test_a_complex_step_is_larger_where_a_number_on_the_way_is_thin(text: str, at: int) -> None:
    (point,) = calcgrad.diff(text, at=at).points
    row = next(row for row in point.results if row.method == "complex-step")
    assert point.verdict == "agree"
    assert row.status == "ok"
    assert row.rel_error is not None
    assert row.rel_error < 1e-12


#: Second derivatives, by forward and reverse mode; the closed forms are asked of mpmath.
SECOND = [
    ("1e300*asinh(x)", "1e200", lambda x: -mpmath.mpf("1e300") * x / (x**2 + 1) ** 1.5),
    ("1e300*log(x)", "1e250", lambda x: -mpmath.mpf("1e300") / x**2),
    ("1/x^200", "30", lambda x: 200 * 201 / x**202),
    (
        "1e300*csch(x)^2",
        "400",
        lambda x: mpmath.mpf("1e300") * (4 * mpmath.csch(x) ** 2 + 6 * mpmath.csch(x) ** 4),
    ),
    ("1e300*tanh(x)", "400", lambda x: -2 * mpmath.mpf("1e300") * mpmath.tanh(x) * mpmath.sech(x) ** 2),
    ("1e300*coth(x)", "400", lambda x: 2 * mpmath.mpf("1e300") * mpmath.coth(x) * mpmath.csch(x) ** 2),
    ("1/gamma(x)", "160", lambda x: mpmath.rgamma(x) * (mpmath.psi(0, x) ** 2 - mpmath.psi(1, x))),
]


@pytest.mark.parametrize(("text", "at", "second"), SECOND, ids=[text for text, _, _ in SECOND])
def test_a_second_derivative_is_right_too(text: str, at: str, second: Any) -> None:
    with mpmath.workdps(50):
        true = float(second(mpmath.mpf(at)))
    (point,) = calcgrad.diff(text, at=at, order=2, methods="forward-ad,reverse-ad", truth="certified").points
    assert point.verdict == "agree"
    for row in point.results:
        assert row.value == pytest.approx(true, rel=1e-12)


@pytest.mark.parametrize(("text", "at"), [("1e300*tanh(x)", 400), ("1e300*coth(x)", -400)])
def test_a_square_in_the_table_is_multiplied_one_factor_at_a_time(text: str, at: int) -> None:
    f = {"1e300*tanh(x)": mpmath.sech, "1e300*coth(x)": mpmath.csch}[text]
    sign = 1 if f is mpmath.sech else -1
    (point,) = calcgrad.diff(text, at=at).points
    true = float(sign * mpmath.mpf("1e300") * f(at) ** 2)
    found = {row.method: row.value for row in point.results}
    assert found["reverse-ad"] == pytest.approx(true, rel=1e-13)
    assert found["forward-ad"] == pytest.approx(true, rel=1e-13)


@pytest.mark.parametrize(
    ("text", "at", "order"),
    [("x^3/exp(x)", 720, 1), ("x^3/exp(x)", 720, 2), ("1/(1+exp(x))", 710, 2), ("1/gamma(x)", 175, 1)],
)
def test_nan_behind_an_overflow_is_called_that(text: str, at: int, order: int) -> None:
    (point,) = calcgrad.diff(text, at=at, order=order).points
    assert point.verdict == "overflow"
    assert "on the way to it" in point.explanation[0]


@pytest.mark.parametrize("text", ["1e300*asinh(x)", "(1+1/x)^x"])
def test_the_square_of_a_step_may_leave_the_doubles(text: str) -> None:
    assert calcgrad.diff(text, at="1e200", order=2).points[0].truth is not None


def test_a_value_with_none_beside_it_is_a_value() -> None:
    report = calcgrad.diff("legendre(x, 2)", at=2)
    (point,) = report.points
    adaptive = next(row for row in point.results if row.method == "adaptive")
    assert point.value == 5.5
    assert adaptive.note == "f has no finite value beside the point"


def test_a_seed_that_makes_a_number_infinite_is_not_chosen() -> None:
    def sweep(exponent: int) -> tuple[str, Lost]:
        return f"2^{exponent}", Lost(0, 1) if exponent == 1020 else Lost(2, 0)

    assert best(sweep, ("plain", Lost(2, 0))) == ("plain", 0)
