"""Programs' notation: MATLAB's ``.^``, modules before names, Fortran's ``1.0d0``, the ``c ? a : b`` of C and JavaScript."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence

from calcgrad.expression.pasted.elsewhere import another_meaning, refusal, refuse_remainder
from calcgrad.expression.pasted.pieces import (
    CLOSING,
    OPENING,
    Piece,
    RefusalError,
    commas,
    glued,
    inserted,
    operand_before,
    partners,
)

#: Modules and objects that hold functions; what follows the point is the function.
MODULES = frozenset(
    [
        "math",
        "Math",
        "np",
        "numpy",
        "jnp",
        "sp",
        "sympy",
        "cmath",
        "scipy",
        "special",
        "torch",
        "tf",
        "jax",
        "mpmath",
        "mp",
        "std",
        "lax",
        "nn",
        "functional",
        "F",
        "System",
        "numexpr",
        "ne",
    ]
)
#: Members of these that are written otherwise here.
MEMBERS = {
    "PI": "pi", "E": "e", "Pi": "pi", "log": "ln", "LN2": "ln(2)", "LN10": "ln(10)", "SQRT2": "sqrt(2)", "pow": "pow",
    "absolute": "abs", "negative": "-", "reciprocal": "1/", "multiply": "mul", "divide": "div", "subtract": "sub",
    "gamma": "gamma", "fabs": "abs", "Sqrt": "sqrt", "Log": "ln", "Pow": "pow", "std": "pstdev", "var": "pvariance",
}  # fmt: skip
_FORTRAN = re.compile(r"[dD][0-9]+")
#: Loose to tight, so that a chain of powers tells itself from one power.
_POWERS = ("^", "**")


def without_modules(pieces: Sequence[Piece]) -> list[Piece]:
    """``np.sin(x)`` and ``Math.PI`` without what stands before the point; ``torch.special.erf`` too.

    Raises ``RefusalError`` where a name means something else there.
    """
    out: list[Piece] = []
    separators, partner = commas(pieces), partners(pieces)
    closing: set[int] = set()
    said: set[str] = set()
    k, count = 0, len(pieces)
    while k < count:
        start = k
        k = _behind_modules(pieces, k)
        modules = {piece.text for piece in pieces[start:k]}
        said |= modules
        piece = pieces[k]
        other = another_meaning(modules, piece.text) if modules else None
        if other is not None and other.times_pi and k + 1 in partner:
            place = (pieces[start].start, piece.end)
            out += [Piece(part, *place) for part in (piece.text, "(", "pi", "*")]
            closing.add(partner[k + 1])
        elif other is not None:
            shown = "".join(p.text for p in pieces[start : k + 1])
            raise refusal(other, shown, (pieces[start].start, piece.end))
        elif k == start:
            out.append(piece)
        else:
            text = MEMBERS.get(piece.text, piece.text)
            two = k + 1 < count and pieces[k + 1].text == "(" and separators.get(k + 1)
            out.append(Piece("log" if text == "ln" and two else text, pieces[start].start, piece.end))
        if k in closing:
            out.append(piece)
        k += 1
    if "Math" in said:
        refuse_counting(out)
        refuse_remainder(out, "JavaScript")
    elif {"std", ":"} <= said:
        refuse_remainder(out, "C")
    return out


def _behind_modules(pieces: Sequence[Piece], k: int) -> int:
    """The place of the name behind the modules that begin at ``k``: ``k`` itself where there are none."""
    count = len(pieces)
    while k + 2 < count and pieces[k].text in MODULES:
        step = 2 if pieces[k + 1].text == "." else 3 if _says(pieces, k + 1, "::") else 0
        if not step or k + step >= count or not pieces[k + step].is_word:
            break
        k += step
    return k


def _says(pieces: Sequence[Piece], k: int, sign: str) -> bool:
    """Whether the pieces from ``k`` spell a sign of several characters."""
    return "".join(piece.text for piece in pieces[k : k + len(sign)]) == sign


def refuse_counting(pieces: Sequence[Piece]) -> None:
    """``--t`` and ``t++`` count in JavaScript and C, and change nothing here. Raises ``RefusalError`` where one is written."""
    for first, second, third in zip(pieces, pieces[1:], pieces[2:], strict=False):
        if (
            first.text == second.text
            and first.text in ("+", "-")
            and glued(first, second)
            and glued(second, third)
        ):
            place = (first.start, third.end)
            raise RefusalError(
                "E123", f"`{first.text}{second.text}` counts in JavaScript and C", place, "two readings",
                f"write -(-{third.text}), or the number that it stands for",
            )  # fmt: skip


def without_dots(pieces: Sequence[Piece]) -> list[Piece]:
    """MATLAB's and Julia's ``.^ .* ./``: point by point, which for us every operation is; and ``x.'`` is refused as it was."""
    out: list[Piece] = []
    count = len(pieces)
    dotted = False
    for k, piece in enumerate(pieces):
        after = pieces[k + 1] if k + 1 < count else None
        if (
            piece.text == "."
            and after is not None
            and after.text in ("^", "*", "/", "**")
            and glued(piece, after)
        ):
            dotted = True
            continue
        if piece.text == "." and after is not None and after.text == "(" and out and out[-1].is_word:
            continue  # Julia's sin.(x)
        out.append(piece)
    if dotted:
        refuse_chained_powers(out, "MATLAB")
    return out


