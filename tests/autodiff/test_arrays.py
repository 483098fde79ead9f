"""Sweeps and series over arrays: functions along a line through a point, against mpmath's Taylor series of each entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np
import pytest

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.jets import taylor
from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.tape import Step, Tape, run
from calcgrad.expression import parse
from calcgrad.functions.lowering import lower
from calcgrad.operations import VOCABULARY
from calcgrad.systems.base import system

X, V = np.array([0.5, -0.75, 1.25]), np.array([1.0, 2.0, -0.5])
ARRAYS = system("numpy")
ORDER = 4


def total(x: Sequence[Any]) -> Any:
    return mpmath.fsum(x)


def squares(x: Sequence[Any]) -> Any:
    return mpmath.fsum([t * t for t in x])


def varied(x: Sequence[Any]) -> Any:
    middle = total(x) / 3
    return squares([t - middle for t in x]) / 3


def weights(x: Sequence[Any]) -> list[Any]:
    grown = [mpmath.exp(t) for t in x]
    return [t / total(grown) for t in grown]


#: The text, and the same in mpmath: a number or a list.
FUNCTIONS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "sum(exp(x))": lambda x: total([mpmath.exp(t) for t in x]),
    "norm(x)": lambda x: mpmath.sqrt(squares(x)),
    "logsumexp(x)": lambda x: mpmath.log(total([mpmath.exp(t) for t in x])),
    "softmax(x)": weights,
    "dot(x, x)": squares,
    "x[0]*x[1]": lambda x: x[0] * x[1],
    "x[1:]*x[:2]": lambda x: [x[1] * x[0], x[2] * x[1]],
    "max(x)": lambda x: x[2],
    "min(x)": lambda x: x[1],
    "prod(x)": lambda x: x[0] * x[1] * x[2],
    "[x[0]*2, sin(x[1])]": lambda x: [2 * x[0], mpmath.sin(x[1])],
    "where(x > 0, x^2, -x)": lambda x: [x[0] ** 2, -x[1], x[2] ** 2],
    "where(x > 0, 1, x)": lambda x: [mpmath.mpf(1), x[1], mpmath.mpf(1)],
    "where(x > 0, x[1], 2)": lambda x: [x[1], mpmath.mpf(2), x[1]],
    "where(x[0] > 0, x, -x)": list,
    "where(x[0] < 0, x, -x)": lambda x: [-t for t in x],
    "sum(where(x > 1, x, 0)^3)": lambda x: x[2] ** 3,
    "var(x)": varied,
    "std(x)": lambda x: mpmath.sqrt(varied(x)),
    "sum(x/(1 + x^2))": lambda x: total([t / (1 + t * t) for t in x]),
    "[[1, 2, 3], [4, 5, 6]] @ x": lambda x: [x[0] + 2 * x[1] + 3 * x[2], 4 * x[0] + 5 * x[1] + 6 * x[2]],
    "x @ [[1, 2], [3, 4], [5, 6]]": lambda x: [x[0] + 3 * x[1] + 5 * x[2], 2 * x[0] + 4 * x[1] + 6 * x[2]],
    "x @ [x, 2*x, x^2]": lambda x: [x[0] * t + 2 * x[1] * t + x[2] * t**2 for t in x],
    "2*x - 1": lambda x: [2 * t - 1 for t in x],
    "1 - x": lambda x: [1 - t for t in x],
    "-x": lambda x: [-t for t in x],
    "x/[2, 3, 4]": lambda x: [t / k for t, k in zip(x, (2, 3, 4), strict=True)],
    "[1, 2, 3]/x": lambda x: [k / t for t, k in zip(x, (1, 2, 3), strict=True)],
    "x/(1 + x[0])": lambda x: [t / (1 + x[0]) for t in x],
    "x - [x[0], 1, 2]": lambda x: [x[0] * 0, x[1] - 1, x[2] - 2],
    "x[0] - x": lambda x: [x[0] - t for t in x],
    "x - x[0]": lambda x: [t - x[0] for t in x],
    "x + x[0]*x": lambda x: [t + x[0] * t for t in x],
    "sum(x)*x": lambda x: [total(x) * t for t in x],
    "abs(x)": lambda x: [x[0], -x[1], x[2]],
    "floor(x)": lambda x: [mpmath.mpf(0), mpmath.mpf(-1), mpmath.mpf(1)],
    "max(x, 0)*x": lambda x: [x[0] ** 2, 0 * x[1], x[2] ** 2],
}


def tape_of(text: str) -> Tape:
    return lower(parse(text, VOCABULARY, declared=("x",)).root, ("x",))


def truth(text: str) -> np.ndarray[Any, Any]:
    """Coefficients 0 … ORDER along the line, a row an order, entries flat."""
    f = FUNCTIONS[text]
    with mpmath.workdps(60):
        line = lambda t: [mpmath.mpf(x) + t * mpmath.mpf(v) for x, v in zip(X, V, strict=True)]  # noqa: E731
        here = f(line(mpmath.mpf(0)))
        count = len(here) if isinstance(here, list) else 1

        def entry(k: int) -> Callable[[Any], Any]:
            return lambda t: f(line(t))[k] if isinstance(here, list) else f(line(t))

        return np.array([[float(c) for c in mpmath.taylor(entry(k), 0, ORDER)] for k in range(count)]).T


@pytest.mark.parametrize("text", FUNCTIONS)
def test_series_and_sweeps_of_arrays(text: str) -> None:
    tape, wanted = tape_of(text), truth(text)
    series = taylor(tape, [X], {0: V}, ORDER, ARRAYS)
    found = np.array([np.concatenate([np.ravel(each[k]) for each in series]) for k in range(ORDER + 1)])
    assert found == pytest.approx(wanted, rel=1e-12, abs=1e-13)
    values = run(tape, [X], ARRAYS)
    tangents = pushforward(tape, values, [V], ARRAYS)
    pushed = np.concatenate(
        [np.ravel(np.broadcast_to(_written(tangents, slot), np.shape(values[slot]))) for slot in tape.outputs]
    )
    assert pushed == pytest.approx(wanted[1], rel=1e-13, abs=1e-14)
    weight = np.linspace(1.0, 2.0, pushed.size)
    cotangents, at = {}, 0
    for slot in tape.outputs:
        size = np.size(values[slot])
        cotangents[slot] = weight[at : at + size].reshape(np.shape(values[slot]))
        at += size
    adjoint = pullback(tape, values, cotangents, ARRAYS)[0]
    pulled = 0.0 if adjoint is None else float(np.sum(ARRAYS.filled(adjoint) * V))
    assert pulled == pytest.approx(float(weight @ wanted[1]), rel=1e-12, abs=1e-13)


def _written(tangents: list[Any], slot: int) -> Any:
    """A tangent with its zeros by structure written out."""
    if slot < 0 or tangents[slot] is None:
        return 0.0
    return ARRAYS.filled(tangents[slot])


def test_a_line_along_nothing_is_a_constant() -> None:
    (series,) = taylor(tape_of("sum(exp(x))*x"), [X], {}, 2, ARRAYS)
    assert np.array_equal(series[0], np.sum(np.exp(X)) * X)
    assert np.array_equal(series[1], np.zeros(3))
    assert np.array_equal(series[2], np.zeros(3))


@pytest.mark.parametrize(("op", "params"), [("gather", (0,)), ("take_along", (0,))])
def test_entries_that_are_taken_by_places(op: str, params: tuple[Any, ...]) -> None:
    """y = exp(x) at the places 2, 0, 2, times x: the places are those of the value, and have no slope."""
    places = np.array([2, 0, 2])
    steps = (Step("exp", (0,)), Step(op, (1, -1), params), Step("mul", (2, 0)))
    tape = Tape(("x",), (places,), steps, (3,))
    (series,) = taylor(tape, [X], {0: V}, ORDER, ARRAYS)
    with mpmath.workdps(40):
        line = lambda k, t: mpmath.mpf(X[k]) + t * mpmath.mpf(V[k])  # noqa: E731
        for entry, place in enumerate(places):
            wanted = mpmath.taylor(lambda t, e=entry, p=place: mpmath.exp(line(p, t)) * line(e, t), 0, ORDER)
            found = [float(series[k][entry]) for k in range(ORDER + 1)]
            assert found == pytest.approx([float(c) for c in wanted], rel=1e-13, abs=1e-15)


def test_what_has_no_slope_is_a_constant_series() -> None:
    """The order of entries is a whole number each: argsort of x, as numbers beside x."""
    tape = Tape(("x",), (), (Step("argsort", (0,), (0,)), Step("add", (1, 0))), (2,))
    (series,) = taylor(tape, [X], {0: V}, 2, ARRAYS)
    assert np.array_equal(series[0], np.argsort(X) + X)
    assert np.array_equal(series[1], V)
    assert np.array_equal(ARRAYS.filled(series[2]), np.zeros(3))


def test_branches_of_other_shapes_are_repeated_to_the_whole() -> None:
    """where(x > 0, a number, a row): each with its own series."""
    for text, wanted in (
        ("where(x > 0, x[0], x)", [X[0], X[1], X[0]]),
        ("where(x > 0, x, x[0])", [X[0], X[0], X[2]]),
        ("where(x[0] > 0, x[1], x[2])", X[1]),
    ):
        moved = {0: [V[0], V[1], V[0]], 1: [V[0], V[0], V[2]], 2: V[1]}
        k = ["where(x > 0, x[0], x)", "where(x > 0, x, x[0])", "where(x[0] > 0, x[1], x[2])"].index(text)
        (series,) = taylor(tape_of(text), [X], {0: V}, 1, ARRAYS)
        assert np.array_equal(series[0], wanted)
        assert np.array_equal(series[1], moved[k])


@pytest.mark.parametrize("axis", [0, 1])
def test_parameters_of_an_operation_are_those_of_its_series(axis: int) -> None:
    """Products of two along an axis: (a + t)(b + t) = ab + (a + b)t + t^2."""
    x = np.array([[0.5, -0.75], [1.25, 2.0]])
    tape = Tape(("x",), (), (Step("cumprod", (0,), (axis,)),), (1,))
    (series,) = taylor(tape, [x], {0: np.ones((2, 2))}, 2, ARRAYS)
    first, second = np.take(x, 0, axis), np.take(x, 1, axis)
    expected = [(first, first * second), (np.ones(2), first + second), (np.zeros(2), np.ones(2))]
    for found, rows in zip(series, expected, strict=True):
        assert np.array_equal(np.moveaxis(ARRAYS.filled(found), axis, 0), np.array(rows))
