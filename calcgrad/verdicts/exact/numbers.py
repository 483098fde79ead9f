"""Exact constants: sums of rational multiples of products of powers, each with a ball around its value.

A value is ``sum of q * a1^p1 * a2^p2 …`` with rational ``q`` and ``p`` over *atoms*: pi, e, primes under roots, logarithms of
primes, and any other number that an operation gave (``sin(1)``), known by its operation and arguments. Equal forms are
equal numbers, so a difference that cancels by structure is exactly zero; a ball that misses zero proves the sign of the rest.
What neither decides raises :class:`UndecidedError`, and whoever asked may come again with more bits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from fractions import Fraction
from typing import Any, TypeAlias

from calcgrad.verdicts.exact import monomials
from calcgrad.verdicts.exact.monomials import MOST_BITS, Monomial, Terms
from calcgrad.verdicts.germs.coefficients import Coefficient, Numbers

#: What applies an operation of the table, by name, to exact numbers.
Functions: TypeAlias = Callable[..., "Exact"]

#: Longer sums become one atom: their structure would cost more than it tells.
MOST_TERMS = 24


class UndecidedError(Exception):
    """Whether a number is zero is not decided by its form, nor by its ball at this precision."""

    def __init__(self, value: Coefficient) -> None:
        super().__init__("a difference that may be zero")
        self.value = value


class Field(Numbers):
    """The atoms of one analysis, at one precision of flint's context (which the caller holds).

    ``functions`` applies an operation by name; it is handed in, since functions are written in terms of these numbers
    (:func:`calcgrad.verdicts.exact.functions.field`).
    """

    zero: Exact
    one: Exact

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._atoms: dict[Hashable, int] = {}
        self.keys: list[tuple[Any, ...]] = []
        self.balls: list[Any] = []
        self.positive: list[bool] = []
        self._zeros: set[Terms] = set()
        self.zero = Exact(self, ())
        self.one = self.rational(1)

    def rational(self, value: Fraction | int) -> Exact:
        """A rational number."""
        return Exact(self, (((), Fraction(value)),) if value else ())

    def number(self, terms: Terms) -> Exact:
        """The number of these terms."""
        return Exact(self, terms)

    def atom(self, key: tuple[Any, ...], ball: Callable[[], Any]) -> Exact:
        """The number of a key, made of an operation and its arguments' terms; ``ball`` encloses it."""
        return Exact(self, ((((self.index(key, ball), Fraction(1)),), Fraction(1)),))

    def index(self, key: tuple[Any, ...], ball: Callable[[], Any]) -> int:
        """The place of an atom, new or old."""
        place = self._atoms.get(key)
        if place is None:
            place = self._atoms[key] = len(self.keys)
            self.keys.append(key)
            self.balls.append(ball())
            self.positive.append(bool(self.balls[-1] > 0))
        return place

    def apply(self, op: str, *args: Exact) -> Exact:
        """An operation where it is analytic."""
        return self._functions(op, *args)

    @property
    def pi(self) -> Exact:
        """The number pi."""
        from flint import arb

        return self.atom(("pi",), arb.pi)

    def of_ball(self, key: tuple[Any, ...], ball: Any) -> Exact:
        """A number that an operation gave: rational where its ball is exact, an atom otherwise."""
        if ball.is_exact() and ball.is_finite():
            mantissa, exponent = ball.man_exp()
            if abs(int(exponent)) < MOST_BITS:
                return self.rational(Fraction(int(mantissa)) * Fraction(2) ** int(exponent))
        return self.atom(key, lambda: ball)

    def vanishes(self, value: Exact) -> None:
        """Take it as proved that a number is zero: from now on a sum of its form, or a multiple of it, is zero."""
        self._zeros.add(_normal(value.terms))

    def sum(self, terms: dict[Monomial, Fraction]) -> Exact:
        """The number of collected terms; a long sum becomes an atom of its own."""
        kept = tuple(sorted((m, q) for m, q in terms.items() if q))
        if self._zeros and kept and _normal(kept) in self._zeros:
            return self.zero
        if len(kept) <= MOST_TERMS:
            return Exact(self, kept)
        lead = kept[0][1]
        base = Exact(self, tuple([(m, q / lead) for m, q in kept]))
        return self.atom(("sum", base.terms), lambda: base.ball).scaled(lead)


def _normal(terms: Terms) -> Terms:
    """The terms of the multiple whose first coefficient is 1."""
    lead = terms[0][1]
    return tuple([(m, q / lead) for m, q in terms])


