"""Where a step stands in a program: its line, and what is around it. Plain data, which a trace of numbers has none of."""

from __future__ import annotations

from typing import NamedTuple


class Around(NamedTuple):
    """Something around a step: a ``loop``, a ``turn`` of it, or a ``call``; how it is called, and which one it is."""

    kind: str
    title: str
    serial: int


class Place(NamedTuple):
    """Where a step was made: file and line, the text of the line, and what is around it, outermost first."""

    where: str
    text: str
    path: tuple[Around, ...] = ()
