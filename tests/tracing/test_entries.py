"""Entries of vectors read one by one: steps on floats, whose adjoints are added up apart from the vector's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.tracing.gradients import record
from calcgrad.tracing.values import SHORT

X = np.array([0.5, -1.25, 2.0, 3.5])

#: What is differentiated, and its gradient by hand.
CASES: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "one entry": (lambda x: x[2], lambda x: [0, 0, 1, 0]),
    "one entry by two numbers": (lambda x: x[3] * x[-1], lambda x: [0, 0, 0, 2 * x[3]]),
    "one entry many times": (lambda x: x[1] * x[1] * x[1], lambda x: [0, 3 * x[1] ** 2, 0, 0]),
    "entries, then the whole": (lambda x: x[0] * np.sum(x), lambda x: [x.sum() + x[0], *[x[0]] * 3]),
    "the whole, then entries": (
        lambda x: np.sum(x * x) + x[0] * x[1],
        lambda x: 2 * x + [x[1], x[0], 0, 0],
    ),
    "entries and slices in turn": (
        lambda x: sum(x[i] * np.sum(x[i:]) for i in range(4)),
        lambda x: [x[i:].sum() + x[: i + 1].sum() for i in range(4)],
    ),
    "a loop over the entries": (lambda x: sum(v * v for v in x), lambda x: 2 * x),
    "entries of what was computed": (
        lambda x: np.sin(x)[1] * (2 * x)[2],
        lambda x: [0, 2 * x[2] * np.cos(x[1]), 2 * np.sin(x[1]), 0],
    ),
    "put together again": (
        lambda x: np.sum(np.stack([x[2], x[0]]) * x[:2]),
        lambda x: [x[2] + x[1], x[0], x[0], 0],
    ),
    "no derivative": (lambda x: x[1] * 0.0 + x[0], lambda x: [1, 0, 0, 0]),
}


@pytest.mark.parametrize("name", CASES)
def test_the_gradient_by_hand(name: str) -> None:
    function, gradient = CASES[name]
    assert calcgrad.grad(function)(X) == pytest.approx(np.array(gradient(X), float), rel=1e-15, abs=1e-15)


@pytest.mark.parametrize("name", CASES)
def test_second_derivatives_are_differences_of_the_first(name: str) -> None:
    function, _ = CASES[name]
    forward = calcgrad.hessian(function)(X)
    back = calcgrad.jacrev(calcgrad.grad(function))(X)
    steps = np.array(
        [(np.array(CASES[name][1](X + h)) - CASES[name][1](X - h)) / 2e-6 for h in 1e-6 * np.eye(4)]
    )
    assert forward == pytest.approx(back, rel=1e-14, abs=1e-14)
    assert forward == pytest.approx(steps, rel=1e-6, abs=1e-8)


def test_a_zero_has_no_sign_that_a_sum_would_not_have() -> None:
    found = calcgrad.grad(lambda x: -0.0 * x[0] + x[1])(np.ones(2))
    assert str(found.tolist()) == "[0.0, 1.0]"


def test_long_vectors_and_vectors_that_step_over_memory() -> None:
    x = np.arange(2.0 * SHORT + 2)[::2]
    found = calcgrad.grad(lambda x: x[7] * x[-1] + x[7])(x)
    assert found.nonzero()[0].tolist() == [7, SHORT]
    assert found[[7, SHORT]].tolist() == [x[-1] + 1, x[7]]


@pytest.mark.parametrize("x", [X, X[:0], np.arange(SHORT + 1.0)])
def test_what_is_out_of_bounds_is_told_in_numpys_words(x: Any) -> None:
    for index in (len(x), -len(x) - 1):
        with pytest.raises(IndexError, match=f"index {index} is out of bounds for axis 0 with size {len(x)}"):
            calcgrad.grad(lambda x, i=index: x[i])(x)


def test_other_precisions_and_more_axes_keep_their_types() -> None:
    single = calcgrad.grad(lambda x: x[0] * x[1])(X.astype(np.float32))
    assert single.dtype == np.float32
    assert single.tolist() == [-1.25, 0.5, 0.0, 0.0]
    assert calcgrad.grad(lambda a: a[1][0] * 2)(X.reshape(2, 2)).tolist() == [[0, 0], [2, 0]]
    z = calcgrad.grad(lambda z: np.abs(z[1]) ** 2)(X * (1 + 1j))
    assert z == pytest.approx([0, 2 * np.conj(X[1] * (1 + 1j)), 0, 0])


def test_a_vector_that_has_escaped_is_refused() -> None:
    kept: list[Any] = []
    calcgrad.grad(lambda x: kept.append(x) or x[0] * x[0])(X)
    with pytest.raises(calcgrad.CalcgradError, match="after its derivative was done"):
        kept[0][0]


def test_each_reading_is_one_step_on_floats() -> None:
    made = record(lambda x: x[0] * x[1] * x[1], [X])
    assert [step[0] for step in made.trace.steps[1:]].count(0) == 3
    assert len(made.trace.steps) == 1 + 5
    assert made.trace.tape([made.output.slot], [None]).steps[0].op == "getitem"


def test_infinite_slopes_leave_other_entries_alone() -> None:
    with np.errstate(all="ignore"):
        found = calcgrad.grad(lambda x: np.sqrt(x[0]) + x[1] * x[2])(np.array([0.0, 2.0, 3.0]))
    assert found.tolist() == [np.inf, 3.0, 2.0]
