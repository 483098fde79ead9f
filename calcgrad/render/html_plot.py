"""The plot of a page: f and f' over samples, with a point that can be dragged along them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Any

from calcgrad.explaining.paging import DiffPage, Sample
from calcgrad.render.charts import Chart, Point, Series
from calcgrad.render.html_chart import Place, place_of, svg
from calcgrad.render.html_script import with_samples

#: Half the width of the tangent, as a share of the chart's.
_REACH = 0.18


def section(shown: DiffPage) -> str:
    """The plot of a report at one point with the point that is dragged, as a section of a page."""
    chart = chart_of(shown)
    if chart is None:
        return ""
    first, last = shown.samples[0], shown.samples[-1]
    label = f"f(x) = {shown.report.parsed} and its derivative from {first.at} to {last.at}"
    return f"<section><h2>The curve and its tangent</h2>{dragged(chart, shown.samples, shown.chosen, label)}</section>"


def dragged(chart: Chart, samples: Sequence[Sample], chosen: int, label: str) -> str:
    """A chart with a point that is dragged along the samples, the slider that is there with JavaScript, and what is known there."""
    place = place_of(chart)
    if place is None:
        return ""
    if not samples:
        return svg(chart, label=label)
    told = [_told(chart.x, sample, place) for sample in samples]
    start = told[chosen]
    return (
        f"{svg(chart, _handle(start), label)}"
        f'<p hidden><label for="place">Drag the point, or move it with the arrow keys: </label>'
        f'<input id="place" type="range" min="0" max="{len(told) - 1}" value="{chosen}" '
        f'aria-valuetext="{escape(start["said"], quote=True)}"></p>'
        f'<p id="said" role="status">{escape(start["said"])}</p>'
        f'<p class="note">The point snaps to {len(told)} places; the slope at each is proved to the digits shown, or there is '
        f"said why there is none.</p>{with_samples(told)}"
    )


def chart_of(shown: DiffPage) -> Chart | None:
    """f and f' in pieces; ``None`` where there are no samples with values."""
    values = [s.value for s in shown.samples if s.value is not None]
    if len(values) < 2:
        return None
    (name,) = shown.report.variables
    f = Series("f", pieces(shown.samples))
    slopes = tuple(
        tuple((s.x, s.slope) for s in piece if s.slope is not None) for piece in _runs(shown.samples)
    )
    low, high = _middle(values)
    margin = (high - low) * 0.08 or 1.0
    return Chart(
        shown.report.parsed, name, "f, f'", (f, Series("f'", slopes)), y_range=(low - margin, high + margin)
    )


def _middle(values: Sequence[float]) -> tuple[float, float]:
    """The range of the values without the largest and the least twentieth, where those are far out (poles)."""
    ordered = sorted(values)
    cut = len(ordered) // 20
    low, high = ordered[cut], ordered[-1 - cut]
    wide = ordered[-1] - ordered[0]
    return (low, high) if high > low and wide > 6 * (high - low) else (ordered[0], ordered[-1])


def pieces(samples: Sequence[Sample]) -> tuple[tuple[Point, ...], ...]:
    """The curve in pieces; it is cut where a value or a slope is missing and where no smooth curve has these slopes.

    >>> s = lambda x, y, d: Sample(str(x), x, y, d, "", "agree")
    >>> [len(p) for p in pieces([s(-1.0, -1.0, -1.0), s(-0.5, -2.0, -4.0), s(0.5, 2.0, -4.0), s(1.0, 1.0, -1.0)])]
    [2, 2]
    """
    return tuple(tuple((s.x, s.value) for s in run if s.value is not None) for run in _runs(samples))


def _runs(samples: Sequence[Sample]) -> list[list[Sample]]:
    runs: list[list[Sample]] = [[]]
    for before, sample in pairwise([None, *samples]):
        if sample is None:
            continue
        if sample.value is None or (before is not None and not joined(before, sample)):
            runs.append([])
        if sample.value is not None:
            runs[-1].append(sample)
    return [run for run in runs if run]


def joined(a: Sample, b: Sample) -> bool:
    """Whether a line may join two samples: not over a jump or a pole, at which both slopes go against the difference."""
    if (
        a.value is None
        or b.value is None
        or "jump" in (a.verdict, b.verdict)
        or "infinite" in (a.verdict, b.verdict)
    ):
        return a.value is not None and b.value is not None and "jump" not in (a.verdict, b.verdict)
    if a.slope is None or b.slope is None:
        return True
    rise = b.value - a.value
    against = rise * a.slope < 0 and rise * b.slope < 0
    turning = a.slope * b.slope < 0 and min(abs(a.slope), abs(b.slope)) * (b.x - a.x) > 2 * abs(rise) + abs(
        a.value
    )
    return not against and not turning


def slope_of(s: Sample) -> str:
    """The proved digits of the slope, or why there are none."""
    if s.slope is None:
        return f"no slope is proved here: {s.verdict}"
    return s.digits + ("" if s.verdict in ("agree", "unjudged") else f" ({s.verdict})")


def _told(name: str, s: Sample, place: Place) -> dict[str, Any]:
    """A sample as the script shows it: words, the place of the point, the ends of the tangent."""
    across, _ = place.point(s.x, place.frame.y[0])
    value = "f has no value" if s.value is None else f"f = {s.value:.12g}"
    slope = ("" if s.slope is None else "f' = ") + slope_of(s)
    dot = None if s.value is None else [round(v, 1) for v in place.point(s.x, s.value)]
    line = None
    if s.value is not None and s.slope is not None:
        (x0, x1), _ = place.frame.ranges
        half = (x1 - x0) * _REACH
        ends = [place.point(s.x + d, s.value + d * s.slope) for d in (-half, half)]
        line = [round(v, 1) for end in ends for v in end]
    return {
        "across": round(across, 1),
        "said": f"{name} = {s.at}: {value}, {slope}",
        "dot": dot,
        "line": line,
    }


def _handle(start: dict[str, Any]) -> str:
    x1, y1, x2, y2 = start["line"] or (0, 0, 0, 0)
    x, y = start["dot"] or (0, 0)
    seen = {True: "visible", False: "hidden"}
    return (
        f'<line id="tangent" class="tangent" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" visibility="{seen[bool(start["line"])]}"/>'
        f'<circle id="dot" class="dot" cx="{x}" cy="{y}" r="7" visibility="{seen[bool(start["dot"])]}"/>'
    )
