"""Where a traced run and a plain run of one function part: the first line after which another line, or another value, follows."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy

from calcgrad.tracing.trace import Trace
from calcgrad.tracing.traced import Traced, primal_of

if TYPE_CHECKING:
    from calcgrad.tracing.agreement import Question

#: So many lines are followed, and values up to so many entries.
LINES, ENTRIES = 20_000, 10_000
_FOREIGN = (
    *{sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")},
    str(Path(__file__).parents[1]) + os.sep,
    "<frozen",
    "<string>",
    "<__array_function__",
)


class Line(NamedTuple):
    """A line about to be run: where it is, and the values of the numbers and arrays that its function knows."""

    file: str
    number: int
    values: dict[str, Any]


def parting(asked: Question, found: Any) -> str:
    """Where the runs part, in words; empty where that is not found."""
    trace = Trace()

    def traced() -> Any:
        args = [_traced(trace, a) for a in asked.args]
        return asked.function(*args, **asked.kwargs)

    first = followed(traced)
    trace.close()
    second = followed(asked.plain)
    before: Line | None = None
    for ours, plain in zip(first, second, strict=False):
        if (ours.file, ours.number) != (plain.file, plain.number):
            return f"the runs part after {_place(before)}" if before else ""
        for name in ours.values.keys() & plain.values.keys():
            if not _alike(ours.values[name], plain.values[name]):
                return f"{name} differs after {_place(before)}" if before else ""
        before = ours
    return f"the runs part after {_place(before)}" if before else ""


def _traced(trace: Trace, tree: Any) -> Any:
    from calcgrad.pytrees import map_leaves

    return map_leaves(lambda leaf: trace.input(leaf) if _is_real(leaf) else leaf, tree)


def _is_real(leaf: Any) -> bool:
    return type(leaf) is float or (
        isinstance(leaf, numpy.ndarray | numpy.floating) and leaf.dtype.kind == "f"
    )


def _place(line: Line) -> str:
    return f"{os.path.basename(line.file)}:{line.number}"


def followed(run: Callable[[], Any]) -> list[Line]:
    """The lines that a run goes through, but for those of installed packages and of calcgrad."""
    lines: list[Line] = []

    def step(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename.startswith(_FOREIGN) or len(lines) >= LINES:
            return None
        if event in ("line", "return"):
            known = {
                name: kept for name, value in frame.f_locals.items() if (kept := _kept(value)) is not None
            }
            lines.append(Line(frame.f_code.co_filename, frame.f_lineno, known))
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        run()
    except Exception:  # how far it came is what is asked
        pass
    finally:
        sys.settrace(before)
    return lines


def _kept(value: Any) -> Any:
    """A copy of a number or an array; ``None`` of anything else."""
    if type(value) is Traced:
        value = primal_of(value)
    if isinstance(value, float | int | complex | numpy.generic):
        return value
    if isinstance(value, numpy.ndarray) and value.size <= ENTRIES and value.dtype.kind in "fcbiu":
        return value.copy()
    return None


def _alike(a: Any, b: Any) -> bool:
    if numpy.shape(a) != numpy.shape(b):
        return False
    return bool(numpy.allclose(a, b, rtol=1e-8, atol=0.0, equal_nan=True))
