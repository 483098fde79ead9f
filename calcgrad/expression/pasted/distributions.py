"""A spreadsheet's distributions: ``NORM.S.DIST(z, TRUE)``, whose last argument says which of two functions is meant."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.expression.pasted.pieces import Piece, RefusalError, commas, glued, partners

#: The distribution function and the density, of so many arguments and the flag.
_FLAGGED = {
    "NORM.S.DIST": ("normcdf", "normpdf", 2),
    "NORM.DIST": ("normcdf", "normpdf", 4),
    "NORMDIST": ("normcdf", "normpdf", 4),
}
_PLAIN = {"NORM.S.INV": "norminv", "NORM.INV": "norminv", "ERF.PRECISE": "erf", "ERFC.PRECISE": "erfc"}
_FLAGS = {"TRUE": 0, "1": 0, "FALSE": 1, "0": 1}


def distributions(pieces: Sequence[Piece]) -> list[Piece]:
    """Names with points in them as one of ours, and the flag of a distribution as the function that it chooses.

    Raises ``RefusalError`` where the flag is no plain TRUE or FALSE: which function is meant is then not known here.
    """
    merged = _merged(pieces)
    if not any(piece.text in _FLAGGED or piece.text in _PLAIN for piece in merged):
        return list(pieces)
    partner, separators = partners(merged), commas(merged)
    changed: dict[int, Piece | None] = {}
    for k, piece in enumerate(merged[:-1]):
        if piece.text in _PLAIN:
            changed[k] = piece.says(_PLAIN[piece.text])
        closing = partner.get(k + 1)
        if piece.text not in _FLAGGED or merged[k + 1].text != "(" or closing is None:
            continue
        *names, count = _FLAGGED[piece.text]
        between = separators.get(k + 1, [])
        last = between[-1] if len(between) == count - 1 else None
        flag = _FLAGS.get(merged[last + 1].text) if last is not None and closing == last + 2 else None
        if last is None or flag is None:
            raise RefusalError(
                "E123", f"`{piece.text}` is a distribution function or a density, as its last argument says",
                (piece.start, merged[closing].end), "which of the two?", f"write {names[0]}(…) or {names[1]}(…)",
            )  # fmt: skip
        changed |= {k: piece.says(str(names[flag])), last: None, last + 1: None}
    kept = [changed.get(k, piece) for k, piece in enumerate(merged)]
    return [piece for piece in kept if piece is not None]


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    """``NORM . S . DIST`` as one word, where that is a name of the tables."""
    out: list[Piece] = []
    k = 0
    while k < len(pieces):
        last = k
        while last + 2 < len(pieces) and pieces[last + 1].text == "." and pieces[last + 2].is_word:
            if not (glued(pieces[last], pieces[last + 1]) and glued(pieces[last + 1], pieces[last + 2])):
                break
            last += 2
        word = "".join(piece.text for piece in pieces[k : last + 1]).upper()
        if last > k and (word in _FLAGGED or word in _PLAIN):
            out.append(Piece(word, pieces[k].start, pieces[last].end))
        else:
            out += pieces[k : last + 1]
        k = last + 1
    return out
