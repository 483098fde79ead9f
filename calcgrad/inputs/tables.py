"""Points in tables: .csv, .tsv and .txt files, with commas, semicolons, tabs or blanks between the cells.

A first line of names makes each further line a point; without one the numbers are an array. A cell is a number or a
constant expression, and remembers where it stands, so that every message names file, line and column. A column in which
no cell is a number holds labels, and is left out with a warning. A decimal comma is read where commas do not part the cells
and no comma of the file can be a thousands separator alone; thousands separators and empty cells are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calcgrad.errors import CalcgradError, UsageError
from calcgrad.expression.tokens import canonical_name
from calcgrad.inputs.values import Written

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([,.'’ \u00a0\u202f\u2009])\d{3})(?:\1\d{3})*(?:[.,]\d+)?", re.ASCII)
_CELL = re.compile(r'\s*"((?:[^"]|"")*)"\s*')


class Cell(str):
    """The text of a cell; knows its file, its line and its column, both from 1."""

    __slots__ = ("column", "file", "line")
    file: str
    line: int
    column: int

    @classmethod
    def of(cls, text: str, place: tuple[str, int, int]) -> Cell:
        """The text at a place: file, line, column."""
        cell = cls(text)
        cell.file, cell.line, cell.column = place
        return cell

    @property
    def place(self) -> str:
        """``points.csv:3:7``."""
        return f"{self.file}:{self.line}:{self.column}"

    def error(self, code: str, message: str, *hints: str) -> CalcgradError:
        """The error for this cell."""
        return UsageError.of(code, f"{self.place}: {message}", hints=hints)

    def says(self, text: str) -> Cell:
        """Another text for the same place."""
        return Cell.of(text, (self.file, self.line, self.column))


@dataclass(frozen=True, slots=True)
class Table:
    """What a table holds: a list of points by name, or one array; and the names or numbers of its columns of labels."""

    specs: list[Any]
    labels: tuple[str, ...] = ()


def read_table(file: Path, is_constant: Callable[[str], bool]) -> Table:
    """The points, or the array, in a table; ``is_constant`` tells an expression such as ``pi/2`` from a label.

    Raises :class:`UsageError`: E308 (two columns of one name), E327 (a line has another number of cells), E338 (a cell is
    empty, or no number), E339 (a thousands separator, or a comma that may be one).
    """
    lines = list(_lines(file))
    if not lines:
        return Table([])
    separator = _separator(file.suffix, [text for _, text in lines[:20]])
    if (
        file.suffix == ".txt"
        and separator == ","
        and all(_COMMA.fullmatch(text.strip()) for _, text in lines)
    ):
        number, text = lines[0]
        cell = Cell.of(text.strip(), (file.name, number, 1))
        raise cell.error(
            "E339", f"{cell} may be {cell.replace(',', '.')}, or two cells", "write a point, or a semicolon"
        )
    rows = [_cells(text, separator, file.name, number) for number, text in lines]
    rows = _without_comments(rows)
    header = _header(rows)
    if header:
        rows = rows[1:]
        for k, name in enumerate(header):
            if canonical_name(name) in [canonical_name(other) for other in header[:k]]:
                raise name.error("E308", f"two columns have the name {name}", "each column has its own name")
    width = len(header) if header else len(rows[0]) if rows else 0
    for row in rows:
        if len(row) != width:
            what = f"{len(row)} cells, and the first line has {width}"
            raise row[-1].error("E327", what, "each line has a cell for each column")
    if separator != ",":
        rows = _with_points(rows)
    dropped = [
        k
        for k in range(width)
        if _is_label(header[k] if header else "x", [row[k] for row in rows], is_constant)
    ]
    kept = [k for k in range(width) if k not in dropped]
    for row in rows:
        for k in kept:
            _require(row[k])
    shown = tuple((header[k] or f"column {k + 1}") if header else f"column {k + 1}" for k in dropped)
    if header:
        return Table([{canonical_name(header[k]): row[k] for k in kept} for row in rows], shown)
    table = [[_float(row[k]) for k in kept] for row in rows]
    if len(kept) == 1:
        return Table([[row[0] for row in table]], shown)
    return Table([table[0] if len(table) == 1 else table] if table and kept else [], shown)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    with file.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, line.rstrip("\n")


def _separator(suffix: str, lines: Sequence[str]) -> str:
    """What parts the cells: the first of tab, semicolon and comma that stands in every line, else blanks."""
    if suffix == ".tsv":
        return "\t"
    told = [line for line in lines if not line.lstrip().startswith("#")] or list(lines)
    for sign in "\t;":
        if all(sign in line for line in told):
            return sign
    if suffix == ".csv":
        return ","
    blanks = all(len(line.split()) > 1 for line in told)
    return (
        " "
        if (blanks and not all(", " in line for line in told)) or not any("," in line for line in told)
        else ","
    )


def _cells(text: str, separator: str, file: str, number: int) -> list[Cell]:
    """The cells of a line with their columns."""
    if separator == " ":
        return [Cell.of(m[0], (file, number, m.start() + 1)) for m in re.finditer(r"\S+", text)]
    if '"' not in text:
        found, start = [], 0
        for part in text.split(separator):
            stripped = part.strip()
            lead = len(part) - len(part.lstrip()) if stripped else 0
            found.append(Cell.of(stripped, (file, number, start + lead + 1)))
            start += len(part) + 1
        return found
    return list(_quoted_cells(text, separator, file, number))


def _quoted_cells(text: str, separator: str, file: str, number: int) -> Iterator[Cell]:
    start = 0
    while start <= len(text):
        quoted = _CELL.match(text, start)
        if quoted:
            yield Cell.of(quoted[1].replace('""', '"').strip(), (file, number, quoted.start(1) + 1))
            start = quoted.end() + 1
            continue
        end = text.find(separator, start)
        end = len(text) if end < 0 else end
        yield Cell.of(text[start:end].strip(), (file, number, start + 1))
        start = end + 1


def _without_comments(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Without the lines that begin with #; a first one that names the columns keeps its names."""
    first = rows[0]
    if first[0].startswith("#"):
        names = [first[0].says(first[0][1:].strip()), *first[1:]] if first[0] != "#" else first[1:]
        if _header([names]) and len(rows) > 1 and len(rows[1]) == len(names):
            rows = [names, *rows[1:]]
    return [row for row in rows if not row[0].startswith("#")]


