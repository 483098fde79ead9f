"""What stands around a function: ``y = …``, ``f(x) = …``, ``d/dx …``, ``diff(…, x)``, ``f'(x)``.

:func:`statement_of` takes that away and says what it was; diff asks it what to differentiate by, claims and sheets which
derivative a line tells. Nothing here looks into the function itself.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from calcgrad.expression.pasted.pieces import Piece, RefusalError, commas, partners
from calcgrad.expression.tokens import canonical_name

#: How far a head like ``\\frac{\\partial^2}{\\partial x^2}`` may go, in pieces.
HEAD = 24
#: Derivatives of a higher order are not asked for.
MAX_ORDER = 32
PRIMES = frozenset("'′’‘`´")
_CALLS = frozenset(
    {"D", "diff", "Diff", "Derivative", "derivative", "differentiate", "deriv", "Differentiate"}
)
_EQUALS = frozenset({"=", ":=", "≔", "↦", "->", "=>", "→"})
_SMALL = {"²": 2, "³": 3, "⁴": 4, "⁵": 5}
_RAISED = r"(?: \^ (?:\( )?(?P<{0}>\d)(?: \))?| (?P<{1}>[²³⁴⁵]))?"
_BY = r"(?:(?:d|∂) (?P<name>[^\W\d]\w*)|d(?P<joined>[^\W\d]\w*))" + _RAISED.format("m", "t")
_OPERATOR = re.compile(
    r"(?:\( )*(?P<d>d|∂)" + _RAISED.format("n", "s") + r"(?: \))* / (?:\( )*"
    r"(?P<by>(?:(?:(?:d|∂) [^\W\d]\w*|d[^\W\d]\w*)(?: \^ (?:\( )?\d(?: \))?| [²³⁴⁵])? ?)+?)(?: \))*(?= |$)"
)
_EACH = re.compile(_BY)
#: What follows the d in ``dxdy``.
_PAIR = re.compile(r"([^\W\d])d([^\W\d])")
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

    @property
    def is_derivative(self) -> bool:
        """Whether a derivative of the text is asked for, or is what stands on its left side."""
        return bool(self.wrt or self.order or self.left_order)


def statement_of(pieces: list[Piece], declared: Collection[str] = ()) -> tuple[Statement | None, list[Piece]]:
    """The statement that a text makes, and the pieces of the function itself; ``None`` where it is only a function.

    Raises ``RefusalError`` where it is not clear what is to be differentiated (E125), or where an equation follows (E126).
    """
    pieces, asked = _with_request(pieces)
    defined, body = _definition(pieces, declared)
    wrt, order, rest = _derivative(body)
    if defined is None and not wrt and not order:
        return (None, pieces) if not asked else (Statement(order=asked), body)
    said = defined or Statement()
    if (wrt or order) and any(p.text == "=" for p in rest):
        at = next(p for p in rest if p.text == "=")
        raise RefusalError(
            "E126", "this says what a derivative is", (at.start, at.end), "an equation",
            "to differentiate leave out the `=` and what follows; `calcgrad check` judges what follows it",
        )  # fmt: skip
    return Statement(said.name, said.parameters, said.left_order, said.left_wrt, wrt, order + asked), rest


def sides(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The parts of ``a = b = c``, of which none stands inside brackets."""
    cuts = [k for k in commas(pieces, "=")[-1] if pieces[k].text == "="]
    ends = [-1, *cuts, len(pieces)]
    return [list(pieces[a + 1 : b]) for a, b in itertools.pairwise(ends)]


def _with_request(pieces: list[Piece]) -> tuple[list[Piece], int]:
    """``f(x) = …; f'(x)``: the definition, and how many primes the last part asks for."""
    cuts = [k for k in commas(pieces, ";")[-1] if k > 1]
    if len(cuts) != 1 or len(pieces) - cuts[0] > 12:
        return pieces, 0
    first, last = pieces[: cuts[0]], pieces[cuts[0] + 1 :]
    primes = sum(p.text in PRIMES for p in last)
    if not last or not primes or last[0].text != first[0].text:
        return pieces, 0
    return first, primes


def _definition(pieces: list[Piece], declared: Collection[str]) -> tuple[Statement | None, list[Piece]]:
    """``f(x) = …``, ``y = …``, ``f'(x) = …``, ``dy/dx = …``, ``x -> …``, ``lambda x: …``, ``@(x) …``."""
    left = _LEFT.match(_texts(pieces))
    if left:
        by = canonical_name(left["name"] or left["joined"])
        count = int(left["n"] or _SMALL.get(left["s"] or "", 1))
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
    if name is None or any(p.text == "=" for p in rest) or any(p.text == pieces[0].text for p in rest):
        return None, pieces
    if not parameters and not primes and (name in declared or not any(p.is_word for p in rest)):
        return None, pieces  # an equation for one of the variables, or a value
    return Statement(name, parameters, primes, parameters[:1] * primes), rest


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


def _derivative(pieces: list[Piece]) -> tuple[tuple[str, ...], int, list[Piece]]:
    """The derivatives asked of a function: a name for each, how many without a name, and the function."""
    wrt: tuple[str, ...] = ()
    while len(wrt) < MAX_ORDER:
        found = _OPERATOR.match(_texts(pieces))
        if found is None or found[0].count("( ") != found[0].count(" )"):
            break
        times = int(found["n"] or _SMALL.get(found["s"] or "", 1))
        by: list[str] = []
        for each in _EACH.finditer(found["by"]):
            count = int(each["m"] or _SMALL.get(each["t"] or "", 1))
            one = each["name"] or each["joined"]
            both = _PAIR.fullmatch(one) if each["joined"] and count == 1 and times == 2 else None
            by += [*both.groups()] if both else [canonical_name(one)] * count
        if times != len(by):
            break
        rest = pieces[found[0].count(" ") + 1 :]
        if not rest:
            break
        wrt, pieces = (*wrt, *by), rest
    if wrt:
        return wrt, 0, _one_operand(pieces)
    for form in (_called, _quotient, _in_words, _primed):
        result = form(pieces)
        if result is not None:
            return result
    return (), 0, pieces


