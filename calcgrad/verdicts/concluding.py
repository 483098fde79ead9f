"""From a function's value at a point and its germs on both sides to what stands there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from math import factorial
from typing import Literal, TypeAlias

from calcgrad.phrases import plain_exponent
from calcgrad.verdicts.exact.numbers import UndecidedError
from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.germs.germ import Gap, Germ, LostError, NeedDepthError

#: A one-sided limit: a number, or an infinity.
Limit: TypeAlias = Coefficient | float
Kind: TypeAlias = Literal[
    "smooth", "kink", "jump", "infinite", "boundary", "isolated", "undefined", "unsettled"
]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What stands at a point, for one derivative.

    ``order`` is the order of the derivative at which the two sides part (0 for the values themselves). ``left`` and ``right``
    are the one-sided limits of that derivative, ``None`` on a side where the function is not defined. ``extended`` says that
    the function has no value at the point, and is taken with its limit there. ``value`` is its value, where it has one.
    """

    kind: Kind
    order: int = 0
    left: Limit | None = None
    right: Limit | None = None
    limit: Coefficient | None = None
    extended: bool = False
    value: Coefficient | None = None


def conclude(value: Germ | Gap, left: Germ | Gap, right: Germ | Gap, order: int) -> Conclusion:
    """What stands at a point. Raises ``UndecidedError``, ``NeedDepthError`` or ``LostError`` where that is not known."""
    sides: list[Germ | None] = [s if isinstance(s, Germ) else None for s in (left, right)]
    before, after = limits = [None if s is None else s.limit() for s in sides]
    there = [v for v in limits if v is not None]
    if not there:
        return Conclusion("undefined" if isinstance(value, Gap) else "isolated")
    known = value.value if isinstance(value, Germ) else None
    if not all(isinstance(v, Coefficient) for v in there) or any(not same(v, there[0]) for v in there):
        return Conclusion("undefined" if known is None else "jump", 0, before, after, value=known)
    first = there[0]
    assert isinstance(first, Coefficient)
    if known is not None and not same(known, first):
        return Conclusion("jump", 0, before, after, first, value=known)
    extended = known is None
    for k in range(1, order + 1):
        before, after = slopes = [None if s is None else slope(s, k, i == 0) for i, s in enumerate(sides)]
        found = [s for s in slopes if s is not None]
        kind = _kind(slopes, found, k < order)
        if kind is not None:
            return Conclusion(kind, k, before, after, first, extended)
    return Conclusion("smooth" if len(there) == 2 else "boundary", order, before, after, first, extended)


def _kind(slopes: list[Limit | None], found: list[Limit], lower: bool) -> Kind | None:
    """How the two sides part in one derivative, ``None`` where they do not."""
    infinite = [isinstance(s, float) for s in found]
    if len(found) == 1:
        return "boundary" if infinite[0] else None
    if all(infinite):
        return "infinite"
    if any(infinite) or not same(found[0], found[1]):
        return "jump" if lower and not any(infinite) else "kink"
    return None


def same(a: Limit, b: Limit) -> bool:
    """Whether two limits are equal, decided exactly."""
    if isinstance(a, float) or isinstance(b, float):
        return isinstance(a, float) and isinstance(b, float) and a == b
    return not (a - b).sign()


def slope(g: Germ, k: int, left: bool) -> Limit:
    """The limit of the k-th derivative with respect to the coordinate, which runs against t on the left.

    A term that is no whole power of t, and no smaller than t^k, makes it infinite.
    """
    flip = -1 if left and k % 2 else 1
    if g.wild and k > 1:
        raise LostError("it oscillates beside the point, and that may not be differentiated term by term")
    if g.scale is not None:
        if g.scale.sign() > 0:
            raise LostError("it grows without bound")
        return g.scope.field.zero
    for (e, n), c in g.terms.items():
        if (e, n) > (k, 0):
            break
        if (n == 0 and e.denominator == 1 and e >= 0) or not c.sign():
            continue
        return flip * c.sign() * _sense(e, n, k) * math.inf
    if not g.known_to((Fraction(k), Fraction(0))):
        if g.wild:
            raise LostError("its slope there keeps oscillating, or may do so")
        raise NeedDepthError
    return g.terms.get((Fraction(k), Fraction(0)), g.scope.field.zero).scaled(Fraction(flip * factorial(k)))


def _sense(e: Fraction, n: Fraction, k: int) -> int:
    """The sign of the k-th derivative of t^e / L^n near 0, where that is unbounded."""
    if e.denominator != 1 or e < 0:
        return -1 if sum(1 for j in range(k) if e - j < 0) % 2 else 1
    if e == k:
        return 1
    # t^e / L^n differentiated e times is e!/L^n and smaller terms; the next derivative is e! n/(t L^(n + 1)).
    return (1 if n > 0 else -1) * (-1 if (k - int(e) - 1) % 2 else 1)


#: Bits that a number to be shown as a double has, nearly.
_DOUBLE = 50


def to_float(value: Limit | None) -> float | None:
    """The nearest double, or nearly so. Raises ``UndecidedError`` where the ball has not the digits of one."""
    if value is None or isinstance(value, float):
        return value
    q = value.rational
    if q is None and value.ball.rel_accuracy_bits() < _DOUBLE:
        raise UndecidedError(value)
    try:
        return float(q) if q is not None else float(value.ball.mid())
    except OverflowError:
        return math.inf if value.sign() > 0 else -math.inf


def expansion(side: object) -> str:
    """A side in words, for who looks inside: the terms of its expansion in t, or why there is none."""
    if not isinstance(side, Germ):
        return f"no value ({side.op})" if isinstance(side, Gap) else f"lost ({side})"
    terms = [f"{to_float(c):.6g}*t^{e}" + (f"/L^{n}" if n else "") for (e, n), c in side.terms.items()]
    return " + ".join(terms) or "0"


def to_digits(value: Coefficient, digits: int = 40) -> str:
    """A decimal string of that many digits. Raises ``UndecidedError`` where the ball is too wide for them, ``LostError``
    where the exponent has more digits than decimal arithmetic takes.
    """
    q = value.rational
    if q is not None:
        with localcontext(Context(prec=digits)):
            return str(Decimal(q.numerator) / Decimal(q.denominator))
    if value.ball.rel_accuracy_bits() < 3.33 * digits:
        raise UndecidedError(value)
    text: str = value.ball.str(digits, radius=False)
    if len(text.partition("e")[2]) > 10:
        raise LostError(f"it is {plain_exponent(value.ball.str(6, radius=False))}, beyond any decimal number")
    return text
