"""The looks at a point, of which none is the answer and each says how far the answer may be believed: what is singular there,
what rounding may do to a derivative, which comparisons it decides.

All but the measure of rounding, which the time limit alone bounds, take from one purse, so that a number which cannot be proved to
be 0 is not met by each for as long as it likes. What is looked at once is remembered: what is seen before SymPy is waited for
stands after it too, however long that took.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TypeVar

from calcgrad.comparing.cases import Case
from calcgrad.comparing.decided import Decided
from calcgrad.comparing.many_roundings import MANY, evaluation_conditions
from calcgrad.comparing.request import Reading
from calcgrad.comparing.rounding import Rounding, evaluation_condition, of_reverse_mode
from calcgrad.deadline import Deadline
from calcgrad.functions.exact import ExactFunction
from calcgrad.purse import Purse
from calcgrad.systems.values.remembering import remembered
from calcgrad.verdicts import Examiner, Finding

#: By derivative, then by output.
Findings = list[list[Finding | None]]
Result = TypeVar("Result")
Otherwise = TypeVar("Otherwise")
#: The seconds of the processor that all looks at a point may take, and how many of the whole limit where that is long.
SECONDS, SHARE = 2.0, 0.2
#: What is kept of the time limit for what comes after the wait for SymPy, at most, and as a share of it.
KEPT, KEPT_SHARE = 1.0, 0.1


def kept(timeout: float) -> float:
    """The seconds of a time limit that are not waited away."""
    return min(KEPT, KEPT_SHARE * timeout)


class Looks:
    """The looks at one point of a function; each is made when it is first asked for."""

    def __init__(self, reading: Reading, case: Case, deadline: Deadline) -> None:
        self.reading = reading
        self.case = case
        self.deadline = deadline
        self.purse = Purse(max(SECONDS, SHARE * reading.request.timeout))
        self.examiner = Examiner(reading.function, case.flat, reading.wrts)
        self.decided = Decided(self.examiner, case, self.look)
        self._rounding: dict[int, list[Rounding]] = {}

    def look(self, work: Callable[[], Result], otherwise: Otherwise) -> Result | Otherwise:
        """What some work returns, or ``otherwise`` where the purse is empty, or the time is up, before it does."""
        return self.purse.look(self.deadline, work, otherwise)

    @cached_property
    def as_written(self) -> Findings:
        """What is singular at the point as it was written."""
        return self._findings(self.case.written)

    @cached_property
    def as_given(self) -> Findings:
        """What is singular at the doubles that the methods get."""
        return self.as_written if self.case.given is None else self._findings(self.case.given)

    def _findings(self, subject: ExactFunction) -> Findings:
        reading = self.reading
        late = Finding("inconclusive", f"the point was not looked at closely: {self.deadline.note}")
        unseen: Findings = [[late] * len(reading.function.output_indices) for _ in reading.wrts]
        with remembered():
            return self.look(partial(self.examiner.findings, subject), unseen)

    @property
    def doubtful(self) -> bool:
        """Whether the doubles may stand elsewhere than the exact numbers, where there is a derivative, or a value, to be wrong."""
        ordinary = any(f is None or f.verdict in ("agree", "jump") for row in self.as_given for f in row)
        return ordinary and self.examiner.suspect

    def rounding(self, k: int) -> Rounding | None:
        """What rounding may do to row k, measured once a derivative: rows go by derivative, then by output."""
        wrt, output = divmod(k, len(self.reading.output_indices))
        if wrt not in self._rounding:
            with remembered():  # both its tapes have the function's own values on them
                self.deadline.attempt(partial(self._measure, wrt), None)
        rows = self._rounding.get(wrt)
        return rows[output] if rows else None

    def rounding_in_reverse(self, k: int) -> Rounding | None:
        """What it may do to reverse mode's own sums; asked only where its number is not right by the other."""
        wrt, output = divmod(k, len(self.reading.output_indices))
        measured = partial(
            of_reverse_mode, self.reading.function, self.case.flat, self.reading.wrts[wrt], output
        )
        return self.deadline.attempt(measured, None)

    def _measure(self, wrt: int) -> None:
        reading, flat = self.reading, self.case.flat
        if not self._rounding and len(reading.wrts) >= MANY:
            self._rounding.update(
                enumerate(evaluation_conditions(reading.function, flat, reading.wrts) or ())
            )
        if wrt not in self._rounding:
            self._rounding[wrt] = evaluation_condition(reading.function, flat, reading.wrts[wrt])

    def ahead(self) -> None:
        """Look at what every answer needs, while SymPy works."""
        for k in range(len(self.reading.wrts) * len(self.reading.output_indices)):
            self.rounding(k)
        if self.doubtful:
            _ = self.decided.text
