"""Comparisons that rounding decides: the doubles follow another branch than the exact numbers, and it is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest

import calcgrad
from calcgrad.comparing.compute import compute
from calcgrad.comparing.request import Request
from calcgrad.functions.exact import ExactFunction
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY
from calcgrad.report.derivatives import PointReport, Report
from calcgrad.verdicts import Examiner, astray

mp = mpmath.mp


def only(report: Report) -> PointReport:
    (point,) = report.points
    return point


def codes(report: Report) -> list[str]:
    return [w.code for w in report.warnings]


def _clipped(y: Any) -> Any:
    high = mp.erf(mp.log(mp.beta(y, 1)))
    return min(max(y, mp.mpf(1)), high)


#: text, point, the function in mpmath, what is decided there in words.
WRONG: list[tuple[str, float, Callable[[Any], Any], str]] = [
    (
        "where(sech(x), x, 2)",
        4e4,
        lambda x: x if mp.sech(x) else 2,
        "what sech(x) is in where(sech(x), x, 2)",
    ),
    ("clip(y, 1, erf(lbeta(y, 1)))", 2e-5, _clipped, "the comparison of 1 with erf(lbeta(y, 1))"),
    (
        "where(tanh(x) < 1, x^2, x)",
        50.0,
        lambda x: x**2 if mp.tanh(x) < 1 else x,
        "the comparison of tanh(x) with 1",
    ),
    (
        "floor(tanh(x))*x",
        100.0,
        lambda x: mp.floor(mp.tanh(x)) * x,
        "what floor(tanh(x)) is: 0 exactly, but 1",
    ),
    ("sign(sech(x))*x", 1e3, lambda x: mp.sign(mp.sech(x)) * x, "what sech(x) is in sign(sech(x))"),
    ("abs(tanh(x) - 1)*1e40", 50.0, lambda x: abs(mp.tanh(x) - 1) * mp.mpf(10) ** 40, "what tanh(x) - 1 is"),
    (
        "max(x*1e-20 + 1, 1)",
        2.0,
        lambda x: max(x * mp.mpf(1e-20) + 1, 1),
        "the comparison of x*1e-20 + 1 with 1",
    ),
    (
        "where(erf(x) == 1, x^2, 3*x)",
        9.0,
        lambda x: x**2 if mp.erf(x) == 1 else 3 * x,
        "the comparison of erf(x) with 1",
    ),
    (
        "mod(ceil(sech(x)), 2)*x",
        1e3,
        lambda x: mp.fmod(mp.ceil(mp.sech(x)), 2) * x,
        "what ceil(sech(x)) is: 1 exactly, but 0",
    ),
]


@pytest.mark.parametrize("truth", ["none", "certified"])
@pytest.mark.parametrize(("text", "at", "function", "told"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_branch_is_the_reason(
    text: str, at: float, function: Callable[[Any], Any], told: str, truth: str
) -> None:
    point = only(calcgrad.diff(text, at=at, truth=truth, methods="forward-ad,reverse-ad"))
    (row,) = point.truth
    assert point.verdict == row.verdict == "disagree"
    assert row.note is not None
    assert row.note.startswith(f"rounding decides {told}")
    assert row.note in point.explanation
    with mpmath.workdps(150 if at < 1e3 else 1000):
        h = mp.mpf(at) * mp.mpf(10) ** -15
        slope = (function(at + h) - function(at - h)) / (2 * h)
        value = mp.mpf(row.note.rpartition("the truth is ")[2])
        assert abs(value - slope) <= 1e-10 * abs(slope)
    assert (row.value is None) == (truth == "none")


@pytest.mark.parametrize("truth", ["none", "certified"])
def test_where_the_value_alone_is_wrong_a_warning_says_so(truth: str) -> None:
    """sech(1000) is about 2e-434: no double, but not 0."""
    report = calcgrad.diff("where(sech(x), x, x - 2)", at=1000, truth=truth)
    (warning,) = [w for w in report.warnings if w.code == "W206"]
    assert only(report).verdict == "agree"
    assert warning.message.endswith("the function's value is 1000, but 998.0 in doubles")


#: A jump that the doubles are beside: text, point, the function in mpmath, what is decided there.
BESIDE: list[tuple[str, float, Callable[[Any], Any], str]] = [
    ("where(sqrt(x)^2 > 2, x, 3x)", 2.0, lambda x: x if mp.almosteq(mp.sqrt(x) ** 2, 2) is False else 3 * x,
     "the comparison of sqrt(x)^2 with 2: they are equal exactly, but the first is larger"),
    ("sign(sqrt(x)^2 - 3) + x", 3.0, lambda x: x, "sqrt(x)^2 - 3"),
    ("floor(sqrt(x)^2)", 3.0, lambda x: mp.mpf(3), "what floor(sqrt(x)^2) is: 3 exactly, but 2"),
    ("ceil(exp(log(x)))", 3.0, lambda x: mp.mpf(3), "what ceil(exp(ln(x))) is: 3 exactly, but 4"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "function", "said"), BESIDE)
@pytest.mark.parametrize("truth", ["none", "certified"])
def test_a_value_on_a_jump_that_rounding_takes_elsewhere_is_told(
    text: str, at: float, function: Any, said: str, truth: str
) -> None:
    report = calcgrad.diff(text, at=at, truth=truth)
    (warning,) = [w for w in report.warnings if w.code == "W206"]
    assert only(report).verdict == "jump"
    assert said in warning.message
    value = mp.nstr(function(mp.mpf(at)), 6, strip_zeros=True).removesuffix(".0")
    assert f"the function's value is {value}, but" in warning.message


def test_a_value_that_rounding_alone_makes_another_is_not_put_on_the_point() -> None:
    """2 is a double: nothing of the point was rounded."""
    lines = str(calcgrad.diff("where(sqrt(x)^2 > 2, x, 3x)", at=2)).splitlines()
    assert lines[lines.index("f  = 6") + 1].strip() == "in doubles, which the methods get: 2"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("where(sech(x), 2*x, x + x)", 1000.0),  # the same on both branches
        ("max(exp(-x), 0)*x", 1000.0),  # 0 is the right double
        ("mod(3*x, 7)", 1e20),  # rounding of the argument explains the value, the slope is the same
        ("where(x > 0, sqrt(x), where(sech(1e4*x), 1, 2))", 3.0),  # in a branch that is not taken
        ("abs(x)", 0.5),
        ("floor(x) + x", 0.9999999999),
        ("abs(sin(x)^2 + cos(x)^2 - 1)", 0.5),  # exactly 0: a kink that does no harm
    ],
)
@pytest.mark.parametrize("truth", ["none", "certified"])
def test_nothing_is_said_where_the_branch_does_not_matter(text: str, at: float, truth: str) -> None:
    report = calcgrad.diff(text, at=at, truth=truth)
    assert only(report).verdict == "agree"
    assert "W206" not in codes(report)
    assert not any("rounding decides" in line for line in only(report).explanation)


@pytest.mark.parametrize("truth", ["none", "certified"])
def test_a_branch_that_the_rounding_of_the_point_chooses_is_told_without_a_truth_too(truth: str) -> None:
    report = calcgrad.diff("asec(sec(x))", at="1e28", truth=truth)
    (warning,) = [w for w in report.warnings if w.code == "W204"]
    assert "the derivative is -1 as written, 1 at the doubles" in warning.message
    with mpmath.workdps(60):
        # asec(sec(x))' is the sign of sin(x)
        exact, double = [mp.sin(x) > 0 for x in (mp.mpf(10) ** 28, mp.mpf(1e28))]
        assert (exact, double) == (False, True)


def test_of_several_derivatives_only_the_wrong_one_is_told() -> None:
    point = only(calcgrad.diff("sum(where(sech(w), w, 2))", at="w=[1, 5000]", truth="none"))
    assert [row.verdict for row in point.truth] == ["agree", "disagree"]


def test_a_python_function_is_told_too() -> None:
    np = pytest.importorskip("numpy")
    point = only(calcgrad.diff(lambda x: np.where(np.tanh(x) < 1, x**2, x), at=50.0, truth="none"))
    assert point.verdict == "disagree"
    assert "the comparison of tanh(x) with 1" in point.explanation[0]


def test_an_ordinary_point_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: Examiner, subject: ExactFunction) -> list[astray.Astray]:
        raise AssertionError("the exact sides were asked for")

    monkeypatch.setattr(Examiner, "astray", never)
    for text in ("x*exp(x) + abs(x)", "where(x > 1, x^2, x)", "sqrt(x)/(x + 1)", "max(x, 0.1)"):
        for truth in ("none", "certified"):
            assert only(calcgrad.diff(text, at=2.3, truth=truth)).verdict == "agree"


@pytest.mark.parametrize("text", ["x*floor(10*x)", "floor(10*x)"])
def test_nothing_is_said_where_the_doubles_are_right_for_the_point_as_written(text: str) -> None:
    """10 times the double of 0.3 is below 3, and rounds to it: that is the value at 3/10."""
    request = Request(text, at=read_points(("x=0.3",), VOCABULARY))
    assert "W206" not in [w.code for w in compute(request).warnings]
