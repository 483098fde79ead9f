"""Whole numbers taken apart, as far as is quick."""

from __future__ import annotations

import math

_SMALL_PRIMES = [p for p in range(2, 1000) if all(p % d for d in range(2, math.isqrt(p) + 1))]


def factors(whole: int) -> list[tuple[int, int]]:
    """The small prime factors of a positive number with their counts, and what is left over as one factor.

    >>> factors(360), factors(1)
    ([(2, 3), (3, 2), (5, 1)], [])
    """
    found: list[tuple[int, int]] = []
    if whole.bit_length() > 2000:
        return [(whole, 1)]
    for prime in _SMALL_PRIMES:
        if prime * prime > whole and whole < 1_000_000:
            break
        count = 0
        while whole % prime == 0:
            whole //= prime
            count += 1
        if count:
            found.append((prime, count))
    root = math.isqrt(whole)
    if whole > 1:
        found.append((root, 2) if root * root == whole else (whole, 1))
    return found
