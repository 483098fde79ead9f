"""A descent as a web page: the path over lines of equal height, the curve of the loss, what each step and its end say."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from calcgrad.explaining.descend import DescendReport, Path
from calcgrad.explaining.paging import beside
from calcgrad.render import Style, descend
from calcgrad.render.document import Block
from calcgrad.render.document import line as line_of
from calcgrad.render.html import written
from calcgrad.render.html_chart import svg
from calcgrad.render.html_head import head
from calcgrad.render.page import command_of, page
from calcgrad.render.views.descend import ending, stations

#: Steps up to which each has its row.
_MOST_ROWS = 100


def render(report: DescendReport, style: Style, unicode: bool = False) -> str:
    """The page."""
    formulas = None if report.program or report.shapes else beside(report.input, report.variables)
    endings: list[Block] = [ending(report, path, name) for name, path in descend.paths(report)]
    said: list[Block] = [*map(line_of, descend.counted(report)), *map(line_of, descend.about_rate(report))]
    parts = [
        head(descend.heading(report).rpartition(": ")[2].capitalize(), formulas, report.parsed),
        "".join(f'<p class="note">{escape(f"{w.code}: {w.message}")}</p>' for w in report.warnings),
        written([*endings, *said]),
        *_curves(report),
        *[_table(report, name, path) for name, path in descend.paths(report)],
    ]
    made = command_of(style.typed, report.command, report.input)
    return page(f"calcgrad descend {report.input}", "\n".join(part for part in parts if part), made)


def _curves(report: DescendReport) -> Iterator[str]:
    for chart in descend.charts(report):
        heading = "The way, over lines of equal height" if chart.contours else "The loss at each step"
        if drawn := svg(chart, label=f"{heading}: {report.parsed}"):
            yield f"<section><h2>{heading}</h2>{drawn}</section>"


def _table(report: DescendReport, name: str, path: Path) -> str:
    """The steps of a path; of many the first, the last and some between."""
    shown = path.stations if len(path.stations) <= _MOST_ROWS else descend.chosen(path.stations)
    left = len(path.stations) - len(shown)
    more = f"<p>{left:,} steps between are left out; --format json has them all.</p>" if left else ""
    heading = f"The steps {name.rstrip(': ')}".rstrip()
    return f"<section><h2>{escape(heading)}</h2>{written([stations(report, shown)])}{more}</section>"
