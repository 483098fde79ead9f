"""A correction in words: what stands in the source, what should, where."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from calcgrad.checking.diagnosing.correcting.correction import Correction
from calcgrad.checking.diagnosing.correcting.program import Site, place_of
from calcgrad.checking.diagnosing.correcting.putting import HERE
from calcgrad.checking.diagnosing.factors import named_factor
from calcgrad.report.places import SourceRange

_LONGEST = 72


def told(correction: Correction, sizes: Iterable[tuple[int, str]]) -> tuple[str, str, SourceRange]:
    """The cause, the sentence, ```dz = y - p` should be `dz = p - y` (model.py, line 12)``, and the place of what is wrong."""
    old, new = _texts(correction)
    place = _range(correction.site)
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
        return cause, f"`{old}` should not be there ({where})", place
    if correction.also:
        more = f", {len(correction.also) + 1} times in its statement" if new.isidentifier() else more
    return cause, f"`{old}` should be `{new}` ({where}){more}", place


def _range(site: Site) -> SourceRange:
    """The place in its file; its line alone where the source is not what stands there."""
    file, node = site.code.co_filename, site.place.node
    line, last = node.lineno, node.end_lineno or node.lineno
    texts = [linecache.getline(file, number).encode() for number in range(line, last + 1)]
    start, end = node.col_offset, node.end_col_offset or 0
    piece = b"".join([*texts[:-1], texts[-1][:end]])[start:]
    try:
        is_there = ast.unparse(ast.parse(b"(" + piece + b")")) == ast.unparse(node)
    except (SyntaxError, ValueError):
        is_there = ast.unparse(node).split() == piece.decode(errors="replace").split()
    if not is_there:
        return SourceRange.of(file, line)
    columns = [
        len(text[:at].decode(errors="replace")) + 1 for text, at in ((texts[0], start), (texts[-1], end))
    ]
    return SourceRange.of(
        file, line, columns[0], last, columns[1], texts[0].decode(errors="replace").rstrip()
    )


def _texts(correction: Correction) -> tuple[str, str]:
    """Before and after: the statement, or the largest part of it around the place that is short enough."""
    place = correction.site.place
    new: Any = _with_value(correction.new, place.node)
    changed = {id(site.place.node): new for site in (correction.site, *correction.also)}
    for part in _around(place.around, place.node):
        if isinstance(part, (ast.expr, *_SIMPLE)):
            texts = _line(part), _line(deepcopy(part, dict(changed)))
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
