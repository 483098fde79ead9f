"""Two truths beside each other: agreement, disagreement with its witness, zeros proved and not, one side missing."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import jsonschema
import mpmath
import pytest

import calcgrad
from calcgrad.comparing.certified_truth import NOT_ASKED, beside, witnessed
from calcgrad.comparing.known import Known
from calcgrad.render import Style, renderer
from calcgrad.report.derivatives import PointReport
from calcgrad.sympy_process.questions import AtPoint, SymbolicAnswer, Value
from calcgrad.systems.decimals import Enclosure
from calcgrad.systems.series import ball_series

SCHEMAS = Path(calcgrad.__file__).parent / "schemas"
COSINE = "0.5403023058681397174009366074429766037323"


def only(text: str, at: Any, **options: Any) -> PointReport:
    (point,) = calcgrad.diff(text, at=at, **options).points
    return point


def row_of(value: str | None, **facts: Any) -> Known:
    return Known(value, **facts)


PROOF = Enclosure(COSINE, "2.9e-41", 40)
OPEN = Enclosure("0", "1.0e-300", 0)


class TestBeside:
    def test_both_agree(self) -> None:
        row = beside(row_of(COSINE), PROOF, 40)
        assert (row.certified, row.disputed, row.method, row.radius) == (True, False, "certified", "2.9e-41")

    def test_a_last_digit_rounded_otherwise_is_no_disagreement(self) -> None:
        assert beside(row_of(COSINE[:-1] + "4"), PROOF, 40).certified

    def test_a_difference_in_the_thirtieth_digit_is_one(self) -> None:
        row = beside(row_of("0.540302305868139717400936607443"), PROOF, 40)
        assert (row.disputed, row.certified, row.value) == (True, False, COSINE)
        assert row.other == "0.540302305868139717400936607443"

    def test_fewer_than_thirty_digits_are_not_certified(self) -> None:
        row = beside(row_of(COSINE), Enclosure("0.54030230586814", "3e-15", 14, "no more than 14"), 40)
        assert (row.disputed, row.certified, row.note) == (False, False, "no more than 14")

    def test_zero_proved_by_sympy(self) -> None:
        row = beside(row_of("0"), OPEN, 40)
        assert (row.certified, row.value, row.radius) == (True, "0", "0")

    def test_zero_proved_by_structure(self) -> None:
        zero = Enclosure("0", "0", 40)
        assert beside(row_of(None, note="none within 10 s"), zero, 40).certified
        assert beside(row_of("0", radius="1e-80"), zero, 40).certified

    def test_zero_proved_by_neither(self) -> None:
        for row in (row_of("0", radius="1e-80"), row_of(None, status="timeout", note="none within 10 s")):
            found = beside(row, OPEN, 40)
            assert (found.certified, found.value, found.radius, found.status) == (
                False,
                "0",
                "1.0e-300",
                "ok",
            )
            assert "whether it is exactly 0 is not proved" in (found.note or "")

    def test_a_wide_bound_around_zero_is_no_truth(self) -> None:
        for row in (row_of(None, status="timeout", note="none within 10 s"), NOT_ASKED):
            found = beside(row, Enclosure("0", "2.1e18410259", 0), 40)
            assert (found.value, found.certified) == (None, False)
            assert "no more than that it is 0 within 2.1e18410259" in (found.note or "")

    def test_zero_against_a_number(self) -> None:
        assert beside(row_of("0"), PROOF, 40).disputed
        assert beside(row_of(COSINE), OPEN, 40).disputed
        assert beside(row_of(COSINE), Enclosure("0", "0", 40), 40).disputed

    def test_a_number_too_small_for_the_ball_is_sympys_word(self) -> None:
        row = beside(row_of("3.2e-400", method="symbolic"), OPEN, 40)
        assert (row.value, row.certified, row.method) == ("3.2e-400", False, "symbolic")
        assert "no more than that it is 0 within 1.0e-300" in (row.note or "")

    def test_one_side_alone(self) -> None:
        row = beside(row_of(None, status="timeout", note="none within 10 s"), PROOF, 40)
        assert (row.value, row.certified, row.status) == (COSINE, False, "ok")
        assert row.note == "SymPy has no value to confirm it: none within 10 s"
        assert beside(NOT_ASKED, PROOF, 40).note == "SymPy was not asked (--truth certified)"
        row = beside(row_of(COSINE), Enclosure(None, note="no power series here"), 40)
        assert (row.value, row.certified, row.note) == (COSINE, False, "not certified: no power series here")

    @pytest.mark.parametrize("exponent", [-9999, 400, 9000])
    def test_numbers_that_no_double_holds(self, exponent: int) -> None:
        proof = Enclosure(f"1.5e{exponent:+d}", f"1e{exponent - 40}", 40)
        assert beside(row_of(f"1.5e{exponent:+d}"), proof, 40).certified
        assert beside(row_of(f"1.6e{exponent:+d}"), proof, 40).disputed


def test_a_wrong_series_is_seen_and_the_witness_is_with_sympy(monkeypatch: pytest.MonkeyPatch) -> None:
    right = ball_series().function("sin")
    wrong = dict(ball_series()._functions, sin=lambda a: right(a) + a * a / 100)
    monkeypatch.setattr(ball_series(), "_functions", wrong)
    point = only("sin(x)", 1, methods="forward-ad,symbolic")
    (row,) = point.truth
    assert point.verdict == "disagree"
    assert (row.value, row.method, row.certified) == (COSINE, "symbolic", False)
    assert (row.other or "").startswith("0.5603")
    assert point.explanation[0].endswith("and supports SymPy's")
    assert point.results[0].rel_error is not None
    assert point.results[0].rel_error < 1e-15


def test_a_wrong_value_of_sympy_is_seen_and_the_witness_is_with_arb(monkeypatch: pytest.MonkeyPatch) -> None:
    import calcgrad.comparing.symbolic_truth

    ask = calcgrad.comparing.symbolic_truth.begin

    def lying(*args: Any) -> Any:
        answer: SymbolicAnswer = ask(*args)()
        (at,) = answer.points
        lie = AtPoint(at.values, (Value("ok", "0.5503023058681397174009366074429766037323"),), at.exact)
        return lambda within=None: answer._replace(points=(lie,))

    monkeypatch.setattr(calcgrad.comparing.symbolic_truth, "begin", lying)
    point = only("sin(x)", 1, methods="forward-ad,symbolic")
    (row,) = point.truth
    assert point.verdict == "disagree"
    assert (row.value, row.method, row.certified) == (COSINE, "certified", False)
    assert row.other == "0.5503023058681397174009366074429766037323"
    assert point.explanation[0].endswith("and supports Arb's")
    symbolic = next(r for r in point.results if r.method == "symbolic")
    assert symbolic.abs_error == pytest.approx(0.01)
    report = json.loads(renderer("json")(calcgrad.diff("sin(x)", at=1, methods="forward-ad"), Style()))
    schema = json.loads((SCHEMAS / "report-v1.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, schema)
    assert report["points"][0]["truth"][0]["other"] == row.other


def test_a_witness_that_cannot_tell() -> None:
    assert witnessed(0.5, 0.1, "0.51", "0.52")[1].endswith("does not tell them apart")
    assert witnessed(0.5, 1e-9, "0.51", "0.52")[1].endswith("supports neither")
    assert witnessed(math.nan, 1e-9, "0.51", "0.52") == ([], "the numerical witness has no value")


def test_the_truth_is_certified_and_every_digit_of_fifty_is_right() -> None:
    (row,) = only("sin(x)*exp(x)", 0.5, digits=50).truth
    with mpmath.workdps(80):
        x = mpmath.mpf(0.5)
        true = mpmath.exp(x) * (mpmath.sin(x) + mpmath.cos(x))
        assert row.value == mpmath.nstr(true, 50)
        assert abs(mpmath.mpf(row.value) - true) <= mpmath.mpf(row.radius)
    assert (row.certified, row.digits, row.method) == (True, 50, "certified")


def test_zeros_of_a_whole_run() -> None:
    (row,) = only("sin(x)^2 + cos(x)^2", 1).truth
    assert (row.value, row.radius, row.certified) == ("0", "0", True)
    (row,) = only("sin(x)^2 + cos(x)^2", 1, truth="certified").truth
    assert (row.value, row.radius, row.certified) == ("0", "0", True)
    (row,) = only("gamma(x + 1) - x*gamma(x)", 1.25, truth="certified").truth
    assert (row.value, row.certified) == ("0", False)
    assert row.radius not in ("0", None)
    assert "whether it is exactly 0 is not proved" in (row.note or "")


def test_a_derivative_without_a_formula_has_a_truth() -> None:
    """SymPy knows no derivative of a Bessel function by its order; the truth is mpmath's difference, to 30 digits."""
    point = only("besselj(n, x)", "n=2, x=3", wrt="n", methods="adaptive")
    (row,) = point.truth
    with mpmath.workdps(40):
        true = mpmath.diff(lambda n: mpmath.besselj(n, 3), 2)
        assert abs(mpmath.mpf(row.value) / true - 1) < 1e-30
    assert (point.verdict, row.certified, row.status) == ("agree", False, "ok")
    assert (row.note or "").startswith("SymPy has no value to confirm it")


