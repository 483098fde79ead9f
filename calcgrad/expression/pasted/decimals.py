"""Decimal commas: ``e^(-0,5x)``, read where a comma could part nothing, and told."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from calcgrad.errors import Diagnostic, Span
from calcgrad.expression.pasted.pieces import Piece, glued
from calcgrad.expression.vocabulary import Vocabulary


def decimal_commas(
    pieces: Sequence[Piece], vocabulary: Vocabulary, declared: Collection[str]
) -> tuple[list[Piece], list[Piece]]:
    """The pieces with numbers in one, ``0.5``, and those numbers.

    A comma parts arguments and entries of lists, so only one is read that stands in neither: outside of all brackets, in
    brackets that group, or after a function of one argument; and everywhere where semicolons part the arguments. Its digits
    touch it, and are not three, which could be thousands; a power ``x^2,3x`` could end before it. All are read, or none.
    """
    if not any(piece.text == "," for piece in pieces):
        return list(pieces), []
    all_levels = _levels(pieces, vocabulary, declared)
    found = {k for k in range(1, len(pieces) - 1) if _is_decimal(pieces, k)}
    other = {all_levels[k][0] for k, piece in enumerate(pieces) if piece.text == "," and k not in found}
    parted = any(piece.text == ";" and all_levels[k][0] >= 0 for k, piece in enumerate(pieces))
    read = {k for k in found if parted or (all_levels[k][1] and all_levels[k][0] not in other)}
    if read and read != found:  # 0,5*max(1,5x): one who writes decimal commas may mean one in the call too
        return list(pieces), []
    if parted and found != {k for k, piece in enumerate(pieces) if piece.text == ","}:
        return list(pieces), []
    out: list[Piece] = []
    numbers: list[Piece] = []
    for k, piece in enumerate(pieces):
        if k in read:
            continue
        if k - 1 in read:
            before = out.pop()
            numbers.append(Piece(f"{before.text}.{piece.text}", before.start, piece.end))
            out.append(numbers[-1])
        else:
            out.append(piece)
    return out, numbers


def _is_decimal(pieces: Sequence[Piece], k: int) -> bool:
    """Whether a comma can stand in a number: between digits that touch it, and that no other comma touches."""
    before, comma, after = pieces[k - 1 : k + 2]
    if comma.text != "," or not (before.text.isdecimal() and after.text.isdecimal()):
        return False
    if not (glued(before, comma) and glued(comma, after)) or (len(after.text) == 3 and before.text != "0"):
        return False
    around = [pieces[j].text for j in (k - 2, k + 2) if 0 <= j < len(pieces)]
    if "," in around:
        return False
    first = k - 2
    if first > 0 and pieces[first].text in ("-", "+", "−"):
        first -= 1
    return before.text == "0" or first < 0 or pieces[first].text not in ("^", "**")


def _levels(
    pieces: Sequence[Piece], vocabulary: Vocabulary, declared: Collection[str]
) -> list[tuple[int, bool]]:
    """For each piece the bracket that it stands in, -1 for none, and whether nothing can be listed there."""
    found: list[tuple[int, bool]] = []
    waiting = [(-1, True)]
    for k, piece in enumerate(pieces):
        found.append(waiting[-1])
        if piece.text[-1] in "([{":
            name = piece.text[:-1] or (pieces[k - 1].text if k and pieces[k - 1].is_word else "")
            single = not name or (name not in declared and _takes_one(name, vocabulary))
            waiting.append((k, single and piece.text[-1] == "("))
        elif piece.text[-1] in ")]}" and len(waiting) > 1:
            waiting.pop()
    return found


def _takes_one(name: str, vocabulary: Vocabulary) -> bool:
    """Whether a name is that of a function of one number: not ``max``, and not ``sum``, whose list some write as arguments."""
    words = vocabulary.words.get(name, ())
    return bool(words) and all(word.arity == 1 and not (word.fold or word.of_arrays) for word in words)


def told(numbers: Sequence[Piece], text: str) -> tuple[Diagnostic, ...]:
    """A word (W124) about the first of the numbers."""
    if not numbers:
        return ()
    first = numbers[0]
    shown = text[first.start : first.end]
    return (
        Diagnostic(
            "W124",
            f"`{shown}` is read as {first.text}: a decimal comma",
            Span(first.start, first.end),
            f"read as {first.text}",
            ("commas part arguments here; write numbers with a point",),
            None,
            text,
        ),
    )
