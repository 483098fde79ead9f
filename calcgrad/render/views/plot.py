"""What ``plot`` gives, as a document: what is special on the way, and the curves as text."""

from __future__ import annotations

from calcgrad.explaining.plot import PlotReport
from calcgrad.render import Style, plot
from calcgrad.render.document import Block, Screen
from calcgrad.render.document import line as line_of
from calcgrad.render.terminal import in_terminal

__all__ = ["blocks", "line", "text"]

text = plot.render


def line(report: PlotReport) -> str:
    """The functions, the range, and how many places are special."""
    count = sum(len(drawn.spots) for drawn in report.functions)
    return plot.heading(report) + (f": {count} place{'s' if count != 1 else ''} marked" if count else "")


def blocks(report: PlotReport) -> list[Block]:
    """The report as a document."""
    found: list[Block] = [line_of(plot.heading(report)), *map(line_of, plot.facts(report))]
    drawn = in_terminal(plot.chart(report), Style(80, ascii=True), 19)
    return [*found, Screen("\n".join(drawn))] if drawn else found
