"""A Python function exactly where one of its branches turns: tracing saw one side, values tell of both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import numpy

from calcgrad.functions.expression import Expression
from calcgrad.methods.adaptive import METHOD
from calcgrad.methods.protocol import Problem, Wrt
from calcgrad.operations import infix
from calcgrad.phrases import figure
from calcgrad.report.derivatives import Tie
from calcgrad.report.estimates import Estimate
from calcgrad.verdicts.finding import Finding

if TYPE_CHECKING:
    from calcgrad.functions.python import PythonFunction


def at_a_branch(
    function: Expression, flat: Sequence[float], wrts: Sequence[Wrt]
) -> list[list[Finding | None]] | None:
    """A finding for each derivative and output where a branch compares equal numbers, ``None`` where none does."""
    text = _turning(cast("PythonFunction", function))
    if text is None:
        return None
    outcome = METHOD.derivatives(Problem(function, list(flat), wrts))
    outputs = range(len(function.output_indices))
    if not isinstance(outcome, Estimate):
        return [[_undecided(text, outcome.reason) for _ in outputs] for _ in wrts]
    return [[_finding(text, outcome, k, o) for o in outputs] for k in range(len(wrts))]


def _turning(function: PythonFunction) -> str | None:
    """The comparison that a branch turns on exactly here, in words."""
    for op, a, b in function.decisions:
        if numpy.any(numpy.equal(a, b)):
            return f"the function branches exactly here, on {_spelled(a)} {infix(op)} {_spelled(b)}"
    return None


def _spelled(value: object) -> str:
    return figure(value) if isinstance(value, float) else "an array" if numpy.ndim(value) else str(value)  # type: ignore[arg-type]


def _finding(text: str, outcome: Estimate, k: int, o: int) -> Finding | None:
    """What the values on both sides say: two slopes, two values, one slope, or nothing that is sure."""
    status, left, right = outcome.status[k][o], outcome.left[k][o], outcome.right[k][o]
    tie = Tie("the branch", "only the branch that is taken at the point itself is differentiated")
    if status == "kink":
        return Finding("kink", text, left, right, sides="slope", tie=tie)
    if status == "jump":
        return Finding("jump", text, left, right, sides="value", tie=tie)
    if status != "ok":
        return _undecided(text, f"the adaptive derivative is {status}")
    return None


def _undecided(text: str, why: str) -> Finding:
    return Finding("inconclusive", f"{text}; {why}")
