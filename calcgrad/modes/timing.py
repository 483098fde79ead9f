"""Warm, repeated, interleaved timings: every piece of work once a round, so that what slows the machine slows them all alike."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean, stdev
from time import perf_counter
from typing import Any, TypeAlias

Work: TypeAlias = Callable[[], Any]

#: Rounds: at least so many, more while there is time, and never more than so many; of each work the fastest are kept.
LEAST_ROUNDS, MOST_ROUNDS, KEPT = 3, 30, 3

#: Two-sided 95 % quantiles of Student's t with 1, 2, 3 … degrees of freedom (Abramowitz and Stegun, table 26.10).
_STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)


def student(freedom: int) -> float:
    """The two-sided 95 % quantile of Student's t.

    >>> student(1), student(100)
    (12.706, 2.228)
    """
    return _STUDENT[min(freedom, len(_STUDENT)) - 1]


def rounds(works: Sequence[Work], budget: float = 0.3) -> list[list[float]]:
    """Seconds of each work: the fastest rounds, in order. One round before them is not counted: it warms caches.

    A round runs every work once. There are at least three rounds, and more while all together took less than ``budget`` seconds.

    >>> [len(found) for found in rounds([lambda: None, lambda: sum(range(10))], budget=0.0)]
    [3, 3]
    """
    for work in works:
        work()
    taken: list[list[float]] = [[] for _ in works]
    begun = perf_counter()
    done = 0
    while done < LEAST_ROUNDS or (done < MOST_ROUNDS and perf_counter() - begun < budget):
        for work, times in zip(works, taken, strict=True):
            start = perf_counter()
            work()
            times.append(perf_counter() - start)
        done += 1
    return [sorted(times)[:KEPT] for times in taken]


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What many passes would take, reckoned from the few that were run: seconds, and the 95 % interval of that mean."""

    seconds: float
    interval: tuple[float, float]
    each: float
    sampled: int


def reckoned(times: Sequence[float], passes: int, before: float = 0.0) -> Reckoned:
    """The time of ``passes`` passes from those of some; ``before`` is spent once. Needs two times at least.

    Of eight or more, the slowest quarter is left out: there the machine did something else.

    >>> reckoned([2.0, 2.0, 2.0], 100)
    Reckoned(seconds=200.0, interval=(200.0, 200.0), each=2.0, sampled=3)
    """
    if len(times) >= 8:
        times = sorted(times)[: len(times) - len(times) // 4]
    each = mean(times)
    half = student(len(times) - 1) * stdev(times) / math.sqrt(len(times))
    low, high = max(each - half, 0.0), each + half
    return Reckoned(before + each * passes, (before + low * passes, before + high * passes), each, len(times))


def peak(work: Work) -> int:
    """The most bytes that Python and NumPy held at once while the work ran, beyond what they held before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
