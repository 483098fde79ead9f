"""A search in a process of its own: a fork, which has all that this one has and changes nothing of it.

The user's code in a changed form may write where it should not, take for ever, or bring compiled code down with arrays that it
was not written for. So the child can write no file, has a limit of memory, of the processor's time and of the clock's, dies with
its parent, and has no children of this kind. One that dies is followed by another, which leaves out the run that it died of.
"""

from __future__ import annotations

import mmap
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from time import monotonic
from typing import Any

from calcgrad.tracing.quiet import quiet

#: So many children may die.
_MOST_DEATHS = 4
#: A child may take so much memory beside what its parent has.
_MEMORY = 2 << 30
#: The number of this order in the kernel's interface.
_DIES_WITH_PARENT = 1

#: Called with the number of each run before it; whether the run is to be made.
Tick = Callable[[int], bool]
#: What is done in the child: given the tick, and a question to this process.
Work = Callable[[Tick, Callable[[], Any]], Any]


class ApartError(Exception):
    """The work raised in the child; the text is the child's."""


class _State:
    """Whether this process is such a child."""

    def __init__(self) -> None:
        self.is_child = False


_state = _State()


def can_fork() -> bool:
    """Whether a child can be made by a fork that may then compute; a child makes none."""
    return sys.platform.startswith("linux") and not _state.is_child


def apart(work: Work, answer: Callable[[], Any], seconds: float) -> Any:
    """What the work returns, made in a child; ``None`` where it took too long or died too often.

    ``answer`` answers the child's question, here. Raises :class:`ApartError` where the work raises.

    >>> apart(lambda tick, ask: ask() + 1, lambda: 41, 10.0) if can_fork() else 42
    42
    """
    if not can_fork():
        return None
    end, left_out = monotonic() + seconds, set[int]()
    while len(left_out) <= _MOST_DEATHS:
        with mmap.mmap(-1, 8) as counter:
            found, died = _once(work, answer, end, counter, frozenset(left_out))
            if not died:
                return found
            left_out.add(int.from_bytes(counter[:8], "little"))
    return None


def _once(
    work: Work, answer: Callable[[], Any], end: float, counter: mmap.mmap, left_out: frozenset[int]
) -> tuple[Any, bool]:
    """One child: what it found, and whether it died on the way."""
    mine, theirs = Pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    with quiet(DeprecationWarning):  # of forks beside threads
        pid = os.fork()
    if not pid:
        _child(work, theirs, counter, left_out, max(end - monotonic(), 0.0))
    theirs.close()
    try:
        while mine.poll(max(end - monotonic(), 0.0)):
            try:
                kind, content = mine.recv()
            except (EOFError, ConnectionError):
                return None, True
            if kind == "done":
                return content, False
            if kind == "failed":
                raise ApartError(content)
            mine.send(answer())
        return None, False
    finally:
        mine.close()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _limited(seconds: float) -> None:
    """Limits of a child: it ends with its parent and with its time, and writes no file."""
    import ctypes
    import faulthandler
    import resource

    faulthandler.disable()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    signal.alarm(int(seconds) + 2)
    ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    processor = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(processor.ru_utime + processor.ru_stime + seconds) + 2
    for limit, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, spent),
        (resource.RLIMIT_AS, used + _MEMORY),
    ):
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _child(
    work: Work, parent: Connection, counter: mmap.mmap, left_out: frozenset[int], seconds: float
) -> None:
    """All that the child does; it never returns."""

    def tick(run: int) -> bool:
        counter[:8] = run.to_bytes(8, "little")
        return run not in left_out

    def ask() -> Any:
        parent.send(("ask", None))
        return parent.recv()

    try:
        _state.is_child = True
        _limited(seconds)
        nothing = os.open(os.devnull, os.O_RDWR)
        for each in (0, 1, 2):
            os.dup2(nothing, each)
        parent.send(("done", work(tick, ask)))
    except BaseException as error:
        with suppress(Exception):
            last = traceback.extract_tb(error.__traceback__)[-1]
            parent.send(("failed", f"{type(error).__name__}: {error} ({last.filename}, line {last.lineno})"))
    finally:
        os._exit(0)
