"""Running the cases in a child process that is killed and started again where it hangs beyond the reach of a signal."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from _cases import Case, Find, Outcome, draw, outcome
from _finds import finds
from _shrinking import as_test, shrunk

from calcgrad.report.derivatives import Report

#: Seconds of the processor, or ten times as many by the clock, without a word from the child: it hangs in a library, out of any
#: signal's reach. Shrinking a find may take some.
PATIENCE = 14.0
SHRINK_AT_MOST = 12


class Done(NamedTuple):
    """A case that was run: what it counts for, and its finds with the smallest test of each."""

    index: int
    counts: Counter[str]
    finds: list[tuple[str, str]]


def run(seed: int, every: int, first: int, stop: int, written: bool = False) -> Iterator[Done]:
    """Every case from ``first`` up to ``stop``, each run once, whatever happens to the child."""
    while first < stop:
        child, pipe = _start(seed, every, first, stop, written)
        try:
            while first < stop:
                _wait(child, pipe)
                done: Done = pipe.recv()
                if done.index >= first:
                    first = done.index + 1
                yield done
        except EOFError:
            alive = child.is_alive()
            case = draw(seed, first, every, written)
            what = (
                f"no answer in {PATIENCE:g} s" if alive else f"the process died (exit code {child.exitcode})"
            )
            kind = "hang" if alive else "died"
            yield Done(first, Counter({"expressions": 1}), [(kind, as_test(case, kind, what))])
            first += 1
        finally:
            _end(child)


def _start(seed: int, every: int, first: int, stop: int, written: bool) -> tuple[BaseProcess, Connection]:
    ours, theirs = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(
        target=_child, args=(theirs, seed, every, first, stop, written)
    )
    child.start()
    theirs.close()
    return child, ours


def _wait(child: BaseProcess, pipe: Connection) -> None:
    """Return when there is something to receive; raises ``EOFError`` when the child's patience is up."""
    start, before = monotonic(), _processor_seconds(child.pid)
    while not pipe.poll(1.0):
        if monotonic() - start > 10 * PATIENCE or _processor_seconds(child.pid) - before > PATIENCE:
            raise EOFError


def _processor_seconds(pid: int | None) -> float:
    """What a process has used so far; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _end(child: BaseProcess) -> None:
    if child.is_alive() and child.pid:
        os.kill(child.pid, signal.SIGKILL)
    child.join()


def _child(pipe: Connection, seed: int, every: int, first: int, stop: int, written: bool) -> None:
    shown: Counter[str] = Counter()
    for index in range(first, stop):
        case = draw(seed, index, every, written)
        answer = outcome(case)
        found = finds(case, answer)
        pipe.send(Done(index, tally(case, answer), [(f.kind, as_test(case, *f)) for f in found]))
        for find in found:
            shown[find.kind] += 1
            if find.kind != "hang" and shown[find.kind] <= SHRINK_AT_MOST:
                test = _smallest(case, find)
                pipe.send(Done(index, Counter(), [(f"smallest {find.kind}", test)]))


def _smallest(case: Case, find: Find) -> str:
    small = shrunk(case, find.kind)
    detail = next((f.detail for f in finds(small, outcome(small)) if f.kind == find.kind), find.detail)
    return as_test(small, find.kind, detail)


def tally(case: Case, answer: Outcome) -> Counter[str]:
    """What a case counts for."""
    counts: Counter[Any] = Counter({"expressions": 1, "with SymPy": case.truth != "none"})
    if isinstance(answer, Report):
        for point in answer.points:
            counts[f"verdict {point.verdict}"] += 1
            for truth in point.truth:
                if case.truth != "none" and truth.status != "ok":
                    counts[f"truth {truth.status}"] += 1
                elif truth.value is not None:
                    counts["derivatives with a truth"] += 1
    return counts
