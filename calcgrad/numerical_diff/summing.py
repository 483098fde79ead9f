"""Sums of floats that are the same on every Python."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add


def plain_sum(terms: Iterable[float]) -> float:
    """The sum from the left, rounded at each term, as a textbook's difference quotient is.

    Since Python 3.12 ``sum`` makes good what it rounds: the same expression has other digits there.

    >>> plain_sum([1e16, 1.0, 1.0, -1e16])
    0.0
    """
    return reduce(add, terms, 0.0)
