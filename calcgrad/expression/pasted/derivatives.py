"""How people ask for a derivative: ``d/dx …``, ``d(…)/dx``, ``diff(…, x)``, ``derivative of …``, ``(…)'``."""

from __future__ import annotations

import re
from collections.abc import Collection

from calcgrad.expression.pasted.pieces import Piece, RefusalError, commas, glued, partners
from calcgrad.expression.tokens import canonical_name

#: How far a head like ``\\frac{\\partial^2}{\\partial x^2}`` may go, in pieces.
HEAD = 24
#: Derivatives of a higher order are not asked for.
MAX_ORDER = 32
PRIMES = frozenset("'′’‘`´")
_CALLS = frozenset(
    {"D", "diff", "Diff", "Derivative", "derivative", "differentiate", "deriv", "Differentiate"}
)
#: R's words around an expression that is not to be computed.
_QUOTING = frozenset({"expression", "quote", "Quote"})
#: Those that count a number after the function as the order: ``Derivative(x^3, 2)``.
_COUNTING = frozenset({"Derivative", "derivative", "diff"})
#: What stands before "derivative of", and before ``f'(x)`` or ``dy/dx`` where these are asked for in words.
ASKING = frozenset(
    {
        "what", "is", "the", "find", "compute", "calculate", "determine", "give", "first", "'", "s", "how", "do", "does", "one",
        "i", "we", "you", "to", "can", "please", "evaluate", "then",
    }
)  # fmt: skip
SMALL = {"²": 2, "³": 3, "⁴": 4, "⁵": 5}
_RAISED = r"(?: \^ (?:\( )?(?P<{0}>\d)(?: \))?| (?P<{1}>[²³⁴⁵]))?"
_BY = r"(?:(?:d|∂) (?P<name>[^\W\d]\w*)|d(?P<joined>[^\W\d]\w*))" + _RAISED.format("m", "t")
_OPERATOR = re.compile(
    r"(?:\( )*(?P<d>d|∂)" + _RAISED.format("n", "s") + r"(?: \))* / (?:\( )*"
    r"(?P<by>(?:(?:(?:d|∂) [^\W\d]\w*|d[^\W\d]\w*)(?: \^ (?:\( )?\d(?: \))?| [²³⁴⁵])? ?)+?)(?: \))*(?= |$)"
)
_EACH = re.compile(_BY)
#: What follows the d in ``dxdy``.
_PAIR = re.compile(r"([^\W\d])d([^\W\d])")


def derivative_of(
    pieces: list[Piece], declared: Collection[str] = ()
) -> tuple[tuple[str, ...], int, list[Piece]]:
    """The derivatives asked of a function: a name for each, how many without a name, and the function."""
    wrt: tuple[str, ...] = ()
    while len(wrt) < MAX_ORDER:
        found = _OPERATOR.match(texts(pieces))
        if found is None or found[0].count("( ") != found[0].count(" )"):
            break
        times = int(found["n"] or SMALL.get(found["s"] or "", 1))
        by: list[str] = []
        for each in _EACH.finditer(found["by"]):
            count = int(each["m"] or SMALL.get(each["t"] or "", 1))
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
    result = _nested_calls(pieces) or _quotient(pieces)
    if result is None and "d" not in declared:
        result = _bare_quotient(pieces)
    return result or _in_words(pieces) or _primed(pieces) or ((), 0, pieces)


def asks_in_words(pieces: list[Piece]) -> bool:
    """Whether it begins as a sentence does: ``find the derivative of …``; or ends with a point: ``d/dx (…) at x = 2``."""
    words = [piece.text.lower() for piece in pieces]
    return words[0] in (*ASKING, "derivative", "differentiate") or "at" in words


#: Words that may stand before and after a formula in a request.
_LEADING = ASKING | {"derivative", "differentiate", "of", "with", "respect", "wrt", "x", "t"}


def asks_for(words: str) -> bool:
    """Whether these are the words of a request: ``Find the derivative of``.

    >>> asks_for("Find the derivative of"), asks_for("the area of a circle is")
    (True, False)
    """
    found = re.findall(r"[^\W\d_]+", words.lower())
    return bool({"derivative", "differentiate"} & set(found)) and all(word in _LEADING for word in found)


def texts(pieces: list[Piece]) -> str:
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


def _nested_calls(pieces: list[Piece]) -> tuple[tuple[str, ...], int, list[Piece]] | None:
    """``D(D(quote(f), "x"), "x")``: as many derivatives as there are calls around the function."""
    wrt: tuple[str, ...] = ()
    order = 0
    found = called(pieces)
    if found is None:
        return None
    while found is not None and len(wrt) + order < MAX_ORDER:
        wrt, order, pieces = (*wrt, *found[0]), order + found[1], found[2]
        found = called(pieces)
    return wrt, order, pieces


def called(pieces: list[Piece]) -> tuple[tuple[str, ...], int, list[Piece]] | None:
    """``diff(x^2, x)``, ``D[x^2, {x, 2}]``, ``Derivative(x**2, (x, 2))``, ``diff(f, x, 2)``."""
    if len(pieces) < 4 or pieces[0].text not in _CALLS or pieces[1].text not in ("(", "["):
        return None
    if partners(pieces).get(1) != len(pieces) - 1:
        return None
    if pieces[2].text in _QUOTING and partners(pieces).get(3) is not None:  # R's D(expression(f), "x")
        close = partners(pieces)[3]
        pieces = [*pieces[:2], *pieces[4:close], *pieces[close + 1 :]]
    quotes = ('"', "'", "“", "”")
    pieces = [*pieces[:2], *(piece for piece in pieces[2:] if piece.text not in quotes)]
    cuts = commas(pieces)[1]
    if not cuts:
        return ((), 1, pieces[2:-1]) if pieces[0].text != "D" else None
    wrt: list[str] = []
    after = pieces[cuts[0] + 1 : -1]
    if len(after) == 1 and after[0].text.isdigit() and pieces[0].text in _COUNTING:
        times = int(after[0].text[:3])
        return ((), times, pieces[2 : cuts[0]]) if 1 <= times <= MAX_ORDER else None
    for piece in after:
        if piece.is_word:
            wrt.append(canonical_name(piece.text))
        elif piece.text.isdigit() and wrt and 1 <= int(piece.text[:3]) <= 32:
            wrt += [wrt[-1]] * (int(piece.text) - 1)
        elif piece.text not in (",", "(", ")", "{", "}", "[", "]", "'", '"', "$"):
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


def _bare_quotient(pieces: list[Piece]) -> tuple[tuple[str, ...], int, list[Piece]] | None:
    """``d tan(x) / dx``, and ``\\frac{d \\sin(x)}{d x}``: the function without brackets of its own.

    Only where the last fraction bar outside of brackets is before the ``dx``, so that nothing else is divided by it.
    """
    partner = partners(pieces)
    if pieces and pieces[0].text == "(" and partner.get(0) == len(pieces) - 1:
        pieces, partner = pieces[1:-1], partners(pieces[1:-1])
    whole = len(pieces) > 5 and pieces[0].text == "(" and 0 in partner and pieces[1].text == "d"
    if whole:
        close = partner[0]
        pieces = [*pieces[1:close], *pieces[close + 1 :]]
    tail = _by_what(pieces)
    if tail is None or pieces[0].text != "d" or len(pieces) < tail[1] + 2:
        return None
    body = pieces[1 : -tail[1]]
    if glued(pieces[0], body[0]) and body[0].text != "(":
        return None
    if not whole:
        _one_operand(body)
    return (tail[0],), 0, [pieces[0].says("("), *body, pieces[-tail[1]].says(")")]


def _by_what(pieces: list[Piece]) -> tuple[str, int] | None:
    """The variable of ``/ dx`` or ``/ (d x)`` at the end, and how many pieces that is."""
    for width in (2, 3, 5):
        shown = [piece.text for piece in pieces[-width:]]
        if len(shown) < width or shown[0] != "/":
            continue
        inner = shown[2:-1] if width == 5 and (shown[1], shown[-1]) == ("(", ")") else shown[1:]
        if len(inner) == 1 and len(inner[0]) > 1 and inner[0][0] == "d" and inner[0][1:].isidentifier():
            return canonical_name(inner[0][1:]), width
        if len(inner) == 2 and inner[0] == "d" and inner[1].isidentifier():
            return canonical_name(inner[1]), width
    return None


def _in_words(pieces: list[Piece]) -> tuple[tuple[str, ...], int, list[Piece]] | None:
    """``derivative of …``, ``differentiate … with respect to x``."""
    words = [piece.text.lower() for piece in pieces[:8]]
    start = 0
    while start < len(words) and words[start] in ASKING:
        start += 1
    if words[start : start + 2] == ["derivative", "of"]:
        start += 2
    elif start >= len(words) or words[start] != "differentiate":
        return None
    else:
        start += 1
    if start >= len(pieces):
        return None
    rest = pieces[start:-1] if pieces[-1].text == "?" else pieces[start:]
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
