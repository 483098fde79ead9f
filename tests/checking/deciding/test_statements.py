"""What a report says beside its verdict: true of the program, or not said."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.measuring.subject import Options
from calcgrad.report.claims import CheckReport
from tests.checking.one import check_gradient

RNG = np.random.default_rng(5)
X32 = RNG.normal(size=(20, 5)).astype(np.float32)
W = RNG.normal(size=5)


def single(w: Any) -> Any:
    return np.sum(np.sin(X32 @ w.astype(np.float32)) ** 2)


def single_as_float(w: Any) -> Any:
    return np.sum(np.sin(X32 @ w.astype(np.float32)) ** 2) * 1.0


def by_product(w: Any) -> Any:
    z = X32 @ w.astype(np.float32)
    return X32.T @ (2 * np.sin(z) * np.cos(z))


def by_double_angle(w: Any) -> Any:
    return X32.T @ np.sin(2 * (X32 @ w.astype(np.float32)))


def in_double(w: Any) -> Any:
    return X32.astype(float).T @ np.sin(2 * (X32.astype(float) @ w))


@pytest.mark.parametrize("claim", [by_product, by_double_angle, in_double])
@pytest.mark.parametrize("loss", [single, single_as_float])
def test_a_loss_that_casts_to_single_precision_has_the_bars_of_single_precision(
    loss: Callable[..., Any], claim: Callable[..., Any]
) -> None:
    """All three are right; they round otherwise."""
    report = check_gradient(loss, claim, {"w": W})
    assert report.verdict == "right", report.wrong


@pytest.mark.parametrize("share", [1e-2, 1e-3])
def test_an_error_beyond_single_precision_is_seen_there(share: float) -> None:
    report = check_gradient(single, lambda w: by_product(w) * np.float32(1 + share), {"w": W})
    assert report.verdict == "wrong"
    true = in_double(W)
    for entry in report.wrong:
        assert abs(entry.true - true[entry.index]) <= entry.error_bound
    for each in report.likely:
        assert each.cause == "factor"
        assert f"{1 + share:g} · true" in each.detail


def _one_entry(factor: float) -> Callable[..., Any]:
    scale = np.array([1.0, 1.0, factor, 1.0, 1.0])
    return lambda w: np.exp(w) * scale


def exponentials(w: Any) -> Any:
    return np.sum(np.exp(w))


def _causes(report: CheckReport) -> list[str]:
    assert report.verdict == "wrong"
    return [each.cause for each in report.likely]


@pytest.mark.parametrize("trace", [True, False])
@pytest.mark.parametrize("factor", [0.8, 1.05, 1.5, 1.3, 0.7])
def test_the_ratio_of_one_entry_is_no_cause(factor: float, trace: bool) -> None:
    claim = _one_entry(factor)
    assert _causes(check_gradient(exponentials, claim, {"w": W}, options=Options(trace=trace))) == []


@pytest.mark.parametrize(
    ("factor", "cause"), [(2.0, "factor"), (0.5, "factor"), (-1.0, "sign"), (10.0, "factor")]
)
def test_a_ratio_that_happens_is_a_cause_of_one_entry_too(factor: float, cause: str) -> None:
    assert _causes(check_gradient(exponentials, _one_entry(factor), {"w": W})) == [cause]


def test_a_factor_of_the_whole_gradient_is_not_put_down_to_one_use_of_a_power() -> None:
    report = check_gradient(lambda w: np.sum(w**3), lambda w: 3.3 * w**2, {"w": W})
    assert [(each.cause, each.detail) for each in report.likely] == [
        ("factor", "in every entry claimed = 1.1 · true")
    ]


def opaque(w: Any) -> float:
    return math.fsum(math.sin(float(t)) for t in w)


def test_a_few_wrong_signs_in_an_opaque_loss_are_named() -> None:
    w = RNG.normal(size=2000)
    scale = np.ones(2000)
    scale[[5, 999, 1998]] = -1.0
    report = check_gradient(opaque, lambda w: np.cos(w) * scale, {"w": w}, Options(trace=False))
    assert report.wrong_count == 3
    assert [(each.cause, each.detail) for each in report.likely] == [
        ("sign", "in the 3 wrong entries claimed = -true")
    ]


def test_a_sign_in_some_entries_of_many_is_said_of_those_that_were_measured() -> None:
    w = RNG.normal(size=1000)
    scale = np.where(np.arange(1000) % 7 == 0, -1.0, 1.0)
    report = check_gradient(opaque, lambda w: np.cos(w) * scale, {"w": w}, Options(trace=False))
    assert not report.wrong_complete
    detail = f"in the {report.wrong_count} wrong entries that were measured claimed = -true"
    assert [(each.cause, each.detail) for each in report.likely] == [("sign", detail)]


def test_a_value_that_never_changes_misses_no_penalty() -> None:
    kept = float(W @ W)
    report = check_gradient(lambda w: kept, lambda w: 2 * w, {"w": W})
    assert _causes(report) == []
    assert any("does not change with any argument" in note for note in report.notes)


def test_chance_is_not_called_state_when_two_answers_were_equal() -> None:
    answers = iter([1.0, 1.0, 1.0, 1.0, 7.0, 3.0, 2.0, 9.0])
    report = check_gradient(lambda w: next(answers), lambda w: 2 * w, {"w": W})
    assert (report.verdict, report.cause) == ("inconclusive", "nondeterministic")


@pytest.mark.parametrize("power", [200, -200])
def test_huge_and_tiny_gradients_warn_of_nothing(power: int) -> None:
    size = 10.0**power
    scale = np.array([1.0, 1.0, 1.001, 1.0, 1.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = check_gradient(lambda w: size * np.sum(w**3), lambda w: 3 * size * w**2 * scale, {"w": W})
    assert [entry.index for entry in report.wrong] == [(2,)]


def test_a_complex_value_without_imaginary_part_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = check_gradient(lambda w: np.sum(w**2) + 0j, lambda w: 2 * w, {"w": W})
    assert report.verdict == "right"


def test_a_slope_of_zero_has_no_sign() -> None:
    report = check_gradient(
        lambda w: np.sum(np.maximum(w, 0)), lambda w: (w > 0) * 1.0, {"w": np.array([0.0, 1.0])}
    )
    assert report.cause == "kink"
    assert any("the slope is 0 on the left and 1 on the right" in note for note in report.notes)
