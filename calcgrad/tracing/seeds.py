"""The states of Python's and NumPy's global generators of random numbers: read, and set back where a run drew from them."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy

from calcgrad.pytrees import flatten

Seeds = tuple[Any, Any]


def seeds() -> Seeds:
    """The states now; ``None`` for NumPy's where its generators are not loaded."""
    # Not there either where another thread is loading it at this moment.
    state = getattr(sys.modules.get("numpy.random"), "get_state", None)
    return random.getstate(), state(legacy=False) if state is not None else None


@contextmanager
def sown(start: Seeds) -> Iterator[None]:
    """Within this, the generators go on from ``start``; afterwards they are as they were before.

    Each is touched only where it has been drawn from since ``start``: other threads may be drawing from the same ones.
    """
    kept = seeds()
    drawn = put_back(start)
    try:
        yield
    finally:
        _sow(kept, drawn)


def put_back(start: Seeds) -> tuple[bool, bool]:
    """Set Python's and NumPy's generators back to ``start``, each if it was drawn from since; whether they were."""
    now = seeds()
    drawn = now[0] != start[0], not _equal(now[1], start[1])
    _sow(start, drawn)
    return drawn


def _equal(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return True  # what was not loaded has no state to go back to
    mine, theirs = flatten(a)[0], flatten(b)[0]
    return len(mine) == len(theirs) and all(map(numpy.array_equal, mine, theirs))


def _sow(states: Seeds, drawn: tuple[bool, bool]) -> None:
    if drawn[0]:
        random.setstate(states[0])
    if drawn[1]:
        sys.modules["numpy.random"].set_state(states[1])
