"""Derivations as JSON. ``calcgrad/schemas/steps-v1.json`` is its schema."""

from __future__ import annotations

from typing import Any

from calcgrad.explaining.records import StepsReport
from calcgrad.render import Style
from calcgrad.render.derivation_json import derivation
from calcgrad.render.formulas import text
from calcgrad.render.json import point_object, spread, warning_object


def render(report: StepsReport, style: Style, unicode: bool = False) -> str:
    """The report as one object."""
    return spread(contract(report), style.ascii) + "\n"


def contract(report: StepsReport) -> dict[str, Any]:
    """The report as the plain data of the contract."""
    return {
        "schema": 1,
        "command": report.command,
        "input": report.input,
        "parsed": text(report.function),
        "variables": list(report.variables),
        "order": report.order,
        "detail": report.detail,
        "check": report.check,
        "warnings": [warning_object(w, report.input) for w in report.warnings],
        "derivations": [derivation(d) for d in report.derivations],
        "points": [point_object(p) for p in report.points],
    }
