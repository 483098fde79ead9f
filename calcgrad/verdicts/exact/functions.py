"""Functions of exact constants: exact where the value has a form (``sin(pi/6)``, ``log(8)``), an atom otherwise."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from calcgrad.systems.base import system
from calcgrad.verdicts.exact.factoring import factors
from calcgrad.verdicts.exact.numbers import Exact, Field

_HALF = Fraction(1, 2)
#: sin(pi t) is half the root of a whole number at these t in [0, 1/2]: √0/2, √1/2, √2/2, √3/2, √4/2.
_SINES = {Fraction(0): 0, Fraction(1, 6): 1, Fraction(1, 4): 2, Fraction(1, 3): 3, _HALF: 4}
#: The same read backwards: the t of a sine by four times its square, and of a tangent by its square (tan(pi/6) = 1/√3).
_TURNS_OF_SINE = {Fraction(n): t for t, n in _SINES.items()}
_TURNS_OF_TANGENT = {Fraction(n, 4 - n): t for t, n in _SINES.items() if n in (0, 1, 2, 3)}
#: gamma(n + 1/2) is a fraction with some n bits for each step; beyond this it is kept as an atom.
_FURTHEST_HALF = 50
#: Binomial coefficients of larger numbers are kept as atoms: their digits would cost more than they tell.
_LARGEST_CHOICE = 1000


def field() -> Field:
    """A new field of exact numbers with all the functions here.

    >>> numbers = field()
    >>> numbers.apply("sin", numbers.pi.scaled(Fraction(1, 6))).rational
    Fraction(1, 2)
    """
    return Field(apply)


def apply(op: str, *args: Exact) -> Exact:
    """An operation at a point where it is analytic."""
    own = _OWN.get(op)
    return own(*args) if own else _atom(op, *args)


def _atom(op: str, *args: Exact) -> Exact:
    ball = system("arb").function(op)(*[a.ball for a in args])
    return args[0].field.of_ball((op, *[a.terms for a in args]), ball)


def exp(x: Exact) -> Exact:
    """e to the power x, a product over the terms of x."""
    field, product = x.field, x.field.one
    for monomial, q in x.terms:
        logarithm = _logarithm_atom(x, monomial)
        if logarithm is not None:
            product = product * logarithm.power(q)
            continue
        base = Exact(field, ((monomial, Fraction(1)),))
        key = ("exp", base.terms)
        a = field.index(key, base.ball.exp)
        product = product * Exact(field, ((((a, q),), Fraction(1)),))
    return product


def _logarithm_atom(x: Exact, monomial: Any) -> Exact | None:
    """The number whose logarithm a monomial is."""
    if len(monomial) == 1 and monomial[0][1] == 1:
        key = x.field.keys[monomial[0][0]]
        if key[0] == "log":
            return Exact(x.field, key[1])
    return None


def log(x: Exact) -> Exact:
    """The natural logarithm of a positive number, a sum over its factors."""
    field = x.field
    if len(x.terms) > 1 or not all(field.positive[a] for a, _ in x.terms[0][0]):
        return field.atom(("log", x.terms), x.ball.log)
    monomial, q = x.terms[0]
    total = field.zero
    for whole, sign in ((q.numerator, 1), (q.denominator, -1)):
        for prime, count in factors(whole):
            total = total + _log_atom(field.rational(prime)).scaled(Fraction(sign * count))
    for a, p in monomial:
        key = field.keys[a]
        if key[0] == "exp":
            inside = Exact(field, key[1])
        elif key[0] == "prime":
            inside = _log_atom(field.rational(key[1]))
        elif key[0] == "base":
            inside = _log_atom(Exact(field, key[1]))
        else:
            inside = _log_atom(Exact(field, ((((a, Fraction(1)),), Fraction(1)),)))
        total = total + inside.scaled(p)
    return total


def _log_atom(x: Exact) -> Exact:
    return x.field.atom(("log", x.terms), x.ball.log)


def sin(x: Exact) -> Exact:
    """The sine; a whole number of half turns is taken out, and multiples of pi/6 and pi/4 have their value."""
    return _turned(x, Fraction(0))


def cos(x: Exact) -> Exact:
    """The cosine."""
    return _turned(x, _HALF)


def _turned(x: Exact, quarter: Fraction) -> Exact:
    """sin(x + quarter*pi)."""
    field = x.field
    pi = field.pi.terms[0][0]
    turns = dict(x.terms).get(pi, Fraction(0))
    rest = x - field.pi.scaled(turns)
    if rest.terms:
        whole = turns.numerator // turns.denominator
        inner = x - field.pi.scaled(Fraction(whole))
        sign = -1 if whole % 2 else 1
        if inner.terms[0][1] < 0:
            inner, sign = -inner, sign if quarter else -sign
        return _circular("cos" if quarter else "sin", inner).scaled(Fraction(sign))
    turns = (turns + quarter) % 2
    sign = 1
    if turns >= 1:
        turns, sign = turns - 1, -1
    if turns > _HALF:
        turns = 1 - turns
    return _sine_of_turns(x, turns).scaled(Fraction(sign))


def _circular(name: str, x: Exact) -> Exact:
    sine = x.field.index(("sin", x.terms), x.ball.sin)
    if name == "sin":
        return Exact(x.field, ((((sine, Fraction(1)),), Fraction(1)),))
    return x.field.atom(("cos", x.terms, sine), x.ball.cos)


def _sine_of_turns(x: Exact, turns: Fraction) -> Exact:
    """sin(pi*turns), 0 <= turns <= 1/2."""
    from flint import arb, fmpq

    field = x.field
    if turns in _SINES:
        return field.rational(_SINES[turns]).power(_HALF).scaled(_HALF)
    small = min(turns, _HALF - turns)
    ratio = fmpq(small.numerator, small.denominator)
    sine = field.index(("sinpi", small), lambda: arb.sin_pi_fmpq(ratio))
    if small == turns:
        return Exact(field, ((((sine, Fraction(1)),), Fraction(1)),))
    return field.atom(("cospi", small, sine), lambda: arb.cos_pi_fmpq(ratio))


def sinh(x: Exact) -> Exact:
    """The hyperbolic sine, by exponentials, so that its identities hold by form."""
    return (exp(x) - exp(-x)).scaled(_HALF)


def cosh(x: Exact) -> Exact:
    """The hyperbolic cosine."""
    return (exp(x) + exp(-x)).scaled(_HALF)


def asin(x: Exact) -> Exact:
    """The inverse sine."""
    return _inverse("asin", x, _TURNS_OF_SINE, 4)


def atan(x: Exact) -> Exact:
    """The inverse tangent."""
    return _inverse("atan", x, _TURNS_OF_TANGENT, 1)


def _inverse(op: str, x: Exact, known: dict[Fraction, Fraction], times: int) -> Exact:
    """The odd inverse function of a number whose square, ``times`` as large, is known to give pi t."""
    square = (x * x).rational
    if square is not None and square * times in known:
        angle = x.field.pi.scaled(known[square * times])
        return angle if x.sign() >= 0 else -angle
    if len(x.terms) and x.terms[0][1] < 0:
        return -_atom(op, -x)
    return _atom(op, x)


def gamma(x: Exact) -> Exact:
    """The gamma function; at halves a multiple of the root of pi."""
    q = x.rational
    if q is None or q.denominator != 2 or abs(q) > _FURTHEST_HALF:
        return _atom("gamma", x)
    value = x.field.pi.power(_HALF)
    step = _HALF
    while step < q:
        value, step = value.scaled(step), step + 1
    while step > q:
        step -= 1
        value = value.scaled(1 / step)
    return value


def lambertw(x: Exact) -> Exact:
    """Lambert's W; W(e) is 1."""
    return x.field.one if x.terms == exp(x.field.one).terms else _atom("lambertw", x)


