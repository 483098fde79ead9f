"""How far long work has come: told where it is done, shown by whoever looks on. Where nobody does it costs next to nothing.

>>> seen = []
>>> with watched(lambda what, done, total: seen.append((what, done, total))):
...     doubled = [2 * item for item in counted([3, 4], "numbers")]
>>> doubled, seen
([6, 8], [('numbers', 1, 2), ('numbers', 2, 2)])
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias, TypeVar

Item = TypeVar("Item")
#: What is counted, how many are done, and how many there are (``None`` where nobody knows, 0 where one can only wait).
Watcher: TypeAlias = Callable[[str, int, int | None], None]
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Have ``watcher`` called by all that is counted inside."""
    before = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(before)


def tell(what: str, done: int, total: int | None = None) -> None:
    """Say that so many are done."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher(what, done, total)


def counted(items: Sequence[Item], what: str) -> Iterator[Item]:
    """The items one after another; each is told when the next one is asked for."""
    for done, item in enumerate(items, 1):
        yield item
        tell(what, done, len(items))
