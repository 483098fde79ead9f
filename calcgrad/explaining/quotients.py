"""The quotients that ``nudge`` takes: which points they look at, with which weights, and what Taylor's series leaves over."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import factorial

from calcgrad.numerical_diff import stencil


@dataclass(frozen=True, slots=True)
class Quotient:
    """``sum w f(x + o h) / (divisor h)`` for the pairs (o, w); or, ``imaginary``, the imaginary part of f(x + ih), over h.

    ``written`` is the quotient for people, ``sign`` its letter in a chart of letters.
    """

    name: str
    short: str
    written: str
    sign: str
    terms: tuple[tuple[Fraction, Fraction], ...] = ()
    divisor: int = 1
    imaginary: bool = False

    def moment(self, order: int) -> Fraction:
        """The factor of ``f^(order)(x) h^(order - 1)`` in the quotient.

        >>> [str(QUOTIENTS["central-difference"].moment(k)) for k in (1, 2, 3)]
        ['1', '0', '1/6']
        """
        if self.imaginary:  # i^(order - 1), of which the real part counts
            return Fraction((0, 1, 0, -1)[order % 4], factorial(order))
        return sum((w * o**order for o, w in self.terms), Fraction(0)) / (self.divisor * factorial(order))


def _made(name: str, short: str, written: str, sign: str, points: str, divisor: int) -> Quotient:
    found = stencil(1, points)
    terms = [(o, w * divisor) for o, w in zip(found.offsets, found.weights, strict=True) if w]
    return Quotient(name, short, written, sign, tuple(terms), divisor)


QUOTIENTS: dict[str, Quotient] = {
    quotient.name: quotient
    for quotient in (
        _made("forward-difference", "forward", "(f(x+h) - f(x)) / h", "f", "0..1", 1),
        _made("central-difference", "central", "(f(x+h) - f(x-h)) / 2h", "c", "-1..1", 2),
        _made("five-point", "5 points", "(8f(x+h) - 8f(x-h) - f(x+2h) + f(x-2h)) / 12h", "5", "-2..2", 12),
        _made(
            "seven-point",
            "7 points",
            "differences over h, 2h and 3h, weighted 45, -9, 1, / 60h",
            "7",
            "-3..3",
            60,
        ),
        Quotient("complex-step", "complex", "Im f(x+ih) / h", "i", imaginary=True),
    )
}
