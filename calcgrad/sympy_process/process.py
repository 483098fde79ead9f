"""The worker's process, seen from the parent: started early, asked in JSON lines, killed when it must be.

This module imports next to nothing, because it is the first of all to be imported: ``start()`` spawns the
worker, and only then the parent imports the rest. Requests are written ahead while they fit a pipe's buffer,
so that the worker never waits for the parent, and answers are read by a thread of their own. A timeout is
counted from the moment when the worker could begin with the request: its ready line, or its answer to the
request before.
"""

from __future__ import annotations

import os
import sys
import time
from _thread import RLock

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    import threading
    from collections.abc import Iterable, Iterator
    from queue import SimpleQueue
    from typing import Any, TypeAlias

    Event: TypeAlias = tuple[float, bytes]

MEMORY_LIMIT = 4 << 30
START_LIMIT = 60.0
GRACE = 0.5  # the worker stops by itself when the time is up; only when it does not is it killed
_AHEAD = 16_000  # bytes written ahead of the worker: less than the smallest buffer of a pipe
_WORKER = "calcgrad.sympy_process.worker"


class Pending:
    """A request that was sent: ``answer`` is there when ``result()`` returns."""

    __slots__ = ("_client", "answer", "line", "timeout", "tries", "until")

    def __init__(self, client: Client, line: bytes, timeout: float) -> None:
        self._client = client
        self.line = line
        self.timeout = timeout
        self.tries = 0
        self.until = float("inf")
        self.answer: dict[str, Any] | None = None

    def result(self, within: float | None = None) -> dict[str, Any]:
        """Wait for the answer; its ``status`` is ``timeout`` when the time is up, ``none`` when SymPy failed.

        ``within`` so many seconds from now (and the grace) the time is up in any case, also where the worker is not ready yet.
        """
        if within is not None:
            self.until = time.monotonic() + within + GRACE
        return self._client._wait_for(self)


