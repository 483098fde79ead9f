"""The user's own code, run: what it prints is no part of a report."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def running_users_code() -> Iterator[None]:
    """Within this, what is printed goes to standard error, where the main thread prints it.

    Standard output is the whole process's: two threads that turn it away and back could leave it turned away for good.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with contextlib.redirect_stdout(sys.stderr):
        yield
