"""``--timeout``: the time that the whole answer of a command may take, with one meaning in all of them.

What is known when the time is up is shown, where a part of the answer stands by itself; where nothing is known, the command
ends with the error E902 and exit code 4.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Annotated, TypeVar

import typer

from calcgrad.comparing.options import OPTIONS

_OPTION = OPTIONS["timeout"]
Timeout = Annotated[float, typer.Option(metavar=_OPTION.metavar, help=_OPTION.help)]
#: A program of the user's own, a whole range or descent, may take longer than one derivative.
LONG = 60.0

Answer = TypeVar("Answer")


def within(seconds: float, work: Callable[[], Answer]) -> Answer:
    """What ``work`` gives; raises ``UsageError`` (E364) where so many seconds are none, ``TimeUpError`` (E902) after them."""
    from calcgrad.comparing.options import require_timeout, time_up
    from calcgrad.deadline import Deadline

    require_timeout(seconds)
    deadline = Deadline(seconds)
    found = deadline.attempt(lambda: (work(),), None)
    if found is None:
        raise time_up(seconds)
    return found[0]


def in_time(parts: Iterator[Answer], seconds: float) -> Iterator[Answer]:
    """The parts that are ready within so many seconds, and a word on standard error where that is not all of them.

    Raises as :func:`within` does, where there is not one.
    """
    from calcgrad.comparing.options import require_timeout, time_up
    from calcgrad.deadline import Deadline

    require_timeout(seconds)
    deadline = Deadline(seconds)
    ready = 0
    while True:
        part = deadline.attempt(lambda: next(parts, _END), None)
        if part is _END:
            return
        if part is None and not ready:
            raise time_up(seconds)
        if part is None:
            print(f"the {seconds:g} s of --timeout were up: the rest is missing", file=sys.stderr)
            return
        ready += 1
        yield part  # type: ignore[misc]


_END = object()
