"""Markdown: the formulas, and a table for each point, as GitHub draws them."""

from __future__ import annotations

from calcgrad.render import Style, words
from calcgrad.report import PointReport, Report, Result

_HEADERS = ("method", "derivative", "value", "error", "relative error", "cost", "time", "note")


def render(report: Report, style: Style) -> str:
    """The report in Markdown; a bar inside a cell is escaped."""
    blocks = ["\n".join(_formulas(report))]
    if report.warnings:
        blocks.append("\n".join(f"> **{w.code}** {_text(w.message)}" for w in report.warnings))
    for point in report.points:
        blocks.append(
            f"At {_code(words.at_text(point))}{_exactly(point)}: value {words.value_text(point.value)}"
        )
        if point.truth:
            blocks.append("\n".join(_truths(report, point)))
        if point.results:
            blocks.append("\n".join(_table(report, point)))
        blocks.append(f"**{point.verdict}** {_text('; '.join(point.explanation))}".rstrip())
    return "\n\n".join(blocks) + "\n"


def _formulas(report: Report) -> list[str]:
    lines = [f"- {_code(f'{words.function_text(report)} = {report.parsed}')}"]
    for d in report.derivatives:
        name = words.derivative_name(report, d.wrt, d.output, d.index)
        text = d.formula if d.formula is not None else f"(no formula: {d.note or 'not known'})"
        lines.append(f"- {_code(f'{name} = {text}')}")
    return lines


def _exactly(point: PointReport) -> str:
    exact = words.exact_text(point)
    return f" (the nearest double to {_code(exact)})" if exact else ""


def _truths(report: Report, point: PointReport) -> list[str]:
    lines = []
    for t in point.truth:
        name = words.derivative_name(report, t.wrt, t.output, t.index)
        told = any(t.note in line for line in point.explanation) if t.note else True
        parts = [
            t.value and f"{'certified truth' if t.certified else 'truth'} {t.value}",
            t.at_double and f"at the nearest doubles, which the methods get, {t.at_double}",
            words.absence(t),
            words.sides_text(t),
            None if told else t.note,
        ]
        said = "; ".join(filter(None, parts))
        said = said or "no truth"
        lines.append(f"- {_code(name)}: {_text(said)}")
    return lines


def _table(report: Report, point: PointReport) -> list[str]:
    lines = [_line(_HEADERS), _line(("---", "---", "---:", "---:", "---:", "---:", "---:", "---"))]
    return lines + [_line(_cells(report, r)) for r in point.results]


def _cells(report: Report, r: Result) -> tuple[str, ...]:
    bound = f"error bound {words.size(r.error_bound)}" if r.error_bound is not None else ""
    note = ": ".join(filter(None, [r.status if r.status != "ok" else "", r.note or ""]))
    return (
        r.method,
        words.derivative_name(report, r.wrt, r.output, r.index),
        words.number(r.value),
        words.size(r.abs_error),
        words.size(r.rel_error),
        words.cost(r),
        words.duration(r.seconds),
        _text("; ".join(filter(None, [note, bound]))),
    )


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _text(text: str) -> str:
    """Words in which no sign is markup."""
    return "".join("\\" + c if c in "\\`*_<[]" else c for c in text).replace("\n", " ")


def _code(text: str) -> str:
    """A span of code, fenced by more backticks than it holds."""
    fence = "`"
    while fence in text:
        fence += "`"
    return f"{fence}{text}{fence}"
