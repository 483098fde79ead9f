"""Time limits inside the worker: a timer's signal raises ``OutOfTime`` where SymPy happens to be.

The parent kills a worker that does not stop; this is the gentle way, which keeps what was found before.
Where the system has no timer (Windows) nothing is interrupted, and ``INTERRUPTS`` is False.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")

INTERRUPTS = hasattr(signal, "setitimer")
_AGAIN = 0.02  # SymPy may swallow the exception: ring until it is heard


class OutOfTime(BaseException):
    """The time is up. Not an ``Exception``, so that SymPy's own handlers let it pass."""


_deadlines: list[float] = []


def _ring(signum: int, frame: FrameType | None) -> None:
    if _deadlines and time.monotonic() >= _deadlines[-1]:
        raise OutOfTime


def _arm() -> None:
    if not INTERRUPTS:
        return
    if _deadlines:
        signal.setitimer(signal.ITIMER_REAL, max(_deadlines[-1] - time.monotonic(), 1e-6), _AGAIN)
    else:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


def limited(seconds: float, function: Callable[..., T], *args: Any) -> T:
    """``function(*args)``, or ``OutOfTime`` when the time is up; an inner limit never outlives an outer one.

    The first statement of ``finally`` calls nothing, so no signal comes between; and what an interrupted
    inner call left behind, the outer one takes away.
    """
    depth = len(_deadlines)
    try:
        deadline = time.monotonic() + seconds
        _deadlines.append(min(deadline, _deadlines[-1]) if _deadlines else deadline)
        _arm()
        return function(*args)
    finally:
        del _deadlines[depth:]
        _arm()


def install() -> None:
    """Make the timer ring here; called once, in the worker's main thread."""
    if INTERRUPTS:
        signal.signal(signal.SIGALRM, _ring)
