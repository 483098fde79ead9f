"""Tree to LaTeX: fractions, raised exponents, roots, cases; the same walk with a list as the printer's."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from calcgrad.expression.nodes import Call, Constant, Name, Node, Number
from calcgrad.expression.numerals import decimal_parts, write_number
from calcgrad.expression.printer import ATOM, MUL, NOT, POSTFIX, POW, UNARY, index_text
from calcgrad.expression.printer import INFIX as _TEXT_INFIX
from calcgrad.expression.tokens import SPELLED
from calcgrad.expression.vocabulary import Form, Vocabulary

_SIGNS = {
    "add": " + ",
    "sub": " - ",
    "mod": r" \bmod ",
    "matmul": r" \, ",
    "less": " < ",
    "less_equal": r" \le ",
    "greater": " > ",
    "greater_equal": r" \ge ",
    "equal": " = ",
    "not_equal": r" \ne ",
    "logical_and": r" \land ",
    "logical_or": r" \lor ",
}
_CONSTANTS = {
    "pi": r"\pi",
    "tau": r"\tau",
    "e": "e",
    "inf": r"\infty",
    "true": r"\text{true}",
    "false": r"\text{false}",
}
#: Letters that LaTeX has no command for: they look like Latin ones.
_PLAIN = {"omicron": "o", "Alpha": "A", "Beta": "B", "Epsilon": "E", "Zeta": "Z", "Eta": "H", "Iota": "I",
          "Kappa": "K", "Mu": "M", "Nu": "N", "Omicron": "O", "Rho": "P", "Tau": "T", "Chi": "X"}  # fmt: skip
_LEFT, _RIGHT = r"\left(", r"\right)"
#: What a template consists of, as ``str.format`` reads it: doubled braces and slots.
_SLOT = re.compile(r"(\{\{|\}\}|\{[0-9]\})")
#: Before a slot, signs that enclose what follows.
_ENCLOSING = ("(", ",", "{", "|", "[", "lfloor", "lceil", "lVert", "lvert", ";")

Piece = tuple[Node, int] | str


def to_latex(node: Node, vocabulary: Vocabulary) -> str:
    r"""The expression in LaTeX, for math mode.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.expression.vocabulary import Vocabulary
    >>> words = Vocabulary(words={}, forms={})
    >>> print(to_latex(parse("x^3 + 2x/(1 + alpha_1)", words).root, words))
    x^{3} + \frac{2 x}{1 + \alpha_{1}}
    """
    return _Printer(vocabulary).write(node)


@lru_cache(maxsize=4096)
def latex_name(name: str) -> str:
    r"""A variable's name: ``x_{1}``, ``\alpha``, ``\mathrm{speed}``, and a derivative's: ``u'``, ``f^{(4)}``."""
    if name.endswith("'"):
        return latex_name(name.rstrip("'")) + "'" * (len(name) - len(name.rstrip("'")))
    if name.endswith(")") and "^(" in name:
        bare, _, order = name[:-1].partition("^(")
        return f"{latex_name(bare)}^{{({order})}}"
    head, _, tail = name.partition("_")
    letter = head.rstrip("0123456789")
    digits = head[len(letter) :]
    if letter in _PLAIN:
        shown = rf"\mathrm{{{_PLAIN[letter]}}}"
    elif letter in SPELLED:
        shown = "\\" + letter
    else:
        shown = letter if len(letter) <= 1 else rf"\mathrm{{{letter}}}"
    below = digits + (("," if digits else "") + tail if tail else "")
    if not below:
        return shown
    below = below.replace("_", r"\_")
    return (
        f"{shown}_{{{below}}}" if not re.search("[A-Za-z]{2}", below) else rf"{shown}_{{\mathrm{{{below}}}}}"
    )


def latex_number(value: Fraction) -> tuple[str, int]:
    """A number and how tightly it holds together."""
    try:
        text = write_number(abs(value))
    except ValueError:
        text = rf"\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"
    power = ATOM
    if "e" in text:
        digits, exponent = decimal_parts(abs(value))
        exponent += len(digits) - 1
        front = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
        text = rf"{front} \cdot 10^{{{exponent}}}" if front != "1" else f"10^{{{exponent}}}"
        power = MUL if front != "1" else POW
    return (text, power) if value >= 0 else ("-" + text, UNARY)


