"""A report of ``diff`` as a web page: one file that needs nothing else, complete without its script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from calcgrad.explaining.paging import DiffPage
from calcgrad.methods import facts
from calcgrad.render import Style, names
from calcgrad.render.document import Block, Formula, Verdict
from calcgrad.render.html import inline, written
from calcgrad.render.html_chart import svg
from calcgrad.render.html_plot import section
from calcgrad.render.page import command_of, page
from calcgrad.render.trace_html import played
from calcgrad.render.views.diff import blocks
from calcgrad.report import Report

#: Slots of a graph that is one part of a page among others.
_MOST_SLOTS = 40


def render(report: Report, style: Style) -> str:
    """The page of a report alone: what can be dragged and folded comes with :func:`render_page`."""
    return render_page(DiffPage(report), style)


def render_page(shown: DiffPage, style: Style) -> str:
    """The page."""
    report = shown.report
    found = [block for block in blocks(report) if block != Formula(names.definition(report))]
    parts = [
        f"<h1>{inline(names.definition(report))}</h1>",
        '<p class="what">The derivative by every method, each judged against the truth</p>',
        written(_verdict_first(found) if len(report.points) == 1 else found),
        _sentences(report),
        section(shown),
        _curve(shown),
        _graph(shown),
        _steps(shown),
    ]
    made = command_of(style.typed, report.command, report.input)
    return page(f"calcgrad diff {report.input}", "\n".join(part for part in parts if part), made)


def _verdict_first(found: Sequence[Block]) -> list[Block]:
    """The blocks of one point, that of its verdict first."""
    first = next((block for block in found if isinstance(block, Verdict)), None)
    return [*found] if first is None else [first, *[block for block in found if block is not first]]


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


def _graph(shown: DiffPage) -> str:
    """The graph that is played, where there is one of a size that one looks at."""
    traced = shown.traced
    return "" if traced is None or len(traced.slots) > _MOST_SLOTS else played(traced)


def _steps(shown: DiffPage) -> str:
    """The derivation, folded."""
    if shown.steps is None or not any(d.lines for d in shown.steps.derivations) or shown.report.derivation:
        return ""
    from calcgrad.render.views.steps import told

    return f"<details><summary>The derivation, step by step</summary>{written(told(shown.steps))}</details>"
