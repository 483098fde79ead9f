"""Checks as the workflow commands of GitHub: each wrong claim is an annotation at the place where it is written."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.render import Style
from calcgrad.render.check_words import sentence, summary
from calcgrad.report import Checked


def render(checked: Sequence[Checked], style: Style) -> str:
    """A line for each check that is not right, and the count of each verdict."""
    lines = [_command(c) for c in checked if c.report is None or c.report.verdict != "right"]
    return "\n".join([*lines, summary(checked)]) + "\n"


def _command(checked: Checked) -> str:
    report = checked.report
    level = "warning" if report and report.verdict == "inconclusive" else "error"
    title = f"{report.verdict}: {report.claim}" if report else f"not checked: {checked.title}"
    facts = [("file", checked.file), ("line", checked.line), ("title", f"calcgrad: {title}")]
    properties = ",".join(f"{key}={_property(str(value))}" for key, value in facts if value is not None)
    subject = f"{checked.title}: " if report else ""
    return f"::{level} {properties}::{_data(subject + sentence(checked))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
