"""Tree to text, in the language itself and in its Unicode dress, with as few brackets as reading back needs.

Reading back what is printed gives the same tree: ``parse(to_text(e)).root == e`` for every tree that the
parser builds. The walk keeps a list of what is still to be written, so depth costs memory and nothing else.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from calcgrad.expression.nodes import Call, Constant, Name, Node, Number
from calcgrad.expression.numerals import write_number
from calcgrad.expression.tokens import GREEK
from calcgrad.expression.vocabulary import Vocabulary

#: How tightly each form holds together; an operand looser than its place needs stands in brackets.
TERNARY, OR, AND, NOT, COMPARE, ADD, MUL, UNARY, POW, POSTFIX, ATOM = range(1, 12)

#: Operation to ``(own binding power, what its left and its right side need, sign, Unicode sign)``.
INFIX = {
    "add": (ADD, ADD, MUL, " + ", " + "),
    "sub": (ADD, ADD, MUL, " - ", " − "),
    "mul": (MUL, MUL, UNARY, "*", "·"),
    "div": (MUL, MUL, UNARY, "/", "/"),
    "mod": (MUL, MUL, UNARY, " % ", " % "),
    "floordiv": (MUL, MUL, UNARY, "//", "//"),
    "matmul": (MUL, MUL, UNARY, " @ ", " @ "),
    "pow": (POW, POSTFIX, UNARY, "^", "^"),
    "less": (COMPARE, ADD, ADD, " < ", " < "),
    "less_equal": (COMPARE, ADD, ADD, " <= ", " ≤ "),
    "greater": (COMPARE, ADD, ADD, " > ", " > "),
    "greater_equal": (COMPARE, ADD, ADD, " >= ", " ≥ "),
    "equal": (COMPARE, ADD, ADD, " == ", " == "),
    "not_equal": (COMPARE, ADD, ADD, " != ", " ≠ "),
    "logical_and": (AND, AND, NOT, " and ", " and "),
    "logical_or": (OR, OR, AND, " or ", " or "),
}
_COMPARISONS = frozenset(op for op, form in INFIX.items() if form[0] == COMPARE)
_SIGNS = {name: sign for sign, name in GREEK.items()}
_CONSTANTS = {"pi": "π", "tau": "τ", "inf": "∞"}
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

#: Text, or a node with what its place needs: ``(node, binding power)``. The walk asks for types as it goes.
Piece = Any


def to_text(node: Node, vocabulary: Vocabulary, clear: bool = False) -> str:
    """The expression in the language itself, in ASCII.

    ``clear`` puts brackets where people want them: around what begins with a minus after another sign, ``a*(-b)``, around
    powers that are exponents, and around quotients above a line, ``(a/b)/c``.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.expression.vocabulary import Vocabulary
    >>> words = Vocabulary(words={}, forms={})
    >>> to_text(parse("x**3+2x", words).root, words), to_text(parse("-(x^2)(x+1)/0.10", words).root, words)
    ('x^3 + 2*x', '-x^2*(x + 1)/0.1')
    """
    return _Printer(vocabulary, False, clear).write(node)


def to_unicode(node: Node, vocabulary: Vocabulary, clear: bool = False) -> str:
    """The expression as it is written by hand: ``x³ + 2x``, ``√x``, ``π``. It reads back as the same tree.

    ``clear`` is that of :func:`to_text`.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.expression.vocabulary import Vocabulary
    >>> words = Vocabulary(words={}, forms={})
    >>> to_unicode(parse("x**3+2*x - alpha_1*pi >= 0", words).root, words)
    'x³ + 2x − α₁·π ≥ 0'
    """
    return _Printer(vocabulary, True, clear).write(node)


@lru_cache(maxsize=4096)
def number_text(value: Fraction) -> str:
    """A number's text; what no literal can say (a negative, a third) becomes the operation that makes it."""
    if value < 0:
        return "-" + number_text(-value)
    try:
        return write_number(value)
    except ValueError:
        return f"{value.numerator}/{value.denominator}"


