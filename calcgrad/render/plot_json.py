"""Plots as JSON. ``calcgrad/schemas/plot-v1.json`` is its schema."""

from __future__ import annotations

from typing import Any

from calcgrad.explaining.plot import Drawn, PlotReport
from calcgrad.render import Style
from calcgrad.render.json import plain, point_object, spread, warning_object


def render(report: PlotReport, style: Style, unicode: bool = False) -> str:
    """The report as one object."""
    return spread(contract(report), style.ascii) + "\n"


def contract(report: PlotReport) -> dict[str, Any]:
    """The report as the plain data of the contract."""
    t, d = report.tangent, report.difference
    return {
        "schema": 1,
        "command": report.command,
        "variable": report.variable,
        "from": report.low,
        "to": report.high,
        "heights": list(report.heights),
        "claim": report.claim,
        "difference": None if d is None else {"most": plain(d.most), "at": plain(d.at)},
        "tangent": None
        if t is None
        else {"x": t.x, "value": plain(t.value), "slope": plain(t.slope), "truth": t.truth},
        "point": None if report.point is None else point_object(report.point),
        "warnings": [warning_object(w, report.functions[0].input) for w in report.warnings],
        "functions": [_function(drawn) for drawn in report.functions],
    }


def _function(drawn: Drawn) -> dict[str, Any]:
    return {
        "input": drawn.input,
        "parsed": drawn.parsed,
        "more_places": drawn.more,
        "places": [
            {"x": s.x, "exact": s.exact, "verdict": s.kind, "note": s.note, "heights": list(s.heights)}
            for s in drawn.spots
        ],
        "curves": [
            {
                "name": c.name,
                "kind": c.kind,
                "order": c.order,
                "pieces": [[[plain(x), plain(y)] for x, y in piece] for piece in c.pieces],
            }
            for c in drawn.curves
        ],
    }
