"""JSON: the contract, version 1. ``calcgrad/schemas/report-v1.json`` is its schema."""

from __future__ import annotations

import math
from functools import cache
from json import JSONEncoder, dumps
from typing import Any

from calcgrad.errors import Diagnostic
from calcgrad.render import Style
from calcgrad.report.derivatives import Derivative, PointReport, Report, Result, Truth

_WITHOUT_DERIVATIVE = frozenset({"kink", "jump", "infinite", "boundary", "undefined"})


def render(report: Report, style: Style) -> str:
    """The report as one object, a row a line."""
    return spread(contract(report), style.ascii) + "\n"


def contract(report: Report) -> dict[str, Any]:
    """The report as the plain data of the contract."""
    found: dict[str, Any] = {"schema": 1, "command": report.command}
    if report.id is not None:
        found["id"] = report.id
    return (
        found
        | {
            "input": report.input,
            "parsed": report.parsed,
            "variables": list(report.variables),
            "order": report.order,
            "warnings": [warning_object(w, report.input) for w in report.warnings],
            "derivatives": [_derivative(d) for d in report.derivatives],
            "points": [point_object(p) for p in report.points],
        }
        | _derivations(report)
    )


def _derivations(report: Report) -> dict[str, Any]:
    """The derivations, where they were asked for."""
    if report.derivation is None:
        return {}
    from calcgrad.render.derivation_json import derivation

    return {"derivation": [derivation(d) for d in report.derivation.derivations]}


def error_object(diagnostic: Diagnostic, id: Any = None) -> dict[str, Any]:
    """The object that stands in place of a report."""
    error = {
        "code": diagnostic.code,
        "message": diagnostic.message,
        "span": None if diagnostic.span is None else list(diagnostic.span),
        "hints": list(diagnostic.hints),
    }
    return {"schema": 1, **({} if id is None else {"id": id}), "error": error}


def line(found: dict[str, Any], ascii: bool = False) -> str:
    """An object on one line."""
    return _encoder(ascii).encode(found)


@cache
def _encoder(ascii: bool) -> JSONEncoder:
    return JSONEncoder(ensure_ascii=ascii, check_circular=False, allow_nan=False, separators=(", ", ": "))


def warning_object(warning: Diagnostic, text: str) -> dict[str, Any]:
    """A warning; its place, where that is in the text."""
    inside = warning.span is not None and warning.source in {None, text}
    return {
        "code": warning.code,
        "span": list(warning.span) if warning.span is not None and inside else None,
        "message": warning.message,
        "fix": warning.fix,
    }


def _derivative(d: Derivative) -> dict[str, Any]:
    found: dict[str, Any] = {"wrt": list(d.wrt), "formula": d.formula, "latex": d.latex}
    if d.note is not None:
        found["note"] = d.note
    return found | _place(d)


def point_object(p: PointReport) -> dict[str, Any]:
    """A point with its truth and its results."""
    found: dict[str, Any] = {"at": {name: plain(value) for name, value in p.at.items()}}
    if p.at_exact:
        found["at_exact"] = dict(p.at_exact)
    if p.value_written is not None:
        found["value_written"] = p.value_written
    return found | {
        "value": plain(p.value),
        "verdict": p.verdict,
        "conditioning": plain(p.conditioning),
        "explanation": list(p.explanation),
        "truth": [_truth(t) for t in p.truth],
        "results": [_result(r) for r in p.results],
    }


def _truth(t: Truth) -> dict[str, Any]:
    found: dict[str, Any] = {
        "wrt": list(t.wrt),
        "exact": t.exact,
        "value": t.value,
        "at_double": t.at_double,
        "certified": t.certified,
        "radius": t.radius,
        "verdict": t.verdict,
        "status": t.status,
        "note": t.note,
        "method": t.method,
        "digits": t.digits,
        "point_error": plain(t.point_error),
    }
    if t.verdict in _WITHOUT_DERIVATIVE:
        found |= {"left": plain(t.left), "right": plain(t.right)}
        if t.sides is not None:
            found["sides"] = t.sides
    if t.verdict == "removable" or t.limit is not None:
        found["limit"] = plain(t.limit)
    if t.other is not None:
        found["other"] = t.other
    return found | _place(t)


def _result(r: Result) -> dict[str, Any]:
    found: dict[str, Any] = {
        "method": r.method,
        "wrt": list(r.wrt),
        "value": plain(r.value),
        "abs_error": plain(r.abs_error),
        "rel_error": plain(r.rel_error),
        "ulps": plain(r.ulps),
        "error_bound": plain(r.error_bound),
        "step": plain(r.step),
        "evaluations": r.evaluations,
        "passes": r.passes,
        "seconds": plain(r.seconds),
        "status": r.status,
        "note": r.note,
    }
    if r.left is not None or r.right is not None:
        found |= {"left": plain(r.left), "right": plain(r.right)}
    return found | _place(r)


def _place(row: Derivative | Truth | Result) -> dict[str, list[int]]:
    found = {}
    if row.output is not None:
        found["output"] = list(row.output)
    if row.index is not None:
        found["index"] = list(row.index)
    return found


def plain(value: Any) -> Any:
    """A value as JSON can hold it: nan and the infinities are strings.

    >>> plain(0.5), plain(float("nan")), plain([1.0, float("-inf")])
    (0.5, 'nan', [1.0, '-inf'])
    """
    if value is None:
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {key: plain(v) for key, v in value.items()}
    return value


def spread(value: Any, ascii: bool = False, indent: str = "") -> str:
    """JSON for people too: what holds objects is spread over lines, the rest stays on one.

    >>> print(spread({"a": [1, 2], "b": [{"c": 1}]}))
    {
      "a": [1, 2],
      "b": [
        {"c": 1}
      ]
    }
    """
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not any(
        isinstance(i, dict) or (isinstance(i, list) and any(isinstance(j, dict) for j in i)) for i in items
    ):
        return dumps(value, ensure_ascii=ascii, allow_nan=False)
    inner = indent + "  "
    if isinstance(value, dict):
        lines = [f"{dumps(k, ensure_ascii=ascii)}: {spread(v, ascii, inner)}" for k, v in value.items()]
        opened, closed = "{", "}"
    else:
        lines = [spread(v, ascii, inner) for v in value]
        opened, closed = "[", "]"
    body = f",\n{inner}".join(lines)
    return f"{opened}\n{inner}{body}\n{indent}{closed}"
