"""JSON lines: one object a point (a report without points is one line)."""

from __future__ import annotations

from dataclasses import replace

from calcgrad.render import Style
from calcgrad.render.json import contract, line
from calcgrad.report.derivatives import Report


def render(report: Report, style: Style) -> str:
    """A line for each point, each a whole report of that point alone."""
    alone = [replace(report, points=(point,)) for point in report.points] or [report]
    return "".join(line(contract(one), style.ascii) + "\n" for one in alone)
