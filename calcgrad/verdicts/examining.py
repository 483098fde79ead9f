"""Examining a point: is it ordinary, or does an operation stand at its kink, its pole or the edge of its domain?

A quick look at the doubles lets most points through. What comes near a place that is not smooth is analysed at the exact point.
"""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.autodiff.tape import run
from calcgrad.functions.expression import Expression
from calcgrad.inputs.points import Point
from calcgrad.methods.protocol import Wrt
from calcgrad.systems.base import NoClosedForm
from calcgrad.verdicts.finding import Finding
from calcgrad.verdicts.watching import suspicious, suspicious_arrays


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
