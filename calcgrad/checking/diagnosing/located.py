"""A loss traced once more, each step with the place in the user's source that made it."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, cast

from calcgrad.checking.measuring.traced import Loss
from calcgrad.report.places import SourceRange
from calcgrad.rewriting.sources import is_generated
from calcgrad.tracing import rules
from calcgrad.tracing.gradients import Recorded, scalar_of
from calcgrad.tracing.inplace.choosing import run_to_end, traced_as_it_is
from calcgrad.tracing.trace import Trace

_OWN = str(Path(__file__).parents[2])
#: How many callers tell one use of a helper from another.
_CALLERS = 4
_LONGEST = 48

#: An instruction of the user's code: the code and the offset in it.
Instruction = tuple[CodeType, int]


@dataclass(frozen=True, slots=True)
class Located:
    """The steps of a trace, the slot of its value, and for each slot the instructions that made it, innermost first.

    The first ``inputs`` slots are inputs, which have neither.
    """

    steps: Sequence[Any]
    inputs: int
    output: int
    places: Sequence[tuple[Instruction, ...]]


class _Steps(list[Any]):
    """The steps of a trace, which notes where each comes from while it is appended."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[tuple[Instruction, ...]] = []

    def append(self, step: Any) -> None:
        super().append(step)
        self.places.append(() if step is None else _users(sys._getframe(1)))


def located(loss: Loss, parts: Sequence[Any]) -> Located | None:
    """The loss of these arguments, traced as plain code or as code that writes into arrays; ``None`` where it depends on none."""
    seen: list[Any] = []

    def attempt(run: Callable[..., Any]) -> Recorded:
        trace = Trace()
        steps = _Steps()
        trace.steps, trace.append = steps, steps.append
        seen[:] = [trace.input(part if part.shape else float(part)) for part in parts]
        inputs = list(seen)
        return Recorded(trace, inputs, run_to_end(trace, lambda: loss.run(run, *inputs)))

    made = loss.up_to_its_value(lambda: traced_as_it_is(loss.function, attempt, loss.libraries), seen)
    _, slot = scalar_of(made)
    steps = cast("_Steps", made.trace.steps)
    viewed = [None if step is None else rules.view(step) for step in steps]
    return None if slot is None else Located(viewed, len(parts), slot, steps.places)


def _users(frame: FrameType | None) -> tuple[Instruction, ...]:
    """The instructions of the user's own frames, innermost first."""
    found: list[Instruction] = []
    while frame is not None and len(found) < _CALLERS:
        file = frame.f_code.co_filename
        if not file.startswith(_OWN) and not is_generated(file) and not _is_numpys(file):
            found.append((frame.f_code, frame.f_lasti))
        elif found:
            break  # the checker that called the loss
        frame = frame.f_back
    return tuple(found)


@cache
def _is_numpys(file: str) -> bool:
    """NumPy's own files are never the place of a bug; other packages' are as good as the user's."""
    return "numpy" in Path(file).parts


def range_of(instruction: Instruction) -> SourceRange:
    """Where in its file the piece of source stands that an instruction stands for.

    >>> range_of((range_of.__code__, 40)).file.endswith("located.py")
    True
    """
    code, offset = instruction
    line, last, start, end = next(islice(code.co_positions(), offset // 2, None), (None, None, None, None))
    if line is None or last is None or start is None or end is None:
        return SourceRange.of(code.co_filename, line or code.co_firstlineno)
    first, final = (linecache.getline(code.co_filename, number).encode() for number in (line, last))
    column, after = (
        len(text[:at].decode(errors="replace")) + 1 for text, at in ((first, start), (final, end))
    )
    return SourceRange.of(
        code.co_filename, line, column, last, after, first.decode(errors="replace").rstrip()
    )


@cache
def source_of(instruction: Instruction) -> str:
    """The piece of source that an instruction stands for, with its place.

    >>> source_of((compile("a + b", "nowhere.py", "eval"), 0))
    'nowhere.py, line 1'
    """
    code, offset = instruction
    line, last, start, end = next(islice(code.co_positions(), offset // 2, None), (None, None, None, None))
    place = f"{Path(code.co_filename).name}, line {line or code.co_firstlineno}"
    if line is None or start is None or end is None:
        return place
    text = linecache.getline(code.co_filename, line)
    piece = text.encode()[start : end if last == line else None].decode(errors="replace").strip()
    if len(piece) > _LONGEST:
        piece = piece[: _LONGEST - 3] + "..."
    return f"`{piece}` ({place})" if piece else place
