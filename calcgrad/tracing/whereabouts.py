"""The line of the user's, or of a library's, that is being run: for what is told of a trace."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

_OWN = str(Path(__file__).parents[1])


def line_of_user() -> str:
    """``model.py, line 12``: the innermost line that is neither calcgrad's nor NumPy's.

    >>> line_of_user().startswith("<doctest")
    True
    """
    frame = sys._getframe(1)
    while frame.f_back is not None and is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}, line {frame.f_lineno}"


@cache
def is_ours(file: str) -> bool:
    """Whether a file is calcgrad's, NumPy's or the import system's: never the place of what a user wrote."""
    return file.startswith((_OWN, "<frozen")) or "numpy" in Path(file).parts


def level() -> int:
    """How far up the first line is that is not calcgrad's own: the ``stacklevel`` of a warning in the function that asks."""
    found, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_OWN):
        found, frame = found + 1, frame.f_back
    return found
