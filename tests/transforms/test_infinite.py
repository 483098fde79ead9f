"""A gradient beside a value that is no finite number may be wrong, which is told; all others come without a word."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calcgrad import grad, value_and_grad


def far(x: Any) -> Any:
    return np.log(1 + x**4)


def in_all(x: Any) -> Any:
    return np.sum(far(x))


def outside(x: Any) -> Any:
    return np.where(x > 0, x, np.nan)


@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")
@pytest.mark.parametrize(
    ("made", "function", "at"),
    [
        (grad, far, 1e78),
        (value_and_grad, far, 1e78),
        (lambda f: grad(grad(f)), far, 1e78),
        (grad, in_all, np.array([1e78, 2.0])),
        (grad, outside, -1.0),
    ],
)
def test_it_is_told_at_the_callers_line(
    made: Callable[..., Any], function: Callable[..., Any], at: Any
) -> None:
    with pytest.warns(RuntimeWarning, match=rf"{function.__name__} is (inf|nan) here") as caught:
        made(function)(at)
    assert __file__ in {w.filename for w in caught}


@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")
@pytest.mark.parametrize("backend", [True, "numpy"])
def test_a_compiled_gradient_tells_it_at_every_call(backend: bool | str) -> None:
    gradient = grad(far, compile=backend)
    gradient(2.0)
    for _ in range(2):
        with pytest.warns(RuntimeWarning, match="far is inf here"):
            gradient(1e78)


QUIET: list[tuple[Callable[..., Any], Any]] = [
    (np.log, 0.0),  # the gradient is infinite: a word by itself
    (far, 1e70),
    (far, np.float32(2.0)),
    (lambda x: x * 2, np.inf),  # the argument was infinite
    (lambda x: np.exp(-x), 800.0),
    (lambda z: np.abs(z) ** 2, 1 + 2j),
    (lambda x: np.where(x > 0, np.log(np.abs(x)), -np.inf), -1.0),  # the infinity is the function's own
    (lambda x: -np.inf if x < 0 else x * x, -1.0),
    (lambda x: x + np.inf, 1.0),
]


@pytest.mark.parametrize(("function", "at"), QUIET)
def test_others_come_without_a_word(function: Callable[..., Any], at: Any) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "(.*) is (inf|nan) here")
        warnings.filterwarnings("ignore", "divide by zero")
        grad(function)(at)
