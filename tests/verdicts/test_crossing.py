"""Between a point as it was written and its nearest double: what stands on another piece there, and what vanishes by form."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import mpmath
import pytest
from flint import ctx

from calcgrad.autodiff.tape import Step, Tape
from calcgrad.comparing.cases import cases_of
from calcgrad.expression import to_text
from calcgrad.operations import VOCABULARY
from calcgrad.verdicts.crossing import crossings
from calcgrad.verdicts.exact.functions import field
from calcgrad.verdicts.examining import between, vanishes
from calcgrad.verdicts.germs.germ import Deadline, Gap, Scope
from calcgrad.verdicts.notes import shown
from calcgrad.verdicts.sides import constants
from calcgrad.verdicts.spelling import node_of

from .test_special_points import find, reading
from .witness import tree

#: 1/3 less its nearest double, as a number of that size is shown.
THIRD = float(Fraction(1, 3) - Fraction(1 / 3))
PI = float(mpmath.mp.pi)
with mpmath.workdps(40):
    BESIDE_PI = float(mpmath.sin(mpmath.mpf(PI)))
    BESIDE_POLE = float(mpmath.tan(mpmath.mpf(PI) / 2))

#: The operations told with their values at both, and whether the function's own value is another.
CROSSED: dict[tuple[str, str], tuple[list[tuple[str, float | None, float | None]], bool]] = {
    ("floor(49*x)", "1/49"): ([("floor(49*x)", 1, 0)], True),
    ("y*floor(49*x)", "x=1/49, y=2"): ([("floor(49*x)", 1, 0)], True),
    ("abs(x - 1/3)", "1/3"): ([("abs(x - 1/3)", 0, THIRD)], True),
    ("sign(x - 0.3)", "0.3"): ([], False),
    ("tan(x)", "pi/2"): ([("tan(x)", None, BESIDE_POLE)], True),
    ("floor(x/pi)", "pi"): ([("floor(x/pi)", 1, 0)], True),
    ("sin(floor(3*x))", "1/3"): ([("floor(3*x)", 1, 0)], True),
    ("floor(x) + ceil(7*x)", "3/7"): ([("ceil(7*x)", 3, 3)], False),
    ("x^2", "1/3"): ([], False),
    ("sin(x)", "pi"): ([], True),
    ("floor(1e20*sin(x))", "pi"): ([("floor(1e20*sin(x))", 0, int(1e20 * BESIDE_PI))], True),
    ("1/(x - 1/3)", "1/3"): ([("1/(x - 1/3)", None, -1 / THIRD)], True),
    ("log(x - 1/3)", "1/3"): ([("ln(x - 1/3)", None, None)], False),
    ("where(log(x - 1/3), 1, 2)", "1/3"): ([("ln(x - 1/3)", None, None)], False),
    ("abs(log(x - 1/3)) + floor(49*x)", "1/3"): ([("ln(x - 1/3)", None, None)], False),
    ("frac(x*10)", "0.7"): ([("frac(x*10)", 0, 1)], True),
    ("round(x*3)", "1/6"): ([("round(x*3)", 0, 0)], False),
    ("max(x, 1/3)", "1/3"): ([("max(x, 1/3)", 1 / 3, 1 / 3)], False),
    ("(x - 1/3)^y", "x=1/3, y=2"): ([("(x - 1/3)^y", 0, THIRD**2)], True),
    ("floor(exp(x)*3)", "log(1/3)"): ([("floor(exp(x)*3)", 1, 0)], True),
}


def _number(text: str) -> float | None:
    return None if text == "not defined" else float(text)


def _near(found: float | None, expected: float | None, share: float) -> bool:
    if found is None or expected is None:
        return found is expected
    return found == pytest.approx(expected, rel=share)


@pytest.mark.parametrize("asked", CROSSED, ids=str)
def test_what_stands_on_another_piece_at_the_nearest_double(asked: tuple[str, str]) -> None:
    read = reading(*asked)
    (case,) = cases_of(read.function, read.points)
    assert case.given is not None
    told, jumps = CROSSED[asked]
    found, apart = crossings(case.written, case.given)
    assert apart is jumps
    assert [each.text for each in found] == [text for text, _, _ in told]
    for each, (_, first, second) in zip(found, told, strict=True):
        assert _near(_number(each.first), first, 1e-5)
        assert _near(_number(each.second), second, 1e-5)
    if told:
        assert between(read.function, case.written, case.given, case.flat) == (found, apart)


@pytest.mark.parametrize(
    ("text", "at", "first", "second", "jumps"),
    [
        ("max(x, 1/3)", "1/3", "0.3333333333", "0.3333333333", False),
        ("abs(x - 1/3)", "1/3", "0", "1.850e-17", True),
        ("tan(x)", "pi/2", "not defined", "1.633123935e16", True),
        # beyond the doubles: exp(800)/3 is 9.0879e346, exp(-1000)/3 is 1.6920e-435; of what is near 0 the size alone is told
        ("max(exp(800)*x, exp(800)/3)", "1/3", "9.087915240e346", "9.087915240e346", False),
        ("max(exp(-1000)*x, exp(-1000)/3)", "1/3", "1.692e-435", "1.692e-435", False),
        ("floor(3*x)*exp(800)", "1/3", "1", "0", True),
        ("floor(3*x)*exp(-1000)", "1/3", "1", "0", True),
    ],
)
def test_both_values_in_digits(text: str, at: str, first: str, second: str, jumps: bool) -> None:
    read = reading(text, at)
    (case,) = cases_of(read.function, read.points)
    assert case.given is not None
    (found,), apart = crossings(case.written, case.given)
    assert (found.first, found.second, apart) == (first, second, jumps)


def test_what_is_far_from_any_break_is_not_looked_at() -> None:
    read = reading("x^2 + floor(x)", "1/3")
    (case,) = cases_of(read.function, read.points)
    assert case.given is not None
    assert between(read.function, case.written, case.given, case.flat) == ([], False)


@pytest.mark.parametrize(
    ("text", "at", "zero"),
    [
        ("sin(x)^2 + cos(x)^2", "1/2", [True]),
        ("x^2", "0", [True]),
        ("x^2", "1", [False]),
        ("exp(x) - x", "0", [True]),
        ("(x + 1)^2 - x^2 - 2*x", "3", [True]),
        ("x*y - y*x", "x=2, y=3", [True, True]),
        ("x*y - 3*x", "x=2, y=3", [True, False]),
        ("log(x)", "-1", [False]),
        ("abs(x)", "0", [False]),
    ],
)
def test_a_derivative_that_is_0_by_the_form_of_its_terms(text: str, at: str, zero: list[bool]) -> None:
    read = reading(text, at)
    (case,) = cases_of(read.function, read.points)
    assert [vanishes(case.written, wrt, 0) for wrt in read.wrts] == zero


#: Poles, and what takes them away: the limit and the slope there, from Laurent series in any handbook.
POLES: dict[tuple[str, str], tuple[float, float]] = {
    ("x*gamma(x)", "0"): (1.0, -float(mpmath.euler)),
    ("(x + 1)*gamma(x)", "-1"): (-1.0, float(mpmath.euler) - 1.0),
    ("(x + 2)*gamma(x)", "-2"): (0.5, 0.5 * (1.5 - float(mpmath.euler))),
    ("x*digamma(x)", "0"): (-1.0, -float(mpmath.euler)),
    ("x^2*polygamma(1, x)", "0"): (1.0, 0.0),
    ("x^3*polygamma(2, x)", "0"): (-2.0, 0.0),
    ("x^4*polygamma(3, x)", "0"): (6.0, 0.0),
    ("(x - 1)*zeta(x)", "1"): (1.0, float(mpmath.euler)),
    ("x*beta(x, 2)", "0"): (1.0, -1.0),
    ("x/tan(x)", "0"): (1.0, 0.0),
    ("x/sinh(x)", "0"): (1.0, 0.0),
    ("(x - 1)/log(x)", "1"): (1.0, 0.5),
    ("Ei(x) - log(abs(x))", "0"): (float(mpmath.euler), 1.0),
    ("Ci(x^2) - 2*log(abs(x))", "0"): (float(mpmath.euler), 0.0),
    ("Chi(x^2) - 2*log(abs(x))", "0"): (float(mpmath.euler), 0.0),
    ("li(x + 1) - log(abs(x))", "0"): (float(mpmath.euler), 0.5),
    ("expint(1, x^2) + 2*log(abs(x))", "0"): (-float(mpmath.euler), 0.0),
    ("x*sinc(1/x)", "0"): (0.0, 0.0),
    ("x^2*besselj(1, 1/x)", "0"): (0.0, 0.0),
}


@pytest.mark.parametrize("asked", POLES, ids=str)
def test_a_pole_that_is_taken_away(asked: tuple[str, str]) -> None:
    found = find(*asked)[0][0]
    limit, slope = POLES[asked]
    assert found is not None
    assert found.verdict == "removable"
    assert found.limit == pytest.approx(limit, rel=1e-14)
    assert float(found.value or "nan") == pytest.approx(slope, rel=1e-13, abs=1e-300)


#: Outside of the domain, or at a pole: the note begins with what has no value there.
UNDEFINED = (
    ("atanh(x)", "1"), ("erfinv(x)", "1"), ("zeta(x)", "1"), ("gamma(x)", "0"), ("gamma(x)", "-3"), ("digamma(x)", "0"),
    ("polygamma(1, x)", "0"), ("ellipk(x)", "1"), ("tan(x)", "pi/2"), ("polylog(2, x + 2)", "0"), ("beta(x, 2)", "0"),
    ("acos(x)", "2"), ("sqrt(x)", "-1"), ("ln(x)", "-1"), ("1/x", "0"), ("lambertw(x)", "-1"), ("acosh(x)", "0"),
    ("li(x)", "1"), ("expint(1, x)", "0"), ("sec(x)", "pi/2"), ("cot(x)", "0"), ("lgamma(x)", "0"), ("x % 0", "1"),
    ("log2(x)", "0"), ("bessely(0, x)", "0"), ("x!", "-1"), ("coth(x)", "0"), ("acoth(x)", "0"), ("asec(x)", "0"),
    ("x^-1", "0"), ("logit(x)", "2"), ("erfcinv(x)", "0"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "at"), UNDEFINED)
def test_what_has_no_value_is_named(text: str, at: str) -> None:
    found = find(text, at)[0][0]
    assert found is not None
    assert found.verdict == "undefined"
    assert found.note.startswith(f"{text} is not defined at x = {at}: ")


def test_numbers_of_a_traced_function_have_no_name() -> None:
    tape = Tape(("x",), (2.5,), (Step("mul", (0, -1)), Step("sin", (1,))), (2,))
    assert to_text(node_of(tape, 2), VOCABULARY) == "sin(x*constant)"
    assert to_text(node_of(tape, 0), VOCABULARY) == "x"


@pytest.mark.parametrize(
    ("text", "verdict", "left", "right"),
    [
        ("root(x, 2)", "boundary", None, inf),
        ("root(x, 3)", "infinite", inf, inf),
        ("root(x, -2)", "undefined", None, None),
        ("root(x - 1, 4)", "undefined", None, None),
        ("root(x^2, 4)", "infinite", -inf, inf),
        ("root(x^3, 3)", "agree", None, None),
        ("beta(x, -1)", "undefined", None, None),
        ("abs(x)*beta(x + 2, x + 3)", "kink", -1 / 12, 1 / 12),
        ("abs(x)*binomial(x + 5, x + 2)", "kink", -10.0, 10.0),
        ("abs(x)*log(x + 2, x + 3)", "kink", -float(mpmath.log(2, 3)), float(mpmath.log(2, 3))),
        ("abs(x)*hypot(x - 3, x + 4)", "kink", -5.0, 5.0),
        ("abs(x)*(x + 2)^(x + 1)", "kink", -2.0, 2.0),
        ("abs(x)*zeta(x + 2, x + 1)", "kink", -float(mpmath.zeta(2)), float(mpmath.zeta(2))),
    ],
)
def test_several_arguments_that_move_at_once(
    text: str, verdict: str, left: float | None, right: float | None
) -> None:
    found = find(text, "0")[0][0]
    assert found is not None
    assert found.verdict == verdict
    assert _near(found.left, left, 1e-14)
    assert _near(found.right, right, 1e-14)


ROOT = float(mpmath.sqrt(2 / mpmath.pi))


@pytest.mark.parametrize(
    ("text", "at", "left", "right", "words"),
    [
        (
            "sqrt(x)*besselj(1/2, x)",
            "0",
            None,
            ROOT,
            "it has values only to the right, and its slope on that side is 0.797",
        ),
        (
            "sqrt(x)*besseli(1/2, x)",
            "0",
            None,
            ROOT,
            "it has values only to the right, and its slope on that side is 0.797",
        ),
        (
            "sqrt(-x)",
            "0",
            -inf,
            None,
            "it has values only to the left, and its slope on that side goes to -infinity",
        ),
        ("(-x)^1.5", "0", 0.0, None, "it has values only to the left, and its slope on that side is 0"),
        (
            "polylog(2, x)",
            "1",
            inf,
            None,
            "it has values only to the left, and its slope on that side goes to infinity",
        ),
        ("polylog(3, x)", "1", float(mpmath.zeta(2)), None, "it has values only to the left"),
    ],
)
def test_an_end_says_on_which_side_it_has_values(
    text: str, at: str, left: float | None, right: float | None, words: str
) -> None:
    found = find(text, at)[0][0]
    assert found is not None
    assert found.verdict == "boundary"
    assert _near(found.left, left, 1e-14)
    assert _near(found.right, right, 1e-14)
    assert f"{text} ends at x = {at}: " in found.note
    assert words in found.note


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x*y^2/(x^4 + y^8)", "its values go to 0 along x, but to infinity along the diagonal"),
        ("x^2*y/(x^4 + y^2)", "its values go to 0 along x, but to 0.5 along a parabola"),
        ("x*y/(x^2 + y^2)", "its values go to 0 along x, but to 0.5 along the diagonal"),
        ("x*y*(x - y)^2/(x^2 + y^2)^2", "its values go to 0 along x, but to -1 along the other diagonal"),
        ("x*y^2/(x^2 + y^4)", "its values go to 0 along x, but to 0.5 along the other parabola"),
    ],
)
def test_a_limit_along_an_axis_is_refuted_by_another_way(text: str, words: str) -> None:
    for found in (row[0] for row in find(text, "x=0, y=0")):
        assert found is not None
        assert found.verdict == "undefined"
    first = find(text, "x=0, y=0")[0][0]
    assert first is not None
    assert words in first.note


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lowergamma(1/2, x^2)/x", "its values go to -2 on the left and to 2 on the right"),
        ("x*Ei(1/x)", "the function's values go to 0 on the left and to infinity on the right"),
        ("exp(1/x)", "the function's values go to 0 on the left and to infinity on the right"),
        ("1/x^2", "its values go to infinity on both sides"),
        ("gamma(x)", "its values go to -infinity on the left and to infinity on the right"),
        ("log(x)", "its values go to -infinity on the right"),
        ("sinc(1/x)", "but whether it has a derivative once they are filled in is not decided"),
    ],
)
def test_where_the_values_go_beside_a_pole(text: str, words: str) -> None:
    found = find(text, "0")[0][0]
    assert found is not None
    assert found.verdict == "undefined"
    assert words in found.note


def test_what_flattens_out_leaves_what_stands_before_it() -> None:
    for text, slope in (
        ("x*uppergamma(1/2, x^2)", float(mpmath.sqrt(mpmath.pi))),
        ("lowergamma(3/2, abs(x)^2)", 0.0),
    ):
        found = find(text, "0")[0][0]
        assert found is not None
        assert (found.verdict, found.note) == ("agree", "")
        assert float(found.value or "nan") == pytest.approx(slope, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "at", "left", "right"),
    [
        ("lowergamma(1, x)", "0", None, -1.0),  # its derivative is exp(-x)
        ("lowergamma(2, x)", "0", None, 1.0),  # x exp(-x)
        ("betainc(2, 3, x)", "0", None, 12.0),  # 12 x (1 - x)^2
        ("betainc(3, 2, x)", "1", -12.0, None),  # 12 x^2 (1 - x)
        ("betainc(1, 3, x)", "0", None, -6.0),  # 3 (1 - x)^2
        ("expint(4, x)", "0", None, 1.0),  # -expint(3, x), and once more
    ],
)
def test_the_second_derivative_at_an_end(text: str, at: str, left: float | None, right: float | None) -> None:
    found = find(text, at, 2)[0][0]
    assert found is not None
    assert found.verdict == "boundary"
    assert _near(found.left, left, 1e-14)
    assert _near(found.right, right, 1e-14)


def test_a_jump_in_words() -> None:
    first = find("floor(x)", "2")[0][0]
    second = find("floor(x)*y", "x=2, y=3")[0][0]
    assert first is not None
    assert second is not None
    assert first.note == (
        "floor(x) jumps at x = 2: it goes to 1 on the left and 2 on the right (2 is its value there), so it has no derivative there"
    )
    assert second.note.startswith("floor(x)*y jumps at x = 2, y = 3")
    assert "it goes to 3 on the left and 6 on the right (6 is its value there)" in second.note
    assert "  " not in first.note + second.note


@pytest.mark.parametrize(
    ("text", "digits", "expected"),
    [
        ("7", 10, mpmath.mpf(7)),
        ("-1/3", 10, -mpmath.mpf(1) / 3),
        ("exp(1)*1e12", 10, mpmath.e * 10**12),
        ("2^-70", 4, mpmath.mpf(2) ** -70),
        ("exp(-2000)", 4, mpmath.exp(-2000)),
        ("exp(2000)", 10, mpmath.exp(2000)),
    ],
)
def test_exact_numbers_are_shown_in_one_way(text: str, digits: int, expected: mpmath.mpf) -> None:
    """To ten digits; of what is near 0 the size tells enough."""
    with ctx.workprec(192):
        (germ,) = constants([tree(text)], Scope(field(), 1, Deadline()))
        said = shown(germ)
    with mpmath.workdps(30):
        assert mpmath.almosteq(mpmath.mpf(said), expected, 10.0 ** (1 - digits))
        assert text == "7" or len(said.lstrip("-0.").partition("e")[0].replace(".", "")) == digits


def test_a_gap_is_shown_as_what_has_no_value() -> None:
    assert shown(Gap("div")) == "not defined"
