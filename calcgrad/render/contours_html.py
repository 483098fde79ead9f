"""A function of two numbers as a web page: its lines of equal height, and where its gradient points."""

from __future__ import annotations

from html import escape

from calcgrad.explaining.contours import ContoursReport
from calcgrad.explaining.paging import beside
from calcgrad.render import Style, contours
from calcgrad.render.document import line as line_of
from calcgrad.render.html import written
from calcgrad.render.html_chart import svg
from calcgrad.render.html_head import head
from calcgrad.render.page import command_of, page


def render(report: ContoursReport, style: Style, unicode: bool = False) -> str:
    """The page."""
    heading = contours.heading(report)
    parts = [
        head(
            f"Lines of equal height{heading.partition(report.parsed)[2]}",
            beside(report.input, report.variables, report.point),
            report.parsed,
            report.point,
        ),
        "".join(f'<p class="note">{escape(f"{w.code}: {w.message}")}</p>' for w in report.warnings),
        f"<section><h2>The picture</h2>{svg(contours.chart(report), label=heading)}</section>",
        written([line_of(said) for said in contours.facts(report)]),
    ]
    made = command_of(style.typed, report.command, report.input)
    return page(f"calcgrad plot {report.input}", "\n".join(parts), made)
