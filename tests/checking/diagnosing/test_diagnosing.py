"""Every hypothesis names the mistake that it is about, and none names a mistake that is none of theirs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.diagnosing import HYPOTHESES, findings
from calcgrad.checking.diagnosing.evidence import Evidence, evidence_of
from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Leaf, Options, Subject
from calcgrad.report.claims import CheckReport

RNG = np.random.default_rng(11)
X = RNG.standard_normal((6, 5))
TRUE = RNG.standard_normal((6, 5)) + 0.1
SQUARE = RNG.standard_normal((5, 5))


WEIGHTS = 1.5 + RNG.random((6, 5))
OTHER = 1.5 + RNG.random((6, 5))
GATE = (RNG.random((6, 5)) < 0.6) * 1.0
LABELS = np.array([0, 2, 1, 4, 3, 2])
ARRAYS = (("weights", WEIGHTS), ("other", OTHER), ("gate", GATE))


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _masked(true: Any) -> Any:
    true = true.copy()
    true[::2, ::2] = 0.0
    return true


#: What a claim of the truth ``t`` at ``x`` would be with each mistake; the names are those of the registry.
MISTAKES: dict[str, list[tuple[str, Callable[[Any, Any], Any]]]] = {
    "factor": [
        ("factor", lambda t, x: 2.0 * t),
        ("factor", lambda t, x: 0.5 * t),
        ("factor", lambda t, x: 0.01 * t),
        ("sign", lambda t, x: -t),
        ("reduction", lambda t, x: 6 * t),
        ("reduction", lambda t, x: t / 30),
        ("log-base", lambda t, x: t * np.log(2)),
        ("log-base", lambda t, x: t / np.log(10)),
        ("unit", lambda t, x: t * np.pi / 180),
        ("unit", lambda t, x: t * 27.211386245988),
        ("unit", lambda t, x: t / 0.5292),
        ("unit", lambda t, x: t / 8.617333262e-5),
    ],
    "zero": [("zero", lambda t, x: 0.0 * t), ("zero", lambda t, x: np.where(np.arange(5) == 2, 0.0, t))],
    "transposed": [("transposed", lambda t, x: t.reshape(5, 6).T.copy())],
    "shifted": [
        ("shifted", lambda t, x: np.roll(t, 1, 0)),
        ("shifted", lambda t, x: np.roll(t, -1, 1)),
        ("shifted", lambda t, x: np.vstack([t[1:], t[:1] * 3.3])),
    ],
    "missing-term": [
        ("missing-term", lambda t, x: t - 0.3 * x),
        ("missing-term", lambda t, x: t - 0.02 * np.sign(x)),
        ("missing-term", lambda t, x: t + 1e-3 * x**3),
        ("missing-term", lambda t, x: t - 0.7),
        ("missing-term", lambda t, x: t + 0.4 * x * (np.arange(5) < 3)),
    ],
    "ratio": [
        ("missing-activation", lambda t, x: t * np.cosh(x) ** 2),
        ("missing-activation", lambda t, x: t * (1 - np.tanh(x)) * np.cosh(x) ** 2),
        ("missing-activation", lambda t, x: t / _sigmoid(x)),
        ("missing-activation", lambda t, x: t / _sigmoid(-x)),
        ("missing-activation", lambda t, x: t * _sigmoid(-x)),
        ("missing-activation", lambda t, x: t * np.cosh(x) ** 2 / np.cosh(np.tanh(x)) ** 2),
        ("reparametrisation", lambda t, x: t * np.exp(-x)),
        ("reparametrisation", lambda t, x: 3.7 * t * np.exp(-x)),
        ("reparametrisation", lambda t, x: t / _sigmoid(x) / _sigmoid(-x)),
        ("reparametrisation", lambda t, x: t / (2 * x)),
        ("factor", lambda t, x: t * x),
        ("factor", lambda t, x: t / WEIGHTS),
        ("wrong-operand", lambda t, x: t * WEIGHTS / OTHER),
    ],
    "label": [
        ("missing-term", lambda t, x: t + np.eye(5)[LABELS]),
        ("missing-term", lambda t, x: t + np.eye(5)[LABELS] / 6),
        ("reduction", lambda t, x: t - (1 - 1 / 6) * np.eye(5)[LABELS]),
        ("off-by-one", lambda t, x: t + np.eye(5)[LABELS] - np.eye(5)[LABELS - 1]),
    ],
    "inverted-mask": [
        ("inverted-mask", lambda t, x: np.where(x > 0, 0.2 * t, t / 0.2)),
    ],
    "one-term": [
        ("factor", lambda t, x: 2.0 * t - 0.3),
        ("sign", lambda t, x: -t + 0.4 * x),
    ],
    "missing-array": [
        ("missing-term", lambda t, x: t - 0.4 * WEIGHTS),
        ("wrong-operand", lambda t, x: t + 0.4 * (WEIGHTS - OTHER)),
    ],
    "clipped-norm": [("clipped", lambda t, x: t / np.linalg.norm(t))],
    "missing-mask": [
        ("missing-mask", lambda t, x: np.where(_masked(t) == 0.0, 0.4 + t, t)),
    ],
    "permuted": [
        ("permuted", lambda t, x: np.flip(t, 0)),
        ("permuted", lambda t, x: t.ravel()[::-1].reshape(t.shape)),
        ("permuted", lambda t, x: _exchanged(t)),
        ("permuted", lambda t, x: t[[0, 3, 2, 1, 4, 5]]),
        ("permuted", lambda t, x: np.roll(t.ravel(), 7).reshape(t.shape)),
    ],
    "clipped": [("clipped", lambda t, x: np.clip(t, -0.5, 0.5))],
    "float32": [("float32", lambda t, x: t.astype(np.float32).astype(float))],
    "by-row": [
        ("row", lambda t, x: t * (1.0 + np.arange(6.0))[:, None] ** 1.3),
        ("column", lambda t, x: t / (2.0 + np.arange(5.0)) ** 0.7),
    ],
    "row": [
        ("row", lambda t, x: np.where(np.arange(6)[:, None] == 2, t + x**2 + 0.3 * np.cos(9 * x), t)),
        ("column", lambda t, x: np.where(np.arange(5) == 3, t * x + np.sin(7 * x), t)),
    ],
}


def _exchanged(t: Any) -> Any:
    found = t.copy()
    found[1, 2], found[4, 0] = t[4, 0], t[1, 2]
    return found


CASES = [
    pytest.param(name, cause, mistake, id=f"{name}-{i}")
    for name, each in MISTAKES.items()
    for i, (cause, mistake) in enumerate(each)
]


def _evidence(claimed: Any, true: Any = TRUE, x: Any = X, known: Any = None) -> Evidence:
    leaf = Leaf("w", true.shape, "float64", 0, true.size)
    values = true.ravel().copy()
    if known is not None:
        values[~known] = np.nan
    bound = np.full(true.size, 1e-13)
    dimensions = ((6, "the number of rows"), (5, "the number of columns"), (30, "the size"))
    return evidence_of((leaf,), x.ravel(), claimed.ravel(), values, bound, None, dimensions, data=ARRAYS)


def _named(claimed: Any, **more: Any) -> dict[str, list[str]]:
    evidence = _evidence(claimed, **more)
    found: dict[str, list[str]] = {}
    for name, hypothesis in HYPOTHESES.items():
        for leaf in evidence.wrong:
            finding = hypothesis(leaf, evidence)
            if finding is not None:
                found.setdefault(name, []).append(finding.cause)
    return found


@pytest.mark.parametrize(("name", "cause", "mistake"), CASES)
def test_a_hypothesis_names_its_mistake(name: str, cause: str, mistake: Any) -> None:
    true = _masked(TRUE) if name == "missing-mask" else TRUE
    assert _named(mistake(TRUE, X), true=true).get(name) == [cause]


#: Mistakes that two hypotheses describe, both rightly.
ALSO = {
    ("zero", "row"),  # a column of zeros is a column
    ("zero", "by-row"),
    ("missing-mask", "missing-mask"),
    ("clipped-norm", "factor"),  # a norm is cut by a factor
}


@pytest.mark.parametrize(("name", "cause", "mistake"), CASES)
def test_no_other_hypothesis_names_it(name: str, cause: str, mistake: Any) -> None:
    true = _masked(TRUE) if name == "missing-mask" else TRUE
    others = set(_named(mistake(TRUE, X), true=true)) - {name}
    assert {other for other in others if (name, other) not in ALSO} == set()


@pytest.mark.parametrize("known", [12, 20, 30])
@pytest.mark.parametrize(("name", "cause", "mistake"), CASES)
def test_a_sample_of_entries_is_enough(name: str, cause: str, mistake: Any, known: int) -> None:
    """What is not known may hide a mistake, but never makes another of it."""
    true = _masked(TRUE) if name == "missing-mask" else TRUE
    some = np.zeros(30, dtype=bool)
    some[np.random.default_rng(known).permutation(30)[:known]] = True
    found = _named(mistake(TRUE, X), true=true, known=some)
    assert {other for other in found if other != name and (name, other) not in ALSO} == set()
    if known == 30:
        assert name in found


@pytest.mark.parametrize("seed", range(100, 140))
@pytest.mark.parametrize("share", [1e-6, 1e-3, 1.0])
def test_unrelated_errors_have_no_name(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    error = share * rng.standard_normal(TRUE.shape)
    if seed % 3 == 0:
        error *= rng.random(TRUE.shape) < 0.3
    elif seed % 3 == 1:
        chosen = np.zeros(30)
        chosen[rng.permutation(30)[:3]] = 1.0
        error *= chosen.reshape(6, 5)
    found = _named(TRUE + error)
    assert set(found) <= ({"float32"} if share == 1e-6 else set())
    assert "float32" not in found or np.all(np.abs(error[error != 0]) < 2.0**-17)


def test_fortrans_order_of_three_axes() -> None:
    true = np.random.default_rng(6).standard_normal((2, 3, 4))
    for claimed in (true.ravel(order="F").reshape(true.shape), true.ravel().reshape(true.shape, order="F")):
        assert _named(claimed, true=true, x=np.ones(24)) == {"permuted": ["permuted"]}


def test_arguments_that_are_swapped() -> None:
    a, b = RNG.standard_normal(5), RNG.standard_normal(5)
    leaves = (Leaf("a", (5,), "float64", 0, 5), Leaf("b", (5,), "float64", 5, 5))
    true, claimed = np.concatenate([a, b]), np.concatenate([b, a])
    evidence = evidence_of(leaves, np.ones(10), claimed, true, np.full(10, 1e-12))
    assert [f.cause for f in findings(evidence).found] == ["swapped", "swapped"]
    off = evidence_of(leaves, np.ones(10), claimed + 0.1 * a[0], true, np.full(10, 1e-12))
    assert "swapped" not in [f.cause for f in findings(off).found]


def test_every_hypothesis_is_tested() -> None:
    own_files = {"swapped", "finite-difference", "softmax"}
    assert set(MISTAKES) | own_files == set(HYPOTHESES)


# Mistakes in a rule of the sweep, on functions that reverse mode can follow

DATA = RNG.standard_normal((7, 4))
TARGET = RNG.standard_normal((7, 3))
MASK = (RNG.random((7, 3)) < 0.6) * 1.0
W, B = RNG.standard_normal((4, 3)), RNG.standard_normal(3)


def _network(w: Any, b: Any) -> Any:
    h = np.tanh(DATA @ w + b) * MASK
    return np.sum((h - TARGET) ** 2) + 0.1 * np.sum(np.exp(w))


def _network_gradient(w: Any, b: Any, mistake: str = "") -> Any:
    h = np.tanh(DATA @ w + b)
    d = 2 * (h * MASK - TARGET)
    if mistake == "inverted":
        d = d * (1.0 - MASK)
    elif mistake != "mask":
        d = d * MASK
    if mistake != "activation":
        d = d * (1 - h**2)
    db = d[0] if mistake == "first row" else d.mean(0) if mistake == "mean" else d.sum(0)
    term = {"term": 0.0, "sign": -1.0}.get(mistake, 1.0)
    return DATA.T @ d + term * 0.1 * np.exp(w), db


RULES = {
    "mask": "missing-mask",
    "inverted": "inverted-mask",
    "activation": "missing-activation",
    "first row": "broadcast",
    "term": "missing-term",
    "sign": "sign",
}


def _check(gradient: Any, **options: Any) -> CheckReport:
    return check_subject(
        Subject(_network, (Claim(gradient),), {"w": W, "b": B}), Options(correct=False, **options)
    )


@pytest.mark.parametrize("mistake", list(RULES))
def test_a_mistake_in_a_rule_is_named(mistake: str) -> None:
    report = _check(lambda w, b: _network_gradient(w, b, mistake))
    assert report.verdict == "wrong"
    assert [each.cause for each in report.likely] == [RULES[mistake]]
    assert re.search("gives the claim in all (3|12|15) entries", report.likely[0].evidence)


@pytest.mark.parametrize("seed", range(12))
def test_an_unrelated_mistake_is_no_rule(seed: int) -> None:
    rng = np.random.default_rng(seed)
    dw, db = 0.1 * rng.standard_normal(W.shape), 0.1 * rng.standard_normal(B.shape)

    def off(w: Any, b: Any) -> Any:
        gw, gb = _network_gradient(w, b)
        return gw + dw, gb + (db if seed % 2 else 0.0)

    report = _check(off)
    assert (report.verdict, report.likely) == ("wrong", ())


def test_a_diagnosis_fills_in_what_was_not_measured() -> None:
    x = np.random.default_rng(1).standard_normal(3000)
    report = check_subject(
        Subject(lambda x: float(np.sum(x**4)), (Claim(lambda x: 8 * x**3),), {"x": x}), Options(trace=False)
    )
    assert [each.cause for each in report.likely] == ["factor"]
    assert (report.wrong_count, report.wrong_complete) == (3000, True)
    assert report.evaluations < 1200
