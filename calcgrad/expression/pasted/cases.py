"""Functions in cases, as LaTeX and Desmos write them: conditions and values, and perhaps no word on the rest of the line.

The dialects mark cases with texts that no scan of a text can give; here they become ``piecewise``. Without an "otherwise"
the conditions must cover the whole line, which is decided exactly for comparisons of one variable with numbers: between
any two neighbours of the numbers named, and on each of them, some condition must hold. A function that is not defined
everywhere is refused: it would need a value where there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from calcgrad.expression.pasted.pieces import Piece, RefusalError

OPEN_CASES, WHEN, NEXT, ELSE, END_CASES = ":cases(", ":when:", ":next:", ":else:", ":end:"
_MARKS = frozenset({WHEN, NEXT, ELSE, END_CASES})
_TURNED = {
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
    "==": "==",
    "=": "==",
    "!=": "!=",
    "≤": ">=",
    "≥": "<=",
    "≠": "!=",
}
_PLAIN = {"≤": "<=", "≥": ">=", "≠": "!=", "=": "=="}
_OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
#: Cases that one function may have, and pieces that a condition may have.
MAX_CASES = 100
MAX_CONDITION = 500
#: A condition, simplified: the variable, how it compares, and with what number.
Bound = tuple[str, str, Fraction]


class _Cases:
    """Cases being read: where they begin, the rows so far, and the place of the first piece of the row at hand."""

    __slots__ = ("condition", "conditions", "has_else", "last", "opened", "part")

    def __init__(self, opened: Piece, part: int) -> None:
        self.opened = opened
        self.part = part
        self.condition = 0
        self.conditions: list[list[Piece]] = []
        self.has_else = False
        self.last = 0


def close_cases(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with every marked function in cases as ``piecewise(c1, a, c2, b, otherwise)``."""
    out: list[Piece] = []
    waiting: list[_Cases] = []
    for piece in pieces:
        text = piece.text
        if text == OPEN_CASES:
            out.append(piece.says("piecewise("))
            waiting.append(_Cases(piece, len(out)))
        elif not waiting or text not in _MARKS:
            out.append(piece)
        elif text == WHEN:
            now = waiting[-1]
            if len(out) - now.part > MAX_CONDITION or len(now.conditions) == MAX_CASES:
                raise RefusalError(
                    "E124", "so long a list of cases is not read", (piece.start, piece.end), "here"
                )
            condition = [_as_comparison(p) for p in out[now.part :]]
            out[now.part :] = condition
            now.conditions.append(condition)
            out.append(piece.says(","))
            now.condition, now.part = now.part, len(out)
        elif text == ELSE:
            waiting[-1].has_else = True
            if out[-1].text not in (",", "piecewise("):
                out.append(piece.says(","))
        elif text == NEXT:
            out.append(piece.says(","))
            waiting[-1].part = len(out)
        else:
            _end(out, waiting.pop(), piece)
    return out


def _end(out: list[Piece], now: _Cases, piece: Piece) -> None:
    if not now.has_else:
        if not covers(now.conditions):
            place = (now.opened.start, piece.end)
            raise RefusalError(
                "E124", "the cases do not say what the function is on the rest of the line", place,
                "no value where no condition holds", "name the rest: piecewise(c1, a, c2, b, otherwise), or a case `otherwise`",
            )  # fmt: skip
        del out[now.condition : now.part]  # the last condition is what the others leave
    out.append(piece.says(")"))


def _as_comparison(piece: Piece) -> Piece:
    return piece.says("==") if piece.text == "=" else piece


def covers(conditions: Sequence[Sequence[Piece]]) -> bool:
    """Whether some condition holds wherever the function is asked for, as far as that can be told exactly."""
    if _are_opposite(conditions):
        return True
    bounds = [_bounds(condition) for condition in conditions]
    told = [bound for bound in bounds if bound]
    if len(told) != len(bounds) or len({name for bound in told for name, _, _ in bound}) != 1:
        return False
    numbers = sorted({number for bound in told for _, _, number in bound})
    between = [(a + b) / 2 for a, b in pairwise(numbers)]
    trials = [numbers[0] - 1, *numbers, *between, numbers[-1] + 1]
    return all(any(_holds(bound, x) for bound in told) for x in trials)


def _are_opposite(conditions: Sequence[Sequence[Piece]]) -> bool:
    """``x < a`` and ``x >= a``, whatever a is."""
    if len(conditions) != 2 or len(conditions[0]) != len(conditions[1]):
        return False
    changed = [(_plain(a), _plain(b)) for a, b in zip(*conditions, strict=True) if a.text != b.text]
    return len(changed) == 1 and _OPPOSITE.get(changed[0][0]) == changed[0][1]


def _plain(piece: Piece) -> str:
    return _PLAIN.get(piece.text, piece.text)


def _bounds(condition: Sequence[Piece]) -> list[Bound] | None:
    """``x < 2`` or ``-1 <= x < 2`` as bounds that hold together; ``None`` for anything else."""
    parts: list[list[Piece]] = [[]]
    signs: list[str] = []
    for piece in condition:
        if piece.text in _TURNED:
            signs.append(_plain(piece))
            parts.append([])
        else:
            parts[-1].append(piece)
    if len(signs) not in (1, 2):
        return None
    values = [_name_or_number(part) for part in parts]
    at = 1 if len(signs) == 2 else 0 if isinstance(values[0], str) else 1
    name = values[at]
    if not isinstance(name, str):
        return None
    found: list[Bound] = []
    for k, value in enumerate(values):
        if k == at:
            continue
        if not isinstance(value, Fraction):
            return None
        sign = signs[min(k, at)] if len(signs) == 2 else signs[0]
        found.append((name, _TURNED[sign] if k < at else sign, value))
    return found


def _name_or_number(part: Sequence[Piece]) -> str | Fraction | None:
    negative = bool(part) and part[0].text in ("-", "−")
    rest = part[negative:]
    if len(rest) != 1:
        return None
    piece = rest[0]
    if piece.is_number and len(piece.text) < 100 and "_" not in piece.text and "e" not in piece.text.lower():
        value = Fraction(piece.text)
        return -value if negative else value
    return piece.text if piece.is_word and not negative else None


def _holds(bounds: Sequence[Bound], x: Fraction) -> bool:
    compare = {
        "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
    }  # fmt: skip
    return all(compare[sign](x, number) for _, sign, number in bounds)
