"""How costs grow: the exponent of a power law by least squares on logarithms, with its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from calcgrad.modes.timing import student
from calcgrad.report.modes import Growth, ModeRow

#: Seconds of a mode at a size: several timings, of different rounds.
Times = Mapping[tuple[str, int], Sequence[float]]
OF = ("passes", "operations", "seconds", "bytes")


def growths(rows: Sequence[ModeRow], with_what: str, times: Times | None = None) -> tuple[Growth, ...]:
    """How each cost of each mode grows, with its 95 % interval; at least three sizes of it must have been measured.

    Where there are ``times`` of several rounds, each is a point of the fit. What was extrapolated is none: it would find again the
    law that it was made by.
    """
    found: list[Growth] = []
    for mode in dict.fromkeys(row.mode for row in rows):
        measured = [row for row in rows if row.mode == mode and not row.extrapolated]
        for of in OF:
            points = [
                (math.log(getattr(row, with_what)), math.log(cost))
                for row in measured
                for cost in _costs(row, of, with_what, times)
            ]
            if len({x for x, _ in points}) >= 3:
                exponent, half = slope(points)
                found.append(Growth(mode, of, with_what, exponent, (exponent - half, exponent + half)))
    return tuple(found)


def _costs(row: ModeRow, of: str, with_what: str, times: Times | None) -> Sequence[float]:
    if of == "seconds" and times:
        return times.get((row.mode, getattr(row, with_what)), ())
    cost = getattr(row, of)
    return [cost] if cost else []


def slope(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The least-squares slope and the half-width of its 95 % interval.

    >>> slope([(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)])
    (2.0, 0.0)
    """
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    found = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    rest = sum((y - mean_y - found * (x - mean_x)) ** 2 for x, y in points)
    return found, student(n - 2) * math.sqrt(rest / (n - 2) / spread)
