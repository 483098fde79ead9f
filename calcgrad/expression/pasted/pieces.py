"""Pieces: parts of a pasted text in our spelling, each with its place in the text that was pasted.

Every dialect of this room takes a list of pieces and returns another, so that they can follow each other; at the end
the pieces are joined to one text of the language. :class:`Translation` leads from a place in that text back to the
place in the text that the user sees.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from calcgrad.errors import Diagnostic, ParseError, Span
from calcgrad.expression.tokens import is_superscript, scan

OPENING = {"(": ")", "[": "]", "{": "}"}
CLOSING = frozenset(OPENING.values())
#: What stands between two values; a sign or an opening bracket after one of these begins a value.
OPERATORS = frozenset(
    [
        "+",
        "-",
        "−",
        "*",
        "/",
        "^",
        "**",
        "%",
        "//",
        "@",
        "<",
        ">",
        "<=",
        ">=",
        "==",
        "!=",
        "=",
        "·",
        "×",
        "⋅",
        "÷",
        "and",
        "or",
        "not",
        "if",
        "else",
        ",",
        "(",
        "[",
        "{",
        "?",
        ":",
        ";",
    ]
)


class Piece(NamedTuple):
    """A part of our text, and where the part of the pasted text stands that it was read from."""

    text: str
    start: int
    end: int

    def says(self, text: str) -> Piece:
        """Another text for the same place."""
        return Piece(text, self.start, self.end)

    @property
    def is_word(self) -> bool:
        """Whether it is a name or a word."""
        return self.text[0].isalpha() or self.text[0] in "_∞"

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return self.text[0].isdigit() or (self.text[0] == "." and len(self.text) > 1)

    @property
    def ends_value(self) -> bool:
        """Whether a value may end here, so that what follows is an operator or a factor."""
        return (
            (self.is_word and self.text not in OPERATORS)
            or self.is_number
            or self.text in (")", "]", "}", "!", "°")
            or (len(self.text) > 1 and self.text[-1] == ")")
            or is_superscript(self.text[0])
        )


class RefusalError(Exception):
    """A notation that is recognised and not read: what is said of it, and the pieces that it is said of."""

    def __init__(self, code: str, message: str, span: tuple[int, int], label: str = "", *hints: str) -> None:
        super().__init__(message)
        self.code = code
        self.span = span
        self.label = label
        self.hints = hints

    def error(self, text: str) -> ParseError:
        """The error for the text that was pasted."""
        return ParseError(
            Diagnostic(self.code, str(self), Span(*self.span), self.label, self.hints, None, text)
        )


def pieces_of(text: str) -> list[Piece]:
    """The pieces of a text, as they are spelled."""
    return [Piece(part, start, end) for _, part, start, end in scan(text)]


def glued(first: Piece, second: Piece) -> bool:
    """Whether nothing stands between the two in the pasted text."""
    return first.end == second.start


def partners(pieces: Sequence[Piece]) -> dict[int, int]:
    """For each bracket the index of the one that closes or opens it; those without a partner are left out."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for k, piece in enumerate(pieces):
        if piece.text in OPENING:
            waiting.append(k)
        elif piece.text in CLOSING:
            if waiting and OPENING[pieces[waiting[-1]].text] == piece.text:
                opened = waiting.pop()
                found[opened], found[k] = k, opened
            else:
                waiting.clear()
    return found


def commas(pieces: Sequence[Piece], separators: Collection[str] = ",") -> dict[int, list[int]]:
    """For each opening bracket the separators that stand directly inside it; those outside of all are under -1."""
    found: dict[int, list[int]] = {-1: []}
    waiting = [-1]
    for k, piece in enumerate(pieces):
        if piece.text in OPENING:
            waiting.append(k)
            found[k] = []
        elif piece.text in CLOSING and len(waiting) > 1:
            waiting.pop()
        elif piece.text in separators:
            found[waiting[-1]].append(k)
    return found


def operand_before(pieces: Sequence[Piece], partner: dict[int, int], k: int) -> int | None:
    """Where the operand that ends at piece ``k`` begins: a number, a name, or a bracket with the name applied to it."""
    piece = pieces[k]
    if piece.text in CLOSING:
        first = partner.get(k)
        if first is None:
            return None
        applied = first and pieces[first - 1].is_word and pieces[first - 1].text not in OPERATORS
        return first - 1 if applied and glued(pieces[first - 1], pieces[first]) else first
    return k if piece.is_word or piece.is_number else None


