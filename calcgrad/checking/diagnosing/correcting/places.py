"""The places of a definition's source that can be changed: expressions that are read, plain statements, and the part they play.

A place is a node of the tree as it was parsed, which nobody changes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

Role = Literal["value", "index", "axis", "order", "exponent", "key", "callee", "statement"]

_AXES = frozenset(("axis", "axes"))
_PLAIN = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Expr)
#: Expressions with a syntax or a meaning of their own: nothing within is changed.
_CLOSED = (ast.JoinedStr, ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await)


@dataclass(frozen=True, slots=True)
class Place:
    """A node, the statement around it (itself for a statement, the expression for a lambda), and its part in it."""

    node: ast.expr | ast.stmt
    around: ast.stmt | ast.expr
    role: Role


def places(body: ast.stmt | ast.expr, names: Mapping[str, Any]) -> Iterator[Place]:
    """The places of a statement of a body, or of a lambda's expression; ``names`` are the module's.

    >>> [ast.unparse(p.node) for p in places(ast.parse("y = a[i] * 2").body[0], {})]
    ['y = a[i] * 2', 'a[i] * 2', 'a[i]', 'a', 'i', '2']
    """
    yield from _Walk(names).statement(body) if isinstance(body, ast.stmt) else _Walk(names).value(body, body)


class _Walk:
    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names

    def statement(self, node: ast.stmt) -> Iterator[Place]:
        if isinstance(node, _PLAIN):
            if _is_docstring(node):
                return
            if not isinstance(node, ast.Return):
                yield Place(node, node, "statement")
            for target in getattr(node, "targets", [getattr(node, "target", None)]):
                if isinstance(target, ast.Subscript):  # which entries are written
                    yield from self.value(target.slice, node, "index")
            if node.value is not None:
                yield from self.value(node.value, node)
            return
        for _, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.stmt):
                    yield from self.statement(child)
                elif isinstance(child, ast.ExceptHandler):
                    for inner in child.body:
                        yield from self.statement(inner)
                elif isinstance(child, ast.expr) and _is_read(child) and not isinstance(node, _DEFINING):
                    yield from self.value(child, node)

    def value(self, node: ast.expr, around: ast.stmt | ast.expr, role: Role = "value") -> Iterator[Place]:
        """An expression and what is in it."""
        if isinstance(node, _CLOSED) or self._is_module(node):
            return
        if isinstance(node, ast.Slice):
            for part in (node.lower, node.upper, node.step):
                if part is not None:
                    yield from self.value(part, around, "index")
            return
        if isinstance(node, ast.Tuple) and role == "index":
            for part in node.elts:
                yield from self.value(part, around, "index")
            return
        if isinstance(node, ast.Starred):
            yield from self.value(node.value, around, role)
            return
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and role == "value"):
            yield Place(node, around, role)
        yield from self._within(node, around, role)

    def _within(self, node: ast.expr, around: ast.stmt | ast.expr, role: Role) -> Iterator[Place]:
        if isinstance(node, ast.Call):
            yield from self._called(node, around)
        elif isinstance(node, ast.Subscript):
            yield from self.value(node.value, around)
            is_key = isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
            yield from self.value(node.slice, around, "key" if is_key else "index")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            yield from self.value(node.left, around)
            yield from self.value(node.right, around, "exponent")
        elif isinstance(node, ast.Lambda):
            yield from self.value(node.body, around)
        else:
            passed: Role = role if role in ("index", "axis", "exponent") else "value"
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    yield from self.value(child, around, passed)
                elif isinstance(child, ast.comprehension):
                    for part in (child.iter, *child.ifs):
                        yield from self.value(part, around)

    def _called(self, node: ast.Call, around: ast.stmt | ast.expr) -> Iterator[Place]:
        yield Place(node.func, around, "callee")
        if isinstance(node.func, ast.Attribute):
            yield from self.value(node.func.value, around)
        for argument in node.args:
            yield from self.value(argument, around)
        for keyword in node.keywords:
            role: Role = "axis" if keyword.arg in _AXES else "order" if keyword.arg == "order" else "value"
            yield from self.value(keyword.value, around, role)

    def _is_module(self, node: ast.expr) -> bool:
        """Whether an expression names a module: ``np``, ``scipy.special``."""
        while isinstance(node, ast.Attribute):
            node = node.value
            if isinstance(node, ast.Name) and isinstance(self._names.get(node.id), ModuleType):
                return False  # a constant of a module, as numpy.pi
        return isinstance(node, ast.Name) and isinstance(self._names.get(node.id), (ModuleType, type))


_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _is_read(node: ast.expr) -> bool:
    return not isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
