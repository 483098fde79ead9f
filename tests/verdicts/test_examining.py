"""Findings of several variables, of values beyond the doubles, in words; and none where all is smooth."""

from __future__ import annotations

import math
import subprocess
import sys

import mpmath
import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from calcgrad import diff
from calcgrad.verdicts import Finding

from .test_special_points import find, reading


def found(expr: str, at: str, order: int = 1) -> list[tuple[str, float | None, float | None]]:
    """Verdict, left and right of each derivative; ``agree`` for an ordinary point."""
    rows = [row[0] for row in find(expr, at, order)]
    return [("agree", None, None) if f is None else (f.verdict, f.left, f.right) for f in rows]


KINK = ("kink", -1.0, 1.0)
FINE = ("agree", None, None)


@pytest.mark.parametrize(
    ("expr", "at", "expected"),
    [
        ("abs(x - y)", "x=1, y=1", [KINK, KINK]),
        ("abs(x) + y", "x=0, y=0", [KINK, FINE]),
        ("abs(x)*y", "x=0, y=0", [FINE, FINE]),
        ("abs(x)*y", "x=0, y=2", [("kink", -2.0, 2.0), FINE]),
        ("min(x, y)", "x=1, y=1", [("kink", 1.0, 0.0), ("kink", 1.0, 0.0)]),
        ("max(x, y)", "x=1, y=2", [FINE, FINE]),
        ("hypot(x, y)", "x=0, y=0", [KINK, KINK]),
        ("norm([x, y])", "x=0, y=0", [KINK, KINK]),
        ("norm([x, y])", "x=0, y=3", [FINE, FINE]),
        ("norm(v)", "v=[0, 0, 0]", [KINK, KINK, KINK]),
        ("max(v)", "v=[1, 1, 0]", [("kink", 0.0, 1.0), ("kink", 0.0, 1.0), FINE]),
        ("atan2(y, x)", "x=-1, y=0", [FINE, ("jump", -math.pi, math.pi)]),
        ("atan2(y, x)", "x=0, y=0", [("undefined", None, None)] * 2),
        ("x*y/(x^2 + y^2)", "x=0, y=0", [("undefined", None, None)] * 2),
        ("x^y", "x=0, y=2", [FINE, FINE]),
        ("x^y", "x=0, y=0", [FINE, ("jump", None, 0.0)]),
        ("sqrt(x)*y", "x=0, y=0", [("boundary", None, 0.0), FINE]),
        ("log(x) + y", "x=0, y=1", [("undefined", None, None)] * 2),
        ("sum(log(v))", "v=[-1, 2]", [("undefined", None, None)] * 2),
        ("sum(log(v))", "v=[1, 2]", [FINE, FINE]),
        ("where(x > y, x, y)", "x=0, y=0", [("kink", 0.0, 1.0), ("kink", 0.0, 1.0)]),
    ],
)
def test_several_variables(
    expr: str, at: str, expected: list[tuple[str, float | None, float | None]]
) -> None:
    assert found(expr, at) == expected


@pytest.mark.parametrize(
    ("expr", "at"),
    [("exp(x)", "800"), ("1e308*x", "10"), ("log(exp(x))", "800"), ("cosh(x)", "1000"), ("gamma(x)", "200")],
)
def test_overflow(expr: str, at: str) -> None:
    ((finding,),) = find(expr, at)
    assert finding is not None
    assert finding.verdict == "overflow"


def test_overflow_tells_the_true_value() -> None:
    # exp(800) by mpmath: 2.7263745721125665673647795463672697579659...e+347
    assert "exp(x) is 2.72637e347" in note("exp(x)", "800")
    assert "800" in note("log(exp(x))", "800")
    assert "1 - tanh(x)^2 comes out as 0" in note("log(1 - tanh(x)^2)", "400")
    assert "-798.61" in note("log(1 - tanh(x)^2)", "400")  # log(4) - 800, to 347 digits


