"""Random functions met exactly at their kinks, jumps, poles and edges: no verdict is contradicted by one-sided differences."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from calcgrad.errors import CalcgradError

from .adversarial import CASES, wrong
from .test_special_points import find

pytestmark = pytest.mark.slow

SEEN: Counter[str] = Counter()


@seed(11)
@settings(max_examples=100, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(CASES)
def test_no_verdict_is_contradicted(case: tuple[str, str]) -> None:
    expr, at = case
    try:
        found = find(expr, f"x={at}")[0][0]
    except CalcgradError:
        return
    SEEN[found.verdict if found else "ordinary"] += 1
    assert wrong(expr, at) is None


def test_the_random_functions_did_meet_what_they_should() -> None:
    assert sum(SEEN[v] for v in ("kink", "jump", "removable", "undefined", "boundary", "agree")) > 20
    assert SEEN["inconclusive"] <= 3


@pytest.mark.parametrize(
    ("expr", "verdict"),
    [
        # A second term below every power is still there: sin(h) is not h.
        ("where(x > 0, sign(sin(exp(-1/x)) - exp(-1/x)), 0)", ("undefined", "inconclusive", "jump")),
        ("where(x > 0, 1 - cos(exp(-1/x)), 0)", ("agree",)),
        ("where(x == 0, 0, sign(1 - cos(exp(-1/x^2))))", ("jump", "inconclusive")),
        # What oscillates below every power has no second derivative that could be read off.
        ("where(x == 0, 0, exp(-1/x^2)*sin(exp(2/x^2)))", ("agree",)),
        # Not a comparison, and yet a condition.
        ("where(x, 1, 0)", ("jump",)),
        ("where(not x, 1, 0)", ("jump",)),
        ("where(x and 1, x, 0)", ("agree",)),
        # A function minus itself is zero, also where its series is cut.
        ("where(tanh(x) < tanh(x), x, x^2)", ("agree", "ordinary")),
        ("tanh(x)/tanh(x)", ("removable",)),
    ],
)
def test_traps(expr: str, verdict: tuple[str, ...]) -> None:
    found = find(expr, "x=0")[0][0]
    assert (found.verdict if found else "ordinary") in verdict


def test_what_oscillates_below_every_power_is_not_differentiated_twice() -> None:
    found = find("where(x == 0, 0, exp(-1/x^2)*sin(exp(2/x^2)))", "x=0", 2)[0][0]
    assert found is not None
    assert found.verdict == "inconclusive"


@pytest.mark.parametrize(
    "expr", ["abs((x - 0.1*3)/1e-15)", "abs((x - 0.3)*1e12)", "abs(sin((x - 3/10)/1e-14))"]
)
def test_a_zero_that_rounding_blurs_is_looked_at_exactly(expr: str) -> None:
    found = find(expr, "x=0.3")[0][0]
    assert found is not None
    assert found.verdict == "kink"


_POINTS = st.sampled_from(["1/3", "0.1", "0.7", "pi/3", "sqrt(2)", "1e-3", "12345.678"])
_SCALES = st.sampled_from(["1", "1e-13", "1e13", "pi", "1/7", "1e-30"])


@seed(3)
@settings(max_examples=40, deadline=None, database=None)
@given(_POINTS, _SCALES, st.sampled_from(["abs({})", "max({}, 0)", "sqrt(({})^2)", "floor({})", "sign({})"]))
def test_a_break_is_found_at_any_scale(at: str, scale: str, form: str) -> None:
    # (x - a)*s is exactly 0 at a, whatever the doubles say
    found = find(form.format(f"(x - {at})*{scale}"), f"x={at}")[0][0]
    assert found is not None
    assert found.verdict == ("jump" if form in ("floor({})", "sign({})") else "kink")
