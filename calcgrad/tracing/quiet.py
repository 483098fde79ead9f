"""Warnings kept silent for one thread, while it runs a function for calcgrad's own ends.

Filters of warnings belong to the whole process, and ``warnings.catch_warnings`` swaps them: of two threads that do it at once,
the one that leaves last may leave the other's filters behind for good. So there is one filter here, which stands among the
others while any thread is within :func:`quiet`. It asks each time in whose name the warning is, and ignores it only in that of
such a thread.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any

_SILENT: ContextVar[type[Warning] | None] = ContextVar("_SILENT", default=None)
_lock = Lock()
_within = 0


class _Asking(type):
    """A class below which is every category that this thread keeps silent now."""

    def __subclasscheck__(cls, category: type) -> bool:
        silent = _SILENT.get()
        return silent is not None and issubclass(category, silent)


class _Silent(Warning, metaclass=_Asking):
    """The category of the one filter."""


_FILTER: Any = ("ignore", None, _Silent, None, 0)


@contextmanager
def quiet(category: type[Warning] = Warning) -> Iterator[None]:
    """Within this, warnings of a category are not shown; those of other threads are.

    >>> with quiet():
    ...     warnings.warn("not seen", stacklevel=1)
    """
    token = _SILENT.set(category)
    _enter(+1)
    try:
        yield
    finally:
        _enter(-1)
        _SILENT.reset(token)


def _enter(change: int) -> None:
    """One more within, or one fewer. What has been shown once stays known as such: nothing cached becomes wrong."""
    global _within
    with _lock:
        _within += change
        filters: Any = warnings.filters
        rest = [f for f in filters if f is not _FILTER]
        filters[:] = [_FILTER, *rest] if _within else rest
