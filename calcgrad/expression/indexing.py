"""The index of ``x[0]``, ``x[1:]``, ``x[0, ::2]``: whole numbers and slices, known when the text is read."""

from __future__ import annotations

from typing import Any

from calcgrad.expression.source import Source
from calcgrad.expression.tokens import END, NUMBER, Token

#: An index beyond this addresses nothing that fits in memory.
MAX_DIGITS = 18


def read_index(source: Source, tokens: list[Token], at: int) -> tuple[tuple[Any, ...], int]:
    """The index that opens at ``tokens[at]``, and the place after its ``]``.

    A whole number stands for itself, a slice is ``("slice", start, stop, step)``. Raises ``ParseError``.
    """
    opening = tokens[at]
    at += 1
    index: list[Any] = []
    while True:
        parts: list[int | None] = []
        while True:
            number, at = _whole_number(source, tokens, at, opening)
            parts.append(number)
            if tokens[at][1] != ":" or len(parts) == 3:
                break
            at += 1
        if len(parts) == 1 and parts[0] is None:
            raise _bad_index(source, tokens[at], opening)
        index.append(parts[0] if len(parts) == 1 else ("slice", *parts, *(None,) * (3 - len(parts))))
        following = tokens[at][1]
        at += 1
        if following == "]":
            return tuple(index), at
        if following != ",":
            raise _bad_index(source, tokens[at - 1], opening)


def _whole_number(source: Source, tokens: list[Token], at: int, opening: Token) -> tuple[int | None, int]:
    negative = tokens[at][1] == "-"
    token = tokens[at + negative]
    if token[0] != NUMBER:
        if negative:
            raise _bad_index(source, token, opening)
        return None, at
    digits = token[1].replace("_", "")
    if not digits.isdigit() or len(digits) > MAX_DIGITS:
        raise _bad_index(source, token, opening)
    return -int(digits) if negative else int(digits), at + negative + 1


def _bad_index(source: Source, token: Token, opening: Token) -> Exception:
    if token[0] == END:
        place, hint = (opening[2], opening[3]), "write `]` where it ends"
        fix = source.replaced(token[2], token[2], "]")
        return source.error("E107", "`[` is never closed", place, "opened here", hint, fix=fix)
    found = f"`{source.quote(token[2], token[3])}`"
    return source.error(
        "E116",
        f"an index is a whole number or a slice, not {found}",
        (token[2], max(token[3], token[2] + 1)),
        "expected a whole number, `:`, or `]`",
        "write x[0], x[-1], x[1:], x[::2] or x[0, 1]",
        "for a product write x*(...)",
    )
