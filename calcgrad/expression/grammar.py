"""The parser's tables: how tightly each sign binds, what it builds, and what waits on the stack."""

from __future__ import annotations

from typing import Any, TypeAlias

from calcgrad.expression.applying import Application

#: Binding powers, loose to tight. ``BARE`` is a function waiting for an argument without brackets, ``INNER``
#: the implicit product inside that argument. Brackets have power 0.
TERNARY, OR, AND, NOT, COMPARE, ADD, MUL, BARE, INNER, UNARY, POW = range(1, 12)

#: Sign to ``(what is built before it, its binding power, its operation)``.
INFIX = {
    "+": (ADD, ADD, "add"),
    "-": (ADD, ADD, "sub"),
    "*": (MUL, MUL, "mul"),
    "/": (MUL, MUL, "div"),
    "%": (MUL, MUL, "mod"),
    "//": (MUL, MUL, "floordiv"),
    "@": (MUL, MUL, "matmul"),
    "^": (POW + 1, POW, "pow"),
    "and": (AND, AND, "logical_and"),
    "or": (OR, OR, "logical_or"),
}
COMPARISONS = {
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
    "==": "equal",
    "!=": "not_equal",
}
#: Sign to operation; a plus builds nothing.
PREFIX = {"-": "neg", "+": "", "√": "sqrt", "∛": "cbrt"}
CLOSERS = {"(": ")", "[": "]", "|(": "|)"}
KEYWORDS = frozenset({"and", "or", "not", "if", "else"})

#: ``(binding power, operation or bracket, what else is known)``. The last is, by kind: where a prefix stands;
#: where an exponent begins; the notes of an implicit product; the operations of a chain; an ``Application``;
#: an ``Open``.
Frame: TypeAlias = tuple[int, str, Any]


class Open:
    """A bracket that waits for its closing sign: what it opens, where, and how many values it has listed."""

    __slots__ = ("application", "count", "is_piece", "start")

    def __init__(self, start: int, application: Application | None = None) -> None:
        self.start = start
        self.application = application
        self.count = 1
        self.is_piece = False