def rewritten(pieces: Sequence[Piece], change: Callable[[int], Sequence[Piece] | None]) -> list[Piece]:
    """The pieces, each replaced by what ``change`` gives for its index; ``None`` leaves it as it is."""
    out: list[Piece] = []
    for k, piece in enumerate(pieces):
        instead = change(k)
        if instead is None:
            out.append(piece)
        else:
            out.extend(instead)
    return out


def inserted(pieces: Sequence[Piece], before: dict[int, list[Piece]]) -> list[Piece]:
    """The pieces with others before some of them; those of the index past the last end the list."""
    out: list[Piece] = []
    for k, piece in enumerate(pieces):
        out.extend(before.get(k, ()))
        out.append(piece)
    out.extend(before.get(len(pieces), ()))
    return out


@dataclass(frozen=True, slots=True)
class Translation:
    """A text of the language, and for each of its pieces where that begins in it."""

    text: str
    begins: tuple[int, ...]
    pieces: tuple[Piece, ...]

    def original(self, span: tuple[int, int]) -> Span:
        """The place in the pasted text that a place in ours was read from."""
        if not self.pieces:
            return Span(0, 0)
        start, end = span
        at = max(bisect_right(self.begins, start) - 1, 0)
        last = max(bisect_right(self.begins, max(end - 1, start)) - 1, at)
        if at == last:
            return self._inside(at, start, end)
        first, final = self.pieces[at], self.pieces[last]
        return Span(min(first.start, final.start), max(first.end, final.end))

    def _inside(self, at: int, start: int, end: int) -> Span:
        piece, begin = self.pieces[at], self.begins[at]
        if start >= begin + len(piece.text):  # the end of the text
            return Span(piece.end, piece.end)
        if piece.end - piece.start == len(piece.text):
            shift = piece.start - begin
            return Span(start + shift, min(max(end, start) + shift, piece.end))
        return Span(piece.start, piece.end)

    def moved(self, diagnostic: Diagnostic, source: str) -> Diagnostic:
        """A diagnostic of our text as one of the pasted text; its fix stays a text of the language."""
        span = None if diagnostic.span is None else self.original(diagnostic.span)
        return diagnostic._replace(span=span, source=source)


def joined(pieces: Sequence[Piece]) -> Translation:
    """The pieces as one text, with a space where the pasted text has one, or where two words would grow together."""
    parts: list[str] = []
    begins: list[int] = []
    place = 0
    for before, piece in _pairs(pieces):
        if before is not None and _apart(before, piece):
            parts.append(" ")
            place += 1
        begins.append(place)
        parts.append(piece.text)
        place += len(piece.text)
    return Translation("".join(parts), tuple(begins), tuple(pieces))


def _pairs(pieces: Sequence[Piece]) -> Iterator[tuple[Piece | None, Piece]]:
    before: Piece | None = None
    for piece in pieces:
        yield before, piece
        before = piece


def _apart(before: Piece, piece: Piece) -> bool:
    if 0 <= before.end < piece.start and before.text not in OPENING and piece.text not in CLOSING:
        return True
    last, first = before.text[-1], piece.text[0]
    if not (last.isalnum() or last in "_.") or not (first.isalnum() or first in "_."):
        return False
    return not (before.is_number and piece.is_word and before.end == piece.start) or _spoils(before, piece)


def _spoils(number: Piece, word: Piece) -> bool:
    """Whether a word would be taken for a part of the number that it touches: 2e, 2d0, 0x1, 2j.

    No more of them are parted: ``e^2x`` is told of because the x touches the exponent.
    """
    first, second = word.text[0], word.text[1:2]
    if first in "xX":
        return number.text == "0"
    return first in "jJ" or (first in "eE" and not second) or (first in "eEdD" and second.isdigit())


__all__ = [
    "CLOSING",
    "OPENING",
    "OPERATORS",
    "Piece",
    "RefusalError",
    "Translation",
    "commas",
    "glued",
    "inserted",
    "joined",
    "operand_before",
    "partners",
    "pieces_of",
    "rewritten",
]
