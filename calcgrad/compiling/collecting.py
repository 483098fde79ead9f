"""Python's search for garbage while a program is made: many objects come that all stay, and it looks through them in vain."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

#: While a function is traced, so many new objects come before the next search: what it drops itself in circles is found by then.
_SELDOM = 500_000


@contextmanager
def uncollected() -> Iterator[None]:
    """No search at all, over code of our own that makes no circles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Seldom:
    """How many are inside, in all threads: the first makes searches seldom, the last puts back what was set before."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.inside = 0
        self.before = (0, 0, 0)


_STATE = _Seldom()


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Fewer searches, over a function of the user's: he may have switched them off, or made them more seldom, himself.

    >>> before = gc.get_threshold()
    >>> with seldom_collected():
    ...     gc.get_threshold()[0] >= 500_000 or not before[0]
    True
    >>> gc.get_threshold() == before
    True
    """
    with _STATE.lock:
        if not _STATE.inside:
            _STATE.before = gc.get_threshold()
            if 0 < _STATE.before[0] < _SELDOM:
                gc.set_threshold(_SELDOM, *_STATE.before[1:])
        _STATE.inside += 1
    try:
        yield
    finally:
        with _STATE.lock:
            _STATE.inside -= 1
            if not _STATE.inside and gc.get_threshold()[0] == _SELDOM:
                gc.set_threshold(*_STATE.before)
