"""Orthogonal polynomials by their recurrences (DLMF 18.9(i)), over whatever has ``+``, ``-`` and ``*``: balls, series, germs.

``number`` makes a number of that system of a fraction; no parameter is ever divided by. Where the argument lies between the
zeros the terms cancel, by about 1.3 bits a degree: what carries its own error sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

Number: TypeAlias = Callable[[Fraction], Any]

HIGHEST_DEGREE = 1000


def _run(n: int, zeroth: Any, first: Any, following: Callable[[int, Any, Any], Any]) -> Any:
    """The n-th of a sequence in which each follows from the two before it."""
    if n == 0:
        return zeroth
    for k in range(1, n):
        zeroth, first = first, following(k, first, zeroth)
    return first


def legendre(number: Number, n: int, x: Any) -> Any:
    def following(k: int, here: Any, before: Any) -> Any:
        return number(Fraction(2 * k + 1, k + 1)) * x * here - number(Fraction(k, k + 1)) * before

    return _run(n, number(Fraction(1)), x, following)


def chebyt(number: Number, n: int, x: Any) -> Any:
    twice = number(Fraction(2)) * x
    return _run(n, number(Fraction(1)), x, lambda k, here, before: twice * here - before)


def chebyu(number: Number, n: int, x: Any) -> Any:
    twice = number(Fraction(2)) * x
    return _run(n, number(Fraction(1)), twice, lambda k, here, before: twice * here - before)


def hermite(number: Number, n: int, x: Any) -> Any:
    twice = number(Fraction(2)) * x
    return _run(
        n,
        number(Fraction(1)),
        twice,
        lambda k, here, before: twice * here - number(Fraction(2 * k)) * before,
    )


def laguerre(number: Number, n: int, x: Any) -> Any:
    return assoc_laguerre(number, n, number(Fraction(0)), x)


def assoc_laguerre(number: Number, n: int, alpha: Any, x: Any) -> Any:
    def following(k: int, here: Any, before: Any) -> Any:
        total = (number(Fraction(2 * k + 1)) + alpha - x) * here - (number(Fraction(k)) + alpha) * before
        return number(Fraction(1, k + 1)) * total

    return _run(n, number(Fraction(1)), number(Fraction(1)) + alpha - x, following)


def gegenbauer(number: Number, n: int, alpha: Any, x: Any) -> Any:
    twice = number(Fraction(2)) * x
    double = alpha + alpha

    def following(k: int, here: Any, before: Any) -> Any:
        total = (number(Fraction(k)) + alpha) * twice * here - (number(Fraction(k - 1)) + double) * before
        return number(Fraction(1, k + 1)) * total

    return _run(n, number(Fraction(1)), twice * alpha, following)


def jacobi(number: Number, n: int, alpha: Any, beta: Any, x: Any) -> Any:
    """DLMF 18.5.8, a sum of binomials times ((x - 1)/2)^s ((x + 1)/2)^(n - s): its recurrence would divide by alpha + beta."""
    half = number(Fraction(1, 2))
    down, up = (x - number(Fraction(1))) * half, (x + number(Fraction(1))) * half
    above = [number(Fraction(1))]  # of n + alpha over n - s, from s = n down
    for s in range(n, 0, -1):
        above.append(above[-1] * (alpha + number(Fraction(s))) * number(Fraction(1, n - s + 1)))
    powers = [number(Fraction(1))]
    for _ in range(n):
        powers.append(powers[-1] * up)
    total, below = above[n] * powers[n], number(Fraction(1))
    for s in range(1, n + 1):
        below = below * (number(Fraction(n - s + 1)) + beta) * number(Fraction(1, s)) * down
        total = total + above[n - s] * below * powers[n - s]
    return total


def stirling(n: int) -> list[int]:
    """Stirling's numbers of the first kind, with their signs: x(x - 1)…(x - n + 1) by powers of x.

    >>> stirling(3)
    [0, 2, -3, 1]
    """
    row = [1]
    for m in range(n):
        row = [(row[j - 1] if j else 0) - m * (row[j] if j < len(row) else 0) for j in range(len(row) + 1)]
    return row


NAMES = ("legendre", "chebyt", "chebyu", "hermite", "laguerre", "assoc_laguerre", "gegenbauer", "jacobi")
