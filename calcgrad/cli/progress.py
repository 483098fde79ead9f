"""How far a long run has come: one line on standard error, where that is a terminal, once it takes longer than a second.

The line is rich's: :mod:`calcgrad.cli.counting` draws it, and is imported when there is something to draw.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from calcgrad.progress import watched

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.live import Live

    from calcgrad.cli.counting import Counts

#: Seconds before anything is shown, and between two lines.
PATIENCE = 1.0
_EVERY = 0.1


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, with a line to be said of it: what was done, what was written, how to go on."""


class Line:
    """A line below all that is printed meanwhile, drawn anew at most ten times a second, and taken away in the end."""

    def __init__(self) -> None:
        self._live: Live | None = None
        self._drawn = 0.0

    def show(self, told: RenderableType) -> None:
        """Show it, unless the last one was shown just now."""
        now = time.monotonic()
        if now - self._drawn < _EVERY:
            return
        self._drawn = now
        if self._live is None:
            from rich.live import Live

            self._live = Live(
                console=terminal(),
                auto_refresh=False,
                transient=True,
                redirect_stdout=sys.stdout.isatty(),  # what goes to a file or a pipe goes on there
            )
            self._live.start()
        self._live.update(told, refresh=True)

    def close(self) -> None:
        """Take the line away."""
        if self._live is not None:
            self._live.stop()
            self._live = None


class Progress:
    """Counts, and shows the count at most ten times a second; nothing when ``quiet`` or not on a terminal."""

    def __init__(self, total: int | None = None, quiet: bool = False, what: str = "") -> None:
        self._total = total
        self.what = what
        self.done = 0
        self._begun = self._drawn = time.monotonic()
        self._waiting = 0.0
        self._counts: Counts | None = None
        self._lock = threading.Lock()
        self.on = sys.stderr.isatty() and not quiet

    def tick(self) -> None:
        """One more is done."""
        self.tell(self.what, self.done + 1, self._total)

    def tell(self, what: str, done: int, total: int | None) -> None:
        """So many are done of something; where that is something new, its count begins here."""
        now = time.monotonic()
        if what != self.what or done < self.done:
            self._waiting = now if total == 0 else 0.0
        self.what, self.done, self._total = what, done, total
        if self.on and total != 0 and now - self._begun > PATIENCE and now - self._drawn > _EVERY:
            self._drawn = now
            self._counting().tell(what, done, total)

    def keep_time(self, done: threading.Event) -> None:
        """While something is waited for, that can tell no count, show how long."""
        while not done.wait(0.5):
            now = time.monotonic()
            if self._waiting and now - self._waiting > PATIENCE:
                self._drawn = now
                self._counting().wait(self.what, now - self._waiting)

    def _counting(self) -> Counts:
        with self._lock:
            if self._counts is None:
                from calcgrad.cli.counting import Counts

                self._counts = Counts(terminal(), redirect_stdout=sys.stdout.isatty())
                self._counts.start()
            return self._counts

    def close(self) -> None:
        """Take the line away."""
        if self._counts is not None:
            self._counts.stop()
            self._counts = None


@contextmanager
def looking_on(quiet: bool = False) -> Iterator[Progress]:
    """Show how far all that is counted inside has come; what is waited for is shown with the seconds it takes."""
    progress = Progress(quiet=quiet)
    done = threading.Event()
    clock = threading.Thread(target=progress.keep_time, args=(done,), daemon=True)
    if progress.on:
        clock.start()
    try:
        with watched(progress.tell):
            yield progress
    finally:
        done.set()
        if progress.on:
            clock.join()
        progress.close()


def terminal() -> Console:
    """Standard error as rich sees it, one column narrower, so that a full line does not begin another."""
    from rich.console import Console

    return Console(
        file=sys.stderr, width=width_of_terminal(), height=25, force_terminal=True, highlight=False
    )


def width_of_terminal() -> int:
    """How long a line on standard error may be."""
    try:
        return max(os.get_terminal_size(sys.stderr.fileno()).columns - 1, 1)
    except (OSError, ValueError):
        return 79
