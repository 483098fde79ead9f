"""Examining a point: is it ordinary, or does an operation stand at its kink, its pole or the edge of its domain?

A quick look at the doubles lets most points through. What comes near a place that is not smooth is analysed at the exact point.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from calcgrad.functions import Expression
from calcgrad.methods.protocol import Wrt
from calcgrad.points import Point
from calcgrad.report import Tie, Verdict
from calcgrad.systems import NoClosedForm
from calcgrad.tape import run
from calcgrad.verdicts.watching import suspicious, suspicious_arrays


class Finding(NamedTuple):
    """What stands in the place of an ordinary derivative.

    ``note`` says it in words and names the sub-expression. ``left`` and ``right`` are the one-sided derivatives (the
    one-sided values at a jump), ``None`` on a side where the function is not defined. ``limit`` and ``value`` are those of the
    continuous extension where the point is a removable hole. The verdict ``agree`` gives the true ``value`` where a derivative
    exists although an operation stands at its kink. ``sides`` names what the two sides are of: the ``value``, the ``slope``, the
    ``second derivative``. ``tie`` is set where AD, too, works exactly at the place that is not smooth.
    """

    verdict: Verdict
    note: str
    left: float | None = None
    right: float | None = None
    limit: float | None = None
    value: str | None = None
    sides: str | None = None
    tie: Tie | None = None


def examine(
    function: Expression, flat: Sequence[float], point: Point, wrts: Sequence[Wrt]
) -> list[list[Finding | None]]:
    """A finding, or ``None`` for an ordinary point, for each derivative and each output of the function."""
    try:
        tape = function.tape
    except NoClosedForm:  # a Python function that is not traced
        return [[None] * len(function.output_indices) for _ in wrts]
    values = run(tape, function.unflatten(flat), function.system)
    if not function.of_text:
        from calcgrad.verdicts.branches import at_a_branch

        found = at_a_branch(function, flat, wrts)
        if found is not None:
            return found
    look = suspicious_arrays if function.arrays else suspicious
    if not look(tape, values):
        outputs = len(function.output_indices)
        return [[None] * outputs for _ in wrts]
    from calcgrad.verdicts.analysing import analyse

    return analyse(function, flat, point, wrts, values)
