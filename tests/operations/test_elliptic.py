"""Incomplete elliptic integrals: their conventions, their names, their derivatives by amplitude and parameter. Truth: mpmath."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest

import calcgrad
from calcgrad.systems.base import FLOAT64

FUNCTIONS: dict[str, Any] = {
    "elliptic_f": mpmath.ellipf,
    "elliptic_e": mpmath.ellipe,
    "elliptic_pi": lambda phi, m: mpmath.ellippi(mpmath.mpf(1) / 4, phi, m),
}
#: Amplitudes within a half turn and beyond, parameters on both sides of 0, and above 1 where the root has not ended.
POINTS = [
    ("0.7", "0.5"),
    *(
        pytest.param(*point, marks=pytest.mark.slow)
        for point in [
            ("-1.2", "-3"),
            ("2", "0.5"),
            ("5.5", "0.25"),
            ("-9", "-1.5"),
            ("0.5", "2"),
            ("1.5", "0.99"),
        ]
    ),
]


def text(name: str) -> str:
    return "elliptic_pi(1/4, x, m)" if name == "elliptic_pi" else f"{name}(x, m)"


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(("phi", "m"), POINTS)
def test_value_and_derivatives(name: str, phi: str, m: str) -> None:
    report = calcgrad.diff(text(name), at=f"x={phi}, m={m}")
    (point,) = report.points
    function = FUNCTIONS[name]
    with mpmath.workdps(60):
        x, p = mpmath.mpf(phi), mpmath.mpf(m)
        assert point.value == pytest.approx(float(function(x, p)), rel=1e-14)
        slopes = {
            "x": mpmath.diff(lambda t: function(t, p), x),
            "m": mpmath.diff(lambda t: function(x, t), p),
        }
        for row in point.truth:
            if name == "elliptic_pi" and row.wrt == ("m",):
                assert row.value is None
                continue
            assert row.value is not None
            assert abs(mpmath.mpf(row.value) / slopes[row.wrt[0]] - 1) < mpmath.mpf("1e-27")
    assert point.verdict == "agree"


@pytest.mark.slow
@pytest.mark.parametrize(("phi", "m"), [("0.7", "0"), ("2", "0")])
def test_the_derivative_by_m_has_no_hole_at_0(phi: str, m: str) -> None:
    report = calcgrad.diff("elliptic_f(x, m) - elliptic_e(x, m)", at=f"x={phi}, m={m}", wrt="m")
    (row,) = report.points[0].truth
    with mpmath.workdps(40):
        x = mpmath.mpf(phi)
        assert abs(mpmath.mpf(row.value or "nan") - (x - mpmath.sin(2 * x) / 2) / 2) < mpmath.mpf("1e-30")
    assert report.points[0].verdict == "agree"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ellipticf(x, 0.5)", "elliptic_f(x, 0.5)"),
        ("EllipticF(x, 0.5)", "elliptic_f(x, 0.5)"),
        ("ellipf(x, 0.5)", "elliptic_f(x, 0.5)"),
        ("ellipkinc(x, 0.5)", "elliptic_f(x, 0.5)"),
        ("ellipeinc(x, 0.5)", "elliptic_e(x, 0.5)"),
        ("EllipticE(x, 0.5)", "elliptic_e(x, 0.5)"),
        ("EllipticE(x)", "ellipe(x)"),
        ("EllipticK(x)", "ellipk(x)"),
        ("EllipticPi(0.2, x, 0.5)", "elliptic_pi(0.2, x, 0.5)"),
    ],
)
def test_what_people_type(typed: str, meant: str) -> None:
    assert calcgrad.diff(typed).parsed == calcgrad.diff(meant).parsed


def test_the_complete_integral_of_the_third_kind() -> None:
    report = calcgrad.diff("x*elliptic_pi(0.3, 0.5)", at=1)
    with mpmath.workdps(40):
        truth = mpmath.ellippi(mpmath.mpf("0.3"), mpmath.mpf("0.5"))
        assert abs(mpmath.mpf(report.points[0].truth[0].value or "nan") - truth) < mpmath.mpf("1e-30")


def test_beyond_the_end_it_is_undefined() -> None:
    (point,) = calcgrad.diff("elliptic_f(x, 2)", at=1).points
    assert point.verdict == "undefined"
    assert "the root under the integral ends before" in " ".join(point.explanation)


def test_scipy_s_names() -> None:
    import numpy as np
    from scipy import special

    phi, m = np.array([0.3, 1.2, 2.5]), np.array([0.1, 0.5, 0.8])
    slope = calcgrad.grad(lambda x: np.sum(special.ellipkinc(x, m) + special.ellipeinc(x, m)))(phi)
    delta = np.sqrt(1 - m * np.sin(phi) ** 2)
    assert np.allclose(slope, 1 / delta + delta, rtol=1e-13)


@pytest.mark.parametrize("amplitude", [4.0, -25.0, 1e5])
@pytest.mark.parametrize("order", [1, 2])
def test_derivatives_by_the_parameter_beyond_a_quarter_of_a_turn(order: int, amplitude: float) -> None:
    """The integral by whole half turns and the rest (DLMF 19.2.10), each by mpmath's quadrature."""
    m, half = mpmath.mpf(0.5), mpmath.mpf(1) / 2

    def integral(end: mpmath.mpf) -> mpmath.mpf:
        return mpmath.quad(
            lambda t: mpmath.sin(t) ** (2 * order) * (1 - m * mpmath.sin(t) ** 2) ** (-half - order), [0, end]
        )

    with mpmath.workdps(30):
        turns = mpmath.nint(amplitude / mpmath.pi)
        whole = integral(amplitude - turns * mpmath.pi) + 2 * turns * integral(mpmath.pi / 2)
        truth = float(mpmath.rf(half, order) * whole)
    assert FLOAT64.function("ellipf_derivative")(float(order), amplitude, 0.5) == pytest.approx(
        truth, rel=4e-16
    )


#: Below and beside 1, of both signs, and where the root under the integral ends hardly beyond the amplitude.
PARAMETERS = [
    (2, 0.5, 0.3),
    (3, 1.2, 0.9),
    (2, 1.5, -7.5),
    (2, -1.1, 0.05001),
    (2, 0.5, 1.7),
    (3, 1e-3, 0.5),
    (2, 1.1747961012681465, 1.1747961012681465),
]


@pytest.mark.parametrize(("order", "amplitude", "m"), PARAMETERS)
@pytest.mark.parametrize(("name", "of"), [("ellipf", mpmath.ellipf), ("ellipeinc", mpmath.ellipe)])
def test_derivatives_by_the_parameter(name: str, of: Any, order: int, amplitude: float, m: float) -> None:
    """Against mpmath's differences of its own values, at so many digits that they lose none that matter."""
    with mpmath.workdps(120):
        truth = float(mpmath.diff(lambda p: of(amplitude, p), m, order, h=mpmath.mpf(10) ** -40))
    found = FLOAT64.function(f"{name}_derivative")(float(order), amplitude, m)
    assert found == pytest.approx(truth, rel=4e-16, abs=0)
