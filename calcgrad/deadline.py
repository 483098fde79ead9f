"""One time limit for a whole answer: what is under way when it is up ends there, and what is known stands.

Between steps a deadline is asked how much is ``left``. In the middle of one, work in Python is ended by a signal, which needs
the main thread and a system with SIGALRM; elsewhere a step ends when it ends, and the next one is not begun.

>>> deadline = Deadline(60.0)
>>> deadline.attempt(lambda: 2 + 2, None)
4
>>> Deadline(0.0).attempt(lambda: 2 + 2, "no time")
'no time'
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, TypeVar

Result = TypeVar("Result")
Otherwise = TypeVar("Otherwise")
#: Should the code catch what the signal raises, it comes again.
_AGAIN = 0.2
#: A timer of 0 would be none.
_AT_ONCE = 1e-6


class OutOfTime(BaseException):
    """The time is up. Not an ``Exception``, so that nothing swallows it on the way."""


class Deadline:
    """The end of the time of one answer, ``seconds`` from now."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.end = perf_counter() + seconds

    @property
    def left(self) -> float:
        """The seconds that are left, 0 when the time is up."""
        return max(self.end - perf_counter(), 0.0)

    @property
    def note(self) -> str:
        """Why something is missing."""
        return f"none within {self.seconds:g} s"

    def attempt(
        self, work: Callable[[], Result], otherwise: Otherwise, most: float | None = None
    ) -> Result | Otherwise:
        """What ``work`` returns, or ``otherwise`` where the time, or ``most`` seconds of it, is up before it does."""
        seconds = self.left if most is None else min(self.left, most)
        if seconds <= 0:
            return otherwise
        try:
            with _ended_after(seconds):
                return work()
        except OutOfTime:
            return otherwise


@contextmanager
def _ended_after(seconds: float) -> Iterator[None]:
    """Raise ``OutOfTime`` in what runs inside after so many seconds; somebody else's alarm is left alone.

    Within another limit of ours the nearer end counts, and afterwards the outer limit goes on.
    """
    able = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGALRM) if able else None
    outer = signal.getitimer(signal.ITIMER_REAL)[0] if able else 0.0
    if not able or (outer and not isinstance(before, _Expired)):
        yield
        return
    begun = perf_counter()
    expired = _Expired()
    signal.signal(signal.SIGALRM, expired)
    signal.setitimer(signal.ITIMER_REAL, min(seconds, outer) if outer else seconds, _AGAIN)
    try:
        yield
    finally:
        expired.inside = False
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
        if outer:  # what was up in the meantime ends at once
            signal.setitimer(signal.ITIMER_REAL, max(outer - (perf_counter() - begun), _AT_ONCE), _AGAIN)


class _Expired:
    """What the alarm calls: it raises ``OutOfTime``, as long as the work is under way."""

    def __init__(self) -> None:
        self.inside = True

    def __call__(self, number: int, frame: Any) -> None:
        if self.inside:
            raise OutOfTime
