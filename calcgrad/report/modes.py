"""The report of ``compare-modes``: what each mode costs as a function grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from calcgrad.report.shown import Shown


@dataclass(frozen=True, slots=True)
class TraceRow:
    """A slot of the tape at a point: its expression, its value, its tangent for each seed, its adjoint."""

    slot: str
    expression: str
    value: float
    tangents: tuple[float, ...]
    adjoint: float


@dataclass(frozen=True, slots=True)
class ModeRow:
    """What one mode costs for the whole gradient or Jacobian of a function with so many inputs and outputs.

    ``passes`` are sweeps (evaluations, for differences), ``operations`` elementary operations of all passes together,
    ``bytes`` the peak of allocated memory. ``extrapolated`` marks figures that were not measured but reckoned from some of the
    passes, the time with its 95 % interval. ``size`` is what grows in a story where that is neither inputs nor outputs.
    """

    mode: str
    inputs: int
    outputs: int
    passes: int | None = None
    operations: int | None = None
    seconds: float | None = None
    bytes: int | None = None
    max_rel_error: float | None = None
    extrapolated: bool = False
    note: str | None = None
    seconds_interval: tuple[float, float] | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Growth:
    """How a cost grows: ``of`` ~ ``with_what`` to the power ``exponent``, with a 95 % interval."""

    mode: str
    of: str
    with_what: str
    exponent: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Story:
    """One comparison: a function, or a family of functions that grows with ``grows``, which is called ``called``.

    ``words`` say what is seen, a sentence a line.
    """

    name: str
    rows: tuple[ModeRow, ...]
    growth: tuple[Growth, ...] = ()
    trace: tuple[TraceRow, ...] = ()
    grows: Literal["inputs", "outputs", "size"] | None = None
    called: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class ModesReport(Shown):
    """What ``calcgrad compare-modes`` computes."""

    stories: tuple[Story, ...]
    command: str = "compare-modes"
