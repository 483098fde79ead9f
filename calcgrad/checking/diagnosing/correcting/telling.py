"""A correction in words: what stands in the source, what should, where."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from calcgrad.checking.diagnosing.correcting.program import place_of
from calcgrad.checking.diagnosing.correcting.putting import HERE
from calcgrad.checking.diagnosing.correcting.searching import Correction
from calcgrad.checking.diagnosing.factors import named_factor

_LONGEST = 72


def told(correction: Correction, sizes: Iterable[tuple[int, str]]) -> tuple[str, str]:
    """The cause and the sentence: ```dz = y - p` should be `dz = p - y` (model.py, line 12)``."""
    old, new = _texts(correction)
    where = place_of(correction.site)
    cause, more = correction.cause, ""
    if correction.scale is not None and cause == "factor":
        value, error = correction.scale.value, correction.scale.error
        if abs(value) < 1e-9:
            cause = "missing-term"
        else:
            cause, named = named_factor(1.0 / value, error / value**2, sizes, "the right one")
            more = f": it is {named}" if cause in ("reduction", "unit", "log-base") else ""
    if isinstance(correction.new, ast.Pass):
        return cause, f"`{old}` should not be there ({where})"
    return cause, f"`{old}` should be `{new}` ({where}){more}"


def _texts(correction: Correction) -> tuple[str, str]:
    """Before and after: the statement, or the largest part of it around the place that is short enough."""
    place = correction.site.place
    new: Any = _with_value(correction.new, place.node)
    for part in _around(place.around, place.node):
        if isinstance(part, (ast.expr, *_SIMPLE)):
            texts = _line(part), _line(deepcopy(part, {id(place.node): new}))
            if max(map(len, texts)) <= _LONGEST:
                return texts
    return _cut(_line(place.node)), _cut(_line(new))


_SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Expr)


def _around(tree: ast.AST, node: ast.AST) -> list[ast.AST]:
    """The parts of a tree that a node is in, the largest first, the node last."""
    if tree is node:
        return [tree]
    for child in ast.iter_child_nodes(tree):
        found = _around(child, node)
        if found:
            return [tree, *found]
    return []


def _with_value(new: ast.AST, node: ast.AST) -> ast.AST:
    """The change with the place's own source where its value stands."""

    class Filled(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.AST:
            return deepcopy(node) if name.id == HERE else name

    filled: ast.AST = Filled().visit(deepcopy(new))
    return ast.fix_missing_locations(filled)


def _line(node: ast.AST) -> str:
    if isinstance(node, ast.stmt):
        return ast.unparse(ast.fix_missing_locations(node)).splitlines()[0]
    return ast.unparse(node)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
