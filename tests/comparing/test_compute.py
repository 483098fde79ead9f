"""Comparing: one report of every method, in order; many requests, errors in their place; reading and wording."""

from __future__ import annotations

import mpmath
import pytest

import calcgrad
from calcgrad.comparing.compute import Request, compute, compute_many
from calcgrad.errors import CalcgradError, LimitError
from calcgrad.inputs.points import read_points, specs_of
from calcgrad.methods import NAMES
from calcgrad.report.derivatives import Report


def request(text: str, at: object = None, **more: object) -> Request:
    return Request(text, read_points(specs_of(at), calcgrad.api.VOCABULARY), **more)  # type: ignore[arg-type]


def test_a_row_for_each_method_derivative_and_output() -> None:
    (point,) = calcgrad.diff("[x*y, x+y, x]", at="x=2, y=3").points
    assert [r.method for r in point.results] == [name for name in NAMES for _ in range(6)]
    symbolic = [(r.wrt, r.output, r.value) for r in point.results if r.method == "symbolic"]
    rows = [(("x",), [3, 1, 1]), (("y",), [2, 1, 0])]
    assert symbolic == [(wrt, (o,), v) for wrt, values in rows for o, v in enumerate(values)]
    assert [(t.wrt, t.output) for t in point.truth] == [row[:2] for row in symbolic]


def test_order_two_and_natural_order_of_variables() -> None:
    report = calcgrad.diff("x10*x2^2", at="x2=3, x10=5", order=2, methods="forward-ad")
    assert report.variables == ("x2", "x10")
    rows = [(r.wrt, r.value) for r in report.points[0].results]
    assert rows == [(("x2", "x2"), 10.0), (("x2", "x10"), 6.0), (("x10", "x10"), 0.0)]


def test_an_array_has_an_index_a_row() -> None:
    (point,) = calcgrad.diff("sum(w^2)", at="w=[1,2]", methods="reverse-ad").points
    assert [(r.index, r.value) for r in point.results] == [((0,), 2.0), ((1,), 4.0)]


def test_truth_is_for_the_point_as_written() -> None:
    (point,) = calcgrad.diff("x^3", at="1/3").points
    assert (point.at, point.at_exact) == ({"x": 1 / 3}, {"x": "1/3"})
    with mpmath.workdps(40):
        assert abs(mpmath.mpf(point.truth[0].value) - mpmath.mpf(1) / 3) < 1e-39
    assert calcgrad.diff("x^3", at=0.5, truth="none").points[0].at_exact is None


def test_many_with_an_error_in_its_place() -> None:
    found = list(compute_many([request("x^2", 3), request("x^^2", 3), request("x*y", "x=1,y=2")], ahead=1))
    assert [type(f) is Report for f in found] == [True, False, True]
    assert isinstance(found[1], CalcgradError)
    last = found[2]
    assert isinstance(last, Report)
    assert last.input == "x*y"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"order": 0}, "E331"),
        ({"order": 33}, "E331"),
        ({"methods": ("revers-ad",)}, "E332"),
        ({"truth": "yes"}, "E333"),
        ({"step": 0.0}, "E334"),
        ({"step": float("nan")}, "E334"),
    ],
)
def test_what_cannot_be_asked(more: dict[str, object], code: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        compute(request("x", 1, **more))
    assert caught.value.diagnostic.code == code


def test_a_misspelt_method_is_offered_the_nearest() -> None:
    with pytest.raises(CalcgradError) as caught:
        compute(request("x", 1, methods=("revers-ad",)))
    assert caught.value.diagnostic.hints == ("did you mean 'reverse-ad'?",)


def test_too_many_derivatives() -> None:
    with pytest.raises(LimitError) as caught:
        compute(request("+".join(f"x{i}" for i in range(60)), order=5))
    assert caught.value.diagnostic.code == "E330"


def test_an_error_carries_its_text() -> None:
    with pytest.raises(CalcgradError) as caught:
        compute(request("x + [1,2] @ [1,2,3]", 1))
    assert caught.value.diagnostic.span is not None
    assert caught.value.diagnostic.source == "x + [1,2] @ [1,2,3]"


def test_the_words_of_an_agreement_and_of_the_differences() -> None:
    (point,) = calcgrad.diff("x^3 + 2*x", at=2).points
    assert point.explanation[0] == (
        "complex-step, forward-ad and reverse-ad agree with the certified truth to the last digit of a double"
    )
    assert point.explanation[1].startswith("forward-difference is off by ")
    (point,) = calcgrad.diff("x^3", at=2, truth="none", methods="forward-ad,reverse-ad").points
    assert point.explanation == (
        "forward-ad and reverse-ad agree with each other; there is no truth to judge them by",
    )
