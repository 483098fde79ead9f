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

import math
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from time import perf_counter
from typing import Any, TypeVar

Result = TypeVar("Result")
Otherwise = TypeVar("Otherwise")
#: Should the code catch what the signal raises, it comes again.
_AGAIN = 0.2
#: A timer of 0 would be none.
_AT_ONCE = 1e-6
#: How often the clock is looked at where one alarm serves many answers.
_TICK = 0.02


class OutOfTime(BaseException):
    """The time is up. Not an ``Exception``, so that nothing swallows it on the way."""


class Deadline:
    """The end of the time of one answer, ``seconds`` from now, or that of the answer which it is a part of, if that is nearer."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.end = perf_counter() + seconds
        whole = _whole.get()
        if whole is not None and whole.end < self.end:
            self.seconds, self.end = whole.seconds, whole.end

    @property
    def left(self) -> float:
        """The seconds that are left, 0 when the time is up."""
        return max(self.end - perf_counter(), 0.0)

    @property
    def note(self) -> str:
        """Why something is missing."""
        return f"none within {self.seconds:g} s"

    def leaving(self, seconds: float) -> Deadline:
        """The same, but so many seconds earlier: for what must leave them to what comes after it."""
        sooner = copy(self)
        sooner.end -= seconds
        return sooner

    def grant(self, seconds: float) -> None:
        """Let there be so many seconds left at least, within those of the answer that it is a part of."""
        whole = _whole.get()
        end = perf_counter() + seconds
        self.end = max(self.end, end if whole is None else min(end, whole.end))

    def attempt(
        self, work: Callable[[], Result], otherwise: Otherwise, most: float | None = None
    ) -> Result | Otherwise:
        """What ``work`` returns, or ``otherwise`` where the time, or ``most`` seconds of it, is up before it does."""
        seconds = self.left if most is None else min(self.left, most)
        if seconds <= 0:
            return otherwise
        within = _whole.set(self)
        try:
            if _alarm.thread == threading.get_ident():
                return _alarm.limited(work, seconds)
            return _limited(work, seconds)
        except OutOfTime:
            return otherwise
        finally:
            _whole.reset(within)


#: The answer that is under way: its parts have no more time than it has.
_whole: ContextVar[Deadline | None] = ContextVar("_whole", default=None)


class _Alarm:
    """The alarm of many small answers: it looks at the clock at every tick, and ends what runs past its end."""

    def __init__(self) -> None:
        self.thread = 0
        self.end = math.inf

    def limited(self, work: Callable[[], Result], seconds: float) -> Result:
        """Do some work; ``OutOfTime`` is raised in it when the seconds are up, or those of the work that it is within."""
        outer = self.end
        self.end = min(outer, perf_counter() + seconds)
        try:
            try:
                return work()
            finally:
                self.end = outer
        finally:
            self.end = outer  # the alarm may have rung before it was so

    def ring(self, number: int, frame: Any) -> None:
        """The handler of the signal."""
        now = perf_counter()
        if now >= self.end:
            self.end = now + _AGAIN
            raise OutOfTime


_alarm = _Alarm()


@contextmanager
def unprinted(kind: type[BaseException]) -> Iterator[None]:
    """Nothing is printed of this exception where a signal raises it in a finalizer: it goes no further, and the next one does."""
    before = sys.unraisablehook

    def hook(unraisable: Any) -> None:
        if not isinstance(unraisable.exc_value, kind):
            before(unraisable)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        if sys.unraisablehook is hook:
            sys.unraisablehook = before


@contextmanager
def one_alarm() -> Iterator[None]:
    """Have one alarm for every attempt inside: to set one for each takes a sixth of the time of a small answer."""
    if not _free():
        yield
        return
    before = signal.signal(signal.SIGALRM, _alarm.ring)
    _alarm.thread = threading.get_ident()
    signal.setitimer(signal.ITIMER_REAL, _TICK, _TICK)
    try:
        with unprinted(OutOfTime):
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        _alarm.thread = 0
        signal.signal(signal.SIGALRM, before)


def _free() -> bool:
    """Whether an alarm can be set here: on a system with signals, in the main thread, where nobody has set one."""
    return _able() and not signal.getitimer(signal.ITIMER_REAL)[0]


def _able() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def _limited(work: Callable[[], Result], seconds: float) -> Result:
    """Do some work; ``OutOfTime`` is raised in it when the seconds are up. Somebody else's alarm is left alone.

    Within another limit of ours the nearer end counts, and afterwards the outer limit goes on. The alarm may ring at any place
    here, and after a little again: whatever it interrupts, the timer and the handler are put back.
    """
    before = signal.getsignal(signal.SIGALRM) if _able() else None
    outer = signal.getitimer(signal.ITIMER_REAL)[0] if _able() else 0.0
    if not _able() or (outer and not isinstance(before, _Expired)):
        return work()
    begun = perf_counter()
    expired = _Expired()
    try:
        with unprinted(OutOfTime):
            signal.signal(signal.SIGALRM, expired)
            signal.setitimer(signal.ITIMER_REAL, min(seconds, outer) if outer else seconds, _AGAIN)
            try:
                expired.inside = True
                return work()
            finally:
                expired.inside = False
    finally:
        expired.inside = False
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
        if outer:  # what was up in the meantime ends at once
            signal.setitimer(signal.ITIMER_REAL, max(outer - (perf_counter() - begun), _AT_ONCE), _AGAIN)


class _Expired:
    """What the alarm calls: it raises ``OutOfTime``, as long as the work is under way."""

    def __init__(self) -> None:
        self.inside = False

    def __call__(self, number: int, frame: Any) -> None:
        if self.inside:
            raise OutOfTime
