"""Columns and lines of text, laid out by rich: numbers aligned on their points, nothing cut, nothing wrapped but words.

Rich is imported when there is something to lay out, for it takes as long as a third of a small command: a line that fits is
as it is.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from calcgrad.render.styles import HEADING, console, paint

if TYPE_CHECKING:
    from rich.segment import Segment
    from rich.table import Table
    from rich.text import Text

#: The blanks between two columns, and where they would not fit, the fewest.
_GAPS = (2, 1)
#: The blank between a number and its unit, where no line ends.
_QUANTITY = re.compile(r"(?<=\d) (?=(?:[KMG]i)?B\b|[nµm]?s\b)")
#: Columns of a table that stand left where nobody says otherwise: its names and its values.
_LEFT = 2


class Row(NamedTuple):
    """A line of a table: its cells, or words in place of all but the first where there is no number."""

    cells: tuple[str, ...]
    words: str = ""
    style: str = ""


def ready() -> None:
    """Import now what will lay out a table: a good time is while another process is waited for."""
    import rich.table  # noqa: F401

    console()


def wrapped(text: str, width: int | None, indent: str = "", hanging: str | None = None) -> list[str]:
    """The text in lines, broken between words only: a word that is longer than the line keeps its length.

    >>> wrapped("to be or not", 8, "- ", "  ")
    ['- to be', '  or not']
    >>> wrapped("it took 12 ms", 11)
    ['it took', '12 ms']
    """
    if width is None or (_each_one_cell(text) and len(indent) + len(text) <= width and "\n" not in text):
        return [indent + text]
    first, *others = _divided(text, width - len(indent))
    if hanging is not None and len(hanging) != len(indent) and others:
        others = _divided(text[len(first) :].lstrip(), width - len(hanging))
    return [indent + first, *[(indent if hanging is None else hanging) + line for line in others]]


def _each_one_cell(text: str) -> bool:
    """Whether no sign takes more than one cell: Latin and Greek letters, punctuation, arrows, operators (∂, ≈)."""
    return text.isascii() or all(sign < "\u1100" or "\u2000" <= sign < "\u2300" for sign in text)


def columns(
    headers: Sequence[str], rows: Sequence[Sequence[str]], left: int = _LEFT, gap: int = _GAPS[0]
) -> list[str]:
    """Figures in columns, the first ``left`` of them to the left: what needs no colours, no words and no choice of widths.

    Rich is not imported for it.

    >>> columns(("h", "error"), [("1e-1", "0.5"), ("1e-2", "12")], left=1)
    ['h     error', '1e-1    0.5', '1e-2     12']
    """
    widths = [max(map(len, column)) for column in zip(headers, *rows, strict=True)]
    laid = [
        [
            text.ljust(w) if k < left else text.rjust(w)
            for k, (text, w) in enumerate(zip(row, widths, strict=True))
        ]
        for row in (headers, *rows)
    ]
    return [(" " * gap).join(row).rstrip() for row in laid]


def _divided(text: str, width: int) -> list[str]:
    if (
        _each_one_cell(text) and "\n" not in text
    ):  # the library's own way is as good, and needs no import of rich
        found = textwrap.wrap(
            _QUANTITY.sub("\u00a0", text),
            max(width, 1),
            break_long_words=False,
            break_on_hyphens=False,
            expand_tabs=False,
            replace_whitespace=False,
        )
        return [line.replace("\u00a0", " ") for line in found] or [""]
    from rich.text import Text

    lines = Text(text, overflow="ignore").wrap(console(), max(width, 1))
    return [line.plain.rstrip() for line in lines] or [""]


def grid(
    headers: Sequence[str],
    rows: Sequence[Row],
    width: int | None,
    color: bool = False,
    points: bool = True,
    left: int = _LEFT,
) -> list[str] | None:
    """The table with its header, or ``None`` where it does not fit.

    The first ``left`` columns stand left, of the second the decimal points in one column with ``points``; the others
    stand right. Words run over all columns that are left, which a table of rich's cannot say: their lines are put in.
    """
    second = [row.cells[1] for row in rows if not row.words]
    aligned = iter(on_points(second) if points else second)
    cells = [(row.cells[0], "" if row.words else next(aligned), *row.cells[2:]) for row in rows]
    for gap in _GAPS:
        table = _table(headers, cells, [row.style for row in rows], gap, left)
        drawn = _lines(table, width, color)
        if drawn is not None:
            break
    else:
        return None
    lines = drawn[:1]
    first = max(map(_cells, (headers[0], *(row[0] for row in cells)))) + gap
    for row, line in zip(rows, drawn[1:], strict=True):
        begun = row.cells[0] + " " * (first - _cells(row.cells[0]))
        said = wrapped(row.words, width, begun, " " * first)
        lines += [paint(text, row.style, color) for text in said] if row.words else [line]
    return lines


def _table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], styles: Sequence[str], gap: int, left: int
) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style=HEADING)
    for k, header in enumerate(headers):
        table.add_column(_cell(header), justify="left" if k < left else "right", no_wrap=True)
    for row, style in zip(rows, styles, strict=True):
        table.add_row(*map(_cell, row), style=style)
    return table


def _cell(text: str) -> Text:
    """A cell; one that ends with a blank was given its place in the column by who made it, and is not moved to the right."""
    from rich.text import Text

    return Text(text, justify="left" if text.endswith(" ") else None)


def _lines(table: Table, width: int | None, color: bool) -> list[str] | None:
    """The lines of a table at its natural width; ``None`` where that is more than the width."""
    from rich.measure import Measurement

    place = console()
    natural = Measurement.get(place, place.options.update(max_width=1 << 20), table).maximum
    if width is not None and natural > width:
        return None
    lines = place.render_lines(table, place.options.update(width=natural), pad=False)
    return [_written(line, color) for line in lines]


def _written(line: Sequence[Segment], color: bool) -> str:
    """A line as text, without the blanks at its end."""
    from rich.color import ColorSystem
    from rich.segment import Segment

    kept = list(Segment.simplify(line))
    while kept and not kept[-1].text.strip():
        kept.pop()
    texts = [segment.text for segment in kept]
    if texts:
        texts[-1] = texts[-1].rstrip()
    if not color:
        return "".join(texts)
    system = ColorSystem.STANDARD
    painted = zip(kept, texts, strict=True)
    return "".join(
        segment.style.render(text, color_system=system) if segment.style else text
        for segment, text in painted
    )


def _cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def on_points(texts: Sequence[str]) -> list[str]:
    """The texts with blanks before them so that their decimal points stand in one column; a word stands where it begins.

    >>> on_points(["14", "-2.5", "101.25", "skipped"])
    [' 14', ' -2.5', '101.25', 'skipped']
    """
    before = [_whole_part(text) for text in texts]
    most = max(before, default=0)
    return [
        text if _is_word(text) else " " * (most - n) + text for n, text in zip(before, texts, strict=True)
    ]


def _is_word(text: str) -> bool:
    return text.isalpha() and text not in ("inf", "nan")


def _whole_part(text: str) -> int:
    """The characters before a number's point; a word has none."""
    if _is_word(text):
        return 0
    for i, character in enumerate(text):
        if character in ".e":
            return i
    return len(text)
