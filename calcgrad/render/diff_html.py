"""A report of ``diff`` as a web page: one file that needs nothing else, complete without its script."""

from __future__ import annotations

from html import escape

from calcgrad.explaining.paging import DiffPage
from calcgrad.methods import facts
from calcgrad.render import Style
from calcgrad.render import html as as_html
from calcgrad.render.html_chart import svg
from calcgrad.render.html_plot import section
from calcgrad.render.page import page
from calcgrad.render.views.diff import blocks
from calcgrad.report import Report


def render(report: Report, style: Style) -> str:
    """The page of a report alone: what can be dragged and folded comes with :func:`render_page`."""
    return render_page(DiffPage(report))


def render_page(shown: DiffPage, command: str = "") -> str:
    """The page."""
    report = shown.report
    parts = [f"<h1>{escape(report.parsed)}</h1>", as_html.render(blocks(report)), _sentences(report)]
    parts += [section(shown), _curve(shown), _steps(shown)]
    made = command or f'calcgrad diff "{report.input}"'
    return page(f"calcgrad diff {report.input}", "\n".join(part for part in parts if part), made)


def _sentences(report: Report) -> str:
    """What each method in the table does."""
    names = dict.fromkeys(r.method for p in report.points for r in p.results)
    told = {name: sentence for name in names if (sentence := facts(name).sentence)}
    items = "".join(f"<dt>{name}</dt><dd>{sentence}</dd>" for name, sentence in told.items())
    return f"<details><summary>What each method does</summary><dl>{items}</dl></details>" if items else ""


def _curve(shown: DiffPage) -> str:
    """Error against step: the curve that falls with truncation and rises with rounding."""
    if shown.nudged is None:
        return ""
    from calcgrad.render.nudge import chart, reasons

    drawn = svg(chart(shown.nudged), label="the error of each method against its step, both by powers of ten")
    said = [text for nudged in shown.nudged.methods[:1] if nudged.rows for text in reasons(nudged)]
    words = "".join(f"<p>{escape(text)}</p>" for text in said)
    return f"<section><h2>Error against step</h2>{drawn}{words}</section>" if drawn else ""


def _steps(shown: DiffPage) -> str:
    """The derivation, folded."""
    if shown.steps is None or not any(d.lines for d in shown.steps.derivations) or shown.report.derivation:
        return ""
    from calcgrad.render.views.steps import told

    return f"<details><summary>The derivation, step by step</summary>{as_html.render(told(shown.steps))}</details>"
