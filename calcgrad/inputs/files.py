"""Points in files: what a .npy, .npz or .json file or a table holds, as specs for :mod:`calcgrad.inputs.points`.

A bare array, or a bare value, is for the only variable. Names are matched to variables: the arrays of a .npz
file, the keys of a JSON object, the header of a table (:mod:`calcgrad.inputs.tables`), each of whose lines is then a
point. A JSON list of objects is many points.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from calcgrad.errors import CalcgradError, Diagnostic, UsageError
from calcgrad.inputs.limits import require_readable
from calcgrad.inputs.values import Written

TABLES = (".csv", ".tsv", ".txt")


def read_file(path: str, warnings: list[Diagnostic] | None = None) -> list[Any]:
    """The specs in a file; what there is to say of it is added to ``warnings``.

    Raises :class:`UsageError` where there is no such file (E325), it cannot be read (E326), it is not what
    its name says (E327), it holds nothing (E328) or more than is read (E306), is no regular file (E307), or names one
    thing twice (E308) or nests too deeply (E309); of a table, a cell that cannot be read (E338, E339).
    """
    file = Path(path)
    try:
        require_readable(file)
        specs = _table(file, warnings) if file.suffix in TABLES else _READERS[file.suffix](file)
    except FileNotFoundError:
        raise _missing(file) from None
    except RecursionError:
        raise too_deep(path) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError.of("E326", f"{path} cannot be read: {reason.lower()}") from error
    except (ValueError, EOFError, zlib.error) as error:
        message = f"{path} is not a {file.suffix} file of numbers"
        raise UsageError.of("E327", message, label=_reason(error)) from error
    if not specs:
        raise UsageError.of("E328", f"{path} holds no point")
    return specs


def _reason(error: Exception) -> str:
    """An error's first line; of one that says nothing, that the file ends too early (as of an empty array's data)."""
    return (str(error).splitlines() or ["it ends too early"])[0][:200]


def too_deep(path: str) -> CalcgradError:
    """The error for JSON with more brackets inside each other than Python reads."""
    return UsageError.of("E309", f"{path} nests too deeply: brackets in brackets, a thousand times and more")


def _missing(file: Path) -> CalcgradError:
    from difflib import get_close_matches

    folder = file.parent
    names = [f.name for f in folder.iterdir()] if folder.is_dir() else []
    close = get_close_matches(file.name, names, n=1)
    hints = (f"did you mean {folder / close[0]}?",) if close else ()
    return UsageError.of("E325", f"there is no file {file}", hints=hints)


def _table(file: Path, warnings: list[Diagnostic] | None) -> list[Any]:
    from calcgrad.inputs.tables import read_table

    table = read_table(file, _is_constant)
    if table.labels and warnings is not None:
        names = ", ".join(table.labels)
        message = (
            f"{file}: {names} {'holds' if len(table.labels) == 1 else 'hold'} no numbers, and is left out"
        )
        warnings.append(
            Diagnostic("W205", message, hints=("points have a number in every column that is a variable",))
        )
    return table.specs


def _is_constant(text: str) -> bool:
    """Whether a cell is an expression without variables."""
    from calcgrad.expression import parse
    from calcgrad.operations import VOCABULARY

    try:
        return not parse(text, VOCABULARY).variables
    except CalcgradError:
        return False


def _npy(file: Path) -> list[Any]:
    import numpy

    return [numpy.load(file, allow_pickle=False)]


def _npz(file: Path) -> list[Any]:
    import numpy

    with numpy.load(file, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    return [arrays] if arrays else []


def exact_json(text: str) -> Any:
    """JSON in which a number with a point or an exponent stays the text that was written, to be read exactly.

    >>> exact_json('{"x": 0.10, "y": [1, 2.5]}')
    {'x': '0.10', 'y': [1, 2.5]}
    """
    return _texts(json.loads(text, parse_float=Written, object_pairs_hook=each_once))


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose keys differ; Python's own reader would keep the last of two and say nothing.

    >>> each_once([("x", 1), ("y", 2)])
    {'x': 1, 'y': 2}
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise UsageError.of(
            "E308", f"an object has the key {twice} twice", hints=("give each name one value",)
        )
    return found


def _texts(value: Any) -> Any:
    """Each number outside lists as its text; in lists, as a float that knows its text."""
    if isinstance(value, dict):
        return {key: _texts(v) for key, v in value.items()}
    if isinstance(value, list) and any(isinstance(v, dict) for v in value):
        return [_texts(v) for v in value]
    return value.written if isinstance(value, Written) else value


def _json(file: Path) -> list[Any]:
    value = exact_json(file.read_text(encoding="utf-8"))
    if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
        return value
    return [] if value in ([], {}) else [value]


_READERS: dict[str, Callable[[Path], list[Any]]] = {
    ".npy": _npy,
    ".npz": _npz,
    ".json": _json,
}
