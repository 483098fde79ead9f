"""Signs that have one meaning and no key: ½, ⌊x⌋, ∜, •, dashes, degrees, percent."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.expression.pasted.pieces import (
    Piece,
    RefusalError,
    commas,
    glued,
    inserted,
    operand_before,
    partners,
)

FRACTIONS = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
    "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8", "⅐": "1/7", "⅑": "1/9", "⅒": "1/10",
}  # fmt: skip
SAME = {
    "•": "*", "∙": "*", "●": "*", "✕": "*", "✖": "*", "╳": "*", "–": "-", "—": "-", "‒": "-", "‐": "-", "‑": "-", "➖": "-",
    "˗": "-",
    "➕": "+", "➗": "/", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")",
    "∣": "|", "│": "|", "❘": "|", "ǀ": "|", "ˆ": "^", "↑": "^", "⧸": "/", "×": "*",
}  # fmt: skip


def plain_signs(pieces: Sequence[Piece]) -> list[Piece]:
    """The signs that stand for one piece or for a beginning and an end."""
    out: list[Piece] = []
    for piece in pieces:
        text = piece.text
        if text in SAME:
            out.append(piece.says(SAME[text]))
        elif (
            text in ("e", "pi") and out and out[-1].text == "%" and glued(out[-1], piece) and _is_maxima(out)
        ):
            out[-1] = Piece(text, out[-1].start, piece.end)
        elif text in FRACTIONS:
            out += _fraction(out, piece)
        else:
            out.append(piece)
    return out


def _is_maxima(out: list[Piece]) -> bool:
    """Whether the sign before a constant begins a value, so that it is no remainder: Maxima's ``%e`` and ``%pi``."""
    return len(out) < 2 or not out[-2].ends_value


def _fraction(out: list[Piece], piece: Piece) -> list[Piece]:
    """``½``; after a number that it touches, ``2½``, their sum."""
    before = out[-1] if out else None
    if before is None or not before.is_number or before.end != piece.start:
        return [piece.says(f"({FRACTIONS[piece.text]})")]
    if not before.text.isdigit():
        raise RefusalError(
            "E123", f"`{before.text}{piece.text}` is not how a number is written", (before.start, piece.end)
        )
    out.pop()
    return [Piece(f"({before.text}+{FRACTIONS[piece.text]})", before.start, piece.end)]


def degrees_and_percent(pieces: Sequence[Piece]) -> list[Piece]:
    """``x°`` as ``(x*pi/180)`` and ``5%``, where no operand follows, as ``(5/100)``."""
    partner = partners(pieces)
    before: dict[int, list[Piece]] = {}
    changed: dict[int, Piece] = {}
    for k, piece in enumerate(pieces):
        if piece.text == "°":
            tail = "*pi/180)"
        elif piece.text == "%" and _is_percent(pieces, k):
            tail = "/100)"
        else:
            continue
        first = operand_before(pieces, partner, k - 1) if k else None
        if first is None or (first and pieces[first - 1].text in ("^", "**")):
            hint = (
                "write the number before it in brackets" if piece.text == "%" else "write (x)°, or x*pi/180"
            )
            raise RefusalError(
                "E123",
                f"what `{piece.text}` belongs to is not clear",
                (piece.start, piece.end),
                "of what?",
                hint,
            )
        before.setdefault(first, []).append(Piece("(", pieces[first].start, pieces[first].start))
        changed[k] = piece.says(tail)
    if not changed:
        return list(pieces)
    return inserted([changed.get(k, piece) for k, piece in enumerate(pieces)], before)


def _is_percent(pieces: Sequence[Piece], k: int) -> bool:
    if not (k and pieces[k - 1].is_number):
        return False
    if k + 1 == len(pieces):
        return True
    return pieces[k + 1].text in (
        ")",
        "]",
        "}",
        ",",
        "*",
        "/",
        "^",
        "**",
        "·",
        "×",
        "⋅",
        "÷",
        "<",
        ">",
        "=",
        "<=",
        ">=",
        "==",
        ":",
        ";",
    )


def indexed_roots(pieces: Sequence[Piece]) -> list[Piece]:
    """``root(5)(x+1)`` and ``root[5](x+1)``, AsciiMath's fifth root, as ``root(x+1, 5)``; ``sqrt[5](x)`` too."""
    if not any(piece.text in ("root", "sqrt") for piece in pieces):
        return list(pieces)
    partner, separators = partners(pieces), commas(pieces)
    moved: set[int] = set()
    before: dict[int, list[Piece]] = {}
    changed: dict[int, Piece] = {}
    for k, piece in enumerate(pieces[:-1]):
        signs = {"root": "([", "sqrt": "["}.get(piece.text, "")
        index = partner.get(k + 1) if k not in moved and pieces[k + 1].text in list(signs) else None
        last = partner.get(index + 1, -1) if index is not None else -1
        if index is None or last < index or separators.get(k + 1) or separators.get(index + 1):
            continue
        if pieces[index + 1].text != "(":
            continue
        changed[k] = piece.says("root")
        moved.update(range(k + 1, index + 1))
        inside = [pieces[k + 1].says("("), *pieces[k + 2 : index], pieces[index].says(")")]
        before[last] = [pieces[index].says(","), *inside]
    kept = [(k, changed.get(k, piece)) for k, piece in enumerate(pieces) if k not in moved]
    return [part for k, piece in kept for part in (*before.get(k, ()), piece)]


def fourth_roots(pieces: Sequence[Piece]) -> list[Piece]:
    """``∜x`` and ``∜(x+1)`` as ``root(x, 4)``."""
    if not any(piece.text == "∜" for piece in pieces):
        return list(pieces)
    partner = partners(pieces)
    after: dict[int, list[Piece]] = {}
    changed: dict[int, Piece] = {}
    for k, piece in enumerate(pieces):
        if piece.text != "∜":
            continue
        last = k + 1
        simple = last < len(pieces) and (
            pieces[last].is_word or pieces[last].is_number or pieces[last].text == "("
        )
        end = partner.get(last, last) if simple and pieces[last].text == "(" else last
        following = pieces[end + 1] if simple and end + 1 < len(pieces) else None
        raised = following is not None and (
            following.text in ("^", "**", "(") or following.text[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
        )
        if not simple or raised:
            place = (piece.start, piece.end if following is None else following.end)
            raise RefusalError(
                "E123", "how far the fourth root goes is not clear", place, "of what?", "write root(x, 4)"
            )
        changed[k] = piece.says("root(")
        after.setdefault(end + 1, []).append(Piece(",4)", pieces[end].end, pieces[end].end))
    return inserted([changed.get(k, piece) for k, piece in enumerate(pieces)], after)
