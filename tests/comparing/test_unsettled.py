"""Digits that rounding takes from all methods alike are told without a truth; ordinary numbers are not doubted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest

from calcgrad.comparing import at_point
from calcgrad.comparing.compute import compute
from calcgrad.comparing.nudged import nudged
from calcgrad.comparing.request import Request, flat_point, read
from calcgrad.comparing.rounding import evaluation_condition
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY
from calcgrad.report.derivatives import Report

mp = mpmath.mp


def asked(text: str, at: str, **more: Any) -> Request:
    return Request(text, at=read_points((at,), VOCABULARY), truth="none", **more)


def report(text: str, at: str, **more: Any) -> Report:
    return compute(asked(text, at, **more))


#: text, point, the function of x in mpmath: no method has three digits of its derivative.
WRONG: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("(1 - cos(x))/x^2", "1e-4", lambda x: (1 - mp.cos(x)) / x**2),
    ("fresnelc(cot(x))", "2e-18", lambda x: mp.fresnelc(mp.cot(x))),
    ("tan(acot(x))", "-4e-77", lambda x: mp.tan(mp.acot(x))),
]
#: As many digits as are left at most.
FEW = [
    ("xlogy(y, betainc(1, 8, z))", "y=0, z=0.9", 9),
    ("sin(x) - x", "1e-6", 5),
    ("chebyu(1, lbeta(coversin(y)/atan2(y, 1e8), x))", "x=2.75, y=-1", 9),
    ("erf(z)^y", "y=0, z=4.5", 9),
    ("sin(1e20*x + 1/3)", "1/3", 0),
]


@pytest.mark.parametrize(("text", "at", "meaning"), WRONG, ids=[case[0] for case in WRONG])
def test_a_wrong_number_is_told_without_a_truth(text: str, at: str, meaning: Callable[[Any], Any]) -> None:
    found = report(text, at)
    (point,) = found.points
    (x,) = point.at.values()
    with mp.workdps(400):
        true = float(mp.diff(meaning, mp.mpf(x), h=abs(mp.mpf(x)) * mp.mpf(10) ** -200))
    (reverse,) = [row.value for row in point.results if row.method == "reverse-ad"]
    assert abs((reverse or 0.0) - true) > 1e-3 * abs(true), "nothing is lost here"
    assert point.verdict == "disagree"
    assert all(row.value is None and row.note for row in point.truth), (
        "no more of the truth than what is wrong"
    )


@pytest.mark.parametrize(("text", "at", "digits"), FEW, ids=[case[0] for case in FEW])
def test_few_digits_are_told_without_a_truth(text: str, at: str, digits: int) -> None:
    found = report(text, at)
    (said,) = [w.message for w in found.warnings if w.code == "W202"]
    left = int(said.split("only ")[1].split(" digits")[0])
    assert left <= digits
    assert found.points[0].verdict == "agree"


QUIET = [
    ("x^2*sin(x)", "2"),
    ("exp(-x^2)*cos(3x)", "0.7"),
    ("x - x", "1"),
    ("sqrt(x)*log(x)/(1 + x)", "3"),
    ("max(x, y)*tanh(x - y)", "x=1, y=2"),
    ("log(1 + exp(x))", "40"),
    ("softmax(w)", "w=[1,2,3]"),
    ("norm(w)/sum(w)", "w=[1,-2,3]"),
    ("x^y", "x=0, y=3"),
    ("floor(x)*x", "2.5"),
    ("pi*x + sin(pi)", "1"),
]


@pytest.mark.parametrize(("text", "at"), QUIET)
def test_ordinary_points_are_not_looked_up(monkeypatch: pytest.MonkeyPatch, text: str, at: str) -> None:
    def never(*_: Any) -> Any:
        raise AssertionError("the truth was looked up")

    monkeypatch.setattr(at_point, "_looked_up", never)
    assert [w.code for w in report(text, at).warnings if w.code.startswith("W2")] == ["W201"]


def test_higher_orders_are_doubted_by_their_rounding() -> None:
    assert report("(1 - cos(x))/x^2", "1e-4", order=2).points[0].verdict == "disagree"


def test_a_method_alone_is_doubted_too() -> None:
    assert report("(1 - cos(x))/x^2", "1e-4", methods=("forward-ad",)).points[0].verdict == "disagree"


def test_each_kind_of_rounding_moves_a_derivative() -> None:
    """Of a number, of a constant, of a partial that cancels; and what is exact moves nothing."""

    def moved(text: str, at: str) -> bool:
        reading = read(asked(text, at))
        flat = flat_point(reading.function, reading.points[0])
        wrt = [i for (i,) in reading.wrts]
        given = [
            [float(run.value or 0.0)] for run in report(text, at, methods=("reverse-ad",)).points[0].results
        ]
        return nudged(reading.function, flat, wrt, given).moved

    assert moved("log(erf(x))*x", "5.5")
    assert moved("log(sin(pi*x))", "1")
    assert moved("sin(x) - x", "1e-6")
    assert not moved("log(2*x)", "1")
    assert not moved("log(x^2 - 3)*x", "2")


def test_rounding_is_measured_beside_an_argument_without_a_partial() -> None:
    """The first argument of betainc has none; that of ln is rounded all the same."""
    f = Expression(parse("xlogy(y, betainc(1, 8, z))", VOCABULARY).root, ["y", "z"])
    (found,) = evaluation_condition(f, [0.0, 0.9], (0,))
    assert 1e-17 < found.unit < 1e-15


@pytest.mark.parametrize(
    ("text", "at", "meaning"),
    [
        ("atan2(x, laguerre(3, x))", "-3e85", lambda x: mp.atan2(x, mp.laguerre(3, 0, x))),
        ("normpdf(xlogy(y, y))", "6e-221", lambda y: mp.npdf(y * mp.log(y))),
        ("fresnels(coversin(x))", "1.5707963267948966", lambda x: mp.fresnels(1 - mp.sin(x))),
        ("coversin(x)", "-2.54e190", lambda x: 1 - mp.sin(x)),
    ],
)
def test_numbers_that_left_the_doubles_come_back(text: str, at: str, meaning: Callable[[Any], Any]) -> None:
    found = report(text, at, methods=("forward-ad", "reverse-ad"))
    with mp.workdps(900):
        x = mp.mpf(float(at))
        true = float(mp.diff(meaning, x, h=abs(x) * mp.mpf(10) ** -300))
        value = float(meaning(x))
    assert found.points[0].value == pytest.approx(value, rel=1e-13)
    assert [row.value for row in found.points[0].results] == pytest.approx([true, true], rel=1e-13, abs=0)
