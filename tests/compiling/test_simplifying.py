"""Programs with fewer operations have the values of the function: to the bit where only signs move, else to the last places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

import calcgrad
from calcgrad.compiling.graph import build
from calcgrad.compiling.program import trace
from calcgrad.compiling.simplifying import simplified, spoiled

X = np.array([0.5, -1.5, 0.0, -0.0, 3.0, 1e-3])
Y = np.array([2.5, 0.75, -0.0, 0.0, -7.0, 1e3])


def operations(function: Callable[..., Any], *args: Any) -> list[str]:
    """The operations of a function's program after simplifying."""
    program, output = trace(function, args)
    graph = simplified(build(program, [output.slot]))
    return sorted(v.op for v in graph.values if v.op not in ("input", "constant"))


#: A function, and what is left of it; signs alone are moved, so that each is exact.
EXACT = (
    (lambda x, y: x + (-y), ["sub"]),
    (lambda x, y: (-x) + y, ["sub"]),
    (lambda x, y: x - (-y), ["add"]),
    (lambda x, y: (-x) * (-y), ["mul"]),
    (lambda x, y: x + (-x) * y, ["mul", "sub"]),
    (lambda x, y: -(x * 2.0) * y, ["mul", "mul"]),
    (lambda x, y: x - (-x) / y, ["add", "div"]),
    (lambda x, y: -np.negative(x) * y, ["mul"]),
    (lambda x, y: -(3.0 * x) - y, ["mul", "sub"]),
    (lambda x, y: -(3.0 / x) - y, ["div", "sub"]),
    (lambda x, y: (2.0 * x) * (4.0 * y), ["mul", "mul"]),
    (lambda x, y: x**2 * y - np.square(x), ["mul", "mul", "sub"]),
)


@pytest.mark.parametrize("k", range(len(EXACT)))
def test_signs(k: int) -> None:
    function, known = EXACT[k]
    with np.errstate(all="ignore"):
        assert operations(function, X, Y) == known
        assert calcgrad.compile(function)(X, Y).tobytes() == function(X, Y).tobytes()
        for x, y in zip(X.tolist(), Y.tolist(), strict=True):
            assert operations(function, x, y) == known
            if y and x:
                assert calcgrad.compile(function)(x, y) == function(x, y)


def test_factors_meet() -> None:
    def f(x: Any, y: Any) -> Any:
        return (20.0 * x) * (3.0 * y) * 7.0

    assert operations(f, X, Y) == ["mul", "mul"]
    assert np.allclose(calcgrad.compile(f)(X, Y), f(X, Y), rtol=1e-15, atol=0)


def test_factors_stay_where_they_keep_a_value_in_range() -> None:
    for f, x, y in (
        (lambda x, y: (1e-200 * x) * (1e-200 * y), 1e250, 1e250),
        (lambda x, y: 1e200 * (1e200 * x) * y, 1e-300, 1e-300),
        (lambda x, y: 1e-200 * (1e-200 * x) * y, 1e300, 1e300),
        (lambda x, y: (0.001 * x) * (0.001 * y), 1e157, 1e152),
    ):
        exact = mpmath.mpf(f(mpmath.mpf(x), mpmath.mpf(y)))
        for value in (
            calcgrad.compile(f)(x, y),
            calcgrad.compile(f)(np.array([x, x]), np.array([y, y]))[0],
        ):
            assert abs(value - exact) <= 4e-16 * abs(exact)


def test_the_slope_of_a_cube() -> None:
    slope = calcgrad.grad(lambda x, y: x**3 * y)
    assert operations(slope, 2.0, 3.0).count("mul") == 3
    compiled = calcgrad.compile(slope)
    for x, y in ((2.0, 3.0), (-1e-3, 7.0), (1e-170, 1e300), (1e160, 1e-200), (0.0, 1.0)):
        exact = 3 * mpmath.mpf(x) ** 2 * mpmath.mpf(y)
        assert abs(compiled(x, y) - exact) <= 4e-16 * abs(exact)
    assert compiled(np.inf, 1.0) == np.inf
    assert np.isnan(compiled(np.nan, 1.0))


def test_a_quotient_that_is_known_is_not_made_of_the_reciprocal_again() -> None:
    def f(x: Any, y: Any) -> Any:
        return x / y + x * (1.0 / y)

    x, y = np.abs(X) + 0.1, np.abs(Y) + 0.3
    assert operations(f, x, y) == ["add", "div"]
    assert np.allclose(calcgrad.compile(f)(x, y), f(x, y), rtol=1e-15, atol=0)
    assert operations(lambda x, y: x * (1.0 / y), x, y) == ["div", "mul"]


