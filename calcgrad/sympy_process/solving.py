"""Answers the request ``solve``: where is an expression of one variable 0? Runs in the worker."""

from __future__ import annotations

from typing import Any

import sympy

from calcgrad.sympy_process.building import build, symbol
from calcgrad.sympy_process.forms import spelled


def answer(request: dict[str, Any], reply: dict[str, Any]) -> None:
    """Fill ``reply`` with the real zeros that SymPy finds, as trees; ``roots`` is missing where it finds none for certain."""
    fixed = {symbol(name): build([tuple(e) for e in node]) for name, node in request["fixed"].items()}
    x = symbol(request["variable"])
    expression = build([tuple(e) for e in request["root"]]).subs(fixed)
    if expression.free_symbols - {x}:
        return
    found = sympy.solve(expression, x)
    trees = [spelled(root) for root in found if root.is_number and root.is_real]
    reply["roots"] = [tree for tree in trees if tree is not None]
