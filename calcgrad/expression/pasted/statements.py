"""What stands around a function: ``y = …``, ``f(x) = …``, ``d/dx …``, ``diff(…, x)``, ``f'(x)``.

:func:`statement_of` takes that away and says what it was; diff asks it what to differentiate by, claims and sheets which
derivative a line tells. Nothing here looks into the function itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from calcgrad.expression.pasted.derivatives import PRIMES, SMALL, asks_in_words, called, derivative_of, texts
from calcgrad.expression.pasted.pieces import Piece, RefusalError, glued
from calcgrad.expression.pasted.requests import refuse_point, request_of
from calcgrad.expression.tokens import canonical_name

_EQUALS = frozenset({"=", ":=", "≔", "↦", "->", "=>", "→"})
_LEFT = re.compile(
    r"(?:\( )*d(?: \^ (?P<n>\d)| (?P<s>[²³⁴⁵]))? ?(?P<of>[^\W\d])(?: \))* / (?:\( )*"
    r"(?:d (?P<name>[^\W\d]\w*)|d(?P<joined>[^\W\d]\w*))(?: \^ \d| [²³⁴⁵])?(?: \))* ="
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said of a function beside its text.

    ``name`` and ``parameters`` are those of a definition, ``f(x, y) = …``; ``left_order`` is 1 where the left side is
    a derivative, ``f'(x) = …`` or ``dy/dx = …``, and 0 in a definition, ``left_wrt`` the variable that it names.
    ``wrt`` has a name for each differentiation that is asked of the function, as ``d/dx``; ``order`` counts those that
    are asked without a variable, as ``(…)'``.

    >>> from calcgrad.expression.pasted.pieces import pieces_of
    >>> statement_of(pieces_of("d^2/dx^2 (x^4)"))[0].wrt
    ('x', 'x')
    """

    name: str | None = None
    parameters: tuple[str, ...] = ()
    left_order: int = 0
    left_wrt: tuple[str, ...] = ()
    wrt: tuple[str, ...] = ()
    order: int = 0


def statement_of(
    pieces: list[Piece], declared: Collection[str] = (), is_line: bool = False
) -> tuple[Statement | None, list[Piece]]:
    """The statement that a text makes, and the pieces of the function itself; ``None`` where it is only a function.

    ``is_line`` says that it is a line of a program, so that ``x = a*x;`` gives a name to what stands on the right.
    Raises ``RefusalError`` where it is not clear what is to be differentiated (E125), or where an equation follows (E126).
    """
    request = request_of(pieces)
    pieces, asked = request.pieces, request.order
    defined, body = _definition(_without_assignment(pieces), declared, is_line)
    wrt, order, rest = derivative_of(_without_question(body), declared)
    if defined is None and (wrt or order) and asks_in_words(body):
        refuse_point(rest, 1)
        defined, rest = _definition(rest, declared, False)
    if defined is None and not wrt and not order:
        if not asked and not request.wrt:
            return None, pieces
        return Statement(wrt=request.wrt, order=asked), body
    said = defined or Statement()
    wrt = (*request.wrt, *wrt)
    if (wrt or order) and any(p.text == "=" for p in rest):
        at = next(p for p in rest if p.text == "=")
        raise RefusalError(
            "E126", "this says what a derivative is", (at.start, at.end), "an equation",
            "to differentiate leave out the `=` and what follows; `calcgrad check` judges what follows it",
        )  # fmt: skip
    return Statement(said.name, said.parameters, said.left_order, said.left_wrt, wrt, order + asked), rest


def _without_assignment(pieces: list[Piece]) -> list[Piece]:
    """``dx <- D(expression(x^2), "x")``, R's assignment of a derivative, without it."""
    arrow = len(pieces) > 3 and pieces[0].is_word and pieces[1].text + pieces[2].text == "<-"
    if arrow and glued(pieces[1], pieces[2]) and called(pieces[3:]) is not None:
        return pieces[3:]
    return pieces


def _without_question(pieces: list[Piece]) -> list[Piece]:
    """``d/dx (x^4) = ?`` without what is left open."""
    end = len(pieces)
    while end > 2 and pieces[end - 1].text in ("?", "="):
        end -= 1
    if end == len(pieces) or pieces[end].text != "=":
        return pieces
    wrt, order, _ = derivative_of(pieces[:end])
    return pieces[:end] if wrt or order else pieces