@pytest.mark.parametrize(
    ("expr", "at", "said"),
    [
        ("exp(x)", "800", "exp(x) is 2.72637e347, beyond the largest double, 1.8e308"),
        ("-exp(x)", "800", "-exp(x) is -2.72637e347, beyond the largest double, 1.8e308"),
        ("1/exp(-x)", "800", "1/exp(-x) is 2.72637e347, beyond the largest double, 1.8e308"),
        ("x*exp(x)*10^300", "700", "x*exp(x)*10^300 is 7.09962e606, beyond the largest double, 1.8e308"),
        ("1e308*10*x/x", "1", "1e308*10*x/x is 1.00000e309, beyond the largest double, 1.8e308"),
        (
            "exp(x)*exp(-x)",
            "800",
            "exp(x)*exp(-x) is 1.00000, but on the way to it in doubles exp(x) comes out as inf",
        ),
        (
            "ln(exp(x))",
            "800",
            "ln(exp(x)) is 800.000, but on the way to it in doubles exp(x) comes out as inf",
        ),
        (
            "ln(exp(-x))",
            "800",
            "ln(exp(-x)) is -800.000, but on the way to it in doubles exp(-x) comes out as 0",
        ),
        (
            "sqrt(x^2 + 1)",
            "1e200",
            "sqrt(x^2 + 1) is 1.00000e200, but on the way to it in doubles x^2 comes out as inf",
        ),
    ],
)
def test_what_overflows_has_its_own_number(expr: str, at: str, said: str) -> None:
    ((found,),) = find(expr, at)
    assert found is not None
    assert (found.verdict, found.note) == ("overflow", said)


@pytest.mark.parametrize(
    ("expr", "at", "said"),
    [
        ("sin(exp(x))", "800", "sin(exp(x)) comes out as nan in doubles, and no digit of it is proved"),
        ("x*cos(exp(x))", "800", "x*cos(exp(x)) comes out as nan in doubles, and no digit of it is proved"),
    ],
)
def test_what_is_not_finite_and_not_known_is_not_decided(expr: str, at: str, said: str) -> None:
    ((found,),) = find(expr, at)
    assert found is not None
    assert (found.verdict, found.note) == ("inconclusive", said)


def note(expr: str, at: str, order: int = 1) -> str:
    finding = find(expr, at, order)[0][0]
    assert isinstance(finding, Finding)
    return finding.note


