"""A report on a terminal while it is made: what is known is shown at once, and what still runs is named in a line below it.

A draft is written over by the next one from the first line that differs, so that nothing flickers that stays. What would not
fit the screen, or a line that is longer than it is wide, is not drafted: no line is moved that the cursor cannot reach.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from itertools import takewhile

from calcgrad.cli.output import Output
from calcgrad.cli.progress import Interrupted, fitting, looking_on
from calcgrad.comparing.compute import Request, compute, stages
from calcgrad.debug import debugging
from calcgrad.render import renderer
from calcgrad.render.diagnostic import text_width
from calcgrad.render.layout import ready
from calcgrad.report import Report

_TICK = 0.5


def computed(request: Request, place: Output, format: str, quiet: bool) -> Report:
    """The report of a request, written: in drafts on a terminal, in one piece elsewhere."""
    draw = renderer(format)
    if format != "table" or quiet or not can_draft(place) or request.function is not None:
        if format == "table" and request.at and not quiet:
            ready()  # while SymPy's process starts, which takes longer
        with looking_on(quiet):
            report = compute(request)
        place.write(draw(report, place.style))
        return report
    screen = Screen(place)
    pending = ""
    try:
        for number, stage in enumerate(stages(request)):
            pending = stage.pending
            # The first lines are plain, and stand before rich is imported, which draws the colours.
            plain = number == 0 and bool(pending)
            style = place.style._replace(draft=bool(pending), color=place.style.color and not plain)
            screen.show(draw(stage.report, style), pending)
    except KeyboardInterrupt:
        raise Interrupted(_unfinished(pending)) from None
    finally:
        screen.close()
    return stage.report


def _unfinished(pending: str) -> str:
    if not pending:
        return "interrupted before anything was known; nothing was written"
    return f"interrupted: {pending}; what stands above was found without it, and nothing else was written"


def can_draft(place: Output) -> bool:
    """Whether lines can be written over: on a terminal that knows how, and where nobody asked for plain text."""
    plain = os.name != "posix" or not place.style.color or any(map(debugging, ("tape", "verdict")))
    return place.stream.isatty() and not plain


class Screen:
    """Lines that were written, and one below them that says what still runs, with the seconds it has taken."""

    def __init__(self, place: Output) -> None:
        self.place = place
        self.lines: list[str] = []
        self.status = ""
        self._since = time.monotonic()
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._clock: threading.Thread | None = None

    def show(self, text: str, status: str = "") -> None:
        """Show a text in place of the one before; with a ``status`` it is a draft, and of the last one every line stands."""
        lines = text.rstrip("\n").split("\n")
        if status:
            lines = self._reachable(lines)
        with self._lock:
            same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(self.lines, lines, strict=False))))
            up = len(self.lines) - same
            before = "\r" + (f"\x1b[{up}A" if up else "") + "\x1b[J" if self.lines or self.status else ""
            self.lines, self.status, self._since = lines, status, time.monotonic()
            self.place.write(before + "".join(f"{line}\n" for line in lines[same:]) + self._said())
        if status and self._clock is None:
            self._clock = threading.Thread(target=self._tick, daemon=True)
            self._clock.start()

    def _reachable(self, lines: list[str]) -> list[str]:
        """The lines from the first that fit the screen, with room for the status."""
        columns, rows = self._size()
        fits = takewhile(lambda line: text_width(_bare(line)) <= columns, lines)
        return list(fits)[: max(rows - 2, 0)]

    def _size(self) -> tuple[int, int]:
        with suppress(OSError, ValueError):
            columns, rows = os.get_terminal_size(self.place.stream.fileno())
            return columns or 80, rows or 24  # a terminal that was never told its size says 0
        return 80, 24

    def _said(self) -> str:
        if not self.status:
            return ""
        seconds = time.monotonic() - self._since
        texts = [f"... {self.status}, {seconds:.0f} s"] if seconds >= 1 else []
        texts += [f"... {self.status}", "..."]
        return fitting(texts, self._size()[0] - 1)

    def _tick(self) -> None:
        while not self._done.wait(_TICK):
            with self._lock:
                if self.status:
                    self.place.write(f"\r\x1b[K{self._said()}")

    def close(self) -> None:
        """End the clock, and take the status away where one still stands."""
        self._done.set()
        if self._clock is not None:
            self._clock.join()
        if self.status:
            self.status = ""
            self.place.write("\r\x1b[K")


def _bare(line: str) -> str:
    """A line without its colours."""
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", line)
