"""The exit code of a report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from calcgrad.report.derivatives import PointReport, Report
from calcgrad.report.exits import EXIT_CODES, worst_exit_code

if TYPE_CHECKING:
    from calcgrad.explaining.descend import DescendReport
    from calcgrad.explaining.graph import TraceReport
    from calcgrad.explaining.records import StepsReport

#: Ends of a descent at which the gradient is as small as it was asked to be.
ARRIVED = ("minimum", "arrived", "saddle", "maximum", "flat")


def of_report(report: Report) -> int:
    """The worst exit code of its points; 0 without points."""
    return of_points(report.points)


def of_points(points: Sequence[PointReport]) -> int:
    """The worst exit code of points."""
    return worst_exit_code([_of_point(point) for point in points])


def _of_point(point: PointReport) -> int:
    if point.results and all(r.status in {"budget", "skipped", "failed"} for r in point.results):
        spent = any(r.status == "budget" for r in point.results)
        answered = any(
            t.value is not None or t.verdict not in {"agree", "inconclusive", "unjudged"} for t in point.truth
        )
        if spent and not answered:
            return 4
    if point.verdict == "boundary":
        sides = [s for t in point.truth if t.verdict == "boundary" for s in (t.left, t.right)]
        return 1 if any(s is not None and math.isinf(s) for s in sides) else 0
    return EXIT_CODES[point.verdict]


def of_steps(report: StepsReport) -> int:
    """70 where a step does not hold, as ``diff`` at its points, 5 where there is no formula or nothing was checked."""
    codes = [70] if report.check == "wrong" else []
    codes += [_of_point(point) for point in report.points]
    codes += [5] if any(d.reason is not None or d.check == "open" for d in report.derivations) else []
    return worst_exit_code(codes)


def of_trace(report: TraceReport) -> int:
    """70 where a figure is not what the sweep computed, as ``diff`` at the point otherwise."""
    codes = [70] if report.check == "wrong" else []
    return worst_exit_code([*codes, *[_of_point(point) for point in report.points]])


def of_descent(report: DescendReport) -> int:
    """1 where a descent goes away or up, 3 where it meets no number, 4 where the steps did not do for ``--until``; 0 otherwise."""
    paths = [report.path] if report.claimed is None else [report.path, report.claimed]
    kinds = [path.ending.kind for path in paths]
    unfinished = report.until is not None and any(kind not in ARRIVED for kind in kinds)
    codes = [{"diverged": 1, "uphill": 1, "nan": 3}.get(kind, 4 if unfinished else 0) for kind in kinds]
    return worst_exit_code(codes)
