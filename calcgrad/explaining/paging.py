"""What a page shows of ``diff`` beyond its report: samples of the function that a point can be dragged along, steps, a graph, h.

Every sample is a report of its own: its slope is proved, or it says why there is none. A page computes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from calcgrad.comparing.compute import compute
from calcgrad.comparing.request import Request, asked
from calcgrad.errors import CalcgradError
from calcgrad.explaining.graph import TraceReport
from calcgrad.explaining.nudge import NudgeReport, nudge
from calcgrad.explaining.records import StepsReport
from calcgrad.explaining.steps import explain
from calcgrad.explaining.trace import explain as trace
from calcgrad.functions.loading import is_target
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY
from calcgrad.report.derivatives import PointReport, Report

#: How many places a point can be dragged to: a multiple of 4 and one, so that the middle is the point itself.
SAMPLES = 81
#: Derivatives up to which each is derived in the page of ``diff``.
MOST_DERIVATIONS = 12
#: Digits of a certified slope that are shown.
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Sample:
    """A place on the curve: the number it is at, f there, and f' with its proved digits; or what is there in place of a slope."""

    at: str
    x: float
    value: float | None
    slope: float | None
    digits: str
    verdict: str


@dataclass(frozen=True, slots=True)
class DiffPage:
    """A report with all that its page shows beside it; a part that there is not for this function is empty."""

    report: Report
    samples: tuple[Sample, ...] = ()
    chosen: int = 0
    steps: StepsReport | None = None
    nudged: NudgeReport | None = None
    traced: TraceReport | None = None


def page_of(request: Request) -> DiffPage:
    """The report of a request, and the parts of its page: samples and steps of a function of one number, h at its first point."""
    report = compute(request)
    one = (
        len(report.variables) == 1 and report.order == 1 and request.function is None and bool(report.points)
    )
    few = len(report.derivatives) <= MOST_DERIVATIONS
    steps = _kept(lambda: explain(replace(request, methods=None), judged=report.points)) if few else None
    first = replace(request, at=request.at[:1], methods=None)
    traced = _kept(lambda: trace(first)) if report.order == 1 and report.points else None
    if not one or not isinstance(report.points[0].at[report.variables[0]], float):
        return DiffPage(report, steps=steps, traced=traced)
    samples, chosen = _samples(request, report)
    return DiffPage(report, samples, chosen, steps, _kept(lambda: nudge(first)), traced)


def beside(
    text: str, variables: Sequence[str], point: PointReport | None = None, order: int = 1
) -> Report | None:
    """The formulas of a function and of its derivatives, and what is true at the point, without any method's rows.

    This is what every page begins with. ``None`` where the text is none of an expression.

    >>> found = beside("x^2*y", ("x", "y"))
    >>> [d.formula for d in found.derivatives] if found else None
    ['2*x*y', 'x^2']
    """
    if is_target(text):
        return None
    arrays = point is not None and any(isinstance(value, list) for value in point.at.values())
    at = [point.at] if point is not None and arrays else None  # how many derivatives there are, arrays say
    found = _kept(
        lambda: compute(asked(text, at, wrt=variables, order=order, truth="none", methods="reverse-ad"))
    )
    return (
        None
        if found is None
        else replace(found, points=() if point is None else (replace(point, results=()),))
    )


def _kept(make: Callable[[], Any]) -> Any:
    """What a part gives; ``None`` where the function has none, which the part itself says as an error of the user's."""
    try:
        return make()
    except CalcgradError:
        return None


def _samples(request: Request, report: Report) -> tuple[tuple[Sample, ...], int]:
    """Samples around the first point, or over all points where there are several; and which of them the first point is."""
    (name,) = report.variables
    places = sorted(p.at[name] for p in report.points if math.isfinite(p.at[name]))
    middle = report.points[0].at[name]
    if not places:
        return (), 0
    half = max(abs(middle), 1.0) * 2 if len(places) == 1 else max(middle - places[0], places[-1] - middle)
    step = _round(half / (SAMPLES // 2))
    below = SAMPLES // 2
    numbers = [middle + (k - below) * step for k in range(SAMPLES)]
    found = _sampled(request, name, numbers)
    return found, below if found else 0


def along(
    text: str, variable: str, low: float, high: float, at: float | None = None
) -> tuple[tuple[Sample, ...], int]:
    """Samples of a function of one number over a range, through ``at``, and which of them that is, or the middle.

    >>> samples, chosen = along("x^2", "x", 0.0, 4.0, 1.0)
    >>> samples[0].at, samples[chosen].at, samples[chosen].digits, samples[-1].at
    ('0', '1', '2', '4')
    """
    step = _round((high - low) / (SAMPLES - 1))
    start = math.ceil(low / step) * step if at is None else at - math.floor((at - low) / step) * step
    count = math.floor((high - start) / step) + 1
    numbers = [start + k * step for k in range(count)]
    chosen = count // 2 if at is None else round((at - start) / step)
    found = _kept(lambda: _sampled(asked(text, None, wrt=(variable,)), variable, numbers)) or ()
    return found, min(chosen, len(found) - 1) if found else 0


def _sampled(request: Request, name: str, numbers: Sequence[float]) -> tuple[Sample, ...]:
    """A report at each number; none where the function cannot be asked."""
    points = read_points([{name: x} for x in numbers], VOCABULARY)
    there = replace(request, at=points, methods=("reverse-ad",), truth="certified", order=1, wrt=())
    found = _kept(lambda: compute(there))
    return () if found is None else tuple([_sample(x, p) for x, p in zip(numbers, found.points, strict=True)])


def _round(step: float) -> float:
    """The step as a power of two, so that sums with it are exact wherever the point has few digits."""
    return float(2.0 ** math.floor(math.log2(step)))


def _sample(x: float, point: Any) -> Sample:
    truth = point.truth[0] if point.truth else None
    known = (
        truth is not None and truth.value is not None and truth.verdict in ("agree", "removable", "unjudged")
    )
    slope = float(truth.value) if known and truth is not None else None
    value = point.value if isinstance(point.value, float) and math.isfinite(point.value) else None
    verdict = truth.verdict if truth is not None and slope is None else point.verdict
    digits = "" if slope is None else f"{slope:.{_DIGITS}g}"
    return Sample(f"{x:.{_DIGITS}g}", x, value, slope, digits, verdict)
