"""A report on a terminal while it is made: what is known is shown at once, and what still runs is named in a line below it.

Rich's Live writes a draft over by the next one; the finished report is written once, as a pipe would get it. What would not fit
the screen, or a line that is longer than it is wide, is not drafted: the cursor reaches every line, and no number is cut.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from calcgrad.cli.output import Output
from calcgrad.cli.pace import fitting, waiting
from calcgrad.cli.progress import Interrupted, looking_on
from calcgrad.comparing.compute import Request, compute, stages
from calcgrad.debug import debugging
from calcgrad.render import renderer
from calcgrad.render.diagnostic import text_width
from calcgrad.render.layout import ready
from calcgrad.report.derivatives import Report

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live

#: How often a second the draft is drawn anew, for the seconds that it tells.
_A_SECOND = 2.0


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
    """Lines that were written, and one below them that says what still runs, with the seconds it has taken.

    The first draft is written as it is; rich draws the next, for by then there is time to import it.
    """

    def __init__(self, place: Output) -> None:
        self.place = place
        self._draft: Draft | None = None
        self._live: Live | None = None

    def show(self, text: str, status: str = "") -> None:
        """Show a text in place of the one before; with a ``status`` it is a draft, and of the last one every line stands."""
        before = self._draft
        if not status:
            self._take_away()
            self.place.write(text)
            return
        self._draft = Draft(self._reachable(text.rstrip("\n").split("\n")), status, time.monotonic())
        if before is None:
            said = fitting(self._draft.said(), self._size()[0] - 1)
            self.place.write("".join(f"{line}\n" for line in self._draft.lines) + said)
        elif self._live is None:
            self._live = self._begun(before)
        else:
            self._live.refresh()

    def _begun(self, before: Draft) -> Live:
        """From here on rich draws, in place of the draft before, and tells the seconds."""
        from rich.console import Console
        from rich.live import Live

        import calcgrad.cli.counting  # noqa: F401  (all that drawing needs, before anything is taken away)

        columns, rows = self._size()
        live = Live(
            console=Console(
                file=self.place.stream,
                width=columns,
                height=rows,
                force_terminal=True,
                color_system="standard",
            ),
            transient=True,
            refresh_per_second=_A_SECOND,
            redirect_stdout=False,
            redirect_stderr=False,
            get_renderable=self._drawn,
        )
        self._erase(before)
        live.start(refresh=True)
        return live

    def _drawn(self) -> RenderableType:
        from rich.console import Group
        from rich.text import Text

        from calcgrad.cli.counting import Fitting

        lines, said = (self._draft.lines, self._draft.said()) if self._draft is not None else ((), [])
        return Group(*[Text.from_ansi(line, no_wrap=True) for line in lines], Fitting(said))

    def _take_away(self) -> None:
        """Take the draft away, whoever has drawn it."""
        draft, live = self._draft, self._live
        if live is not None:
            live.stop()
        elif draft is not None:
            self._erase(draft)
        self._draft = self._live = None

    def _erase(self, draft: Draft) -> None:
        up = f"\x1b[{len(draft.lines)}A" if draft.lines else ""
        self.place.write(f"\r{up}\x1b[J")

    def _reachable(self, lines: Sequence[str]) -> tuple[str, ...]:
        """The lines from the first that fit the screen, with room for the status."""
        columns, rows = self._size()
        fits = takewhile(lambda line: text_width(_bare(line)) <= columns, lines)
        return tuple(fits)[: max(rows - 2, 0)]

    def _size(self) -> tuple[int, int]:
        with suppress(OSError, ValueError):
            columns, rows = os.get_terminal_size(self.place.stream.fileno())
            return columns or 80, rows or 24  # a terminal that was never told its size says 0
        return 80, 24

    def close(self) -> None:
        """Where a draft still stands, leave its lines, which are known, and take the rest away."""
        draft = self._draft
        self._take_away()
        if draft is not None:
            self.place.write("".join(f"{line}\n" for line in draft.lines))


class Draft(NamedTuple):
    """The lines of a report that is not finished, and what still runs since when."""

    lines: tuple[str, ...]
    status: str
    since: float

    def said(self) -> list[str]:
        """What is said of what still runs, in fewer and fewer words."""
        return waiting(self.status, time.monotonic() - self.since)


def _bare(line: str) -> str:
    """A line without its colours."""
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", line)
