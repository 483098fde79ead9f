"""How far a long run has come: one line on standard error, where that is a terminal, once it takes longer than a second."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from calcgrad.progress import watched

#: Seconds before anything is shown, between two lines, and over which the rate is taken.
PATIENCE = 1.0
_EVERY = 0.1
_LATELY = 5.0
_BAR = 24


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, with a line to be said of it: what was done, what was written, how to go on."""


class Progress:
    """Counts, and shows the count at most ten times a second; nothing when ``quiet`` or not on a terminal."""

    def __init__(self, total: int | None = None, quiet: bool = False, what: str = "") -> None:
        self._total = total
        self.what = what
        self.done = 0
        self._begun = self._drawn = time.monotonic()
        self._lately: deque[tuple[float, int]] = deque([(self._begun, 0)])
        self._shown = False
        self._waiting = 0.0
        self.on = sys.stderr.isatty() and not quiet

    def tick(self) -> None:
        """One more is done."""
        self.tell(self.what, self.done + 1, self._total)

    def tell(self, what: str, done: int, total: int | None) -> None:
        """So many are done of something; where that is something new, its count begins here."""
        now = time.monotonic()
        if what != self.what or done < self.done:
            self._lately = deque([(now, done)])
            self._waiting = now if total == 0 else 0.0
        self.what, self.done, self._total = what, done, total
        if self.on and total != 0 and now - self._begun > PATIENCE and now - self._drawn > _EVERY:
            self._draw(now)

    def keep_time(self, done: threading.Event) -> None:
        """While something is waited for, that can tell no count, show how long."""
        while not done.wait(0.5):
            now = time.monotonic()
            if self._waiting and now - self._waiting > PATIENCE:
                self._drawn, self._shown = now, True
                texts = [f"... {self.what}, {now - self._waiting:.0f} s", f"... {self.what}", "..."]
                sys.stderr.write(f"\r\x1b[K{fitting(texts, width_of_terminal())}")
                sys.stderr.flush()

    def _draw(self, now: float) -> None:
        self._lately.append((now, self.done))
        while len(self._lately) > 2 and now - self._lately[0][0] > _LATELY:
            self._lately.popleft()
        self._drawn, self._shown = now, True
        sys.stderr.write(f"\r\x1b[K{self.line(width_of_terminal())}")
        sys.stderr.flush()

    def line(self, width: int) -> str:
        """The line that is shown: a bar where the total is known, the count, the rate of late, the time that is left.

        On a narrow screen parts are left out; no number is ever cut.
        """
        (then, before), (now, done) = self._lately[0], self._lately[-1]
        rate = (done - before) / (now - then) if now > then else 0.0
        what = f" {self.what}" if self.what else ""
        pace = f", {pace_of(rate)}" if rate else ""
        if not self._total:
            return fitting([f"{self.done}{what}{pace}", f"{self.done}{what}", str(self.done)], width)
        full = _BAR * self.done // self._total
        bar = f"[{'#' * full}{'.' * (_BAR - full)}] "
        count = f"{self.done}/{self._total}"
        left = f", {duration((self._total - self.done) / rate)} left" if rate else ""
        return fitting(
            [
                bar + count + what + pace + left,
                count + what + pace + left,
                count + what + left,
                count + left,
                count,
            ],
            width,
        )

    def close(self) -> None:
        """Take the line away."""
        if self._shown:
            self._shown = False
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


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


def width_of_terminal() -> int:
    """How long a line on standard error may be."""
    try:
        return max(os.get_terminal_size(sys.stderr.fileno()).columns - 1, 1)
    except (OSError, ValueError):
        return 79


def fitting(texts: Sequence[str], width: int) -> str:
    """The first text that is not longer than the width; nothing where all are.

    >>> fitting(["120/540 proofs, 12 a second", "120/540 proofs", "120/540"], 20), fitting(["120/540"], 5)
    ('120/540 proofs', '')
    """
    return next((text for text in texts if len(text) <= width), "")


def pace_of(rate: float) -> str:
    """So many a second.

    >>> pace_of(0.25), pace_of(1234.5)
    ('0.2 a second', '1234 a second')
    """
    return f"{rate:.0f} a second" if rate >= 9.5 else f"{rate:.1f} a second"


def duration(seconds: float) -> str:
    """A time to wait, in words.

    >>> duration(0.3), duration(75), duration(9000)
    ('1 s', '75 s', '150 min')
    """
    return f"{max(seconds, 1):.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