def sinc(x: Exact) -> Exact:
    """sin(x)/x, and 1 at 0."""
    return sin(x) * x.inverse() if x.terms else x.field.one


def binomial(n: Exact, k: Exact) -> Exact:
    """The binomial coefficient; a whole number for whole arguments."""
    top, below = n.rational, k.rational
    whole = [q for q in (top, below) if q is not None and q.denominator == 1 and 0 <= q <= _LARGEST_CHOICE]
    if len(whole) == 2:
        return n.field.rational(math.comb(int(whole[0]), int(whole[1])))
    return _atom("binomial", n, k)


def _degrees(function: Callable[[Exact], Exact]) -> Callable[[Exact], Exact]:
    return lambda x: function((x * x.field.pi).scaled(Fraction(1, 180)))


#: Of operations that germs have a rule for (``tan``, ``acos``, ``expm1`` …) nothing is asked here.
_OWN: dict[str, Callable[..., Exact]] = {
    "exp": exp,
    "log": log,
    "sin": sin,
    "cos": cos,
    "sinh": sinh,
    "cosh": cosh,
    "asin": asin,
    "atan": atan,
    "gamma": gamma,
    "lambertw": lambertw,
    "sinc": sinc,
    "binomial": binomial,
    "sind": _degrees(sin),
    "cosd": _degrees(cos),
}
