"""The text of fast pullbacks, written from the partials of the table.

The partials are trees of calcgrad's own language, never a user's text. Small whole powers become products, and a ``where``
is decided before either branch is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy

from calcgrad.expression.nodes import Call, Constant, Name, Node, Number
from calcgrad.operations import infix, parsed
from calcgrad.operations.row import ARGUMENTS
from calcgrad.systems.base import FLOAT64
from calcgrad.systems.binding import negated_square, quotient, squared
from calcgrad.tracing import buffers
from calcgrad.tracing.values import array_function, value_of_operation


def scalar(op: str, partials: Sequence[str | None]) -> Callable[..., None]:
    """The pullback over floats; a partial that is ``None`` belongs to an argument that is not traced."""
    names: dict[str, Any] = {}
    lines = ["def pull(adjoints, d, step):", *(f" {line}" for line in scalar_body(partials, names))]
    exec(compile("\n".join(lines), f"<the pullback of {op}>", "exec"), names)
    made: Callable[..., None] = names["pull"]
    return made


def nested(op: str, partials: Sequence[str | None]) -> Callable[..., None] | None:
    """The pullback over numbers that are traced themselves, in the form of one over arrays; ``None`` where a function is called."""
    names: dict[str, Any] = {}
    scalar_lines = scalar_body(partials, names)
    if names:
        return None
    first, *lines = scalar_lines
    places, primals = (
        first.removeprefix("_, ").removesuffix(", y = step").split(", "),
        ARGUMENTS[: len(partials)],
    )
    slots = places[: len(partials)]
    lines = [
        "def pull(adjoints, owned, d, mine, step):",
        f" _, _, ({', '.join(slots)},), ({', '.join(primals)},), _, y = step",
        *(f" {line}" for line in lines),
    ]
    exec(compile("\n".join(lines), f"<the pullback of {op} over traced numbers>", "exec"), names)
    made: Callable[..., None] = names["pull"]
    return made


def scalar_body(partials: Sequence[str | None], names: dict[str, Any]) -> list[str]:
    """The lines of such a pullback, which read ``adjoints``, ``d`` and ``step``."""
    places = [f"i{j}" if text is not None else "_" for j, text in enumerate(partials)]
    primals = list(ARGUMENTS[: len(partials)])
    lines = [f"_, {', '.join(places)}, {', '.join(primals)}, y = step"]
    for j, text in enumerate(partials):
        if text is None:
            continue
        term = product(parsed(text), names)
        if term == "None":
            continue
        body = [f"before = adjoints[i{j}]", f"adjoints[i{j}] = t if before is None else before + t"]
        lines.append(f"t = {term}")
        if "None" in term:
            lines.append("if t is not None:")
            lines.extend(f" {line}" for line in body)
        else:
            lines.extend(body)
    return lines


def product(root: Node, names: dict[str, Any], d: str = "d") -> str:
    """The text of a partial times the adjoint ``d``, above the line of a quotient; a structural zero is ``None``."""
    if root == Number(0):
        return "None"
    if root == Number(1):
        return d
    if root == Call("neg", (Number(1),)):
        return f"-{d}"
    if isinstance(root, Call) and root.op == "where":
        condition, taken, other = root.args
        return f"({product(taken, names, d)} if {text(condition, names)} else {product(other, names, d)})"
    if quotient(root):
        above, below = product(root.args[0], names, d), text(root.args[1], names)
        return f"{_named(names, 'f_div', FLOAT64.function('div'))}({above}, {below})"
    if negated_square(root):
        return f"(-{product(root.args[0], names, d)})"
    if squared(root):
        return f"((root := {text(root.args[0], names)})*(root*{d}))"
    return f"({text(root, names)}*{d})"


def text(root: Node, names: dict[str, Any]) -> str:
    """The text of an expression over floats; functions and constants are put into ``names``."""
    if isinstance(root, Name):
        return root.name
    if isinstance(root, Number | Constant):
        return _named(names, "k", FLOAT64.constant(root))
    assert isinstance(root, Call)
    if root.op == "where":
        condition, taken, other = [text(a, names) for a in root.args]
        return f"({taken} if {condition} else {other})"
    if root.op == "pow" and isinstance(root.args[0], Name) and root.args[1] in (Number(2), Number(3)):
        base = root.args[0].name
        return f"({'*'.join([base] * (2 if root.args[1] == Number(2) else 3))})"
    args = [text(a, names) for a in root.args]
    if infix(root.op):
        return f"({args[0]}{infix(root.op)}{args[1]})"
    if root.op == "neg":
        return f"(-{args[0]})"
    return f"{_named(names, f'f_{root.op}', FLOAT64.function(root.op))}({', '.join(args)})"


def _named(names: dict[str, Any], prefix: str, value: Any) -> str:
    for name, known in names.items():
        if known is value and name.startswith(prefix):
            return name
    name = prefix if prefix not in names and prefix != "k" else f"{prefix}{len(names)}"
    names[name] = value
    return name


def entrywise(op: str, partials: Sequence[str | None]) -> Callable[..., bool | None]:
    """The pullback over arrays, which may be numbers beside arrays; ``False`` for traced adjoints."""
    names: dict[str, Any] = {"numpy": numpy, "PLAIN": buffers.PLAIN, **HELPERS}
    places = [f"i{j}" if text is not None else "_" for j, text in enumerate(partials)]
    primals = list(ARGUMENTS[: len(partials)])
    live = [j for j, text in enumerate(partials) if text is not None and parsed(text) != Number(0)]
    lines = [
        "def pull(adjoints, owned, d, mine, step):",
        " if type(d) not in PLAIN:",
        "  return False",
        f" _, _, ({', '.join(places)},), ({', '.join(primals)},), _, y = step",
    ]
    alone = True  # nobody has been handed the adjoint's own buffer yet
    for j in live:
        term = Arrays(names).product(parsed(partials[j] or "0"), last=alone and j == live[-1])
        lines.append(f" t = {term.text}")
        keep = "True" if term.fresh else "mine and t is d" if alone and len(live) == 1 else "False"
        alone = alone and term.fresh
        if "choose" in term.text:
            lines.append(" if t is not None:")
        pad = "  " if "choose" in term.text else " "
        lines.append(f"{pad}deposit(adjoints, owned, i{j}, fit(t, {primals[j]}), {keep})")
    if not live:
        lines.append(" pass")
    exec(compile("\n".join(lines), f"<the pullback of {op} over arrays>", "exec"), names)
    made: Callable[..., bool | None] = names["pull"]
    return made


class Term(NamedTuple):
    """The text of a value, and whether its buffer is nobody else's."""

    text: str
    fresh: bool


