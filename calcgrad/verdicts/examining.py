"""Examining a point: is it ordinary, or does an operation stand at its kink, its pole or the edge of its domain?

A quick look at the doubles lets most points through. What comes near a place that is not smooth is analysed at the exact point.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from calcgrad.autodiff.tape import Tape, run
from calcgrad.debug import tell
from calcgrad.functions.exact import ExactFunction
from calcgrad.functions.expression import Expression
from calcgrad.methods.protocol import Wrt
from calcgrad.systems.base import FLOAT64, NoClosedForm
from calcgrad.verdicts.finding import Finding
from calcgrad.verdicts.watching import rounding_errors, suspicious, suspicious_arrays

if TYPE_CHECKING:
    from decimal import Decimal

    from calcgrad.verdicts.astray import Astray
    from calcgrad.verdicts.crossing import Crossing

#: By derivative, then by output.
Findings: TypeAlias = list[list[Finding | None]]


def vanishes(subject: ExactFunction, wrt: Wrt, output: int) -> bool:
    """Whether the derivative of an output is proved to be exactly 0 by the form of its terms."""
    from calcgrad.verdicts.vanishing import zero_by_form

    return zero_by_form(subject, wrt, output)


def errors_of(subject: ExactFunction, flat: Sequence[float]) -> list[float]:
    """What rounding may have done to each output's value at a point, to first order, as long as all take the same branches."""
    tape = subject.tape
    errors = rounding_errors(tape, run(tape, list(flat), FLOAT64))
    return [errors[slot] for slot in tape.outputs]


def exact_values(subject: ExactFunction) -> list[Decimal | None]:
    """As of :func:`calcgrad.verdicts.astray.exact_values`."""
    from calcgrad.verdicts.astray import exact_values as found

    return found(subject)


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
) -> Findings:
    """A finding, or ``None`` for an ordinary point, for each derivative and each output of the function.

    ``subject`` is the exact reading that the findings are for, ``flat`` the doubles that the methods work at.
    """
    return Examiner(function, flat, wrts).findings(subject)


class Examiner:
    """A point of a function, looked at once for all the exact readings that it is of."""

    def __init__(self, function: Expression, flat: Sequence[float], wrts: Sequence[Wrt]) -> None:
        self.function = function
        self.flat = flat
        self.wrts = wrts
        self._astray: tuple[ExactFunction, list[Astray]] | None = None

    def findings(self, subject: ExactFunction) -> Findings:
        """As of :func:`examine`."""
        if self._seen is not None:
            return self._seen
        from calcgrad.verdicts.analysing import analyse

        return analyse(self.function, subject, self.flat, self.wrts, self._values)

    def astray(self, subject: ExactFunction) -> list[Astray]:
        """The operations whose side rounding decides, at the point that the methods get; none where the quick look sees nothing."""
        if not self.suspect:
            return []
        if self._astray is None or self._astray[0] is not subject:
            from calcgrad.verdicts.astray import astray

            self._astray = (subject, astray(subject, self.flat))
        return self._astray[1]

    @cached_property
    def suspect(self) -> bool:
        """Whether the quick look sees an operation near a place where it is not smooth, or a number that is not finite."""
        if self._tape is None:
            return False
        look = suspicious_arrays if self.function.arrays else suspicious
        return look(self._tape, self._values)

    @cached_property
    def _tape(self) -> Tape | None:
        try:
            return self.function.tape
        except NoClosedForm:  # a Python function that is not traced
            return None

    @cached_property
    def _values(self) -> list[Any]:
        assert self._tape is not None
        return run(self._tape, self.function.unflatten(self.flat), self.function.system)

    @cached_property
    def _seen(self) -> Findings | None:
        """What the quick look finds, the same for every reading; ``None`` where the point must be analysed."""
        function, tape = self.function, self._tape
        ordinary: Findings = [[None] * len(function.output_indices) for _ in self.wrts]
        if tape is None:
            return ordinary
        tell("tape", lambda: f"of {function.variables}\n{tape}")
        if not function.of_text:
            from calcgrad.verdicts.branches import at_a_branch

            found = at_a_branch(function, self.flat, self.wrts)
            if found is not None:
                return found
        said = "near a place that is not smooth" if self.suspect else "ordinary"
        tell("verdict", lambda: f"at {list(self.flat)}: {said}")
        return None if self.suspect else ordinary
