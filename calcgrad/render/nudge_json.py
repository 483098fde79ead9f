"""Nudges as JSON. ``calcgrad/schemas/nudge-v1.json`` is its schema."""

from __future__ import annotations

from typing import Any

from calcgrad.explaining.fitting import Fit
from calcgrad.explaining.nudge import Nudged, NudgeReport
from calcgrad.explaining.quotients import QUOTIENTS
from calcgrad.render import Style
from calcgrad.render.json import plain, point_object, spread, warning_object


def render(report: NudgeReport, style: Style, unicode: bool = False) -> str:
    """The report as one object."""
    return spread(contract(report), style.ascii) + "\n"


def contract(report: NudgeReport) -> dict[str, Any]:
    """The report as the plain data of the contract."""
    return {
        "schema": 1,
        "command": report.command,
        "input": report.input,
        "parsed": report.parsed,
        "variables": list(report.variables),
        "variable": report.variable,
        "x": plain(report.x),
        "value": plain(report.value),
        "truth": report.truth,
        "noise": plain(report.noise),
        "warnings": [warning_object(w, report.input) for w in report.warnings],
        "methods": [_method(nudged) for nudged in report.methods],
        "point": point_object(report.point),
    }


def _method(nudged: Nudged) -> dict[str, Any]:
    t, best = nudged.truncation, nudged.best
    return {
        "method": nudged.method,
        "quotient": QUOTIENTS[nudged.method].written,
        "reason": nudged.reason,
        "truncation": None
        if t is None
        else {"power": t.power, "coefficient": t.coefficient, "order": t.order},
        "exact": nudged.exact,
        "falls": _fit(nudged.falls),
        "rises": _fit(nudged.rises),
        "best_step": None if best is None else best.step,
        "balance": nudged.balance,
        "rows": [
            {
                "step": row.step,
                "moved": plain(row.moved),
                "slope": plain(row.slope),
                "error": plain(row.error),
                "stuck": row.stuck,
            }
            for row in nudged.rows
        ],
    }


def _fit(fit: Fit | None) -> dict[str, Any] | None:
    return None if fit is None else {"size": fit.size, "power": fit.power, "points": fit.points}
