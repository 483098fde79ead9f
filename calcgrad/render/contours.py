"""A function of two variables as text: the gradient at the point, and lines of equal height with the gradient's directions."""

from __future__ import annotations

import math
from collections.abc import Iterator

from calcgrad.explaining.contours import ContoursReport
from calcgrad.explaining.landscape import Landscape
from calcgrad.phrases import figure
from calcgrad.render import Style, words
from calcgrad.render.charts import Chart, Contour, Mark, Pointer
from calcgrad.render.terminal import screen

#: The letters of the lines, the lowest first.
_SIGNS = "abcdefghijklm"
_HEIGHT = 23


def render(report: ContoursReport, style: Style, unicode: bool = False) -> str:
    """The report for a screen."""
    return screen(heading(report), facts(report, style.ascii), chart(report), _HEIGHT, report.warnings, style)


def heading(report: ContoursReport) -> str:
    """What is drawn, from where to where."""
    x, y = report.variables
    ends = [
        f"{name} from {words.rounded(low)} to {words.rounded(high)}"
        for name, low, high in zip(report.variables, report.low, report.high, strict=True)
    ]
    return f"f({x}, {y}) = {report.parsed}, {', '.join(ends)}"


def facts(report: ContoursReport, ascii: bool = False) -> Iterator[str]:
    """A sentence for the point, and for what is left blank."""
    yield from _at_the_point(report, ascii)
    land = report.landscape
    count = len(land.xs) * len(land.ys)
    if 0 < land.blank < count:
        yield f"no value at {land.blank:,} of {count:,} places looked at: blank in the picture"
    if not land.levels:
        yield _without_lines(land)


def _without_lines(land: Landscape) -> str:
    """Why there are none."""
    heights = {h for row in land.heights for h in row if math.isfinite(h)}
    if not heights:
        return "no value at any place that was looked at"
    if len(heights) == 1:
        return f"f = {words.rounded(heights.pop())} at each place that was looked at"
    return "no line of equal height: the values jump from one to the next"


def _at_the_point(report: ContoursReport, ascii: bool) -> Iterator[str]:
    point = report.point
    if point is None:
        return
    where = words.point_name(point)
    if report.arrow is None:
        if point.verdict == "agree":
            yield f"at {where}: no gradient: by one of the variables no closed form is known"
            return
        said = "; ".join(point.explanation)
        yield f"at {where}: no gradient: {point.verdict}{': ' if said else ''}{said}"
        return
    value = f"f = {words.number(point.value)}" if isinstance(point.value, float) else ""
    partials = [
        f"{'df/d' if ascii else '∂f/∂'}{truth.wrt[0]} = {truth.value}"
        for truth in point.truth
        if truth.value is not None
    ]
    yield f"at {where}: {', '.join([value, *partials])} (proved)"
    steep = math.hypot(*report.arrow.gradient)
    if steep == 0:
        yield "the gradient is 0: f is level there, in every direction"
        return
    direction = ", ".join(figure(g / steep, 4) for g in report.arrow.gradient)
    yield f"f rises quickest towards ({direction}), by {words.rounded(steep)} a unit: that is the gradient's length"


def lines_of(land: Landscape) -> tuple[Contour, ...]:
    """The lines of equal height, each height with its letter."""
    return tuple(
        [
            Contour(level.height, words.number(level.height), level.lines, sign)
            for level, sign in zip(land.levels, _SIGNS, strict=False)
        ]
    )


def chart(report: ContoursReport) -> Chart:
    """Lines of equal height, and the gradient's direction at some places and at the point."""
    x, y = report.variables
    pointers = [Pointer(arrow.at, arrow.gradient) for arrow in report.arrows]
    marks = []
    if report.arrow is not None:
        pointers.append(Pointer(report.arrow.at, report.arrow.gradient, strong=True))
        marks.append(
            Mark(
                *report.arrow.at,
                f"at {x} = {words.rounded(report.arrow.at[0])}, {y} = {words.rounded(report.arrow.at[1])}",
                "P",
            )
        )
    return Chart(
        heading(report),
        x,
        y,
        (),
        tuple(marks),
        x_range=(report.low[0], report.high[0]),
        y_range=(report.low[1], report.high[1]),
        contours=lines_of(report.landscape),
        pointers=tuple(pointers),
        pointing="arrows: where f rises quickest",
    )


def charts(report: ContoursReport) -> list[Chart]:
    """What a picture shows."""
    return [chart(report)]
