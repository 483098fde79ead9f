"""Where in the user's code each step of a trace was made: its line, and the loops and calls around it."""

from __future__ import annotations

import ast
import linecache
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

from calcgrad.compiling import program
from calcgrad.compiling.program import Program
from calcgrad.explaining.sites import Around, Place
from calcgrad.tracing.whereabouts import is_ours


class Loop(NamedTuple):
    """The lines of a loop, how it begins, and the variables that it gives values to."""

    start: int
    stop: int
    title: str
    variables: tuple[str, ...] = ()


@dataclass(slots=True)
class _Running:
    """A frame while it runs: where it was last, and how often each of its loops came round."""

    serial: int
    at: int = -1
    line: int = 0
    inner: FrameType | None = None
    given: dict[Loop, list[Any]] = field(default_factory=dict)


class Located(Program):
    """A program that notes the place of each step."""

    __slots__ = ("_running", "_turns", "places")

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[int, Place] = {}
        self._running: dict[FrameType, _Running] = {}
        self._turns: dict[tuple[int, Loop], int] = {}
        self.append = self._noted

    def _noted(self, step: Any) -> None:
        """Write a step of an operator's own fast way."""
        self.steps.append(step)
        self.places[len(self.steps) - 1] = self._place()

    def record(self, op: str, args: tuple[Any, ...], params: tuple[Any, ...]) -> Any:
        """Write a step as every program does, and its place."""
        found = super().record(op, args, params)
        self.places[len(self.steps) - 1] = self._place()
        return found

    def _place(self) -> Place:
        """The place of what runs now."""
        frames: list[tuple[FrameType, FrameType | None]] = []
        frame: FrameType | None = sys._getframe(1)
        before: FrameType | None = None
        while frame is not None and not _begins(frame.f_code):
            if not is_ours(frame.f_code.co_filename):
                frames.append((frame, before))
            before = frame
            frame = frame.f_back
        if not frames:
            return Place("", "")
        path: list[Around] = []
        for k, (here, inner) in enumerate(reversed(frames)):
            if k:
                path.append(Around("call", f"{here.f_code.co_name}(…)", self._serial(here)))
            path += self._loops(here, inner)
        innermost = frames[0][0]
        file, number = innermost.f_code.co_filename, innermost.f_lineno
        return Place(f"{Path(file).name}:{number}", linecache.getline(file, number).strip(), tuple(path))

    def _serial(self, frame: FrameType) -> int:
        return self._running.setdefault(frame, _Running(len(self._running))).serial

    def _loops(self, frame: FrameType, inner: FrameType | None) -> list[Around]:
        """The loops around the line that a frame is at, each with the turn that it is in."""
        self._serial(frame)
        running = self._running[frame]
        line = frame.f_lineno
        loops = [loop for loop in loops_of(frame.f_code) if loop.start <= line <= loop.stop]
        again = frame.f_lasti < running.at or (frame.f_lasti == running.at and inner is not running.inner)
        given = {loop: [frame.f_locals.get(name) for name in loop.variables] for loop in loops}
        if again:
            both = [loop for loop in loops if loop.start <= running.line <= loop.stop]
            moved = [loop for loop in both if _differ(given[loop], running.given.get(loop))]
            turning = (moved or both[-1:])[
                :1
            ]  # the outermost whose variable moved on; of a while loop, the innermost
            for loop in turning:
                self._turns[running.serial, loop] = self._turns.get((running.serial, loop), 1) + 1
                for inside in loops[loops.index(loop) + 1 :]:
                    self._turns[running.serial, inside] = 1
        running.given.update(given)
        running.at, running.line, running.inner = frame.f_lasti, line, inner
        found: list[Around] = []
        for loop in loops:
            found.append(Around("loop", loop.title, running.serial))
            found.append(Around("turn", "turn", self._turns.get((running.serial, loop), 1)))
        return found


def _differ(now: list[Any], before: list[Any] | None) -> bool:
    """Whether a variable holds another object than before."""
    return before is not None and any(a is not b for a, b in zip(now, before, strict=True))


def _begins(code: CodeType) -> bool:
    """Whether this is where the user's function is called from."""
    return code.co_name == "attempt" and code.co_filename == program.__file__


@cache
def loops_of(code: CodeType) -> list[Loop]:
    """The loops of a function, outermost first; none where its source is not known."""
    lines = linecache.getlines(code.co_filename)
    try:
        tree = ast.parse("".join(lines))
    except (SyntaxError, ValueError):
        return []
    found = [
        Loop(
            node.lineno,
            node.end_lineno or node.lineno,
            lines[node.lineno - 1].strip().rstrip(":"),
            tuple([n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)])
            if isinstance(node, ast.For)
            else (),
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.For | ast.While) and node.lineno >= code.co_firstlineno
    ]
    return sorted(found, key=lambda loop: (loop.start, -loop.stop))
