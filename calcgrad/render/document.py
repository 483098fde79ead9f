"""What a report says, as a list of blocks: one description from which HTML, Markdown and LaTeX are written.

A view (``calcgrad/render/views``) puts everything that it has to say into blocks; the three writers know blocks alone, so that
nothing can be said in one of them and be lost in another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Maths:
    """A piece of mathematics: as it is typed, and in LaTeX where that is known."""

    text: str
    latex: str | None = None


@dataclass(frozen=True, slots=True)
class Mixed:
    """Words and mathematics side by side where one piece is wanted: a sentence in the cell of a table.

    A part that is the text of a line's end begins a new line.
    """

    parts: tuple[str | Maths, ...]


Inline: TypeAlias = str | Maths | Mixed


@dataclass(frozen=True, slots=True)
class Heading:
    """What the blocks below it are about."""

    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    """An equation on a line of its own, and what is to be said of it: where it holds, why there is none."""

    maths: Maths
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line: words and mathematics side by side. ``kind`` says what it is for."""

    parts: tuple[Inline, ...]
    kind: Literal["words", "truth", "note", "warning"] = "words"


@dataclass(frozen=True, slots=True)
class Cells:
    """A row of a table: its cells, the last of which runs over all columns that are left."""

    cells: tuple[Inline, ...]
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the columns from ``numbers`` on are numbers, and stand right, but for those from ``words`` on."""

    headers: tuple[str, ...]
    rows: tuple[Cells, ...]
    numbers: int = 1
    words: int = 100

    def right(self, column: int) -> bool:
        """Whether a column stands right."""
        return self.numbers <= column < self.words


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome: its word, whether that is good news (``None``: neither), and what happened, a sentence a line."""

    word: str
    good: bool | None
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screen:
    """Text as it stands on a screen, its blanks and lines kept."""

    text: str


Block: TypeAlias = Heading | Formula | Line | Table | Verdict | Screen
Blocks: TypeAlias = Sequence[Block]


def line(*parts: Inline, kind: Literal["words", "truth", "note", "warning"] = "words") -> Line:
    """A line of the parts that are not empty.

    >>> line("at ", "", Maths("x")).parts
    ('at ', Maths(text='x', latex=None))
    """
    return Line(tuple(part for part in parts if part), kind)
