"""What ``compare-modes`` found: for each story what each mode costs."""

from __future__ import annotations

from collections.abc import Iterator

from calcgrad.render import Style, modes
from calcgrad.render.document import Block, Cells, Heading, Screen, Table
from calcgrad.render.document import line as line_of
from calcgrad.report.modes import ModesReport, Story

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
    return [block for story in report.stories for block in (Heading(story.name), *told(story))]


def told(story: Story) -> Iterator[Block]:
    """What is below the name of a story."""
    style = Style(None)
    if story.trace:
        headers, rows = modes.trace_table(story.trace)
        yield Table(headers, tuple(Cells(row.cells) for row in rows), 2)
        yield line_of(modes.trace_words(story.trace))
    headers, rows = modes.costs(story, style)
    first = 0 if story.grows else 1  # the size, where there are several
    yield Table(headers[first:], tuple(Cells(row.cells[first:]) for row in rows), 2 - first)
    if story.growth:
        yield Screen("\n".join(modes.growth(story, style)))
    for said in story.words:
        yield line_of(said)
    for note in modes.notes(story):
        yield line_of(note, kind="note")