def _header(rows: list[list[Cell]]) -> list[Cell] | None:
    """The first line if it names columns; one name may be missing, that of an index."""
    if not rows:
        return None
    names = rows[0]
    given = [name for name in names if name]
    if not given or len(given) < len(names) - 1 or (len(given) < len(names) and names[0]):
        return None
    return names if all(canonical_name(name).isidentifier() for name in given) else None


def _with_points(rows: list[list[Cell]]) -> list[list[Cell]]:
    """The cells with a point in place of a decimal comma, where the commas of the table can be nothing else."""
    commas = [cell for row in rows for cell in row if "," in cell and _COMMA.fullmatch(cell)]
    if not commas:
        return rows
    doubtful = [cell for cell in commas if _GROUPED.fullmatch(cell)]
    if len(doubtful) == len(commas):
        cell = doubtful[0]
        whole, part = cell.replace(",", ""), cell.replace(",", ".")
        raise cell.error(
            "E339", f"{cell} may be {part} or {whole}", "write the number with a point, or without the comma"
        )
    for row in rows:
        for cell in row:
            if "." in cell and _NUMBER.fullmatch(cell):
                raise cell.error(
                    "E339",
                    f"{cell} has a point, and {commas[0].place} has a comma",
                    "write all numbers with points",
                )
    return [
        [cell.says(cell.replace(",", ".")) if _COMMA.fullmatch(cell) else cell for cell in row]
        for row in rows
    ]


def _is_label(name: str, cells: Sequence[Cell], is_constant: Callable[[str], bool]) -> bool:
    """Whether a column holds no number at all; one without a name, an index, is none of the variables either."""
    if not name:
        return True
    return bool(cells) and not any(
        not cell or cell[0] in "+-.0123456789[" or is_constant(cell) for cell in cells
    )


def _require(cell: Cell) -> None:
    """Raise where a cell is empty or has a thousands separator."""
    if not cell:
        raise cell.error(
            "E338", "the cell is empty", "a point has a value for every variable; leave the line out"
        )
    if _GROUPED.fullmatch(cell) and not _NUMBER.fullmatch(cell):
        raise cell.error("E339", f"{cell} has a thousands separator", "write the digits without it")


def _float(cell: Cell) -> float:
    try:
        return Written(cell)
    except ValueError:
        raise cell.error(
            "E338",
            f"{cell} is not a number",
            "an array holds numbers; points have a line of names above them",
        ) from None
