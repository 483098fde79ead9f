"""A sheet of answers, marked: a table of verdicts, and a note below it for each answer that is not right."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.render import Style
from calcgrad.render.check import COLORS
from calcgrad.render.check_words import mistake_text, summary
from calcgrad.render.layout import Row, grid, wrapped
from calcgrad.render.styles import BAD, paint
from calcgrad.report.claims import Checked, CheckReport, Mistake


def render(checked: Sequence[Checked], style: Style) -> str:
    """The table, the notes, the count of each verdict."""
    rows = [Row((_number(c), _verdict(c), c.title, _claim(c))) for c in checked]
    titles = ("line", "verdict", "function", "claim")
    table = grid(titles, rows, style.width, style.color, points=False, left=len(titles))
    lines = table or [
        line for row in rows for line in wrapped(" ".join(row.cells[:3]), style.width, "", "   ")
    ]
    start = 1 if table else 0
    for i, c in enumerate(checked):
        color = COLORS[c.report.verdict] if c.report else BAD
        if table:
            lines[start + i] = lines[start + i].replace(
                _verdict(c), paint(_verdict(c), color, style.color), 1
            )
    notes = [
        line
        for c in checked
        for note in _notes(c)
        for line in wrapped(f"line {_number(c)}: {note}", style.width, "", "  ")
    ]
    return "\n".join([*lines, *([""] if notes else []), *notes, "", summary(checked)]) + "\n"


def _number(checked: Checked) -> str:
    return str(checked.written.line) if checked.written else "-"


def _verdict(checked: Checked) -> str:
    return checked.report.verdict if checked.report else "error"


def _claim(checked: Checked) -> str:
    return checked.report.claim if checked.report else "-"


def _notes(checked: Checked) -> list[str]:
    if checked.report is None:
        assert checked.error is not None
        return [f"{checked.error.code}: {checked.error.message}", *checked.error.hints]
    report = checked.report
    answers = [f"answer: {answer}" for answer in report.answers]
    if report.verdict == "right":
        return answers
    told = [mistake_text(mistake) + _underlined(report, mistake) for mistake in report.mistakes]
    # A reason says more than a point at which the two differ.
    return [*(told if len(told) == report.wrong_count else [*told, *report.notes]), *answers]


def _underlined(report: CheckReport, mistake: Mistake) -> str:
    """The place of a mistake, where that is not the whole function."""
    if mistake.place is None or mistake.place == (0, len(report.target)):
        return ""
    return f", in {report.target[slice(*mistake.place)]}"
