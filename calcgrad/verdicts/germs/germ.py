"""Germs: a function of t just right of 0 as a finite sum of terms, and the order of what is left out.

A term is ``c * t^e / L^n`` with ``L = -log t``, an exact constant ``c``, and a key ``(e, n)`` of rational numbers: the larger
the key, the smaller the function near 0. The remainder is of the order of its key. A remainder that comes from an oscillation
(sin(1/t)) is *wild*: it may not be differentiated. A germ may carry a *scale*, the exponential of a germ that grows without
bound (exp(-1/t^2)), which outweighs every power. So all the functions of calculus that have no essential oscillation are
ordered by size near the point, and limits and one-sided slopes are read off (G. H. Hardy, Orders of Infinity, 1910).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from time import perf_counter, thread_time
from typing import Any, TypeAlias

from calcgrad.purse import within
from calcgrad.verdicts.germs.coefficients import Coefficient, Numbers

Key: TypeAlias = tuple[Any, Any]
#: No remainder at all, and one that is smaller than every power.
EXACT: Key = (math.inf, 1)
FLAT: Key = (math.inf, 0)
UNIT: Key = (Fraction(0), Fraction(0))
LOGARITHMIC = 10
_MOST_TERMS = 160
_ONE = Fraction(1)
#: What is shorter than this is measured too coarsely to tell how it grows.
_SHORT = 1e-3


class NeedDepthError(Exception):
    """The terms that were kept do not decide; more of them may."""


class LostError(Exception):
    """The germ leaves what can be expanded; the text says why."""


class OutOfTimeError(LostError):
    """The time for an analysis is up: nothing is known, and nothing may be concluded from it."""


class Gap:
    """What has no value: the operation that has none, and its place on the tape. It spreads through arithmetic."""

    def __init__(self, op: str, args: Sequence[Any] = ()) -> None:
        self.op = op
        self.args = tuple(args)
        self.slot: int | None = None

    def _same(self, *_: Any) -> Gap:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __neg__ = _same


class Deadline:
    """When an analysis must end: so many seconds of the processor from now, or those of the look that it is a part of; several
    scopes share it.
    """

    __slots__ = ("_clock", "_end")

    def __init__(self, seconds: float = math.inf) -> None:
        self.wind(seconds)

    def wind(self, seconds: float) -> None:
        """Begin again."""
        seconds = within(seconds)
        self._end = thread_time() + seconds
        self._clock = perf_counter() + seconds  # cheaper to ask, and never later

    @property
    def left(self) -> float:
        """The seconds that are left, 0 when the time is up."""
        return max(self._end - thread_time(), 0.0)

    def affords(self, spent: Sequence[float]) -> bool:
        """Whether there is time to try again with some times the bits, by what the tries before took: flint's functions cannot be
        interrupted, and one that would not end in time had better not begin. What grew from one try to the next grows faster after
        it: Bessel functions of 4096 bits take eighty times as long as of 768, these six times as long as of 192.
        """
        last = spent[-1] if spent else 0.0
        growth = max(last / max(spent[-2], _SHORT), 1.0) if len(spent) > 1 else 1.0
        return last * growth**2 < self.left

    @property
    def is_up(self) -> bool:
        """Whether the time is up."""
        return perf_counter() > self._clock and thread_time() > self._end


class Scope:
    """One analysis: its field, how many powers of t are kept beyond the first, and when it must end."""

    def __init__(self, field: Numbers, depth: int, deadline: Deadline) -> None:
        self.field = field
        self.depth = depth
        self.deadline = deadline
        self._products: dict[tuple[int, int], tuple[Germ, Germ, Germ]] = {}

    def product(self, a: Germ, b: Germ) -> Germ:
        """The product of two germs, one and the same whenever it is asked for: what is left out of it is the same too."""
        pair = (id(a), id(b)) if id(a) <= id(b) else (id(b), id(a))
        if pair not in self._products:
            self._products[pair] = (a, b, a._times(b))  # kept with both, whose ids would be given away
        return self._products[pair][2]

    def check(self) -> None:
        """Raise ``OutOfTimeError`` when the time is up."""
        if self.deadline.is_up:
            raise OutOfTimeError("the time for it is up")

    def germ(self, value: Coefficient | Fraction | int) -> Germ:
        """A constant."""
        exact = value if isinstance(value, Coefficient) else self.field.rational(value)
        return Germ(self, {UNIT: exact} if exact.terms else {})

    def power(self, e: Fraction | int, c: Coefficient | None = None) -> Germ:
        """c t^e."""
        return Germ(self, {(Fraction(e), Fraction(0)): c or self.field.one})

    def order(self, key: Key, wild: bool = False) -> Germ:
        """Something of which only the order is known."""
        return Germ(self, {}, key, wild)


class Germ:
    """A germ; immutable. Raises as its module's text says where the terms do not decide.

    ``origin`` is the germ of which this is a rational multiple, and the factor: two multiples of one germ have what is left out in
    common, so that their sum is exactly a multiple of it too, and perhaps 0.
    """

    __slots__ = ("key", "origin", "scale", "scope", "terms", "wild")

    def __init__(
        self,
        scope: Scope,
        terms: dict[Key, Coefficient],
        key: Key = EXACT,
        wild: bool = False,
        scale: Germ | None = None,
    ) -> None:
        self.scope = scope
        self.key = key
        self.wild = wild
        self.scale = scale if scale is not None and scale.terms else None
        self.origin: tuple[Germ, Fraction] = (self, _ONE)
        kept = {k: terms[k] for k in sorted(terms) if terms[k].terms and k < key}
        self.terms: dict[Key, Coefficient] = self._cut(kept) if len(kept) > 1 else kept

    def _cut(self, kept: dict[Key, Coefficient]) -> dict[Key, Coefficient]:
        """Without the terms that are deeper than asked for, in powers, or in logarithms of one power."""
        keys = list(kept)
        end = keys[0][0] + self.scope.depth
        first: dict[Any, Fraction] = {}
        for i, (e, n) in enumerate(keys):
            too_deep = e > end or n > first.setdefault(e, n) + LOGARITHMIC or i >= _MOST_TERMS
            if too_deep:
                self.key = min(self.key, keys[i])
                return {k: kept[k] for k in keys[:i]}
        return kept

    @property
    def constant(self) -> bool:
        """Whether it is a constant, exactly known."""
        return self.key == EXACT and self.scale is None and (not self.terms or list(self.terms) == [UNIT])

    @property
    def value(self) -> Coefficient:
        """The coefficient of t^0."""
        return self.terms.get(UNIT, self.scope.field.zero)

    @property
    def zero(self) -> bool:
        """Whether it is zero identically, proved by form."""
        return not self.terms and self.key == EXACT

    @property
    def one(self) -> bool:
        """Whether it is 1 identically, proved by form."""
        return self.constant and self.value.rational == 1

    def lead(self) -> Key:
        """The key of the first term, whose coefficient is proved to be no zero."""
        for key, c in self.terms.items():
            c.sign()
            return key
        if self.wild:
            raise LostError("it keeps oscillating")
        if self.key == FLAT:
            raise LostError("it is smaller than every power, and what is left is not known")
        raise NeedDepthError

    def sign(self) -> int:
        """The sign for all small t > 0."""
        if self.zero:
            return 0
        return self.terms[self.lead()].sign()

    def known_to(self, key: Key) -> bool:
        """Whether all terms up to this key are known."""
        return self.key > key

    def limit(self) -> Coefficient | float:
        """The limit as t goes to 0: a number, or an infinity."""
        if self.scale is not None:
            if self.scale.sign() < 0:
                return self.scope.field.zero
            return self.sign() * math.inf
        if self.terms and next(iter(self.terms)) < UNIT:
            return self.sign() * math.inf
        if not self.key > UNIT:
            if self.wild:
                raise LostError("it keeps oscillating")
            raise NeedDepthError
        return self.value

    def parts(self) -> tuple[Germ, Coefficient, Germ]:
        """What grows without bound, the constant, and what goes to zero."""
        if not self.key > UNIT:
            self.limit()
            if self.wild:
                raise LostError("it keeps oscillating")
            raise NeedDepthError
        large = {k: c for k, c in self.terms.items() if k < UNIT}
        small = {k: c for k, c in self.terms.items() if k > UNIT}
        if large:
            self.lead()
        return Germ(self.scope, large), self.value, Germ(self.scope, small, self.key, self.wild)

    def bound(self) -> Key:
        """A key that the germ is not larger than."""
        return next(iter(self.terms), self.key)

    def __neg__(self) -> Germ:
        return self._multiple(-_ONE)

    def _multiple(self, q: Fraction) -> Germ:
        """This times a rational number."""
        whole, factor = self.origin
        if factor * q == 1:
            return whole
        if not q:
            return Germ(self.scope, {})
        if q == -1:
            terms = {k: -c for k, c in self.terms.items()}
        else:
            by = self.scope.field.rational(q)
            terms = {k: c * by for k, c in self.terms.items()}
        made = Germ(self.scope, terms, self.key, self.wild, self.scale)
        made.origin = (whole, factor * q)
        return made

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Gap):
            return other
        if self.zero or other.zero:
            return other if self.zero else self
        if self.origin[0] is other.origin[0]:
            return self.origin[0]._multiple(self.origin[1] + other.origin[1])
        if self.scale is not None or other.scale is not None:
            return _scaled_sum(self, other)
        terms = dict(self.terms)
        for k, c in other.terms.items():
            terms[k] = terms[k] + c if k in terms else c
        key = min(self.key, other.key)
        return Germ(self.scope, terms, key, self.wild or other.wild)

    def __sub__(self, other: Any) -> Any:
        return Germ(self.scope, {}) if other is self else self + (-other)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Gap):
            return other
        self.scope.check()
        if self.zero or other.zero:
            return self if self.zero else other
        for a, b in ((self, other), (other, self)):
            q = b.value.rational if b.constant else None
            if q is not None:
                return a._multiple(q)
        (first, m), (second, n) = self.origin, other.origin
        if first.key == EXACT == second.key:
            return self._times(other)
        return self.scope.product(first, second)._multiple(m * n)

    def _times(self, other: Germ) -> Germ:
        scale = self.scale if other.scale is None else other.scale
        if self.scale is not None and other.scale is not None:
            scale = self.scale + other.scale
        key = min(shifted(self.key, other.bound()), shifted(other.key, self.bound()))
        terms: dict[Key, Coefficient] = {}
        end = self.bound()[0] + other.bound()[0] + self.scope.depth
        for (e1, n1), c1 in self.terms.items():
            for (e2, n2), c2 in other.terms.items():
                k = (e1 + e2, n1 + n2)
                if k[0] > end or k >= key:
                    if k < key and k[0] > end:
                        key = k
                    continue
                product = c1 * c2
                terms[k] = terms[k] + product if k in terms else product
        return Germ(self.scope, terms, key, self.wild or other.wild, scale)

    def times(self, c: Coefficient) -> Germ:
        """A multiple by a constant."""
        if (q := c.rational) is not None:
            return self._multiple(q)
        terms = {k: v * c for k, v in self.terms.items()} if c.terms else {}
        return Germ(self.scope, terms, self.key if c.terms else EXACT, self.wild, self.scale)

    def shifted(self, by: Key) -> Germ:
        """Times the power of t and L of a key."""
        terms = {shifted(k, by): c for k, c in self.terms.items()}
        return Germ(self.scope, terms, shifted(self.key, by), self.wild, self.scale)


def shifted(key: Key, by: Key) -> Key:
    if key[0] == math.inf or by[0] == math.inf:
        return key if key[0] == math.inf else by
    return key[0] + by[0], key[1] + by[1]


def _scaled_sum(a: Germ, b: Germ) -> Germ:
    """A sum where one outweighs every power of the other; the loser leaves only a flat remainder."""
    none = Germ(a.scope, {})
    first, second = a.scale or none, b.scale or none
    difference = first - second
    if difference.zero:
        plain = Germ(a.scope, a.terms, a.key, a.wild) + Germ(b.scope, b.terms, b.key, b.wild)
        return Germ(a.scope, plain.terms, plain.key, plain.wild, a.scale)
    winner = a if difference.sign() > 0 else b
    key = FLAT if winner.key == EXACT else winner.key
    return Germ(a.scope, winner.terms, key, a.wild or b.wild, winner.scale)
