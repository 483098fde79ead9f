"""What is asked of a function that is defined in the same text: ``f(x) = …; f'(x)``, ``If y = …, find dy/dx``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from calcgrad.expression.pasted.derivatives import ASKING, MAX_ORDER, PRIMES, SMALL, called, texts
from calcgrad.expression.pasted.pieces import Piece, RefusalError, commas
from calcgrad.expression.tokens import canonical_name

#: Words between what is asked and the function, and before the function where that comes first.
_GIVEN = frozenset({"if", "when", "for", "given", "where", "of", "let", "suppose", "consider", "that"})
#: ``f'(x)``, ``y''``, ``dy/dx``, ``d^2y/dx^2``, as texts of pieces with blanks between them.
_ASKED = re.compile(
    r"(?:(?P<f>[^\W\d]) (?P<primes>(?:['′’‘`´] ?)+)(?:\( (?P<of>[^\W\d]) \))?"
    r"|(?:d(?: \^ (?P<n>\d)| (?P<s>[²³⁴⁵]))? ?(?P<g>[^\W\d])) / d ?(?P<by>[^\W\d])(?: \^ \d| [²³⁴⁵])?)(?= |$)"
)


@dataclass(frozen=True, slots=True)
class Request:
    """The pieces of the definition, and what is asked: a name for each differentiation, or their number alone."""

    pieces: list[Piece]
    order: int = 0
    wrt: tuple[str, ...] = ()


def request_of(pieces: list[Piece]) -> Request:
    """What a text asks of the function that it defines; without a request the pieces as they are.

    Raises ``RefusalError`` (E120) where it asks for a value, ``f'(3)``: the number would be lost.
    """
    for form in (_asked_first, _asked_last, _in_statements):
        found = form(pieces)
        if found is not None:
            return found
    return Request(pieces)


def _asked_first(pieces: list[Piece]) -> Request | None:
    """``find f'(x) if f(x) = …``."""
    start = _asking(pieces, 0)
    found = _ASKED.match(texts(pieces[start:]))
    if not start or found is None:
        return None
    k = start + found[0].strip().count(" ") + 1
    first = k
    while k < len(pieces) and (pieces[k].text.lower() in _GIVEN or pieces[k].text == ","):
        k += 1
    refuse_point(pieces, k)
    return _request(found, _without_end(pieces[k:])) if k > first else None


def _asked_last(pieces: list[Piece]) -> Request | None:
    """``if y = …, find dy/dx``."""
    if not pieces or pieces[0].text.lower() not in _GIVEN:
        return None
    begin = 0
    while begin < len(pieces) and pieces[begin].text.lower() in _GIVEN:
        begin += 1
    for k in range(begin + 1, len(pieces)):
        if pieces[k].text not in (",", ".", ";", "then"):
            continue
        start = k
        while start < len(pieces) and pieces[start].text.lower() in (",", ".", ";", "then", "and"):
            start += 1
        asked = _without_end(pieces[_asking(pieces, start) :])
        found = _ASKED.match(texts(asked))
        if found is not None and _asking(pieces, start) > start:
            refuse_point(asked, found[0].strip().count(" ") + 1)
            return _request(found, pieces[begin:k]) if found[0].strip() == texts(asked) else None
    return None


def _request(found: re.Match[str], definition: list[Piece]) -> Request | None:
    """What is asked in words of the function that they define: the names must be the same."""
    name = found["f"] or found["g"]
    if not definition or definition[0].text != name:
        return None
    parameter = definition[2].text if len(definition) > 2 and definition[1].text == "(" else found["of"]
    if found["of"] and found["of"] != parameter:  # f'(a) asks for a value
        return None
    if found["by"]:
        times = int(found["n"] or SMALL.get(found["s"] or "", 1))
        return Request(definition, 0, (canonical_name(found["by"]),) * times)
    return Request(definition, sum(c in PRIMES for c in found["primes"]))


def refuse_point(pieces: list[Piece], start: int = 0) -> None:
    """``derivative of sin(x^2) at x = 2``: raises ``RefusalError`` (E120), for the point stands by itself."""
    leading = ("at", "when", "for", "if", "where")
    for k in range(start, len(pieces) - 3):
        if pieces[k].text.lower() in leading and pieces[k + 1].is_word and pieces[k + 2].text == "=":
            point = "".join(piece.text for piece in pieces[k + 3 :])
            raise RefusalError(
                "E120", "this asks for the value at a point", (pieces[k].start, pieces[-1].end), "the point stands here",
                f"give the point by itself: --at {point}",
            )  # fmt: skip


def _asking(pieces: list[Piece], start: int) -> int:
    while start < len(pieces) and pieces[start].text.lower() in ASKING:
        start += 1
    return start


def _without_end(pieces: list[Piece]) -> list[Piece]:
    """Without the full stop or the question mark of a sentence."""
    return pieces[:-1] if pieces and pieces[-1].text in (".", "?") else pieces


def _in_statements(pieces: list[Piece]) -> Request | None:
    """``f(x) = …; f'(x)`` and ``y = …; dy = diff(y, x)``, after a ``syms x;`` too."""
    cuts = [k for k in commas(pieces, ";")[-1] if k > 1]
    if len(cuts) == 2 and pieces[0].text == "syms" and all(p.is_word for p in pieces[: cuts[0]]):
        pieces, cuts = pieces[cuts[0] + 1 :], [cuts[1] - cuts[0] - 1]
    if len(cuts) != 1 or len(pieces) - cuts[0] > 16:
        return None
    first, last = pieces[: cuts[0]], pieces[cuts[0] + 1 :]
    if not first or not last:
        return None
    primes = sum(p.text in PRIMES for p in last)
    if primes and last[0].text == first[0].text:
        _refuse_value(first, last)
        return Request(first, primes)
    right = last[2:] if len(last) > 2 and last[0].is_word and last[1].text == "=" else last
    asked = called(right)
    if asked is None or [piece.text for piece in asked[2]] != [first[0].text]:
        return None
    return Request(first, asked[1], asked[0][:MAX_ORDER])


def _refuse_value(first: list[Piece], last: list[Piece]) -> None:
    inside = [p.text for p in last[1:] if p.text not in PRIMES and p.text not in ("(", ")", "=", "?")]
    known = {p.text for p in first if p.is_word} - {"pi", "e"}
    if all(text == "," or text in known for text in inside):
        return
    at = (last[0].start, last[-1].end)
    point = '"x=1, y=2"' if "," in inside else "".join(inside)
    raise RefusalError(
        "E120", "this asks for the value at a point", at, "the point stands here",
        f"give the point by itself: --at {point}",
    )  # fmt: skip
