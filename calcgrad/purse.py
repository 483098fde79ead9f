"""One purse for several looks: seconds of the processor that they take together, each from what those before it left.

A look gets half of what is left, so that none of them, however long it would take, leaves nothing for the next. The seconds are
the processor's: a busy machine, or a wait for another process, takes nothing away.

>>> purse, deadline = Purse(2.0), Deadline(60.0)
>>> purse.look(deadline, lambda: 0.5 < within(10.0) <= 1.0, "nothing left")
True
>>> Purse(0.0).look(deadline, lambda: 2 + 2, "nothing left")
'nothing left'
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextvars import ContextVar
from time import thread_time
from typing import TypeVar

from calcgrad.deadline import Deadline

Result = TypeVar("Result")
Otherwise = TypeVar("Otherwise")
#: With less than this no look is begun.
_LITTLE = 1e-3
#: Until when the look that is under way may work, by the thread's own clock.
_end: ContextVar[float] = ContextVar("_end", default=math.inf)


class Purse:
    """``left`` are the seconds that are left of those it began with."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds

    def look(
        self,
        deadline: Deadline,
        work: Callable[[], Result],
        otherwise: Otherwise,
    ) -> Result | Otherwise:
        """What ``work`` returns, or ``otherwise`` where there is no time for it, or half of the deadline's is up before it does.

        The work itself asks by :func:`within` how long it may take. A look within a look takes from the outer one's half.
        """
        before = self.left
        if before < _LITTLE:
            return otherwise
        begun = thread_time()
        outer = _end.set(min(_end.get(), begun + before / 2))
        try:
            return deadline.attempt(work, otherwise, deadline.left / 2)
        finally:
            _end.reset(outer)
            self.left = before - (thread_time() - begun)


def within(seconds: float) -> float:
    """So many seconds, or as many as the look that is under way may still take, where these are fewer."""
    return max(min(seconds, _end.get() - thread_time()), 0.0)