@pytest.mark.parametrize(
    "equal", [lambda x: 0.1 * (0.3 * x), lambda x: (20.0 * x) * (3.0 * x), lambda x: x**0.5]
)
def test_what_decides_is_computed_to_the_bit(equal: Callable[[Any], Any]) -> None:
    for x in np.linspace(0.1, 0.9, 20).tolist():
        bound = equal(x)
        compiled = calcgrad.compile(lambda x: x * 2.0 if equal(x) == bound else x * 3.0)  # noqa: B023
        compiled(2.0)
        for _ in range(3):
            assert compiled(x) == x * 2.0


def test_a_decision_that_falls_otherwise_in_a_sum_of_blocks() -> None:
    x = np.random.default_rng(1).normal(size=100_000)
    total = float(np.sum(x * x))
    f = lambda x: np.sum(x) if np.sum(x * x) == total else np.sum(x) * 0.0  # noqa: E731
    assert calcgrad.compile(f)(x) == f(x)


def test_a_factor_that_is_read_elsewhere_stays() -> None:
    def f(x: Any, y: Any) -> Any:
        inner = -x
        return inner * y + np.sin(inner)

    assert operations(f, X, Y) == ["add", "mul", "neg", "sin"]
    with np.errstate(all="ignore"):
        assert calcgrad.compile(f)(X, Y).tobytes() == f(X, Y).tobytes()


def test_singles_and_smaller_arrays() -> None:
    x, y = X.astype(np.float32), Y.astype(np.float32)
    f = lambda x, y: x - (-(2.0 * x)) * y  # noqa: E731
    found = calcgrad.compile(f)(x, y)
    assert found.dtype == np.float32
    assert np.allclose(found, f(x, y), rtol=1e-6)
    a, b = np.arange(3.0), np.arange(12.0).reshape(4, 3)
    g = lambda a, b: (3.0 * a) * (-b) + a  # noqa: E731
    assert np.array_equal(calcgrad.compile(g)(a, b), g(a, b))


def test_contributions_to_an_array() -> None:
    def f(x: Any) -> Any:
        return np.sum(x[1:] * x[:-1]) + np.sum(x[2:] ** 3) + np.sum(x[:-1] ** 2) + x[0] * x[3] + np.sum(x * x)

    for n in (6, 100_000):
        x = np.random.default_rng(1).normal(size=n)
        slope = calcgrad.grad(f)
        compiled = calcgrad.compile(slope)
        assert np.allclose(compiled(x), slope(x), rtol=1e-13, atol=1e-13)
        assert np.allclose(compiled(-x), slope(-x), rtol=1e-13, atol=1e-13)


def test_only_parts_of_an_array() -> None:
    for f in (
        lambda x: x[1] * x[2],
        lambda x: x[0] + np.sum(x[2:4] ** 2),
        lambda x: np.sum(x[::2] ** 2) * x[5],
        lambda x: np.sum(x[2:3] * x[2:3] + x[2:3]),
    ):
        slope = calcgrad.grad(f)
        assert np.allclose(calcgrad.compile(slope)(X), slope(X), rtol=1e-15)


@pytest.mark.parametrize(
    ("function", "known"),
    [
        (lambda x: np.sum(x[1:] ** 2) + np.sum(x[:-1]), False),
        (lambda x: np.sum(np.sqrt(x)[:-1]), True),
        (lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0.0)), True),
        (lambda x: np.sum(x.reshape(2, 3)[1] * 2.0), False),
    ],
)
def test_where_zeros_may_meet_an_infinite_slope(function: Any, known: bool) -> None:
    program, output = trace(calcgrad.grad(function), [np.abs(X) + 1.0])
    slots = [output.slot] if hasattr(output, "slot") else []
    assert spoiled(build(program, slots)) is known
    x = np.array([1.0, 4.0, 0.0, 9.0, 16.0, 0.0])
    slope = calcgrad.grad(function)
    for compiled in (calcgrad.compile(slope),):
        for _ in range(4):
            assert np.array_equal(compiled(x), slope(x), equal_nan=True)


def test_parameters_with_names_of_the_program() -> None:
    def f(v1: Any, b0: Any, w3_0: Any, e0: Any, l2: Any, k: Any) -> Any:
        return np.sum(v1[1:] * b0[:-1]) + w3_0[0] * e0[1] * e0[2] * e0[3] * e0[4] + np.sum(l2 * k)

    args = tuple(np.random.default_rng(0).normal(size=(6, 6)))
    slope = calcgrad.grad(f, (0, 1, 2, 3, 4, 5))
    assert all(map(np.allclose, calcgrad.compile(slope)(*args), slope(*args)))
