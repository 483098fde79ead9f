"""Reports of ``check`` for people: the verdict first, then where, then why, then how sure and at what cost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from calcgrad.phrases import size
from calcgrad.render import Style, words
from calcgrad.render.check_picture import pictures
from calcgrad.render.check_words import (
    CAUSES,
    certainty,
    cost,
    entry_name,
    figures,
    headline,
    likely_text,
    mistake_text,
    origins,
    place_lines,
    shapes,
    summary,
)
from calcgrad.render.diagnostic import draw, excerpt
from calcgrad.render.layout import Row, grid, on_points, wrapped
from calcgrad.render.styles import BAD, GOOD, HEADING, UNSURE, paint
from calcgrad.report.claims import Checked, CheckReport, TaylorRow
from calcgrad.report.places import SourceRange

COLORS = {"right": GOOD, "wrong": BAD, "inconclusive": UNSURE}
#: So many wrong entries are listed; of more than that the worst few, for the blocks say where the others are.
MOST_ENTRIES, FEWER_ENTRIES = 10, 5


def render(checked: Sequence[Checked], style: Style) -> str:
    """Every check; of several those that are right in a line each, and the count of each verdict at the end."""
    if len(checked) == 1:
        return _whole(checked[0], style)
    texts = [
        _line(c, style) if c.report and c.report.verdict == "right" else _whole(c, style) for c in checked
    ]
    joined = "\n".join(texts[:1])
    for before, text in pairwise(texts):
        joined += text if _short(before) and _short(text) else "\n" + text
    return f"{joined}\n{summary(checked)}\n"


def _short(text: str) -> bool:
    return text.count("\n") == 1


def _line(checked: Checked, style: Style) -> str:
    assert checked.report is not None
    verdict = paint("right", GOOD, style.color)
    text = ", ".join([checked.title, checked.report.claim, *origins(checked.report)])
    (first, *rest) = wrapped(text, style.width, "right  ", "       ")
    return "\n".join([verdict + first[5:], *rest]) + "\n"


def _whole(checked: Checked, style: Style) -> str:
    if checked.report is not None:
        return report_text(checked.report, style, checked.name)
    assert checked.error is not None
    drawn = draw(checked.error, color=style.color, width=style.width, ascii=style.ascii)
    return f"{checked.title}\n{drawn.rstrip()}\n"


def report_text(report: CheckReport, style: Style, name: str | None = None) -> str:
    """One report; ``name`` is what a project calls it."""
    (first, *rest) = wrapped(report.verdict + headline(report), style.width, "", "  ")
    painted = paint(report.verdict, COLORS[report.verdict], style.color)
    named = wrapped(name, style.width, "  name      ", "            ") if name else []
    lines = [painted + first[len(report.verdict) :], *rest, *named, *body(report, style)]
    text = "\n".join(lines) + "\n"
    return text.replace("±", "+/-").replace("µ", "u") if style.ascii else text


def body(report: CheckReport, style: Style) -> list[str]:
    """What stands below the headline: what was checked, then where, why and how sure."""
    function = wrapped(report.target, style.width, "  function  ", "            ")
    lines = list(function)
    lines += wrapped(report.claim, style.width, "  claim     ", "            ")
    for answer in report.answers:
        lines += wrapped(answer, style.width, "  answer    ", "            ")
    lines += _mistakes(report, style, len(function) == 1)
    if shapes(report):
        for i, text in enumerate(place_lines(report)):
            lines += wrapped(text, style.width, f"  {'at' if i == 0 else '  '}        ", " " * 14)
    for title, found in (
        ("where", _where(report, style)),
        ("why", _why(report, style)),
        ("taylor test", _taylor(report)),
        ("how sure", _sure(report, style)),
    ):
        lines += ["", paint(title, HEADING, style.color), *found] if found and shapes(report) else found
    return lines


def _mistakes(report: CheckReport, style: Style, on_one_line: bool) -> list[str]:
    """Why a formula is wrong: its function once more with the place underlined, where it has one, and the sentence."""
    lines: list[str] = []
    for mistake in report.mistakes:
        several = f"by {mistake.argument}: " if len(report.wrong) > 1 else ""
        (first, *rest) = wrapped(several + mistake_text(mistake), style.width, "  mistake   ", "            ")
        if mistake.place is not None and on_one_line and report.target.isascii():
            start, end = mistake.place
            mark = paint("^" * (end - start), BAD, style.color)
            lines += ["", f"            {report.target}", f"            {' ' * start}{mark}"]
        lines += [first, *rest]
        if mistake.step is not None:
            by = f" --wrt {mistake.argument}" if mistake.one_of_several else ""
            said = f'step {mistake.step} of calcgrad steps "{report.target}"{by}'
            lines += wrapped(said, style.width, "  see       ", "            ")
    return [*lines, ""] if lines else []


def _where(report: CheckReport, style: Style) -> list[str]:
    """The worst wrong entries, the blocks that they form, and a picture."""
    entries = [e for e in report.wrong if e.index is not None]
    most = MOST_ENTRIES if len(entries) <= MOST_ENTRIES else FEWER_ENTRIES
    shown = [(entry_name(e), *figures(e)) for e in entries[:most]]
    rows = _aligned(shown)
    lines = []
    if rows:
        width = None if style.width is None else style.width - 2
        table = grid(("entry", "claimed", "true", "known to ±"), rows, width)
        stacked = [f"{name}: claimed {said}, true {true} ± {bound}" for name, said, true, bound in shown]
        lines = [f"  {line}" for line in table or []] or [
            line for text in stacked for line in wrapped(text, style.width, "  ", "    ")
        ]
    if report.wrong_count > len(rows) > 0:
        least = "" if report.wrong_complete else "at least "
        lines.append(f"  and {least}{report.wrong_count - len(rows):,} more")
    for p in report.patterns:
        lines += wrapped(p.detail, style.width, "  ", "    ")
    return lines + pictures(report, shapes(report), style.width)


def _aligned(shown: Sequence[tuple[str, str, str, str]]) -> list[Row]:
    """The rows, with the points of the true values in one column."""
    true = on_points([cells[2] for cells in shown])
    longest = max(map(len, true), default=0)
    return [
        Row((name, said, text.ljust(longest), bound))
        for (name, said, _, bound), text in zip(shown, true, strict=True)
    ]


def _why(report: CheckReport, style: Style) -> list[str]:
    lines = []
    for likely in report.likely:
        lines += wrapped(likely_text(likely), style.width, "  ", "    ")
        lines += wrapped(likely.evidence, style.width, "    ", "    ") if likely.evidence else []
        lines += _source(likely.place, style)
    for text in remarks(report):
        lines += wrapped(text, style.width, "  ", "    ")
    return lines


def remarks(report: CheckReport) -> list[str]:
    """What the check noted on its way, where that is no statement of certainty, and what to do."""
    notes = report.notes if report.verdict != "right" or not shapes(report) else ()
    advice = CAUSES.get(report.cause or "", ("", ""))[1]
    if report.cause == "shape" and len(report.at) > 1:
        advice = "--wrt says which arguments the claim is for, where it is not for all"
    return [*notes, *([f"to do: {advice}"] if advice else [])]


def _source(place: SourceRange | None, style: Style) -> list[str]:
    """The blamed piece of the user's source in its line."""
    if place is None:
        return []
    width = None if style.width is None else style.width - 4
    return [f"    {line}" for line in excerpt(place, BAD, style.color, width, style.ascii)]


