"""Examining a point: is it ordinary, or does an operation stand at its kink, its pole or the edge of its domain?

A quick look at the doubles lets most points through. What comes near a place that is not smooth is analysed at the exact point.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from calcgrad.autodiff.tape import run
from calcgrad.debug import tell
from calcgrad.functions.exact import ExactFunction
from calcgrad.functions.expression import Expression
from calcgrad.methods.protocol import Wrt
from calcgrad.systems.base import NoClosedForm
from calcgrad.verdicts.finding import Finding
from calcgrad.verdicts.watching import suspicious, suspicious_arrays

if TYPE_CHECKING:
    from calcgrad.verdicts.crossing import Crossing


def vanishes(subject: ExactFunction, wrt: Wrt, output: int) -> bool:
    """Whether the derivative of an output is proved to be exactly 0 by the form of its terms."""
    from calcgrad.verdicts.vanishing import zero_by_form

    return zero_by_form(subject, wrt, output)


def between(
    function: Expression, first: ExactFunction, second: ExactFunction, flat: Sequence[float]
) -> tuple[list[Crossing], bool]:
    """The operations that stand on another piece at the second of two readings of a function at a point, and whether the
    function's own value is another for it.
    """
    try:
        tape = function.tape
    except NoClosedForm:
        return [], False
    look = suspicious_arrays if function.arrays else suspicious
    if not look(tape, run(tape, function.unflatten(flat), function.system)):
        return [], False
    from calcgrad.verdicts.crossing import crossings

    return crossings(first, second)


def examine(
    function: Expression, subject: ExactFunction, flat: Sequence[float], wrts: Sequence[Wrt]
) -> list[list[Finding | None]]:
    """A finding, or ``None`` for an ordinary point, for each derivative and each output of the function.

    ``subject`` is the exact reading that the findings are for, ``flat`` the doubles that the methods work at.
    """
    try:
        tape = function.tape
    except NoClosedForm:  # a Python function that is not traced
        return [[None] * len(function.output_indices) for _ in wrts]
    tell("tape", lambda: f"of {function.variables}\n{tape}")
    values = run(tape, function.unflatten(flat), function.system)
    if not function.of_text:
        from calcgrad.verdicts.branches import at_a_branch

        found = at_a_branch(function, flat, wrts)
        if found is not None:
            return found
    look = suspicious_arrays if function.arrays else suspicious
    suspect = look(tape, values)
    tell(
        "verdict", lambda: f"at {list(flat)}: {'near a place that is not smooth' if suspect else 'ordinary'}"
    )
    if not suspect:
        outputs = len(function.output_indices)
        return [[None] * outputs for _ in wrts]
    from calcgrad.verdicts.analysing import analyse

    return analyse(function, subject, flat, wrts, values)