@pytest.mark.parametrize(
    ("expr", "at", "words"),
    [
        ("abs(x)", "0", "abs(x) has a kink at x = 0: its slope is -1 on the left and 1 on the right"),
        ("abs(x)", "0", "so it has no derivative there"),
        ("cbrt(x)", "0", "its slope goes to infinity on both sides, so it has no finite slope there"),
        ("sqrt(abs(x))", "0", "has a cusp at x = 0: its slope goes to -infinity on the left and infinity"),
        ("0^x", "0", "its value there is 1, but it goes to 0 from the right"),
        ("where(x == 2, 7, x)", "2", "its value there is 7, but it goes to 2 from both sides"),
        ("floor(x)", "3", "it goes to 2 on the left and 3 on the right (3 is its value there)"),
        ("abs(sin(x))", "pi", "the methods work at the nearest double, which lies beside that point"),
        (
            "hypot(x, y)",
            "x=0, y=0",
            "at x = 0, y = 0: its slope along x is -1 on the left and 1 on the right",
        ),
        ("3 + abs(sin(x))", "0", "because of abs(sin(x))"),
        ("abs(x) + x % 3", "0", "because of x % 3"),
        ("abs(x) + cbrt(x)", "0", "because of cbrt(x)"),
        ("sin(x)/x + sqrt(x^2)", "0", "because of sqrt(x^2)"),  # sin(x)/x goes smoothly to 1
        ("(1 - cos(x))/x + x*abs(x) + cbrt(x)", "0", "because of cbrt(x)"),
        ("x^2/x + max(x, 2*x)", "0", "because of max(x, 2*x)"),
        ("floor(x) + abs(x) + max(x, 2*x)", "0", "because of floor(x)"),
        ("where(x > 0, 1, 0) + abs(x)", "0", "x > 0 changes there"),
        ("where(x > 0, 1, 0)", "0", "x > 0 changes there"),
        ("log(x)", "-1", "ln(x) is not defined at x = -1: it needs x > 0"),
        ("2/(x - 1)", "1", "2/(x - 1) is not defined at x = 1: it divides by x - 1, which is 0"),
        ("7//(x - x)", "1", "7//(x - x) is not defined at x = 1: it divides by x - x, which is 0"),
        ("1 % (x - x)", "1", "1 % (x - x) is not defined at x = 1: it divides by x - x, which is 0"),
        ("1/x", "0", "its values go to -infinity on the left and to infinity on the right"),
        ("(-8)^(1/3) + x", "1", "cbrt(-8) is the real root"),
        ("x^(1/5)", "-1", "root(x, 5) is the real root"),
        ("x^(2/3)", "-1", "cbrt(x)^2 is the real root"),
        ("1/(x^2 + 1 - 1)", "0", "; its values go to infinity on both sides"),
        ("x*sin(1/x)", "0", "the function's values go to 0 on both sides, but whether it has a derivative"),
        ("log(x) + 1", "0", "the function's values go to -infinity on the right"),
        ("tan(x)", "pi/2", "the nearest double is not that point, and there the value is 1.63312e16"),
        (
            "sin(x)/x",
            "0",
            "sin(x)/x has no value at x = 0, but it goes to 1 from both sides; with that value filled in",
        ),
        ("sqrt(x)", "0", "sqrt(x) ends at x = 0: it has values only to the right, and its slope"),
        ("cbrt(x)", "0", "has a vertical tangent at x = 0"),
        ("gamma(x)", "-2", "it has a pole at 0 and at every negative whole number"),
        ("gamma(x) + x", "-2", "gamma(x) is not defined at x = -2: it has a pole at 0"),
    ],
)
def test_words(expr: str, at: str, words: str) -> None:
    assert words in note(expr, at)


@pytest.mark.parametrize(
    ("expr", "at", "order", "words"),
    [
        (
            "x*abs(x)",
            "0",
            2,
            "a kink in its slope at x = 0: its second derivative is -2 on the left and 2 on the right",
        ),
        (
            "abs(x)^3",
            "0",
            3,
            "a kink in its second derivative at x = 0: its third derivative is -6 on the left",
        ),
        ("abs(x)^3", "0", 4, "(because of abs(x)), so it has no 4th derivative there"),
        ("abs(x)^5", "0", 5, "a kink in its 4th derivative at x = 0: its 5th derivative is -120 on the left"),
        (
            "abs(x)",
            "0",
            2,
            "its slope is -1 on the left and 1 on the right, so it has no second derivative there",
        ),
        ("x^2.5", "0", 3, "only to the right, and its third derivative on that side goes to infinity"),
        ("x^2.5", "0", 2, "it has values only to the right, and its second derivative on that side is 0"),
        (
            "x*cbrt(x)",
            "0",
            2,
            "the second derivative of x*cbrt(x) grows without bound at x = 0: it goes to infinity on both",
        ),
        ("sin(x)/x", "0", 2, "with that value filled in, its second derivative there is -0.3333333333"),
        (
            "max(v)",
            "v=[1, 1, 0]",
            1,
            "max(v) has a kink at v[0] = 1, v[1] = 1, v[2] = 0: its slope along v[0] is 0",
        ),
        ("max(v)", "v=[1, 1, 0, 0]", 1, "max(v) has a kink at v[0] = 1: its slope along v[0] is 0"),
    ],
)
def test_words_of_higher_orders_and_of_arrays(expr: str, at: str, order: int, words: str) -> None:
    assert words in note(expr, at, order)


