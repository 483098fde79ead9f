"""A graph as a picture file: boxes in layers from left to right, the local partials on the arrows."""

from __future__ import annotations

from calcgrad.explaining.graph import TraceReport
from calcgrad.render import Style, svg
from calcgrad.render.graphs import drawing
from calcgrad.render.layered import laid_out


def render(report: TraceReport, style: Style, unicode: bool = False) -> str:
    """The picture. Raises ``UsageError`` (E609) where nothing is installed that lays out a graph."""
    return picture(report) + "\n"


def picture(report: TraceReport, backdrop: bool = True) -> str:
    """The same for a page, which has a ground of its own (``backdrop``)."""
    found = drawing(report)
    laid = laid_out(found)
    parts = [
        svg.arrow(route, arrow.label, laid.bent, f"{arrow.source}-{arrow.target}")
        for arrow, route in zip(found.arrows, laid.routes, strict=True)
    ]
    for node in found.nodes:
        box = laid.boxes[node.name]
        parts.append(svg.box(*box, node.kind, [node.title, *node.lines], node.name))
    return svg.document(laid.width, laid.height, f"computation graph of {found.title}", parts, backdrop)
