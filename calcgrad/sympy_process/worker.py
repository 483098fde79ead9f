"""The worker: ``python -m calcgrad.sympy_process.worker MEMORY``. JSON lines in, JSON lines out, one answer
a request, in order.

It leads a session of its own (Ctrl-C in the terminal is the parent's), limits its own memory, and ends when
its standard input ends, also in the middle of a computation. Nothing but answers reaches standard output.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from typing import Any

_STACK = 112 << 20  # Linux keeps 128 MB of address space free for the main thread's stack
_FRAMES = 20_000


def _limit_resources(memory: int) -> None:
    """Address space, stack and depth of recursion, as far as the system has such limits."""
    try:
        import resource
    except ImportError:
        return
    _lower(resource.RLIMIT_AS, memory)
    if sys.platform == "linux" and _lower(resource.RLIMIT_STACK, _STACK):
        sys.setrecursionlimit(_FRAMES)


def _lower(which: int, wanted: int) -> bool:
    """Set a soft limit within the hard one; whether the wanted one could be set."""
    import resource

    _, hard = resource.getrlimit(which)
    granted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(which, (granted, hard))
    except (ValueError, OSError):
        return False
    return granted == wanted


def _end_with_the_parent() -> None:
    """A thread that ends this process when the other end of standard input closes, even while SymPy works."""
    import select
    import threading

    if not hasattr(select, "poll"):
        return
    hangup = select.poll()
    hangup.register(0, 0)

    def watch() -> None:
        while not any(event & (select.POLLHUP | select.POLLERR) for _, event in hangup.poll()):
            time.sleep(0.05)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def _last_resort(seconds: float) -> None:
    """Have the kernel end a process that is deep in one long operation on integers and hears no signal."""
    import signal

    if hasattr(signal, "ITIMER_PROF"):
        signal.setitimer(signal.ITIMER_PROF, 2 * seconds + 5)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one request, or as much of it as there was time and memory for."""
    from calcgrad.sympy_process.deadlines import OutOfTime, limited

    reply: dict[str, Any] = {"status": "ok", "note": None}
    began = time.perf_counter()
    try:
        limited(request["limit"], _handlers()[request["do"]], request, reply)
    except OutOfTime:
        import sympy

        sympy.core.cache.clear_cache()
        reply |= {"status": "timeout", "note": f"none within {request['limit']:g} s"}
    except MemoryError:
        reply |= {"status": "none", "note": "SymPy needed more memory than it may have", "restart": True}
    except Exception as error:  # said to the user: the note of the answer
        from calcgrad.sympy_process.differentiating import failure

        reply |= {"status": "none", "note": failure(error)}
    reply["seconds"] = time.perf_counter() - began
    return reply


def _handlers() -> dict[str, Any]:
    from calcgrad.sympy_process import differentiating, limiting, proving, solving

    return {
        "echo": lambda request, reply: reply.update(request),
        "differentiate": differentiating.answer,
        "prove": proving.answer,
        "limit": limiting.answer,
        "solve": solving.answer,
    }


def _serve() -> None:
    import json

    output = os.dup(1)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)

    def send(message: dict[str, Any]) -> None:
        data = json.dumps(message, separators=(",", ":"), default=str).encode() + b"\n"
        while data:
            data = data[os.write(output, data) :]

    try:
        import sympy

        from calcgrad.sympy_process import deadlines, rules

        deadlines.install()
        rules.install()
        _handlers()
    except ImportError as error:
        send({"failed": f"SymPy's process cannot start: {error}"})
        return
    sys.set_int_max_str_digits(0)
    gc.freeze()
    gc.enable()
    send({"ready": sympy.__version__})
    with open(0, "rb", closefd=False) as requests:
        for line in requests:
            request = json.loads(line)
            _last_resort(request["limit"])
            send(_answer(request))


def main() -> None:
    """Serve until standard input ends."""
    gc.disable()  # importing SymPy makes a million objects that stay
    if hasattr(os, "setsid"):
        os.setsid()
    _limit_resources(int(sys.argv[1]))
    _end_with_the_parent()
    _serve()
    os._exit(0)


if __name__ == "__main__":
    main()
