"""Every evaluation written down at once, so that neither Ctrl-C nor a kill loses any, and a resumed check goes on.

A journal is a file of JSON lines. Each is one evaluation, ``{"subject", "line", "t", "value"}``: the subject (a digest of the
function, of what it reads, of the point and the value there), which line through the point (a digest of the direction), where
on it, and the answer, exact in hexadecimal. A torn last line, such as a kill leaves, is passed over.

What a function finds in files and in installed packages is in no digest. So some of the old answers, drawn by chance, are made
again before the rest is believed: three at first, and one on each further line. Lines that are no answers of this function
are passed over. A disk that is full ends the journal, not the check, which says so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy

from calcgrad.checking.measuring.evaluation import Raised
from calcgrad.errors import UsageError

Array: TypeAlias = Any
#: So many old answers are made again at first.
_AGAIN = 3
_THREADS = 2.0**-40
_OTHER = (
    "the journal's evaluations are of another function, other data or another point: none of them is used"
)


class Journal:
    """Nothing is written where there is no ``path``; nothing is read unless ``resume``, and what was there stays if ``keep``.

    ``like`` is the function's value: old answers of another shape or another kind of numbers are not its own.

    >>> journal = Journal(None, "s")
    >>> journal.put("line", 0.5, numpy.array(1.0)); journal.get("line", 0.5) is None
    True
    """

    def __init__(
        self,
        path: str | None,
        subject: str,
        resume: bool = False,
        keep: bool = False,
        like: Array | None = None,
    ) -> None:
        self._subject = subject
        self._like = like
        self._known: dict[tuple[str, str], Any] = {}
        self._tried: set[str] = set()
        self._left = _AGAIN
        self._others = 0
        self.notes: list[str] = []
        #: What was met while it was written: known at the end alone.
        self.told: list[str] = []
        self._file: IO[str] | None = None
        if path is None:
            return
        place = Path(path)
        torn = False
        if resume and place.exists():
            torn = self._read(place)
        try:
            self._file = place.open("a" if resume or keep else "w", encoding="utf-8")
        except OSError as error:
            raise UsageError.of("E387", f"the journal {path} cannot be written: {error.strerror}") from error
        if torn:
            self._append("\n")
        if self._others and not self._known:
            self.notes.append(_OTHER)

    @property
    def known(self) -> int:
        """How many evaluations of this subject were read."""
        return len(self._known)

    def get(self, line: str, t: float) -> Any:
        """The answer known for a point of a line, or ``None``."""
        return self._known.get((line, float(t).hex()))

    def doubtful(self, line: str, offsets: Sequence[float]) -> list[float]:
        """The places of a line whose old answers are to be made again before any is believed; none once that was done."""
        old = [t for t in offsets if (line, float(t).hex()) in self._known]
        count = max(self._left, int(line not in self._tried))
        if not old or not count:
            return []
        rng = numpy.random.default_rng([len(self._known), len(self._tried), self._left])
        drawn = [old[k] for k in sorted(rng.permutation(len(old))[:count])]
        self._tried.add(line)
        self._left = max(self._left - len(drawn), 0)
        return drawn

    def is_still(self, line: str, t: float, answer: Any) -> bool:
        """Whether an old answer is the new one, but for what threads that add in another order leave."""
        return _same(self._known[line, float(t).hex()], answer)

    def put(self, line: str, t: float, answer: Any) -> None:
        """Write an answer down; it is on its way to the disk when this returns. Where none can be written, no more are."""
        if self._file is None:
            return
        entry = {"subject": self._subject, "line": line, "t": float(t).hex(), "value": _written(answer)}
        self._append(json.dumps(entry) + "\n")

    def _append(self, text: str) -> None:
        """Write to the file; where that fails, let it go, with a note."""
        assert self._file is not None
        try:
            self._file.write(text)
            self._file.flush()
        except OSError as error:
            self.told.append(f"the journal {self._file.name} ends here: {error.strerror}")
            self.close()

    def close(self) -> None:
        """Close the file; what it still holds back on a full disk was told of when it was written."""
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):
                file.close()

    def _is_answer(self, answer: Any) -> bool:
        like = self._like
        if like is None or isinstance(answer, Raised):
            return True
        return bool(answer.shape == like.shape and answer.dtype == like.dtype)

    def _read(self, place: Path) -> bool:
        """Read what there is of this subject; whether the last line is torn."""
        try:
            text = place.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError.of("E502", f"the journal {place} cannot be read: {error}") from error
        for line in text.splitlines():
            try:
                entry = json.loads(line)
                if entry["subject"] != self._subject:
                    self._others += 1
                else:
                    answer = _read_back(entry["value"])
                    if self._is_answer(answer):
                        self._known[str(entry["line"]), str(entry["t"])] = answer
            except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError):
                continue
        return bool(text) and not text.endswith("\n")


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, Raised) or isinstance(new, Raised):
        return type(old) is type(new) and old.text == new.text
    if old.shape != new.shape or old.dtype != new.dtype:
        return False
    both = (old == new) | ((old != old) & (new != new))
    with numpy.errstate(all="ignore"):
        return bool(numpy.all(both | (numpy.abs(old - new) <= _THREADS * numpy.abs(old))))


def _written(answer: Any) -> Any:
    if isinstance(answer, Raised):
        return {"raised": answer.text, "frames": answer.frames, "fatal": answer.fatal}
    numbers = [float(v).hex() for v in answer.ravel()]
    return {"dtype": str(answer.dtype), "shape": answer.shape, "numbers": numbers}


def _read_back(value: Any) -> Any:
    if "raised" in value:
        return Raised(str(value["raised"]), tuple(map(str, value["frames"])), bool(value["fatal"]))
    numbers = [float.fromhex(text) for text in value["numbers"]]
    return numpy.array(numbers, dtype=value["dtype"]).reshape(value["shape"])
