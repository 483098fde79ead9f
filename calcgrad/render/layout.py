"""Columns of text: numbers aligned on their points, nothing cut, nothing wrapped but words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

BOLD, DIM, RED, GREEN, YELLOW, CYAN = "1", "2", "31", "32", "33", "36"


class Row(NamedTuple):
    """A line of a table: its cells, or words in place of all but the first where there is no number."""

    cells: tuple[str, ...]
    words: str = ""
    color: str = ""


def paint(text: str, code: str, color: bool) -> str:
    """The text in a colour of the terminal."""
    return f"\x1b[{code}m{text}\x1b[0m" if color and code and text else text


def wrapped(text: str, width: int | None, indent: str = "", hanging: str | None = None) -> list[str]:
    """The text in lines, broken between words only: a word that is longer than the line keeps its length.

    >>> wrapped("to be or not", 8, "- ", "  ")
    ['- to be', '  or not']
    """
    lines: list[str] = []
    line = indent
    empty = True
    for word in text.split(" "):
        if not empty and width is not None and len(line) + 1 + len(word) > width:
            lines.append(line)
            line, empty = indent if hanging is None else hanging, True
        line += word if empty else " " + word
        empty = False
    return [*lines, line]


def grid(
    headers: Sequence[str], rows: Sequence[Row], width: int | None, color: bool = False, points: bool = True
) -> list[str] | None:
    """The table with its header, or ``None`` where it does not fit.

    The first column stands left, the second too, its decimal points in one column with ``points``; the others
    stand right.
    """
    full = [row for row in rows if not row.words]
    second = [row.cells[1] for row in full]
    cells = {
        id(row): (row.cells[0], text, *row.cells[2:])
        for row, text in zip(full, on_points(second) if points else second, strict=True)
    }
    for gap in ("  ", " "):
        table = [tuple(headers), *cells.values()]
        widths = [max(len(line[k]) for line in table) for k in range(len(headers))]
        widths[0] = max([widths[0], *(len(row.cells[0]) for row in rows)])
        if width is None or sum(widths) + len(gap) * (len(widths) - 1) <= width:
            break
    else:
        return None

    def line(texts: Sequence[str]) -> str:
        left = [text.ljust(w) for text, w in zip(texts[:2], widths[:2], strict=True)]
        right = [text.rjust(w) for text, w in zip(texts[2:], widths[2:], strict=True)]
        return gap.join([*left, *right]).rstrip()

    lines = [paint(line(headers), BOLD, color)]
    for row in rows:
        if row.words:
            first = row.cells[0].ljust(widths[0]) + gap
            said = wrapped(row.words, width, first, " " * len(first))
        else:
            said = [line(cells[id(row)])]
        lines += [paint(text, row.color, color) for text in said]
    return lines


def on_points(texts: Sequence[str]) -> list[str]:
    """The texts with blanks before them so that their decimal points stand in one column.

    >>> on_points(["14", "-2.5", "101.25"])
    [' 14', ' -2.5', '101.25']
    """
    before = [_whole_part(text) for text in texts]
    most = max(before, default=0)
    return [" " * (most - n) + text for n, text in zip(before, texts, strict=True)]


def _whole_part(text: str) -> int:
    for i, character in enumerate(text):
        if character in ".e":
            return i
    return len(text)
