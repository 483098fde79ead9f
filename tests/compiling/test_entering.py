"""The quick way into a compiled function: whatever a call gives, it answers as the thorough way does."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.compiling.compiled import Compiled


def quick(function: Callable[..., Any], *args: Any) -> Compiled:
    """The function compiled, and called until calls with such arguments go the quick way."""
    compiled = calcgrad.compile(function)
    for _ in range(3):
        compiled(*args)
    assert type(compiled).__call__ is not Compiled.__call__
    return compiled


def difference(x: Any, y: Any = 0.5) -> Any:
    return x * x - y * x


@pytest.mark.parametrize("kind", [float, np.float64, np.asarray])
def test_numbers_of_every_kind(kind: Any) -> None:
    f = quick(difference, kind(3.0), kind(2.0))
    assert f(kind(4.0), kind(2.0)) == 8.0
    assert type(f(kind(4.0), kind(2.0))) is float
    assert f.traces == 1


def test_calls_that_are_made_otherwise() -> None:
    f = quick(difference, 3.0, 2.0)
    assert f(3.0) == 7.5
    assert f(3.0, y=1.0) == f(y=1.0, x=3.0) == f(x=3.0, y=1.0) == 6.0
    assert f(np.float64(3.0), 1.0) == f(3.0, np.float64(1.0)) == f(np.float32(3.0), np.float32(1.0)) == 6.0
    assert f(3, 1) == 6
    assert f(np.array([3.0, 4.0]), 1.0).tolist() == [6.0, 12.0]
    assert f(3.0, 2.0) == 3.0
    with pytest.raises(TypeError):
        f()
    with pytest.raises(TypeError):
        f(1.0, 2.0, 3.0)
    with pytest.raises(TypeError):
        f(1.0, z=2.0)


def test_arrays_of_other_shapes_and_precisions() -> None:
    f = quick(lambda x: np.sum(x * x), np.ones(3))
    assert f(np.ones(4)) == 4.0
    assert f(np.ones((3, 1))) == 3.0
    assert f(np.ones(3, np.float32)).dtype == np.float32
    assert f(np.ones(3, ">f8")) == 3.0
    assert f(np.arange(3)) == 5
    assert f(np.ones(6)[::2]) == 3.0


def test_branches_in_turn() -> None:
    f = quick(lambda x: x * 2.0 if x > 0 else -x, 1.0)
    for x in (1.0, -1.0, -1.0, -1.0, 2.0, 2.0, 2.0, -3.0, 4.0, -5.0, math.nan):
        known = x * 2.0 if x > 0 else -x
        assert f(x) == known or math.isnan(known)
    assert f.traces == 2


def test_values_where_math_raises() -> None:
    f = quick(lambda x: np.log(x) / x, 1.0)
    assert f(0.0) == -math.inf
    assert math.isnan(f(-1.0))
    assert f(math.inf) != f(math.inf) or f(math.inf) == 0.0
    assert quick(lambda x: 1.0 / x, 1.0)(np.float64(0.0)) == math.inf


def test_names_of_python_and_of_the_program() -> None:
    def f(type: Any, float: Any, is_: Any, _same: Any, found: Any) -> Any:
        return type + 2.0 * float + 3.0 * is_ + 4.0 * _same + 5.0 * found

    for kind in (float, np.float64):
        assert quick(f, *map(kind, range(5)))(*map(kind, (1.0, 2.0, 3.0, 4.0, 5.0))) == 55.0


def test_a_zero_by_structure_that_meets_an_infinite_slope() -> None:
    slope = calcgrad.grad(lambda x: np.sum(np.where(x > 0.0, np.sqrt(x), 0.0)))
    f, x = quick(slope, np.array([1.0, 4.0])), np.array([1.0, 0.0])
    for _ in range(3):
        assert f(x).tolist() == slope(x).tolist() == [0.5, 0.0]


def test_within_a_derivative_and_in_the_hands_of_others() -> None:
    f = quick(np.sin, 1.0)
    assert calcgrad.grad(f)(1.0) == math.cos(1.0)
    assert f.function(1.0) == f(1.0)
    other = quick(np.cos, 1.0)
    assert (f(1.0), other(1.0)) == (math.sin(1.0), math.cos(1.0))
    assert isinstance(f, Compiled)


@pytest.mark.parametrize("kind", [float, np.float64])
def test_a_decision_that_falls_otherwise_where_math_raises(kind: Any) -> None:
    f = quick(lambda x: np.where(x < 0.0, 1.0, np.log(x)) if x * np.exp(x) < 5.0 else -x, kind(1.0))
    assert f(kind(1000.0)) == -1000.0
    assert f(kind(0.5)) == math.log(0.5)
    assert f(kind(1000.0)) == -1000.0
