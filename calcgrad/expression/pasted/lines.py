"""What stands around a formula in a program's line: prompts, ``return``, declarations, the end of a statement, remarks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from calcgrad.expression.pasted.pieces import Piece, glued

#: Words before a formula, or before the name that it is given.
_LEADING = frozenset({"return", "const", "let", "var", "double", "float", "auto", "final", "real", "local"})


def bare_line(
    pieces: Sequence[Piece], latex: bool, is_known: Callable[[str], bool]
) -> tuple[list[Piece], bool]:
    """The formula in a line, and whether the line was a statement: it ended with a semicolon, or began with such a word."""
    found = _continued(pieces)
    start = 0
    while start < len(found) and found[start].text == ">":
        start += 1
    words = start
    while (
        words + 1 < len(found) and found[words].text in _LEADING and found[words + 1].start > found[words].end
    ):
        words += 1
    found = _without_remark(found[words:], is_known)
    ends = (";", ".", ",") if latex else (";", ".")
    end = len(found)
    while end > 1 and found[end - 1].text in ends:
        end -= 1
    return found[:end], words > start or any(piece.text == ";" for piece in found[end:])


def _continued(pieces: Sequence[Piece]) -> list[Piece]:
    """Without MATLAB's ``...``, which says that the next line goes on with the formula."""
    out: list[Piece] = []
    k = 0
    while k < len(pieces):
        dots = pieces[k : k + 3]
        together = 0 < k < len(pieces) - 3 and glued(dots[0], dots[1]) and glued(dots[1], dots[2])
        if together and [piece.text for piece in dots] == [".", ".", "."]:
            k += 3
            continue
        out.append(pieces[k])
        k += 1
    return out


def _without_remark(pieces: list[Piece], is_known: Callable[[str], bool]) -> list[Piece]:
    """Without ``# …`` and ``; % …``, and without ``// …`` and ``! …`` where words follow that would be an error as factors."""
    for k, piece in enumerate(pieces):
        if piece.text not in ("#", "%", "//", "!") or not k or pieces[k - 1].end == piece.start:
            continue
        word = pieces[k + 1] if k + 1 < len(pieces) else None
        if piece.text == "#" or (piece.text == "%" and pieces[k - 1].text == ";"):
            return pieces[:k]
        if (
            word is None
            or not word.is_word
            or glued(piece, word)
            or len(word.text) == 1
            or is_known(word.text)
        ):
            continue
        second = pieces[k + 2] if k + 2 < len(pieces) else None
        if piece.text == "!" or (second is not None and second.is_word and not glued(word, second)):
            return pieces[:k]
    return pieces
