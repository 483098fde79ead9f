"""A piece of work in a child process: what it says comes back through a pipe, and it ends with its time."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

#: A mutant that asks for all memory is stopped here, in bytes.
MEMORY = 12 << 30
#: Seconds by the clock for each second of the processor, on a machine that others use too.
PATIENCE = 40
DONE = {"done": True}


def forked(
    work: Callable[[Callable[[dict[str, Any]], None]], None], seconds: float, log: Path
) -> list[dict[str, Any]] | None:
    """What ``work`` said in a child of its own, in order; None when it took more than so many seconds of the processor.

    The child is a session of its own, so that whatever it started ends with it. What it prints goes to ``log``.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _work(work, seconds, log, write)
    os.close(write)
    said, late = _listen(read, monotonic() + PATIENCE * seconds + 60)
    if late:
        _end(child)
    _, status = os.waitpid(child, 0)
    _end(child)  # what it left running
    if late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)):
        return None
    return said + ([] if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0 else [{"died": status}])


def _work(
    work: Callable[[Callable[[dict[str, Any]], None]], None], seconds: float, log: Path, write: int
) -> None:
    code = 1
    try:
        os.setsid()
        limit = int(seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        there = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(there, 1)
        os.dup2(there, 2)
        work(lambda record: _say(write, record))
        _say(write, DONE)
        code = 0
    except BaseException as error:  # the child of a fork must never go on as its parent would
        print(repr(error), file=sys.stderr)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _say(write: int, record: dict[str, Any]) -> None:
    line = json.dumps(record).encode() + b"\n"
    while line:
        line = line[os.write(write, line) :]


def _listen(read: int, until: float) -> tuple[list[dict[str, Any]], bool]:
    """All lines until the last, or until the pipe is closed (a grandchild may hold it open), and whether that took too long."""
    data, last = b"", json.dumps(DONE).encode() + b"\n"
    while True:
        ready, _, _ = select.select([read], [], [], max(0.0, until - monotonic()))
        piece = os.read(read, 1 << 16) if ready else b""
        data += piece
        if not piece or data.endswith(last):
            os.close(read)
            return [json.loads(line) for line in data.removesuffix(last).splitlines()], not ready


def _end(child: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
