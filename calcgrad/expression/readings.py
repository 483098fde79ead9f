"""Warnings: where a text has one reading in this language, but its reader might have meant another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from calcgrad.errors import ParseError
from calcgrad.expression.applying import Application
from calcgrad.expression.grammar import MUL, POW, UNARY
from calcgrad.expression.nodes import Constant, Name, Node, Number
from calcgrad.expression.source import MAX_WARNINGS, TRUTH, Source
from calcgrad.expression.tokens import NAME, NUMBER, Token

_CONSTANT_AND_DIGITS = re.compile(r"(e|pi|tau)([0-9]+)")
_FUNCTION_LETTERS = frozenset("fghFGHND")
#: Signs that bind tighter than the product after them.
ROOTS = frozenset({"sqrt", "cbrt"})
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
            f"for the power write {source.whole(start, end, f'{constant}^{digits}')}",
            f"for the product write {source.whole(start, end, f'{digits}*{constant}')}",
        )


def before_factor(
    source: Source, tokens: list[Token], at: int, stack: Sequence[Any], values: list[Node]
) -> tuple[Note, ...]:
    """An implicit product begins at ``tokens[at]``: is what stands before it easily misread?"""
    before, token = tokens[at - 1], tokens[at]
    if before[3] != token[2]:
        return ()
    if before[0] == NAME:
        _product_with_letter(source, tokens, at)
    if before[1] == "0" and token[1][0] in "xXbBoO" and token[1][1:2].isdigit():
        raise based_number(source, before, token)
    if before[0] == NUMBER and token[1] not in source.declared:
        if token[1][:1] in ("d", "D"):
            _fortran(source, tokens, at)
        elif token[1] in ("f", "F") and "." in before[1] and source.declared:
            place = (before[2], token[3])
            raise source.error(
                "E114", f"`{source.quote(*place)}` is how C writes a number", place, "", "leave out the f"
            )
    top = stack[-1]
    if top[0] == UNARY and top[1] in ROOTS and before[0] in (NUMBER, NAME):
        return (Note("W115", top[2], before[2], token[2]),)
    deep = -2 if top[0] == UNARY else -1
    if stack[deep][0] != POW:
        return ()
    is_variable = token[0] == NAME and not source.is_function(token[1])
    base = values[-2]
    misread = (
        (before[0] == NUMBER and is_variable)
        or (before[0] == NUMBER and token[0] == NAME and isinstance(base, Constant | Number))
        or (before[0] == NAME and (token[1] == "(" or is_variable))
    )
    if not misread:
        return ()
    return (Note("W105", base.span[0], stack[deep][2], token[2]),)


def tau(source: Source, start: int, end: int) -> None:
    """``e^(-t/τ)``: once an expression, that τ is a number."""
    if source.wants("W117") and not any(warning.code == "W117" for warning in source.warnings):
        source.warn(
            "W117",
            f"`{source.text[start:end]}` is read as the constant 2*pi",
            (start, end),
            "a number",
            "for a variable of this name declare it: --wrt tau or --at tau=1",
        )


def greek_function(source: Source, name: str, start: int, end: int) -> None:
    """``γ(x)`` and ``β(x)``: these letters are more often variables than functions."""
    sign = source.text[start:end]
    if sign in ("γ", "β"):
        source.warn(
            "W116",
            f"`{sign}(...)` is read as the {name} function",
            (start, end),
            f"applied as {name}",
            f"for the product write {source.whole(end, end, '*')}",
            fix=source.replaced(start, end, name),
        )


def _fortran(source: Source, tokens: list[Token], at: int) -> None:
    """``1.0d0`` is a number of Fortran's, which the front room reads; ``2d0`` may be one, and is a product."""
    number, token = tokens[at - 1], tokens[at]
    following, digits = tokens[at + 1], tokens[min(at + 2, len(tokens) - 1)]
    whole_exponent = token[1][1:].isdigit()
    signed = (
        len(token[1]) == 1
        and following[1] in ("+", "-")
        and token[3] == following[2]
        and digits[0] == NUMBER
        and digits[1].isdigit()
        and digits[2] == following[3]
    )
    named = bool(source.declared) and whole_exponent
    if ("." in number[1] or named) and "e" not in number[1].lower() and (whole_exponent or signed):
        end = token[3] if whole_exponent else digits[3]
        shown = source.text[number[2] : end]
        raise source.error(
            "E114", f"`{shown}` is how Fortran writes a number", (number[2], end), "", "write e for d"
        )
    if whole_exponent and "e" not in number[1].lower():
        source.warn(
            "W114",
            f"`{number[1]}{token[1]}` is read as {number[1]}*{token[1]}",
            (number[2], token[3]),
            "a product",
            f"for a number of Fortran's write {source.whole(number[2], token[3], f'{number[1]}e{token[1][1:]}')}",
            fix=source.replaced(number[3], token[2], "*"),
        )


