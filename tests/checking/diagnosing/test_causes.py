"""What is not a wrong gradient is called by its name."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.errors import UndefinedError, UsageError
from calcgrad.report.claims import CheckReport

X = np.random.default_rng(5).standard_normal(20)


def cubes(x: Any) -> float:
    return float(np.sum(x**3))


def slope(x: Any) -> Any:
    return 3 * x**2


def _check(f: Any, g: Any, x: Any = X, **options: Any) -> CheckReport:
    return check_subject(Subject(f, (Claim(g, name="slope"),), {"x": x}), Options(correct=False, **options))


def _verdict(report: CheckReport) -> tuple[str, str | None]:
    return report.verdict, report.cause


@pytest.mark.parametrize("n", [3, 20])
def test_a_kink_is_told_with_its_entry_and_another_point_is_tried(n: int) -> None:
    x = X[:n].copy()
    x[1] = 0.0
    report = _check(lambda x: float(np.sum(np.abs(x))), np.sign, x)
    assert _verdict(report) == ("inconclusive", "kink")
    assert "there is a kink in x[1]" in report.notes
    assert "a point nearby was tried too" in report.notes[-1]
    assert report.notes[-1].endswith("there the claim is right")


def test_a_kink_that_needs_two_entries() -> None:
    x = X.copy()
    x[3] = -x[7]
    f = lambda x: float(np.sum(x**2) + abs(x[3] + x[7]))  # noqa: E731
    report = _check(f, lambda x: 2 * x)
    assert report.verdict == "wrong"
    at_kink = _check(f, lambda x: 2 * x + np.sign(x[3] + x[7]) * np.isin(np.arange(20), (3, 7)), x)
    assert _verdict(at_kink) == ("inconclusive", "kink")
    assert any("there is a kink in x[" in note for note in at_kink.notes)


def test_a_gradient_that_is_wrong_beside_the_kink_is_wrong() -> None:
    x = X.copy()
    x[1] = 0.0
    report = _check(lambda x: float(np.sum(np.abs(x))), lambda x: 2 * np.sign(x), x)
    assert report.verdict == "wrong"
    assert "because of the kink, a point nearby was tried too" in report.notes[0]


@pytest.mark.parametrize("claim", [lambda x: 4 * x, lambda x: 0 * x, lambda x: -2 * x])
@pytest.mark.parametrize("n", [3, 30])
def test_at_an_optimum_every_claim_looks_right_and_a_point_nearby_tells(claim: Any, n: int) -> None:
    x = np.zeros(n)
    assert _check(lambda x: float(x @ x), claim, x).verdict == "wrong"
    right = _check(lambda x: float(x @ x), lambda x: 2 * x, x)
    assert right.verdict == "right"
    assert "too small to tell from 0" in right.notes[-1]


def test_a_function_that_draws_numbers() -> None:
    rng = np.random.default_rng(1)
    report = _check(lambda x: cubes(x) + rng.standard_normal(), slope)
    assert _verdict(report) == ("inconclusive", "nondeterministic")


def test_a_function_that_draws_numbers_can_be_seeded() -> None:
    def f(x: Any) -> float:
        return float(np.sum(x**3 * (np.random.random(20) < 0.5)))

    def g(x: Any) -> Any:
        return 3 * x**2 * (np.random.random(20) < 0.5)

    assert _check(f, g).cause == "nondeterministic"
    seeded = _check(f, g, seed_call=np.random.seed)
    assert seeded.verdict == "right"
    assert _check(f, lambda x: 3 * x**2, seed_call=np.random.seed).verdict == "wrong"


def test_a_claim_that_adds_up_over_calls() -> None:
    kept = np.zeros(20)

    def g(x: Any) -> Any:
        kept[:] += slope(x)
        return kept.copy()

    report = _check(cubes, g)
    assert _verdict(report) == ("inconclusive", "state")
    assert [each.cause for each in report.likely] == ["accumulated"]


def test_a_function_that_remembers_the_claim_was_called() -> None:
    calls = []
    report = _check(
        lambda x: cubes(x) + len(calls), lambda x: (calls.append(1) if len(calls) < 3 else 0, slope(x))[1]
    )
    assert report.cause == "state"


@pytest.mark.parametrize("which", ["the function", "slope"])
def test_an_argument_that_is_changed(which: str) -> None:
    def f(x: Any) -> float:
        value = cubes(x)
        if which == "the function":
            x[0] += 1
        return value

    def g(x: Any) -> Any:
        found = slope(x)
        if which == "slope":
            x *= 2
        return found

    report = _check(f, g)
    assert _verdict(report) == ("inconclusive", "mutates-argument")
    assert report.notes == (f"x was changed by {which}",)


def test_the_callers_arrays_are_never_changed() -> None:
    before = X.copy()
    x = X.copy()

    def f(x: Any) -> float:
        value = cubes(x)
        x[:] = 0
        return value

    _check(f, slope, x)
    assert np.array_equal(x, before)


def test_not_finite_entries_are_named() -> None:
    def g(x: Any) -> Any:
        found = slope(x)
        found[4] = np.nan
        found[9] = np.inf
        return found

    with pytest.raises(UndefinedError) as caught:
        _check(cubes, g)
    assert caught.value.diagnostic.message == "the gradient is nan in x[4], and in 1 more"


def test_the_edge_of_a_domain_is_no_wrong_gradient() -> None:
    x = np.abs(X)
    x[2] = 0.0
    report = _check(lambda x: float(np.sum(np.sqrt(x))), lambda x: 0.5 / np.sqrt(np.maximum(x, 1e-300)), x)
    assert report.verdict == "inconclusive"
    assert report.cause in ("not-finite", "kink")


def test_an_exception_shows_the_users_own_frames() -> None:
    def inner(x: Any) -> float:
        raise ValueError("shapes differ")

    def f(x: Any) -> float:
        return inner(x)

    with pytest.raises(UsageError) as caught:
        _check(f, slope)
    diagnostic = caught.value.diagnostic
    assert diagnostic.code == "E380"
    assert "ValueError: shapes differ" in diagnostic.message
    assert [hint.split(":")[0] for hint in diagnostic.hints] == [
        h.split(":")[0] for h in diagnostic.hints if "test_causes.py" in h
    ]
    assert len(diagnostic.hints) == 2


def test_a_mistake_in_the_program_away_from_the_point_is_an_error_too() -> None:
    def f(x: Any) -> float:
        return cubes(x) if np.array_equal(x, X) else x.no_such_thing

    with pytest.raises(UsageError) as caught:
        _check(f, slope, trace=False)
    assert caught.value.diagnostic.code == "E380"


def test_points_outside_the_domain_are_no_error() -> None:
    def f(x: Any) -> float:
        if x[0] > X[0] + 0.01:
            raise ValueError("outside")
        return cubes(x)

    assert _check(f, slope, trace=False).verdict == "right"


@pytest.mark.parametrize("level", [1e-9, 1e-6])
def test_noise_hides_what_is_smaller(level: float) -> None:
    def f(x: Any) -> float:
        return cubes(x) + level * zlib.crc32(x.tobytes()) / 2.0**32

    assert _check(f, slope, trace=False).verdict != "wrong"
    off = _check(f, lambda x: slope(x) + (np.arange(20) == 4) * 0.5, trace=False)
    assert off.verdict == "wrong"
    assert [e.index for e in off.wrong] == [(4,)]


def test_rtol_forgives() -> None:
    claim = lambda x: slope(x) * (1 + 1e-6 * np.cos(np.arange(20)))  # noqa: E731
    for trace in (True, False):
        assert _check(cubes, claim, trace=trace).verdict == "wrong"
        assert _check(cubes, claim, trace=trace, rtol=1e-5).verdict == "right"
        assert _check(cubes, claim, trace=trace, rtol=1e-8).verdict == "wrong"


def test_witnesses_that_disagree_are_told() -> None:
    """A function that is not what it is traced as: one that looks at the type of its argument."""

    def f(x: Any) -> Any:
        plain = isinstance(x, np.ndarray)
        return np.sum(x**3) if plain else np.sum(x**3) + np.sum(x - x * 1.0) + 0.001 * np.sum((x - X) * 5.0)

    report = _check(f, slope)
    assert _verdict(report) == ("inconclusive", "witnesses-disagree")
    says = {w.name: w.says for w in report.witnesses}
    assert says["reverse-ad"] == "wrong"


def test_a_loss_of_one_entry_in_an_array_is_not_scalar() -> None:
    with pytest.raises(UsageError) as caught:
        _check(lambda x: np.sum(x, keepdims=True), slope)
    assert caught.value.diagnostic.code == "E381"


def test_a_point_that_is_not_finite() -> None:
    with pytest.raises(UsageError) as caught:
        _check(cubes, slope, np.array([1.0, np.inf]))
    assert caught.value.diagnostic.message == "the point is inf in x[1]"
