"""Braces: Desmos' ``{x < 0: -x, x}``, and ``{x+1}`` as the group that it is."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence

from calcgrad.expression.pasted.cases import ELSE, END_CASES, NEXT, OPEN_CASES, WHEN
from calcgrad.expression.pasted.pieces import Piece, RefusalError, commas, partners

_COMPARES = frozenset({"<", ">", "<=", ">=", "=", "==", "≤", "≥", "!=", "≠"})


def without_braces(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with every pair of braces as cases or as round brackets."""
    if not any(piece.text == "{" for piece in pieces):
        return list(pieces)
    partner = partners(pieces)
    listed, said, compared = commas(pieces), commas(pieces, ":"), commas(pieces, _COMPARES)
    changed: dict[int, Piece] = {}
    for k, piece in enumerate(pieces):
        if piece.text != "{":
            continue
        end = partner.get(k)
        if end is None:
            raise RefusalError(
                "E107",
                "`{` is never closed",
                (piece.start, piece.end),
                "opened here",
                "write `}` where it ends",
            )
        place = (piece.start, pieces[end].end)
        if said[k]:
            _cases(pieces, k, end, (listed[k], said[k]), changed)
        elif listed[k]:
            raise RefusalError("E120", "lists in braces are not read", place, "", "write [a, b] for a vector")
        elif compared[k]:
            hint = "leave it out: the derivative at a point does not need it; or write {x > 0: f, g}"
            raise RefusalError(
                "E124", "a restriction leaves the function without a value elsewhere", place, "", hint
            )
        elif end == k + 1:
            raise RefusalError("E106", "there is nothing between these braces", place, "a value is missing")
        else:
            changed[k], changed[end] = piece.says("("), pieces[end].says(")")
    return [changed.get(k, piece) for k, piece in enumerate(pieces)]


def _cases(
    pieces: Sequence[Piece],
    first: int,
    end: int,
    signs: tuple[list[int], list[int]],
    changed: dict[int, Piece],
) -> None:
    """``{c: a, d: b, e}``: a colon after each condition, a comma between the cases, the last perhaps without a condition."""
    listed, said = signs
    changed[first] = pieces[first].says(OPEN_CASES)
    changed[end] = pieces[end].says(END_CASES)
    for colon in said:
        changed[colon] = pieces[colon].says(WHEN)
    for comma in listed:
        changed[comma] = pieces[comma].says(NEXT)
    cuts = [first, *listed, end]
    without = [a for a, b in itertools.pairwise(cuts) if not any(a < colon < b for colon in _near(said, a))]
    for cut in without:
        if cut != cuts[-2] or cut == first:
            place = (pieces[cut].start, pieces[end].end)
            raise RefusalError(
                "E124",
                "a case has no condition",
                place,
                "",
                "write {condition: value, condition: value, otherwise}",
            )
        changed[cut] = pieces[cut].says(ELSE)


def _near(said: list[int], a: int) -> list[int]:
    """The first colon after a place."""
    at = bisect_right(said, a)
    return said[at : at + 1]
