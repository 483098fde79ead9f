"""Cases one after the other in a process of their own, so that one which hangs or dies is a find and the campaign goes on."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from time import monotonic

from _running import Done, processor_seconds

from calcgrad.checking.measuring.executors import end_with_parent

#: Seconds of the processor, or five times as many by the clock, that a case may take.
PATIENCE = 60.0
_BETWEEN_LOOKS = 0.5


#: Makes the case of a seed and a number, counts what it was, and gives its finds.
Work = Callable[[int, int, Counter[str]], Iterator[tuple[str, str]]]


def run(work: Work, seed: int, stop: int | None) -> Iterator[Done]:
    """The cases of a seed from 0 up to ``stop``, or for ever, in order."""
    first = 0
    while stop is None or first < stop:
        pipe, process = _started(work, seed, first, stop)
        try:
            while stop is None or first < stop:
                said = _heard(pipe, process, first)
                yield said
                first += 1
                if "lost" in said.counts:
                    break
        finally:
            if process.is_alive() and process.pid:
                os.kill(process.pid, signal.SIGKILL)
            process.join()
            pipe.close()


def _started(work: Work, seed: int, first: int, stop: int | None) -> tuple[Connection, BaseProcess]:
    pipe, theirs = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_child, args=(theirs, work, seed, first, stop, os.getpid()))
    process.start()
    theirs.close()
    return pipe, process


def _heard(pipe: Connection, process: BaseProcess, index: int) -> Done:
    """What is said of the next case; a find where the process hangs in it, or has died of it."""
    since, before = monotonic(), processor_seconds(process.pid)
    while not pipe.poll(_BETWEEN_LOOKS):
        spent = processor_seconds(process.pid) - before
        if spent > PATIENCE or monotonic() - since > 5 * PATIENCE:
            return Done(index, Counter(["lost"]), [("hang", f"no answer in {PATIENCE:g} s")])
    try:
        said: Done = pipe.recv()
        return said
    except EOFError:
        process.join()
        return Done(index, Counter(["lost"]), [("died", f"the process died (exit code {process.exitcode})")])


def _child(pipe: Connection, work: Work, seed: int, first: int, stop: int | None, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(parent)
    for index in count(first):
        if index == stop:
            return
        counts: Counter[str] = Counter()
        found = list(work(seed, index, counts))
        pipe.send(Done(index, counts, found))
