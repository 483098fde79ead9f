"""Casts to whole numbers and truth values are steps of a staircase: their slope is 0, and never that of the identity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import calcgrad
from tests.numpy_names.measuring import first_difference

X = np.array([1.45, -2.3, 0.7, 3.9])
DTYPES = ["int", "bool", "int8", "int16", "int32", "int64", "uint8", "uint64", "?", "<i4"]

CASTS: list[tuple[str, Callable[[Any], Any]]] = [
    *[(f"astype({d})", lambda x, d=d: x * np.abs(x).astype(d)) for d in DTYPES],
    ("minus itself", lambda x: x - x.astype(int)),
    ("parity", lambda x: x * ((2 * x).astype(int) % 2)),
    ("negative", lambda x: x * x.astype(np.int32)),
    ("floor", lambda x: x * np.floor(x).astype(int)),
    ("rint", lambda x: x * np.rint(x).astype(int)),
    ("mask", lambda x: x * (x > 0).astype(float)),
    ("index", lambda x: x[(x > 0).astype(int)] * x),
    ("of a number", lambda x: x * np.floor(x[0]).astype(int)),
    ("of a comparison", lambda x: x * (x[0] > x[1]).astype(float)),
    ("int()", lambda x: x * int(x[3])),
    ("~ of a number's comparison", lambda x: x[0] * x if ~(x[1] > 0) else x),
    ("of the square", lambda x: (x**2).astype(int) * x**2),
    ("numpy.int64()", lambda x: x * np.int64(x)),
    ("numpy.float64()", lambda x: np.float64(x) * x[0]),
    ("precision kept", lambda x: x.astype(np.float64) ** 2),
]
if hasattr(np, "astype"):
    CASTS.append(("numpy.astype", lambda x: x * np.astype(x, np.int64)))


@pytest.mark.parametrize(("name", "f"), CASTS, ids=[name for name, _ in CASTS])
class TestCast:
    def test_value_and_first_derivatives(self, name: str, f: Callable[[Any], Any]) -> None:
        u = np.array([0.3, -0.7, 0.5, 1.1])
        value, tangent = calcgrad.jvp(f, (X,), (u,))
        np.testing.assert_array_equal(value, f(X))
        assert value.dtype == f(X).dtype
        (true,) = first_difference(lambda x: [f(x)], [X], [u])
        np.testing.assert_allclose(tangent, true, rtol=1e-9, atol=1e-9)
        gradient = calcgrad.grad(lambda x: np.sum(f(x)))(X)
        assert gradient @ u == pytest.approx(np.sum(true), rel=1e-9, abs=1e-9)

    def test_compiled_here_and_beyond_the_next_step(self, name: str, f: Callable[[Any], Any]) -> None:
        compiled = calcgrad.grad(lambda x: np.sum(f(x)), compile=True)
        for x in (X, X + 0.02, X + 1.31):
            wanted = calcgrad.grad(lambda x: np.sum(f(x)))(x)
            np.testing.assert_allclose(compiled(x), wanted, rtol=1e-13)

    def test_second_derivatives(self, name: str, f: Callable[[Any], Any]) -> None:
        h = 1e-3
        g = calcgrad.grad(lambda x: np.sum(f(x)))
        true = np.array([(g(X + h * e) - g(X - h * e)) / (2 * h) for e in np.eye(4)])
        np.testing.assert_allclose(calcgrad.hessian(lambda x: np.sum(f(x)))(X), true, atol=1e-8)


def test_numbers_are_cast_as_arrays_are() -> None:
    assert calcgrad.grad(lambda x: x * np.floor(x).astype(int))(2.5) == 2.0
    assert calcgrad.grad(lambda x: x * int(x))(2.5) == 2.0
    assert calcgrad.grad(lambda x: x * int(x), compile=True)(-2.5) == -2.0


def test_a_float_is_no_index() -> None:
    with pytest.raises(TypeError, match="index"):
        calcgrad.grad(lambda x: sum(x for _ in range(x)))(3.0)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.floor(x).astype(int) * 1.0 + x,
        lambda x: int(x) + x,
        lambda x: np.trunc(x).astype(np.int8) + x,
    ],
)
def test_at_a_step_the_verdict_is_a_jump(f: Callable[[Any], Any]) -> None:
    assert calcgrad.diff(f, at={"x": np.float64(3.0)}).verdict == "jump"
    assert calcgrad.diff(f, at={"x": np.float64(3.5)}).verdict == "agree"


def test_an_entry_at_a_step_is_a_jump_too() -> None:
    report = calcgrad.diff(lambda x: np.sum(x.astype(int) * 1.0 + x), at={"x": np.array([3.0, 1.5])})
    assert report.verdict == "jump"


def test_a_number_decided_by_isfinite_has_a_report() -> None:
    assert calcgrad.diff(lambda x: x * x if np.isfinite(x) else 0.0, at={"x": 3.0}).verdict == "agree"