def direct(root: Node) -> bool:
    """Whether a partial is not simply a factor of the adjoint: a sign, a choice, a quotient whose upper part it joins."""
    signs = (Number(0), Number(1), Call("neg", (Number(1),)))
    return root in signs or (isinstance(root, Call) and root.op == "where") or _joined(root)


def _joined(root: Node) -> bool:
    return quotient(root) or squared(root) or negated_square(root)


class Arrays:
    """Writes expressions over arrays, with results in the buffers of what they are made of.

    ``d`` is the name of the adjoint, ``mine`` that of whether its buffer may be written over.
    """

    def __init__(self, names: dict[str, Any], d: str = "d", mine: str = "mine") -> None:
        self.names = names
        self.d = d
        self.mine = mine

    def product(self, root: Node, last: bool) -> Term:
        """A partial times the adjoint."""
        d, mine = self.d, self.mine
        if root == Number(0):
            return Term("None", False)
        if root == Number(1):
            return Term(d, False)
        if root == Call("neg", (Number(1),)):
            return Term(f"(over(numpy.negative, {d}) if {mine} else -{d})" if last else f"-{d}", True)
        if isinstance(root, Call) and root.op == "where":
            a, b = self.product(root.args[1], False), self.product(root.args[2], False)
            condition = self.text(root.args[0]).text
            return Term(f"choose({condition}, lambda: {a.text}, lambda: {b.text})", False)
        if quotient(root):
            return self._divided(self.product(root.args[0], False), self.text(root.args[1]), last)
        if negated_square(root):
            return Term(f"over(numpy.negative, {self.product(root.args[0], last).text})", True)
        if squared(root):
            return Term(f"into(numpy.multiply, (root := {self.text(root.args[0]).text})*{d}, root)", True)
        factor = self.text(root)
        if factor.fresh:
            return Term(f"into(numpy.multiply, {factor.text}, {d})", True)
        if last:
            return Term(f"(into(numpy.multiply, {d}, {factor.text}) if {mine} else {d}*{factor.text})", True)
        return Term(f"{d}*{factor.text}", True)

    def _divided(self, above: Term, below: Term, last: bool) -> Term:
        """A quotient whose upper part has the adjoint in it, or is the adjoint."""
        function = self._function("div")
        if above.fresh:
            return Term(f"into({function}, {above.text}, {below.text})", True)
        if below.fresh:
            return Term(f"onto({function}, {above.text}, {below.text})", True)
        if last and above.text == self.d:
            d, mine = self.d, self.mine
            return Term(
                f"(into({function}, {d}, {below.text}) if {mine} else {function}({d}, {below.text}))", True
            )
        return Term(f"{function}({above.text}, {below.text})", True)

    def text(self, root: Node) -> Term:
        """An expression."""
        if isinstance(root, Name):
            return Term(root.name, False)
        if isinstance(root, Number | Constant):
            return Term(_named(self.names, "k", FLOAT64.constant(root)), False)
        assert isinstance(root, Call)
        if root.op == "where":
            condition, taken, other = [self.text(a).text for a in root.args]
            return Term(f"choose({condition}, lambda: {taken}, lambda: {other})", False)
        if root.op == "pow" and isinstance(root.args[0], Name) and root.args[1] == Number(2):
            return Term(f"{root.args[0].name}*{root.args[0].name}", True)
        args = [self.text(a) for a in root.args]
        function = self._function(root.op)
        if len(args) == 1:
            (a,) = args
            return Term(f"over({function}, {a.text})" if a.fresh else f"{function}({a.text})", True)
        if len(args) == 2 and args[0].fresh:
            return Term(f"into({function}, {args[0].text}, {args[1].text})", True)
        if len(args) == 2 and args[1].fresh:
            return Term(f"onto({function}, {args[0].text}, {args[1].text})", True)
        return Term(f"{function}({', '.join(a.text for a in args)})", True)

    def _function(self, op: str) -> str:
        function = array_function(op)
        if type(function) is numpy.ufunc:
            return _named(self.names, f"f_{op}", function)
        return _named(self.names, f"f_{op}", value_of_operation(op))


HELPERS: dict[str, Any] = {
    "deposit": buffers.deposit,
    "fit": buffers.fit,
    "into": buffers.into,
    "onto": buffers.onto,
    "over": buffers.over,
    "choose": buffers.choose,
}