class Exact(Coefficient):
    """One number of a field; immutable. ``+``, ``-``, ``*`` keep its form."""

    __slots__ = ("_ball", "field", "terms")

    field: Field
    terms: Terms

    def __init__(self, field: Field, terms: Terms) -> None:
        self.field = field
        self.terms = terms
        self._ball: Any = None

    @property
    def ball(self) -> Any:
        """An enclosure at the field's precision."""
        if self._ball is None:
            self._ball = monomials.enclosed(self)
        return self._ball

    @property
    def rational(self) -> Fraction | None:
        """The number as a fraction, where its form is one."""
        if not self.terms:
            return Fraction(0)
        return self.terms[0][1] if len(self.terms) == 1 and not self.terms[0][0] else None

    def sign(self) -> int:
        """-1, 0 or 1. Raises ``UndecidedError`` where neither the form nor the ball tells."""
        if not self.terms:
            return 0
        if len(self.terms) == 1:
            monomial, q = self.terms[0]
            if all(self.field.positive[a] for a, _ in monomial):
                return 1 if q > 0 else -1
        if self.ball > 0:
            return 1
        if self.ball < 0:
            return -1
        raise UndecidedError(self)

    def fraction(self) -> Fraction:
        total = Fraction(0)
        for monomial, q in self.terms:
            product = q
            if monomial:
                part = Exact(self.field, ((monomial, Fraction(1)),)).ball.mid()
                mantissa, exponent = part.man_exp()
                if abs(int(exponent)) > MOST_BITS:  # its fraction would fill the memory
                    raise UndecidedError(self)
                product *= Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
            total += product
        return total

    def whole(self) -> Fraction:
        """The greatest whole number that is not above it, or that number where it is as near as a ball tells."""
        q = self.rational
        if q is not None:
            return Fraction(math.floor(q))
        if not self.ball.abs_upper() < 2.0**1000:
            raise UndecidedError(self)
        near = self.ball.mid().floor().unique_fmpz()
        if near is None:
            raise UndecidedError(self)
        for guess in (int(near), int(near) + 1):
            rest = self - self.field.rational(guess)
            if rest.sign() >= 0 and (rest - self.field.one).sign() < 0:
                return Fraction(guess)
        return Fraction(int(near) - 1)

    def scaled(self, by: Fraction) -> Exact:
        """A rational multiple."""
        return Exact(self.field, tuple([(m, q * by) for m, q in self.terms])) if by else self.field.zero

    def __add__(self, other: Exact) -> Exact:
        if not self.terms or not other.terms:
            return self if self.terms else other
        total = dict(self.terms)
        for monomial, q in other.terms:
            total[monomial] = total.get(monomial, Fraction(0)) + q
        return self.field.sum(total)

    def __neg__(self) -> Exact:
        return self.scaled(Fraction(-1))

    def __sub__(self, other: Exact) -> Exact:
        return self + -other

    def __mul__(self, other: Exact) -> Exact:
        for a, b in ((self, other), (other, self)):
            q = a.rational
            if q is not None:
                return b.scaled(q)
            if len(a.terms) > 1 and len(b.terms) == 1:
                cancelled = monomials.cancelled(a, b)
                if cancelled is not None:
                    return cancelled
        total: dict[Monomial, Fraction] = {}
        rest: list[Exact] = []
        for m1, q1 in self.terms:
            for m2, q2 in other.terms:
                monomial, factor = monomials.joined(self.field, m1, m2)
                if factor.rational is not None:
                    total[monomial] = total.get(monomial, Fraction(0)) + q1 * q2 * factor.rational
                else:
                    rest.append(factor * Exact(self.field, ((monomial, q1 * q2),)))
        product = self.field.sum(total)
        for more in rest:
            product = product + more
        return product

    def inverse(self) -> Exact:
        """The reciprocal of a number that is not zero."""
        return self.power(Fraction(-1))

    def power(self, p: Fraction) -> Exact:
        """A rational power; of a positive number unless ``p`` is whole. ``UndecidedError`` where no ball could hold it.

        A power too long to be written out is an atom, of which the ball is known.
        """
        if abs(p) > monomials.LARGEST_POWER:
            raise UndecidedError(self)
        if p.denominator == 1 and 0 <= p <= 1:
            return self if p else self.field.one
        if not self.terms:
            return self.field.zero
        if len(self.terms) > 1:
            if monomials.multiplied_out(len(self.terms), p):
                half = self.power(Fraction(p // 2))
                return half * half * self if p % 2 else half * half
            return monomials.power_of_sum(self, p)
        monomial, q = self.terms[0]
        if p.denominator != 1 and not all(self.field.positive[a] for a, _ in monomial):
            return monomials.power_of_sum(self, p)
        raised = monomials.of_powers(self.field, [(a, x * p) for a, x in monomial])
        return raised * monomials.rational_power(self.field, q, p)
