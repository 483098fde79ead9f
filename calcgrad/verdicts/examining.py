"""Examining a point: is it ordinary, or does an operation stand at its kink, its pole or the edge of its domain?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from calcgrad.functions import Expression
from calcgrad.methods.protocol import Wrt
from calcgrad.operations.shapes import shape_of
from calcgrad.points import Point
from calcgrad.report import Verdict
from calcgrad.tape import run
from calcgrad.verdicts.faults import fault


class Finding(NamedTuple):
    """What stands in the place of an ordinary derivative.

    ``note`` says it in words and names the sub-expression. ``left`` and ``right`` are the one-sided derivatives (the
    one-sided values at a jump), ``None`` on a side where the function is not defined. ``limit`` and ``value`` are those of the
    continuous extension where the point is a removable hole.
    """

    verdict: Verdict
    note: str
    left: float | None = None
    right: float | None = None
    limit: float | None = None
    value: str | None = None


def examine(
    function: Expression, flat: Sequence[float], point: Point, wrts: Sequence[Wrt]
) -> list[list[Finding | None]]:
    """A finding, or ``None`` for an ordinary point, for each derivative and each output of the function."""
    values = run(function.tape, function.unflatten(flat), function.system)
    outputs = [
        _output(function, values, slot)
        for slot in function.tape.outputs
        for _ in range(math.prod(shape_of(values[slot])))
    ]
    return [outputs for _ in wrts]


def _output(function: Expression, values: Sequence[Any], slot: int) -> Finding | None:
    value = values[slot]
    if not isinstance(value, float) or math.isfinite(value):
        return None
    verdict, note = fault(function, values, slot)
    return Finding(verdict, note)
