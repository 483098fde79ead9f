"""What ``trace`` shows: the picture, the table of slots, where each adjoint comes from, the local partials."""

from __future__ import annotations

from calcgrad.explaining.graph import TraceReport
from calcgrad.render import Style, trace, words
from calcgrad.render.document import Block, Cells, Formula, Heading, Maths, Screen, Table, Verdict
from calcgrad.render.document import line as line_of

__all__ = ["blocks", "line", "text"]

text = trace.render
_GOOD = {"agree": True, "removable": True, "disagree": False}


def line(report: TraceReport) -> str:
    """The function, the size of its graph, the verdict."""
    verdict = f", {report.points[0].verdict}" if report.points else ""
    return f"{report.parsed}: {len(report.slots)} slots, {len(report.edges)} edges{verdict}"


def blocks(report: TraceReport) -> list[Block]:
    """The report as a document."""
    style = Style(width=None)
    found: list[Block] = [line_of(f"{w.code}: {w.message}", kind="warning") for w in report.warnings]
    name = f"{words.function_text(report)} = " if trace.of_text(report) else ""
    found.append(Formula(Maths(f"{name}{report.parsed}")))
    drawn = trace.picture(report, style)
    found += [Screen("\n".join(drawn))] if drawn else []
    headers, rows = trace.table(report)
    found.append(Table(tuple(headers), tuple([Cells(tuple(row)) for row in rows]), numbers=len(headers)))
    found += [line_of(trace.forward_words(report))] if report.mode != "reverse" else []
    if report.mode != "forward":
        found += [Heading("backward: where each adjoint comes from")]
        found += [Screen("\n".join(trace.adjoints(report, style)))]
    partials = trace.partials(report, style)
    found += (
        [Heading("local partials, one on each edge"), Screen("\n".join(partials[1:]))] if partials else []
    )
    found += [line_of(said, kind="note") for said in (*trace.lost(report), *report.faults)]
    for point in report.points:
        shown = "\n".join(trace.truths(report, style)) if point.at else ""
        found += [Screen(shown)] if shown else []
        found.append(Verdict(point.verdict, _GOOD.get(point.verdict), point.explanation))
    return found
