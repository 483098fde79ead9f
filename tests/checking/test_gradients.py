"""Hand-written gradients: right ones, wrong ones, and functions that misbehave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calcgrad import check_grad
from calcgrad.errors import UndefinedError, UsageError
from tests.checking.one import check_gradient

W = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.5]])


def _cubes(w: Any) -> float:
    return float(np.sum(w**3))


def test_a_right_gradient() -> None:
    report = check_grad(_cubes, lambda w: 3 * w**2, W)
    assert (report.verdict, report.wrong, report.cause) == ("right", (), None)


def test_the_wrong_entry_is_named_with_both_values() -> None:
    def claimed(w: Any) -> Any:
        g = 3 * w**2
        g[1, 2] = -g[1, 2]
        return g

    report = check_grad(_cubes, claimed, W)
    (entry,) = report.wrong
    assert report.verdict == "wrong"
    assert (entry.index, entry.claimed) == ((1, 2), -6.75)
    assert entry.error_bound is not None
    assert abs(entry.true - 6.75) <= entry.error_bound < 1e-6


@pytest.mark.parametrize("size", [1e-200, 1e-8, 1.0, 1e100])
def test_the_scale_of_the_function_does_not_matter(size: float) -> None:
    x = np.array([1.0, 2.0])
    assert check_grad(lambda w: size * float(w @ w), lambda w: 2 * size * w, x).verdict == "right"
    assert check_grad(lambda w: size * float(w @ w), lambda w: 2.001 * size * w, x).wrong_count == 2


def test_several_arguments() -> None:
    def product(a: Any, b: Any) -> float:
        return float(a @ b)

    a, b = np.array([1.0, 2.0]), np.array([3.0, 5.0])
    assert check_grad(product, lambda a, b: (b, a), a, b).verdict == "right"
    assert check_grad(product, lambda a, b: (a, b), a, b).wrong_count == 4


@pytest.mark.parametrize(
    ("claimed", "cause", "note"),
    [
        (lambda w: w.ravel(), "shape", "the gradient in w has shape (6,), w has (2, 3)"),
        (lambda w: "nothing", "dtype", "the gradient in w is no array of real numbers (<U7)"),
        (lambda w: w * 1j, "dtype", "the gradient in w is complex (complex128)"),
    ],
)
def test_another_shape_or_type_is_wrong(claimed: Any, cause: str, note: str) -> None:
    report = check_grad(_cubes, claimed, W)
    assert (report.verdict, report.cause, report.notes) == ("wrong", cause, (note,))


def test_one_answer_for_two_arguments_is_wrong() -> None:
    report = check_grad(lambda a, b: float(a * b), lambda a, b: 1.0, 1.0, 2.0)
    assert (report.verdict, report.notes) == ("wrong", ("the gradient has 1 part for 2 arguments",))


def test_a_changed_argument_is_said() -> None:
    def claimed(w: Any) -> Any:
        w *= 2
        return w

    report = check_grad(lambda w: float(w @ w), claimed, np.array([1.0, 2.0]))
    assert (report.verdict, report.cause) == ("inconclusive", "mutates-argument")


def test_a_kink_is_not_decided() -> None:
    report = check_grad(lambda w: float(np.sum(np.abs(w))), np.sign, np.array([0.0, 1.0]))
    assert (report.verdict, report.cause) == ("inconclusive", "kink")


def _leaves(w: Any) -> float:
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("f", "code"),
    [
        (lambda w: w, "E381"),
        (lambda w: None, "E381"),
        (lambda w: 1j, "E381"),
        (lambda w: 1 / 0, "E380"),
        (_leaves, "E380"),
    ],
)
def test_functions_that_are_no_loss(f: Any, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_gradient(f, lambda w: w, {"w": W})
    assert caught.value.diagnostic.code == code


def test_values_that_are_not_finite() -> None:
    for f, g in ((lambda w: float("nan"), lambda w: w), (_cubes, lambda w: w * float("inf"))):
        with pytest.raises(UndefinedError):
            check_grad(f, g, W)
