"""The order in which a tape is run: operations of one kind together, in runs as long as what they need allows."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy


def ordered(codes: Any, args: Any, base: int, chained: int) -> tuple[list[int], list[int], Any]:
    """Codes and lengths of the runs, and all operations in their order.

    ``args`` are three rows of places: those below ``base`` are there from the start, ``base + k`` is made by operation ``k``.
    Of codes up to ``chained`` an operation may stand in the same run as what it needs, behind it.
    """
    count = len(codes)
    first, second, third = (row.tolist() for row in args)
    made = args - base
    sources = made.T.reshape(-1)
    users = numpy.repeat(numpy.arange(count, dtype=numpy.int32), 3)
    needed = sources >= 0
    sources, users = sources[needed], users[needed]
    by = numpy.argsort(sources, kind="stable")
    starts = numpy.searchsorted(sources[by], numpy.arange(count + 1)).tolist()
    users = users[by].tolist()
    left = numpy.sum(made >= 0, axis=0).tolist()
    kinds = codes.tolist()
    waiting: dict[int, deque[int]] = {k: deque() for k in set(kinds)}
    for k in range(count):
        if not left[k]:
            waiting[kinds[k]].append(k)
    del first, second, third
    run_codes: list[int] = []
    lengths: list[int] = []
    order: list[int] = []
    while len(order) < count:
        code = max(waiting, key=lambda c: len(waiting[c]))
        queue = waiting[code]
        before = len(order)
        most = count if code <= chained else len(queue)
        while queue and most:
            most -= 1
            k = queue.popleft()
            order.append(k)
            for u in users[starts[k] : starts[k + 1]]:
                left[u] -= 1
                if not left[u]:
                    waiting[kinds[u]].append(u)
        run_codes.append(code)
        lengths.append(len(order) - before)
    return run_codes, lengths, numpy.array(order, numpy.int32)
