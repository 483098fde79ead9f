"""The rewriting itself, of a syntax tree: calls are handed on, and what operators made is shown."""

from __future__ import annotations

import ast
from typing import Any

#: The names that the rewritten code calls; no program of a user's has such ones.
HAND, NEW = "__calcgrad_hand__", "__calcgrad_new__"

#: Objects that are called by brackets.
_BRACKETS = frozenset(("r_", "c_"))


class Calls(ast.NodeTransformer):
    """``f(a)`` becomes ``hand(f)(a)``, ``np.r_[a, b]`` becomes ``hand(np.r_)[a, b]``, ``a + b * c`` becomes ``new(a + b * c)``."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """What is called goes through ``hand``."""
        self.generic_visit(node)
        node.func = self._through(HAND, node.func)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """So does what is called by brackets."""
        self.generic_visit(node)
        name = getattr(node.value, "attr", getattr(node.value, "id", ""))
        if name in _BRACKETS and isinstance(node.ctx, ast.Load):
            node.value = self._through(HAND, node.value)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """What the outermost operator made is shown to ``new``; what is made on the way is nobody's."""
        return self._through(NEW, self._operands(node))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """``-x`` too; not ``-1``, which is a number, and ``not x``, which is a truth value."""
        if isinstance(node.op, ast.Not) or isinstance(node.operand, ast.Constant):
            self.generic_visit(node)
            return node
        return self._through(NEW, self._operands(node))

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        """``s *= a`` may bind ``s`` to something new."""
        node.value = self._inner(node.value)
        if not isinstance(node.target, ast.Name):
            self.generic_visit(node.target)
            return node
        name = ast.Name(node.target.id, ast.Load())
        shown = self._through(NEW, ast.copy_location(name, node.target))
        again = ast.Assign([ast.Name(node.target.id, ast.Store())], shown)
        return [node, ast.fix_missing_locations(ast.copy_location(again, node))]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """A decorator is called, too."""
        self.generic_visit(node)
        node.decorator_list = [self._through(HAND, d) for d in node.decorator_list]
        return node

    def _operands(self, node: ast.expr) -> ast.expr:
        """The same operator, with what is called below it handed on."""
        if isinstance(node, ast.BinOp):
            node.left, node.right = self._inner(node.left), self._inner(node.right)
        elif isinstance(node, ast.UnaryOp):
            node.operand = self._inner(node.operand)
        return node

    def _inner(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.BinOp | ast.UnaryOp):
            return self._operands(node)
        found: ast.expr = self.visit(node)
        return found

    @staticmethod
    def _through(name: str, node: ast.expr) -> ast.expr:
        called = ast.Call(ast.Name(name, ast.Load()), [node], [])
        return ast.fix_missing_locations(ast.copy_location(called, node))
