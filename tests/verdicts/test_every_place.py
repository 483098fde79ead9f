"""Every place in the table where an operation of one argument is not smooth, and a point 1e-20 beside it, which no double tells."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import mpmath
import pytest

from calcgrad.expression.nodes import Call, Name, Node, Number
from calcgrad.functions.exact import ExactFunction
from calcgrad.functions.expression import Expression
from calcgrad.operations import OPERATIONS, Elementwise, parsed
from calcgrad.systems.base import FLOAT64
from calcgrad.verdicts.astray import Astray, astray, exact_values
from calcgrad.verdicts.crossing import crossings
from tests.verdicts.witness import tree, value

HALF = Fraction(1, 2)
ENDS = (-1, 1)
POLES = (0, -1, -2, -7)
STEPS = (-2, -1, 0, 1, 5)
#: The rows, and where they are not smooth; those of tangents lie at multiples of pi, and are in other tests.
PLACES: dict[str, tuple[Fraction | int, ...]] = {
    **dict.fromkeys(("abs", "sign", "relu", "leaky_relu", "elu", "heaviside", "sqrt", "cbrt", "acot"), (0,)),
    **dict.fromkeys(("log", "log2", "log10", "csch", "coth", "acsch", "Ci", "Ei", "Chi"), (0,)),
    **dict.fromkeys(("asin", "acos", "asec", "acsc", "asind", "acosd", "atanh", "acoth", "erfinv"), ENDS),
    **dict.fromkeys(("zeta", "ellipk", "ellipe", "acosh"), (1,)),
    **dict.fromkeys(("asech", "logit", "norminv", "li"), (0, 1)),
    **dict.fromkeys(("gamma", "lgamma", "digamma"), POLES),
    **dict.fromkeys(("floor", "ceil", "frac"), STEPS),
    "factorial": (-1, -2, -7),
    "round": (HALF, 3 * HALF, -HALF, -3 * HALF),
    "trunc": (-2, -1, 1, 5),
    "erfcinv": (0, 2),
    "log1p": (-1,),
}
ELSEWHERE = {"tan", "sec", "csc", "cot", "tand", "lambertw"}
BESIDE = [(op, c, side) for op, places in PLACES.items() for c in places for side in (-1, 1)]
SMALL = 1e-20
#: 1 + x - 1 is x, and 0 in doubles.
X = Name("x")
LOST = Call("sub", (Call("add", (Number(1), X)), Number(1)))


def row_of(op: str) -> Elementwise:
    row = OPERATIONS[op]
    assert isinstance(row, Elementwise)
    return row


def moved(by: Node, c: Fraction | int) -> Node:
    if not c:
        return by
    number = Number(abs(Fraction(c)))
    return Call("add" if c > 0 else "sub", (by, number))


def subject(root: Node, at: float) -> ExactFunction:
    return ExactFunction(Expression(root, ["x"]), (at,))


def true(root: Node, x: Any) -> Any:
    return value(root, {"x": x, "a": x})


def test_every_row_of_one_argument_is_here() -> None:
    rows = {
        name
        for name, row in OPERATIONS.items()
        if isinstance(row, Elementwise) and row.arity == 1 and (row.singular or row.later)
    }
    assert rows == set(PLACES) | ELSEWHERE


@pytest.mark.parametrize(("op", "c", "side"), BESIDE)
def test_the_exact_side_is_told_where_doubles_stand_on_the_place(
    op: str, c: Fraction | int, side: int
) -> None:
    root = Call(op, (moved(LOST, c),))
    (told,) = astray(subject(root, side * SMALL), [side * SMALL])
    with mpmath.workdps(60):
        place = mpmath.mpf(Fraction(c).numerator) / Fraction(c).denominator
        exact = place + side * mpmath.mpf(SMALL)
        spots = [s for s in (*row_of(op).singular, *row_of(op).later) if _met(s.where, s.period, float(c))]
        (spot,) = spots
        if spot.period is not None:
            assert told.what.endswith(" is")
            double = FLOAT64.function(op)(float(c))
            _is_told(told, true(root, side * mpmath.mpf(SMALL)), double)
        elif told.what.startswith("the sign of "):
            number = true(parsed(spot.where), exact)
            assert told.exact == ("positive exactly" if number > 0 else "negative exactly")
            assert told.rounded == "0 in doubles"
        elif told.what.startswith("the comparison of "):
            larger = "first" if side > 0 else "second"
            assert told.exact == f"the {larger} is larger exactly, by 1.000e-20"
            assert told.rounded == "they are equal in doubles"
        else:
            assert told.what.startswith("what 1 + x - 1 is in ")
            _is_told(told, side * mpmath.mpf(SMALL), 0.0)


def _met(where: str, period: float | None, c: float) -> bool:
    found = FLOAT64.expression(parsed(where), ("a",))(c)
    return found == 0 if period is None else found % period == 0


def _is_told(told: Astray, exact: Any, double: float) -> None:
    first, second = told.exact.removesuffix(" exactly"), told.rounded.removesuffix(" in doubles")
    assert (first, second) != (told.exact, told.rounded)
    assert abs(mpmath.mpf(first) - exact) <= 1e-3 * abs(exact)
    assert mpmath.nstr(mpmath.mpf(second), 9) == mpmath.nstr(mpmath.mpf(double), 9)


@pytest.mark.parametrize(("op", "c", "side"), BESIDE)
def test_a_point_beside_the_place_is_on_another_piece(op: str, c: Fraction | int, side: int) -> None:
    root = Call(op, (moved(X, c),))
    near, far = side / 64, side / 16
    (told,), jumps = crossings(subject(root, 0.0), subject(root, near))
    assert told.text.startswith(("(x", f"{op}(", "ln("))
    assert jumps is _apart(root, 0.0, near)
    (told,), jumps = crossings(subject(root, near), subject(root, -near))
    assert jumps is _apart(root, near, -near)
    found, jumps = crossings(subject(root, near), subject(root, far))
    assert found == []
    assert jumps is _apart(root, near, far)


def _or_nan(root: Node, x: Any) -> Any:
    """mpmath raises at some places where others have nan."""
    try:
        return true(root, x)
    except (ValueError, ZeroDivisionError):
        return mpmath.nan


def _apart(root: Node, first: float, second: float) -> bool:
    with mpmath.workdps(60):
        a, b = (_or_nan(root, mpmath.mpf(x)) for x in (first, second))
        if mpmath.isfinite(a) != mpmath.isfinite(b):
            return True
        return bool(mpmath.isfinite(a) and abs(a - b) > 1e-6 * max(abs(a), abs(b)))


#: Tenths and multiples of pi: an expression of x, the point, and what is told of it. 0.7 times 3 is 2.1, and the double below it.
ASTRAY = {
    ("abs(0.7*x - 2.1)", 3.0): ("what 0.7*x - 2.1 is in abs(0.7*x - 2.1)", "0 exactly", "-4.440892099e-16 in doubles"),
    ("abs(0.7*x - 2.1)*exp(x)", 3.0): ("what 0.7*x - 2.1 is in abs(0.7*x - 2.1)", "0 exactly", "-4.440892099e-16 in doubles"),
    ("sign(2*abs(0.7*x - 2.1))", 3.0): ("what 0.7*x - 2.1 is in abs(0.7*x - 2.1)", "0 exactly", "-4.440892099e-16 in doubles"),
    ("max(0.7*x, 2.1)", 3.0): (
        "the comparison of 0.7*x with 2.1 in max(0.7*x, 2.1)", "they are equal exactly", "the second is larger in doubles"),
    ("min(2.1, 0.7*x)", 3.0): (
        "the comparison of 2.1 with 0.7*x in min(2.1, 0.7*x)", "they are equal exactly", "the first is larger in doubles"),
    ("clip(0.7*x, 2.1, 3)", 3.0): (
        "the comparison of 0.7*x with 2.1 in clip(0.7*x, 2.1, 3)", "they are equal exactly", "the second is larger in doubles"),
    ("where(0.7*x == 2.1, 1, x)", 3.0): (
        "the comparison of 0.7*x with 2.1", "they are equal exactly", "the second is larger in doubles"),
    ("floor(0.7*x/2.1)", 3.0): ("what floor(0.7*x/2.1) is", "1 exactly", "0 in doubles"),
    ("0.7*x//2.1", 3.0): ("what 0.7*x//2.1 is", "1 exactly", "0 in doubles"),
    ("0.7*x % 2.1", 3.0): ("what 0.7*x % 2.1 is", "0 exactly", "2.1 in doubles"),
    ("floor(10*x)", 0.3): ("what floor(10*x) is", "2 exactly", "3 in doubles"),
    ("where(sin(pi*x), x, 2)", 1.0): (
        "what sin(pi*x) is in where(sin(pi*x), x, 2)", "0 exactly", "1.224646799e-16 in doubles"),
    ("atan2(sin(pi*x), -2)", 1.0): (
        "what sin(pi*x) is in atan2(sin(pi*x), -2)", "0 exactly", "1.224646799e-16 in doubles"),
    ("hypot(sin(pi*x), 0)", 1.0): (
        "the sign of hypot(sin(pi*x), 0) in hypot(sin(pi*x), 0)", "0 exactly", "positive in doubles"),
    ("sin(pi*x)^2.5", 1.0): ("what sin(pi*x) is in sin(pi*x)^2.5", "0 exactly", "1.224646799e-16 in doubles"),
    ("where(x > 1, abs(0.7*x - 2.1), 1)", 3.0): (
        "what 0.7*x - 2.1 is in abs(0.7*x - 2.1)", "0 exactly", "-4.440892099e-16 in doubles"),
}  # fmt: skip
#: The same in a branch that is not taken, where no place is near, and where nothing turns on it.
STRAIGHT = [
    ("where(x < 1, abs(0.7*x - 2.1), 1)", 3.0),
    ("abs(0.7*x - 2)", 3.0),
    ("x^(0.7*3 - 2.1)", 2.0),
    ("max(x, x)", 0.1),
    ("atan2(sin(pi*x), 2)", 1.0),
    ("sqrt(-x) + abs(x)", 1.0),  # no number in either
    ("floor(3*x)", 0.3),
    ("abs(exp(x)*exp(-x))", 800.0),  # inf*0 in doubles is on no side
    ("floor(exp(x)*exp(-x))", 800.0),
    ("where(exp(x)*exp(-x) > 2, x, 1)", 800.0),
]


@pytest.mark.parametrize("asked", ASTRAY, ids=str)
def test_what_is_astray_in_words(asked: tuple[str, float]) -> None:
    text, at = asked
    (told,) = astray(subject(tree(text), at), [at])
    assert told == ASTRAY[asked]


@pytest.mark.parametrize(("text", "at"), STRAIGHT)
def test_where_nothing_is_astray(text: str, at: float) -> None:
    assert astray(subject(tree(text), at), [at]) == []


def test_an_output_s_value_on_a_kink_is_known_exactly() -> None:
    assert exact_values(subject(tree("abs(x - 3)"), 3.0)) == [0]
    assert exact_values(subject(tree("1/(x - 3)"), 3.0)) == [None]
    assert exact_values(subject(tree("floor(x)/3"), 3.0)) == [1]
    (found,) = exact_values(subject(tree("abs(x)*pi - floor(x)"), 3.0))
    with mpmath.workdps(40):
        assert abs(mpmath.mpf(str(found)) - (3 * mpmath.pi - 3)) < 1e-15
        (found,) = exact_values(subject(tree("abs(x)*exp(-3000)"), -2.0))
        assert abs(mpmath.mpf(str(found)) / (2 * mpmath.exp(-3000)) - 1) < 1e-15


@pytest.mark.parametrize("op", [name for name, row in OPERATIONS.items() if isinstance(row, Elementwise)])
def test_nothing_is_astray_at_an_ordinary_point(op: str) -> None:
    """Doubles with few bits, drawn from the row's own ranges, and nowhere near its places."""
    row, draw = row_of(op), random.Random(op)
    names = ["u", "v", "w", "z"][: row.arity]
    root = Expression(Call(op, tuple([Name(name) for name in names])), names)
    for _ in range(3):
        at = [
            float(round(draw.uniform(r.low, r.high) * (1 if r.whole else 16)) / (1 if r.whole else 16))
            for r in row.sample
        ]
        if any(_near(s.where, s.period, at) for s in (*row.singular, *row.later)):
            continue
        assert astray(ExactFunction(root, tuple(at)), at) == []
        beside = [x if r.whole else x + 2.0**-30 for x, r in zip(at, row.sample, strict=True)]
        assert crossings(ExactFunction(root, tuple(at)), ExactFunction(root, tuple(beside)))[0] == []


def _near(where: str, period: float | None, at: list[float]) -> bool:
    found = FLOAT64.expression(parsed(where), ("a", "b", "c", "h")[: len(at)])(*at)
    rest = found if period is None else found - round(found)
    return not abs(rest) > 2.0**-20