@pytest.mark.parametrize(
    ("expr", "at", "hole"),
    [
        ("1/x", "0", True),
        ("log(x)", "-1", True),
        ("sin(x)/x", "0", True),
        ("x*log(x)", "0", True),
        ("x^2/abs(x)", "0", True),
        ("where(x == 0, 0, 1/x)", "0", False),
        ("abs(x)", "0", False),
        ("floor(x)", "0", False),
        ("sqrt(x)", "0", False),
    ],
)
def test_whether_there_is_a_value(expr: str, at: str, hole: bool) -> None:
    ((found,),) = find(expr, at)
    assert found is not None
    assert found.hole is hole


@pytest.mark.parametrize("expr", ["max(x, x)", "min(x + 1, x + 1)*2"])
def test_one_and_the_same_is_no_tie(expr: str) -> None:
    assert find(expr, "0") == [[None]]


@pytest.mark.parametrize(
    ("expr", "order", "blamed"),
    [  # of two that stand at their places, the first could not make what is found
        ("x*floor(x) + abs(x)", 1, "because of abs(x)"),
        ("x^3*floor(x) + x*abs(x)", 2, "because of abs(x)"),
        ("x*abs(x)*floor(x + 1) + x^3*abs(x)", 4, "because of abs(x)"),
        ("max(x, 2*x) + floor(x) + x", 1, "because of floor(x)"),
        ("abs(x) + where(x > 0, 1, 0)", 1, "x > 0 changes there"),
        ("abs(x) + cbrt(x)", 1, "because of cbrt(x)"),
        ("abs(x) + root(x, 5)", 1, "because of root(x, 5)"),
        ("abs(x) + (x^2)^(1/4)", 1, "because of (x^2)^(1/4)"),
        ("abs(x) + x*ln(2*x^2)", 1, "because of ln(2*x^2)"),
        ("abs(x)*x + sqrt(x)^3", 1, "because of sqrt(x)"),
        ("abs(x)^3 + x^2.5", 3, "because of x^2.5"),
        ("abs(x)*x + asin(1 - x)", 1, "because of asin(1 - x)"),
        ("floor(x)*x + where(x > 0, x, -x)", 1, "because of floor(x)"),
    ],
)
def test_who_could_make_it_is_blamed(expr: str, order: int, blamed: str) -> None:
    assert f"({blamed})" in note(expr, "0", order)


@pytest.mark.parametrize(
    ("expr", "at", "place", "convention"),
    [
        ("abs(x)", "0", "abs(x)", "at 0, a kink, the derivative is taken as 0"),
        ("max(x, floor(x))", "0", "max(x, floor(x))", "where two are equal, each has half of the derivative"),
        ("where(x > 0, x, x^2)", "0", "x > 0", "only the branch that is taken"),
        ("x*abs(x)", "0", "abs(x)", "taken as 0"),
        ("sqrt(x - x)", "3", "sqrt(x - x)", ""),
    ],
)
def test_ties_are_named(expr: str, at: str, place: str, convention: str) -> None:
    finding = find(expr, at)[0][0]
    assert finding is not None
    assert finding.tie is not None
    assert finding.tie.place == place
    assert convention in finding.tie.convention


@pytest.mark.parametrize(
    ("expr", "at", "order", "places"),
    [
        ("x^y", "x=0, y=2", 1, ["x^y", "x^y"]),  # whether there are values to the left turns on y
        ("root(x, y)", "x=0, y=3", 1, ["root(x, y)", "root(x, y)"]),
        ("abs(x)*y^2", "x=0, y=1", 2, ["abs(x)", "abs(x)", None]),
        ("floor(x)*y", "x=0, y=1", 2, ["floor(x)", "floor(x)", None]),
        ("abs(x)*abs(y)", "x=0, y=0", 2, ["abs(x)", "abs(y)", "abs(y)"]),
        ("x^2*abs(y)", "x=0, y=0", 3, [None, "abs(y)", "abs(y)", "abs(y)"]),
        ("x^1.5*y", "x=0, y=1", 2, ["x^1.5", "x^1.5", None]),
    ],
)
def test_ties_in_several_variables(expr: str, at: str, order: int, places: list[str | None]) -> None:
    findings = [row[0] for row in find(expr, at, order)]
    assert [f.tie.place if f is not None and f.tie is not None else None for f in findings] == places


