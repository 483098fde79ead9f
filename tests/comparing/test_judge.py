"""Judging: what counts as rounding, what as disagreement. The truth is mpmath's, or exact."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import pytest

import calcgrad
from calcgrad.comparing.judge import errors, right
from calcgrad.methods.forward_ad import METHOD as FORWARD
from calcgrad.methods.protocol import Problem
from calcgrad.report.derivatives import PointReport, Report
from calcgrad.report.estimates import Estimate
from calcgrad.report.exits import EXIT_CODES, worst_exit_code
from calcgrad.systems.decimals import Enclosure

NOTHING = Enclosure(None, note="no digits were proved in the time given")
EXACT = "complex-step,forward-ad,reverse-ad,symbolic"


def only(report: Report) -> PointReport:
    (point,) = report.points
    return point


def codes(report: Report) -> list[str]:
    return [w.code for w in report.warnings]


def exit_code(report: Report) -> int:
    return worst_exit_code([EXIT_CODES[point.verdict] for point in report.points])


@pytest.fixture
def off_by(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make forward-ad wrong by a factor."""

    def plant(factor: float) -> None:
        real = FORWARD.derivatives

        def wrong(problem: Problem) -> Any:
            found = real(problem)
            assert isinstance(found, Estimate)
            return Estimate([[v * factor for v in row] for row in found.value])

        monkeypatch.setattr(FORWARD, "derivatives", wrong)

    return plant


class TestErrors:
    def test_an_error_far_below_an_ulp_is_seen(self) -> None:
        error = errors(1.0, "1." + "0" * 24 + "1" + "0" * 10)
        assert error.absolute == pytest.approx(1e-25)
        assert error.ulps == pytest.approx(1e-25 / 2**-52)

    def test_of_a_truth_of_zero_there_is_no_relative_error(self) -> None:
        assert errors(1e-20, "0")[:2] == (1e-20, None)

    @pytest.mark.parametrize("value", [None, math.nan, math.inf])
    def test_without_a_finite_value_there_is_none(self, value: float | None) -> None:
        assert errors(value, "1") == (None, None, None)

    def test_an_infinity_is_right_only_beyond_the_doubles_and_on_its_side(self) -> None:
        assert right(math.inf, "1e400", None)
        assert not right(-math.inf, "1e400", None)
        assert not right(math.inf, "1e300", None)


class TestLostDigits:
    def test_a_right_row_with_lost_digits_agrees_and_is_warned_of(self) -> None:
        report = calcgrad.diff("(1-cos(x))/x^2", at=1e-2)
        point = only(report)
        assert point.verdict == "agree"
        (warning,) = [w for w in report.warnings if w.code == "W202"]
        assert "1 - cos(x)" in warning.message
        with mpmath.workdps(60):
            truth = mpmath.diff(lambda v: (1 - mpmath.cos(v)) / v**2, mpmath.mpf(1e-2))
            assert abs(mpmath.mpf(point.truth[0].value) / truth - 1) < 1e-20
        adaptive = next(r for r in point.results if r.method == "adaptive")
        assert adaptive.status == "noisy"
        assert abs(adaptive.value - float(truth)) <= adaptive.error_bound

    def test_each_row_is_warned_of_beside_a_kink(self) -> None:
        report = calcgrad.diff("[|x|, (1-cos(y))/y^2]", at="x=0,y=1e-2", methods=EXACT)
        assert only(report).verdict == "kink"
        assert "W202" in codes(report)

    @pytest.mark.parametrize(
        ("text", "at"),
        [
            ("sin(pi)*x", 2),
            ("0.1*x*3 - 0.3*x", 1),
            ("+".join(["0.1*x"] * 2000), 1),
            ("var(w)", "w=[0.1,0.1,0.1]"),
            ("besselj(n, x)", "n=2, x=3.0542369282271403"),
        ],
    )
    def test_rounding_of_what_is_computed_from_constants_is_allowed(self, text: str, at: Any) -> None:
        wrt = "x" if text.startswith("bessel") else ()
        assert only(calcgrad.diff(text, at=at, wrt=wrt)).verdict == "agree"

    def test_a_truth_of_zero_with_a_value_beside_it_is_warned_of(self) -> None:
        assert "W202" in codes(calcgrad.diff("sin(pi)*x", at=2))

    def test_a_well_conditioned_row_is_not(self) -> None:
        report = calcgrad.diff("x^3 + sin(x)", at=1.5)
        assert (only(report).verdict, codes(report)) == ("agree", [])


