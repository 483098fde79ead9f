"""``sin(y) = x`` and ``sin2x = 2 sin x cos x``: an equation that looks like a definition, and a known name defined anew."""

from __future__ import annotations

from collections.abc import Callable, Collection

from calcgrad.errors import Diagnostic, Span
from calcgrad.expression.pasted.capitals import JOINED
from calcgrad.expression.pasted.pieces import Piece, RefusalError
from calcgrad.expression.pasted.statements import Statement
from calcgrad.expression.tokens import SPELLED, canonical_name


def known_name(
    pieces: list[Piece],
    body: list[Piece],
    statement: Statement | None,
    is_function: Callable[[str], bool],
    declared: Collection[str],
    text: str,
) -> tuple[Diagnostic, ...]:
    """A word (W122) where a definition gives another meaning to a function that everybody knows: ``tan(y) = x*y``.

    Raises ``RefusalError`` (E112) where only an equation can be meant: ``sin2x = …``, and ``log(y) = x^2``, which as a definition
    would not depend on y. Greek letters are names as good as any: ``γ(v) = 1/√(1 - v²)``.
    """
    if statement is None or statement.name is None or statement.left_order:
        return ()
    name, first = statement.name, pieces[0]
    if name in declared or name in SPELLED or canonical_name(first.text) != name:
        return ()
    equals = next((k for k, piece in enumerate(pieces) if piece.text in ("=", ":")), None)
    if equals is None:
        return ()
    left = text[first.start : pieces[equals - 1].end]
    if "{" in left or "}" in left:
        left = f"{name}({', '.join(statement.parameters)})"
    joined = JOINED.fullmatch(name) is not None and not statement.parameters
    applied = is_function(name) and bool(statement.parameters)
    names = {canonical_name(piece.text) for piece in body if piece.is_word}
    if joined or (applied and not names & set(statement.parameters)):
        raise RefusalError(
            "E112", "an equation is not a function", (pieces[equals].start, pieces[equals].end),
            f"`{left}` is a known function's value",
            "write the difference of the two sides, or the side that is to be differentiated",
        )  # fmt: skip
    if not applied:
        return ()
    return (
        Diagnostic(
            "W122",
            f"`{left} = ...` is read as a definition: the derivative is that of the right side",
            Span(first.start, pieces[equals - 1].end),
            f"not the known function {name}",
            ("if it is an equation write the difference of the two sides",),
            None,
            text,
        ),
    )
