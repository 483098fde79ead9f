"""Several derivatives of which the table may lack one: the others stand, and the missing one says which operation is to blame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from calcgrad.methods.protocol import Problem
from calcgrad.report.estimates import Estimate, Skipped, Status
from calcgrad.systems.base import NoClosedForm


def each(problem: Problem, derivatives: Callable[[Problem], Estimate]) -> Estimate | Skipped:
    """All derivatives at once; where that meets an operation without a closed form, each by itself.

    ``lowergamma(a, x)`` has a derivative by ``x`` in the table and none by ``a``: the entries by ``a`` have no value, the
    status ``skipped`` and the reason as their note. ``Skipped`` is returned where no entry has a value.
    """
    try:
        return derivatives(problem)
    except NoClosedForm as fact:
        reason = str(fact)
    found = [_one(problem, derivatives, k) for k in range(len(problem.wrts))] if len(problem.wrts) > 1 else []
    known = [row for row in found if isinstance(row, Estimate)]
    if not known:
        return Skipped(reason)
    width = len(known[0].value[0])
    states: list[list[Status]] = [["ok" if isinstance(row, Estimate) else "skipped"] * width for row in found]
    return Estimate(
        [row.value[0] if isinstance(row, Estimate) else [None] * width for row in found],
        evaluations=1,
        passes=sum(row.passes for row in known),
        status=states,
        note=[[None if isinstance(row, Estimate) else row.reason] * width for row in found],
    )


def _one(problem: Problem, derivatives: Callable[[Problem], Estimate], k: int) -> Estimate | Skipped:
    try:
        return derivatives(replace(problem, wrts=[problem.wrts[k]]))
    except NoClosedForm as fact:
        return Skipped(str(fact))
