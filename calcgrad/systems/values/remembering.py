"""A memory for values that take long: special functions at doubles, where many passes go over one function.

It is off unless asked for: what is timed must compute.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias

#: By function and arguments.
Memory: TypeAlias = dict[tuple[Any, ...], float]

_memory: ContextVar[Memory | None] = ContextVar("memory", default=None)
#: So many values are kept; then they are forgotten together.
_MOST = 50_000


@contextmanager
def remembered() -> Iterator[None]:
    """Compute each value at the same doubles only once inside; what is remembered outside already, is inside too.

    >>> from calcgrad.systems.base import FLOAT64
    >>> with remembered():
    ...     FLOAT64.function("erf")(0.5), len(kept())
    (0.5204998778130465, 1)
    """
    before = _memory.get()
    token = _memory.set({} if before is None else before)
    try:
        yield
    finally:
        _memory.reset(token)


def kept() -> Memory | None:
    """The memory, with room for one more value; ``None`` where nothing is remembered."""
    memory = _memory.get()
    if memory is not None and len(memory) >= _MOST:
        memory.clear()
    return memory
