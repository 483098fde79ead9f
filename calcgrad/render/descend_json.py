"""Descents as JSON. ``calcgrad/schemas/descend-v1.json`` is its schema."""

from __future__ import annotations

from typing import Any

from calcgrad.explaining.descend import DescendReport, Path
from calcgrad.render import Style
from calcgrad.render.json import plain, spread, warning_object


def render(report: DescendReport, style: Style, unicode: bool = False) -> str:
    """The report as one object."""
    return spread(contract(report), style.ascii) + "\n"


def contract(report: DescendReport) -> dict[str, Any]:
    """The report as the plain data of the contract."""
    c = report.curvature
    curvature = None
    if c is not None:
        curvature = {
            "value": plain(c.value),
            "least": plain(c.least),
            "everywhere": c.everywhere,
            "diverges_above": c.limit,
            "arrives_at": c.arrives,
        }
    return {
        "schema": 1,
        "command": report.command,
        "input": report.input,
        "parsed": report.parsed,
        "variables": list(report.variables),
        "moving": list(report.moving),
        "shapes": [list(shape) for shape in report.shapes],
        "numbers": report.numbers,
        "rule": report.rule,
        "rate": report.rate,
        "until": report.until,
        "curvature": curvature,
        "claim": report.claim,
        "passed_saddle": None if report.passed is None else report.passed.step,
        "warnings": [warning_object(w, report.input) for w in report.warnings],
        "path": _path(report.path),
        "claimed": None if report.claimed is None else _path(report.claimed),
    }


def _path(path: Path) -> dict[str, Any]:
    ending = path.ending
    return {
        "verdict": ending.kind,
        "near": plain(ending.at),
        "left": plain(ending.left),
        "right": plain(ending.right),
        "reason": ending.reason or None,
        "factor": plain(path.factor),
        "rows": [
            {
                "step": s.step,
                "at": [plain(x) for x in s.at],
                "loss": plain(s.loss),
                "gradient": [plain(g) for g in s.gradient],
                "length": plain(s.length),
                "seconds": s.seconds,
            }
            for s in path.stations
        ],
    }
