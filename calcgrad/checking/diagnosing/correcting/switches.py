"""A definition compiled once with all of its changes in it, one of which is switched on at a time.

``E`` becomes ``E if at != 7 else (A if which == 0 else B if which == 1 … else put(E))``: ``at`` and ``which`` are cells that the
search sets, ``put`` hands the value to what the search wants to do with it. A statement becomes an ``if`` of the same kind. What is
called goes through ``hand``, so that functions below are such ones too; a ``while`` asks ``more`` each time, which ends a loop
that a change made endless.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from copy import copy, deepcopy
from types import CodeType
from typing import Any

from calcgrad.checking.diagnosing.correcting.kinds import Edit
from calcgrad.checking.diagnosing.correcting.places import Place
from calcgrad.rewriting.functions import recompiled
from calcgrad.rewriting.sources import Found

#: The names that the compiled code reads; no program of a user's has such ones.
HAND, PUT, MORE, AT, WHICH = (f"__calcgrad_{name}__" for name in ("hand", "put", "more", "at", "which"))


def switched(
    code: CodeType, found: Found, listed: Mapping[int, tuple[int, Place, Sequence[Edit]]]
) -> CodeType:
    """The code with these places (by the identity of the node): each with its number and its changes."""
    return recompiled(code, found, _Switches(listed).rebuilt, (HAND, PUT, MORE, AT, WHICH))


class _Switches:
    def __init__(self, listed: Mapping[int, tuple[int, Place, Sequence[Edit]]]) -> None:
        self._listed = listed

    def rebuilt(self, node: Any) -> Any:
        """The node with its parts rebuilt; the old one stays as it is."""
        new = copy(node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                setattr(new, name, [self.rebuilt(v) if isinstance(v, ast.AST) else v for v in value])
            elif isinstance(value, ast.AST):
                setattr(new, name, self.rebuilt(value))
        if isinstance(node, ast.While):
            new.test = ast.BoolOp(ast.And(), [ast.Call(_name(MORE), [], []), new.test])
        found = self._listed.get(id(node))
        if found is not None:
            number, place, edits = found
            new = self._statement(node, new, number, edits) if place.role == "statement" else (
                self._expression(node, new, number, place, edits)
            )  # fmt: skip
        if isinstance(node, ast.Call):  # the callee went through its own switch above
            inner = new if isinstance(new, ast.Call) else new.body
            inner.func = ast.Call(_name(HAND), [inner.func], [])
        return ast.copy_location(new, node) if hasattr(node, "lineno") else new

    @staticmethod
    def _expression(node: Any, new: ast.expr, number: int, place: Place, edits: Sequence[Edit]) -> ast.expr:
        chain: ast.expr = deepcopy(node)
        if place.role != "callee":
            chain = ast.Call(_name(PUT), [chain], [])
        for which in reversed(range(len(edits))):
            edited: Any = deepcopy(edits[which].new)
            chain = ast.IfExp(_is(WHICH, ast.Eq(), which), edited, chain)
        return ast.IfExp(_is(AT, ast.NotEq(), number), new, chain)

    @staticmethod
    def _statement(node: Any, new: Any, number: int, edits: Sequence[Edit]) -> ast.stmt:
        chain: ast.stmt = deepcopy(node)
        for which in reversed(range(len(edits))):
            edited: Any = deepcopy(edits[which].new)
            if isinstance(edited, ast.Assign):
                for target in edited.targets:
                    _stored(target)
            elif isinstance(edited, ast.AugAssign):
                _stored(edited.target)
            chain = ast.If(_is(WHICH, ast.Eq(), which), [edited], [chain])
        return ast.If(_is(AT, ast.NotEq(), number), [new], [chain])


def _name(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _is(name: str, op: ast.cmpop, number: int) -> ast.expr:
    return ast.Compare(_name(name), [op], [ast.Constant(number)])


def _stored(target: Any) -> None:
    target.ctx = ast.Store()
