"""Drawn expressions in far ranges: a row without one right digit is never called agreement. Truth is mpmath's, by differences."""

from __future__ import annotations

from random import Random
from typing import Any

import mpmath
import pytest

import calcgrad

pytestmark = pytest.mark.slow

NAMES = (
    *("exp", "cosh", "sinh", "tanh", "atan", "log1p", "sqrt", "asinh"),
    *("erf", "erfc", "sech", "coth", "sin", "expm1", "cbrt"),
)
REASONS = ("(underflow)", "(overflow)", "(cancellation)")


def drawn(random: Random) -> tuple[str, Any, float]:
    """A text, the same function for mpmath, and a point."""
    f, g = random.choice(NAMES), random.choice(NAMES)
    c, a = 10.0 ** random.randint(-300, 300), 10.0 ** random.choice([-3, -1, 0, 0, 1, 2])
    x = random.choice([random.uniform(1, 900), 10.0 ** random.randint(-200, 200), random.uniform(0.1, 30)])
    p = random.choice([-3, -2, -1, 1, 2, 3])
    first, second = getattr(mpmath, f), getattr(mpmath, g)
    exact_c, exact_a = mpmath.mpf(c), mpmath.mpf(a)
    forms = [
        (f"{c!r}*{f}({a!r}*x)^({p})", lambda t: exact_c * first(exact_a * t) ** p),
        (f"{f}(x)/{g}({a!r}*x)", lambda t: first(t) / second(exact_a * t)),
        (f"{c!r}*x^({p})*{f}({a!r}*x)", lambda t: exact_c * t**p * first(exact_a * t)),
        (f"{f}({c!r}*x)*{g}(x)", lambda t: first(exact_c * t) * second(t)),
        (f"1/({c!r} + {f}({a!r}*x))", lambda t: 1 / (exact_c + first(exact_a * t))),
    ]
    return *random.choice(forms), x


def slope(function: Any, x: float) -> Any:
    """The derivative, or ``None`` where it or the value is beyond the doubles, or not a real number."""
    with mpmath.workdps(1500):
        point = mpmath.mpf(x)
        h = point * mpmath.mpf(10) ** -700
        try:
            value, true = function(point), (function(point + h) - function(point - h)) / (2 * h)
        except (ArithmeticError, ValueError, mpmath.libmp.NoConvergence):
            return None
        if not isinstance(true, mpmath.mpf) or abs(value) > 1e307:
            return None
        return true if mpmath.mpf("1e-305") < abs(true) < 1e307 else None


@pytest.mark.parametrize("seed", range(6))
def test_no_row_without_a_right_digit_is_agreement(seed: int) -> None:
    random, left = Random(seed), 6
    while left:
        text, function, x = drawn(random)
        true = slope(function, x)
        if true is None:
            continue
        left -= 1
        (point,) = calcgrad.diff(text, at=x, truth="certified", timeout=60).points
        (truth,) = point.truth
        if truth.value is None:
            assert point.verdict == "inconclusive", text
            continue
        assert abs(mpmath.mpf(truth.at_double or truth.value) / true - 1) < 1e-15, text
        exact = [row for row in point.results if row.method in ("complex-step", "forward-ad", "reverse-ad")]
        lost = [
            row.method
            for row in exact
            if row.status == "ok" and row.value is not None and not abs(row.value - true) < abs(true) / 10
        ]
        # of sin(1e39) the rounding of what was written leaves nothing, which is no fault of a row: it is said
        said = point.explanation[0].endswith("no digit is right")
        assert not (lost and point.verdict == "agree" and not said), (text, x, lost)
        if lost and point.verdict == "disagree":
            assert any(reason in point.explanation[0] for reason in REASONS), (text, x)


def test_a_derivative_too_small_for_a_complex_step_is_said() -> None:
    (point,) = calcgrad.diff("1/(1e152+exp(10*x))", at="1e-44").points
    row = next(row for row in point.results if row.method == "complex-step")
    assert (point.verdict, row.status) == ("agree", "noisy")
    assert (
        row.note == "so small a derivative is lost: its product with the step is below the smallest doubles"
    )


def test_a_derivative_smaller_than_what_a_complex_step_leaves_out_is_said() -> None:
    (point,) = calcgrad.diff("1e300*tanh(x)", at=400).points
    row = next(row for row in point.results if row.method == "complex-step")
    assert (point.verdict, row.status) == ("agree", "noisy")


def test_a_truth_below_the_doubles_is_said_with_its_digits() -> None:
    (point,) = calcgrad.diff("/".join(["x"] * 3000), at="1.5", timeout=60).points
    assert point.explanation[0].startswith(
        "no digit of forward-ad's -1e-323 is right, the truth is -2.39412e-525: "
    )
