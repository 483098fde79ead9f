"""How far a long run has come: one line on standard error, where that is a terminal."""

from __future__ import annotations

import sys
import time

_EVERY = 0.1
_BAR = 24


class Progress:
    """Counts, and shows the count at most ten times a second; nothing when ``quiet`` or not on a terminal."""

    def __init__(self, total: int | None = None, quiet: bool = False, what: str = "") -> None:
        self._total = total
        self._what = what
        self._done = 0
        self._shown = 0.0
        self._begun = time.monotonic()
        self._on = sys.stderr.isatty() and not quiet

    def tick(self) -> None:
        """One more is done."""
        self._done += 1
        if self._on and time.monotonic() - self._shown > _EVERY:
            self._shown = time.monotonic()
            sys.stderr.write(f"\r\x1b[K{self.line()}")
            sys.stderr.flush()

    def line(self) -> str:
        """The line that is shown: a bar where the total is known, the count, the rate."""
        rate = self._done / max(time.monotonic() - self._begun, 1e-9)
        tail = f"{self._what}, {rate:.0f} a second" if self._what else f", {rate:.0f} a second"
        if not self._total:
            return f"{self._done}{tail}"
        full = _BAR * self._done // self._total
        return f"[{'#' * full}{'.' * (_BAR - full)}] {self._done}/{self._total}{tail}"

    def close(self) -> None:
        """Take the line away."""
        if self._on:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
