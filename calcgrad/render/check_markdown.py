"""Checks in Markdown, for a summary page or a comment: a table of verdicts, and the report of each that is not right."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.render import Style
from calcgrad.render.check import render as for_people
from calcgrad.render.check_words import headline, summary
from calcgrad.report import Checked

_TEXT = Style(width=80)


def render(checked: Sequence[Checked], style: Style) -> str:
    """A table, a line a check, and below it the reports of what is not right, as they are shown on a screen."""
    lines = ["| verdict | function | claim |", "| --- | --- | --- |", *(_line(c) for c in checked)]
    blocks = ["\n".join(lines)]
    for c in checked:
        if c.report is None or c.report.verdict != "right":
            text = for_people([c], _TEXT).rstrip()
            fence = "`" * max(3, _longest_run(text) + 1)
            blocks.append(f"{fence}text\n{text}\n{fence}")
    return "\n\n".join([*blocks, summary(checked)]) + "\n"


def _line(checked: Checked) -> str:
    report = checked.report
    if report is None:
        assert checked.error is not None
        return f"| **error** {_text(checked.error.message)} | {_code(checked.title)} | |"
    verdict = report.verdict if report.verdict == "right" else f"**{report.verdict}**"
    return f"| {verdict}{_text(headline(report))} | {_code(report.target)} | {_code(report.claim)} |"


def _text(text: str) -> str:
    return "".join("\\" + c if c in "\\`*_<[]|" else c for c in text).replace("\n", " ")


def _code(text: str) -> str:
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|").replace("\n", " ")


def _longest_run(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest
