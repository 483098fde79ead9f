"""Functions with capitals: Mathematica's ``Sin[x]``, a spreadsheet's ``SIN(x)``, ``IF(a, b, c)`` and ``=…``."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from calcgrad.errors import Diagnostic, Span
from calcgrad.expression.pasted.pieces import Piece, RefusalError, commas, glued, partners
from calcgrad.expression.pasted.programs import refuse_chained_powers

#: Names that are not ours in small letters.
RENAMED = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "power": "pow",
    "gammaln": "lgamma", "heavisidetheta": "heaviside",
    "unitstep": "heaviside", "productlog": "lambertw",
    "if": "where", "sinintegral": "Si",
    "cosintegral": "Ci", "expintegralei": "Ei", "logintegral": "li", "polygamma": "polygamma", "surd": "root",
    "nthroot": "root", "cuberoot": "cbrt", "loggamma": "lgamma", "int": "floor", "fact": "factorial", "atn": "atan", "dexp": "exp",
    "dsqrt": "sqrt", "dsin": "sin", "dcos": "cos", "dlog": "ln", "dabs": "abs", "realpow": "pow", "ne": "not_equal", "eq": "equal",
    "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "alog": "ln", "sgn": "sign",
}  # fmt: skip
#: Fortran's functions of doubles, and others of small letters; C's of floats end with an f: ``tanhf``.
_FORTRAN_AND_C = frozenset({"dexp", "dsqrt", "dsin", "dcos", "dlog", "dabs", "alog", "realpow"})
_NAMES = (
    "sin|cos|tan|cot|sec|csc|ln|log|exp|sqrt|sinh|cosh|tanh|arcsin|arccos|arctan"
    "|sen|tg|ctg|cotg|arcsen|arctg|arcctg"
)
#: A function and the one simple argument that touches it.
JOINED = re.compile(rf"({_NAMES})(x|[0-9]+[a-z])")
#: ``log2x`` and ``xlog10x``: the figures are the base to some and a factor to others.
_BASE_OR_FACTOR = re.compile(rf"^[t-z]?(?:(?:{_NAMES})(?:x|[0-9]+[a-z]))*?log([0-9]+)([a-z])")
#: A factor before a function that is applied: ``xsin(x)``.
_FACTOR = re.compile(rf"([t-z])({_NAMES})")
#: Several of these in one word, perhaps after a factor: ``sinxcosx``, ``xlnx``.
_PRODUCT = re.compile(rf"([t-z]?)((?:(?:{_NAMES})(?:x|[0-9]+[a-z]))+)")
_BITS = {"AND": "and", "OR": "or"}
#: Words in capitals that have two readings, LOG of one argument: what they are, and how each is written here.
_TWO_READINGS = {
    "LOG": (
        "is base 10 in spreadsheets and the natural logarithm in Basic and Fortran",
        "write ln(x) for the natural logarithm, log10(x) for base 10",
    ),
    "ATAN2": ("has x first in spreadsheets and y first elsewhere", "write atan2(y, x)"),
    "SQR": ("is the square root in Basic and the square in Pascal", "write sqrt(x), or x^2"),
    "INT": (
        "rounds down in spreadsheets and towards 0 in Fortran",
        "write floor(x), or trunc(x)",
    ),
    "MOD": (
        "has the sign of the divisor in spreadsheets and of what is divided in Fortran",
        "write mod(a, b), or a - b*trunc(a/b)",
    ),
    "LI": (
        "begins at 2 in most books and at 0 in others",
        "write li(x) for the integral from 0, li(x) - li(2) for the other",
    ),
}
_SIMPLE = {"Pi": "pi", "PI": "pi", "E": "e", "Infinity": "inf"}


def mathematica(pieces: Sequence[Piece], is_function: Callable[[str], bool]) -> list[Piece]:
    """``Sin[x]``: a known function in its capital spelling, before a square bracket that it touches."""
    partner = partners(pieces)
    separators = commas(pieces)
    heads = {
        k for k, piece in enumerate(pieces[:-1])
        if piece.is_word and piece.text[0].isupper() and pieces[k + 1].text == "[" and glued(piece, pieces[k + 1])
        and k + 1 in partner and our_name(piece.text, is_function) is not None
    }  # fmt: skip
    if not heads:
        return list(pieces)
    changed: dict[int, Piece] = {}
    for k in heads:
        text, name = pieces[k].text, our_name(pieces[k].text, is_function)
        if separators.get(k + 1) and text == "ArcTan":
            message = "`ArcTan` of two arguments has the other one first here"
            raise RefusalError("E123", message, _place(pieces[k]), "", "ArcTan[x, y] is atan2(y, x)")
        if len(separators.get(k + 1, ())) == 1 and text == "Log":  # Log[b, x]
            comma = separators[k + 1][0]
            changed |= {
                k: pieces[k].says("log_"),
                k + 1: pieces[k + 1].says("("),
                comma: pieces[comma].says(")("),
            }
            changed[partner[k + 1]] = pieces[partner[k + 1]].says(")")
            continue
        changed[k] = pieces[k].says("ln" if text == "Log" else name or text)
        changed[k + 1] = pieces[k + 1].says("(")
        changed[partner[k + 1]] = pieces[partner[k + 1]].says(")")
    for k, piece in enumerate(pieces):
        if piece.text in _SIMPLE:
            changed[k] = piece.says(_SIMPLE[piece.text])
    return [changed.get(k, piece) for k, piece in enumerate(pieces)]


def our_name(word: str, is_function: Callable[[str], bool]) -> str | None:
    """The function that a word with capitals names: ``SQRT``, ``Sqrt``, ``ArcTan``; ``None`` if it names none.

    >>> our_name("ArcTan", {"atan"}.__contains__), our_name("Foo", {"atan"}.__contains__)
    ('atan', None)
    """
    lower = word.lower()
    name = RENAMED.get(lower, lower)
    return name if is_function(name) else word if is_function(word) else None


def small_letters(pieces: Sequence[Piece], is_function: Callable[[str], bool]) -> list[Piece]:
    """``SIN(x)``, ``Sqrt(x)``, ``PI()``, ``IF(c, a, b)``, ``AND(a, b)`` as we write them."""
    partner = partners(pieces)
    separators = commas(pieces)
    changed: dict[int, Piece | None] = {}
    for k, piece in enumerate(pieces[:-1]):
        text = piece.text
        if not piece.is_word or pieces[k + 1].text != "(" or len(text) < 2 or is_function(text):
            continue
        closing = partner.get(k + 1)
        if text == "PI" and closing == k + 2:
            changed |= {k: piece.says("pi"), k + 1: None, k + 2: None}
        elif text in _BITS:
            changed[k] = None
            for comma in separators.get(k + 1, ()):
                changed[comma] = pieces[comma].says(f" {_BITS[text]} ")
        elif text == "NOT":
            changed |= {k: piece.says("("), k + 1: pieces[k + 1].says("not(")}
            if closing is not None:
                changed[closing] = pieces[closing].says("))")
        elif text.upper() in _TWO_READINGS and (text != "LOG" or not separators.get(k + 1)):
            said, hint = _TWO_READINGS[text.upper()]
            raise RefusalError("E123", f"`{text}` {said}", _place(piece), "two readings", hint)
        elif text.lower() != text or text in _FORTRAN_AND_C or (text[-1] == "f" and is_function(text[:-1])):
            name = text[:-1] if text[-1] == "f" and is_function(text[:-1]) else our_name(text, is_function)
            if name is not None:
                changed[k] = piece.says(name)
    if not changed:
        return list(pieces)
    kept = [changed.get(k, piece) for k, piece in enumerate(pieces)]
    return [piece for piece in kept if piece is not None]


def joined_functions(
    pieces: Sequence[Piece], declared: Collection[str], is_function: Callable[[str], bool]
) -> list[Piece]:
    """``sinx``, ``cos2t``, ``xlnx``, ``xsin(x)``: functions, simple arguments and a factor that touch, and no other word."""
    out: list[Piece] = []
    for k, piece in enumerate(pieces):
        applied = k + 1 < len(pieces) and pieces[k + 1].text == "("
        product = None if applied else _PRODUCT.fullmatch(piece.text)
        if piece.text in declared or piece.end - piece.start != len(piece.text) or is_function(piece.text):
            out.append(piece)
        elif product and (doubtful := _BASE_OR_FACTOR.search(piece.text)):
            base, letter = doubtful.groups()
            raise RefusalError(
                "E123", f"`{piece.text}` is the logarithm to base {base}, or that of {base}{letter}", _place(piece),
                "two readings", f"write log({letter}, {base}), or log({base}*{letter})",
            )  # fmt: skip
        elif applied:
            factor = _FACTOR.fullmatch(piece.text)
            out += [piece] if factor is None else _cut(piece, factor.groups())
        else:
            parts = (
                [product[1], *(part for one in JOINED.findall(product[2]) for part in one)] if product else []
            )
            out += _cut(piece, parts) if "".join(parts) == piece.text else [piece]
    return out


def exponents_cut(
    before: Sequence[Piece], after: Sequence[Piece], text: str, is_function: Callable[[str], bool]
) -> tuple[Diagnostic, ...]:
    """``e^xln(2)``, ``x^xlnx``, ``√xsinx``: a word that the exponent or the root ends within a joined word.

    Not for the power of a function, ``sin^xcosx``: its exponent ends before the argument.
    """
    words = {p.start: p for p in before if p.is_word and p.end - p.start == len(p.text)}
    for k in range(1, len(after) - 1):
        word, end = words.get(after[k].start), after[k].end
        if word is None or word.end == end:
            continue
        if len(after[k].text) > 1:  # e^sinxcosx: the exponent is the first function with its argument
            end = after[k + 1].end
        sign = k - 2 if after[k - 1].text == "-" else k - 1
        if word.end == end or sign < 0:
            continue
        if after[sign].text in ("√", "∛"):
            return (_cut_told("W115", "", text, (after[sign].start, end, word.end)),)
        base = after[sign - 1]
        if sign > 0 and after[sign].text in ("^", "**") and not is_function(base.text):
            closed = base.text[-1] in ")]"
            return (
                _cut_told(
                    "W105", "..." if closed else "", text, (base.end if closed else base.start, end, word.end)
                ),
            )
    return ()


def _cut_told(code: str, dots: str, text: str, at: tuple[int, int, int]) -> Diagnostic:
    """How a word is read of which a part alone belongs to an exponent or a root."""
    start, cut, end = at
    head, rest = dots + text[start:cut], text[cut:end]
    message, hint = (
        f"`{head}{rest}` is read as ({head})*{rest}",
        "for the other reading write brackets around all that belongs there",
    )
    return Diagnostic(code, message, Span(start, end), f"read as ({head})*{rest}", (hint,), None, text)


def _cut(piece: Piece, parts: Collection[str]) -> list[Piece]:
    """A word as its parts."""
    out: list[Piece] = []
    start = piece.start
    for part in parts:
        if part:
            out.append(Piece(part, start, start + len(part)))
            start += len(part)
    return out


def joined_arcs(
    pieces: Sequence[Piece], declared: Collection[str], is_function: Callable[[str], bool]
) -> list[Piece]:
    """``arc tan x``: the beginning of a function's name, apart from its rest."""
    out: list[Piece] = []
    for piece in pieces:
        if out and out[-1].text == "arc" and "arc" not in declared and is_function(f"arc{piece.text}"):
            out[-1] = Piece(f"arc{piece.text}", out[-1].start, piece.end)
        else:
            out.append(piece)
    return out


