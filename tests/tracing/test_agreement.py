"""A function that takes another way when it is traced is refused; one of chance is noted; what rounds otherwise is taken."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad import CalcgradError, grad
from calcgrad.tracing.agreement import RandomFunctionWarning

X = np.array([1.0, 2.0, 3.0])


def by_class(x: Any) -> Any:
    k = 2.0
    if isinstance(x, np.ndarray):
        k = 3.0
    return np.sum(k * x)


def by_scalar(x: Any) -> Any:
    if np.isscalar(x[0]):
        return np.sum(x**2)
    return np.sum(x)


def by_float(x: Any) -> Any:
    return np.sum(x) * (2.0 if isinstance(x[1], float) else 1.0)


class Model:
    def __call__(self, x: Any) -> Any:
        return np.sum(x) if type(x) is np.ndarray else np.sum(x) + 1.0


OTHERWISE: list[Callable[[Any], Any]] = [by_class, by_scalar, by_float, Model(), lambda x: by_class(x) ** 2]
WAYS: list[Callable[[Any], Any]] = [
    grad,
    lambda f: grad(f, compile=True),
    calcgrad.compile,
    calcgrad.hessian,
    calcgrad.jacfwd,
    lambda f: lambda x: calcgrad.jvp(f, (x,), (x,)),
    lambda f: lambda x: calcgrad.vjp(f, x),
    lambda f: grad(lambda y: grad(f)(y) @ y),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("f", OTHERWISE)
def test_another_value_is_refused_each_time(f: Callable[[Any], Any], way: Callable[[Any], Any]) -> None:
    for _ in range(2):
        with pytest.raises(CalcgradError, match="without tracing") as caught:
            way(f)(X)
        assert caught.value.diagnostic.code == "E460"


def test_the_place_where_the_runs_part_is_named() -> None:
    line = by_class.__code__.co_firstlineno + 2
    with pytest.raises(CalcgradError, match=rf"the runs part after test_agreement.py:{line}"):
        grad(by_class)(X)


def test_trusted_functions_are_not_compared() -> None:
    calls: list[Any] = []

    def f(x: Any) -> Any:
        calls.append(x)
        return by_class(x)

    with calcgrad.trusted():
        np.testing.assert_array_equal(grad(f)(X), [2.0, 2.0, 2.0])
    assert len(calls) == 1


def test_each_function_and_shape_is_compared_once() -> None:
    calls: list[Any] = []

    def made() -> Callable[[Any], Any]:
        return lambda x: calls.append(0) or np.sum(x * x)

    for _ in range(5):
        grad(made())(X)
    assert len(calls) == 5 + 1
    grad(made())(np.ones(4))
    grad(made())(np.ones(4, np.float32))
    assert len(calls) == 5 + 1 + 4
    calcgrad.hessian(made())(np.ones(4))
    assert len(calls) == 5 + 1 + 4 + 1


def test_a_function_of_chance_is_noted_once() -> None:
    source = np.random.default_rng(3)

    def f(x: Any) -> Any:
        return np.sum(x * source.normal(size=3))

    with pytest.warns(RandomFunctionWarning, match="f has another value each time"):
        grad(f)(X)
    grad(f)(X)


def test_the_global_generators_are_left_as_they_were() -> None:
    def f(x: Any) -> Any:
        return np.sum(x * np.random.normal(size=3)) + x[0] * random.random()

    def drawn(times: int) -> Any:
        np.random.seed(5)
        random.seed(5)
        return [grad(f)(X) for _ in range(times)]

    compared = drawn(3)
    with calcgrad.trusted():
        np.testing.assert_array_equal(compared, drawn(3))


def test_what_rounds_otherwise_is_taken() -> None:
    def cancelling(x: Any) -> Any:
        return np.sum(np.sin(x) ** 2 + np.cos(x) ** 2 - 1.0) + np.var(x + 1e7) - np.var(x)

    assert grad(cancelling)(X).shape == (3,)
    assert grad(lambda x: np.exp(x) / np.exp(x) - 1.0)(0.3) == pytest.approx(0.0, abs=1e-15)
    assert np.isnan(grad(lambda x: np.sqrt(x) * 1.0)(-1.0))


def test_arguments_are_copied_for_the_plain_run() -> None:
    seen: list[Any] = []

    def f(x: Any, data: Any) -> Any:
        seen.append(data)
        data[0] += 1.0
        return np.sum(x * data)

    data = np.zeros(3)
    np.testing.assert_array_equal(grad(f)(X, data), [1.0, 0.0, 0.0])
    assert data[0] == 1.0
    assert len({id(d) for d in seen}) == 2


def test_what_raises_without_tracing_is_not_compared() -> None:
    def f(x: Any) -> Any:
        if isinstance(x, np.ndarray):
            raise RuntimeError("plain")
        return np.sum(x)

    np.testing.assert_array_equal(grad(f)(X), np.ones(3))


def test_diff_gives_no_row_of_another_function() -> None:
    report = calcgrad.diff(by_class, at={"x": X})
    rows = {r.method: r for r in report.points[0].results}
    assert rows["forward-ad"].value is None
    assert rows["reverse-ad"].value is None
    assert "without tracing" in (rows["forward-ad"].note or "")
    assert rows["adaptive"].value == pytest.approx(3.0)
