"""The derivative of measured data: a row a time, with its band."""

from __future__ import annotations

from typing import Any

from calcgrad.inputs.sampled_data import DataReport
from calcgrad.phrases import figure, size
from calcgrad.render import Style
from calcgrad.render.layout import Row, grid, wrapped


def render(report: DataReport, style: Style) -> str:
    """The table for people."""
    d = report.derivative
    name = derivative_name(report)
    rows = [
        Row((figure(t, 10), figure(v, 10), figure(s), size(b)))
        for t, v, s, b in zip(d.t.tolist(), report.values, d.value.tolist(), d.band.tolist(), strict=True)
    ]
    table = grid((report.x, report.y, name, "±"), rows, style.width, style.color)
    lines = table or [f"{report.x} = {r.cells[0]}: {name} = {r.cells[2]} ± {r.cells[3]}" for r in rows]
    said = (
        f"{name} is the slope of a polynomial fitted to the nearest samples; it lies within ± at about 95 %, "
        f"with noise of about {size(d.noise)} in {report.y}."
    )
    return "\n".join([*lines, "", *wrapped(said, style.width)]) + "\n"


def derivative_name(report: DataReport) -> str:
    """``ds/dt``, or ``d2s/dt2``."""
    power = "" if report.order == 1 else str(report.order)
    return f"d{power}{report.y}/d{report.x}{power}"


def contract(report: DataReport) -> dict[str, Any]:
    """The report as plain data for JSON."""
    d = report.derivative
    columns = zip(
        d.t.tolist(), report.values, d.value.tolist(), d.band.tolist(), d.window.tolist(), strict=True
    )
    return {
        "schema": 1,
        "command": "diff",
        "data": report.file,
        "x": report.x,
        "y": report.y,
        "order": report.order,
        "noise": d.noise,
        "samples": [{"x": t, "y": v, "derivative": s, "band": b, "window": w} for t, v, s, b, w in columns],
    }