def _taylor(report: CheckReport) -> list[str]:
    """What the claim leaves over, step by step; its rate is 2 for a right one, and 1 for a wrong one."""
    if not report.taylor:
        return []
    headers, rows = taylor(report)
    return [f"  {line}" for line in grid(headers, rows, None) or []]


def taylor(report: CheckReport) -> tuple[tuple[str, ...], list[Row]]:
    """The Taylor test as a table."""
    rows = [Row((size(r.h, 3), size(r.remainder, 4), _rate(r))) for r in report.taylor]
    return ("h", "remainder", "rate"), rows


def _rate(row: TaylorRow) -> str:
    return "" if row.rate is None else f"{row.rate:.2f}"


def _sure(report: CheckReport, style: Style) -> list[str]:
    return [line for text in sure(report, style.ascii) for line in wrapped(text, style.width, "  ", "    ")]


def sure(report: CheckReport, ascii: bool = False) -> list[str]:
    """How sure it is, and at what cost, a sentence a witness; nothing for an expression, which is proved or refuted."""
    if not shapes(report):
        return []
    said = [f"{w.name}: {w.note or w.says}" for w in report.witnesses]
    statement = certainty(report)
    said += [statement] if statement and report.verdict != "wrong" else []
    said += report.notes if report.verdict == "right" else ()
    if report.evaluations:
        said.append(cost(report, words.duration(report.seconds, ascii)))
    return said
