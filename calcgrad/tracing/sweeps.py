"""The two sweeps over what a trace wrote down; neither uses recursion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy

from calcgrad.operations.values.masked import dense
from calcgrad.tracing.levels import levels
from calcgrad.tracing.rules import careful
from calcgrad.tracing.traced import Trace, Traced


def pull_back(trace: Trace, cotangents: Mapping[int, Any]) -> list[Any]:
    """The adjoint of each input, ``None`` where it is zero by structure, given the cotangents of some slots.

    The fast pullbacks know no masks; where their result has a nan, the careful ones decide what it is.
    """
    with numpy.errstate(all="ignore"):
        found = _swept(trace, cotangents, slow=False)
        if any(map(_has_nan, found)):
            found = _swept(trace, cotangents, slow=True)
    return [dense(a) for a in found]


def _swept(trace: Trace, cotangents: Mapping[int, Any], slow: bool) -> list[Any]:
    steps, inputs = trace.steps, trace.inputs
    adjoints: list[Any] = [None] * len(steps)
    owned = [False] * len(steps)
    for slot, cotangent in cotangents.items():
        before = adjoints[slot]
        adjoints[slot] = cotangent if before is None else before + cotangent
    for k in range(len(steps) - 1, inputs - 1, -1):
        d = adjoints[k]
        if d is not None:
            adjoints[k] = None
            step = steps[k]
            (careful if slow else step[0])(adjoints, owned, d, step)
    return adjoints[:inputs]


def _has_nan(adjoint: Any) -> bool:
    if type(adjoint) is float:
        return adjoint != adjoint
    while type(adjoint) is Traced:
        adjoint = adjoint.primal
    adjoint = dense(adjoint)
    if adjoint is None or type(adjoint) is float:
        return adjoint != adjoint
    return bool(numpy.isnan(numpy.sum(adjoint)))


def push_forward(trace: Trace, tangents: Sequence[Any]) -> list[Any]:
    """The tangent of each slot, ``None`` where it is zero by structure, given those of the inputs."""
    system = levels()
    found = list(tangents)
    with numpy.errstate(all="ignore"):
        for step in trace.steps[trace.inputs :]:
            _, op, slots, args, params, y = step
            total: Any = None
            for j, slot in enumerate(slots):
                if slot is None or found[slot] is None:
                    continue
                term = system.push(op, j)(y, *args, *params, found[slot])
                if term is not None:
                    total = term if total is None else total + term
            found.append(total)
    return [dense(t) for t in found]