class Client:
    """One worker process, started when first needed and again after it was killed or died.

    ``memory`` limits its address space, in bytes, where the system can. Safe to use from several threads.

    >>> with Client() as client:
    ...     client.request({"do": "echo", "text": "hello"}, timeout=5)["text"]
    'hello'
    """

    def __init__(self, memory: int = MEMORY_LIMIT, start_limit: float = START_LIMIT) -> None:
        self._memory = memory
        self._start_limit = start_limit
        self._worker: _Worker | None = None
        self._lock = RLock()
        self._waiting: list[Pending] = []
        self._written = 0  # how many requests at the head of the queue the worker has been sent
        self._head_since = 0.0

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The worker's process id, if there is one."""
        return self._worker.pid if self._worker else None

    def start(self) -> None:
        """Spawn the worker if there is none. Does not wait for it. Raises ``OSError`` where that is impossible."""
        if self._worker is None:
            self._worker = _Worker(self._memory)
            self._written = 0
            self._head_since = self._worker.born

    def close(self) -> None:
        """Kill the worker and wait until it is gone. What was asked is asked again of the next one."""
        worker, self._worker = self._worker, None
        self._written = 0
        if worker is not None:
            worker.kill()

    def request(self, message: dict[str, Any], timeout: float) -> dict[str, Any]:
        """Send one request and wait for its answer (see ``Pending.result``)."""
        return self.send(message, timeout).result()

    def requests(self, messages: Iterable[dict[str, Any]], timeout: float) -> Iterator[dict[str, Any]]:
        """Answers in order, with requests sent ahead so that the worker never waits for the parent."""
        ahead: list[Pending] = []
        for message in messages:
            ahead.append(self.send(message, timeout))
            if len(ahead) > 32:
                yield ahead.pop(0).result()
        for pending in ahead:
            yield pending.result()

    def send(self, message: dict[str, Any], timeout: float) -> Pending:
        """Send a request, starting the worker if need be, and return at once."""
        import json

        line = json.dumps({**message, "limit": timeout}, separators=(",", ":")).encode() + b"\n"
        with self._lock:
            pending = Pending(self, line, timeout)
            self._waiting.append(pending)
            self._write_ahead()
        return pending

    def _abandon(self) -> None:
        if self._worker is not None:
            self._worker.abandon()
        self._worker = None

    def _write_ahead(self) -> None:
        """Write requests while they fit the pipe's buffer: writing never blocks. A longer one goes alone."""
        try:
            self.start()
        except OSError as error:
            self._fail_all(f"SymPy's process cannot be started: {error}")
            return
        assert self._worker is not None
        self._worker.listen()
        under_way = 0
        for place, pending in enumerate(self._waiting):
            under_way += len(pending.line)
            if place < self._written:
                continue
            if place > 0 and under_way > _AHEAD:
                return
            if place == 0:
                self._head_since = time.monotonic()
                if len(pending.line) > _AHEAD and not self._worker.ready:
                    return  # it would block until the worker has imported SymPy
            if not self._worker.write(pending.line):
                return
            self._written += 1

    def _wait_for(self, wanted: Pending) -> dict[str, Any]:
        with self._lock:
            while wanted.answer is None:
                self._write_ahead()
                if self._worker is None:
                    continue
                event = self._worker.next_event(min(self._deadline(), wanted.until) - time.monotonic())
                if event is None and time.monotonic() >= wanted.until:
                    self._given_up(wanted)
                elif event is None:
                    self._out_of_time()
                elif event[1]:
                    self._received(*event)
                else:
                    self._gone()
            return wanted.answer

    def _deadline(self) -> float:
        assert self._worker is not None
        if not self._worker.ready:
            return self._worker.born + self._start_limit
        return max(self._head_since, self._worker.ready) + self._waiting[0].timeout + GRACE

    def _given_up(self, wanted: Pending) -> None:
        """Nobody waits for this request any longer. A worker that still starts is left to it, and answers in vain later: killed,
        it would have to begin again for the next request, and be late again.
        """
        assert self._worker is not None
        wanted.answer = {"status": "timeout", "note": f"none within {wanted.timeout:g} s"}
        if self._waiting.index(wanted) < self._written:
            if not self._worker.ready:
                return
            self.close()
        self._waiting.remove(wanted)

    def _out_of_time(self) -> None:
        assert self._worker is not None
        starting = not self._worker.ready
        self.close()
        if starting:
            self._fail_all(f"SymPy's process did not start within {self._start_limit:g} s")
        else:
            head = self._waiting.pop(0)
            head.answer = {"status": "timeout", "note": f"none within {head.timeout:g} s"}

    def _gone(self) -> None:
        """The worker died. The request that it was at is tried once more; before its ready line all fail."""
        assert self._worker is not None
        ready = self._worker.ready
        self.close()
        if not ready:
            self._fail_all("SymPy's process ended before it was ready")
            return
        head = self._waiting[0]
        head.tries += 1
        if head.tries > 1:
            head.answer = {"status": "none", "note": "SymPy's process died over this, twice"}
            self._waiting.pop(0)

    def _fail_all(self, why: str) -> None:
        for pending in self._waiting:
            pending.answer = {"status": "none", "note": why}
        self._waiting.clear()

    def _received(self, when: float, line: bytes) -> None:
        import json

        assert self._worker is not None
        answer = json.loads(line)
        if "ready" in answer:
            self._worker.ready = when
            return
        if "failed" in answer:
            self.close()
            self._fail_all(answer["failed"])
            return
        self._waiting.pop(0).answer = answer
        self._written -= 1
        self._head_since = when
        if answer.get("restart"):
            self.close()


