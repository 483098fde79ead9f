"""Checks as a web page: the verdict, where the wrong entries are, why, with the blamed source underlined, and how sure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from calcgrad.explaining.paging import beside
from calcgrad.render import Style, check, names
from calcgrad.render.check_map import maps
from calcgrad.render.check_words import (
    entry_name,
    figures,
    mistake_text,
    place_lines,
    sentence,
    shapes,
    summary,
)
from calcgrad.render.document import Block, Cells, Table
from calcgrad.render.document import line as line_of
from calcgrad.render.html import coded, displayed, written
from calcgrad.render.html_source import excerpt, underlined
from calcgrad.render.page import command_of, page
from calcgrad.render.views.check import verdict
from calcgrad.report.claims import Checked, CheckReport, Likely, Mistake

#: Wrong entries that have a row.
_MOST_ENTRIES = 12


def render(checked: Sequence[Checked], style: Style) -> str:
    """One page for all checks; of several a table of them comes first."""
    several = len(checked) > 1
    heading = summary(checked) if several else checked[0].title if checked else "nothing was checked"
    parts = [
        f'<h1>{escape(heading)}</h1>\n<p class="what">A claimed derivative, held against the function</p>'
    ]
    parts += [_overview(checked)] if several else []
    for k, one in enumerate(checked):
        title = f'<h2 id="check-{k + 1}">{escape(one.title)}</h2>' if several else ""
        parts.append(f"<section>{title}{_one(one)}</section>")
    return page("calcgrad check", "\n".join(parts), command_of(style.typed, "check"))


def _overview(checked: Sequence[Checked]) -> str:
    rows = "".join(
        f'<tr><th scope="row"><a href="#check-{k + 1}">{escape(one.title)}</a></th><td>{escape(sentence(one))}</td></tr>'
        for k, one in enumerate(checked)
    )
    return f'<div class="wide"><table><tbody>{rows}</tbody></table></div>'


def _one(checked: Checked) -> str:
    report = checked.report
    if report is None:
        error = checked.error
        said = "" if error is None else f"{error.code}: {error.message}"
        hints = "" if error is None else "".join(f"<li>{coded(hint)}</li>" for hint in error.hints)
        return f'<p class="wrong">{coded(said)}</p>' + (f"<ul>{hints}</ul>" if hints else "")
    parts = [written([verdict(report)]), _facts(checked, report)]
    why = "How it is known" if report.verdict == "right" else "Why"
    for heading, found in (("Where", _where(report)), (why, _why(report)), ("How sure", _sure(report))):
        inside = "".join(found)
        parts += [f"<h3>{heading}</h3>{inside}"] if inside else []
    return "".join(parts)


def _facts(checked: Checked, report: CheckReport) -> str:
    """What was checked, and the right answer where it was asked for."""
    formula = None if shapes(report) else beside(report.target, ())
    function = f"<code>{escape(report.target)}</code>"
    rows = [("function", function if formula is None else displayed(names.definition(formula)))]
    rows.append(("claim", f"<code>{escape(report.claim)}</code>"))
    if checked.written is not None:
        rows.append(("written in", escape(f"{checked.written.file}, line {checked.written.line}")))
    rows += [("answer", f"<code>{escape(answer)}</code>") for answer in report.answers]
    at = place_lines(report)
    rows += [("at", "<br>".join(map(escape, at)))] if at else []
    told = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows)
    return f'<dl class="facts">{told}</dl>'


def _where(report: CheckReport) -> Iterator[str]:
    """The worst entries, the blocks that they form, the maps."""
    entries = [e for e in report.wrong if e.index is not None]
    rows = tuple([Cells((entry_name(e), *figures(e))) for e in entries[:_MOST_ENTRIES]])
    if rows:
        yield written([Table(("entry", "claimed", "true", "known to ±"), rows)])
    if report.wrong_count > len(rows) > 0:
        least = "" if report.wrong_complete else "at least "
        yield f"<p>and {least}{report.wrong_count - len(rows):,} more</p>"
    yield from (f"<p>{escape(pattern.detail)}</p>" for pattern in report.patterns)
    yield from maps(report, shapes(report))


def _why(report: CheckReport) -> Iterator[str]:
    """The likely causes and the mistakes in a formula, each with its place."""
    yield from (_mistake(report, mistake) for mistake in report.mistakes)
    yield from map(_likely, report.likely)
    yield from (f"<p>{coded(text)}</p>" for text in check.remarks(report))


def _mistake(report: CheckReport, mistake: Mistake) -> str:
    by = f"by {mistake.argument}: " if len(report.wrong) > 1 else ""
    place = "" if mistake.place is None else underlined(report.target, *mistake.place)
    step = ""
    if mistake.step is not None:
        wrt = f" --wrt {mistake.argument}" if mistake.one_of_several else ""
        steps = escape(command_of((), "steps", report.target) + wrt)
        step = f'<p class="note">step {mistake.step} of <code>{steps}</code></p>'
    return f"<p>{coded(by + mistake_text(mistake))}</p>{place}{step}"


def _likely(cause: Likely) -> str:
    about = f" in {cause.argument}" if cause.argument else ""
    place = "" if cause.place is None else excerpt(cause.place)
    evidence = f'<p class="note">{coded(cause.evidence)}</p>' if cause.evidence else ""
    return f"<p><b>{escape(cause.cause)}</b>{coded(f'{about}: {cause.detail}')}</p>{place}{evidence}"


def _sure(report: CheckReport) -> Iterator[str]:
    headers, rows = check.taylor(report)
    blocks: list[Block] = [Table(headers, tuple([Cells(row.cells) for row in rows]))] if rows else []
    blocks += [line_of(text) for text in check.sure(report)]
    if blocks:
        yield written(blocks)