def _product_with_letter(source: Source, tokens: list[Token], at: int) -> None:
    before, token = tokens[at - 1], tokens[at]
    _, name, start, end = before
    is_value = name in source.declared or name in source.vocabulary.constants or name in TRUTH
    if token[1] == "(" and not is_value and _looks_applied(tokens, at):
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
            f"for one variable write {source.whole(start, token[3], f'{name}_{token[1]}')}",
            fix=source.replaced(start, token[3], f"{name}*{token[1]}"),
        )


def _looks_applied(tokens: list[Token], at: int) -> bool:
    """Whether a name before the bracket at ``at`` looks like a function: by itself, or by its one simple argument."""
    name = tokens[at - 1][1]
    if name in _FUNCTION_LETTERS or (name[0] in "JYHIK" and name[1:].isdigit()):
        return True
    inner, close = tokens[at + 1], tokens[min(at + 2, len(tokens) - 1)]
    return inner[0] in (NAME, NUMBER) and close[1] == ")" and inner[1] != name


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


def after_division(
    stack: list[Any], values: list[Node], token: Token, notes: tuple[Note, ...], glued: bool
) -> Any:
    """An implicit product after a division at the same level: ``1/2x``; with it the notes that go on, as in ``√2gh``."""
    notes = continued(stack, glued) + notes
    earlier = take_over(stack, "W101")
    if earlier:
        return earlier + notes
    top = stack[-1]
    if top[0] == MUL and top[1] == "div":
        denominator, numerator = values[-1], values[-2]
        notes = (*notes, Note("W101", numerator.span[0], denominator.span[0], token[2]))
    return notes or None


def continued(stack: list[Any], glued: bool) -> tuple[Note, ...]:
    """The notes on an exponent or a root that end where the letters that touch each other do."""
    return (take_over(stack, "W105") + take_over(stack, "W115"))[:MAX_WARNINGS] if glued else ()


def take_over(stack: list[Any], code: str) -> tuple[Note, ...]:
    """The notes of the product that this one continues: they end where this one ends."""
    power, op, extra = stack[-1]
    if op != "mul" or not extra:
        return ()
    taken = tuple([note for note in extra if note.code == code])
    if taken:
        stack[-1] = (power, op, tuple([note for note in extra if note.code != code]))
    return taken


def close_notes(source: Source, notes: tuple[Note, ...], end: int, inside_bare: bool = False) -> None:
    """The product is complete: tell how it was read, how to say so, and how to write the other reading.

    Inside a bare argument no brackets and no sign say what was read: they would end the argument.
    """
    for note in notes:
        if not source.wants(note.code):
            continue
        start, pivot, cut = note.start, note.pivot, note.cut
        begin, inner = source.quote(start, pivot).rstrip(), source.quote(pivot, end)
        head, tail = source.quote(start, cut).rstrip(), source.quote(cut, end).strip()
        if note.code == "W107":
            read = f"{begin}({inner})"
            name_end = start + len(source.text[start:pivot].rstrip())
            fix = source.replaced(name_end, end, f"({source.text[pivot:end]})")
            other = source.whole(name_end, end, f"({source.text[pivot:cut]})*{source.text[cut:end].strip()}")
        else:
            read = f"({head})*{tail}"
            said = f"({source.text[start:cut].rstrip()})*{source.text[cut:end].strip()}"
            fix = None if inside_bare else source.replaced(start, end, said)
            other = source.whole(pivot, end, f"({source.text[pivot:end]})")
        source.warn(
            note.code,
            f"`{source.quote(start, end)}` is read as {read}",
            (start, end),
            f"read as {read}",
            f"for the other reading write {other}",
            fix=fix,
        )
