"""A place in a source file: where a claim is written, or what a mistake is about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class SourceRange:
    """A piece of a source file: lines and columns count from 1, in characters, and the end column is the one after the last.

    ``column`` and what follows it are ``None`` where only the line is known. ``file`` is relative to the working folder where it
    lies in it; ``text`` is its line.
    """

    file: str
    line: int
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    text: str | None = None

    @classmethod
    def of(cls, file: str, *place: Any) -> SourceRange:
        """The piece of a file that is named by its whole path."""
        path, here = Path(file), Path.cwd()
        return cls(str(path.relative_to(here)) if path.is_relative_to(here) else file, *place)
