"""Functions of germs: power series, powers, logarithms and exponentials, each with the order of what it leaves out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.germs.germ import FLAT, LOGARITHMIC, UNIT, Germ, Key, LostError, shifted


def unit(g: Germ) -> tuple[Key, Coefficient, Germ]:
    """A germ as ``c * (its first power) * (1 + u)``: the key, c, and u, which goes to zero."""
    key = g.lead()
    c = g.terms[key]
    inverse = c.inverse()
    away = (-key[0], -key[1])
    rest = {k: v * inverse for k, v in g.terms.items() if k != key}
    u = Germ(g.scope, {shifted(k, away): v for k, v in rest.items()}, shifted(g.key, away), g.wild)
    return key, c, u


def series(coefficients: Sequence[Coefficient], h: Germ, whole: bool = False) -> Germ:
    """The sum of coefficients times powers of a germ that goes to zero; a ``whole`` series ends with its last."""
    scope = h.scope
    if h.zero:
        return scope.germ(coefficients[0])
    if h.scale is not None:
        return _flat_series(coefficients, h)
    total = scope.germ(coefficients[-1])
    for c in reversed(coefficients[:-1]):
        total = total * h + scope.germ(c)
    if whole:
        return total
    bound = h.bound()
    end = FLAT if bound[0] == math.inf else (bound[0] * len(coefficients), bound[1] * len(coefficients))
    return Germ(scope, total.terms, min(total.key, end), h.wild, total.scale)


def _flat_series(coefficients: Sequence[Coefficient], h: Germ) -> Germ:
    """The same for a germ below every power: its first term alone, the others leave a flat remainder."""
    if coefficients[0].terms:
        return Germ(h.scope, {UNIT: coefficients[0]}, FLAT, h.wild)
    for k, c in enumerate(coefficients):
        if c.terms:
            lead = power(h, h.scope.field.rational(k)).times(c)
            return Germ(lead.scope, lead.terms, min(lead.key, FLAT), lead.wild, lead.scale)
    raise LostError("its first terms are all zero")


def count(h: Germ) -> int:
    """How many coefficients a series in this germ needs."""
    e = h.bound()[0] if not h.zero else 0
    if h.zero or e == math.inf:
        return 2
    if h.scale is not None:
        return 8
    return min(60, math.ceil(h.scope.depth / e) + 1) if e > 0 else LOGARITHMIC


def power(g: Germ, p: Coefficient) -> Germ:
    """A real power of a germ that is not zero; of a negative one only where p is whole."""
    field = g.scope.field
    q = p.rational
    if q is not None and q.denominator == 1 and 0 < q <= 8:
        product = g
        for _ in range(int(q) - 1):
            product = product * g
        return product
    key, c, u = unit(g)
    exponent = Fraction(0) if key == UNIT else p.fraction()
    whole = q is not None and q.denominator == 1 and 0 <= q < 60
    raised = c.power(q) if q is not None else field.apply("exp", p * field.apply("log", c))
    length = int(q) + 1 if q is not None and whole else count(u)
    coefficients = [field.one]
    for k in range(1, length):
        coefficients.append(coefficients[-1] * (p - field.rational(k - 1)).scaled(Fraction(1, k)))
    scale = g.scale.times(p) if g.scale is not None else None
    body = series(coefficients, u, whole).times(raised).shifted((key[0] * exponent, key[1] * exponent))
    return Germ(g.scope, body.terms, body.key, body.wild, scale)


def reciprocal(g: Germ) -> Germ:
    """1/g for a germ that is not zero."""
    return power(g, -g.scope.field.one)


def log(g: Germ) -> Germ:
    """The logarithm of a positive germ."""
    scope, field = g.scope, g.scope.field
    key, c, u = unit(g)
    if key[1]:
        raise LostError("a logarithm of a logarithm goes to infinity")
    total = scope.germ(field.apply("log", c)) + (g.scale or Germ(scope, {}))
    if key[0]:
        total = total + Germ(scope, {(Fraction(0), Fraction(-1)): field.rational(-key[0])})
    length = count(u)
    terms = [field.zero, *[field.rational(Fraction((-1) ** (k + 1), k)) for k in range(1, length)]]
    found: Germ = total + series(terms, u)
    return found


def exp(g: Germ) -> Germ:
    """The exponential: a power of t for a multiple of log t, a scale for what grows faster."""
    scope, field = g.scope, g.scope.field
    if g.scale is not None:
        if g.scale.sign() > 0:
            raise LostError("an exponential of an exponential goes to infinity")
        return Germ(scope, {UNIT: field.one}, FLAT, g.wild)
    large, c, small = g.parts()
    coefficients = [field.one]
    for k in range(1, count(small)):
        coefficients.append(coefficients[-1].scaled(Fraction(1, k)))
    body = series(coefficients, small).times(field.apply("exp", c))
    logarithm = large.terms.get((Fraction(0), Fraction(-1)))
    if logarithm is not None:
        body = body.shifted((-logarithm.fraction(), Fraction(0)))
    faster = {k: v for k, v in large.terms.items() if k != (Fraction(0), Fraction(-1))}
    return Germ(scope, body.terms, body.key, body.wild, Germ(scope, faster))
