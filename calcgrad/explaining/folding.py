"""Steps that belong together as one box: the turns of a loop, what happens within a call, what stands in one line."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import groupby

from calcgrad.explaining.graph import Box, Slot
from calcgrad.explaining.sites import Place

#: Boxes that a picture has at most, where nobody says how far it is to be opened, and the letters of a title.
MOST_BOXES, _TITLE = 12, 60


def boxes(slots: Sequence[Slot], places: Sequence[Place], depth: int | None) -> tuple[Box, ...]:
    """The boxes of a function's picture; none where each step is one of its own.

    ``places`` has one for each step. With ``depth`` loops, their turns and calls are opened that far; without it as far as the
    picture stays readable, and, where even that is too much, the steps of one line are one box.
    """
    inputs = [Box(s.name, s.label, (s.name,), s.value.shape) for s in slots if s.kind == "input"]
    steps = [s for s in slots if s.kind == "step"]
    if depth is None:
        if len(steps) <= MOST_BOXES:
            return ()
        deepest = max([len(place.path) for place in places], default=0)
        tried = [_folded(steps, places, d) for d in range(deepest + 1, 0, -1)]
        fitting = [found for found in tried if len(found) <= MOST_BOXES]
        chosen = fitting[0] if fitting else _by_line(steps, places)
    else:
        chosen = _folded(steps, places, max(depth, 1))
        if len(chosen) == len(steps):
            return ()
    return (*inputs, *chosen)


def _folded(steps: Sequence[Slot], places: Sequence[Place], depth: int) -> list[Box]:
    """A box for what has the same ``depth`` things around it, one after the other; a box a step for the rest."""

    def key(k: int) -> Hashable:
        path = places[k].path
        return path[:depth] if len(path) >= depth else k

    found: list[Box] = []
    for common, members in groupby(range(len(steps)), key):
        run = list(members)
        title = steps[run[0]].label
        if isinstance(common, tuple):
            innermost = common[-1]
            title = innermost.title
            if innermost.kind == "turn":
                title = f"turn {innermost.serial} of {common[-2].title}"
            elif innermost.kind == "loop":
                turns = max(place.path[depth].serial for k in run if len((place := places[k]).path) > depth)
                title = f"{innermost.title} ({turns} turns)"
        found.append(_box(steps, places, run, title))
    return found


def _by_line(steps: Sequence[Slot], places: Sequence[Place]) -> list[Box]:
    """A box for the outermost loops and calls, and for what stands in one line."""

    def key(k: int) -> Hashable:
        return places[k].path[:1] or places[k].where

    found: list[Box] = []
    for common, members in groupby(range(len(steps)), key):
        run = list(members)
        title = common[0].title if isinstance(common, tuple) else places[run[0]].text
        found.append(_box(steps, places, run, title))
    return found


def _box(steps: Sequence[Slot], places: Sequence[Place], run: Sequence[int], title: str) -> Box:
    last = steps[run[-1]]
    first, end = places[run[0]].where, places[run[-1]].where
    where = first if first == end else f"{first}-{end.rpartition(':')[2]}"
    short = title if len(title) <= _TITLE else title[: _TITLE - 1] + "…"
    names = tuple([steps[k].name for k in run])
    return Box(last.name, short, names, last.value.shape, where or None)