class TestDisagreement:
    @pytest.mark.parametrize(
        ("text", "at"), [("x^3 + 2*x", 2), ("[x^2, x*y]", "x=1,y=2"), ("sum(w^2)", "w=[1,2]")]
    )
    def test_a_row_off_by_more_than_rounding(self, off_by: Any, text: str, at: Any) -> None:
        off_by(1 + 1e-11)
        report = calcgrad.diff(text, at=at)
        assert only(report).verdict == "disagree"
        assert exit_code(report) == 1
        assert "forward-ad gives" in only(report).explanation[0]

    def test_a_row_off_by_less(self, off_by: Any) -> None:
        off_by(1 + 2**-50)
        assert only(calcgrad.diff("x^3 + 2*x", at=2)).verdict == "agree"

    def test_a_measure_beyond_the_doubles_allows_nothing(self, off_by: Any) -> None:
        off_by(1.5)
        assert only(calcgrad.diff("1e-200/x", at=1e-200, methods=EXACT)).verdict == "disagree"

    def test_without_truth_it_is_inconclusive(self, off_by: Any) -> None:
        off_by(1 + 1e-6)
        report = calcgrad.diff("x^3", at=2, truth="none")
        assert only(report).verdict == "inconclusive"
        assert exit_code(report) == 5

    def test_adaptive_beyond_ten_times_its_bound(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from calcgrad.methods.adaptive import METHOD

        cell: Any = lambda v: [[v]]  # noqa: E731
        found = Estimate(cell(6.1), cell(0.009), step=cell(0.1), status=cell("ok"), note=cell(None))
        monkeypatch.setattr(METHOD, "derivatives", lambda problem: found)
        point = only(calcgrad.diff("x^2", at=3))
        assert point.verdict == "disagree"
        assert "adaptive gives 6.1" in point.explanation[0]
        near = Estimate(cell(6.1), cell(0.011), step=cell(0.1), status=cell("ok"), note=cell(None))
        monkeypatch.setattr(METHOD, "derivatives", lambda problem: near)
        assert only(calcgrad.diff("x^2", at=3)).verdict == "agree"

    def test_the_plain_differences_never_make_it(self) -> None:
        point = only(calcgrad.diff("sin(x)", at=1, step=0.5))
        assert max(r.rel_error or 0 for r in point.results if r.method == "forward-difference") > 0.1
        assert point.verdict == "agree"


class TestRange:
    @pytest.mark.parametrize("text", ["exp(x)", "x*exp(800)", "x/(1 + exp(x))", "exp(x)/exp(x)"])
    def test_overflow(self, text: str) -> None:
        report = calcgrad.diff(text, at=800)
        assert only(report).verdict == "overflow"
        assert exit_code(report) == 3

    def test_underflow_is_no_disagreement_but_said(self) -> None:
        point = only(calcgrad.diff("1e-300*x^2", at=1e-20))
        assert point.verdict == "agree"
        rows = {row.method: row for row in point.results}
        assert rows["forward-ad"].value == 2e-320
        assert rows["complex-step"].status == "noisy"


class TestNoTruth:
    def test_none_asked(self) -> None:
        report = calcgrad.diff("x^2", at=3, truth="none")
        assert (only(report).verdict, codes(report), only(report).truth) == ("agree", ["W201"], ())

    def test_none_in_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        calcgrad.diff("sin(x)", at=1)  # SymPy's worker is ready now, and is never sent the question
        monkeypatch.setattr("calcgrad.comparing.certified_truth.derivatives", lambda *_: [[NOTHING]])
        monkeypatch.setattr("calcgrad.sympy_process.process.Client._write_ahead", lambda self: self.start())
        report = calcgrad.diff("exp(sin(x))*gamma(x)", at=3, timeout=0.5)
        (row,) = only(report).truth
        why = "none within 0.5 s; not certified: no digits were proved in the time given"
        assert (row.value, row.status, row.note) == (None, "timeout", why)
        assert codes(report) == ["W201"]
        assert only(report).verdict == "inconclusive"

    def test_the_first_present_of_several_exit_codes(self) -> None:
        report = calcgrad.diff("sqrt(x - 1)*|x - 3|", at=["x=2", "x=3", "x=0"], truth="none")
        assert [p.verdict for p in report.points] == ["agree", "kink", "undefined"]
        assert exit_code(report) == 3


class TestConventions:
    """Where AD stands at a place that is not smooth, its number is named a convention; a wrong one is still found."""

    def row(self, report: Report, method: str) -> Any:
        return next(r for r in only(report).results if r.method == method)

    def test_a_convention_beside_a_derivative_is_no_disagreement(self) -> None:
        report = calcgrad.diff(
            "max(x, floor(x))", at="0"
        )  # x to the right, x > floor(x) to the left: the slope is 1
        assert only(report).verdict == "agree"
        assert only(report).truth[0].value == "1"
        for method in ("forward-ad", "reverse-ad"):
            assert self.row(report, method).value == 0.5
            assert self.row(report, method).status == "kink"
            assert "a convention, not the derivative: where two are equal" in self.row(report, method).note
        assert codes(report) == []

    def test_a_convention_at_a_kink(self) -> None:
        report = calcgrad.diff("abs(x)", at="0")
        assert self.row(report, "forward-ad").note.startswith("a convention, not a derivative: at 0, a kink")
        assert self.row(report, "symbolic").note == "no derivative: SymPy's formula does not hold here"

    def test_a_complex_step_where_the_function_is_not_analytic(self) -> None:
        row = self.row(calcgrad.diff("where(x > 0, x, x^2)", at="0"), "complex-step")
        assert (row.status, row.note) == ("kink", "no derivative: the function is not analytic here")

    def test_a_mode_that_reports_another_convention_disagrees(self, off_by: Any) -> None:
        off_by(0.5)
        assert only(calcgrad.diff("max(x, floor(x))", at="0")).verdict == "disagree"

    def test_a_right_number_at_a_tie_needs_no_word(self) -> None:
        report = calcgrad.diff("x*abs(x)", at="0")
        assert (self.row(report, "forward-ad").status, self.row(report, "forward-ad").note) == ("ok", None)
        assert "although abs(x) is not smooth at this point" in " ".join(only(report).explanation)

    def test_a_wrong_number_at_a_point_without_ties_disagrees(self, off_by: Any) -> None:
        off_by(1.5)
        assert only(calcgrad.diff("abs(x)", at="2")).verdict == "disagree"

    @pytest.mark.parametrize(("expr", "true"), [("sqrt(x - x)", "0"), ("cbrt(x)^3", "1")])
    def test_where_the_chain_rule_gives_nan_the_truth_stands(self, expr: str, true: str) -> None:
        report = calcgrad.diff(expr, at="0")
        assert only(report).verdict == "agree"
        assert only(report).truth[0].value == true
        assert self.row(report, "reverse-ad").status == "undefined"
        assert "gives no number through" in self.row(report, "reverse-ad").note


@pytest.mark.parametrize(
    ("expr", "at", "order", "words"),
    [
        ("1/x", "1e-200", 1, "the derivative is -1e400, beyond the largest double"),
        ("sqrt(x)", "5e-324", 1, "forward-ad and reverse-ad agree"),
        ("sqrt(x)", "5e-324", 2, "e484, beyond the largest double"),
        ("tanh(x)", "400", 1, "the truth, 1.46715e-347, is nearer to 0 than any double"),
        ("x*abs(x)", "0", 2, "its second derivative is -2 on the left and 2 on the right"),
    ],
)
def test_what_leaves_the_doubles_is_said(expr: str, at: str, order: int, words: str) -> None:
    # 4 exp(-800) = 1.46715e-347; (1e-200)^-2 = 1e400; (5e-324)^-1.5 / 4 = 2.2e484 by mpmath
    assert words in " ".join(only(calcgrad.diff(expr, at=at, order=order)).explanation)


DERIVATIVES = {
    "exp(x)/(1 + exp(x))": lambda x: mpmath.exp(x) / (1 + mpmath.exp(x)) ** 2,
    "sin(x)/x": lambda x: (x * mpmath.cos(x) - mpmath.sin(x)) / x**2,
    "(1-cos(x))/x^2": lambda x: (x * mpmath.sin(x) - 2 * (1 - mpmath.cos(x))) / x**3,
}


class TestNoDigit:
    """A row without one right digit disagrees, whatever the condition, and says why; truths by mpmath at 60 digits."""

    @pytest.mark.parametrize(
        ("text", "at", "why"),
        [
            ("exp(x)/(1 + exp(x))", 400.0, "underflow"),
            ("sin(x)/x", 2.0**-664, "underflow"),
            ("(1-cos(x))/x^2", 2.0**-27, "cancellation"),
            ("(1-cos(x))/x^2", 2.0**-14, "cancellation"),
        ],
    )
    def test_the_reason_is_named(self, text: str, at: float, why: str) -> None:
        point = only(calcgrad.diff(text, at=at))
        assert point.verdict == "disagree"
        assert f"({why})" in point.explanation[0]
        with mpmath.workdps(1000):
            true = DERIVATIVES[text](mpmath.mpf(at))
            assert abs(mpmath.mpf(point.truth[0].value) / true - 1) < 1e-20

    def test_rounding_of_decimals_alone_is_a_warning(self) -> None:
        report = calcgrad.diff("1e17*(1.1 - 1 - 0.1)*x", at="1")
        assert (only(report).verdict, codes(report)) == ("agree", ["W203"])
        (warning,) = report.warnings
        assert "1.1 and 0.1" in warning.message

    def test_a_value_that_is_right_as_written_does_not_disagree(self) -> None:
        assert only(calcgrad.diff("abs(x - 1/3)*y", at="x=1/3, y=2", wrt="y")).verdict == "agree"


class TestOneAlone:
    @pytest.mark.parametrize("methods", ["reverse-ad", "adaptive", "central-difference"])
    def test_one_method_without_truth_is_unjudged(self, methods: str) -> None:
        report = calcgrad.diff("x^2", at=3, methods=methods, truth="none")
        assert (only(report).verdict, exit_code(report)) == ("unjudged", 0)
        assert "nothing else to hold" in only(report).explanation[0]


class TestLogic:
    @pytest.mark.parametrize("text", ["x > 0", "not x", "x >= 1 and x < 3", "x == 2 or x", "floor(x) == 1"])
    def test_comparisons_and_logic_are_flat(self, text: str) -> None:
        point = only(calcgrad.diff(text, at=1.5))
        (row,) = point.truth
        assert (point.verdict, row.value, row.certified) == ("agree", "0", True)

    def test_a_comparison_that_is_computed_with(self) -> None:
        report = calcgrad.diff("(x > 1)*x^2", at=2)
        assert report.derivatives[0].formula == "2*x*(x > 1)"
        assert (only(report).verdict, only(report).truth[0].value) == ("agree", "4")

    @pytest.mark.parametrize(("text", "at"), [("abs(x - 1)", "0.99999999999999999"), ("abs(x)", "1e-400")])
    def test_a_double_on_a_kink_beside_the_point(self, text: str, at: str) -> None:
        report = calcgrad.diff(text, at=at)
        (row,) = only(report).truth
        assert (row.verdict, row.value, row.left, row.right) == (
            "kink",
            "-1" if "-" in text else "1",
            -1.0,
            1.0,
        )
        assert codes(report) == ["W204"]
        assert exit_code(report) == 1


@pytest.mark.parametrize(("text", "slope"), [("x^x", -math.inf), ("x^(x/2)", -math.inf)])
def test_a_bound_around_an_infinite_slope_is_taken_back(text: str, slope: float) -> None:
    """(x^x)' = x^x (ln x + 1), which goes to -infinity at 0 as slowly as a logarithm."""
    point = calcgrad.diff(text, at=0, methods="adaptive").points[0]
    (row,) = point.results
    assert (point.verdict, point.truth[0].right) == ("boundary", slope)
    assert row.error_bound is None
    assert "not the slope here, which is infinite" in str(row.note)


@pytest.mark.parametrize("truth", ["certified", "none"])
def test_reverse_mode_is_allowed_the_rounding_of_its_own_sums(truth: str) -> None:
    """The adjoints of x - x, of size 1e7, cancel and leave their rounding; forward mode never meets them."""
    point = only(
        calcgrad.diff("hurwitz_deflated(2, x - x, x)", at=100728.2090663547, truth=truth, methods=EXACT)
    )
    assert point.verdict == "agree"
    reverse = next(r for r in point.results if r.method == "reverse-ad")
    with mpmath.workdps(40):
        slope = mpmath.diff(
            lambda a: mpmath.zeta(0, a, 2), mpmath.mpf(100728.2090663547), h=mpmath.mpf(10) ** -12
        )
    assert reverse.value == pytest.approx(float(slope), rel=1e-9)


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        ("fresnelc(coth(y))", 1.0907051500025123e-10, "one last bit of the numbers on the way moves it by"),
        ("(y^2 + 1e20*y) - 1e20*y", 1.0, "its terms cancel"),
    ],
)
def test_a_last_bit_that_decides_is_told_from_terms_that_cancel(text: str, at: float, told: str) -> None:
    """coth(1e-10) is 1e10, and one bit of it turns cos(pi*coth^2/2) on by half a circle: nothing is subtracted there."""
    point = only(calcgrad.diff(text, at=at, truth="certified", methods="forward-ad"))
    assert point.verdict == "disagree"
    assert told in point.explanation[0]
