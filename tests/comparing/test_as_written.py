"""Truth as written, and at the doubles: every digit of both against mpmath, with decimals read both ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy
import pytest

import calcgrad
from calcgrad.report.derivatives import PointReport

Read = Callable[[str], Any]


def only(text: Any, at: Any, **options: Any) -> PointReport:
    (point,) = calcgrad.diff(text, at=at, **options).points
    return point


def exactly(text: str) -> Any:
    return mpmath.mpf(text)


def double(text: str) -> Any:
    return mpmath.mpf(float(text))


def _delta(n: Read, x: Any) -> Any:
    """Black-Scholes: the delta of a call, N(d1), with r = 0.05, s = 0.2, T = 0.5, K = 100."""
    d1 = (mpmath.log(x / 100) + (n("0.05") + n("0.2") ** 2 / 2) * n("0.5")) / (
        n("0.2") * mpmath.sqrt(n("0.5"))
    )
    d2 = d1 - n("0.2") * mpmath.sqrt(n("0.5"))
    phi = lambda t: (1 + mpmath.erf(t / mpmath.sqrt(2))) / 2  # noqa: E731
    return x * phi(d1) - 100 * mpmath.exp(-n("0.05") * n("0.5")) * phi(d2)


_D1 = "(ln(x/100) + (0.05 + 0.2^2/2)*0.5)/(0.2*sqrt(0.5))"
_PHI = "(1 + erf(({})/sqrt(2)))/2"
FUNCTIONS: dict[str, Callable[[Read, Any], Any]] = {
    "2.1*x": lambda n, x: n("2.1") * x,
    "sin(0.1*x)*exp(-0.3*x)": lambda n, x: mpmath.sin(n("0.1") * x) * mpmath.exp(-n("0.3") * x),
    "10^(8.07131 - 1730.63/(233.426 + x))": lambda n, x: (
        mpmath.mpf(10) ** (n("8.07131") - n("1730.63") / (n("233.426") + x))
    ),
    "4*0.997*((3.4/x)^12 - (3.4/x)^6)": lambda n, x: (
        4 * n("0.997") * ((n("3.4") / x) ** 12 - (n("3.4") / x) ** 6)
    ),
    "x^0.7 + 1.3*x": lambda n, x: x ** n("0.7") + n("1.3") * x,
    f"x*{_PHI.format(_D1)} - 100*exp(-0.05*0.5)*{_PHI.format(_D1 + ' - 0.2*sqrt(0.5)')}": _delta,
}


#: The delta is looked at near the price alone: far below it every digit of erf + 1 cancels.
PLACES = [
    (text, at)
    for text in FUNCTIONS
    for at in ("3.7", "0.1", "95.3")
    if FUNCTIONS[text] is not _delta or at == "95.3"
]


@pytest.mark.slow
@pytest.mark.parametrize(("text", "at"), PLACES, ids=range(len(PLACES)))
def test_forty_digits_of_both(text: str, at: str) -> None:
    point = only(text, at)
    (row,) = point.truth
    assert (point.verdict, row.certified, row.digits) == ("agree", True, 40)
    assert row.value is not None
    with mpmath.workdps(160):
        written, given = [
            mpmath.diff(lambda x, read=read: FUNCTIONS[text](read, x), read(at), h=mpmath.mpf("1e-50"))
            for read in (exactly, double)
        ]
        assert abs(mpmath.mpf(row.value) / written - 1) < mpmath.mpf("1e-38")
        if float(written) == float(given):
            assert row.at_double is None
        else:
            assert abs(mpmath.mpf(row.at_double) / given - 1) < mpmath.mpf("1e-38")
        for result in point.results:
            truth = written if result.method == "symbolic" else given
            assert result.value is not None
            off = abs(mpmath.mpf(result.value) - truth)
            assert result.abs_error == pytest.approx(float(off), rel=1e-6, abs=float(abs(truth)) * 1e-36)


@pytest.mark.slow
def test_a_python_float_is_a_double_and_a_text_is_exact() -> None:
    assert only("x^2", 0.1).truth[0].value == "0.2000000000000000111022302462515654042363"
    assert only("x^2", "0.1").truth[0].value == "0.2"


def test_a_numpy_function_is_one_of_doubles() -> None:
    (row,) = only(lambda x: 0.1 * x * numpy.float64(3.0), "0.7").truth
    assert row.value == "0.3000000000000000166533453693773481063545"
    assert row.at_double is None
    (formula,) = calcgrad.diff(lambda x: 0.1 * x, at=0.7).derivatives
    assert formula.formula == "0.1"


def test_an_array_is_exact_where_it_is_written() -> None:
    first, second = only("sum(w^2)", "w=[0.1, 1/3]").truth
    assert first.value == "0.2"
    assert second.value == "0.6666666666666666666666666666666666666667"
    (first, _) = only("sum(w^2)", {"w": numpy.array([0.1, 0.5])}).truth
    assert first.value == "0.2000000000000000111022302462515654042363"


@pytest.mark.parametrize(
    ("text", "at", "named", "not_named"),
    [
        ("1e17*(1.1 - 1 - 0.1)*x + 0.7*y", "x=1, y=2", "1.1 and 0.1", "0.7"),
        ("(0.3 - y)*x + 0.7*x^2*0", "x=1, y=0.3", "", "0.7"),
        ("cos(x)", "pi", "pi", ""),
    ],
)
def test_the_numbers_to_blame_are_named(text: str, at: str, named: str, not_named: str) -> None:
    report = calcgrad.diff(text, at=at)
    found = [w.message for w in report.warnings if w.code == "W203"]
    assert len(found) == bool(named)
    assert all(named in message for message in found)
    assert not not_named or not any(not_named in message for message in found)


@pytest.mark.slow
def test_a_zero_by_cancellation_is_certified() -> None:
    for text, at in (("(x - 0.1)^2", "0.1"), ("sin(x)", "pi/2"), ("besselj(2, x)*(x - 0.3)^2", "0.3")):
        (row,) = only(text, at, methods="forward-ad").truth
        assert (row.value, row.radius, row.certified) == ("0", "0", True)


def test_edges_beside_decimals() -> None:
    g, h = only("sqrt(2*g*h)", "g=9.81, h=0").truth
    assert (g.verdict, g.value) == ("agree", "0")
    assert (h.verdict, h.left, h.right) == ("boundary", None, float("inf"))


@pytest.mark.parametrize("text", ["acot(x)", "atan(1/x)"])
def test_where_there_is_no_value_none_is_shown(text: str) -> None:
    point = only(text, 0)
    assert point.verdict == "undefined"
    assert point.value != point.value
    assert all(row.value is None or row.value != row.value for row in point.results)


@pytest.mark.parametrize(
    ("text", "words"),
    [("x/0", "divide by zero"), ("ln(-1)*x", "complex"), ("where(x != 0, x, 0)", "holds where x != 0")],
)
def test_formulas_say_what_they_are_not(text: str, words: str) -> None:
    (row,) = calcgrad.diff(text).derivatives
    assert words in (row.note or "")
    assert "zoo" not in (row.formula or "")


def test_a_range_is_exact_and_called_by_its_names() -> None:
    points = calcgrad.diff("sin(x)", at="x=-pi:pi:9", methods="forward-ad").points
    names = [(p.at_exact or {}).get("x", "0") for p in points]
    assert names == ["-pi", "-3*pi/4", "-pi/2", "-pi/4", "0", "pi/4", "pi/2", "3*pi/4", "pi"]
    assert [p.truth[0].exact for p in points][:4] == ["-1", "-sqrt(2)/2", "0", "sqrt(2)/2"]
    assert points[2].truth[0].value == "0"
