"""Warnings kept silent for one thread, while it runs a function for calcgrad's own ends.

Filters of warnings belong to the whole process, and ``warnings.catch_warnings`` swaps them: of two threads that do it at once, the
one that leaves last may leave the other's filters behind for good. So there is one filter here, which is put in place once and
stays. It asks each time in whose name the warning is: only where a thread, or a task, is within :func:`quiet`, it ignores it.
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
    _put_first()
    token = _SILENT.set(category)
    try:
        yield
    finally:
        _SILENT.reset(token)


def _put_first() -> None:
    filters: Any = warnings.filters
    if filters and filters[0] is _FILTER:
        return
    with _lock:
        filters[:] = [_FILTER, *[f for f in filters if f is not _FILTER]]
        mutated = getattr(warnings, "_filters_mutated", None)  # what was cached of the former list is void
        if mutated is not None:
            mutated()
