"""Random directions, their sizes, and what may be said of errors that they did not see.

A direction has in entry i the size ``s_i·u``, u uniform on [1/2, 3/2], and a random sign. Two facts follow, whatever
the vector e of the claim's errors is:

1. The density of ``e·v`` is at most ``1/(2 s_i |e_i|)`` for every i: given all other entries, ``e_i v_i`` has that density. So a
   direction that would see ``|e·v| > T`` misses with a probability of at most ``T/(s_i |e_i|)``. With fixed sizes errors could
   cancel exactly; with random ones they cannot, save with that probability.
2. A single wrong entry moves ``e·v`` by ``s_i|e_i|/2`` at least: no luck is needed to see it.

And by Hoeffding's inequality errors that are each below a known size add up, with random signs, to less than
``SIGMAS`` times their root sum of squares, save with probability 5e-11.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy

from calcgrad.checking.measuring.subject import Leaf

Array = Any
#: Errors with random signs stay below so many root sums of squares.
SIGMAS = 7.0
#: The probability with which an error above the stated size may be missed.
MISSED = 1e-12
#: Where the entries of a leaf differ by more than this they get sizes of their own.
_DECADES = 1e4


def sizes(x: Array, leaves: Sequence[Leaf]) -> Array:
    """The size of a move in each entry: the magnitude of its leaf, a power of two; of itself where the leaf spans decades.

    A leaf of zeros has no magnitude of its own and gets that of the other leaves, 1 at most and at least where all are zero.

    >>> sizes(numpy.array([3.0, 5.0, 0.0]), [Leaf("w", (2,), "float64", 0, 2), Leaf("b", (), "float64", 2, 1)])
    array([4., 4., 1.])
    """
    found = numpy.empty(len(x))
    for leaf in leaves:
        part = numpy.abs(x[leaf.start : leaf.stop])
        there = part[(part > 0.0) & numpy.isfinite(part)]
        if not there.size:
            found[leaf.start : leaf.stop] = 1.0
            continue
        middle = float(numpy.exp(numpy.mean(numpy.log(there))))
        own = numpy.where(part > 0.0, part, middle)
        if there.max() <= _DECADES * there.min() or there.max() <= 64.0 * middle:
            own = numpy.full(leaf.size, max(middle, float(there.max()) / 64.0))
        found[leaf.start : leaf.stop] = numpy.exp2(numpy.round(numpy.log2(own)))
    return found


def draw(seed: Iterable[int], size: Array) -> Array:
    """A random direction: random signs and random sizes. The same seed gives the same direction.

    >>> v = draw([1, 2], numpy.ones(1000))
    >>> bool(0.5 <= abs(v).min() <= abs(v).max() <= 1.5), bool(abs(v.sum()) < 200)
    (True, True)
    """
    rng = numpy.random.default_rng(list(seed))
    signs = rng.integers(0, 2, len(size)) * 2.0 - 1.0
    direction: Array = signs * rng.uniform(0.5, 1.5, len(size)) * size
    return direction


def detectable(thresholds: Sequence[float], size: float, missed: float = MISSED) -> float:
    """The error of an entry of this size that all of the directions would miss with the probability ``missed`` at most.

    ``thresholds`` are T of each direction: it sees every ``|e·v| > T``. By the first fact the probability that
    all of them miss is at most the product of ``T/(size·error)``.

    >>> f"{detectable([1e-12, 1e-12, 1e-12], 1.0):.1e}"
    '1.0e-08'
    """
    if not thresholds:
        return math.inf
    logs = math.fsum(math.log(max(t, 5e-324)) for t in thresholds)
    return math.exp((logs - math.log(missed)) / len(thresholds)) / size


def single(thresholds: Sequence[float], size: float) -> float:
    """The error of a single wrong entry that no direction can miss: by the second fact, 2T/size of the best one.

    >>> single([1e-12, 1e-10], 4.0)
    5e-13
    """
    return 2.0 * min(thresholds, default=math.inf) / size
