"""Fast pullbacks of reductions: by mpmath at hostile values, and as the table's own rules."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

import calcgrad
from calcgrad.special import logsumexp
from calcgrad.tracing import rules
from calcgrad.tracing.gradients import record
from calcgrad.tracing.sweeps import pull_back

EPS = np.finfo(float).eps
INF = np.inf


def _softmax(row: Any) -> list[float]:
    with mpmath.workdps(400):
        e = [mpmath.exp(mpmath.mpf(float(v))) for v in row]
        return [float(v / mpmath.fsum(e)) for v in e]


#: Rows of entries whose exponentials overflow, underflow, tie, are lost beside others, or are none.
ROWS = [
    [0.0, 1.0, -1.0, 0.5],
    [800.0, 799.0, 0.0, -800.0],
    [-5000.0, -5001.0, -5000.5, -9000.0],
    [1e15, 1e15, 0.0, -1e15],
    [0.0, -40.0, -745.0, -800.0],
    [3.0, 3.0, 3.0, 3.0],
    [-INF, 0.0, 1.0, -INF],
    [1e-300, 0.0, -1e-300, 5e-324],
]


def as_written(x: Any, axis: Any = -1) -> Any:
    """The formula as code has it."""
    m = np.max(x, axis=axis, keepdims=True)
    return m + np.log(np.sum(np.exp(x - m), axis=axis, keepdims=True))


FORMS = {
    "logsumexp": lambda x: logsumexp(x, axis=-1),
    "logaddexp.reduce": lambda x: np.logaddexp.reduce(x, axis=-1),
    "as written": as_written,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_logarithms_of_sums_by_mpmath(row: list[float], form: str) -> None:
    f = FORMS[form]
    x = np.array([row, row[::-1]])
    known = np.array([_softmax(row), _softmax(row[::-1])])
    with np.errstate(all="ignore"):
        value, found = calcgrad.value_and_grad(
            lambda x: np.sum(f(x) * np.array([[1.0], [1.0]]) if form == "as written" else f(x))
        )(x)
        whole = calcgrad.grad(lambda x: np.sum(f(x.reshape(-1))))(x[0])
    assert found == pytest.approx(known, rel=16 * EPS, abs=4 * EPS if form == "as written" else 1e-300)
    assert whole == pytest.approx(known[0], rel=16 * EPS, abs=4 * EPS if form == "as written" else 1e-300)
    with mpmath.workdps(400):
        exact = 2 * float(mpmath.log(mpmath.fsum(mpmath.exp(mpmath.mpf(v)) for v in row)))
    assert value == pytest.approx(exact, rel=8 * EPS, abs=8 * EPS if form == "as written" else 0)


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 2), (1,), (-1, 0, 1)])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_all_axes_and_precisions(axis: Any, keepdims: bool, kind: Any) -> None:
    rng = np.random.default_rng(3)
    x = np.round(rng.normal(size=(3, 4, 2)), 1).astype(kind)  # with ties
    for f in (
        lambda a: logsumexp(a, axis=axis, keepdims=keepdims),
        lambda a: np.max(a, axis=axis, keepdims=keepdims),
        lambda a: np.min(a, axis=axis, keepdims=keepdims),
    ):
        weights = np.asarray(rng.normal(size=np.shape(f(x)))).astype(kind)
        loss = lambda a, f=f, weights=weights: np.sum(f(a) * weights)  # noqa: E731
        made = record(loss, [x])
        (fast,) = pull_back(made.trace, {made.output.slot: kind(1)})
        steps = made.trace.steps
        steps[1:] = [(None, *rules.view(step)[1:]) for step in steps[1:]]
        (by_rule,) = pull_back(made.trace, {made.output.slot: kind(1)})
        assert fast.dtype == by_rule.dtype == kind
        assert fast == pytest.approx(
            by_rule, rel=8 * float(np.finfo(kind).eps), abs=float(np.finfo(kind).tiny)
        )


def test_arrays_in_other_orders_of_memory() -> None:
    x = np.random.default_rng(4).normal(size=(6, 5))
    for a in (x.T, x[::-1, ::2], np.asfortranarray(x)):
        for axis in (None, 0, 1):
            found = calcgrad.grad(lambda a, axis=axis: np.sum(logsumexp(a, axis=axis) ** 2))(a)
            same = calcgrad.grad(lambda a, axis=axis: np.sum(logsumexp(a, axis=axis) ** 2))(
                np.ascontiguousarray(a)
            )
            assert found == pytest.approx(same, rel=8 * EPS)


def test_empty_axes() -> None:
    for f in (lambda a: logsumexp(a, axis=1), lambda a: np.max(a, axis=1)):
        assert calcgrad.grad(lambda a, f=f: np.sum(f(a)))(np.ones((0, 3))).shape == (0, 3)
    assert logsumexp(np.ones((2, 0)), axis=1).tolist() == [-INF, -INF]
    with pytest.raises(ValueError, match="zero-size"):
        calcgrad.grad(lambda a: np.sum(np.max(a, axis=1)))(np.ones((3, 0)))


def test_the_largest_share_and_others_get_nothing_not_even_of_infinity() -> None:
    x = np.array([[1.0, 3.0, 3.0], [2.0, 0.0, 1.0]])
    assert calcgrad.grad(lambda a: np.sum(np.max(a, axis=1)))(x).tolist() == [[0, 0.5, 0.5], [1, 0, 0]]
    with np.errstate(all="ignore"):
        found = calcgrad.grad(lambda a: np.sum(np.sqrt(np.min(a, axis=1))))(x)
    assert found.tolist() == [[0.5, 0, 0], [0, INF, 0]]


def test_nan_and_infinite_entries() -> None:
    with np.errstate(all="ignore"):
        x = np.array([[np.nan, 1.0], [0.0, 1.0]])
        found = calcgrad.grad(lambda a: np.sum(logsumexp(a, axis=1)))(x)
        assert np.isnan(found[0]).all()
        assert found[1] == pytest.approx(_softmax([0.0, 1.0]), rel=8 * EPS)
        assert logsumexp(np.array([INF, 1.0])) == INF
        assert logsumexp(np.array([-INF, -INF])) == -INF
        assert logsumexp(np.array([[INF, -INF], [-INF, -INF]]), axis=1).tolist() == [INF, -INF]
