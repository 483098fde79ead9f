"""Single numbers read from vectors, and added into the gradients of them: what a loop over indices gives."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import calcgrad

X = np.random.default_rng(4).uniform(0.5, 1.5, 12)


def product(x: Any) -> Any:
    p = 1.0
    for i in range(len(x)):
        p = p * x[i]
    return p


def twice_by_either_end(x: Any) -> Any:
    return sum((x[i] * x[i - len(x)] for i in range(len(x))), 0.0)


def of_another_vector(x: Any) -> Any:
    y = np.sin(x) * 2.0
    return y[0] * y[1] * y[2] * y[3] * y[4] * y[5] + x[1] * y[-1] + np.sum(y)


def few_of_many(x: Any) -> Any:
    return x[0] * x[3] + x[5] * x[0] - x[-1] / x[3] + x[7]


def whole_and_single(x: Any) -> Any:
    return np.sum(x[2:] * x[:-2]) + sum((x[i] * x[i + 1] for i in range(len(x) - 1)), 0.0)


def decided(x: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        total = total + (x[i] * x[i] if x[i] > 1.0 else x[i])
    return total


def chosen(x: Any) -> Any:
    return sum((np.where(x[i] > 1.0, x[i] * x[i - 1], -x[i]) for i in range(len(x))), 0.0)


def in_one_line(x: Any) -> Any:
    y = x[0]
    for i in range(200):
        y = y * 0.5 + x[i % len(x)]
    return y


def raising(x: Any) -> Any:
    return np.log(x[0] - 0.5) + x[1] / (x[2] - x[2]) + np.exp(x[3] * 1e3) + x[4] + x[5] + x[6]


FUNCTIONS = (
    product, twice_by_either_end, of_another_vector, few_of_many, whole_and_single, decided, chosen, in_one_line, raising,
)  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("kind", [calcgrad.value_and_grad, calcgrad.hessian])
def test_as_it_is_not_compiled(function: Callable[..., Any], kind: Callable[..., Any]) -> None:
    plain = kind(function)
    compiled = calcgrad.compile(plain)
    with np.errstate(all="ignore"):
        for x in (X, X[::-1].copy(), X * 1.1, X[::-1]):
            for found, known in zip(flat(compiled(x)), flat(plain(x)), strict=True):
                assert np.allclose(found, known, rtol=1e-13, atol=1e-15, equal_nan=True)


def flat(found: Any) -> Any:
    return found if isinstance(found, tuple) else (found,)


def test_lists_that_are_read_and_made_at_once() -> None:
    compiled = calcgrad.compile(calcgrad.grad(product))
    assert compiled(X).tolist() == calcgrad.grad(product)(X).tolist()
    assert ", = x.tolist()" in compiled.source
    assert "+=" not in compiled.source
    few = calcgrad.compile(calcgrad.grad(few_of_many))
    few(np.ones(5_000))
    assert "] * 5000" in few.source
    assert math.isclose(few(np.full(5_000, 2.0))[3], 2.5)


def random_function(chance: random.Random) -> Callable[[Any], Any]:
    """Sums, products and functions of entries of a vector and of vectors made of it."""
    plan = [
        (
            chance.choice("+-*sw/"),
            chance.randrange(-12, 12),
            chance.random(),
            chance.random(),
            chance.randrange(3),
        )
        for _ in range(chance.choice((5, 12, 40)))
    ]

    def function(x: Any) -> Any:
        vectors = (x, np.sin(x) + 1.5, x * x)
        numbers = [vectors[0][0]]
        for op, entry, one, two, which in plan:
            a = numbers[int(one * len(numbers))]
            b = vectors[which][entry] if two < 0.7 else numbers[int(two * len(numbers))]
            numbers.append(
                a + b if op == "+" else a - b if op == "-" else np.tanh(a * b) if op == "*" else np.sin(b) * a
                if op == "s" else np.where(a > b, a, -b) if op == "w" else a / (b * b + 1.0)
            )  # fmt: skip
        return numbers[-1] * numbers[len(numbers) // 2] + (np.sum(vectors[1]) if plan[0][2] < 0.5 else 0.0)

    return function


@pytest.mark.parametrize("seed", range(30))
def test_at_random(seed: int) -> None:
    chance = random.Random(seed)
    plain = calcgrad.value_and_grad(random_function(chance))
    compiled = calcgrad.compile(plain)
    for _ in range(3):
        x = np.array([chance.uniform(0.5, 1.5) for _ in range(12)])
        (value, slope), (known, known_slope) = compiled(x), plain(x)
        assert math.isclose(value, known, rel_tol=1e-12, abs_tol=1e-13)
        assert np.allclose(slope, known_slope, rtol=1e-11, atol=1e-13)