def _texts(pieces: list[Piece]) -> str:
    return " ".join(piece.text for piece in pieces[:HEAD])


def _one_operand(pieces: list[Piece]) -> list[Piece]:
    """What ``d/dx`` applies to: all of it, which must not be a sum, for where a sum ends is not clear."""
    pieces = _unwrapped(pieces)
    depth = 0
    for k, piece in enumerate(pieces):
        depth += (piece.text in ("(", "[", "{") or (len(piece.text) > 1 and piece.text[-1] == "(")) - (
            piece.text in (")", "]", "}")
        )
        if depth == 0 and k and piece.text in ("+", "-", "−") and pieces[k - 1].ends_value:
            raise RefusalError(
                "E125", "how far the derivative goes is not clear", (piece.start, piece.end), "does this belong to it?",
                "write brackets around the function: d/dx (x^2 + x)",
            )  # fmt: skip
    return pieces


def _unwrapped(pieces: list[Piece]) -> list[Piece]:
    """``[x^2 + 1]`` as ``(x^2 + 1)``, where that is the whole."""
    if len(pieces) > 2 and pieces[0].text in ("[", "{") and partners(pieces).get(0) == len(pieces) - 1:
        return [pieces[0].says("("), *pieces[1:-1], pieces[-1].says(")")]
    return pieces


def _called(pieces: list[Piece]) -> tuple[tuple[str, ...], int, list[Piece]] | None:
    """``diff(x^2, x)``, ``D[x^2, {x, 2}]``, ``Derivative(x**2, (x, 2))``, ``diff(f, x, 2)``."""
    if len(pieces) < 4 or pieces[0].text not in _CALLS or pieces[1].text not in ("(", "["):
        return None
    if partners(pieces).get(1) != len(pieces) - 1:
        return None
    cuts = commas(pieces)[1]
    if not cuts:
        return ((), 1, pieces[2:-1]) if pieces[0].text != "D" else None
    wrt: list[str] = []
    for piece in pieces[cuts[0] + 1 : -1]:
        if piece.is_word:
            wrt.append(canonical_name(piece.text))
        elif piece.text.isdigit() and wrt and 1 <= int(piece.text[:3]) <= 32:
            wrt += [wrt[-1]] * (int(piece.text) - 1)
        elif piece.text not in (",", "(", ")", "{", "}", "[", "]", "'", '"'):
            return None
    return (tuple(wrt), 0, pieces[2 : cuts[0]]) if wrt else None


def _quotient(pieces: list[Piece]) -> tuple[tuple[str, ...], int, list[Piece]] | None:
    """``d(x^2)/dx``, and ``\\frac{d(x^2)}{dx}``, whose parts stand in brackets."""
    partner = partners(pieces)
    if pieces and pieces[0].text == "(" and partner.get(0) == len(pieces) - 1:
        pieces, partner = pieces[1:-1], partners(pieces[1:-1])
    if len(pieces) > 4 and pieces[0].text == "(" and 0 in partner and pieces[1].text == "d":
        close = partner[0]
        pieces = [*pieces[1:close], *pieces[close + 1 :]]
        partner = partners(pieces)
    if len(pieces) < 6 or pieces[0].text != "d" or pieces[1].text not in ("(", "[") or 1 not in partner:
        return None
    close = partner[1]
    tail = [piece for piece in pieces[close + 1 :] if piece.text not in ("(", ")")]
    spelled = "".join(piece.text for piece in tail)
    if not (
        spelled.startswith("/d") and len(spelled) > 2 and len(tail) <= 3 and all(p.is_word for p in tail[1:])
    ):
        return None
    body = [pieces[1].says("("), *pieces[2:close], pieces[close].says(")")]
    return (canonical_name(spelled[2:]),), 0, body


def _in_words(pieces: list[Piece]) -> tuple[tuple[str, ...], int, list[Piece]] | None:
    """``derivative of …``, ``differentiate … with respect to x``."""
    words = [piece.text.lower() for piece in pieces[:6]]
    for head in (
        ["derivative", "of"],
        ["differentiate"],
        ["the", "derivative", "of"],
        ["find", "the", "derivative", "of"],
    ):
        if words[: len(head)] == head and len(pieces) > len(head):
            break
    else:
        return None
    rest = pieces[len(head) :]
    tail = [piece.text for piece in rest[-4:]]
    for end in (["with", "respect", "to"], ["wrt"]):
        if tail[-len(end) - 1 : -1] == end and len(rest) > len(end) + 1:
            return (canonical_name(tail[-1]),), 0, rest[: -len(end) - 1]
    return (), 1, rest


def _primed(pieces: list[Piece]) -> tuple[tuple[str, ...], int, list[Piece]] | None:
    """``(x^2 + 1)'``."""
    count = 0
    while count < len(pieces) and pieces[-1 - count].text in PRIMES:
        count += 1
    rest = pieces[: len(pieces) - count]
    if not count or len(rest) < 3 or rest[0].text not in ("(", "[") or partners(rest).get(0) != len(rest) - 1:
        return None
    return (), count, _unwrapped(rest)
