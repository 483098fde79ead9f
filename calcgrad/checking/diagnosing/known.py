"""What was gathered, as evidence for the hypotheses and as entries for the report."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy

from calcgrad.checking.deciding.deciding import Look
from calcgrad.checking.deciding.gathering import Gathered
from calcgrad.checking.deciding.scales import Scales, Weighing
from calcgrad.checking.diagnosing.evidence import Evidence, Source, evidence_of
from calcgrad.checking.diagnosing.surroundings import arrays_of
from calcgrad.checking.measuring.claimed import MismatchError
from calcgrad.checking.measuring.deadline import SpentError
from calcgrad.checking.measuring.directions import draw
from calcgrad.checking.measuring.evaluation import Raised
from calcgrad.checking.measuring.functionals import Functional
from calcgrad.errors import CalcgradError
from calcgrad.pytrees import named_leaves
from calcgrad.report.claims import WrongEntry

Array = Any


def known_of(gathered: Gathered, weighing: Weighing, scales: Scales) -> Evidence:
    """The evidence for one functional, which the directions that were measured for it can test."""
    looks = [
        each
        for each in (*weighing.looks, *weighing.own)
        if each.functional is gathered.functional and each.trouble is None
    ]

    def confirmed(corrected: Array) -> bool:
        return all(_agrees(each, corrected) for each in looks)

    return evidence_of(
        scales.leaves,
        scales.oracle.x,
        gathered.claimed,
        gathered.true,
        gathered.bound,
        confirmed,
        _dimensions(scales),
        weighing.traced.loss if weighing.traced is not None else None,
        _moved(scales) if gathered.functional.second is None else None,
        _claim(scales),
        arrays_of(scales.oracle.evaluation.f, scales.oracle.evaluation.arguments),
        _source(scales, gathered.functional) if scales.functionals.is_one else None,
    )


def known_of_all_outputs(
    claimed: Array, true: Array, bound: Array, of: Functional, scales: Scales
) -> Evidence:
    """The evidence for a Jacobian as one claim, all outputs weighed: what a change of its source is tried on."""
    data = arrays_of(scales.oracle.evaluation.f, scales.oracle.evaluation.arguments)
    source = _source(scales, of)
    dimensions = _dimensions(scales)
    return evidence_of(
        scales.leaves, scales.oracle.x, claimed, true, bound, None, dimensions, data=data, source=source
    )


def _source(scales: Scales, of: Functional) -> Source | None:
    """The claim's own code, run for a gradient, or for that of weighed outputs; ``None`` of other kinds, or a framework's."""
    caller, weights = scales.functionals.caller, of.weights
    if not scales.options.correct:
        return None
    if (
        caller.claim.kind not in ("gradient", "value_and_grad", "jacobian")
        or caller.subject.handover is not None
    ):
        return None
    pair = caller.claim.kind == "value_and_grad"

    def weighed(call: Callable[..., Any], flat: Array) -> Array:
        assert weights is not None
        found: Array = numpy.tensordot(weights, caller.instead(call, flat), axes=weights.ndim)
        return found

    return Source(
        caller.claim.call,
        caller.instead if weights is None else weighed,
        lambda: _slope(scales, of),
        lambda: _left(scales),
        caller.roots,
        None if pair else caller.subject.f,
        (lambda: caller.value) if pair else None,
    )


def _left(scales: Scales) -> float:
    """The seconds that the check has left."""
    limit = scales.options.max_seconds
    return math.inf if limit is None else limit - scales.oracle.seconds


#: How far another point is, and the larger step there, both as shares of a direction as large as the point: in this order.
_ELSEWHERE = ((0.06, 1e-2), (-0.06, 1e-2), (0.06, 1e-3), (-0.06, 1e-3), (0.11, 1e-4))
#: Two steps that differ by so small a share of the slope have no kink between them.
_SMOOTH = 1e-4


def _slope(scales: Scales, of: Functional) -> tuple[Array, Array, float, float] | None:
    """The derivative along a direction at a point on it, by differences at two steps, with its error.

    What the second step leaves is some (h²) of what it takes away; a twentieth is allowed. That is so where the function is
    smooth: a point whose steps reach over a kink, of one relu among many, is left for another point or for shorter steps.
    """
    v = draw([scales.options.seed, 41], scales.size)
    best: tuple[float, tuple[Array, Array, float, float]] | None = None
    for away, step in _ELSEWHERE:
        steps = (step, step / 2.0)
        try:
            answers = scales.oracle.outputs(v, [away + sign * h for h in steps for sign in (1.0, -1.0)])
        except (SpentError, CalcgradError):
            break
        if any(isinstance(answer, Raised) for answer in answers):
            continue
        f = numpy.array([float(of.reduce(answer)) for answer in answers])
        if not numpy.isfinite(f).all():
            continue
        d = (f[0::2] - f[1::2]) / (2.0 * numpy.array(steps))
        better = float(4.0 * d[1] - d[0]) / 3.0
        rounding = 8.0 * numpy.finfo(float).eps * float(numpy.max(numpy.abs(f))) / steps[-1]
        bend = abs(float(d[1] - d[0])) / max(abs(better), rounding, numpy.finfo(float).tiny)
        if best is None or bend < best[0]:
            point = scales.oracle.x + away * v
            best = bend, (point, v, better, 0.05 * abs(better - float(d[1])) + rounding)
        if bend <= _SMOOTH:
            break
    return best[1] if best else None


def _claim(scales: Scales) -> Callable[[Array], Array | None] | None:
    """The claim at another point; ``None`` where it is no gradient of one number."""
    caller = scales.functionals.caller
    if caller.claim.kind not in ("gradient", "value_and_grad"):
        return None

    def claim(x: Array) -> Array | None:
        try:
            return caller(x)
        except (CalcgradError, MismatchError):
            return None

    return claim


def _moved(scales: Scales) -> Callable[[int, float], float] | None:
    """The function with one entry moved; ``None`` where it is no number."""
    if scales.functionals.output.shape or not scales.functionals.is_one:
        return None

    def value(place: int, by: float) -> float:
        direction = numpy.zeros(scales.n)
        direction[place] = 1.0
        (answer,) = scales.oracle.outputs(direction, [by])
        return float("nan") if isinstance(answer, Raised) else float(answer)

    return value


def _agrees(each: Look, corrected: Array) -> bool:
    """Whether a corrected claim is right along a direction; a correction is known to some 1e-9 of what it corrects."""
    off = abs(float(numpy.sum(corrected * each.v)) - float(each.estimate.value))
    return off <= each.bar + 1e-7 * abs(each.residual)


def _dimensions(scales: Scales) -> tuple[tuple[int, str], ...]:
    """The lengths and the sizes of all arguments, and of the arrays that the function reads beside them."""
    found: dict[int, str] = {}
    for name, tree in scales.oracle.evaluation.arguments.items():
        for path, value in named_leaves(tree, name):
            shape = getattr(value, "shape", ())
            for axis, length in enumerate(shape):
                found.setdefault(length, f"the length of {path} along axis {axis}")
            if len(shape) > 1:
                found.setdefault(int(numpy.size(value)), f"the size of {path}")
    arrays = arrays_of(scales.oracle.evaluation.f, {})
    for path, array in arrays:
        for axis, length in enumerate(array.shape):
            found.setdefault(length, f"the length of {path} along axis {axis}")
    for path, array in arrays:  # a mean over samples and places is one over their number
        for axes in _batches(array.ndim):
            size = int(numpy.prod([array.shape[axis] for axis in axes]))
            if size >= _LEAST_SIZE:
                found.setdefault(size, f"the size of {path} along the axes {', '.join(map(str, axes))}")
    return tuple(found.items())


#: A smaller product of lengths is any small number.
_LEAST_SIZE = 6


def _batches(ndim: int) -> list[tuple[int, ...]]:
    """The first axis with some of the others, for arrays of three to five axes."""
    if not 3 <= ndim <= 5:
        return []
    return [(0, *rest) for k in range(1, ndim) for rest in combinations(range(1, ndim), k)]


def entries_of(evidence: Evidence, output: tuple[int, ...] = ()) -> list[WrongEntry]:
    """The wrong entries, the worst first."""
    found = []
    for e in evidence.leaves:
        for index in numpy.argwhere(e.wrong):
            at = tuple(int(i) for i in index)
            found.append(
                WrongEntry(
                    e.path, (*output, *at), float(e.claimed[at]), float(e.true[at]), float(e.bound[at])
                )
            )
    return sorted(found, key=lambda entry: -abs(entry.claimed - entry.true))
