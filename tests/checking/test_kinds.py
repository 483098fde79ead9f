"""Claims of every kind, and arguments of every form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.report.claims import CheckReport

RNG = np.random.default_rng(3)
A = RNG.standard_normal((5, 12))
X = RNG.standard_normal(12)


def outputs(x: Any) -> Any:
    return np.tanh(A @ x) + np.sum(x**2)


def matrix(x: Any) -> Any:
    return (1 - np.tanh(A @ x) ** 2)[:, None] * A + 2 * x


def loss(x: Any) -> Any:
    return np.sum(np.tanh(A @ x)) + np.sum(x**4)


def gradient(x: Any) -> Any:
    return A.T @ (1 - np.tanh(A @ x) ** 2) + 4 * x**3


def hessian(x: Any) -> Any:
    t = np.tanh(A @ x)
    return A.T @ ((-2 * t * (1 - t**2))[:, None] * A) + np.diag(12 * x**2)


def _check(f: Any, *claims: Claim, x: Any = X) -> CheckReport:
    return check_subject(Subject(f, claims, {"x": x}))


CLAIMS = {
    "value_and_grad": (loss, lambda x: (loss(x), gradient(x))),
    "jacobian": (outputs, matrix),
    "jvp": (outputs, lambda x, v: matrix(x) @ v),
    "vjp": (outputs, lambda x, u: u @ matrix(x)),
    "hvp": (loss, lambda x, v: hessian(x) @ v),
}


@pytest.mark.parametrize("kind", list(CLAIMS))
def test_a_right_claim_of_each_kind(kind: Any) -> None:
    f, claim = CLAIMS[kind]
    report = _check(f, Claim(claim, kind))
    assert (report.verdict, report.cause, report.kind) == ("right", None, kind)


@pytest.mark.parametrize("kind", list(CLAIMS))
@pytest.mark.parametrize("share", [1e-5, 1.0])
def test_one_wrong_entry_of_each_kind_is_named(kind: Any, share: float) -> None:
    f, claim = CLAIMS[kind]

    def off(x: Any, *more: Any) -> Any:
        if kind == "jvp":
            J = matrix(x)
            J[2, 7] += share
            return J @ more[0]
        if kind == "vjp":
            J = matrix(x)
            J[2, 7] += share
            return more[0] @ J
        found = claim(x, *more)
        part = found[1] if kind == "value_and_grad" else found
        part[(2, 7) if kind == "jacobian" else (7,)] += share
        return found

    report = _check(f, Claim(off, kind))
    assert report.verdict == "wrong"
    assert [entry.index for entry in report.wrong] == [(2, 7) if kind == "jacobian" else (7,)]
    entry = report.wrong[0]
    assert entry.error_bound is not None
    if kind in ("jacobian", "value_and_grad", "hvp"):
        assert abs(entry.claimed - entry.true - share) <= entry.error_bound + 1e-9 * share


def two(u: Any, v: Any) -> Any:
    return np.array([u[0, 0] * v[1], np.sum(u) ** 2, u[1, 1] + v[0] ** 3])


def two_by_hand(u: Any, v: Any) -> Any:
    """One matrix: a row for each output, the four columns of u before the two of v."""
    s = 2 * np.sum(u)
    return np.array([[v[1], 0, 0, 0, 0, u[0, 0]], [s, s, s, s, 0, 0], [0, 0, 0, 1.0, 3 * v[0] ** 2, 0]])


U, V = np.array([[0.3, -1.1], [0.7, 0.4]]), np.array([0.9, -0.6])


def test_a_jacobian_may_be_one_matrix_for_all_arguments() -> None:
    at = {"u": U, "v": V}
    assert check_subject(Subject(two, (Claim(two_by_hand, "jacobian"),), at)).verdict == "right"

    def off(u: Any, v: Any) -> Any:
        found = two_by_hand(u, v)
        found[1, 3] *= 0.5
        return found

    report = check_subject(Subject(two, (Claim(off, "jacobian"),), at))
    assert [(e.argument, e.index) for e in report.wrong] == [("u", (1, 1, 1))]
    one = Subject(lambda u: two(u, V), (Claim(lambda u: two_by_hand(u, V)[:, :4], "jacobian"),), {"u": U})
    assert check_subject(one).verdict == "right"
    row = Subject(
        lambda u: two(u, V)[1], (Claim(lambda u: two_by_hand(u, V)[1:2, :4], "jacobian"),), {"u": U}
    )
    assert check_subject(row).verdict == "right"


@pytest.mark.parametrize(
    "cut", [lambda J: J.T, lambda J: J[:, :5], lambda J: J[0]], ids=["turned", "narrow", "a row"]
)
def test_a_matrix_of_another_shape_is_none(cut: Any) -> None:
    claim = Claim(lambda u, v: cut(two_by_hand(u, v)), "jacobian")
    assert check_subject(Subject(two, (claim,), {"u": U, "v": V})).cause == "shape"


def test_a_row_that_is_forgotten_is_no_inverted_mask() -> None:
    """Of one positive entry claimed to be 0 the slope of relu on the other side says nothing."""
    f = lambda m, x: np.array([x[0] / m, x[1] * np.exp(-m)])  # noqa: E731
    claim = Claim(lambda m, x: (np.zeros(2), np.diag([1 / m, np.exp(-m)])), "jacobian")
    report = check_subject(Subject(f, (claim,), {"m": 0.8, "x": np.array([0.6, 1.7])}))
    assert [e.argument for e in report.wrong] == ["m", "m"]
    assert {each.cause for each in report.likely} == {"zero"}


def test_a_value_and_grad_needs_no_function() -> None:
    claim = Claim(lambda x: (loss(x), gradient(x)), "value_and_grad", "both")
    assert check_subject(Subject(None, (claim,), {"x": X})).verdict == "right"


def test_a_jvp_and_a_vjp_are_held_against_each_other() -> None:
    jvp, vjp = (Claim(CLAIMS[kind][1], kind, kind) for kind in ("jvp", "vjp"))
    report = _check(outputs, jvp, vjp)
    (witness,) = [w for w in report.witnesses if w.name == "dot-product"]
    assert (report.verdict, witness.says) == ("right", "right")
    off = Claim(lambda x, u: 1.001 * (u @ matrix(x)), "vjp", "vjp")
    report = _check(outputs, jvp, off)
    (witness,) = [w for w in report.witnesses if w.name == "dot-product"]
    assert (report.verdict, witness.says) == ("wrong", "wrong")
    assert report.notes[:2] == ("jvp (jvp): right", "vjp (vjp): wrong")


def test_where_values_say_nothing_the_identity_still_does() -> None:
    def rough(x: Any) -> Any:
        return outputs(x) + 1e-3 * np.sin(1e9 * x[:5])

    jvp = Claim(CLAIMS["jvp"][1], "jvp", "jvp")
    vjp = Claim(lambda x, u: 1.001 * (u @ matrix(x)), "vjp", "vjp")
    report = _check(rough, jvp, vjp)
    assert report.verdict != "right"
    assert [w.says for w in report.witnesses if w.name == "dot-product"] == ["wrong"]


@dataclass
class Layer:
    weight: Any
    bias: Any
    name: str


class Pair(NamedTuple):
    a: Any
    b: Any


TREES = {
    "dictionary": ({"W1": X.reshape(3, 4), "n": 3}, 'p["W1"]'),
    "list": ([X.reshape(3, 4), "relu"], "p[0]"),
    "dataclass": (Layer(X.reshape(3, 4), 0.5, "first"), "p.weight"),
    "named tuple": (Pair(X.reshape(3, 4), None), "p.a"),
    "nested": ({"layers": [Layer(X.reshape(3, 4), 0.5, "first")]}, 'p["layers"][0].weight'),
}


def _weight(tree: Any) -> Any:
    if isinstance(tree, dict):
        return tree["W1"] if "W1" in tree else _weight(tree["layers"][0])
    return tree.weight if isinstance(tree, Layer) else tree[0]


def _with_weight(tree: Any, g: Any) -> Any:
    if isinstance(tree, dict):
        return {"W1": g} if "W1" in tree else {"layers": [Layer(g, 0.0, "")]}
    if isinstance(tree, Layer):
        return Layer(g, 0.0, "")
    return Pair(g, None) if isinstance(tree, Pair) else [g, None]


@pytest.mark.parametrize("form", list(TREES))
def test_a_wrong_entry_of_a_tree_is_named_by_its_path(form: str) -> None:
    tree, path = TREES[form]

    def f(p: Any) -> Any:
        return np.sum(_weight(p) ** 3)

    def off(p: Any) -> Any:
        g = 3 * _weight(p) ** 2
        g[1, 2] += 0.01
        return _with_weight(p, g)

    report = check_subject(Subject(f, (Claim(off),), {"p": tree}))
    assert [(e.argument, e.index) for e in report.wrong] == [(path, (1, 2))]
    right = Claim(lambda p: _with_weight(p, 3 * _weight(p) ** 2))
    assert check_subject(Subject(f, (right,), {"p": tree})).verdict == "right"


def test_a_part_that_is_missing_is_a_wrong_shape() -> None:
    p = {"a": X, "b": 2.0}
    report = check_subject(
        Subject(lambda p: np.sum(p["a"]) * p["b"], (Claim(lambda p: {"b": 0.0}),), {"p": p})
    )
    assert (report.verdict, report.cause) == ("wrong", "shape")
    assert report.notes == ('the gradient has no part for p["a"]',)


def test_only_some_arguments() -> None:
    f = lambda w, data: np.sum((data * w) ** 2)  # noqa: E731
    claim = Claim(lambda w, data: 2 * data**2 * w)
    report = check_subject(Subject(f, (claim,), {"w": X, "data": np.ones(12)}, wrt=("w",)))
    assert report.verdict == "right"


def test_integers_are_data_beside_floats() -> None:
    f = lambda w, labels: np.sum(w[labels] ** 2)  # noqa: E731
    claim = Claim(lambda w, labels: 2 * w * np.bincount(labels, minlength=12))
    assert check_subject(Subject(f, (claim,), {"w": X, "labels": np.array([1, 1, 3])})).verdict == "right"


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("trace", [True, False])
def test_single_and_half_precision(dtype: Any, trace: bool) -> None:
    x = X.astype(dtype)
    options = Options(trace=trace)
    a = A.astype(dtype)
    f = lambda x: np.sum(np.tanh(a @ x) + (a @ x) ** 2)  # noqa: E731

    def g(x: Any) -> Any:
        z = a @ x
        return (a.T @ (1 - np.tanh(z) ** 2 + 2 * z)).astype(dtype)

    single = dtype is np.float32
    report = check_subject(Subject(f, (Claim(g),), {"x": x}), options)
    assert report.verdict == "right" or (not single and report.cause == "low-precision")

    def off(x: Any) -> Any:
        found = g(x)
        found[4] += dtype(0.01 if single else 20.0)
        return found

    report = check_subject(Subject(f, (Claim(off),), {"x": x}), options)
    assert [e.index for e in report.wrong] == [(4,)]
