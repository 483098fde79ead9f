"""Native sweeps that lose numbers below or beyond the doubles give what is right all the same; truth is mpmath's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import calcgrad
from tests.tracing.test_scaling import CASES, TWICE, WAYS, _true

SOME = ["y**2/exp(y)", "1/cosh(x)", "1e300/x"]


@pytest.mark.parametrize("way", ["grad", "jacfwd", "vjp"])
@pytest.mark.parametrize("name", SOME)
def test_a_native_gradient_keeps_its_digits(name: str, way: str) -> None:
    f, x = CASES[name]
    compiled = calcgrad.compile(WAYS[way](lambda t: f(t, np)), backend="native")
    compiled(1.25)
    assert [float(compiled(x)) for _ in range(3)] == pytest.approx([_true(name, 1)] * 3, rel=1e-13)
    assert (compiled.backend, compiled.traces) == ("native", 1)


@pytest.mark.parametrize("way", TWICE)
def test_so_does_a_second_derivative(way: str) -> None:
    f, x = CASES["1/cosh(x)"]
    compiled = calcgrad.compile(TWICE[way](lambda t: f(t, np)), backend="native")
    assert [float(compiled(x)) for _ in range(3)] == pytest.approx([_true("1/cosh(x)", 2)] * 3, rel=1e-12)


@pytest.mark.parametrize("n", [2, 100_000])  # long loops let go of Python's lock
def test_so_it_is_over_arrays(n: int) -> None:
    f, x = CASES["y**2/exp(y)"]
    compiled = calcgrad.compile(calcgrad.grad(lambda v: np.sum(f(v, np))), backend="native")
    at = np.full(n, 1.25)
    compiled(at)
    at[-1] = x
    for _ in range(3):
        assert compiled(at)[-1] == pytest.approx(_true("y**2/exp(y)", 1), rel=1e-13)
    assert compiled.backend == "native"


def test_stages_with_numpy_in_between_are_watched() -> None:
    m = np.array([[2.0, 1.0], [0.0, 1.0]])
    plain = calcgrad.grad(lambda v: np.sum(m @ (v**2 / np.exp(v))))
    compiled = calcgrad.compile(plain, backend="native")
    at = np.array([400.0, 300.0])
    compiled(np.array([1.0, 2.0]))
    for _ in range(3):
        np.testing.assert_allclose(compiled(at), plain(at), rtol=1e-13)


def test_a_tape_is_watched() -> None:
    def long(x: Any) -> Any:
        y = x
        for _ in range(300):
            y = y * 1.0625 - y * 0.0625
        return y**2 / np.exp(y)

    plain = calcgrad.value_and_grad(long)
    compiled = calcgrad.compile(plain, backend="native")
    compiled(1.5)
    assert "a tape of" in compiled.source
    for _ in range(3):
        assert compiled(400.0) == pytest.approx(plain(400.0), rel=1e-9)
    assert abs(compiled(400.0)[1] / _true("y**2/exp(y)", 1) - 1) < 1e-9


def test_a_program_that_becomes_native_is_watched() -> None:
    f, x = CASES["1/cosh(x)"]
    compiled = calcgrad.compile(calcgrad.grad(lambda v: np.sum(f(v, np))))
    at = np.array([x, 1.0])
    found = [compiled(at)[0] for _ in range(60)]
    assert found == pytest.approx([_true("1/cosh(x)", 1)] * 60, rel=1e-13)
    assert compiled.backend == "native"


def _calls(function: Any, first: Any, leaf: Any) -> int:
    """How often a call of the native function is left to the function itself."""
    calls: list[Any] = []

    def counted(v: Any) -> Any:
        calls.append(v)
        return function(v)

    compiled = calcgrad.compile(counted, backend="native")
    compiled(first)
    calls.clear()
    compiled(leaf)
    return len(calls)


def test_flags_that_others_left_and_far_tails_slow_nothing_down() -> None:
    def slope(v: Any) -> Any:
        return calcgrad.grad(lambda v: np.log(np.sum(np.exp(v - np.max(v)))) * v[0])(v)

    v = np.array([3.0, -800.0, -1e4, 1.0])
    assert 1e-200 * float(np.exp(-600.0)) == 0.0  # raises the processor's flag
    assert _calls(slope, v / 800.0, v) == 0
    slope_of_quotient = calcgrad.grad(lambda v: np.sum(v**2 / np.exp(v)))
    assert _calls(slope_of_quotient, np.array([1.0, 2.0]), np.array([400.0, 1.0])) == 1
