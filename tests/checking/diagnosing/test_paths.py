"""A wrong rule of the sweep is named with the line of the loss that it belongs to."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.checking.diagnosing import findings
from calcgrad.checking.diagnosing.evidence import evidence_of
from calcgrad.checking.measuring.evaluation import Evaluation
from calcgrad.checking.measuring.subject import Leaf
from calcgrad.checking.measuring.traced import Loss

#: The rows of this file alone: the source of a claim is not run in changed forms.
check_grad = partial(calcgrad.check_grad, correct=False)

X = np.random.default_rng(2).normal(size=(6, 3))
M = np.array([1.0, 0.0, 2.0])
W = np.array([0.5, -1.0, 0.25])


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def called(w: Any) -> Any:
    return np.sum(_sigmoid(X @ w) ** 2)


def masked(w: Any) -> Any:
    return np.sum(np.sin(w * M))


def two_terms(w: Any) -> Any:
    return np.sum(np.cos(X @ w)) + np.sum(np.exp(w))


def looped(w: Any) -> Any:
    h = X[0]
    for _ in range(3):
        h = np.tanh(w * h)
    return np.sum(h)


def _of_called(w: Any) -> Any:
    a = _sigmoid(X @ w)
    return X.T @ (2 * a)


def _of_masked(w: Any) -> Any:
    return np.cos(w * M)


def _of_two_terms(c: float) -> Any:
    return lambda w: -X.T @ np.sin(X @ w) + c * np.exp(w)


def _last_step(w: Any) -> Any:
    h = X[0]
    for _ in range(2):
        h = np.tanh(w * h)
    return (1 - np.tanh(w * h) ** 2) * h


@pytest.mark.parametrize(
    ("loss", "gradient", "cause", "words"),
    [
        (called, _of_called, "missing-activation", "the derivative of `_sigmoid(X @ w)` (test_paths.py, line 31) is left out"),
        (masked, _of_masked, "missing-mask", "the mask in `w * M` (test_paths.py, line 35) is left out on the way back"),
        (two_terms, _of_two_terms(0.0), "missing-term", "the path through the second operand is left out"),
        (two_terms, _of_two_terms(-1.0), "sign", "the path through the second operand: what goes back has the wrong sign"),
        (two_terms, _of_two_terms(5.0), "factor", "second operand: what goes back is 5 · the right one"),
        (looped, _last_step, "missing-term", "is used 3 times: only the last use has a gradient"),
    ],
)  # fmt: skip
def test_the_line_is_named(loss: Any, gradient: Any, cause: str, words: str) -> None:
    report = check_grad(loss, gradient, W)
    assert report.verdict == "wrong"
    assert report.likely[0].cause == cause
    assert words in report.likely[0].detail
    assert report.likely[0].evidence == "reverse mode with this one change gives the claim in all 3 entries"


@pytest.mark.parametrize("seed", range(5))
def test_a_random_error_has_no_rule(seed: int) -> None:
    off = np.random.default_rng(seed).normal(size=3)
    report = check_grad(called, lambda w: _of_called(w) + off, W)
    assert (report.verdict, report.likely) == ("wrong", ())


def test_a_loss_that_fails_when_it_is_traced_hides_nothing() -> None:
    def fails(w: Any) -> Any:
        raise RuntimeError("not again")

    leaf = Leaf("w", (2,), "float64", 0, 2)
    claimed, true = np.array([1.0, 3.2]), np.array([1.0, 2.1])
    loss = Loss(Evaluation(fails, {"w": np.ones(2)}, (leaf,)))
    evidence = evidence_of((leaf,), np.ones(2), claimed, true, np.full(2, 1e-9), loss=loss)
    diagnosed = findings(evidence)
    assert diagnosed.found == []
    (note,) = diagnosed.notes
    assert note.startswith(
        "the search for a cause failed at a wrong rule of reverse mode: RuntimeError: not again"
    )
