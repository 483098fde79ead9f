"""Nudges as a web page: the curve of the error against the step with what was fitted to it, the slopes of each method."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape

from calcgrad.explaining.nudge import Nudged, NudgeReport
from calcgrad.explaining.paging import beside
from calcgrad.explaining.quotients import QUOTIENTS
from calcgrad.render import Style, nudge
from calcgrad.render.charts import Chart, Mark
from calcgrad.render.document import Cells, Table
from calcgrad.render.html import written
from calcgrad.render.html_chart import svg
from calcgrad.render.html_head import head
from calcgrad.render.html_methods import sentences
from calcgrad.render.page import command_of, page
from calcgrad.render.views.nudge import method


def render(report: NudgeReport, style: Style, unicode: bool = False) -> str:
    """The page."""
    about = f"The slope of a small step in {report.variable}, as the step shrinks"
    parts = [
        head(about, beside(report.input, report.variables, report.point), report.parsed, report.point),
        "".join(f'<p class="note">{escape(f"{w.code}: {w.message}")}</p>' for w in report.warnings),
        curve(report),
        _together(report),
        *_methods(report),
        sentences(
            [*[nudged.method for nudged in report.methods], *(["adaptive"] if report.adaptive else [])]
        ),
    ]
    made = command_of(style.typed, report.command, report.input)
    return page(f"calcgrad nudge {report.input}", "\n".join(part for part in parts if part), made)


def curve(report: NudgeReport, told: int | None = None) -> str:
    """The error against the step as a section, and in words why it turns, of the first methods (``told``) or of all."""
    drawn = svg(chart(report), label="the error of each method against its step, both by powers of ten")
    if not drawn:
        return ""
    several = [nudged for nudged in report.methods if nudged.rows][:told]
    said = [
        f"<dt>{nudged.method}</dt>" + "".join(f"<dd>{escape(text)}</dd>" for text in nudge.reasons(nudged))
        for nudged in several
    ]
    found = nudge.adaptive(report)
    words = f"<dl>{''.join(said)}</dl>" + (f"<p>{escape(found)}</p>" if found else "")
    return f"<section><h2>Error against step</h2>{drawn}{words}</section>"


def chart(report: NudgeReport) -> Chart:
    """The curves, named by the powers that were fitted to them, the least error of each marked."""
    found = nudge.chart(report)
    fitted = {QUOTIENTS[nudged.method].short: _fitted(nudged) for nudged in report.methods}
    series = tuple([replace(s, name=s.name + fitted.get(s.name, "")) for s in found.series])
    best = [
        Mark(nudged.best.step, nudged.best.error, "least error of each", "o")
        for nudged in report.methods
        if nudged.best is not None and nudged.best.error
    ]
    return replace(found, series=series, marks=(*found.marks, *best))


def _fitted(nudged: Nudged) -> str:
    """``: falls as h^1.00, rises as h^-1.02``."""
    said = [
        f"{way} as h^{fit.power:.2f}"
        for way, fit in (("falls", nudged.falls), ("rises", nudged.rises))
        if fit
    ]
    return f": {', '.join(said)}" if said else ""


def _together(report: NudgeReport) -> str:
    """All methods in one table."""
    asked = [nudged for nudged in report.methods if nudged.reason is None]
    if len(asked) < 2:
        return ""
    what, headers, rows = nudge.side_by_side(asked)
    table = Table(headers, tuple([Cells(row.cells) for row in rows]), numbers=0)
    return f"<section><h2>The {what} of each method</h2>{written([table])}</section>"


def _methods(report: NudgeReport) -> Iterator[str]:
    """The slopes of each, folded but for the first."""
    for k, nudged in enumerate(report.methods):
        opened = "" if k else " open"
        summary = f"<summary>The slopes of {escape(nudged.method)}</summary>"
        yield f"<details{opened}>{summary}{written(method(report, nudged))}</details>"
