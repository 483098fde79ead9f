"""A count drawn by rich: a bar where the total is known, the count, the rate of late, the time that is left.

On a narrow screen parts are left out; no number is ever cut, as a column of rich's own would be.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.progress import Progress, Task
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from calcgrad.cli.pace import duration, fitting, pace_of, waiting

#: Seconds over which the rate is taken.
_LATELY = 5.0
_BAR = 24


class Counts(Progress):
    """One count at a time, or something that is waited for."""

    def __init__(self, console: Console, redirect_stdout: bool) -> None:
        super().__init__(
            console=console,
            auto_refresh=False,
            transient=True,
            speed_estimate_period=_LATELY,
            redirect_stdout=redirect_stdout,
            get_time=time.monotonic,
        )

    def tell(self, what: str, done: int, total: int | None) -> None:
        """So many are done; the rate of something new begins here."""
        known = next((t for t in self.tasks if t.description == what and t.completed <= done), None)
        if known is None:
            for task in self.tasks:
                self.remove_task(task.id)
            self.add_task(what, total=total, completed=done)
            self.refresh()
        else:
            self.update(known.id, total=total, completed=done, refresh=True)

    def wait(self, what: str, seconds: float) -> None:
        """Something takes its time."""
        for task in self.tasks:
            self.remove_task(task.id)
        self.add_task(what, total=None, waited=seconds)
        self.refresh()

    def get_renderables(self) -> Iterator[RenderableType]:
        """The line of each task, of which there is one."""
        for task in self.tasks:
            waited = task.fields.get("waited")
            yield Counted(task) if waited is None else Fitting(waiting(task.description, waited))


@dataclass(frozen=True, slots=True)
class Fitting:
    """The first of some texts that fits the line."""

    texts: Sequence[str]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Rich's way to ask for it."""
        yield Text(fitting(self.texts, options.max_width), no_wrap=True)


@dataclass(frozen=True, slots=True)
class Counted:
    """A task as a line."""

    task: Task

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Rich's way to ask for it."""
        task, (longest, *_) = self.task, self.texts()
        if not task.total or _BAR + 1 + len(longest) > options.max_width:
            yield Text(fitting(self.texts(), options.max_width), no_wrap=True)
            return
        row = Table.grid(padding=(0, 1, 0, 0))
        bar = ProgressBar(total=task.total, completed=task.completed, width=_BAR)
        row.add_row(bar, Text(longest, no_wrap=True))
        yield row

    def texts(self) -> list[str]:
        """What is told, in fewer and fewer words."""
        task = self.task
        what = f" {task.description}" if task.description else ""
        pace = f", {pace_of(task.speed)}" if task.speed else ""
        left = f", {duration(task.time_remaining)} left" if task.time_remaining else ""
        done = f"{task.completed:.0f}"
        if not task.total:
            return [done + what + pace, done + what, done]
        count = f"{done}/{task.total:.0f}"
        return [count + what + pace + left, count + what + left, count + left, count]
