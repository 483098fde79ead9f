"""What ``compare-modes`` found: for each story what each mode costs."""

from __future__ import annotations

from collections.abc import Iterator

from calcgrad.render import Style, modes
from calcgrad.render.document import Block, Cells, Heading, Screen, Table
from calcgrad.render.document import line as line_of
from calcgrad.report import ModesReport, Story

__all__ = ["blocks", "line", "text"]

text = modes.render


def line(report: ModesReport) -> str:
    """The passes of each mode, of one function; the names of several stories."""
    first, *more = report.stories
    if any(not story.name.startswith("Hessian of ") for story in more):
        return "; ".join(story.name for story in report.stories)
    story = first
    told = [
        f"{r.mode} {r.passes} pass{'' if r.passes == 1 else 'es'}" for r in story.rows if r.passes is not None
    ]
    return f"{story.name}: {', '.join(told)}"


def blocks(report: ModesReport) -> list[Block]:
    """The report as a document."""
    return [block for story in report.stories for block in _story(story)]


def _story(story: Story) -> Iterator[Block]:
    style = Style(None)
    yield Heading(story.name)
    if story.trace:
        yield Screen("\n".join(modes.trace(story.trace, style)))
    headers, rows = modes.costs(story, style)
    yield Table(headers, tuple(Cells(row.cells) for row in rows), 2)
    if story.growth:
        yield Screen("\n".join(modes.growth(story, style)))
    for said in story.words:
        yield line_of(said)
    for note in modes.notes(story):
        yield line_of(note, kind="note")
