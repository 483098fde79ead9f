"""What ``nudge`` gives, as a document: the slopes, why their error turns, the curve as text."""

from __future__ import annotations

from calcgrad.explaining.nudge import Nudged, NudgeReport
from calcgrad.render import Style, nudge, words
from calcgrad.render.document import Block, Cells, Heading, Maths, Screen, Table
from calcgrad.render.document import line as line_of
from calcgrad.render.terminal import in_terminal

__all__ = ["blocks", "line", "text"]

text = nudge.render


def line(report: NudgeReport) -> str:
    """The function, the point, the first method's best step."""
    first = report.methods[0] if report.methods else None
    best = f", {first.method} best at h = {nudge.power(first.best.step)}" if first and first.best else ""
    return f"{report.parsed} at {words.point_name(report.point)}{best}, {report.point.verdict}"


def blocks(report: NudgeReport) -> list[Block]:
    """The report as a document."""
    found: list[Block] = [line_of(Maths(nudge.heading(report)))]
    found += [line_of(said) for said in nudge.said_of_truth(report, Style(None))]
    for nudged in report.methods:
        found += [Heading(nudged.method), *method(report, nudged)]
    drawn = in_terminal(nudge.chart(report), Style(80, ascii=True))
    return [*found, Screen("\n".join(drawn))] if drawn else found


def method(report: NudgeReport, nudged: Nudged) -> list[Block]:
    """A method's quotient, its slopes and why their error turns; or why there are none."""
    if nudged.reason:
        return [line_of(nudged.reason)]
    found: list[Block] = [line_of(nudge.written(report, nudged))]
    found += [_table(nudged)] if nudged.rows else []
    return [*found, *[line_of(said) for said in nudge.reasons(nudged)]] if nudged.rows else found


def _table(nudged: Nudged) -> Table:
    rows = [
        Cells(
            (
                nudge.power(row.step),
                words.number(row.moved),
                words.number(row.slope),
                words.size(row.error),
            )
        )
        for row in nudged.rows
    ]
    return Table(("h", "f(x+h)", "slope", "error"), tuple(rows))
