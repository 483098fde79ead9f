"""The level of noise in a row of equally spaced values, from its table of differences.

R. W. Hamming (*Introduction to Applied Numerical Analysis*, 1971, ch. 6): differencing makes what is smooth
small and leaves what is noise. J. J. Moré and S. M. Wild (*Estimating computational noise*, SIAM J. Sci.
Comput. 33, 2011): the k-th difference of white noise of variance s² has variance s²·(2k)!/(k!)², so that each
order of the table, divided by that, is an estimate of the noise; where successive orders agree, that is the
level.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

#: (k!)²/(2k)!, the share of a k-th squared difference that is one value's noise.
GAMMA = [1.0 / math.comb(2 * k, k) for k in range(33)]
#: Differences of this order are looked at for the place of a break.
_PLACE_ORDER = 6


class Table(NamedTuple):
    """What the difference table of equally spaced values tells. All sizes are in the values' own unit.

    ``levels[k]`` is the noise that order k alone would say. ``noise`` is the level at which they settle.
    ``decaying`` says that they had not settled at the highest order: the values are still smooth there, and
    ``noise`` is only an upper bound. ``break_at`` is the index (between values, so often a half) of one
    single place that carries all of the irregularity, or None.
    """

    levels: tuple[float, ...]
    noise: float
    decaying: bool
    break_at: float | None


def difference_table(values: Sequence[float], floor: float) -> Table:
    """Read the noise, the smoothness and a possible break from at least 13 equally spaced values.

    ``floor`` is the rounding error to be expected in them; levels are not trusted below it.

    >>> table = difference_table([j * j for j in range(17)], floor=1e-16)
    >>> table.noise, table.break_at
    (0.0, None)
    >>> difference_table([abs(j - 8) for j in range(17)], floor=1e-16).break_at
    8.0
    """
    row = list(values)
    levels = [_root_mean_square(row)]
    place_row: list[float] = []
    for k in range(1, len(values)):
        row = [b - a for a, b in pairwise(row)]
        levels.append(math.sqrt(GAMMA[k]) * _root_mean_square(row))
        if k == _PLACE_ORDER:
            place_row = row
    top = len(levels) - 1
    settled = sorted(levels[top - 5 : top])
    noise = settled[len(settled) // 2]
    decaying = levels[top - 1] < 0.2 * levels[top - 7] and levels[top - 1] > 3.0 * floor
    if decaying:
        noise = 1.5 * levels[top - 1]
    break_at = None
    if not decaying and noise > 16.0 * floor:
        break_at = _place_of_break(place_row)
    return Table(tuple(levels), noise, decaying, break_at)


def _root_mean_square(row: Sequence[float]) -> float:
    return math.sqrt(math.fsum([d * d for d in row]) / len(row))


def _place_of_break(row: Sequence[float]) -> float | None:
    """The index of the value at, or the half between two at, which a break sits, if there is just one.

    A break enters the 6th differences only where their seven values reach across it: five or six neighbours
    in the row. Noise enters them all.
    """
    largest = max(abs(d) for d in row)
    touched = [i for i, d in enumerate(row) if abs(d) > 0.02 * largest]
    if not touched or touched[-1] - touched[0] + 1 > _PLACE_ORDER + 1:
        return None
    if touched[0] == 0:
        return touched[-1] + 1.0
    if touched[-1] == len(row) - 1:
        return touched[0] + _PLACE_ORDER - 1.0
    return (touched[0] + touched[-1] + _PLACE_ORDER) / 2.0
