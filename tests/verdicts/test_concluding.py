"""From germs to what stands at a point: the laws of mirrors and multiples, slopes by hand, and numbers in digits."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from flint import ctx

from calcgrad.verdicts.concluding import Conclusion, conclude, expansion, same, slope, to_digits, to_float
from calcgrad.verdicts.exact.functions import field
from calcgrad.verdicts.exact.numbers import UndecidedError
from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.germs.germ import Deadline, Gap, Germ, LostError, NeedDepthError, Scope
from tests.verdicts.exact.test_numbers import ATOMS, _split, numbers, true

from .special_points import SPECIAL_POINTS, Row
from .test_special_points import find

HALF = Fraction(1, 2)


def scope(depth: int = 6) -> Scope:
    return Scope(field(), depth, Deadline())


def germ(*terms: tuple[Any, Any, Any], of: Scope, key: Any = None, wild: bool = False) -> Germ:
    """The sum of ``c t^e / L^n`` for each (c, e, n)."""
    made = {(Fraction(e), Fraction(n)): of.field.rational(Fraction(c)) for c, e, n in terms}
    return Germ(of, made, wild=wild) if key is None else Germ(of, made, key, wild)


def plain(value: Any) -> Any:
    return value.rational if isinstance(value, Coefficient) else value


#: Terms c t^e/L^n of a function right of 0, the order of a derivative, and its limit.
SLOPES = (
    ([(5, 0, 0), (3, 1, 0)], 1, 3), ([(5, 0, 0)], 1, 0), ([(1, 2, 0)], 1, 0), ([(1, 2, 0)], 2, 2), ([(7, 3, 0)], 3, 42),
    ([(7, 4, 0)], 3, 0), ([(1, HALF, 0)], 1, math.inf), ([(-1, HALF, 0)], 1, -math.inf), ([(1, HALF, 0)], 2, -math.inf),
    ([(1, HALF, 0)], 3, math.inf), ([(1, Fraction(3, 2), 0)], 1, 0), ([(1, Fraction(3, 2), 0)], 2, math.inf),
    ([(1, Fraction(3, 2), 0)], 3, -math.inf), ([(1, -1, 0)], 1, -math.inf), ([(1, -1, 0)], 2, math.inf),
    ([(-1, -2, 0)], 1, math.inf), ([(1, Fraction(-1, 2), 0)], 1, -math.inf), ([(1, 1, -1)], 1, math.inf),
    ([(-2, 1, -1)], 1, -math.inf), ([(1, 1, -1)], 2, -math.inf), ([(1, 1, -1)], 3, math.inf), ([(1, 2, -1)], 1, 0),
    ([(1, 2, -1)], 2, math.inf), ([(1, 2, -1)], 3, -math.inf), ([(1, 1, 1)], 1, 0), ([(1, 1, 1)], 2, math.inf),
    ([(1, 0, 1)], 1, math.inf), ([(1, 0, -1)], 1, -math.inf), ([(1, 0, -1)], 2, math.inf), ([(1, 0, 2)], 1, math.inf),
    ([(1, 2, 1)], 3, math.inf), ([(2, 1, 0), (1, 1, 1)], 1, 2), ([(2, 1, 0), (-1, Fraction(5, 2), 0)], 2, 0),
    ([(2, 1, 0), (-1, Fraction(5, 2), 0)], 3, -math.inf),
)  # fmt: skip


@pytest.mark.parametrize(("terms", "order", "limit"), SLOPES, ids=str)
def test_slopes(terms: Any, order: int, limit: float) -> None:
    """By hand, and by mpmath: the derivative at t = 1e-60 is near its limit, or far out on the side of an infinite one."""
    with ctx.workprec(200):
        g = germ(*terms, of=scope())
        assert plain(slope(g, order, left=False)) == limit
        assert plain(slope(g, order, left=True)) == (-limit if order % 2 else limit)
    with mpmath.workdps(400):

        def f(t: Any) -> Any:
            return sum(c * t ** mpmath.mpf(float(e)) * (-mpmath.log(t)) ** -float(n) for c, e, n in terms)

        found = mpmath.diff(f, mpmath.mpf(10) ** -60, order, h=mpmath.mpf(10) ** -140)
        if math.isinf(limit):
            assert abs(found) > 50
            assert (found > 0) is (limit > 0)
        else:
            assert abs(found - limit) < 0.1


def test_what_is_not_known_is_not_concluded() -> None:
    of = scope()
    short = germ((1, 0, 0), of=of, key=(Fraction(1), Fraction(0)))
    assert plain(short.limit()) == 1
    with pytest.raises(NeedDepthError):
        slope(short, 1, left=False)
    long = germ((1, 0, 0), of=of, key=(Fraction(3, 2), Fraction(0)))
    assert plain(slope(long, 1, left=False)) == 0
    wild = germ((1, 0, 0), of=of, key=(Fraction(1), Fraction(0)), wild=True)
    with pytest.raises(LostError, match="oscillating"):
        slope(wild, 1, left=False)
    tamer = germ((1, 0, 0), (4, 1, 0), of=of, key=(Fraction(3), Fraction(0)), wild=True)
    assert plain(slope(tamer, 1, left=False)) == 4
    with pytest.raises(LostError, match="oscillates"):
        slope(tamer, 2, left=False)
    down = Germ(of, {(Fraction(0), Fraction(0)): of.field.one}, scale=germ((-1, -1, 0), of=of))
    up = Germ(of, {(Fraction(0), Fraction(0)): of.field.one}, scale=germ((1, -1, 0), of=of))
    assert plain(slope(down, 1, left=False)) == 0
    assert plain(down.limit()) == 0
    assert up.limit() == math.inf
    assert (-up).limit() == -math.inf
    with pytest.raises(LostError, match="without bound"):
        slope(up, 1, left=False)


def test_kinds() -> None:
    of = scope()
    one, zero, line = (germ(*terms, of=of) for terms in ([(1, 0, 0)], [], [(2, 1, 0)]))
    root, gap = germ((1, HALF, 0), of=of), Gap("log")
    two = germ((1, 0, 0), (3, 2, 0), of=of)

    def kind(here: Germ | Gap, left: Germ | Gap, right: Germ | Gap, order: int = 1) -> Conclusion:
        return conclude(here, left, right, order)

    assert kind(gap, gap, gap).kind == "undefined"
    assert kind(one, gap, gap).kind == "isolated"
    assert kind(zero, zero, one).kind == "jump"
    assert kind(one, zero, zero).kind == "jump"
    assert kind(gap, zero, one).kind == "undefined"
    assert kind(one, one, one).kind == "smooth"
    assert kind(zero, line, line).kind == "kink"
    assert kind(zero, germ((-2, 1, 0), of=of), line).kind == "smooth"
    assert kind(zero, root, root).kind == "infinite"
    assert kind(zero, root, line).kind == "kink"
    assert kind(zero, gap, line).kind == kind(zero, line, gap).kind == "boundary"
    assert kind(zero, gap, root).kind == "boundary"
    assert kind(one, one, two).kind == "smooth"
    second = kind(one, one, two, order=2)
    assert (second.kind, second.order, plain(second.left), plain(second.right)) == ("kink", 2, 0, 6)
    assert kind(one, one, two, order=3).kind == "jump"
    first = kind(zero, line, line, order=2)
    assert (first.kind, first.order, plain(first.left), plain(first.right)) == ("jump", 1, -2, 2)
    assert kind(gap, one, one).extended
    assert not kind(one, one, one).extended
    assert plain(kind(gap, one, one).limit) == 1
    pole = germ((1, -1, 0), of=of)
    assert kind(gap, -pole, pole).kind == "undefined"
    assert (kind(one, -pole, pole).kind, kind(one, -pole, pole).left) == ("jump", -math.inf)
    assert same(math.inf, math.inf)
    assert not same(math.inf, -math.inf)
    assert not same(math.inf, of.field.one)
    assert not same(of.field.zero, of.field.one)


def _mirrored(row: Row) -> Row:
    """The function of -x, at the point with the other sign: what was on the left is on the right, with the sign of the order."""
    turn = 1 if row.verdict == "jump" and row.order == 1 else (-1) ** (row.order - (row.verdict == "jump"))
    left, right, value = (None if v is None else turn * v for v in (row.right, row.left, row.value))
    return row._replace(left=left, right=right, value=value)


@pytest.mark.parametrize(
    "row", [r for r in SPECIAL_POINTS if r.at in ("0", "1", "2", "-1")][::2], ids=lambda r: f"{r.expr} {r.at}"
)
def test_a_function_in_a_mirror(row: Row) -> None:
    turned = re.sub(r"(?<![a-z])x(?![a-z])", "*(-x)", row.expr)
    turned = re.sub(r"(?<!\d)\*\(-x\)", "(-x)", turned)
    found = find(turned, f"-({row.at})", row.order)[0][0]
    assert found is not None
    assert found.verdict == row.verdict
    other = _mirrored(row)
    for mine, expected in ((found.left, other.left), (found.right, other.right), (found.limit, row.limit)):
        assert (
            mine == pytest.approx(expected, rel=1e-13)
            if expected is not None and row.verdict != "undefined"
            else True
        )
    if row.value is not None:
        assert float(found.value or "nan") == pytest.approx(other.value, rel=1e-13, abs=1e-300)


@pytest.mark.parametrize("text", _split(ATOMS)[::3])
def test_digits_and_doubles(text: str) -> None:
    with ctx.workprec(400), mpmath.workdps(120):
        (number,) = numbers(text)
        expected = true(text)
        assert to_float(number) == pytest.approx(float(expected), rel=4e-16)
        for digits in (5, 40, 70):
            shown = mpmath.mpf(to_digits(number, digits))
            assert abs(shown - expected) <= abs(expected) * mpmath.mpf(10) ** (1 - digits)
            assert len(to_digits(number, digits).partition("e")[0].strip("-0.").replace(".", "")) <= digits
    with ctx.workprec(30):
        (coarse,) = numbers(text)
        if coarse.rational is None:
            with pytest.raises(UndecidedError):
                to_digits(coarse)
            with pytest.raises(UndecidedError):
                to_float(coarse)


def test_numbers_beyond_the_doubles_and_in_words() -> None:
    of = scope()
    with ctx.workprec(200):
        assert to_float(None) is None
        assert to_float(-math.inf) == -math.inf
        assert to_float(of.field.rational(10**400)) == math.inf
        assert to_float(of.field.rational(-(10**400))) == -math.inf
        assert to_float(of.field.rational(Fraction(1, 3))) == 1 / 3
        assert to_digits(of.field.rational(Fraction(1, 3)), 5) == "0.33333"
        assert expansion(germ((2, 0, 0), (1, 1, -1), of=of)) == "2*t^0 + 1*t^1/L^-1"
        assert expansion(germ(of=of)) == "0"
        assert expansion(Gap("log")) == "no value (log)"
        assert expansion("why") == "lost (why)"