def _definition(
    pieces: list[Piece], declared: Collection[str], is_line: bool
) -> tuple[Statement | None, list[Piece]]:
    """``f(x) = …``, ``y = …``, ``f'(x) = …``, ``dy/dx = …``, ``x -> …``, ``lambda x: …``, ``@(x) …``."""
    left = _LEFT.match(texts(pieces))
    if left:
        by = canonical_name(left["name"] or left["joined"])
        count = int(left["n"] or SMALL.get(left["s"] or "", 1))
        rest = pieces[left[0].count(" ") + 1 :]
        return Statement(left["of"], (), count, (by,) * count), rest
    k = 0
    named = bool(pieces) and pieces[0].is_word
    name = canonical_name(pieces[0].text) if named else None
    if name in ("lambda", "function") or (pieces and pieces[0].text == "@"):
        return _anonymous(pieces)
    k += named
    primes = 0
    while k < len(pieces) and pieces[k].text in PRIMES:
        primes, k = primes + 1, k + 1
    parameters: tuple[str, ...] | None = ()
    if k < len(pieces) and pieces[k].text == "(":
        parameters, k = _parameters(pieces, k)
    if parameters is None or k == 0 or k >= len(pieces):
        return None, pieces
    if pieces[k].text == ":" and k == 1 and k + 2 < len(pieces) and pieces[k + 1].is_word:  # f: x -> ...
        parameters, k = (canonical_name(pieces[k + 1].text),), k + 2
    sign = pieces[k].text
    width = 1
    if k + 1 < len(pieces) and sign + pieces[k + 1].text in _EQUALS and sign != "=":
        sign, width = sign + pieces[k + 1].text, 2
    elif k + 1 < len(pieces) and sign == "=" and pieces[k + 1].text == ">":
        sign, width = "=>", 2
    rest = pieces[k + width :]
    if sign not in _EQUALS or not rest:
        return None, pieces
    if sign in ("->", "=>", "↦", "→"):
        if primes or not (parameters or name):
            return None, pieces
        return Statement(None if not parameters else name, parameters or (name or "",)), rest
    if name is not None and not primes:  # f = @(x) …, f = x => …
        anonymous, body = _anonymous(rest) if rest[0].text in ("@", "lambda", "function") else _arrow(rest)
        if anonymous is not None:
            return replace(anonymous, name=name), body
    if name is None or any(p.text == "=" for p in rest):
        return None, pieces
    if any(p.text == pieces[0].text for p in rest) or name in declared:
        return (Statement(), rest) if is_line and not parameters and not primes else (None, pieces)
    if not parameters and not primes and not any(p.is_word for p in rest):
        return None, pieces  # a value
    return Statement(name, parameters, primes, parameters[:1] * primes), rest


def _arrow(pieces: list[Piece]) -> tuple[Statement | None, list[Piece]]:
    """``x => …`` and ``(x, y) -> …``."""
    parameters: tuple[str, ...] | None = None
    k = 1
    if pieces[0].is_word:
        parameters = (canonical_name(pieces[0].text),)
    elif pieces[0].text == "(":
        parameters, k = _parameters(pieces, 0)
    if not parameters or k + 2 >= len(pieces) or pieces[k].text + pieces[k + 1].text not in ("=>", "->"):
        return None, pieces
    return Statement(None, parameters), pieces[k + 2 :]


def _parameters(pieces: list[Piece], k: int) -> tuple[tuple[str, ...] | None, int]:
    """The names in ``(x, y)``, and what follows it; ``None`` where something else is listed."""
    names: list[str] = []
    while k + 2 < len(pieces) and pieces[k].text in ("(", ","):
        if not pieces[k + 1].is_word or pieces[k + 2].text not in (",", ")"):
            return None, k
        names.append(canonical_name(pieces[k + 1].text))
        k += 2
    return (tuple(names), k + 1) if k < len(pieces) and pieces[k].text == ")" else (None, k)


def _anonymous(pieces: list[Piece]) -> tuple[Statement | None, list[Piece]]:
    """``lambda x, y: …``, ``@(x) …``, ``function(x) …``."""
    if pieces[0].text == "lambda":
        k, names = 1, []
        while k + 1 < len(pieces) and pieces[k].is_word and pieces[k + 1].text in (",", ":"):
            names.append(canonical_name(pieces[k].text))
            k += 2
            if pieces[k - 1].text == ":":
                return (Statement(None, tuple(names)), pieces[k:]) if pieces[k:] else (None, pieces)
        return None, pieces
    if len(pieces) > 1 and pieces[1].text == "(":
        found, k = _parameters(pieces, 1)
        if found and pieces[k:]:
            return Statement(None, found), pieces[k:]
    return None, pieces