@pytest.mark.parametrize(
    ("expr", "at"),
    [
        ("abs(sin(x))", "pi"),  # the double nearest to pi is no zero of the sine
        ("max(x - 3, sin(pi))", "3"),  # one side is 0, but the other 1e-16 in doubles
        ("min(x - 3, sin(pi))", "3"),
        ("floor(10*x)", "3/10"),
    ],
)
def test_no_tie_beside_the_point(expr: str, at: str) -> None:
    finding = find(expr, at)[0][0]
    assert finding is not None
    assert (finding.tie is None) is ("floor" not in expr)


def test_what_is_not_decided_says_why() -> None:
    finding = find("where(x == 0, 0, x*sin(1/x))", "0")[0][0]
    assert finding is not None
    assert finding.verdict == "inconclusive"
    assert "oscillating" in finding.note


def test_removable_value_has_thirty_digits() -> None:
    # Euler's constant, OEIS A001620
    finding = find("x*gamma(x)", "0")[0][0]
    assert finding is not None
    assert finding.value is not None
    assert finding.value.startswith("-0.577215664901532860606512090082")


def test_ordinary_points_need_no_arb() -> None:
    code = (
        "import sys; from calcgrad.operations import VOCABULARY; from calcgrad.inputs.points import read_points;"
        "from calcgrad.comparing.request import Request, read; from calcgrad.verdicts import examine;"
        "r = read(Request('x^3 + sin(x)/x', at=read_points(['2'], VOCABULARY)));"
        "from calcgrad.functions.exact import ExactFunction;"
        "assert examine(r.function, ExactFunction(r.function, (2.0,)), [2.0], r.wrts) == [[None]];"
        "sys.exit('flint' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


_LEAVES = st.sampled_from(["x", "2", "x + 1", "0.5*x", "3"])
_SMOOTH = [
    "sin({})",
    "cos({})",
    "exp({}/4)",
    "tanh({})",
    "atan({})",
    "erf({})",
    "sigmoid({})",
    "softplus({})",
]
_SMOOTH += [
    "asinh({})",
    "sinh({}/4)",
    "({})^2",
    "({})^3",
    "sqrt(1 + ({})^2)",
    "log(2 + cos({}))",
    "1/(1 + ({})^2)",
]


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = st.builds(lambda form, a: form.format(a), st.sampled_from(_SMOOTH), inner)
    two = st.builds(lambda op, a, b: f"({a}){op}({b})", st.sampled_from("+-*"), inner, inner)
    return one | two


@pytest.mark.slow
@seed(1)
@settings(max_examples=150, deadline=None, database=None)
@given(st.recursive(_LEAVES, _grown, max_leaves=6), st.floats(0.1, 2.5).map(lambda v: round(v, 6)))
def test_smooth_functions_are_ordinary(expr: str, at: float) -> None:
    request = reading(expr, f"x={at!r}")
    assert request.function.variables in (("x",), ())
    assert all(f is None for row in find(expr, f"x={at!r}") for f in row)


def test_truth_values_that_a_function_takes_the_largest_of() -> None:
    """``if mask.max()`` is how programs ask whether there is anything to do: no tie of it is a kink."""

    def loss(p: np.ndarray) -> float:
        x = np.array([0.5, 1.0, 4.0])
        out, late = np.zeros_like(x), p[0] * x > 1.5
        if late.max():
            out[late] = np.log(x[late]) * p[0]
        if not (~late).min():
            out[~late] = p[1] * x[~late] ** 2
        return out.sum()

    report = diff(loss, at=[1.0, 3.0], methods="reverse-ad")
    assert report.verdict == "agree"
    own = [float(mpmath.log(4)), 0.5**2 + 1.0]
    assert [row.value for row in report.points[0].results] == pytest.approx(own, rel=1e-15)
