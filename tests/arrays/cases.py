"""Functions of arrays made from text, their derivatives by each method, and one-step tapes of every array operation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from calcgrad.autodiff.tape import Step, Tape
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.methods import method
from calcgrad.methods.protocol import Problem
from calcgrad.operations import VOCABULARY
from calcgrad.report.estimates import Estimate
from calcgrad.systems.base import system

ARRAYS = system("numpy")
AD = ("forward-ad", "reverse-ad")


def function(text: str, **at: Any) -> tuple[Expression, list[float]]:
    """The function and its flat point; a value that is a list makes its variable an array."""
    shapes = {name: np.shape(value) for name, value in at.items() if np.ndim(value)}
    root = parse(text, VOCABULARY, declared=tuple(at)).root
    return Expression(root, list(at), shapes), [float(v) for value in at.values() for v in np.ravel(value)]


def value(text: str, **at: Any) -> list[float]:
    f, flat = function(text, **at)
    return f.values(flat)


def derivative(name: str, text: str, order: int = 1, **at: Any) -> np.ndarray[Any, Any]:
    """All derivatives of an order as one array: outputs first, then one axis of coordinates a differentiation."""
    f, flat = function(text, **at)
    wrts = list(product(range(len(flat)), repeat=order))
    outcome = method(name).derivatives(Problem(f, flat, wrts))
    assert isinstance(outcome, Estimate), outcome
    return np.array(outcome.value).T.reshape(-1, *(len(flat),) * order)


def one_step(op: str, arguments: int, params: tuple[Any, ...]) -> Tape:
    """The tape of a single operation on inputs."""
    names = tuple("abcdef"[:arguments])
    return Tape(names, (), (Step(op, tuple(range(arguments)), params),), (arguments,))


def inner(a: Any, b: Any) -> float:
    """The sum of the products of the entries; 0 where one is zero by structure."""
    return 0.0 if a is None or b is None else float(np.sum(ARRAYS.filled(a) * ARRAYS.filled(b)))


def random_array(seed: int, shape: Sequence[int]) -> Any:
    """Entries between 0.5 and 2.5, no two of them equal; a float where the shape is ()."""
    entries = np.random.default_rng(seed).uniform(0.5, 2.5, tuple(shape))
    return entries if entries.ndim else float(entries)