@lru_cache(maxsize=4096)
def unicode_name(name: str) -> str:
    """A variable's name with Greek letters as signs and a number after ``_`` lowered."""
    if name in ("pi", "tau"):
        return _CONSTANTS[name]
    head, _, tail = name.partition("_")
    letter = head.rstrip("0123456789")
    head = _SIGNS.get(letter, letter) + head[len(letter) :]
    if not tail:
        return head
    return head + tail.translate(_LOWERED) if tail.isdigit() else f"{head}_{tail}"


class _Printer:
    __slots__ = ("bars", "clear", "forms", "out", "todo", "unchained", "unicode")

    def __init__(self, vocabulary: Vocabulary, unicode: bool, clear: bool = False) -> None:
        self.clear = clear
        self.forms = vocabulary.forms
        self.unicode = unicode
        self.out: list[str] = []
        self.todo: list[Piece] = []
        self.unchained: set[int] = set()
        self.bars = 0

    def write(self, root: Node) -> str:
        """The text of a tree."""
        out, todo = self.out, self.todo
        todo.append((root, 0))
        while todo:
            piece = todo.pop()
            if type(piece) is str:
                out.append(piece)
                if piece == "|":
                    self.bars -= 1
                continue
            node, need = piece
            kind = type(node)
            if kind is Name:
                out.append(unicode_name(node.name) if self.unicode else node.name)
            elif kind is Call:
                self.call(node, need)
            elif kind is Number:
                self.number(node.value, need)
            else:
                assert isinstance(node, Constant)
                out.append(_CONSTANTS.get(node.name, node.name) if self.unicode else node.name)
        return "".join(out)

    def number(self, value: Fraction, need: int) -> None:
        """A number; the parser makes only those that need no brackets."""
        text = number_text(value)
        loose = (text[0] == "-" and need > UNARY) or ("/" in text and need > MUL)
        self.out.append(f"({text})" if loose else text)

    def call(self, node: Call, need: int) -> None:
        """An operation: its brackets and signs now, its operands when their turn comes."""
        op, args = node.op, node.args
        form = INFIX.get(op)
        if form is not None and len(args) == 2:
            power, left, right, sign, unicode_sign = form
            todo = self.todo
            if self.unicode:
                if op == "pow" and self.superscript(args[0], args[1], need):
                    return
                sign = unicode_sign
                if op == "mul" and self.is_coefficient(args[0], args[1]):
                    sign = ""
            elif power == AND and self.chain(node, need):
                return
            if self.clear and power != COMPARE and (op == "pow" or _begins_with_minus(args[1])):
                right = POSTFIX
            if self.clear and op == "div" and type(args[0]) is Call and args[0].op == "div":
                left = POSTFIX
            if power < need:
                self.out.append("(")
                todo.append(")")
            todo.append((args[1], right))
            todo.append(sign)
            todo.append((args[0], left))
        else:
            self.special(node, need)

    def special(self, node: Call, need: int) -> None:
        """Prefix, postfix and bracket forms, and functions by their names."""
        op, args, todo, out = node.op, node.args, self.todo, self.out
        if op == "neg" and len(args) == 1:
            inner = args[0]
            gap = " " if type(inner) is Call and inner.op == "neg" else ""
            tight = self.clear and _begins_with_minus(inner)
            sign = ("−" if self.unicode else "-") + gap * (not tight)
            self.prefix(sign, inner, POSTFIX if tight else UNARY, need)
        elif op == "logical_not":
            if need > NOT:
                out.append("(")
                todo.append(")")
            out.append("not ")
            todo.append((args[0], NOT))
        elif op == "factorial":
            self.postfix(args[0], "!", need)
        elif op == "getitem":
            bare_number = type(args[0]) is Number
            self.postfix(args[0], ")" * bare_number + index_text(node.params), 0)
            if bare_number:
                out.append("(")
        elif op == "vector":
            self.listed("[", args, "]")
        elif self.unicode and op == "sqrt":
            self.prefix("√", args[0], ATOM, need)
        elif self.unicode and op == "abs" and self.bars == 0:
            self.bars += 1
            out.append("|")
            todo.append("|")
            todo.append((args[0], 0))
        else:
            known = self.forms.get(op)
            self.listed((known.text if known is not None else op) + "(", args, ")")

    def prefix(self, sign: str, inner: Node, inner_need: int, need: int) -> None:
        if need > UNARY:
            self.out.append("(")
            self.todo.append(")")
        self.out.append(sign)
        self.todo.append((inner, inner_need))

    def postfix(self, inner: Node, sign: str, need: int) -> None:
        if need > POSTFIX:
            self.out.append("(")
            self.todo.append(")")
        self.todo.append(sign)
        self.todo.append((inner, ATOM))

    def listed(self, opening: str, args: tuple[Node, ...], closing: str) -> None:
        self.out.append(opening)
        todo = self.todo
        todo.append(closing)
        for k in range(len(args) - 1, -1, -1):
            todo.append((args[k], 0))
            if k:
                todo.append(", ")

    def chain(self, node: Call, need: int) -> bool:
        """``0 < x < 1``, if that is what the conjunction says.

        Where it does not, neither do the conjunctions on the way down to where it breaks: they are not looked through again.
        """
        links: list[Call] = []
        passed: list[int] = []
        part: Node = node
        while isinstance(part, Call) and part.op == "logical_and" and id(part) not in self.unchained:
            passed.append(id(part))
            second = part.args[1]
            if not (isinstance(second, Call) and _linked(second, links)):
                break
            links.append(second)
            part = part.args[0]
        if not (isinstance(part, Call) and _linked(part, links)):
            self.unchained.update(passed)
            return False
        links.append(part)
        links.reverse()
        todo = self.todo
        if need > COMPARE:
            self.out.append("(")
            todo.append(")")
        for link in reversed(links):
            todo.append((link.args[1], ADD))
            todo.append(INFIX[link.op][3])
        todo.append((links[0].args[0], ADD))
        return True

    def superscript(self, base: Node, exponent: Node, need: int) -> bool:
        """A small whole exponent, raised."""
        negative = type(exponent) is Call and exponent.op == "neg"
        number = exponent.args[0] if negative else exponent
        if type(number) is not Number or number.value.denominator != 1 or not 0 <= number.value < 1000:
            return False
        self.postfix(base, ("-" * negative + str(number.value)).translate(_RAISED), need)
        return True

    def is_coefficient(self, left: Node, right: Node) -> bool:
        """Whether a number may stand before its factor without a sign: ``2x``."""
        if type(left) is not Number or left.value <= 0 or "/" in number_text(left.value):
            return False
        if type(right) is Call and right.op == "pow":
            right = right.args[0]
        if type(right) is Name or type(right) is Constant:
            return right.name[0] not in "eE_" and right.name not in ("inf", "true", "false")
        return False


def _linked(link: Call, links: list[Call]) -> bool:
    """Whether a comparison goes before those that were met, the last one first, in one chain with them."""
    return link.op in _COMPARISONS and (not links or link.args[1] == links[-1].args[0])


def _begins_with_minus(node: Node) -> bool:
    """Whether the text of an operand would begin with a minus."""
    while isinstance(node, Call) and (node.op in INFIX):
        node = node.args[0]
    return (isinstance(node, Call) and node.op == "neg") or (isinstance(node, Number) and node.value < 0)


def index_text(params: tuple[object, ...]) -> str:
    """An index in its brackets: ``[0, 1:]``."""
    parts = []
    for item in params:
        if isinstance(item, tuple):
            _, start, stop, step = item
            part = f"{'' if start is None else start}:{'' if stop is None else stop}"
            parts.append(part if step is None else f"{part}:{step}")
        else:
            parts.append(str(item))
    return f"[{', '.join(parts)}]"
