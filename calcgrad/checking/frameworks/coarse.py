"""A claim about a function that takes nothing finer than its coarse format: entry by entry, by wide steps of exact length.

In bfloat16 a step must be wide to be seen, and a point beside another is not where it was asked for. So each entry is moved
by steps that its format holds, whose lengths are then known; outputs that do not change round alike and cancel, and those that do
change are off by half a unit in their last place. Two steps, one half of the other, tell what curvature does (Richardson).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy

from calcgrad.checking.measuring.calling import EPS
from calcgrad.checking.measuring.directions import sizes
from calcgrad.checking.measuring.evaluation import Evaluation, Raised
from calcgrad.checking.measuring.subject import Leaf
from calcgrad.report.claims import CheckReport, WrongEntry

Array = Any
#: The wider step, as a share of an entry's size; a power of two.
_STEP = 0.25
#: More entries than this are not moved one by one.
MOST = 256
#: What curvature may do, in differences of the two quotients; and rounding, in halves of the last unit of each output.
_CURVED, _LOOSE = 3.0, 2.0
#: A claim is worth the word right where an error of this share of the largest entry would have been seen.
_USEFUL = 0.25


@dataclass(frozen=True, slots=True)
class Measured:
    """The weighted derivative in each entry, and how far it is known; nan where it is not."""

    value: Array
    uncertain: Array


def measured(evaluation: Evaluation, x: Array, u: Array) -> Measured:
    """The derivative of ``u·f`` in every entry, from four values each."""
    value, uncertain = numpy.full(len(x), numpy.nan), numpy.full(len(x), numpy.nan)
    size = sizes(x, evaluation.leaves)
    for leaf in evaluation.leaves:
        for i in range(leaf.start, leaf.stop):
            wide = _quotient(evaluation, x, i, _rounded(leaf, x[i], _STEP * size[i]), u)
            near = _quotient(evaluation, x, i, _rounded(leaf, x[i], _STEP / 2.0 * size[i]), u)
            if wide is not None and near is not None:
                value[i] = (4.0 * near[0] - wide[0]) / 3.0
                rounding = (4.0 * near[1] + wide[1]) / 3.0
                uncertain[i] = _CURVED * abs(near[0] - wide[0]) + _LOOSE * rounding
    return Measured(value, uncertain)


def _rounded(leaf: Leaf, at: float, step: float) -> tuple[float, float]:
    """Two places on either side of an entry that its format holds."""
    unit = EPS[leaf.dtype] * float(numpy.exp2(numpy.floor(numpy.log2(max(abs(at) + step, 1e-300)))))
    return float(numpy.round((at - step) / unit) * unit), float(numpy.round((at + step) / unit) * unit)


def _quotient(
    evaluation: Evaluation, x: Array, i: int, ends: tuple[float, float], u: Array
) -> tuple[float, float] | None:
    """The difference quotient between two places, and what rounding of the outputs may make of it."""
    answers = []
    for end in ends:
        point = x.copy()
        point[i] = end
        answers.append(evaluation(point))
    left, right = answers
    if isinstance(left, Raised) or isinstance(right, Raised) or ends[0] == ends[1]:
        return None
    moved = numpy.asarray(left != right)
    unit = max(EPS[leaf.dtype] for leaf in evaluation.leaves)
    half = 0.5 * unit * (numpy.abs(left) + numpy.abs(right)) * moved * numpy.abs(u)
    length = ends[1] - ends[0]
    change = numpy.sum(u * (right.astype(numpy.float64) - left.astype(numpy.float64)))
    return float(change) / length, float(numpy.sum(half)) / length


def judged(
    report: CheckReport, found: Measured, claimed: Array, evaluation: Evaluation, place: Callable[[int], Leaf]
) -> CheckReport:
    """The report, decided where every entry is known well enough, or one is off by more than it is known."""
    unit = max(EPS[leaf.dtype] for leaf in evaluation.leaves)
    allowed = found.uncertain + 4.0 * unit * numpy.abs(claimed)
    with numpy.errstate(invalid="ignore"):
        wrong = numpy.abs(claimed - found.value) > allowed
    note = "every entry was moved alone, by steps that the format holds exactly"
    if wrong.any():
        entries = []
        for i in map(int, numpy.flatnonzero(wrong)):
            leaf = place(i)
            entries.append(
                WrongEntry(
                    leaf.path, leaf.index(i), float(claimed[i]), float(found.value[i]), float(allowed[i])
                )
            )
        entries.sort(key=lambda entry: -abs(entry.claimed - entry.true))
        return replace(
            report, verdict="wrong", cause=None, wrong=tuple(entries[:100]), wrong_count=len(entries),
            wrong_complete=False, notes=(note,), detectable=None, confidence=None, witnesses=(),
        )  # fmt: skip
    largest = float(numpy.max(numpy.abs(claimed), initial=0.0))
    if largest and bool(numpy.all(allowed <= _USEFUL * largest)):
        share = float(numpy.max(allowed)) / largest
        note += f": an error above {share:.0%} of the largest entry would have been seen"
        return replace(
            report, verdict="right", cause=None, notes=(note,), detectable=None, confidence=None, witnesses=()
        )
    return report
