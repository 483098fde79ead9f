"""Lines of equal height as JSON. ``calcgrad/schemas/plot-v1.json`` is its schema, with that of curves."""

from __future__ import annotations

from typing import Any

from calcgrad.explaining.contours import Arrow, ContoursReport
from calcgrad.render import Style
from calcgrad.render.json import plain, point_object, spread, warning_object


def render(report: ContoursReport, style: Style, unicode: bool = False) -> str:
    """The report as one object."""
    return spread(contract(report), style.ascii) + "\n"


def contract(report: ContoursReport) -> dict[str, Any]:
    """The report as the plain data of the contract."""
    land = report.landscape
    return {
        "schema": 1,
        "command": report.command,
        "input": report.input,
        "parsed": report.parsed,
        "variables": list(report.variables),
        "from": list(report.low),
        "to": list(report.high),
        "grid": {
            "xs": list(land.xs),
            "ys": list(land.ys),
            "heights": [[plain(h) for h in row] for row in land.heights],
        },
        "levels": [
            {"height": level.height, "lines": [[list(place) for place in line] for line in level.lines]}
            for level in land.levels
        ],
        "gradients": [_arrow(arrow) for arrow in report.arrows],
        "gradient": None if report.arrow is None else _arrow(report.arrow),
        "point": None if report.point is None else point_object(report.point),
        "warnings": [warning_object(w, report.input) for w in report.warnings],
    }


def _arrow(arrow: Arrow) -> dict[str, Any]:
    return {"at": list(arrow.at), "gradient": list(arrow.gradient)}
