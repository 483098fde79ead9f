"""Many expressions in several processes: what arrives together is dealt out in small lots, and answered in its order."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from typing import Generic, TypeVar

from calcgrad.checking.measuring.executors import end_with_parent

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")

#: So many are dealt out at a time: few enough that nobody waits long for the last, enough that handing over costs nothing.
_LOT = 32


class Workers(Generic[Asked, Answered]):
    """Processes that do ``work(lot)``, which gives an answer for each of a list.

    Where one dies, what is left goes on lot by lot, and a lot that another process dies of gets what ``lost(error)`` gives for
    answers.
    """

    def __init__(
        self,
        count: int,
        work: Callable[[Sequence[Asked]], list[Answered]],
        lost: Callable[[BrokenExecutor], Answered],
    ) -> None:
        self._count, self._work, self._lost = count, work, lost
        self._pool = self._started(count)

    def _started(self, count: int) -> ProcessPoolExecutor:
        forked = "fork" in multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if forked else None)
        return ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(os.getpid(),))

    def answers(self, asked: Sequence[Asked]) -> Iterator[Answered]:
        """The answers in the order of what was asked."""
        lots = [asked[k : k + _LOT] for k in range(0, len(asked), _LOT)]
        futures = [self._pool.submit(self._work, lot) for lot in lots]
        for k, future in enumerate(futures):
            try:
                yield from future.result()
            except BrokenExecutor:
                for lot in lots[k:]:
                    yield from self._alone(lot)
                self._pool = self._started(self._count)
                return

    def _alone(self, lot: Sequence[Asked]) -> Sequence[Answered]:
        pool = self._started(1)
        try:
            return pool.submit(self._work, lot).result()
        except BrokenExecutor as error:
            return [self._lost(error) for _ in lot]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End the processes, also in the middle of what they do."""
        processes = list((getattr(self._pool, "_processes", None) or {}).values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()


def _begin(parent: int) -> None:
    """Ctrl-C is the parent's to answer; a worker ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(parent)
