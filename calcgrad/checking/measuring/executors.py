"""Who calls the function: this process, worker processes, or anything with ``submit`` (threads, a Dask cluster)."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from multiprocessing.connection import wait as wait_for
from typing import Any, Protocol

from calcgrad.checking.measuring.deadline import SpentError, interruptible
from calcgrad.checking.measuring.evaluation import Evaluation
from calcgrad.checking.measuring.subject import Options
from calcgrad.errors import CalcgradError, UsageError

Array = Any
#: A point whose worker died is given to another so many times before the function itself is blamed.
_TRIES = 3
#: Seconds between two looks of a worker whether its parent is there.
_GLANCE = 0.5


class Runner(Protocol):
    """Evaluates the function at many points; ``batch`` is how many it wants at a time."""

    batch: int

    def run(self, points: list[Array]) -> Iterator[tuple[int, Any]]:
        """The place of each point and its answer, in any order, each as soon as it is there."""

    def close(self) -> None:
        """Let the workers go."""


class Serial:
    """One point after another, here."""

    batch = 1

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation

    def run(self, points: list[Array]) -> Iterator[tuple[int, Any]]:
        return ((i, self._evaluation(point)) for i, point in enumerate(points))

    def close(self) -> None:
        """Nothing to let go."""


#: What forked workers inherit, so that functions that cannot be pickled (lambdas, closures) can be evaluated there.
_inherited: dict[int, Evaluation] = {}
_tokens = itertools.count()


def _evaluate(token: int, point: Array) -> Any:
    return _inherited[token](point)


def end_with_parent(parent: int) -> None:
    """Start a watch in a worker: however its parent ends, also when it is killed, the worker ends too."""
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    """Look at both signs of life: the pipe that the parent holds, and who the parent is (an orphan's is another)."""
    process = multiprocessing.parent_process()
    while os.getppid() == parent:
        if process is None:
            time.sleep(_GLANCE)
        elif wait_for([process.sentinel], timeout=_GLANCE):
            break
    os._exit(1)


class Processes:
    """Worker processes of our own. One that dies is replaced, and its points are given to others."""

    def __init__(self, evaluation: Evaluation, workers: int) -> None:
        self.batch = 32 * workers
        self._workers = workers
        self._token = next(_tokens)
        self._forked = "fork" in multiprocessing.get_all_start_methods()
        self._evaluation = evaluation
        _inherited[self._token] = evaluation
        self._pool = self._started()

    def _started(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("fork" if self._forked else None)
        return ProcessPoolExecutor(
            self._workers, mp_context=context, initializer=end_with_parent, initargs=(os.getpid(),)
        )

    def run(self, points: list[Array]) -> Iterator[tuple[int, Any]]:
        left = dict(enumerate(points))
        for _ in range(_TRIES):
            try:
                for place, answer in _answers(self._submit, left):
                    del left[place]
                    yield place, answer
                return
            except SpentError:
                self._kill()
                raise
            except BrokenExecutor:
                self._pool.shutdown(wait=False)
                self._pool = self._started()
        raise UsageError.of(
            "E380", "the function fails: its worker process died, and died again in another process"
        )

    def _submit(self, point: Array) -> Future[Any]:
        if self._forked:
            return self._pool.submit(_evaluate, self._token, point)
        return self._pool.submit(self._evaluation, point)

    def _kill(self) -> None:
        """End the workers in the middle of what they do."""
        for process in list((getattr(self._pool, "_processes", None) or {}).values()):
            process.kill()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        _inherited.pop(self._token, None)


class Submitted:
    """Anything with the ``submit`` of ``concurrent.futures``; it is the caller's, and is not shut down."""

    batch = 64

    def __init__(self, evaluation: Evaluation, executor: Any) -> None:
        self._evaluation = evaluation
        self._executor = executor

    def run(self, points: list[Array]) -> Iterator[tuple[int, Any]]:
        try:
            futures = [self._executor.submit(self._evaluation, point) for point in points]
            if all(isinstance(future, Future) for future in futures):
                yield from _completed({future: i for i, future in enumerate(futures)})
                return
            for i, future in enumerate(futures):
                with interruptible():
                    answer = future.result()
                yield i, answer
        except CalcgradError:
            raise
        except Exception as error:  # an evaluation itself never raises: this is the executor's
            raise _not_evaluated(error) from error

    def close(self) -> None:
        """The executor is the caller's."""


def _answers(submit: Callable[[Array], Future[Any]], points: dict[int, Array]) -> Iterator[tuple[int, Any]]:
    return _completed({submit(point): place for place, point in points.items()})


def _completed(pending: dict[Future[Any], int]) -> Iterator[tuple[int, Any]]:
    """Each answer as soon as it is there; a broken pool raises only after what came back was handed on."""
    broken: BrokenExecutor | None = None
    while pending:
        with interruptible():
            done, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            place = pending.pop(future)
            try:
                answer = future.result()
            except BrokenExecutor as error:
                broken = error
                continue
            yield place, answer
    if broken is not None:
        raise broken


def _not_evaluated(error: Exception) -> CalcgradError:
    """The error for an executor that did not bring the function's answer."""
    said = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    if isinstance(error, (ImportError, AttributeError)):
        hints = (
            "the workers must find the modules of the function: install them there, or Client.upload_file(...)",
        )
        return UsageError.of("E380", f"the function cannot be loaded on a worker: {said}", hints=hints)
    return UsageError.of("E503", f"the workers were lost: {said}", hints=("--resume goes on from here",))


def runner_for(evaluation: Evaluation, options: Options) -> Runner:
    """The runner that the options ask for."""
    if options.executor is not None:
        return Submitted(evaluation, options.executor)
    if options.workers < 1:
        raise UsageError.of("E378", f"workers are 1 or more, not {options.workers}")
    return Serial(evaluation) if options.workers == 1 else Processes(evaluation, options.workers)


def dask_executor(address: str, timeout: float = 10.0) -> DaskExecutor:
    """An executor over an existing Dask cluster, for :class:`~calcgrad.checking.measuring.subject.Options`.

    ``address`` is that of the scheduler, such as ``tcp://127.0.0.1:8786``; ``timeout`` is in seconds. Work lost with a
    worker is done again by the others. Raises ``UsageError`` where Dask is not installed (E386) or no scheduler answers (E503).
    """
    try:
        from distributed import Client
    except ImportError as error:
        hint = "pip install 'calcgrad[dask]'"
        raise UsageError.of("E386", "Dask is not installed", hints=(hint,)) from error
    try:
        client = Client(address, timeout=timeout)
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError.of("E503", f"no Dask scheduler answers at {address}: {error}") from error
    return DaskExecutor(client)


class DaskExecutor:
    """``submit`` over a Dask client; ``close`` disconnects from the cluster, which goes on."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def submit(self, call: Callable[..., Any], *args: Any) -> Any:
        """A Dask future: ``pure=False``, because equal calls are to be made again where they are asked for again."""
        return self.client.submit(call, *args, pure=False, retries=_TRIES)

    def close(self) -> None:
        """Disconnect."""
        self.client.close()