def refuse_chained_powers(pieces: Sequence[Piece], language: str) -> None:
    """``2^3^2`` is (2^3)^2 in MATLAB and in spreadsheets, 2^(3^2) here. Raises ``RefusalError`` where that is written."""
    partner = partners(pieces)
    for k, piece in enumerate(pieces[:-1]):
        if piece.text not in _POWERS:
            continue
        first = k + 1
        while first < len(pieces) and pieces[first].text in ("+", "-"):
            first += 1
        last = _operand_after(pieces, partner, first)
        if last is not None and last + 1 < len(pieces) and pieces[last + 1].text in _POWERS:
            before = operand_before(pieces, partner, k - 1) if k else None
            place = (pieces[k if before is None else before].start, pieces[last + 1].end)
            raise RefusalError(
                "E123", f"a chain of powers begins on the left in {language} and on the right here", place,
                "two readings", "write (a^b)^c, or a^(b^c)",
            )  # fmt: skip


def _operand_after(pieces: Sequence[Piece], partner: dict[int, int], k: int) -> int | None:
    """Where the operand that begins at piece ``k`` ends."""
    if k >= len(pieces):
        return None
    piece = pieces[k]
    if piece.text in OPENING:
        return partner.get(k)
    if piece.is_word and k + 1 < len(pieces) and pieces[k + 1].text == "(":
        return partner.get(k + 1)
    return k if piece.is_word or piece.is_number else None


def foreign_numbers(pieces: Sequence[Piece], declared: Collection[str]) -> list[Piece]:
    """``1.0d0`` and ``2.5d-3``, where no d is a variable, are Fortran's; ``0.5f`` is C's, where f is none of those named."""
    out: list[Piece] = []
    k, count = 0, len(pieces)
    while k < count:
        number, word = pieces[k], pieces[k + 1] if k + 1 < count else None
        width, text = 1, number.text
        if word is not None and number.is_number and glued(number, word) and word.text not in declared:
            if is_c_number(number.text, word.text, declared):
                width = 2
            elif is_fortran(number.text, word.text, bool(declared)):
                digits = word.text[1:]
                signed = (
                    [p.text for p in pieces[k + 2 : k + 4]]
                    if not digits and _touch(pieces[k : k + 4])
                    else []
                )
                if digits or (len(signed) == 2 and signed[0] in ("+", "-") and signed[1].isdigit()):
                    width, text = (2 if digits else 4), f"{number.text}e{digits or ''.join(signed)}"
        out.append(Piece(text, number.start, pieces[k + width - 1].end) if width > 1 else number)
        k += width
    return out


def is_c_number(number: str, word: str, declared: Collection[str]) -> bool:
    """``0.5f``: a number with a point, and the letter that C ends it with."""
    return "." in number and word in ("f", "F") and bool(declared)


