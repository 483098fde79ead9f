"""What every page begins with: the function, what the page is of, the verdict, the derivative, its proved digits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape

from calcgrad.render import names, rows, words
from calcgrad.render.document import Block, Verdict
from calcgrad.render.document import line as line_of
from calcgrad.render.html import displayed, written
from calcgrad.render.views.diff import formulas
from calcgrad.report.derivatives import PointReport, Report


def head(what: str, beside: Report | None, otherwise: str, point: PointReport | None = None) -> str:
    """The first part of a page, whose one sentence is ``what``.

    Without formulas ``beside``, that is of a Python function, ``otherwise`` is what it is called, and ``point`` says what is known.
    """
    first = escape(otherwise) if beside is None else displayed(names.definition(beside))
    point = beside.points[0] if beside is not None and beside.points else point
    found: list[Block] = []
    if point is not None:
        found.append(Verdict(point.verdict, rows.is_good_news(point), point.explanation))
    if beside is not None:
        found += formulas(beside)
        found += [] if point is None else truth(beside, point)
    return f'<h1>{first}</h1>\n<p class="what">{escape(what)}</p>\n{written(found) if found else ""}'


def truth(report: Report, point: PointReport) -> Iterator[Block]:
    """The value at a point, and each derivative with the digits that are proved, or what is there in its place."""
    yield line_of(
        f"at {words.at_text(point)}: ", "; ".join(words.value_said(words.function_name(report), point))
    )
    shown = point.truth[: rows.MOST_ENTRIES]
    for t in shown:
        name = names.derivative(report, t.wrt, t.output, t.index)
        proved = " (proved)" if t.value is not None else ""
        yield line_of(name, f"{rows.truth_text(t)}{proved}", kind="truth")
        for more in rows.truth_details(replace(t, note=None), point):
            yield line_of(more, kind="note")
    if len(point.truth) > len(shown):
        yield line_of(
            f"and {len(point.truth) - len(shown)} more derivatives: --json has them all", kind="note"
        )
