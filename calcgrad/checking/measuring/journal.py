"""Every evaluation written down at once, so that neither Ctrl-C nor a kill loses any, and a resumed check goes on.

A journal is a file of JSON lines. Each is one evaluation, ``{"subject", "line", "t", "value"}``: the subject (a digest of the
function, the point and the value there), which line through the point
(a digest of the direction), where on it, and the answer, exact in hexadecimal. A torn last line, such as a kill leaves, is
passed over.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any

import numpy

from calcgrad.checking.measuring.evaluation import Raised
from calcgrad.errors import UsageError


class Journal:
    """Nothing is written where there is no ``path``; nothing is read unless ``resume``.

    >>> journal = Journal(None, "s")
    >>> journal.put("line", 0.5, numpy.array(1.0)); journal.get("line", 0.5) is None
    True
    """

    def __init__(self, path: str | None, subject: str, resume: bool = False) -> None:
        self._subject = subject
        self._known: dict[tuple[str, str], Any] = {}
        self._file: IO[str] | None = None
        if path is None:
            return
        place = Path(path)
        torn = False
        if resume and place.exists():
            torn = self._read(place)
        try:
            self._file = place.open("a" if resume else "w", encoding="utf-8")
        except OSError as error:
            raise UsageError.of("E387", f"the journal {path} cannot be written: {error.strerror}") from error
        if torn:
            self._file.write("\n")

    @property
    def known(self) -> int:
        """How many evaluations of this subject were read."""
        return len(self._known)

    def get(self, line: str, t: float) -> Any:
        """The answer known for a point of a line, or ``None``."""
        return self._known.get((line, float(t).hex()))

    def put(self, line: str, t: float, answer: Any) -> None:
        """Write an answer down; it is on its way to the disk when this returns."""
        if self._file is None:
            return
        entry = {"subject": self._subject, "line": line, "t": float(t).hex(), "value": _written(answer)}
        self._file.write(json.dumps(entry) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _read(self, place: Path) -> bool:
        """Read what there is of this subject; whether the last line is torn."""
        try:
            text = place.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError.of("E502", f"the journal {place} cannot be read: {error}") from error
        for line in text.splitlines():
            try:
                entry = json.loads(line)
                if entry["subject"] == self._subject:
                    self._known[entry["line"], entry["t"]] = _read_back(entry["value"])
            except (ValueError, KeyError, TypeError):
                continue
        return bool(text) and not text.endswith("\n")


def _written(answer: Any) -> Any:
    if isinstance(answer, Raised):
        return {"raised": answer.text, "frames": answer.frames, "fatal": answer.fatal}
    numbers = [float(v).hex() for v in answer.ravel()]
    return {"dtype": str(answer.dtype), "shape": answer.shape, "numbers": numbers}


def _read_back(value: Any) -> Any:
    if "raised" in value:
        return Raised(value["raised"], tuple(value["frames"]), value["fatal"])
    numbers = [float.fromhex(text) for text in value["numbers"]]
    return numpy.array(numbers, dtype=value["dtype"]).reshape(value["shape"])