class _Worker:
    """One process and its two pipes. ``ready`` is when it said so, 0 before that."""

    def __init__(self, memory: int) -> None:
        self.born = time.monotonic()
        self.ready = 0.0
        argv = [sys.executable, "-P", "-W", "ignore", "-m", _WORKER, str(memory)]
        self._popen: subprocess.Popen[bytes] | None = None
        self._events: SimpleQueue[Event] | None = None
        self._reader: threading.Thread | None = None
        if hasattr(os, "posix_spawn"):
            self._spawn(argv)
        else:
            self._open(argv)

    def _spawn(self, argv: list[str]) -> None:
        """Spawn without ``subprocess``, whose import alone costs more than the spawn."""
        child_in, self._in = os.pipe()
        self._out, child_out = os.pipe()
        null = os.open(os.devnull, os.O_WRONLY)
        actions = [(os.POSIX_SPAWN_DUP2, child_in, 0), (os.POSIX_SPAWN_DUP2, child_out, 1)]
        actions.append((os.POSIX_SPAWN_DUP2, null, 2))
        try:
            self.pid = os.posix_spawn(sys.executable, argv, child_environment(), file_actions=actions)
        except OSError:
            self.abandon()
            raise
        finally:
            for fd in (child_in, child_out, null):
                os.close(fd)

    def _open(self, argv: list[str]) -> None:
        import subprocess

        pipe = subprocess.PIPE
        self._popen = subprocess.Popen(
            argv, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, bufsize=0, env=child_environment()
        )
        assert self._popen.stdin
        assert self._popen.stdout
        self.pid = self._popen.pid
        self._in, self._out = self._popen.stdin.fileno(), self._popen.stdout.fileno()

    def write(self, data: bytes) -> bool:
        """Write; False when the worker is gone (its end is then among the events)."""
        try:
            while data:
                data = data[os.write(self._in, data) :]
        except OSError:
            return False
        return True

    def next_event(self, timeout: float) -> Event | None:
        """The next line and when it came, ``None`` when none came in time. An empty one is the worker's end."""
        from queue import Empty

        try:
            return self.listen().get(timeout > 0, timeout)
        except Empty:
            return None

    def listen(self) -> SimpleQueue[Event]:
        """The lines that come, read by a thread from now on."""
        if self._events is None:
            import threading
            from queue import SimpleQueue

            self._events = SimpleQueue()
            self._reader = threading.Thread(target=_read, args=(self._out, self._events), daemon=True)
            self._reader.start()
        return self._events

    def kill(self) -> None:
        """End the process and wait for it: no zombie and no open pipe is left."""
        os.close(self._in)
        if self._popen is not None:
            self._popen.kill()
            self._popen.wait()
        else:
            _kill_group(self.pid)
            _reap(self.pid)
        if self._reader is not None:
            self._reader.join()
        os.close(self._out)

    def abandon(self) -> None:
        """In a forked child the worker belongs to the parent: close our copies of its pipes, and no more."""
        os.close(self._in)
        os.close(self._out)


def _read(source: int, events: SimpleQueue[Event]) -> None:
    """The reader's thread: lines, and when each came, until the worker's end of the pipe closes."""
    rest = b""
    while True:
        try:
            data = os.read(source, 1 << 16)
        except OSError:
            data = b""
        now = time.monotonic()
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            events.put((now, line))
        if not data:
            events.put((now, b""))
            return


def _kill_group(pid: int) -> None:
    """The worker leads a group of its own as soon as it runs; just before that it is killed alone."""
    import signal

    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except OSError:
            continue
        return


def _reap(pid: int) -> None:
    """Wait for a killed child, unless the program has given its children away (it ignores SIGCHLD, say)."""
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        return


def child_environment() -> dict[str, str]:
    """The environment, with the place of this package when it is not where Python would find it.

    The order of SymPy's terms hangs on hashes in places; with a fixed seed a formula is the same on each run.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    root = os.path.dirname(package)
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    if os.path.basename(root) not in {"site-packages", "dist-packages"}:
        old = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = f"{old}{os.pathsep}{root}" if old else root
    return environment


_shared: Client | None = None


def shared() -> Client:
    """The one client of this program; its worker is killed when the program ends."""
    global _shared
    if _shared is None:
        import atexit

        _shared = Client()
        atexit.register(_shared.close)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_forget)
    return _shared


def _forget() -> None:
    global _shared
    if _shared is not None:
        _shared._abandon()
        _shared = None


def start() -> None:
    """Spawn the shared worker now: it imports SymPy while this program imports the rest. Does not wait.

    A worker that cannot be spawned is not reported here but in the answer to the first request.
    """
    try:
        shared().start()
    except OSError:
        return
