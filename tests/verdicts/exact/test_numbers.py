"""Exact constants beside mpmath: what is equal is so by form, what is not has its sign, and every ball holds its number."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from flint import ctx

from calcgrad.verdicts.exact.functions import field
from calcgrad.verdicts.exact.numbers import Exact, UndecidedError
from calcgrad.verdicts.germs.germ import Deadline, Scope
from calcgrad.verdicts.sides import constants
from tests.verdicts.witness import tree, value

BITS = 400
TINY = mpmath.mpf(10) ** -90


def numbers(*texts: str) -> list[Exact]:
    """Constant expressions as numbers of one field."""
    germs = constants([tree(text) for text in texts], Scope(field(), 1, Deadline()))
    assert all(germ.constant for germ in germs)
    return [germ.value for germ in germs]  # type: ignore[misc]


def true(text: str) -> Any:
    return value(tree(text), {})


def held(number: Exact, expected: Any) -> bool:
    """Whether a number's ball holds what mpmath has, and is as narrow as its bits let it be."""
    ball = number.ball
    middle = mpmath.mpf(ball.mid().str(110, radius=False))
    wide = mpmath.mpf(ball.rad().str(5, radius=False)) if not ball.is_exact() else mpmath.mpf(0)
    size = abs(expected) + 1
    return bool(abs(middle - expected) <= wide + size * TINY and wide <= size * TINY)


