"""Where rounding decides a comparison: the doubles follow another branch than the exact numbers, and all methods with them.

It is told where it makes a derivative wrong, as the reason of ``disagree``, and where it makes the function's value wrong, as a
warning; whether or not a truth is wanted. A flip that changes neither is no matter.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from calcgrad.comparing.cases import Case
from calcgrad.comparing.judge import ALLOWED_ULPS
from calcgrad.comparing.words import DECIDED, disagreement, wrong_row
from calcgrad.errors import Diagnostic
from calcgrad.functions.exact import ExactFunction
from calcgrad.functions.expression import Expression
from calcgrad.methods.certified import derivatives
from calcgrad.phrases import figure
from calcgrad.purse import within
from calcgrad.report.derivatives import Result, Truth
from calcgrad.systems.decimals import WIDE, Enclosure
from calcgrad.verdicts import Examiner, between, errors_of, exact_values

if TYPE_CHECKING:
    from calcgrad.verdicts.astray import Astray

#: One look: some work, and what stands in its place where there is no time for it.
Look = Callable[[Callable[[], Any], Any], Any]
#: So many comparisons are named.
MOST = 2
#: Digits and seconds for the proof of a value.
_DIGITS, _SECONDS = 17, 0.5


def parted(function: Expression, examiner: Examiner, case: Case) -> bool:
    """Whether some operation stands elsewhere in doubles than exactly, or elsewhere at the doubles than at the point as written."""
    if examiner.astray(case.methods):
        return True
    return case.given is not None and bool(between(function, case.written, case.given, case.flat)[0])


def told_alone(row: Truth, told: Truth, results: Sequence[Result]) -> Truth:
    """A row without truth, with no more of the truth than that a method's number is wrong, and why."""
    if told.verdict != "disagree" or row.verdict not in ("agree", "unjudged", "inconclusive"):
        return row
    return replace(row, verdict="disagree", note=disagreement(told, results))


class Decided:
    """What rounding decides at a point; looked for when it is first asked for."""

    def __init__(self, examiner: Examiner, case: Case, look: Look) -> None:
        self.examiner = examiner
        self.case = case
        self.look = look

    @cached_property
    def text(self) -> str:
        """The comparisons in words; nothing where rounding decides none."""
        found: list[Astray] = self.look(partial(self.examiner.astray, self.case.methods), [])
        more = f"; and {len(found) - MOST} more" if len(found) > MOST else ""
        return "; ".join(each.text for each in found[:MOST]) + more

    def with_reasons(self, truth: Sequence[Truth], results: Sequence[Result]) -> tuple[Truth, ...]:
        """The rows of truth with this as the reason where the methods' numbers are wrong for it."""
        return tuple(self._with_reason(row, results) for row in truth)

    def _with_reason(self, row: Truth, results: Sequence[Result]) -> Truth:
        if row.verdict != "disagree" or row.other is not None or not self.text:
            return row
        return replace(
            row, note=f"{DECIDED}{self.text}, so the doubles take another branch; {wrong_row(row, results)}"
        )

    def of_value(self, value: Sequence[float], truth: Sequence[Truth]) -> list[Diagnostic]:
        """A warning where the function's value is another for it, and no derivative says so already."""
        if any((row.note or "").startswith(DECIDED) for row in truth) or not self.text:
            return []
        errors = errors_of(self.case.methods, self.case.flat)
        written = self._written(len(value))
        for double, true, error, meant in zip(value, self._true(len(value)), errors, written, strict=True):
            if true is None or not math.isfinite(double) or not math.isfinite(error):
                continue
            with localcontext(WIDE):
                off = abs(Decimal(double) - true)
                off_meant = Decimal("inf") if meant is None else abs(Decimal(double) - meant)
            allowed = Decimal(ALLOWED_ULPS * max(error, math.ulp(float(true))))
            if not (off <= allowed or off_meant <= allowed):
                said = f"the function's value is {figure(true)}, but {double!r} in doubles"
                message = f"{DECIDED}{self.text}, so the doubles take another branch; {said}"
                hint = "move the point off that place, or compare numbers that doubles tell apart"
                return [Diagnostic("W206", message, hints=(hint,))]
        return []

    def _written(self, outputs: int) -> Sequence[Decimal | None]:
        """The values as written, where the methods get another point: the doubles may be right for these."""
        return [None] * outputs if self.case.given is None else self._exact(self.case.written, outputs)

    def _true(self, outputs: int) -> Sequence[Decimal | None]:
        """The values of what the methods get: proved digits, or on a kink or a jump, where enclosures have none, exact ones."""
        ((*proved,),) = self.look(self._values, [[Enclosure(None)] * outputs])
        found = [Decimal(p.value) if p.value is not None and p.digits else None for p in proved]
        if None not in found:
            return found
        exact = self._exact(self.case.methods, outputs)
        return [e if p is None else p for p, e in zip(found, exact, strict=True)]

    def _exact(self, subject: ExactFunction, outputs: int) -> Sequence[Decimal | None]:
        values: Sequence[Decimal | None] = self.look(partial(exact_values, subject), [None] * outputs)
        return values

    def _values(self) -> list[list[Enclosure]]:
        subject = self.case.methods
        return derivatives(subject.function, subject.point, [()], _DIGITS, within(_SECONDS))
