"""Arguments that are no floats: a program is for what they are, not for what they say that they equal."""

from __future__ import annotations

import copy
import dataclasses
import math
import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.compiling import compiled


@dataclasses.dataclass(frozen=True)
class Named:
    name: str
    scale: float = dataclasses.field(compare=False)


class Agreeing:
    """Equal to all of its kind."""

    def __init__(self, scale: float) -> None:
        self.scale = scale

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1


@pytest.mark.parametrize("calls", [1, 60])
@pytest.mark.parametrize("make", [lambda v: Named("a", v), Agreeing])
def test_objects_that_are_equal_are_not_the_same(make: Any, calls: int) -> None:
    f = calcgrad.compile(lambda x, thing: x * thing.scale)
    for scale in (1.0, 2.0, 3.0):
        thing = make(scale)
        assert [f(1.5, thing) for _ in range(calls)] == [1.5 * scale] * calls


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (complex(1.0, 0.0), complex(1.0, -0.0)),
        (frozenset([0.0]), frozenset([-0.0])),
        (frozenset([1]), frozenset([True])),
        (np.complex64(complex(0.0, 1.0)), np.complex64(complex(-0.0, 1.0))),
        (1, True),
        (b"1", "1"),
    ],
)
def test_equal_values_that_can_be_told_apart_are_told_apart(first: Any, second: Any) -> None:
    def told(value: Any) -> str:
        return repr(next(iter(value)) if isinstance(value, frozenset) else value)

    f = calcgrad.compile(lambda x, value: x * len(told(value)) + hash(told(value)) % 7)
    for value in (first, second, first):
        assert f(1.5, value) == 1.5 * len(told(value)) + hash(told(value)) % 7
    assert f.traces == 2


def test_numbers_texts_and_methods_are_known_by_value() -> None:
    thing = Agreeing(2.0)
    f = calcgrad.compile(lambda x, *rest: x * 2.0)
    for _ in range(3):
        f(1.5, 10**30, "text" * 2, Fraction(1, 3), np.int32(7), thing.__hash__, None)
    assert f.traces == 1


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_matrices_and_masks_are_left_to_the_function() -> None:
    f = calcgrad.compile(lambda x: x * x)
    plain = np.array([[4.0, 1.0], [1.0, 4.0]])
    for _ in range(60):
        f(plain)
    assert np.array_equal(f(np.matrix(plain)), [[17.0, 8.0], [8.0, 17.0]])
    masked = f(np.ma.array(plain, mask=np.eye(2)))
    assert masked.sum() == 2.0
    assert masked.count() == 2


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_captured_matrices_and_masks_are_left_to_the_function_too() -> None:
    masked, matrix = np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0]), np.matrix([[1.0, 2.0], [3.0, 4.0]])
    x = np.array([1.0, 2.0, 3.0])
    for f in (lambda x: (x * masked).sum(), lambda x: np.sum(x - masked), lambda x: x[:2] * matrix):
        compiled = calcgrad.compile(f)
        assert [np.array_equal(compiled(x), f(x)) for _ in range(60)] == [True] * 60


def test_programs_for_many_kinds_are_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "KINDS", 10)
    f = calcgrad.compile(lambda x, n: x * n)
    for n in range(25):
        assert f(1.5, n) == 1.5 * n
    assert len(f._programs) == 10


class Model:
    rate = 2.0

    @calcgrad.compile
    def step(self, x: Any) -> Any:
        return self.rate * x


def test_a_method_is_bound() -> None:
    one, other = Model(), Model()
    other.rate = 5.0
    assert (one.step(3.0), other.step(3.0)) == (6.0, 15.0)
    one.rate = 7.0
    assert [one.step(3.0) for _ in range(60)] == [21.0] * 60


@calcgrad.compile
def doubled(x: Any) -> Any:
    return 2.0 * x


def _by_pi(x: Any) -> Any:
    return math.pi * x


def test_copies_and_pickles() -> None:
    assert copy.copy(doubled) is doubled
    assert copy.deepcopy({"f": doubled})["f"] is doubled
    assert pickle.loads(pickle.dumps(doubled)) is doubled
    f = calcgrad.compile(_by_pi)
    f(1.0)
    again = pickle.loads(pickle.dumps(f))
    assert again is not f
    assert again(2.0) == 2.0 * math.pi


class Answering:
    """An object with an answer to any name."""

    rate = 2.0

    def __getattr__(self, name: str) -> float:
        return 10.0

    def __call__(self, x: Any) -> Any:
        return self.rate * x + self.whatever


def test_an_object_that_answers_to_any_name_is_compiled_by_its_call() -> None:
    thing = Answering()
    f = calcgrad.compile(thing)
    assert [f(1.5) for _ in range(60)] == [13.0] * 60
    thing.rate = 4.0
    assert f(1.5) == 16.0
