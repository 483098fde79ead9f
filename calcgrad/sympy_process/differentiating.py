"""Answers the request ``differentiate``: formulas, exact values, and values to many digits. Runs in the
worker.

The answer is filled as it goes, the surest part first, so that what was found stands when the time is up.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import sympy

from calcgrad.expression.nodes import Flat
from calcgrad.phrases import listed
from calcgrad.sympy_process.building import (
    build,
    build_outputs,
    double_value,
    is_double,
    symbol,
)
from calcgrad.sympy_process.deadlines import OutOfTime, limited
from calcgrad.sympy_process.evaluating import evaluate, point_of
from calcgrad.sympy_process.forms import FAILURES, shortest, simplified, size, spelled, tractable
from calcgrad.sympy_process.questions import Value
from calcgrad.sympy_process.smoothness import singular_at, suspects
from calcgrad.sympy_process.spelling import NoCounterpartError, length, spell

_EXACT_SECONDS = 0.25
_EXACT_FROM = 200
_EXACT_LENGTH = 60
_LONGEST_NUMBER = 15  # digits beyond which a closed form tells an eye no more than the decimal beside it
_UNANSWERED = (
    sympy.Derivative,
    sympy.Subs,
    sympy.Integral,
    sympy.DiracDelta,
    sympy.core.function.AppliedUndef,
)


class NoDerivativeError(Exception):
    """SymPy has no closed form of this derivative; the message says what is left over, where that says something."""


class Derivatives:
    """The derivatives of one expression; a mixed or higher one starts from the lower ones, each made once."""

    def __init__(self, expression: Any) -> None:
        self._known: dict[tuple[str, ...], Any] = {(): expression}

    def __getitem__(self, wrt: tuple[str, ...]) -> Any:
        start = next(k for k in range(len(wrt), -1, -1) if wrt[:k] in self._known)
        found = self._known[wrt[:start]]
        for k in range(start, len(wrt)):
            if not hasattr(found, "diff"):  # a relation: SymPy's truth values have no derivative
                raise NoDerivativeError("a comparison has no formula for its derivative")
            found = found.diff(symbol(wrt[k]))
            self._known[wrt[: k + 1]] = found
        if left := found.atoms(*_UNANSWERED):
            raise NoDerivativeError("SymPy has no closed form of this derivative" + _left_over(left))
        return found


def _left_over(found: set[Any]) -> str:
    """What stands in a formula that is none, in words; a derivative itself says no more than that there is none."""
    kinds = {type(part) for part in found}
    words = {sympy.Integral: "an integral", sympy.DiracDelta: "an impulse"}
    named = [word for kind, word in words.items() if kind in kinds]
    return f" ({listed(named)} is left over)" if len(named) == len(kinds) == 1 else ""


def answer(request: dict[str, Any], reply: dict[str, Any]) -> None:
    """Fill ``reply`` with formulas, and point by point with values; entries are in the order output, then
    ``wrt``.
    """
    flat: Flat = [tuple(entry) for entry in request["root"]]
    functions = [Derivatives(e) for e in build_outputs(flat)]
    doubles = functions
    if not all(is_double(*entry[1:]) for entry in flat if entry[0] == "number"):
        doubles = [Derivatives(e) for e in build_outputs(flat, double_value)]
    wrts = [tuple(wrt) for wrt in request["wrt"]]
    formulas = reply["formulas"] = []
    forms = []
    for function in functions:
        for wrt in wrts:
            form, entry = _formula(function, wrt)
            formulas.append(entry)
            forms.append((function, form))
    points = reply["points"] = []
    for point in request["points"]:
        points.append({"values": [], "derivatives": []})
        _at_point(functions if request["written"] else doubles, wrts, point, request["digits"], points[-1])
    for point, given in zip(points, request["doubles"], strict=True):
        if given is not None:
            point["doubles"] = []
            point["doubles"].extend(_derivatives(doubles, wrts, point_of(given), request["digits"]))
    for point, exact in zip(points, request["exact"], strict=True):
        if exact is not None:
            at = {symbol(name): build([tuple(e) for e in coordinate]) for name, coordinate in exact.items()}
            point["exact"] = [_exact(form, function, at) for function, form in forms]
    _tidy(forms, formulas, request["tidy"])


def _formula(derivatives: Derivatives, wrt: tuple[str, ...]) -> tuple[Any, dict[str, Any]]:
    """The form to show, if there is one, and its entry in the answer."""
    try:
        form = shortest(derivatives[wrt])
    except NoDerivativeError as error:
        return None, {"status": "none", "note": str(error)}
    except Exception as error:  # said to the user: the note of the answer
        return None, {"status": "none", "note": failure(error)}
    borders = [pair for pair in map(_sides, _conditions(derivatives[()])) if pair is not None]
    return form, {"status": "ok", **_written(form), "borders": borders}


def _conditions(function: Any) -> list[Any]:
    """The relations on which the branches of a function turn."""
    found = {
        relation
        for piece in function.atoms(sympy.Piecewise)
        for _, condition in piece.args
        if condition not in (True, False)
        for relation in condition.atoms(sympy.core.relational.Relational)
    }
    return sorted(found, key=str)


def _sides(relation: Any) -> tuple[Flat, Flat] | None:
    """Both sides of a relation as trees, where the language has them."""
    left, right = spelled(relation.lhs), spelled(relation.rhs)
    return None if left is None or right is None else (left, right)


def _written(form: Any) -> dict[str, Any]:
    why = _unreal(form)
    if why is not None:
        return {"status": "none", "note": why}
    try:
        return {"root": spell(form)}
    except NoCounterpartError as error:
        return {"text": str(form), "note": f"in SymPy's own words: there is no {error} in the language here"}


def _unreal(form: Any) -> str | None:
    """Why a form is no formula of real numbers; ``None`` where it is one."""
    if form.has(sympy.zoo, sympy.nan):
        return "there is no formula: it would divide by zero everywhere"
    return "there is no real formula: its value is complex everywhere" if form.has(sympy.I) else None


def _tidy(forms: list[tuple[Derivatives, Any]], formulas: list[dict[str, Any]], seconds: float) -> None:
    """Shorter forms of long formulas, all within ``seconds``."""
    stop = time.monotonic() + seconds
    for (_, form), entry in zip(forms, formulas, strict=True):
        if form is None:
            continue
        shorter = simplified(form, stop - time.monotonic())
        if shorter is not form:
            entry.update({"status": "ok", **_written(shorter)})


def _at_point(
    functions: list[Derivatives],
    wrts: list[tuple[str, ...]],
    point: dict[str, Any],
    digits: int,
    reply: dict[str, list[Value]],
) -> None:
    at = point_of(point)
    for f in functions:
        reply["values"].append(_value(f, (), at, digits))
    reply["derivatives"].extend(_derivatives(functions, wrts, at, digits))


def _derivatives(
    functions: list[Derivatives], wrts: list[tuple[str, ...]], at: dict[Any, Any], digits: int
) -> Iterator[Value]:
    """The values one after another, so that those found stand when the time is up."""
    for f in functions:
        for wrt in wrts:
            yield _value(f, wrt, at, digits)


def _value(derivatives: Derivatives, wrt: tuple[str, ...], at: dict[Any, Any], digits: int) -> Value:
    if any(c.is_finite is False or c is sympy.nan for c in at.values()):
        return Value("none", note="the point is not finite")
    try:
        value = evaluate(derivatives[wrt], at, digits)
        if not wrt or value.text is None:
            return value
        unsmooth = singular_at(suspects(derivatives[()]), at)
    except NoDerivativeError as error:
        return Value("none", note=str(error))
    except Exception as error:  # said to the user: the note of the value
        return Value("none", note=failure(error))
    return value._replace(status="singular", note=unsmooth) if unsmooth else value


def _exact(form: Any, functions: Derivatives, point: dict[Any, Any]) -> Flat | None:
    """The derivative at the exact point as a short expression, or ``None`` where that is not cheap or not
    finite.
    """
    if form is None or size(form) > _EXACT_FROM or not tractable(form):
        return None
    try:
        value = limited(_EXACT_SECONDS, lambda: form.subs(point, simultaneous=True))
        if not value.is_number or not value.is_real or singular_at(suspects(functions[()]), point):
            return None
        flat = spell(value)
        if any(entry[0] == "number" and len(entry[1]) > _LONGEST_NUMBER for entry in flat):
            return None
    except (OutOfTime, NoCounterpartError, *FAILURES):
        return None
    return flat if length(flat) <= _EXACT_LENGTH else None


def failure(error: Exception) -> str:
    """Why SymPy failed, in words. Want of memory is for the worker to answer."""
    if isinstance(error, MemoryError):
        raise error
    if isinstance(error, RecursionError):
        return "the expression is nested too deeply for SymPy"
    return f"SymPy stopped at an error of its own, {type(error).__name__}"
