"""Traced values: what is written down, levels that do not mix, and what is refused by name."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calcgrad.errors import UsageError
from calcgrad.tracing.gradients import gradients_of, primal_input, record
from calcgrad.tracing.traced import Traced


def value_and_gradients(function: Callable[..., Any], *arguments: Any) -> tuple[float, list[Any]]:
    """The value of a loss and its gradient in every argument."""
    primals = [primal_input(a, f"argument {k + 1}") for k, a in enumerate(arguments)]
    return gradients_of(record(function, primals), primals)


X = np.array([0.5, 1.25, -2.0])


def slope(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The derivative of a function of one float, for floats and traced values alike."""
    from calcgrad.tracing.gradients import scalar_of
    from calcgrad.tracing.sweeps import pull_back

    def derivative(x: Any) -> Any:
        made = record(f, [x])
        _, slot = scalar_of(made)
        return 0.0 if slot is None else pull_back(made.trace, {slot: 1.0})[0]

    return derivative


def test_a_function_of_floats() -> None:
    value, (dx, dy) = value_and_gradients(lambda x, y: x * y + np.sin(x), 1.0, 2.0)
    assert value == 2 + math.sin(1)
    assert (dx, dy) == (2 + math.cos(1), 1.0)


def test_a_function_of_arrays() -> None:
    value, (gradient,) = value_and_gradients(lambda x: np.sum(x[1:] * np.exp(x[:-1])), X)
    assert value == pytest.approx(1.25 * math.exp(0.5) - 2 * math.exp(1.25))
    known = [1.25 * math.exp(0.5), math.exp(0.5) - 2 * math.exp(1.25), math.exp(1.25)]
    assert gradient == pytest.approx(known, rel=1e-15)


def test_perturbations_are_not_confused() -> None:
    assert slope(lambda x: x * slope(lambda y: x + y)(1.0))(1.0) == 1.0
    assert slope(lambda x: x * slope(lambda y: x * y)(2.0))(3.0) == 6.0


def test_third_derivative() -> None:
    third = slope(slope(slope(lambda x: np.exp(2 * x))))
    assert third(0.3) == pytest.approx(8 * math.exp(0.6), rel=1e-14)


def test_an_untaken_branch_does_not_poison() -> None:
    x = np.array([0.0, 4.0])
    with np.errstate(divide="ignore", invalid="ignore"):
        _, (gradient,) = value_and_gradients(lambda x: np.sum(np.where(x > 0, np.sqrt(x), x)), x)
    assert gradient.tolist() == [1.0, 0.25]


def test_single_precision_stays() -> None:
    x = X.astype(np.float32)
    _, (gradient,) = value_and_gradients(lambda x: np.sum(x * 2.0 * x), x)
    assert gradient.dtype == np.float32
    assert gradient.tolist() == [2.0, 5.0, -8.0]


def test_threads_do_not_meet() -> None:
    found: dict[int, float] = {}

    def work(k: int) -> None:
        found[k] = slope(lambda x: k * x * slope(lambda y: x * y * y)(x))(2.0)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {k: k * 24.0 for k in range(16)}  # d/dx of k x (2 x x) = 6 k x^2


def _keep(kept: list[Any]) -> Callable[[Any], Any]:
    def f(x: Any) -> Any:
        kept.append(x)
        return x * 1.0

    return f


def test_a_value_that_escaped_is_refused() -> None:
    kept: list[Any] = []
    slope(_keep(kept))(1.0)
    for use in (lambda x: x + 1.0, lambda x: 2 * x, np.sin, lambda x: x * x):
        with pytest.raises(UsageError, match=r"E403.*after its derivative was done"):
            use(kept[0])


def test_a_trace_is_closed_when_the_function_raises() -> None:
    kept: list[Any] = []

    def f(x: Any) -> Any:
        kept.append(x)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        slope(f)(1.0)
    with pytest.raises(UsageError, match="E403"):
        kept[0] * 2
    assert slope(lambda x: x * x)(3.0) == 6.0


_OUTSIDE = np.zeros(3)


def _write_into_outside(x: Any) -> Any:
    _OUTSIDE[0] = x[0]
    return x


def _add_to_outside(x: Any) -> Any:
    global _OUTSIDE
    _OUTSIDE += x
    return x


@pytest.mark.parametrize(
    ("f", "code", "fix"),
    [
        (lambda x: np.array(x, dtype=int), "E401", "stop_gradient"),
        (lambda x: x.view(np.int64), "E405", "stop_gradient"),
        (_write_into_outside, "E402", "buffer.copy()"),
        (_add_to_outside, "E404", "buffer.copy()"),
    ],
)
def test_what_is_refused_says_how(f: Callable[[Any], Any], code: str, fix: str) -> None:
    with pytest.raises(UsageError) as caught:
        value_and_gradients(f, X)
    assert caught.value.diagnostic.code == code
    assert any(fix in hint for hint in caught.value.diagnostic.hints)


@pytest.mark.parametrize(
    ("argument", "code"),
    [(3, "E400"), (True, "E400"), (np.arange(3), "E400"), (np.array([1j]), "E406"), ("x", "E406")],
)
def test_arguments_that_are_no_floats(argument: Any, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        value_and_gradients(lambda x: x, argument)
    assert caught.value.diagnostic.code == code


@pytest.mark.parametrize("f", [lambda x: x, lambda x: None, lambda x: (x[0], x[1])])
def test_a_gradient_needs_one_number(f: Callable[[Any], Any]) -> None:
    with pytest.raises(UsageError, match="E407"):
        value_and_gradients(f, X)


def test_what_a_traced_value_tells_of_itself() -> None:
    seen: list[Any] = []

    def f(x: Any) -> Any:
        a, b, c = x
        seen.extend([x.shape, x.ndim, x.size, len(x), x.dtype, a > b, bool((x > 0)[0]), f"{a:.2f}", repr(a)])
        return c

    assert value_and_gradients(f, X) == (-2.0, [pytest.approx([0.0, 0.0, 1.0])])
    assert seen == [(3,), 1, 3, 3, np.float64, False, True, "Traced(0.50)", "Traced(0.5)"]


def test_the_bytes_of_a_trace() -> None:
    made = record(lambda x: np.sin(x) * x, [np.ones(1000)])
    assert made.trace.nbytes() == 3 * 8000
    assert isinstance(made.output, Traced)