class _Printer:
    __slots__ = ("forms", "out", "todo")

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.forms = vocabulary.forms
        self.out: list[str] = []
        self.todo: list[Piece] = []

    def write(self, root: Node) -> str:
        """The LaTeX of a tree."""
        todo, out = self.todo, self.out
        todo.append((root, 0))
        while todo:
            piece = todo.pop()
            if isinstance(piece, str):
                out.append(piece)
                continue
            node, need = piece
            if isinstance(node, Call):
                self.call(node, need)
            elif isinstance(node, Name):
                out.append(latex_name(node.name))
            elif isinstance(node, Number):
                text, power = latex_number(node.value)
                out.append(_LEFT + text + _RIGHT if power < need else text)
            else:
                assert isinstance(node, Constant)
                out.append(_CONSTANTS.get(node.name, node.name))
        return "".join(out)

    def push(self, *pieces: Piece) -> None:
        """What is to be written next, in reading order."""
        self.todo.extend(reversed(pieces))

    def bracketed(self, own: int, need: int, *pieces: Piece) -> None:
        """Pieces, in brackets if their place needs a tighter form."""
        self.push(_LEFT, *pieces, _RIGHT) if own < need else self.push(*pieces)

    def call(self, node: Call, need: int) -> None:
        """An operation by its shape: infix, fraction, power, or a form of its own."""
        op, args = node.op, node.args
        if op in _SIGNS and len(args) == 2:
            own, left, right = _TEXT_INFIX[op][:3]
            if op in ("add", "sub") and _begins_with_minus(args[1]):
                right = POW
            self.bracketed(own, need, (args[0], left), _SIGNS[op], (args[1], right))
        elif op == "mul":
            self.bracketed(MUL, need, (args[0], MUL), _times(*args), (args[1], POW))
        elif op == "div":
            self.bracketed(POSTFIX, need, r"\frac{", (args[0], 0), "}{", (args[1], 0), "}")
        elif op == "pow":
            self.power(args[0], args[1], need)
        elif op == "neg":
            self.bracketed(UNARY, need, "-", (args[0], POW))
        elif op == "where" and len(args) == 3:
            self.cases(node)
        else:
            self.special(node, need)

    def power(self, base: Node, exponent: Node, need: int) -> None:
        r"""``x^{n}``, and ``\sin^{2}(x)`` where that is usual."""
        if isinstance(base, Call) and isinstance(exponent, Number):
            form = self.forms.get(base.op)
            if form is not None and form.power and _LEFT in form.latex:
                head, tail = form.latex.split(_LEFT, 1)
                raised = f"^{{{{{latex_number(exponent.value)[0]}}}}}"
                self.bracketed(POW, need, *_filled(head + raised + _LEFT + tail, base.args))
                return
        self.bracketed(POW, need, (base, ATOM), "^{", (exponent, 0), "}")

    def special(self, node: Call, need: int) -> None:
        """Functions by their templates, and the forms that have brackets of their own."""
        op, args = node.op, node.args
        if op == "sqrt":
            self.push(r"\sqrt{", (args[0], 0), "}")
        elif op == "abs":
            self.push(r"\left|", (args[0], 0), r"\right|")
        elif op == "floordiv":
            self.push(r"\left\lfloor\frac{", (args[0], 0), "}{", (args[1], 0), r"}\right\rfloor")
        elif op == "factorial":
            self.bracketed(POSTFIX, need, (args[0], ATOM), "!")
        elif op == "logical_not":
            self.bracketed(NOT, need, r"\lnot ", (args[0], NOT))
        elif op == "getitem":
            index = index_text(node.params)[1:-1].replace(":", "{:}")
            self.bracketed(POSTFIX, need, (args[0], ATOM), rf"_{{\left[{index}\right]}}")
        elif op == "vector":
            self.push(r"\begin{bmatrix}", *_between(r" \\ ", args), r"\end{bmatrix}")
        else:
            self.function(self.forms.get(op, Form(op)), args, need)

    def function(self, form: Form, args: tuple[Node, ...], need: int) -> None:
        """A function by its template, or by its name."""
        if form.latex:
            open_ended = form.latex.endswith("}") and form.latex[-3:-2] == "{"
            self.bracketed(MUL if open_ended else ATOM, need, *_filled(form.latex, args))
        else:
            name = form.text.replace("_", r"\_")
            self.push(rf"\operatorname{{{name}}}{_LEFT}", *_between(", ", args), _RIGHT)

    def cases(self, node: Call) -> None:
        """``where`` inside ``where`` as the lines of one ``cases``."""
        pieces: list[Piece] = [r"\begin{cases}"]
        rest: Node = node
        while isinstance(rest, Call) and rest.op == "where" and len(rest.args) == 3:
            condition, value, rest = rest.args
            pieces += [(value, 0), r" & \text{if } ", (condition, 0), r" \\ "]
        self.push(*pieces, (rest, 0), r" & \text{otherwise}\end{cases}")


def _times(left: Node, right: Node) -> str:
    """The sign of a product: nothing before a letter or a function, a dot before a number."""
    while isinstance(right, Call) and right.op in ("mul", "pow", "factorial"):
        right = right.args[0]
    return r" \cdot " if isinstance(right, Number) or (isinstance(right, Call) and right.op == "div") else " "


def _filled(template: str, args: tuple[Node, ...]) -> list[Piece]:
    """A template with its arguments; one that nothing encloses is bracketed where it is not tight."""
    pieces: list[Piece] = []
    before = ""
    parts = _SLOT.split(template)
    for k, part in enumerate(parts):
        if part[:1] == "{" and part[1:2].isdigit():
            after = "".join(parts[k + 1 : k + 4])
            raised = after.startswith(("^", "}}^"))
            enclosed = before.rstrip().endswith(_ENCLOSING) and not raised
            pieces.append((args[int(part[1])], 0 if enclosed else ATOM))
            before = ""
        elif part:
            text = {"{{": "{", "}}": "}"}.get(part, part)
            pieces.append(text)
            before += text
    return pieces


def _between(sign: str, args: tuple[Node, ...]) -> list[Piece]:
    pieces: list[Piece] = []
    for k, arg in enumerate(args):
        if k:
            pieces.append(sign)
        pieces.append((arg, 0))
    return pieces


def _begins_with_minus(node: Node) -> bool:
    """Whether what is written for an operand begins with a minus; a fraction begins with its line."""
    while isinstance(node, Call) and node.op == "mul":
        node = node.args[0]
    return isinstance(node, Call) and node.op == "neg"