def test_arb_alone_asks_sympy_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    import calcgrad.comparing.compute

    def never(*_: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(calcgrad.comparing.compute, "ask", never)
    report = calcgrad.diff("x^3 + 2*x", at=2, truth="certified")
    (row,) = report.points[0].truth
    assert (row.value, row.note) == ("14", "SymPy was not asked (--truth certified)")
    assert [d.formula for d in report.derivatives] == ["3*x^2 + 2"]  # by our own rules


def test_sympy_alone_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    import calcgrad.comparing.compute

    def never(*_: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(calcgrad.comparing.compute, "certify", never)
    (row,) = only("x^3 + 2*x", 2, truth="symbolic").truth
    assert (row.value, row.certified, row.method, row.radius) == ("14", False, "symbolic", None)


class TestPointError:
    def test_of_a_point_that_is_known_to_no_digit(self) -> None:
        point = only("sin(x)", 1e22, truth="certified", methods="forward-ad")
        (row,) = point.truth
        assert row.point_error == pytest.approx(abs(float(mpmath.sin(10**22))) * 2**20, rel=1e-12)
        assert (
            "half an ulp of the point changes the derivative altogether: no digit holds"
            in point.explanation[-1]
        )

    def test_cancellation_in_doubles_is_not_taken_for_it(self) -> None:
        """In doubles the second derivative is lost in rounding; Arb gives -1/12."""
        point = only("(1 - cos(x))/x^2", 1e-8, truth="certified", methods="forward-ad")
        (row,) = point.truth
        assert row.point_error == pytest.approx(math.ulp(1e-8) / 2 / 12, rel=1e-4)
        assert not any("half an ulp" in line for line in point.explanation)

    def test_of_several_coordinates_it_is_the_sum(self) -> None:
        rows = only("x^2*y^3", "x=3, y=5", truth="certified", methods="forward-ad").truth
        half = [math.ulp(3.0) / 2, math.ulp(5.0) / 2]
        assert rows[0].point_error == pytest.approx(2 * 125 * half[0] + 6 * 75 * half[1], rel=1e-12)
        assert rows[1].point_error == pytest.approx(6 * 75 * half[0] + 9 * 30 * half[1], rel=1e-12)

    def test_where_some_digits_hold(self) -> None:
        point = only("sin(x)", 1e10, truth="certified", methods="forward-ad")
        assert "6 digits hold unless the point is exactly this double" in point.explanation[-1]