#: Equal numbers: their difference is zero by form.
EQUAL = """
sin(pi/6) = 1/2 ; sin(pi/4) = sqrt(2)/2 ; sin(pi/3) = sqrt(3)/2 ; sin(pi/2) = 1 ; sin(pi) = 0 ; sin(5*pi/6) = 1/2
sin(7*pi/6) = -1/2 ; sin(-pi/4) = -sqrt(2)/2 ; sin(100*pi) = 0 ; sin(201*pi/2) = 1 ; sin(-pi/2) = -1 ; sin(11*pi/3) = -sqrt(3)/2
cos(0) = 1 ; cos(pi/3) = 1/2 ; cos(pi/2) = 0 ; cos(pi) = -1 ; cos(2*pi/3) = -1/2 ; cos(-pi/6) = sqrt(3)/2
cos(3*pi/4) = -sqrt(2)/2 ; cos(7*pi/3) = 1/2 ; cos(3*pi/2) = 0 ; sin(1 + pi) = -sin(1) ; sin(1 + 2*pi) = sin(1)
sin(-1) = -sin(1) ; cos(-1) = cos(1) ; cos(1 + pi) = -cos(1) ; cos(1 - 3*pi) = -cos(1) ; sin(1)^2 + cos(1)^2 = 1
sin(pi/7)^2 + cos(pi/7)^2 = 1 ; sin(pi/5) = sin(4*pi/5) ; cos(pi/5) = -cos(4*pi/5) ; sin(pi/5) = -sin(6*pi/5)
sin(3*pi/10) = cos(pi/5) ; sin(2 - pi/2) = sin(2 - pi/2 + 2*pi) ; sin(3 - 7*pi/2) = sin(3 + pi/2)
cos(2)^3 = cos(2) - cos(2)*sin(2)^2 ; cos(3)^4 = (1 - sin(3)^2)^2 ; cos(1)^-1*cos(1) = 1 ; tan(pi/4) = 1 ; tan(pi/3) = sqrt(3)
tan(-pi/6) = -1/sqrt(3) ; tan(1)*cos(1) = sin(1) ; asin(1/2) = pi/6 ; asin(-1/2) = -pi/6 ; asin(sqrt(2)/2) = pi/4
asin(1) = pi/2 ; asin(0) = 0 ; asin(-sqrt(3)/2) = -pi/3 ; acos(0) = pi/2 ; acos(1/2) = pi/3 ; acos(-1) = pi
acos(1/3) + acos(-1/3) = pi ; asin(-1/3) = -asin(1/3) ; atan(1) = pi/4 ; atan(-sqrt(3)) = -pi/3 ; atan(1/sqrt(3)) = pi/6
atan(0) = 0 ; atan(-2) = -atan(2) ; exp(0) = 1 ; exp(1) = e ; exp(log(3)) = 3 ; exp(2*log(3)) = 9 ; exp(log(2)/2) = sqrt(2)
exp(1)*exp(2) = exp(3) ; exp(2)^3 = exp(6) ; exp(-1) = 1/e ; exp(log(pi)) = pi ; exp(1 + log(5)) = 5*e
exp(sqrt(2))*exp(-sqrt(2)) = 1 ; exp(pi)*exp(1) = exp(pi + 1) ; exp(log(sqrt(2) + 1)) = sqrt(2) + 1 ; log(1) = 0
log(8) = 3*log(2) ; log(12) = 2*log(2) + log(3) ; log(2/3) = log(2) - log(3) ; log(e) = 1 ; log(e^3) = 3 ; log(sqrt(e)) = 1/2
log(1/e) = -1 ; log(sqrt(3)) = log(3)/2 ; log(5*pi) = log(5) + log(pi) ; log(1001) = log(7) + log(11) + log(13)
log(pi^2) = 2*log(pi) ; log(1009*1013) = log(1013*1009) ; log(1022117) = 2*log(1011) - log(1011) + log(1022117) - log(1011)
log(1018081) = 2*log(1009) ; log(3*e^pi) = log(3) + pi ; log2(8) = 3 ; log10(1000) = 3 ; log(9, 3) = 2 ; sqrt(2)*sqrt(2) = 2
sqrt(8) = 2*sqrt(2) ; sqrt(2)*sqrt(3) = sqrt(6) ; cbrt(2)^3 = 2 ; sqrt(12)/sqrt(3) = 2 ; sqrt(1/2) = sqrt(2)/2
2^(1/3)*4^(1/3) = 2 ; 2^(5/2) = 4*sqrt(2) ; 2^-0.5 = sqrt(2)/2 ; (1 + sqrt(2))^2 = 3 + 2*sqrt(2) ; cbrt(-8) = -2
(1 + sqrt(2))*(1 - sqrt(2)) = -1 ; (sqrt(2) + sqrt(3))^2 = 5 + 2*sqrt(6) ; (1 + pi)^3 = 1 + 3*pi + 3*pi^2 + pi^3
(1 + pi)/(1 + pi) = 1 ; (1 + pi)*(2 + 2*pi)^-1 = 1/2 ; (pi - e)^4 = (e - pi)^4 ; (1 + pi)^-2*(1 + pi) = (1 + pi)^-1
sqrt(1 + pi)^2 = 1 + pi ; sqrt(2 + 2*pi) = sqrt(2)*sqrt(1 + pi) ; (pi/3)^2 = pi^2/9 ; (-1)^1001 = -1 ; (-1)^1000 = 1 ; 1^1e9 = 1
(-pi)^3 = -pi^3 ; (-2)^-3 = -1/8 ; (1 + pi + e)^2 = 1 + pi^2 + e^2 + 2*pi + 2*e + 2*pi*e
(1 + pi + e + sqrt(2))^2 - (pi + e)^2 = 3 + 2*sqrt(2) + 2*(pi + e)*(1 + sqrt(2)) ; (pi + e)^-1*(3*pi + 3*e) = 3
(1 - pi)^-1*(pi - 1) = -1 ; gamma(1/2) = sqrt(pi) ; gamma(5/2) = 3*sqrt(pi)/4 ; gamma(-1/2) = -2*sqrt(pi)
gamma(-5/2) = -8*sqrt(pi)/15 ; gamma(5) = 24 ; factorial(4) = 24 ; factorial(1/2) = sqrt(pi)/2 ; gamma(1)/2 = 1/2
binomial(5, 2) = 10 ; binomial(10, 0) = 1 ; lambertw(e) = 1 ; lambertw(0) = 0 ; sinc(0) = 1 ; sinc(pi/2) = 2/pi ; sinc(pi) = 0
sinc(2)*2 = sin(2) ; cosh(1)^2 - sinh(1)^2 = 1 ; cosh(1) + sinh(1) = e ; sinh(log(2)) = 3/4 ; cosh(log(2)) = 5/4 ; sinh(0) = 0
cosh(-2) = cosh(2) ; sinh(-2) = -sinh(2) ; expm1(log(5)) = 4 ; log1p(7) = 3*log(2) ; sind(30) = 1/2 ; cosd(60) = 1/2
tand(45) = 1 ; sind(45) = sqrt(2)/2 ; cosd(90) = 0 ; erf(0) = 0 ; 0.1 + 0.2 = 0.3 ; 1/3 + 1/6 = 1/2 ; pi - pi = 0 ; tau = 2*pi
sqrt(0) = 0 ; 0^3 = 0 ; abs(-pi) = pi ; floor(pi) = 3 ; floor(-pi) = -4 ; ceil(e) = 3 ; floor(7/2) = 3 ; floor(-7/2) = -4
round(5/2) = 2 ; round(7/2) = 4 ; round(-5/2) = -2 ; floor(sqrt(2)^2) = 2 ; floor(1000*pi) = 3141 ; floor(log(1000)/log(10)) = 3
floor(-sqrt(9)) = -3 ; round(pi) = 3 ; trunc(-pi) = -3 ; sign(e - pi) = -1 ; max(e, pi) = pi
"""
#: Numbers without a simpler form: what is asked of them is their ball.
ATOMS = """
sin(1) ; cos(1) ; sin(1/3 + pi) ; cos(2 - pi) ; tan(2) ; sin(pi/7) ; cos(pi/7) ; sin(9*pi/7) ; cos(12*pi/5) ; sin(pi/8)
cos(3*pi/8) ; cos(pi^2) ; sin(sqrt(2)) ; sin(1 + pi/3) ; cos(1 + pi/3) ; sin(5*pi/3 - 1) ; cos(5*pi/3 - 1) ; sin(-4 - pi/5)
cos(-4 - pi/5) ; sin(e*pi) ; exp(1/3) ; exp(pi) ; exp(-pi/2) ; exp(1 + log(2)/3) ; exp(sqrt(2)*log(3)) ; log(pi) ; log(10)
log(2.5) ; log(1 + sqrt(5)) ; log(pi*sqrt(3)/e) ; log(7/1009) ; sinh(1/2) ; cosh(1/3) ; tanh(1/2) ; asin(1/3) ; asin(-2/3)
acos(1/5) ; atan(1/2) ; atan(-5) ; atan(sqrt(2)) ; asinh(1/2) ; acosh(3) ; atanh(1/3) ; gamma(1/3) ; gamma(7/3) ; gamma(-1/3)
gamma(101/2) ; gamma(-99/2) ; gamma(103/2) ; factorial(1/4) ; lgamma(1/3) ; digamma(1/3) ; zeta(3) ; zeta(1/2)
binomial(1/2, 3) ; binomial(7, 1/2) ; beta(1/3, 1/2) ; lambertw(1) ; lambertw(1/2) ; sinc(2) ; erf(1/2) ; erfc(2)
besselj(0, 1) ; besseli(1, 2) ; Ei(1) ; Ci(2) ; sqrt(2) + sqrt(3) ; sqrt(2)*sqrt(3)*sqrt(5) ; cbrt(2) + cbrt(4) ; 2^pi ; pi^e
pi^(1/3) ; (1 + pi)^(1/3) ; (1 + sqrt(2))^-3 ; (pi - 4)^-3 ; (1 + pi)^7 ; (1 + pi + e)^5 ; (sqrt(2) + sqrt(3) + pi + e)^4
(1 + sqrt(2) + sqrt(3) + pi + e)^3 ; 3^(1/5)*9^(1/5) ; 360^(1/3) ; (8/27)^(2/5) ; 1.5^10001 ; (2/3)^(10001/2) ; 1/(1 + exp(1))
1/(pi - e) ; pi/(pi + 1)^2 ; (1 + pi)^-2*(2 + pi) ; sqrt(pi)*sqrt(pi + 1) ; cos(1)^5 ; cos(1)^-1 ; cos(pi/7)^3
cos(1)^2.5 - cos(1)^2 ; expm1(1/3) ; log1p(1/3) ; sind(10) ; cosd(20) ; tand(30) ; log(2, 3) ; log2(3) ; log10(2) ; exp2(1/2)
root(5, 4) ; hypot(1, 2) ; atan2(1, -2) ; 1.000000000000007^999 ; 1.000000000000007^(999/2) ; 1.000000000000007^(-4001/3)
(3/2)^(10001/2)*(2/3)^5000
"""


