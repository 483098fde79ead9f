"""What ``plot`` gives for a function of two variables, as a document: the gradient, and the lines as text."""

from __future__ import annotations

from calcgrad.explaining.contours import ContoursReport
from calcgrad.render import Style, contours
from calcgrad.render.document import Block, Screen
from calcgrad.render.document import line as line_of
from calcgrad.render.terminal import in_terminal

__all__ = ["blocks", "line", "text"]

text = contours.render


def line(report: ContoursReport) -> str:
    """The function and the rectangle, and how many heights are drawn."""
    return f"{contours.heading(report)}: lines of {len(report.landscape.levels)} heights"


def blocks(report: ContoursReport) -> list[Block]:
    """The report as a document."""
    found: list[Block] = [line_of(contours.heading(report)), *map(line_of, contours.facts(report))]
    drawn = in_terminal(contours.chart(report), Style(80, ascii=True), 23)
    return [*found, Screen("\n".join(drawn))] if drawn else found
