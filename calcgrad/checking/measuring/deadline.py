"""The end of the time of a check, also in the middle of a call that does not return.

Between calls the time is looked at (``Oracle.spend``). A call of the user's own is ended by a signal: SIGALRM raises
:class:`SpentError` there, and again every second should the code catch it. That needs the main thread and a system with such
signals; elsewhere a call ends when it ends. A call in a worker process ends with the process.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from calcgrad.deadline import unprinted

#: So long after the end of its time a call may still return by itself.
_GRACE = 0.2
_AGAIN = 1.0


class SpentError(BaseException):
    """The evaluations or the seconds are used up. Not an ``Exception``, so that nothing swallows it on the way."""


class _Calls:
    """How many calls of the user's code are open, one within another."""

    def __init__(self) -> None:
        self.open = 0


_calls = _Calls()


@contextmanager
def interruptible() -> Iterator[None]:
    """Around a call of the user's code: nothing of ours is left half done when it ends here."""
    _calls.open += 1
    try:
        yield
    finally:
        _calls.open -= 1


@contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """Within this, calls of the user's code end after so many seconds in all; nothing changes without a number."""
    able = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if seconds is None or not able or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield
        return

    def expired(number: int, frame: Any) -> None:
        if _calls.open:
            raise SpentError

    before, open_before = signal.signal(signal.SIGALRM, expired), _calls.open
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE, _AGAIN)
    try:
        with unprinted(SpentError):
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
        _calls.open = open_before