def _split(text: str) -> list[str]:
    return [part.strip() for line in text.strip().splitlines() for part in line.split(" ; ") if part.strip()]


@pytest.mark.parametrize("text", _split(EQUAL))
def test_equal_numbers_are_equal_by_form(text: str) -> None:
    left, right = text.split(" = ")
    with ctx.workprec(BITS), mpmath.workdps(120):
        a, b = numbers(left, right)
        assert not (a - b).terms
        assert (a - b).sign() == 0
        for side, number in ((left, a), (right, b)):
            assert held(number, true(side))
        assert abs(true(left) - true(right)) <= (1 + abs(true(left))) * TINY


@pytest.mark.parametrize("text", _split(ATOMS))
def test_numbers_have_their_ball_and_sign(text: str) -> None:
    with ctx.workprec(BITS), mpmath.workdps(120):
        (number,), expected = numbers(text), true(text)
        assert held(number, expected)
        assert number.sign() == (1 if expected > 0 else -1)
        assert (-number).sign() == -number.sign()
        assert held(number.inverse(), 1 / expected)
        assert held(number * number, expected * expected)
        assert held(number.scaled(Fraction(-2, 3)), expected * -2 / 3)
        assert not (number - number).terms
        assert not (number * number.inverse() - number.field.one).ball > TINY
        if abs(expected) < 1e9:
            assert number.whole() == int(mpmath.floor(expected))
            assert (
                abs(mpmath.mpf(number.fraction().numerator) / number.fraction().denominator - expected) < TINY
            )


