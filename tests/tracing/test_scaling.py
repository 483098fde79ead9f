"""Gradients of NumPy functions whose sweeps leave the range of doubles on the way; truth is mpmath's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

import calcgrad
from calcgrad.tracing import scaling

#: The same function for NumPy and for mpmath, and a point whose derivatives of order one and two are doubles.
CASES: dict[str, tuple[Callable[..., Any], float]] = {
    "y**2/exp(y)": (lambda y, m: y**2 / m.exp(y), 400.0),
    "1/cosh(x)": (lambda x, m: 1 / m.cosh(x), 400.0),
    "1/sinh(x)": (lambda x, m: 1 / m.sinh(x), 350.0),
    "1/exp(x)": (lambda x, m: 1 / m.exp(x), 500.0),
    "exp(x)/cosh(x)**2": (lambda x, m: m.exp(x) / m.cosh(x) ** 2, 300.0),
    "x/sqrt(1 + exp(2x))": (lambda x, m: x / m.sqrt(1 + m.exp(2 * x)), 340.0),
    "1e300/x": (lambda x, m: 1e300 / x, 1e200),
    "1e200*(x/1e250)**3": (lambda x, m: 1e200 * (x / 1e250) ** 3, 1e200),
}
WAYS: dict[str, Callable[..., Any]] = {
    "grad": calcgrad.grad,
    "jacrev": calcgrad.jacrev,
    "jacfwd": calcgrad.jacfwd,
    "jvp": lambda f: lambda x: calcgrad.jvp(f, (x,), (np.ones_like(x) if np.ndim(x) else 1.0,))[1],
    "vjp": lambda f: lambda x: calcgrad.vjp(f, x)[1](1.0)[0],
}
TWICE: dict[str, Callable[..., Any]] = {
    "grad of grad": lambda f: calcgrad.grad(calcgrad.grad(f)),
    "hessian": calcgrad.hessian,
    "jacfwd of jacfwd": lambda f: calcgrad.jacfwd(calcgrad.jacfwd(f)),
}


def _true(name: str, order: int) -> float:
    f, x = CASES[name]
    with mpmath.workdps(900):
        point = mpmath.mpf(x)
        return float(mpmath.diff(lambda t: f(t, mpmath), point, order, h=point * mpmath.mpf(10) ** -300))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CASES)
def test_a_gradient_in_range_is_right_although_a_number_on_the_way_is_not(name: str, way: str) -> None:
    f, x = CASES[name]
    assert float(WAYS[way](lambda t: f(t, np))(x)) == pytest.approx(_true(name, 1), rel=1e-13)


@pytest.mark.parametrize("name", CASES)
def test_so_it_is_over_arrays(name: str) -> None:
    f, x = CASES[name]
    found = calcgrad.grad(lambda v: np.sum(f(v, np)))(np.array([x, 0.5 * x]))
    assert found[0] == pytest.approx(_true(name, 1), rel=1e-13)
    assert np.all(np.isfinite(found))


@pytest.mark.parametrize("way", TWICE)
@pytest.mark.parametrize("name", [name for name in CASES if name not in ("1e300/x", "1e200*(x/1e250)**3")])
def test_a_second_derivative_is_right_too(name: str, way: str) -> None:
    f, x = CASES[name]
    assert float(TWICE[way](lambda t: f(t, np))(x)) == pytest.approx(_true(name, 2), rel=1e-12)


def test_single_precision_has_seeds_of_its_own() -> None:
    x = np.float32(50.0)
    found = calcgrad.grad(lambda t: t**2 / np.exp(t))(x)
    assert found.dtype == np.float32
    assert float(found) == pytest.approx(float((100 - 2500) * mpmath.exp(-50)), rel=1e-5)


def test_a_rule_of_the_users_own_is_called_once() -> None:
    calls: list[Any] = []

    def rule(x: Any) -> Any:
        return 1e-200 * x, lambda d: (calls.append(d) or d * 1e-200,)

    tiny = calcgrad.custom_rule(lambda x: 1e-200 * x, vjp=rule)
    assert calcgrad.grad(lambda x: tiny(tiny(x)))(1.0) == 0.0
    assert len(calls) == 2


def test_a_program_is_written_for_the_plain_seed() -> None:
    compiled = calcgrad.compile(calcgrad.grad(lambda x: x**2 / np.exp(x)))
    compiled(400.0)
    assert compiled(2.0) == 0.0
    assert "2.0**600" not in compiled.source
    assert str(2.0**600) not in compiled.source


def test_where_the_processor_has_no_flags_the_floats_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scaling, "_processor", lambda: None)
    f, x = CASES["1/cosh(x)"]
    assert calcgrad.grad(lambda t: f(t, np))(x) == pytest.approx(_true("1/cosh(x)", 1), rel=1e-13)


def test_a_true_zero_and_an_infinite_slope_stay_what_they_are() -> None:
    assert calcgrad.grad(lambda x: x**2 + np.exp(x) * 0.0)(0.0) == 0.0
    assert calcgrad.grad(lambda x: 1e300 * np.exp(x))(700.0) == np.inf
    assert calcgrad.grad(np.sqrt)(0.0) == np.inf


@pytest.mark.filterwarnings("ignore:<lambda> is inf here:RuntimeWarning")
@pytest.mark.parametrize("way", TWICE)
def test_a_value_that_overflows_spoils_no_second_derivative(way: str) -> None:
    """The infinite first derivative asks for a smaller seed, in which a part of the second one underflows."""
    x = 1e107
    with mpmath.workdps(900):
        point = mpmath.mpf(x)
        true = mpmath.diff(
            lambda t: t**2 * mpmath.asinh(t) * mpmath.mpf(1e206), point, 2, h=point / mpmath.mpf(10) ** 300
        )
    with np.errstate(over="ignore"):  # NumPy's word of the value
        found = TWICE[way](lambda t: t**2 * np.arcsinh(t) * 1e206)(x)
    assert float(found) == pytest.approx(float(true), rel=1e-12)
    if way == "hessian":
        with np.errstate(over="ignore"):
            both = TWICE[way](lambda t: np.sum(t**2 * np.arcsinh(t) * 1e206))(np.array([x, 0.5 * x]))
        assert both[0, 0] == pytest.approx(float(true), rel=1e-12)


def test_a_number_that_is_lost_before_an_array_is_noticed() -> None:
    """The adjoint of the sum is 1e-400, a number; all else is in range."""
    f = lambda w: np.sum(w * 1e300) * 1e-200 * 1e-200  # noqa: E731
    for way in (calcgrad.grad, calcgrad.jacrev, calcgrad.jacfwd):
        assert way(f)(np.array([1.0, 2.0])) == pytest.approx([1e-100, 1e-100], rel=1e-13)


@pytest.mark.parametrize("way", [calcgrad.grad, calcgrad.jacrev, calcgrad.jacfwd])
@pytest.mark.parametrize(("kind", "far"), [(float, 1e155), (np.float32, 1e20)])
def test_infinities_that_meet_are_noticed(way: Any, kind: Any, far: float) -> None:
    """The sweep gives nan, and a sweep with masks is made for that; what the first one lost counts all the same."""
    x = np.array([1.25, -0.5], kind)
    found = way(lambda v: np.sum(np.sin(v) / v / (far / 1e5) * far * far))(x)
    assert found.dtype == x.dtype
    true = (np.cos(x) / x - np.sin(x) / x**2) * 1e5
    np.testing.assert_allclose(found / kind(far), true, rtol=1e-12 if kind is float else 1e-5)


@pytest.mark.filterwarnings("ignore:.*beyond the range of doubles:RuntimeWarning")  # of the first derivative
@pytest.mark.parametrize("way", TWICE)
def test_a_zero_that_a_smaller_seed_makes_is_no_derivative(way: str) -> None:
    """The second derivative is -4e588: infinite by the plain seed, and 0 by 2^-1020, which 1.4e-130 takes below the doubles."""
    y = -1.5e-153
    assert float(TWICE[way](lambda t: 1 / (t * 1.4e-130))(y)) == -np.inf
    found = TWICE[way](lambda v: np.sum(1 / (v * 1.4e-130)))(np.array([y])) if way == "hessian" else -np.inf
    assert np.all(found == -np.inf)


#: Ways that go through entries of long vectors, to which NumPy adds (and forgets what floats have lost).
ENTRIES: dict[str, Callable[..., Any]] = {
    "grad": lambda f, v, e: calcgrad.grad(f)(v)[0],
    "jvp": lambda f, v, e: calcgrad.jvp(f, (v,), (e,))[1],
    "vjp": lambda f, v, e: calcgrad.vjp(f, v)[1](1.0)[0][0],
    "linearize": lambda f, v, e: calcgrad.linearize(f, v)[1](e),
    "hvp": lambda f, v, e: calcgrad.hvp(f, (v,), (e,))[0],
}


@pytest.mark.parametrize("way", ENTRIES)
@pytest.mark.parametrize("size", [3, 5_000])
def test_entries_of_vectors_are_noticed(size: int, way: str) -> None:
    v = np.full(size, 2.5)
    v[0] = 400.0
    found = ENTRIES[way](lambda v: v[0] ** 2 / np.exp(v[0]) + v[1], v, np.eye(1, size)[0])
    assert float(found) == pytest.approx(_true("y**2/exp(y)", 2 if way == "hvp" else 1), rel=1e-12)


def _long(v: Any) -> Any:
    total = np.sum(v[3:5]) * 0.0
    for k in range(2_600):
        total = total + v[k % 3] ** 2 / np.exp(v[k % 3])
    return total


@pytest.mark.parametrize("way", [way for way in ENTRIES if way != "hvp"])
def test_long_traces_are_swept_again_where_something_was_lost(way: str) -> None:
    v = np.array([400.0, 2.5, 0.0, 1.0, 2.0])
    found = float(ENTRIES[way](_long, v, np.eye(1, 5)[0]))
    assert found == pytest.approx(867 * _true("y**2/exp(y)", 1), rel=1e-11)


def test_an_ordinary_zero_is_no_reason_to_sweep_a_long_trace_again(monkeypatch: pytest.MonkeyPatch) -> None:
    if scaling._processor() is None:
        pytest.skip("there the zeros are all that is known")
    monkeypatch.setattr(scaling, "best", None)
    v = np.array([4.0, 2.5, 0.0, 1.0, 2.0])
    assert calcgrad.grad(_long)(v)[2] == 0.0
    assert calcgrad.jvp(_long, (v,), (np.eye(5)[2],))[1] == 0.0
