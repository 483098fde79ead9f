"""Answers the request ``limit``. Runs in the worker.

SymPy's limits are sometimes wrong, so each is looked at from closer and closer by, in many digits.
"""

from __future__ import annotations

from typing import Any

import sympy

from calcgrad.expression.nodes import Flat
from calcgrad.sympy_process.building import build, symbol
from calcgrad.sympy_process.evaluating import evaluate
from calcgrad.sympy_process.forms import spelled
from calcgrad.sympy_process.questions import Value

_CLOSER = (20, 40, 80, 160)  # distances from the point, as powers of one half


def answer(request: dict[str, Any], reply: dict[str, Any]) -> None:
    """Fill ``reply`` with the limit's value, its tree, and whether values nearby approach it."""
    fixed = {symbol(name): build(_flat(node)) for name, node in request["fixed"].items()}
    function = build(_flat(request["root"])).subs(fixed)
    x, point = symbol(request["variable"]), build(_flat(request["point"]))
    side = request["side"]
    try:
        found = sympy.limit(function, x, point, side)
    except ValueError as error:
        reply["value"] = Value("none", note=f"there is no limit: {error}")
        return
    if isinstance(found, sympy.AccumBounds):
        reply["value"] = Value("none", note=f"it keeps moving between {found.min} and {found.max}")
    elif found.has(sympy.Limit) or not found.is_number:
        reply["value"] = Value("none", note="SymPy found no limit")
    else:
        reply["value"] = evaluate(found, {}, request["digits"])
        reply["root"] = spelled(found)
        reply["checked"] = all(_approaches(function, x, point, s, found) for s in side)


def _flat(entries: list[list[Any]]) -> Flat:
    return [tuple(entry) for entry in entries]


def _approaches(function: Any, x: Any, point: Any, side: str, limit: Any) -> bool:
    """Whether the distance to the limit shrinks (its size grows, for an infinite one) as the point comes
    near.
    """
    distances = []
    for power in _CLOSER:
        step = sympy.Rational(1, 2**power)
        near = 2**power if point.is_infinite else (point + step if side == "+" else point - step)
        value = function.evalf(30, subs={x: -near if point is -sympy.oo else near}, maxn=400)
        if not value.is_Float and not value.is_Rational:
            return False
        distances.append(1 / abs(value) if limit.is_infinite and value else abs(value - limit.evalf(60)))
    return bool(distances[-1] < 1e-20 or distances[-1] <= distances[0] / 2)
