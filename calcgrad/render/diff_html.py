"""A report of ``diff`` as a web page: one file that needs nothing else, complete without its script."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.explaining.paging import MOST_DERIVATIONS, DiffPage
from calcgrad.render import Style, names
from calcgrad.render.document import Block, Formula, Verdict
from calcgrad.render.html import displayed, written
from calcgrad.render.html_methods import sentences
from calcgrad.render.html_plot import section
from calcgrad.render.nudge_html import curve
from calcgrad.render.page import command_of, page
from calcgrad.render.steps_html import ROOM, derivations
from calcgrad.render.trace_html import played
from calcgrad.render.views.diff import blocks
from calcgrad.report.derivatives import Report

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
        f"<h1>{displayed(names.definition(report))}</h1>",
        '<p class="what">The derivative by every method, each judged against the truth</p>',
        written(_verdict_first(found) if len(report.points) == 1 else found),
        sentences(r.method for p in report.points for r in p.results),
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


def _curve(shown: DiffPage) -> str:
    """Error against step: the curve that falls with truncation and rises with rounding."""
    return "" if shown.nudged is None else curve(shown.nudged, told=1)


def _graph(shown: DiffPage) -> str:
    """The graph that is played, where there is one of a size that one looks at."""
    traced = shown.traced
    return "" if traced is None or len(traced.slots) > _MOST_SLOTS else played(traced)


def _steps(shown: DiffPage) -> str:
    """The derivation, folded; of many derivatives, how to get it."""
    if len(shown.report.derivatives) > MOST_DERIVATIONS:
        return '<p class="note">calcgrad steps --wrt NAME derives the derivative by one variable</p>'
    if shown.steps is None or not any(d.lines for d in shown.steps.derivations) or shown.report.derivation:
        return ""
    return f"<details><summary>The derivation, step by step</summary>{derivations(shown.steps, ROOM // 2)}</details>"
