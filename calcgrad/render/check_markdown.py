"""Checks in Markdown, for a summary page or a comment: a table of verdicts, and the report of each that is not right."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.render import Style
from calcgrad.render.check import render as for_people
from calcgrad.render.check_words import headline, summary
from calcgrad.render.document import Screen
from calcgrad.render.markdown import code_cell as cell
from calcgrad.render.markdown import text, written
from calcgrad.report.claims import Checked

_TEXT = Style(width=80)


def render(checked: Sequence[Checked], style: Style) -> str:
    """A table, a line a check, and below it the reports of what is not right, as they are shown on a screen."""
    lines = ["| verdict | function | claim |", "| --- | --- | --- |", *(_line(c) for c in checked)]
    blocks = ["\n".join(lines)]
    wanting = [c for c in checked if c.report is None or c.report.verdict != "right"]
    blocks += [written([Screen(for_people([c], _TEXT).rstrip())]).rstrip() for c in wanting]
    return "\n\n".join([*blocks, summary(checked)]) + "\n"


def _line(checked: Checked) -> str:
    report = checked.report
    if report is None:
        assert checked.error is not None
        return f"| **error** {text(checked.error.message)} | {cell(checked.title)} | |"
    verdict = report.verdict if report.verdict == "right" else f"**{report.verdict}**"
    named = f"{text(checked.name)}: " if checked.name else ""
    return f"| {verdict}{text(headline(report))} | {named}{cell(report.target)} | {cell(report.claim)} |"
