"""The text being read and what is known while reading it; it makes the errors that point into the text."""

from __future__ import annotations

import re
from functools import lru_cache, partial

from calcgrad.errors import Diagnostic, LimitError, ParseError, Span
from calcgrad.expression.tokens import SPELLED, is_superscript
from calcgrad.expression.vocabulary import Vocabulary

#: Warnings of one code; more of the same say nothing new.
MAX_WARNINGS = 10
#: The longest text that a hint repeats as a whole.
SHOWN = 120
#: A fix repeats the whole input; for a longer text it would only be in the way.
MAX_FIX = 2000

_FREE = re.compile(
    rf"(?:[A-Za-z]|{'|'.join(sorted(SPELLED - {'pi', 'tau', 'Pi'}))})[0-9]*(?:_[A-Za-z0-9_]+)?"
)
_CONSTANT_DIGITS = re.compile(r"(?:pi|tau)(?:[0-9]+(?:_[A-Za-z0-9_]+)?|_[A-Za-z0-9_]+)")
_LOG_BASE = re.compile(rf"log_([0-9]+|[A-Za-z]|{'|'.join(sorted(SPELLED))})")
BUILT_IN = frozenset({"where", "piecewise", "Piecewise"})
TRUTH = {"True": "true", "true": "true", "False": "false", "false": "false"}

#: ``Span(start, end)`` from a pair, at half the price.
make_span = partial(tuple.__new__, Span)


class Source:
    """A text, the words that it may use, the names that were declared, the warnings so far."""

    __slots__ = ("_counts", "declared", "text", "vocabulary", "warnings")

    def __init__(self, text: str, vocabulary: Vocabulary, declared: frozenset[str]) -> None:
        self.text = text
        self.vocabulary = vocabulary
        self.declared = declared
        self.warnings: list[Diagnostic] = []
        self._counts: dict[str, int] = {}

    def error(
        self,
        code: str,
        message: str,
        place: tuple[int, int],
        label: str = "",
        *hints: str,
        fix: str | None = None,
    ) -> ParseError:
        """The error for a place in this text."""
        return ParseError(self._diagnostic(code, message, place, label, *hints, fix=fix))

    def limit(
        self, code: str, message: str, place: tuple[int, int], label: str = "", *hints: str
    ) -> LimitError:
        """The error for a limit that this text passes."""
        return LimitError(self._diagnostic(code, message, place, label, *hints))

    def warn(
        self,
        code: str,
        message: str,
        place: tuple[int, int],
        label: str = "",
        *hints: str,
        fix: str | None = None,
    ) -> None:
        """Keep a warning, unless there are enough of its code."""
        count = self._counts[code] = self._counts.get(code, 0) + 1
        if count <= MAX_WARNINGS:
            self.warnings.append(self._diagnostic(code, message, place, label, *hints, fix=fix))

    def _diagnostic(
        self, code: str, message: str, place: tuple[int, int], label: str, *hints: str, fix: str | None = None
    ) -> Diagnostic:
        return Diagnostic(code, message, Span(*place), label, hints, fix, self.text)

    def wants(self, code: str) -> bool:
        """Whether a warning of this code would be kept."""
        return self._counts.get(code, 0) < MAX_WARNINGS

    def replaced(self, start: int, end: int, by: str) -> str | None:
        """The whole text with one part replaced; ``None`` for a long text, and where the line would take a raised part."""
        if len(self.text) > MAX_FIX or (by and self._is_raised(start)):
            return None
        return self.text[:start] + by + self.text[end:]

    def _is_raised(self, place: int) -> bool:
        return place < len(self.text) and is_superscript(self.text[place])

    def whole(self, start: int, end: int, by: str) -> str:
        """The whole text with one part replaced, to be shown in a hint; of a long text that part alone."""
        if len(self.text) > SHOWN or self._is_raised(start):
            return clip(by)
        return self.text[:start] + by + self.text[end:]

    def spaced(self, start: int, end: int, by: str) -> str | None:
        """The whole text with one part replaced by a word that stands between single spaces."""
        if len(self.text) > MAX_FIX:
            return None
        return f"{self.text[:start].rstrip()} {by} {self.text[end:].lstrip()}"

    def quote(self, start: int, end: int) -> str:
        """A part of the text, shortened in the middle where it is long."""
        if end - start > MAX_FIX:
            return clip(self.text[start : start + 100] + "..." + self.text[end - 100 : end])
        return clip(self.text[start:end])

    def is_function(self, name: str) -> bool:
        """Whether the name, applied, is a function."""
        if name in self.vocabulary.words or name in BUILT_IN:
            return True
        return log_base(name) is not None and "log" in self.vocabulary.words

    def is_free(self, name: str) -> bool:
        """Whether the name needs no declaration: one letter, Latin or Greek, with digits or a subscript."""
        return name in self.declared or is_one_letter(name)


@lru_cache(maxsize=1024)
def is_one_letter(name: str) -> bool:
    """Whether the name is a letter, Latin or spelled-out Greek, with optional digits or a subscript.

    >>> [is_one_letter(name) for name in ("x", "x12", "x_max", "alpha_1", "xy", "Pi", "speed")]
    [True, True, True, True, False, False, False]
    """
    return _FREE.fullmatch(name) is not None or _CONSTANT_DIGITS.fullmatch(name) is not None


@lru_cache(maxsize=1024)
def log_base(name: str) -> str | None:
    """The base in ``log_2``, ``log_b`` or ``log_pi``, if the name is one of these."""
    match = _LOG_BASE.fullmatch(name)
    return match[1] if match else None


def clip(text: str, width: int = 40) -> str:
    """The text on one line, its middle left out where it is long.

    >>> clip("abcdefghij", 7)
    'abc...j'
    """
    text = " ".join(text.split()) if len(text) < 10 * width else text
    if len(text) <= width:
        return text
    tail = (width - 3) // 3
    return text[: width - 3 - tail] + "..." + text[len(text) - tail :]
