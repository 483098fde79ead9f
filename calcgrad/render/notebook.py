"""What a report shows in a notebook: HTML, with plain text and Markdown beside it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from calcgrad.render import Style, markdown, table, words
from calcgrad.report import PointReport, Report, Result

_GRAY = "color: gray"
_STYLE = Style(width=100)


def render(report: Report, style: Style = _STYLE) -> str:
    """The report as HTML: formulas, and a table for each point."""
    parts = [f"<p><code>{escape(words.function_text(report))} = {escape(report.parsed)}</code></p>"]
    for d in report.derivatives:
        name = words.derivative_name(report, d.wrt, d.output, d.index)
        text = d.formula if d.formula is not None else f"(no formula: {d.note or 'not known'})"
        parts.append(f"<p><code>{escape(name)} = {escape(text)}</code></p>")
    parts += [f"<p>{escape(w.code)}: {escape(w.message)}</p>" for w in report.warnings]
    parts += [_point(report, point) for point in report.points]
    return f"<div>{''.join(parts)}</div>"


def _point(report: Report, point: PointReport) -> str:
    at = escape(f"at {words.at_text(point)}: {words.function_name(report)} = {words.value_text(point.value)}")
    heads = ("method", "derivative", "value", "error", "relative", "cost", "time")
    head = "".join(f"<th>{h}</th>" for h in heads)
    body = "".join(_row(report, r) for r in point.results)
    said = escape("; ".join(point.explanation))
    return (
        f"<p>{at}</p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p><b>{point.verdict}</b> {said}</p>"
    )


def _row(report: Report, r: Result) -> str:
    name = words.derivative_name(report, r.wrt, r.output, r.index)
    first = f"<td>{escape(r.method)}</td><td>{escape(name)}</td>"
    if r.value is None:
        said = escape(r.status + (f": {r.note}" if r.note else ""))
        return f'<tr>{first}<td colspan="5" style="{_GRAY}">{said}</td></tr>'
    cells = (
        words.number(r.value),
        words.size(r.abs_error),
        words.size(r.rel_error),
        words.cost(r),
        words.duration(r.seconds),
    )
    return f"<tr>{first}{''.join(f'<td>{escape(c)}</td>' for c in cells)}</tr>"


def _plain(report: Report) -> str:
    return table.render(report, _STYLE)


#: What a notebook asks a report for, by MIME type.
RENDERERS: dict[str, Callable[[Report], str]] = {
    "text/html": render,
    "text/plain": _plain,
    "text/markdown": lambda report: markdown.render(report, _STYLE),
}
