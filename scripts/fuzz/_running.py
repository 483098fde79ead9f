"""Running the cases in child processes, each killed and started again where it hangs beyond the reach of a signal.

The plain cases and those that ask SymPy are dealt out apart: SymPy's have a process of their own beside the others, so that
nobody waits for it. What is done comes out in the order of the cases, whoever did it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from _cases import Case, Find, Outcome, draw, outcome
from _finds import finds
from _shrinking import Shown, as_test, shrunk

from calcgrad.checking.measuring.executors import end_with_parent
from calcgrad.deadline import one_alarm
from calcgrad.report.derivatives import Report
from calcgrad.systems.values.remembering import remembered

#: Seconds of the processor, or ten times as many by the clock, without a word from the child: it hangs in a library, out of any
#: signal's reach. Shrinking a find may take some.
PATIENCE = 14.0
SHRINK_AT_MOST = 12
#: So many cases are handed to a child at a time, and so many may be done before the first that is not.
LOT, LEAD = 20, 4_000


class Done(NamedTuple):
    """A case that was run: what it counts for, and its finds with what is shown of each."""

    index: int
    counts: Counter[str]
    finds: list[tuple[str, str]]


@dataclass(frozen=True)
class Campaign:
    """Which cases are run: those of a seed from ``first`` up to ``stop``, SymPy asked on ``every`` so many."""

    seed: int
    every: int
    first: int
    stop: int
    written: bool = False

    def case(self, index: int) -> Case:
        """The case of a number."""
        return draw(self.seed, index, self.every, self.written)

    def asks(self, index: int) -> bool:
        """Whether SymPy is asked in it."""
        return bool(self.every) and index % self.every == 0


def run(campaign: Campaign, workers: int = 1) -> Iterator[Done]:
    """Every case once, in order, whatever happens to a child.

    ``workers`` do the plain cases, and one more those that ask SymPy; with one worker alone it does all of them.
    """
    with closing(_Crew(campaign, workers)) as crew:
        yield from crew.results()


class _Crew:
    """The children, and what is still to be handed to them."""

    def __init__(self, campaign: Campaign, workers: int) -> None:
        self.campaign = campaign
        self.left = iter(range(campaign.first, campaign.stop))
        self.plain: deque[int] = deque()
        self.asking: deque[int] = deque()
        self.first = campaign.first  # the first case that is not done
        self.done: dict[int, Done] = {}
        apart = workers > 1 and campaign.every > 0
        kinds = [(True, not apart)] * workers + [(False, True)] * apart
        self.children = [_Child(campaign, *kind) for kind in kinds]

    def results(self) -> Iterator[Done]:
        """What is done, in order."""
        while True:
            for child in self.children:
                if not child.lot:
                    child.take(self._lot(child))
            busy = {child.pipe: child for child in self.children if child.lot}
            if not busy and not self.done:
                return
            for pipe in wait(list(busy), timeout=1.0):
                for done in busy[pipe].heard():
                    self.done[done.index] = done
            for child in busy.values():
                if (done := child.hanging()) is not None:
                    self.done[done.index] = done
            while self.first in self.done:
                self.first += 1
                yield self.done.pop(self.first - 1)

    def _lot(self, child: _Child) -> list[int]:
        """The next cases for a child, those of its kind first; none while too many wait for one that is not done."""
        while min(len(self.plain), len(self.asking) if self.campaign.every else LOT) < LOT:
            index = next(self.left, None)
            if index is None:
                break
            (self.asking if self.campaign.asks(index) else self.plain).append(index)
        kinds = [self.plain] * child.plain + [self.asking] * child.asks
        queue = min((q for q in kinds if q), key=lambda q: q[0], default=None)
        if queue is None or queue[0] >= self.first + LEAD:
            return []
        return [queue.popleft() for _ in range(min(LOT if queue is self.plain else 1, len(queue)))]

    def close(self) -> None:
        """End the children."""
        for child in self.children:
            child.end()


@dataclass
class _Child:
    """A process that runs the cases handed to it, and the first of them that it has not said to be done."""

    campaign: Campaign
    plain: bool
    asks: bool
    lot: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self.process: BaseProcess = context.Process(target=_child, args=(theirs, self.campaign, os.getpid()))
        self.process.start()
        theirs.close()
        self.said: Done | None = None
        self.shown: Shown | None = None
        self._listen()

    def _listen(self) -> None:
        self.since, self.before = monotonic(), processor_seconds(self.process.pid)

    def take(self, lot: Sequence[int]) -> None:
        """Hand it cases."""
        self.lot = list(lot)
        if lot:
            self.pipe.send(self.lot)
            self._listen()

    def heard(self) -> Iterator[Done]:
        """The cases that it has done meanwhile; where it died, the one that it died of."""
        try:
            while self.lot and self.pipe.poll():
                message: Shown | Done | None = self.pipe.recv()
                self._listen()
                if isinstance(message, Shown):
                    self.shown = message
                elif message is None:
                    yield self._closed()
                elif self.said is None:
                    self.said = message
                else:
                    self.said.finds.extend(message.finds)
        except (EOFError, OSError):
            self.process.join(1.0)
            yield self._lost("died", f"the process died (exit code {self.process.exitcode})")

    def hanging(self) -> Done | None:
        """The case that it hangs in, if it does: it is started again with what follows."""
        spent = processor_seconds(self.process.pid) - self.before
        if not self.lot or (monotonic() - self.since <= 10 * PATIENCE and spent <= PATIENCE):
            return None
        return self._lost("hang", f"no answer in {PATIENCE:g} s")

    def _closed(self) -> Done:
        """The case is done, with all that was said of it."""
        done = self.said or Done(self.lot[0], Counter(), [])
        self.said = self.shown = None
        del self.lot[0]
        return done

    def _lost(self, kind: str, what: str) -> Done:
        index = self.lot[0]
        told = as_test(self.shown, kind, what) if self.shown else f"cannot be drawn: {what}"
        self.said = self.said or Done(index, Counter({"expressions": 1}), [(kind, told)])
        done = self._closed()
        rest = self.lot
        self.end()
        self._start()
        self.take(rest)
        return done

    def end(self) -> None:
        """End the process, whatever it does."""
        if self.process.is_alive() and self.process.pid:
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()
        self.pipe.close()


def processor_seconds(pid: int | None) -> float:
    """What a process has used so far; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _child(pipe: Connection, campaign: Campaign, parent: int) -> None:
    """Run what is asked for; for each case how it is shown, what it was, what is found on shrinking it, then ``None``.

    Drawing computes values, too, and so may hang or fail as any other work: it is done here alone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(parent)
    shown: Counter[str] = Counter()
    with one_alarm():
        while True:
            try:
                lot: list[int] = pipe.recv()
            except EOFError:
                return
            for index in lot:
                with remembered():
                    for message in _messages(campaign, index, shown):
                        pipe.send(message)
                pipe.send(None)


def _messages(campaign: Campaign, index: int, shown: Counter[str]) -> Iterator[Shown | Done]:
    try:
        case = campaign.case(index)
        yield Shown(case.text, case.at, case.truth)
    except Exception as error:  # a find as any other
        yield Done(index, Counter({"expressions": 1}), [("crash", f"cannot be drawn: {error!r}")])
        return
    yield from _examined(case, index, shown)


def _examined(case: Case, index: int, shown: Counter[str]) -> Iterator[Done]:
    answer = outcome(case)
    found = finds(case, answer)
    yield Done(index, tally(case, answer), [(f.kind, as_test(case, *f)) for f in found])
    for find in found:
        shown[find.kind] += 1
        if find.kind != "hang" and shown[find.kind] <= SHRINK_AT_MOST:
            yield Done(index, Counter(), [(f"smallest {find.kind}", _smallest(case, find))])


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
