"""The table's own strings as Python functions over a system's functions: a partial, times a tangent or an adjoint.

The text that is compiled is written here from the nodes of the table's strings, never from a user's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from types import CodeType
from typing import Any, Protocol, TypeGuard

from calcgrad.expression.nodes import Call, Constant, Name, Node, Number
from calcgrad.operations import compares, infix


class Functions(Protocol):
    """What a number system has for a string of the table."""

    settled: bool
    times_over: Callable[[Any, Any, Any], Any] | None

    def own_constant(self, exact: Any) -> Any: ...
    def select(self, condition: Any, taken: Callable[[], Any], other: Callable[[], Any]) -> Any: ...
    def function(self, op: str) -> Callable[..., Any]: ...


def bound(root: Node, arguments: tuple[str, ...], system: Functions, tail: str) -> Callable[..., Any]:
    """A Python function of an expression of the table, over a system's functions; times ``tail`` if there is one."""
    names: dict[str, Any] = {"select": system.select}
    body = _times(root, tail, names, system) if tail else _source(root, names, system)
    exec(_code(f"def made({', '.join(arguments)}):\n    return {body}"), names)
    made: Callable[..., Any] = names["made"]
    return made


@cache
def _code(source: str) -> CodeType:
    """The compiled text; the same text serves every system, each with names of its own."""
    return compile(source, "<the table of operations>", "exec")


def _times(root: Node, tail: str, names: dict[str, Any], system: Functions) -> str:
    """The product of an expression and ``tail``, taken into the branches of ``where``; a literal 0 gives ``None``.

    A quotient is multiplied above its line: ``(y*d)/b``, since ``y/b`` alone may leave the range of doubles where the product
    does not (the second derivative of ``log(exp(x))`` at 400); and so may ``y*d``, which a system of floats makes up for.
    """
    if root == Number(0):
        return "None"
    if root == Number(1):
        return tail
    if root == Call("neg", (Number(1),)):
        return f"(-{tail})"
    if isinstance(root, Call) and root.op == "where":
        condition, taken, other = root.args
        a, b = _times(taken, tail, names, system), _times(other, tail, names, system)
        return f"select({_source(condition, names, system)}, lambda: {a}, lambda: {b})"
    if quotient(root):
        below = _source(root.args[1], names, system)
        if system.times_over is not None and not quotient(root.args[0]):
            names["f_times_over"] = system.times_over
            return f"f_times_over({_source(root.args[0], names, system)}, {tail}, {below})"
        above = _times(root.args[0], tail, names, system)
        names["f_div"] = system.function("div")
        return f"f_div({above}, {below})"
    if negated_square(root):
        return f"(-{_times(root.args[0], tail, names, system)})"
    if squared(
        root
    ):  # a square alone may leave the range of doubles where its product with the tail does not
        return f"((s := {_source(root.args[0], names, system)})*(s*{tail}))"
    return f"({_source(root, names, system)}*{tail})"


def squared(root: Node) -> TypeGuard[Call]:
    """Whether what an expression is multiplied with may be multiplied twice with its root instead: ``sech(a)^2``."""
    return (
        isinstance(root, Call)
        and root.op == "pow"
        and isinstance(root.args[0], Call)
        and root.args[1] == Number(2)
    )


def negated_square(root: Node) -> TypeGuard[Call]:
    """The same with a minus before it: ``-csch(a)^2``."""
    return isinstance(root, Call) and root.op == "neg" and squared(root.args[0])


def quotient(root: Node) -> TypeGuard[Call]:
    """Whether what an expression is multiplied with may stand above a line."""
    return isinstance(root, Call) and root.op == "div" and not _chosen(root.args[0])


def _chosen(root: Node) -> bool:
    return root == Number(0) or (isinstance(root, Call) and root.op == "where")


def _source(root: Node, names: dict[str, Any], system: Functions) -> str:
    if isinstance(root, Name):
        return root.name
    if isinstance(root, Number | Constant):
        key = f"k{len(names)}"
        if system.settled:
            names[key] = system.own_constant(root)
            return key
        names[key] = partial(system.own_constant, root)
        return f"{key}()"
    assert isinstance(root, Call)
    if root.op == "where":
        condition, taken, other = [_source(a, names, system) for a in root.args]
        return f"select({condition}, lambda: {taken}, lambda: {other})"
    args = [_source(a, names, system) for a in root.args]
    sign = infix(root.op)
    if sign and not compares(root.op):  # which balls do by functions of their own
        return f"({args[0]}{sign}{args[1]})"
    if root.op == "neg":
        return f"(-{args[0]})"
    key = f"f_{root.op}"
    names[key] = system.function(root.op)
    return f"{key}({', '.join(args)})"
