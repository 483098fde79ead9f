"""Answers the request ``differentiate``: formulas, exact values, and values to many digits. Runs in the worker.

The answer is filled as it goes, the surest part first, so that what was found stands when the time is up.
"""

from __future__ import annotations

import time
from typing import Any

import sympy

from calcgrad.expression.nodes import Flat
from calcgrad.sympy_process.building import (
    build,
    build_outputs,
    double_value,
    exact_value,
    is_double,
    is_vector,
    symbol,
)
from calcgrad.sympy_process.deadlines import OutOfTime, limited
from calcgrad.sympy_process.evaluating import Value, evaluate, point_of, singular_at, suspects
from calcgrad.sympy_process.forms import shortest, simplified, size, tractable
from calcgrad.sympy_process.spelling import NoCounterpart, length, spell

_EXACT_SECONDS = 0.05
_EXACT_FROM = 200
_EXACT_LENGTH = 60
_UNANSWERED = (
    sympy.Derivative,
    sympy.Subs,
    sympy.Integral,
    sympy.DiracDelta,
    sympy.core.function.AppliedUndef,
)


class NoDerivative(Exception):
    """SymPy has no closed form of this derivative; the message says what is left over."""


class Derivatives:
    """The derivatives of one expression; a mixed or higher one starts from the lower ones, each made once."""

    def __init__(self, expression: Any) -> None:
        self._known: dict[tuple[str, ...], Any] = {(): expression}

    def __getitem__(self, wrt: tuple[str, ...]) -> Any:
        start = next(k for k in range(len(wrt), -1, -1) if wrt[:k] in self._known)
        found = self._known[wrt[:start]]
        for k in range(start, len(wrt)):
            found = found.diff(symbol(wrt[k]))
            self._known[wrt[: k + 1]] = found
        if left := found.atoms(*_UNANSWERED):
            name = type(min(left, key=str)).__name__
            raise NoDerivative(f"SymPy has no closed form of this derivative ({name} is left over)")
        return found


def answer(request: dict[str, Any], reply: dict[str, Any]) -> None:
    """Fill ``reply`` with formulas (an output and a ``wrt`` each) and, point by point, values and derivatives."""
    flat: Flat = [tuple(entry) for entry in request["root"]]
    wrts = [tuple(wrt) for wrt in request["wrt"]]
    functions = [Derivatives(e) for e in build_outputs(flat)]
    judged = functions
    if not all(is_double(*entry[1:]) for entry in flat if entry[0] == "number"):
        judged = [Derivatives(e) for e in build_outputs(flat, double_value)]
    vector = is_vector(flat)
    entries = [(k, wrt) for k in range(len(functions)) for wrt in wrts]
    reply["outputs"] = len(functions) if vector else None
    reply["formulas"] = [_formula(functions[k], k if vector else None, wrt) for k, wrt in entries]
    reply["points"] = []
    for point in request["points"]:
        reply["points"].append(_at_point(judged, entries, point, request["digits"]))
    _finish(functions, entries, request, reply)


def _formula(derivatives: Derivatives, output: int | None, wrt: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {"output": output, "wrt": wrt}
    try:
        form = shortest(derivatives[wrt])
    except NoDerivative as error:
        return found | {"status": "none", "note": str(error)}
    except OutOfTime:
        raise
    except Exception as error:  # said to the user: the note of the answer
        return found | {"status": "none", "note": failure(error)}
    return found | {"status": "ok", **_written(form)}


def _written(form: Any) -> dict[str, Any]:
    try:
        return {"root": spell(form)}
    except NoCounterpart as error:
        return {"text": str(form), "note": f"in SymPy's own words: the language here has no {error}"}


def _at_point(
    functions: list[Derivatives], entries: list[tuple[int, tuple[str, ...]]], point: dict[str, str], digits: int
) -> dict[str, Any]:
    at = point_of(point)
    values = [_value(f, (), at, digits) for f in functions]
    return {"values": values, "derivatives": [_value(functions[k], wrt, at, digits) for k, wrt in entries]}


def _value(derivatives: Derivatives, wrt: tuple[str, ...], at: dict[Any, Any], digits: int) -> Value:
    try:
        value = evaluate(derivatives[wrt], at, digits)
        unsmooth = singular_at(suspects(derivatives[()]), at) if wrt else None
    except NoDerivative as error:
        return Value("none", note=str(error))
    except Exception as error:  # said to the user: the note of the value
        return Value("none", note=failure(error))
    return value._replace(status="singular", note=unsmooth) if unsmooth else value


def _finish(
    functions: list[Derivatives],
    entries: list[tuple[int, tuple[str, ...]]],
    request: dict[str, Any],
    reply: dict[str, Any],
) -> None:
    """What is nice to have: exact values at exact points, and a shorter form of a long formula."""
    exact_points = [_exact_point(p) for p in request.get("exact", [])]
    stop = time.monotonic() + request["tidy"]
    for (k, wrt), formula in zip(entries, reply["formulas"], strict=True):
        if formula["status"] != "ok":
            continue
        form = shortest(functions[k][wrt])
        for place, point in enumerate(exact_points):
            found = _exact(form, functions[k], point)
            reply["points"][place].setdefault("exact", []).append(found)
        formula.update(_written(simplified(form, stop - time.monotonic())))


def _exact_point(coordinates: dict[str, Flat]) -> dict[Any, Any]:
    return {symbol(name): build([tuple(e) for e in flat], exact_value) for name, flat in coordinates.items()}


def _exact(form: Any, functions: Derivatives, point: dict[Any, Any]) -> Flat | None:
    """The derivative at the exact point as a short expression, or ``None`` where that is not cheap or not finite."""
    if size(form) > _EXACT_FROM or not tractable(form):
        return None
    try:
        value = limited(_EXACT_SECONDS, lambda: form.subs(point, simultaneous=True))
        if not value.is_number or not value.is_real or singular_at(suspects(functions[()]), point):
            return None
        flat = spell(value)
    except (OutOfTime, NoCounterpart, ArithmeticError, AttributeError, RecursionError, TypeError, ValueError):
        return None
    return flat if length(flat) <= _EXACT_LENGTH else None


def failure(error: Exception) -> str:
    """Why SymPy failed, in words."""
    if isinstance(error, RecursionError):
        return "the expression is nested too deeply for SymPy"
    return f"SymPy failed: {type(error).__name__}: {error}"[:200]
