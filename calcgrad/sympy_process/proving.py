"""Answers the request ``prove``: are two expressions the same function? Runs in the worker.

A point at which they differ refutes; a difference that SymPy rewrites to zero proves; agreement at points
alone proves nothing, and is said to be just that.
"""

from __future__ import annotations

from typing import Any

import sympy

from calcgrad.expression.nodes import Flat
from calcgrad.sympy_process.building import build_outputs
from calcgrad.sympy_process.deadlines import OutOfTime, limited
from calcgrad.sympy_process.evaluating import evalf, evaluate, point_of
from calcgrad.sympy_process.forms import FAILURES

_DIGITS = 30
_MOST_DIGITS = 100
_SHARE = 0.6  # of the request's time, for simplify
# Coordinates inside and outside the unit interval, of both signs; none is a zero of anything usual.
_STARTS = (0.7109375, 1.3828125, -0.5390625, 2.6171875, -1.7265625, 0.1484375, 5.2109375, -3.3515625)


def answer(request: dict[str, Any], reply: dict[str, Any]) -> None:
    """Fill ``reply`` with a verdict and why; for ``different`` with the point and both values."""
    sides: list[Flat] = [[tuple(e) for e in request[side]] for side in ("a", "b")]
    left, right = build_outputs(sides[0]), build_outputs(sides[1])
    if len(left) != len(right):
        reply |= {"verdict": "different", "why": f"one has {len(left)} outputs and the other {len(right)}"}
        return
    proofs = []
    for a, b in zip(left, right, strict=True):
        found = _prove(a, b, request["points"], request["limit"] * _SHARE / len(left))
        if found["verdict"] == "different":
            reply |= found
            return
        proofs.append(found)
    reply |= next((p for p in proofs if p["verdict"] == "unknown"), proofs[0])


def _prove(a: Any, b: Any, given: list[dict[str, str]], seconds: float) -> dict[str, Any]:
    difference = a - b
    if difference.is_zero:
        return {"verdict": "equal", "why": "both are the same expression"}
    names = sorted(s.name for s in a.free_symbols | b.free_symbols)
    agreed = 0
    for point in (*[p for p in given if p.keys() >= set(names)], *_own_points(names)):
        at = point_of(point)
        values = [evaluate(side, at, _DIGITS) for side in (a, b)]
        if not all(value.status in {"ok", "zero"} for value in values):
            continue
        if _differs(difference, at):
            left, right = (value.text for value in values)
            why = "their values differ at a point"
            return {"verdict": "different", "why": why, "point": point, "left": left, "right": right}
        agreed += 1
    if proof := _rewritten(difference, seconds):
        return {"verdict": "equal", "why": proof}
    if not agreed:
        return {"verdict": "unknown", "why": "no point was found at which both have a value"}
    points = "1 point" if agreed == 1 else f"{agreed} points"
    why = f"SymPy found no proof; they agree to {_MOST_DIGITS} digits at {points}"
    return {"verdict": "unknown", "why": why}


def _differs(difference: Any, at: dict[Any, Any]) -> bool:
    """Whether the difference at a point has a digit, and has it again when it is looked at more closely."""
    seen = evalf(difference, at, _DIGITS, _MOST_DIGITS)
    return (
        not seen.is_zero
        and seen.is_Float
        and seen._prec > 2
        and evaluate(difference, at, _DIGITS).status == "ok"
    )


def _own_points(names: list[str]) -> list[dict[str, str]]:
    starts = _STARTS if names else (0.0,)
    return [
        {name: (_STARTS[(i + 3 * k) % len(_STARTS)] + k * 0.0703125).hex() for k, name in enumerate(names)}
        for i in range(len(starts))
    ]


def _minimal_polynomial(number: Any) -> Any:
    """0 where that is the root of an algebraic number's minimal polynomial; the number itself otherwise."""
    x = sympy.Dummy("x")
    return sympy.S.Zero if sympy.minimal_polynomial(number, x) == x else number


def _rewritten(difference: Any, seconds: float) -> str | None:
    """How SymPy shows that the difference is 0, if it does."""
    steps: tuple[Any, ...] = (sympy.expand, sympy.together, sympy.simplify)
    if not difference.free_symbols and difference.is_algebraic:
        steps = (sympy.expand, _minimal_polynomial, sympy.simplify)
    for step in steps:
        try:
            zero = limited(seconds / len(steps), step, difference).is_zero
        except (OutOfTime, *FAILURES):
            continue
        if zero:
            return f"SymPy's {step.__name__.strip('_').replace('_', ' ')} of their difference is 0"
    return None
