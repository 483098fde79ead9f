"""Every kind of wrong rule of the sweep, made on purpose in a hand-written gradient, is named with its line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.report.claims import CheckReport

#: The rows of this file alone: the source of a claim is not run in changed forms.
check_grad = partial(calcgrad.check_grad, correct=False)

RNG = np.random.default_rng(4)
X = RNG.normal(size=(6, 4))
G = RNG.normal(size=(6, 3))
S = RNG.normal(size=(5, 5))
LABELS = np.array([0, 2, 1, 1, 0, 2])
Y = (RNG.random((6, 3)) < 0.5) * 1.0
ROWS = np.arange(6)
W, V, B = 0.5 * RNG.normal(size=(4, 3)), 0.5 * RNG.normal(size=(6, 3)), RNG.normal(size=5)


def _softmax(z: Any, axis: int = 1) -> Any:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


# A layer with an activation that is written out.
def layer(w: Any) -> Any:
    return np.sum(G * (1 / (1 + np.exp(-(X @ w)))))


def layer_gradient(slope: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    def gradient(w: Any) -> Any:
        z = X @ w
        s = 1 / (1 + np.exp(-z))
        return X.T @ (G * slope(z, s))

    return gradient


def deep(w: Any) -> Any:
    return np.sum(G * np.tanh(X @ w))


def deep_gradient(slope: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda w: X.T @ (G * slope(np.tanh(X @ w)))


# Softmax and its losses.
def softmax_layer(v: Any) -> Any:
    return np.sum(G * _softmax(v))


def softmax_gradient(axis: int | None) -> Callable[[Any], Any]:
    def gradient(v: Any) -> Any:
        p = _softmax(v)
        return p * G - (p * np.sum(p * G, axis=axis, keepdims=True) if axis is not None else p * p * G)

    return gradient


def entropy(v: Any) -> Any:
    shifted = v - v.max(axis=1, keepdims=True)
    return -np.sum((shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))[ROWS, LABELS]) / 6


def entropy_gradient(by: int = 0, axis: int = 1) -> Callable[[Any], Any]:
    def gradient(v: Any) -> Any:
        g = _softmax(v, axis)
        g[ROWS, (LABELS + by) % 3] -= 1
        return g / 6

    return gradient


def logistic(v: Any) -> Any:
    p = 1 / (1 + np.exp(-v))
    return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p))


# A recurrence.
def recurrence(w: Any, b: Any) -> Any:
    h, total = np.ones(5), 0.0
    for t in range(3):
        h = np.tanh(w @ h + b * t)
        total = total + np.sum(S[t] * h)
    return total


def recurrence_gradient(now: bool = False, carried: float = 1.0) -> Callable[[Any, Any], Any]:
    def gradient(w: Any, b: Any) -> Any:
        hs = [np.ones(5)]
        for t in range(3):
            hs.append(np.tanh(w @ hs[-1] + b * t))
        dw, db, dh = np.zeros((5, 5)), np.zeros(5), np.zeros(5)
        for t in (2, 1, 0):
            dz = (S[t] + dh) * (1 - hs[t + 1] ** 2)
            dw += np.outer(dz, hs[t + 1] if now else hs[t])
            db += dz * t
            dh = carried * (w.T @ dz)
        return dw, db

    return gradient


def added(b: Any) -> Any:
    return np.sum(np.sin(S + b))


def gates(w: Any) -> Any:
    a = X @ w
    return np.sum(np.tanh(a[:, 0]) * G[:, 0]) + np.sum(np.exp(a[:, 1]) * G[:, 1]) + np.sum(a[:, 2] ** 2)


def gates_gradient(w: Any) -> Any:
    a = X @ w
    da = np.column_stack([np.exp(a[:, 1]) * G[:, 1], (1 - np.tanh(a[:, 0]) ** 2) * G[:, 0], 2 * a[:, 2]])
    return X.T @ da


def windows(v: Any) -> Any:
    return np.sum(np.sin(v[1:5] ** 2))


def windows_gradient(v: Any) -> Any:
    g = np.zeros_like(v)
    g[0:4] = 2 * v[1:5] * np.cos(v[1:5] ** 2)
    return g


def scale(u: Any) -> Any:
    return np.sum(S[0] * np.sin(np.exp(u)))


def branches(v: Any) -> Any:
    return np.sum(G * np.where(v > 0, v**2, 0.3 * v))


CASES = [
    (layer, layer_gradient(lambda z, s: 1 - s), W, "missing-activation", "sigmoid in `1 / (1 + np.exp(-(X @ w)))`"),
    (layer, layer_gradient(lambda z, s: s), W, "missing-activation", "is s alone, for s (1 - s)"),
    (layer, layer_gradient(lambda z, s: 1 - s**2), W, "missing-activation", "1 - s^2, which is that of tanh"),
    (layer, layer_gradient(lambda z, s: z * (1 - z)), W, "missing-activation", "with the input z"),
    (deep, deep_gradient(lambda t: 1 - t), W, "missing-activation", "the derivative of tanh in `np.tanh(X @ w)`"),
    (deep, deep_gradient(lambda t: 1 - np.tanh(t) ** 2), W, "missing-activation", "is taken at its output"),
    (softmax_layer, softmax_gradient(0), V, "wrong-axis", "runs along axis 0, for axis 1"),
    (softmax_layer, softmax_gradient(None), V, "stopped-path", "the diagonal alone is kept"),
    (entropy, entropy_gradient(1), V, "off-by-one", "is put one place after the entries that were taken"),
    (entropy, entropy_gradient(-1), V, "off-by-one", "is put one place before the entries that were taken"),
    (entropy, entropy_gradient(0, 0), V, "wrong-axis", "is used on the way back it runs along axis 0, for axis 1"),
    (logistic, lambda v: 1 / (1 + np.exp(-v)) - (1 - Y), V, "inverted-mask", "are the wrong way round"),
    (added, lambda b: np.cos(S + b).sum(1), B, "wrong-axis", "its share is summed along axis 1"),
    (gates, gates_gradient, W, "permuted", "is put into each other's place"),
    (windows, windows_gradient, B.repeat(2), "off-by-one", "one place before"),
    (scale, lambda u: S[0] * np.cos(np.exp(u)), B, "reparametrisation", "the derivative of `np.exp(u)`"),
    (branches, lambda v: G * np.where(v > 0, 0.3, 2 * v), V, "inverted-mask", "is the wrong way round on the way back"),
]  # fmt: skip


@pytest.mark.parametrize(("loss", "gradient", "x", "cause", "words"), CASES)
def test_the_kind_and_the_line_are_named(loss: Any, gradient: Any, x: Any, cause: str, words: str) -> None:
    report = check_grad(loss, gradient, x)
    assert report.verdict == "wrong"
    first = report.likely[0]
    assert first.cause == cause
    assert words in first.detail
    assert "test_rules.py, line" in first.detail
    assert f"gives the claim in all {x.size} entries" in first.evidence
    assert not [note for note in report.notes if note.startswith("the search for a cause failed")]


def test_the_right_ones_are_right() -> None:
    assert check_grad(layer, layer_gradient(lambda z, s: s * (1 - s)), W).verdict == "right"
    assert check_grad(softmax_layer, softmax_gradient(1), V).verdict == "right"
    assert check_grad(entropy, entropy_gradient(), V).verdict == "right"
    assert check_grad(recurrence, recurrence_gradient(), S, B).verdict == "right"


def test_the_next_state_in_place_of_the_one_before() -> None:
    report = check_grad(recurrence, recurrence_gradient(now=True), S, B)
    assert report.likely[0].cause == "wrong-operand"
    assert "`np.tanh(w @ h + b * t)`" in report.likely[0].detail


@pytest.mark.parametrize(("carried", "cause"), [(0.0, "stopped-path"), (2.0, "factor"), (-1.0, "sign")])
def test_what_comes_from_later_steps(carried: float, cause: str) -> None:
    report = check_grad(recurrence, recurrence_gradient(carried=carried), S, B)
    assert report.likely[0].cause == cause
    assert "`w @ h`" in report.likely[0].detail


def test_a_change_that_gives_some_of_the_entries_says_in_how_many() -> None:
    """The derivative of tanh is forgotten, and two entries are spoilt besides."""

    def gradient(w: Any) -> Any:
        g = X.T @ G
        g[0, 0] += 0.3
        g[3, 1] -= 0.1
        return g

    (told,) = check_grad(deep, gradient, W).likely
    assert told.cause == "missing-activation"
    assert told.evidence == "reverse mode with this one change gives the claim in 10 of 12 wrong entries"


def test_a_missing_conjugate() -> None:
    f = RNG.normal(size=(4, 5)) + 1j * RNG.normal(size=(4, 5))

    def loss(b: Any) -> Any:
        return np.sum(np.abs(f @ b - 0.3) ** 2)

    def gradient(matrix: Any) -> Any:
        return lambda b: 2 * (matrix.T @ (f @ b - 0.3)).real

    assert check_grad(loss, gradient(f.conj()), B).verdict == "right"
    report = check_grad(loss, gradient(f), B)
    assert report.likely[0].cause == "conjugate"
    assert "is the complex conjugate of the right one" in report.likely[0].detail


def test_a_claim_that_was_kept() -> None:
    kept: list[Any] = []

    def gradient(w: Any) -> Any:
        if not kept:
            kept.append(layer_gradient(lambda z, s: s * (1 - s))(0.9 * w))
        return kept[0]

    (told,) = check_grad(layer, gradient, W).likely
    assert told.cause == "stale"


def _jacobian(f: Any, claim: Any, x: Any) -> CheckReport:
    return check_subject(Subject(f, (Claim(claim, kind="jacobian"),), {"x": x}), Options(correct=False))


def test_a_jacobian_for_its_transpose() -> None:
    f = lambda x: np.tanh(S @ x)  # noqa: E731
    right = lambda x: (1 - np.tanh(S @ x) ** 2)[:, None] * S  # noqa: E731
    assert _jacobian(f, right, B).verdict == "right"
    report = _jacobian(f, lambda x: right(x).T.copy(), B)
    assert report.verdict == "wrong"
    assert report.likely[0].cause == "transposed"
