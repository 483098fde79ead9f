"""Warnings at signs: where an explicit ``*``, ``/``, ``%`` or ``!`` is read one way, and might have been meant another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from calcgrad.expression.applying import Application
from calcgrad.expression.grammar import BARE, POW, UNARY
from calcgrad.expression.nodes import Call, Constant, Node
from calcgrad.expression.source import Source
from calcgrad.expression.tokens import NAME, NUMBER, Token


def before_operator(
    source: Source, tokens: list[Token], at: int, stack: Sequence[Any], values: list[Node]
) -> None:
    """An explicit ``*``, ``/`` ... after a power or after a bare argument."""
    before, token, after = tokens[at - 1], tokens[at], tokens[at + 1]
    if token[1] == "%":
        _percent(source, before, token, after)
    if before[3] != token[2] or token[3] != after[2]:
        return
    if token[1] in ("*", "/"):
        _operator_after_power(source, tokens, at, stack, values)
    bare = None
    for frame in reversed(stack):
        if frame[0] < BARE:
            break
        bare = frame[2] if frame[0] == BARE else bare
    if bare is not None and not (after[0] == NAME and source.is_function(after[1])):
        _operator_after_bare(source, bare, tokens, at)


def before_power(source: Source, token: Token, values: list[Node]) -> None:
    """``ln (x+1)^2``, with a space: the power is that of the logarithm; many books mean the logarithm of the power."""
    if not values or not isinstance(values[-1], Call):
        return
    start = values[-1].span[0]
    apart = _APART.match(source.text, start, token[2])
    if apart is None or not source.is_function(apart[2]):
        return
    said, name = source.quote(start, token[2]), apart[1]
    source.warn(
        "W123",
        f"`{said}{token[1]}...` is read as ({said}){token[1]}...",
        (start, token[3]),
        "the power is that of the function's value",
        f"for the other reading write {name}((...){token[1]}...), with all of it in brackets",
    )


#: A function's name, in LaTeX perhaps with a base, and a space before its bracket.
_APART = re.compile(r"(\\?([A-Za-z]+)(?:_\{?\w+\}?)?)\s+(?:\\left\s*)?\(")


def _operator_after_power(
    source: Source, tokens: list[Token], at: int, stack: Sequence[Any], values: list[Node]
) -> None:
    """``x^1/2``, ``x^-1/2``, ``e^-x^2/2``, ``e^-k*t``: does what follows belong to the exponent?"""
    before, token, after = tokens[at - 1], tokens[at], tokens[at + 1]
    powers, lowest, signed, is_signed = 0, None, False, False
    for frame in reversed(stack):
        if frame[0] not in (UNARY, POW):
            break
        if frame[0] == POW:
            powers, lowest, signed = powers + 1, frame, is_signed
        is_signed = frame[0] == UNARY and frame[1] == "neg"
    if lowest is None:
        return
    base = values[-1 - powers]
    of_e = isinstance(base, Constant) and base.name == "e"
    is_root = before[1] == "1" and after[0] == NUMBER and lowest[2] == before[2]
    if not ((token[1] == "/" and (signed or is_root)) or (token[1] == "*" and signed and of_e)):
        return
    if after[0] == NUMBER or (after[0] == NAME and not source.is_function(after[1])):
        end = after[3] if tokens[at + 2][1] not in ("^", "(", "[", "!") else None
    else:
        end = None
    exponent = (
        source.text[lowest[2] : end].strip() if end else source.text[lowest[2] : token[3]].strip() + "..."
    )
    start, said = base.span[0], source.text[base.span[0] : token[2]]
    shown = source.quote(start, end or token[3]) + ("" if end else "...")
    read = f"({source.quote(start, token[2])}){token[1]}{source.quote(after[2], end) if end else '...'}"
    other = (
        source.whole(lowest[2], end, f"({exponent})")
        if end
        else f"{source.quote(start, lowest[2])}({exponent})"
    )
    source.warn(
        "W106",
        f"`{shown}` is read as {read}",
        (start, end or token[3]),
        "the exponent ends before this sign" if not is_root else "only the 1 is the exponent",
        f"for the other reading write {other}",
        fix=source.replaced(start, token[2], f"({said})"),
    )


def _operator_after_bare(source: Source, application: Application, tokens: list[Token], at: int) -> None:
    """``sin x/2``: is it sin(x/2) that was meant?"""
    before, token, after = tokens[at - 1], tokens[at], tokens[at + 1]
    name_end = application.start + len(source.text[application.start : application.argument].rstrip())
    begin = source.quote(application.start, name_end)
    argument = source.quote(application.argument, before[3])
    is_simple = after[0] in (NUMBER, NAME) and tokens[at + 2][1] not in ("(", "^", "[", "!")
    read = f"{begin}({argument}){token[1]}{source.quote(after[2], after[3]) if is_simple else '...'}"
    other = f"write {application.name}(...) with brackets to say where its argument ends"
    if is_simple:
        inner = source.text[application.argument : after[3]]
        other = f"for the other reading write {source.whole(name_end, after[3], f'({inner})')}"
    source.warn(
        "W108",
        f"the bare argument of `{application.name}` ends at `{source.text[token[2] : token[3]]}`: "
        f"this is read as {read}",
        (application.start, after[3]),
        f"read as {read}",
        other,
        fix=source.replaced(name_end, before[3], f"({source.text[application.argument : before[3]]})"),
    )


def factorial(source: Source, tokens: list[Token], at: int) -> None:
    """``x!!`` is (x!)!."""
    before, token = tokens[at - 1], tokens[at]
    if before[1] == "!":
        source.warn(
            "W109",
            "`!!` is read as the factorial of a factorial, not as the double factorial",
            (before[2], token[3]),
            "applied twice",
            "write (x!)! to say this without a warning; there is no double factorial here",
        )


def _percent(source: Source, before: Token, token: Token, after: Token) -> None:
    """``50% x`` and ``5% + x`` are remainders."""
    close = before[0] == NUMBER and before[3] == token[2] and after[2] != token[3]
    if close and (after[0] in (NUMBER, NAME) or after[1] in ("+", "-")):
        signed = after[1] in ("+", "-")
        rest = f"{after[1]}..." if signed else after[1]
        share = "/100 " if signed else "/100*"
        source.warn(
            "W113",
            f"`{before[1]}% {rest}` is read as the remainder of {before[1]} by {rest}",
            (before[2], after[3]),
            "`%` is the remainder, not percent",
            f"for {before[1]} percent write {source.whole(token[2], after[2], share)}",
            fix=source.replaced(before[3], token[3], " %"),
        )