def _grown(rng: random.Random, known: list[tuple[Exact, Any]]) -> tuple[Exact, Any]:
    """A number made of others, and the same in mpmath."""
    (a, x), (b, y) = rng.choice(known), rng.choice(known)
    kind = rng.choice(["+", "-", "*", "/", "^", "root", "log", "exp", "sin", "cos", "atan"])
    if kind == "+":
        return a + b, x + y
    if kind == "-":
        return a - b, x - y
    if kind == "*":
        return a * b, x * y
    if kind == "/" and b.terms and abs(y) > 1e-3:
        return a * b.inverse(), x / y
    if kind == "^" and a.terms and abs(x) > 1e-2:
        p = rng.choice([-3, -2, 2, 3, 4, 5])
        return a.power(Fraction(p)), x**p
    if kind == "root" and a.terms and x > 1e-2:
        p = rng.choice([Fraction(1, 2), Fraction(1, 3), Fraction(-3, 2), Fraction(5, 2)])
        return a.power(p), x ** (mpmath.mpf(p.numerator) / p.denominator)
    if kind == "log" and a.terms and x > 1e-2:
        return a.field.apply("log", a), mpmath.log(x)
    if kind in ("exp", "sin", "cos", "atan") and abs(x) < 20:
        return a.field.apply(kind, a), getattr(mpmath, kind)(x)
    return a.scaled(Fraction(2, 3)), x * 2 / 3


@pytest.mark.parametrize("seed", range(12))
def test_numbers_grown_at_random(seed: int) -> None:
    """Sums, products, powers and functions of each other keep the ball of what mpmath has; and a zero by form is one."""
    rng = random.Random(seed)
    with ctx.workprec(600), mpmath.workdps(160):
        one = field()
        known = [
            (one.one, mpmath.mpf(1)),
            (one.rational(Fraction(-3, 2)), mpmath.mpf(-3) / 2),
            (one.pi, mpmath.pi()),
            (one.rational(2).power(Fraction(1, 2)), mpmath.sqrt(2)),
            (one.rational(6).power(Fraction(1, 3)), mpmath.cbrt(6)),
            (one.apply("exp", one.one), mpmath.e()),
        ]
        for _ in range(60):
            try:
                number, expected = _grown(rng, known)
            except UndecidedError:
                continue
            if not abs(expected) < 1e4 or (abs(expected) < 1e-4 and number.terms):
                continue
            assert held(number, expected)
            assert bool(number.terms) is (abs(expected) > TINY)
            known.append((number, expected))
            del known[6:-12]
