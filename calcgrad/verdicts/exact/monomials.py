"""Monomials of atoms: their products and powers, and the powers that make a rational number again (√2 * √2 = 2)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from calcgrad.verdicts.exact.factoring import factors

if TYPE_CHECKING:
    from calcgrad.verdicts.exact.numbers import Exact, Field

#: Atoms, by their places in the field, with their powers; and a sum of rational multiples of such products.
Monomial: TypeAlias = tuple[tuple[int, Fraction], ...]
Terms: TypeAlias = tuple[tuple[Monomial, Fraction], ...]

#: Rational powers with more bits than this are kept as atoms.
MOST_BITS = 20_000
#: Exponents beyond this are not taken: the exponent of the result would itself be too long a number.
LARGEST_POWER = 10**18


def enclosed(value: Exact) -> Any:
    from flint import arb, fmpq

    total = arb(0)
    for monomial, q in value.terms:
        product = arb(fmpq(q.numerator, q.denominator))
        for a, p in monomial:
            product *= _raised(value.field.balls[a], p)
        total += product
    return total


def _raised(ball: Any, p: Fraction) -> Any:
    """A power of a ball. Arb takes it to be nothing where the ball has 0 in it, as that of ``sin(x)/x`` at pi."""
    from flint import arb, fmpq

    if p.denominator != 1:
        return ball ** arb(fmpq(p.numerator, p.denominator))
    if p < 0 or not ball.contains(0):
        return ball ** int(p)
    product, square, rest = arb(1), ball, int(p)
    while rest:
        product = product * square if rest % 2 else product
        square, rest = square * square, rest // 2
    return product


def joined(field: Field, first: Monomial, second: Monomial) -> tuple[Monomial, Exact]:
    """The product of two monomials, and a factor that its powers made of themselves (√2 * √2 = 2)."""
    if not first or not second:
        return first or second, field.one
    powers = dict(first)
    for a, p in second:
        powers[a] = powers.get(a, Fraction(0)) + p
    return tidied(field, powers)


def tidied(field: Field, powers: dict[int, Fraction]) -> tuple[Monomial, Exact]:
    kept: list[tuple[int, Fraction]] = []
    factor = field.one
    for a, p in powers.items():
        key, rest = field.keys[a], p
        if key[0] == "prime" and abs(p) * int(key[1]).bit_length() <= MOST_BITS:
            rest = p - math.floor(p)
            factor = factor.scaled(Fraction(key[1]) ** math.floor(p))
        elif key[0] == "base" and p >= 1 and multiplied_out(len(key[1]), Fraction(math.floor(p))):
            rest = p - math.floor(p)
            factor = factor * field.number(key[1]).power(Fraction(math.floor(p)))
        elif key[0] in ("cos", "cospi") and p.denominator == 1 and not 0 <= p < 2:
            sine = field.number(((((key[2], Fraction(2)),), Fraction(1)),))
            rest = p % 2
            factor = factor * (field.one - sine).power(Fraction(p // 2))
        if rest:
            kept.append((a, rest))
    return tuple(sorted(kept)), factor


def multiplied_out(terms: int, p: Fraction) -> bool:
    """Whether a power of a sum of so many terms is written out; any other stays a power."""
    return p.denominator == 1 and 0 < p <= 4 and terms <= 4


def of_powers(field: Field, powers: Iterable[tuple[int, Fraction]]) -> Exact:
    monomial, factor = tidied(field, dict(powers))
    return factor * field.number(((monomial, Fraction(1)),))


def cancelled(total: Exact, single: Exact) -> Exact | None:
    """The product of a sum and one term that holds the reciprocal of that sum."""
    field = total.field
    monomial, q = single.terms[0]
    for a, p in monomial:
        if field.keys[a][0] == "base" and p <= -1 and len(field.keys[a][1]) == len(total.terms):
            lead = total.terms[0][1] / field.keys[a][1][0][1]
            if total.terms == field.number(field.keys[a][1]).scaled(lead).terms:
                powers = dict(monomial)
                powers[a] = p + 1
                return of_powers(field, powers.items()).scaled(q * lead)
    return None


def power_of_sum(value: Exact, p: Fraction) -> Exact:
    """A power of a number that is not a product: an atom, up to a rational factor."""
    field = value.field
    size = abs(value.terms[0][1])
    lead = size if p.denominator != 1 or value.terms[0][1] > 0 else -size
    base = value.scaled(1 / lead)
    a = field.index(("base", base.terms), lambda: base.ball)
    return field.number(((((a, p),), Fraction(1)),)) * rational_power(field, lead, p)


def rational_power(field: Field, q: Fraction, p: Fraction) -> Exact:
    """The power of a rational number: roots of primes taken apart."""
    from flint import arb, fmpq

    if abs(q) == 1 and p.denominator == 1:
        return field.rational(q if p.numerator % 2 else 1)
    bits = max(q.numerator.bit_length(), q.denominator.bit_length())
    if bits * abs(p) > MOST_BITS and (q != 1 or p.denominator == 1):
        ball = arb(fmpq(q.numerator, q.denominator))
        exponent = int(p) if p.denominator == 1 else arb(fmpq(p.numerator, p.denominator))
        return field.atom(("power", q, p), lambda: ball**exponent)
    if p.denominator == 1:
        return field.rational(q ** int(p))
    powers: dict[int, Fraction] = {}
    for whole, sign in ((q.numerator, 1), (q.denominator, -1)):
        for prime, count in factors(whole):
            a = field.index(("prime", prime), partial(arb, prime))
            powers[a] = powers.get(a, Fraction(0)) + sign * count * p
    return of_powers(field, powers.items())
