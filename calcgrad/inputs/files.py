"""Points in files: what a .npy, .npz, .json or .csv file holds, as specs for :mod:`calcgrad.inputs.points`.

A bare array, or a bare value, is for the only variable. Names are matched to variables: the arrays of a .npz
file, the keys of a JSON object, the header of a CSV file, each of whose lines is then a point. A JSON list of
objects is many points.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from calcgrad.errors import CalcgradError, UsageError


def read_file(path: str) -> list[Any]:
    """The specs in a file.

    Raises :class:`UsageError` where there is no such file (E325), it cannot be read (E326), it is not what
    its name says (E327), or it holds nothing (E328).
    """
    file = Path(path)
    try:
        specs = _READERS[file.suffix](file)
    except FileNotFoundError:
        raise _missing(file) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError.of("E326", f"{path} cannot be read: {reason.lower()}") from error
    except (ValueError, csv.Error, EOFError) as error:
        message = f"{path} is not a {file.suffix} file of numbers"
        raise UsageError.of("E327", message, label=str(error).splitlines()[0][:200]) from error
    if not specs:
        raise UsageError.of("E328", f"{path} holds no point")
    return specs


def _missing(file: Path) -> CalcgradError:
    from difflib import get_close_matches

    folder = file.parent
    names = [f.name for f in folder.iterdir()] if folder.is_dir() else []
    close = get_close_matches(file.name, names, n=1)
    hints = (f"did you mean {folder / close[0]}?",) if close else ()
    return UsageError.of("E325", f"there is no file {file}", hints=hints)


def _npy(file: Path) -> list[Any]:
    import numpy

    return [numpy.load(file, allow_pickle=False)]


def _npz(file: Path) -> list[Any]:
    import numpy

    with numpy.load(file, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    return [arrays] if arrays else []


class _Written(float):
    """A JSON number with the decimals that it was written in."""

    written: str

    def __new__(cls, written: str) -> _Written:
        number = super().__new__(cls, written)
        number.written = written
        return number


def exact_json(text: str) -> Any:
    """JSON in which a number with a point or an exponent stays the text that was written, to be read exactly.

    >>> exact_json('{"x": 0.10, "y": [1, 2.5]}')
    {'x': '0.10', 'y': [1, 2.5]}
    """
    return _texts(json.loads(text, parse_float=_Written))


def _texts(value: Any) -> Any:
    """Each number outside lists as its text; in lists, whose entries are doubles anyway, as a float."""
    if isinstance(value, dict):
        return {key: _texts(v) for key, v in value.items()}
    if isinstance(value, list) and any(isinstance(v, dict) for v in value):
        return [_texts(v) for v in value]
    return value.written if isinstance(value, _Written) else value


def _json(file: Path) -> list[Any]:
    value = exact_json(file.read_text(encoding="utf-8"))
    if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
        return value
    return [] if value in ([], {}) else [value]


def _csv(file: Path) -> list[Any]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines) if row]
    if not rows:
        return []
    width = len(rows[0])
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            raise ValueError(f"line {number} has {len(row)} cells, and the first has {width}")
    if all(cell.isidentifier() for cell in rows[0]):
        return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    table = [[float(cell) for cell in row] for row in rows]
    if width == 1:
        return [[row[0] for row in table]]
    return [table[0] if len(table) == 1 else table]


_READERS: dict[str, Callable[[Path], list[Any]]] = {
    ".npy": _npy,
    ".npz": _npz,
    ".json": _json,
    ".csv": _csv,
}
