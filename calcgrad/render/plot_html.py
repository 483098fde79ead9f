"""Plots as a web page: the curves with all that is special on them, the point that is dragged, values with proved slopes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from calcgrad.explaining.paging import Sample, along, beside
from calcgrad.explaining.plot import Drawn, PlotReport
from calcgrad.render import Style, plot, words
from calcgrad.render.document import Cells, Table
from calcgrad.render.document import line as line_of
from calcgrad.render.html import written
from calcgrad.render.html_chart import svg
from calcgrad.render.html_head import head
from calcgrad.render.html_plot import dragged, slope_of
from calcgrad.render.page import command_of, page

#: Rows of a table of values, about.
_ROWS = 20


def render(report: PlotReport, style: Style, unicode: bool = False) -> str:
    """The page."""
    one = report.functions[0] if len(report.functions) == 1 else None
    formulas = None if one is None else beside(one.input, (report.variable,), report.point)
    named = ", ".join(drawn.parsed for drawn in report.functions)
    span = f"{report.variable} from {words.rounded(report.low)} to {words.rounded(report.high)}"
    at = None if report.tangent is None else report.tangent.x
    sampled = [
        (drawn, *along(drawn.input, report.variable, report.low, report.high, at))
        for drawn in report.functions
    ]
    parts = [
        head(f"The curve, {span}" if one else f"The curves, {span}", formulas, named, report.point),
        "".join(f'<p class="note">{escape(f"{w.code}: {w.message}")}</p>' for w in report.warnings),
        _curves(report, *sampled[0][1:]) if one else _curves(report, (), 0),
        written([line_of(said) for said in plot.facts(report)]),
        *[_values(report, drawn, samples) for drawn, samples, _ in sampled if samples],
    ]
    made = command_of(style.typed, report.command, *[drawn.input for drawn in report.functions])
    return page(f"calcgrad plot {report.input}", "\n".join(part for part in parts if part), made)


def _curves(report: PlotReport, samples: Sequence[Sample], chosen: int) -> str:
    """The curves, of one function with the point; below them how far a claim is off."""
    first, *others = plot.charts(report)
    more = "".join(f"<h3>{escape(chart.title)}</h3>{svg(chart)}" for chart in others)
    return f"<section><h2>The curves</h2>{dragged(first, samples, chosen, first.title)}{more}</section>"


def _values(report: PlotReport, drawn: Drawn, samples: Sequence[Sample]) -> str:
    """A table of values and slopes, at places with few digits."""
    chosen = samples[:: max(len(samples) // _ROWS, 1)]
    table = Table((report.variable, "f", "f'"), tuple(_rows(chosen)), numbers=0)
    summary = "Values and proved slopes" + ("" if len(report.functions) == 1 else f" of {drawn.parsed}")
    return f"<details open><summary>{escape(summary)}</summary>{written([table])}</details>"


def _rows(samples: Sequence[Sample]) -> Iterator[Cells]:
    for s in samples:
        value = words.number(float(f"{s.value:.12g}")) if s.value is not None else "no value"
        yield Cells((s.at, value, slope_of(s)))
