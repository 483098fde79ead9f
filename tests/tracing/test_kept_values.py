"""Values that outlive their derivative in a cache, and arrays with rules of their own: never a wrong number without a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import calcgrad

X = np.array([1.0, 2.0, 3.0])
DONE = r"E403.*after its derivative was done"


def caching() -> tuple[Callable[[Any], Any], dict[str, Any]]:
    """A function that computes its sine once, and the cache that it keeps it in."""
    cache: dict[str, Any] = {}

    def f(x: Any) -> Any:
        if "sine" not in cache:
            cache["sine"] = np.sin(x)
        return np.sum(cache["sine"] * x)

    return f, cache


#: Ways to a second derivative of a function whose cache was filled in the first.
AGAIN: dict[str, Callable[[Any], Any]] = {
    "grad": lambda f: calcgrad.grad(f)(X),
    "jvp": lambda f: calcgrad.jvp(f, (X,), (X,)),
    "hvp": lambda f: calcgrad.hvp(f, (X,), (X,)),
    "hessian": lambda f: calcgrad.hessian(f)(X),
    "compiled": lambda f: calcgrad.compile(calcgrad.grad(f))(X),
    "a plain call": lambda f: f(X),
}


@pytest.mark.parametrize("name", AGAIN)
def test_a_value_from_a_cache_is_refused(name: str) -> None:
    f, cache = caching()
    assert calcgrad.grad(f)(X) == pytest.approx(np.cos(X) * X + np.sin(X))
    with pytest.raises(calcgrad.CalcgradError, match=DONE):
        AGAIN[name](f)
    cache.clear()
    assert f(X) == pytest.approx(np.sin(X) @ X)
    assert calcgrad.grad(f)(X) == pytest.approx(
        np.sin(X)
    )  # the cache holds plain numbers, which are constants


@pytest.mark.parametrize(
    "ask",
    [
        lambda kept: calcgrad.jacobian(lambda x: kept)(X),
        lambda kept: calcgrad.grad(lambda x: kept[0])(X),
        lambda kept: calcgrad.jvp(lambda x: kept, (X,), (X,)),
        lambda kept: calcgrad.grad(lambda x: (x[0], kept), has_aux=True)(X),
        lambda kept: calcgrad.grad(lambda x: {"a": kept}["a"] @ x)(X),
    ],
)
def test_one_that_is_returned_is_refused_too(ask: Callable[[Any], Any]) -> None:
    kept: list[Any] = []
    calcgrad.grad(lambda x: kept.append(2 * x) or x[0])(X)
    with pytest.raises(calcgrad.CalcgradError, match=DONE):
        ask(kept[0])


def test_a_value_of_a_derivative_outside_is_a_constant_within() -> None:
    f = lambda y: calcgrad.grad(lambda x: x * y)(1.0) * y  # noqa: E731
    assert calcgrad.grad(f)(3.0) == 6.0


MASKED = np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0])


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sum(MASKED * x),
        lambda x: np.sum(x * MASKED),
        lambda x: np.sum(MASKED - x),
        lambda x: np.sum(x / MASKED),
        lambda x: np.dot(MASKED, x),
        lambda x: np.sum(np.ma.exp(x)),
        lambda x: np.sum(np.where(x > 1, MASKED, x)),
    ],
)
def test_masked_arrays_are_refused_on_either_side(f: Callable[[Any], Any]) -> None:
    for way in (calcgrad.grad, calcgrad.hessian):
        with pytest.raises(calcgrad.CalcgradError, match="masked"):
            way(f)(X)


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_matrices_are_refused_on_either_side() -> None:
    m = np.matrix([[1.0, 2.0, 3.0]])
    for f in (lambda x: (m * x.reshape(3, 1))[0, 0], lambda x: (x @ m.T)[0, 0], lambda x: np.sum(m + x)):
        with pytest.raises(calcgrad.CalcgradError, match="or a matrix"):
            calcgrad.grad(f)(X)


def test_a_compiled_function_with_a_masked_array_on_the_left_runs_as_it_is() -> None:
    f = lambda x: (MASKED * x).sum()  # noqa: E731
    assert calcgrad.compile(f)(X) == f(X) == 10.0


def test_other_kinds_of_arrays_are_arrays(tmp_path: Any) -> None:
    mapped = np.memmap(tmp_path / "a", float, "w+", shape=3)
    mapped[:] = X
    assert calcgrad.grad(lambda x: np.sum(mapped * x * x))(X).tolist() == (2 * X * X).tolist()


@pytest.mark.parametrize("axes", [(0, 1, 2), (1, 2, 0), (2, 1, 0), (0, 2, 1)])
def test_a_long_array_whose_axes_were_moved_is_watched_too(axes: tuple[int, int, int]) -> None:
    b = np.ones((4, 30, 50)).transpose(axes)
    x = np.ones(b.shape)
    assert np.array_equal(calcgrad.grad(lambda x: np.sum(x * b))(x), b)

    def f(x: Any) -> Any:
        y = np.sum(x * b)
        b[1, 2, 3] = 7.0
        return y

    with pytest.raises(calcgrad.CalcgradError, match="E419"):
        calcgrad.grad(f)(x)
