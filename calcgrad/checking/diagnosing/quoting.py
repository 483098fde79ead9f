"""The piece of source that a sentence quotes, found again where it stands, with the lines around it."""

from __future__ import annotations

import linecache
import re
import sys
from pathlib import Path

from calcgrad.report import Excerpt

#: ``… `piece` … (model.py, line 4)``
_QUOTED = re.compile(r"`(?P<piece>[^`]+)`.*?\((?P<file>[^()`]+), line (?P<line>\d+)\)", re.DOTALL)
#: Lines shown before and after the piece, and the most that a piece may run over.
_AROUND, _MOST = 2, 12
_CUT = "..."


def excerpt(sentence: str) -> Excerpt | None:
    """The excerpt of the file that a sentence names; ``None`` where it names none, or the piece does not stand there.

    Of several files of that name it is the one that has the piece on this line; where two have it, none is chosen.
    """
    found = _QUOTED.search(sentence)
    if found is None:
        return None
    piece, line = found["piece"], int(found["line"])
    made = [_found(file, piece, line) for file in _files(found["file"])]
    known = [one for one in made if one is not None]
    return known[0] if len(known) == 1 else None


def _files(name: str) -> list[str]:
    """The files of this name that are loaded or were read."""
    loaded = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    read = list(linecache.cache)
    return sorted({str(Path(file)) for file in (*loaded, *read) if file and Path(file).name == name})


def _found(file: str, piece: str, line: int) -> Excerpt | None:
    """The piece in a file, blanks and line breaks in it left out of the comparison."""
    lines = [text.rstrip("\n") for text in linecache.getlines(file)]
    wanted = _bare(piece.removesuffix(_CUT))
    if not wanted or not 1 <= line <= len(lines):
        return None
    there = [
        (sign, row, column)
        for row in range(line - 1, min(line - 1 + _MOST, len(lines)))
        for column, sign in enumerate(lines[row])
        if not sign.isspace()
    ]
    start = "".join(sign for sign, _, _ in there).find(wanted)
    if start < 0 or there[start][1] != line - 1:
        return None
    _, row, column = there[start]
    _, last, end = there[start + len(wanted) - 1]
    first = max(row - _AROUND, 0)
    shown = tuple(lines[first : last + 1 + _AROUND])
    return Excerpt(_called(file), row + 1, column + 1, last + 1, end + 2, first + 1, shown)


def _bare(text: str) -> str:
    return "".join(text.split())


def _called(file: str) -> str:
    """The file as one would type it: from here, where it is below."""
    try:
        return Path(file).resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file
