"""Checks as the workflow commands of GitHub: each claim that is not right is an annotation at the source that is
blamed, else where the claim is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from calcgrad.render import Style
from calcgrad.render.check_words import sentence, summary
from calcgrad.report.claims import Checked
from calcgrad.report.places import SourceRange

Property: TypeAlias = tuple[str, str | int | None]


def render(checked: Sequence[Checked], style: Style) -> str:
    """A line for each check that is not right, and the count of each verdict."""
    lines = [_command(c) for c in checked if c.report is None or c.report.verdict != "right"]
    return "\n".join([*lines, summary(checked)]) + "\n"


def _command(checked: Checked) -> str:
    report = checked.report
    level = "warning" if report and report.verdict == "inconclusive" else "error"
    title = f"{report.verdict}: {report.claim}" if report else f"not checked: {checked.title}"
    facts: list[Property] = [*_place(checked.where), ("title", f"calcgrad: {title}")]
    properties = ",".join(f"{key}={_property(str(value))}" for key, value in facts if value is not None)
    subject = f"{checked.title}: " if report else ""
    return f"::{level} {properties}::{_data(subject + sentence(checked))}"


def _place(where: SourceRange | None) -> list[Property]:
    """The properties of a place; GitHub knows columns of what stands on one line only."""
    if where is None:
        return []
    place: list[Property] = [("file", where.file), ("line", where.line), ("endLine", where.end_line)]
    on_one_line = where.end_line == where.line
    return [*place, *([("col", where.column), ("endColumn", where.end_column)] if on_one_line else [])]


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