def is_fortran(number: str, word: str, named: bool) -> bool:
    """Whether a number, and ``d`` close to it, may be one number of Fortran's; without a point only where variables are named."""
    if "e" in number.lower() or word[0] not in "dD":
        return False
    if _FORTRAN.fullmatch(word):
        return "." in number or named
    return len(word) == 1 and "." in number


def _touch(pieces: Sequence[Piece]) -> bool:
    return all(glued(a, b) for a, b in itertools.pairwise(pieces))


def with_words(pieces: Sequence[Piece]) -> list[Piece]:
    """``&&``, ``||`` and ``!c`` of C as and, or, not."""
    out: list[Piece] = []
    pieces = _equalities(pieces)
    k, count = 0, len(pieces)
    c_like = any(p.text in ("?", "&") for p in pieces)
    while k < count:
        piece = pieces[k]
        after = pieces[k + 1] if k + 1 < count else None
        pair = piece.text + after.text if after is not None and glued(piece, after) else ""
        if after is not None and (pair == "&&" or (pair == "||" and c_like)):
            out.append(Piece("and" if pair == "&&" else "or", piece.start, after.end))
            k += 2
            continue
        negates = piece.text == "!" and c_like and not (out and out[-1].ends_value)
        out.append(piece.says("not") if negates else piece)
        k += 1
    return out


def _equalities(pieces: Sequence[Piece]) -> list[Piece]:
    """JavaScript's ``===`` and ``!==`` with one sign less."""
    out: list[Piece] = []
    for piece in pieces:
        if piece.text == "=" and out and out[-1].text in ("==", "!=") and glued(out[-1], piece):
            out[-1] = Piece(out[-1].text, out[-1].start, piece.end)
        else:
            out.append(piece)
    return out


def without_questions(pieces: Sequence[Piece]) -> list[Piece]:
    """``c ? a : b`` as ``where(c, a, b)``, nested to the right and in the middle.

    Each level of brackets, and each argument in it, has its own open questions: ``?`` is waiting for its colon, ``:`` is in
    its last branch, which ends with the level.
    """
    if not any(piece.text == "?" for piece in pieces):
        return list(pieces)
    before: dict[int, list[Piece]] = {}
    changed: dict[int, Piece] = {}
    levels: list[_Level] = [_Level(0)]
    for k, piece in enumerate(pieces):
        level = levels[-1]
        if piece.text in OPENING:
            levels.append(_Level(k + 1))
        elif piece.text in CLOSING or piece.text == ",":
            _close(level, before, k, piece)
            if piece.text == "," or len(levels) == 1:
                levels[-1] = _Level(k + 1)
            else:
                levels.pop()
        elif piece.text == "?":
            before.setdefault(level.start, []).append(piece.says("where("))
            changed[k] = piece.says(",")
            level.waiting.append((k, "?"))
            level.start = k + 1
        elif piece.text == ":" and level.waiting:
            while level.waiting and level.waiting[-1][1] == ":":
                level.waiting.pop()
                before.setdefault(k, []).append(piece.says(")"))
            if not level.waiting:
                raise RefusalError(
                    "E120", "`:` without its `?`", (piece.start, piece.end), "no `?` before it"
                )
            level.waiting[-1] = (k, ":")
            changed[k] = piece.says(",")
            level.start = k + 1
    _close(levels[-1], before, len(pieces), pieces[-1])
    return inserted([changed.get(k, piece) for k, piece in enumerate(pieces)], before)


class _Level:
    __slots__ = ("start", "waiting")

    def __init__(self, start: int) -> None:
        self.start = start
        self.waiting: list[tuple[int, str]] = []


def _close(level: _Level, before: dict[int, list[Piece]], k: int, piece: Piece) -> None:
    for _, state in reversed(level.waiting):
        if state == "?":
            raise RefusalError(
                "E119",
                "`c ? a : b` has no `:`",
                (piece.start, piece.end),
                "the rest is missing before this",
                "write c ? a : b",
            )
        before.setdefault(k, []).append(Piece(")", piece.end, piece.end))
