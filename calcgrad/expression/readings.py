"""Warnings: where a text has one reading in this language, but its reader might have meant another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from calcgrad.errors import ParseError
from calcgrad.expression.applying import Application
from calcgrad.expression.grammar import BARE, MUL, POW, UNARY
from calcgrad.expression.nodes import Constant, Name, Node, Number
from calcgrad.expression.source import Source, clip
from calcgrad.expression.tokens import NAME, NUMBER, Token

_CONSTANT_AND_DIGITS = re.compile(r"(e|pi|tau)([0-9]+)")
_FUNCTION_LETTERS = frozenset("fghFGH")
_DIFFERENCES = frozenset("Δδ∆")


class Note:
    """A warning about an implicit product, told once the end of the product is known.

    The other reading encloses what lies from ``pivot`` to the end; ``start`` is where the doubtful part
    begins, ``cut`` lies between the two factors.
    """

    __slots__ = ("code", "cut", "pivot", "start")

    def __init__(self, code: str, start: int, pivot: int, cut: int) -> None:
        self.code = code
        self.start = start
        self.pivot = pivot
        self.cut = cut


def variable(source: Source, name: str, start: int, end: int) -> None:
    """``e2`` is a name, though it looks like a power or a product."""
    match = _CONSTANT_AND_DIGITS.fullmatch(name)
    if match and name not in source.declared:
        constant, digits = match.groups()
        source.warn(
            "W104",
            f"`{name}` is read as a variable of that name, not as {constant}^{digits}",
            (start, end),
            "a variable",
            f"for a power write {constant}^{digits}, for a product {digits}*{constant}",
            fix=source.replaced(start, end, f"{constant}^{digits}"),
        )


def before_factor(
    source: Source, tokens: list[Token], at: int, stack: Sequence[Any], values: list[Node]
) -> tuple[Note, ...]:
    """An implicit product begins at ``tokens[at]``: is what stands before it easily misread?"""
    before, token = tokens[at - 1], tokens[at]
    if before[3] != token[2]:
        return ()
    if before[0] == NAME:
        _product_with_letter(source, before, token)
    if before[1] == "0" and token[1][0] in "xXbBoO" and token[1][1:2].isdigit():
        raise based_number(source, before, token)
    top = stack[-1]
    deep = -2 if top[0] == UNARY else -1
    if stack[deep][0] != POW:
        return ()
    is_variable = token[0] == NAME and not source.is_function(token[1])
    base = values[-2]
    misread = (
        (before[0] == NUMBER and is_variable)
        or (before[0] == NUMBER and token[0] == NAME and isinstance(base, Constant | Number))
        or (before[0] == NAME and token[1] == "(")
    )
    if not misread:
        return ()
    return (Note("W105", base.span[0], stack[deep][2], token[2]),)


def _product_with_letter(source: Source, before: Token, token: Token) -> None:
    _, name, start, end = before
    if token[1] == "(" and name in _FUNCTION_LETTERS and name not in source.declared:
        source.warn(
            "W110",
            f"`{name}(...)` is read as a product: there is no function `{name}`",
            (start, token[3]),
            f"{name} times what follows",
            f"write {name}*(...) to say so; for a function write its definition in place of {name}(...)",
            fix=source.replaced(end, end, "*"),
        )
    if token[0] == NAME and source.text[start:end] in _DIFFERENCES:
        following = source.text[token[2] : token[3]]
        source.warn(
            "W111",
            f"`{source.text[start:end]}{following}` is read as the product {name}*{token[1]}",
            (start, token[3]),
            "a product of two variables",
            f"a variable of one name is written {name}_{token[1]}",
            fix=source.replaced(start, token[3], f"{name}_{token[1]}"),
        )


def inside_bare(tokens: list[Token], at: int, application: Application, product: Node) -> tuple[Note, ...]:
    """A further factor of a bare argument: ``sin x y`` might have been meant as sin(x)*y."""
    before, token = tokens[at - 1], tokens[at]
    if _is_constant(product) or (before[3] == token[2] and token[1] != "("):
        return ()
    return (Note("W107", application.start, application.argument, before[3]),)


def _is_constant(product: Node) -> bool:
    """Whether a short product has no variable; a long one is taken to have some."""
    todo = [product]
    for _ in range(12):
        if not todo:
            return True
        node = todo.pop()
        if isinstance(node, Name):
            return False
        todo.extend(node.args)
    return False


def function_ends_bare(
    source: Source, tokens: list[Token], at: int, application: Application, product: Node
) -> None:
    """``sin 2 cos x``: the bare argument is a number and nothing else."""
    if not _is_constant(product):
        return
    token = tokens[at]
    begin = source.quote(application.start, application.argument).rstrip()
    first = source.text[application.argument : product.span[1]]
    read = f"{begin}({first})"
    source.warn(
        "W107",
        f"the bare argument of `{application.name}` ends before the next function: "
        f"it is read as {read}*{token[1]}...",
        (application.start, token[3]),
        f"{read}, times {token[1]}...",
        f"write {application.name}(...) with brackets to say where its argument ends",
        fix=source.replaced(application.start, product.span[1], read),
    )


def based_number(source: Source, zero: Token, token: Token) -> ParseError:
    """``0x1F``: numbers are decimal."""
    place = (zero[2], token[3])
    shown = source.quote(*place)
    hint, fix = "numbers are written in base ten", None
    try:
        value = int(source.text[place[0] : place[1]][:40], 0)
    except ValueError:
        pass
    else:
        hint, fix = f"in base ten this is {value}", source.replaced(*place, str(value))
    return source.error(
        "E114", f"`{shown}` is not how a number is written", place, "not decimal", hint, fix=fix
    )


def after_division(stack: list[Any], values: list[Node], token: Token, notes: tuple[Note, ...]) -> Any:
    """An implicit product after a division at the same level: ``1/2x``."""
    earlier = take_over(stack, "W101")
    if earlier:
        return earlier + notes
    top = stack[-1]
    if top[0] == MUL and top[1] == "div":
        denominator, numerator = values[-1], values[-2]
        notes = (*notes, Note("W101", numerator.span[0], denominator.span[0], token[2]))
    return notes or None


def take_over(stack: list[Any], code: str) -> tuple[Note, ...]:
    """The notes of the product that this one continues: they end where this one ends."""
    power, op, extra = stack[-1]
    if op != "mul" or not extra:
        return ()
    taken = tuple([note for note in extra if note.code == code])
    if taken:
        stack[-1] = (power, op, tuple([note for note in extra if note.code != code]))
    return taken


def close_notes(source: Source, notes: tuple[Note, ...], end: int) -> None:
    """The product is complete: tell how it was read, and how to write the other reading."""
    for note in notes:
        if not source.wants(note.code):
            continue
        begin, inner = source.quote(note.start, note.pivot).rstrip(), source.quote(note.pivot, end)
        head, tail = source.quote(note.start, note.cut).rstrip(), source.quote(note.cut, end).strip()
        if note.code == "W107":
            first = source.text[note.pivot : note.cut]
            read, other = f"{begin}({inner})", f"{begin}({clip(first)})*{tail}"
            rest = source.text[note.cut : end].lstrip()
            fix = source.replaced(note.start + len(begin), end, f"({first}) * {rest}")
        else:
            read, other = f"({head})*{tail}", f"{begin}({inner})"
            fix = source.replaced(note.pivot, end, f"({source.text[note.pivot : end]})")
        source.warn(
            note.code,
            f"`{source.quote(note.start, end)}` is read as {read}",
            (note.start, end),
            f"read as {read}",
            f"write {other} for the other reading; {read} says this one without a warning",
            fix=fix,
        )


def before_operator(
    source: Source, tokens: list[Token], at: int, stack: Sequence[Any], values: list[Node]
) -> None:
    """An explicit ``*``, ``/`` ... after a power or after a bare argument."""
    before, token, after = tokens[at - 1], tokens[at], tokens[at + 1]
    if token[1] == "%":
        _percent(source, before, token, after)
    if before[3] != token[2] or token[3] != after[2]:
        return
    top = stack[-1]
    if token[1] == "/" and top[0] == POW and before[1] == "1" and after[0] == NUMBER and top[2] == before[2]:
        base = values[-2].span[0]
        shown = source.quote(base, token[2])
        source.warn(
            "W106",
            f"`{source.quote(base, after[3])}` is read as ({shown})/{after[1]}",
            (base, after[3]),
            "only the 1 is the exponent",
            f"a root is written {source.quote(base, before[2])}(1/{after[1]})",
            fix=source.replaced(before[2], after[3], f"(1/{after[1]})"),
        )
    bare = None
    for frame in reversed(stack):
        if frame[0] < BARE:
            break
        bare = frame[2] if frame[0] == BARE else bare
    if bare is not None and not (after[0] == NAME and source.is_function(after[1])):
        _operator_after_bare(source, bare, tokens, at)


def _operator_after_bare(source: Source, application: Application, tokens: list[Token], at: int) -> None:
    """``sin x/2``: is it sin(x/2) that was meant?"""
    before, token, after = tokens[at - 1], tokens[at], tokens[at + 1]
    begin = source.quote(application.start, application.argument).rstrip()
    argument = source.quote(application.argument, before[3])
    is_simple = after[0] in (NUMBER, NAME) and tokens[at + 2][1] not in ("(", "^", "[", "!")
    read = f"{begin}({argument}){token[1]}{source.quote(after[2], after[3]) if is_simple else '...'}"
    fix = None
    if is_simple:
        inner = source.text[application.argument : after[3]]
        fix = source.replaced(application.start + len(begin), after[3], f"({inner})")
    source.warn(
        "W108",
        f"the bare argument of `{application.name}` ends at `{source.text[token[2] : token[3]]}`: "
        f"this is read as {read}",
        (application.start, after[3]),
        f"read as {read}",
        f"write {application.name}(...) with brackets to say where its argument ends",
        fix=fix,
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
    """``50% x`` is a remainder."""
    if before[0] == NUMBER and before[3] == token[2] and after[2] != token[3] and after[0] in (NUMBER, NAME):
        source.warn(
            "W113",
            f"`{before[1]}% {after[1]}` is read as the remainder of {before[1]} by {after[1]}",
            (before[2], after[3]),
            "`%` is the remainder, not percent",
            f"{before[1]} percent of it is written {before[1]}/100*{after[1]}",
            fix=source.replaced(token[2], after[2], "/100*"),
        )
