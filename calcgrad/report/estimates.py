"""What one method gives for one derivative: an estimate, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from calcgrad.errors import Diagnostic
from calcgrad.report.shown import Shown

Status: TypeAlias = Literal[
    "ok", "noisy", "kink", "jump", "boundary", "undefined", "budget", "skipped", "failed"
]


@dataclass(frozen=True, slots=True, repr=False)
class Estimate(Shown):
    """What a method, or a numerical derivative, returns: a value and all that is known of it.

    ``value`` is a float, a complex number or an array, the shape that was asked for. ``error_bound`` is absolute, of
    ``value``'s shape, or ``None`` when the method has none. ``noise`` is the level of noise seen in the function's
    values, absolute. ``step`` is the step used. ``evaluations`` counts calls of the function, a point each;
    ``passes`` counts sweeps. ``left`` and ``right`` are one-sided derivatives (one-sided values at a jump) where
    ``status`` says that there are two. All but ``ok`` carry a ``note``. Where ``value`` is a table of several derivatives,
    ``status`` and ``note`` may be tables of the same shape.
    """

    value: Any
    error_bound: Any = None
    noise: float | None = None
    step: Any = None
    evaluations: int = 0
    passes: int = 0
    seconds: float | None = None
    status: Status | list[list[Status]] = "ok"
    left: Any = None
    right: Any = None
    note: str | list[list[str | None]] | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A method does not apply to this function, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A method ought to apply, but did not get through."""

    diagnostic: Diagnostic