def spreadsheet(pieces: Sequence[Piece]) -> list[Piece]:
    """A formula that begins with ``=``. Raises ``RefusalError`` where its powers are other than ours."""
    if not pieces or pieces[0].text != "=" or len(pieces) == 1:
        return list(pieces)
    out = _without_dollars(pieces[1:])
    if any(piece.text == ";" for piece in out) and not any(piece.text == "," for piece in out):
        out = [piece.says(",") if piece.text == ";" else piece for piece in out]
    here = {"%": "/100", "MOD": "mod"}
    out = [piece.says(here.get(piece.text, piece.text)) for piece in _without_pair(out)]
    partner = partners(out)
    for k, piece in enumerate(out[:-2]):
        if piece.text != "-" or (k and out[k - 1].ends_value):
            continue
        last = partner.get(k + 1, k + 1) if out[k + 1].text == "(" else k + 1
        if out[last].is_word and last + 1 < len(out) and out[last + 1].text == "(":
            last = partner.get(last + 1, last + 1)
        if last + 1 < len(out) and out[last + 1].text == "^":
            raise RefusalError(
                "E123", "a sign before a power belongs to the base in spreadsheets, and to the power elsewhere",
                (piece.start, out[last + 1].end), "two readings", "write (-x)^2, or -(x^2)",
            )  # fmt: skip
    refuse_chained_powers(out, "spreadsheets")
    return out


def _without_dollars(pieces: Sequence[Piece]) -> list[Piece]:
    """``$B$1`` as the cell B1 that it is."""
    out: list[Piece] = []
    for k, piece in enumerate(pieces):
        if piece.text == "$":
            continue
        if piece.text.isdigit() and k and pieces[k - 1].text == "$" and out and out[-1].text.isalpha():
            out[-1] = Piece(out[-1].text + piece.text, out[-1].start, piece.end)
        else:
            out.append(piece)
    return out


def _without_pair(pieces: list[Piece]) -> list[Piece]:
    """``<>`` as ``!=``, and a lone ``=`` as the comparison that it is there."""
    out: list[Piece] = []
    for piece in pieces:
        if piece.text == ">" and out and out[-1].text == "<" and glued(out[-1], piece):
            out[-1] = Piece("!=", out[-1].start, piece.end)
        else:
            out.append(piece.says("==") if piece.text == "=" else piece)
    return out


def _place(piece: Piece) -> tuple[int, int]:
    return piece.start, piece.end
