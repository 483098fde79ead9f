"""``compare-modes`` as a page, and its growth curves as one SVG."""

from __future__ import annotations

from html import escape

from calcgrad.render import Style
from calcgrad.render.charts import Chart, Series
from calcgrad.render.html import written
from calcgrad.render.html_chart import WIDTH, height_of, svg
from calcgrad.render.html_methods import sentences
from calcgrad.render.page import command_of, page
from calcgrad.render.views.modes import told
from calcgrad.report.modes import ModesReport, Story

_ALONE = "text{fill:#333}.grid{stroke:#333;opacity:.2;fill:none}svg{background:#fff;font:12px sans-serif}"


def render(report: ModesReport, style: Style) -> str:
    """The page: each story with its curves."""
    what = "Passes, operations, time and memory of each, as they were measured"
    parts = [f'<h1>What each mode of differentiation costs</h1>\n<p class="what">{what}</p>']
    for story in report.stories:
        drawn = curves(story)
        inside = written([*told(story)]) + (svg(drawn) if drawn else "")
        parts.append(f"<section><h2>{escape(story.name)}</h2>{inside}</section>")
    parts.append(sentences(row.mode for story in report.stories for row in story.rows))
    return page("calcgrad compare-modes", "\n".join(parts), command_of(style.typed, "compare-modes"))


def render_svg(report: ModesReport, style: Style) -> str:
    """The curves of all stories that grow, one below the other."""
    found = [chart for story in report.stories if (chart := curves(story)) is not None]
    parts, top = [], 0
    for chart in found:
        title = f'<text x="64" y="{top + 14}" font-weight="bold">{escape(chart.title)}</text>'
        parts.append(title + svg(chart, alone=True, top=top + 18))
        top += height_of(chart) + 30
    size = f'viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{_ALONE}</style>{"".join(parts)}</svg>\n'


def curves(story: Story) -> Chart | None:
    """Seconds of each mode against the size, both by powers of ten; what was extrapolated is a thin dashed line of its own."""
    if story.grows is None:
        return None
    series: list[Series] = []
    for mode in dict.fromkeys(row.mode for row in story.rows):
        rows = [row for row in story.rows if row.mode == mode and row.seconds]
        places = [(float(getattr(row, story.grows)), row.seconds or 0.0) for row in rows]
        measured = tuple([p for p, row in zip(places, rows, strict=True) if not row.extrapolated])
        reckoned = tuple([p for p, row in zip(places, rows, strict=True) if row.extrapolated])
        series += [Series(mode, (measured,), dotted=True)] if measured else []
        beyond = (*measured[-1:], *reckoned)
        series += [Series(f"{mode}, extrapolated", (beyond,), dashed=True)] if reckoned else []
    axis = story.called or story.grows
    return Chart(story.name, axis, "seconds", tuple(series), x_scale="log", y_scale="log") if series else None
