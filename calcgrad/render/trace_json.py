"""A trace as JSON. ``calcgrad/schemas/trace-v1.json`` is its schema."""

from __future__ import annotations

from typing import Any

from calcgrad.explaining.graph import Adjoint, Box, Edge, Figure, Slot, TraceReport
from calcgrad.expression.nodes import Node
from calcgrad.render import Style
from calcgrad.render.formulas import text
from calcgrad.render.json import plain, point_object, spread, warning_object


def render(report: TraceReport, style: Style, unicode: bool = False) -> str:
    """The report as one object."""
    return spread(contract(report), style.ascii) + "\n"


def contract(report: TraceReport) -> dict[str, Any]:
    """The report as the plain data of the contract."""
    return {
        "schema": 1,
        "command": report.command,
        "input": report.input,
        "parsed": report.parsed,
        "variables": list(report.variables),
        "mode": report.mode,
        "depth": report.depth,
        "check": report.check,
        "faults": list(report.faults),
        "note": report.note or None,
        "warnings": [warning_object(w, report.input) for w in report.warnings],
        "constants": [{"name": name, "figure": _figure(found)} for name, found in report.constants],
        "slots": [_slot(report, slot) for slot in report.slots],
        "edges": [_edge(edge) for edge in report.edges],
        "outputs": [{"name": output.name, "slot": output.slot} for output in report.outputs],
        "forward": {"passes": report.forward.needed, "shown": list(report.forward.shown)},
        "backward": {"passes": report.backward.needed, "shown": list(report.backward.shown)},
        "boxes": [_box(box) for box in report.boxes],
        "points": [point_object(p) for p in report.points],
    }


def _figure(found: Figure) -> dict[str, Any]:
    return {
        "value": plain(found.value),
        "shape": list(found.shape),
        "norm": plain(found.norm),
        "digits": found.digits,
        "radius": found.radius,
        "proved": found.proved,
    }


def _slot(report: TraceReport, slot: Slot) -> dict[str, Any]:
    forward = zip(report.forward.shown, slot.tangents, strict=False)
    backward = zip(report.backward.shown, slot.adjoints, strict=False)
    return {
        "name": slot.name,
        "kind": slot.kind,
        "label": slot.label,
        "formula": text(slot.formula),
        "where": slot.where,
        "figure": _figure(slot.value),
        "tangents": [{"seed": seed, "figure": _figure(found)} for seed, found in forward],
        "adjoints": [_adjoint(output, adjoint) for output, adjoint in backward],
    }


def _adjoint(output: str, adjoint: Adjoint) -> dict[str, Any]:
    terms = [
        {
            "target": term.edge.target,
            "argument": term.edge.argument,
            "adjoint": _figure(term.adjoint),
            "product": _figure(term.product),
        }
        for term in adjoint.terms
    ]
    return {
        "output": output,
        "figure": _figure(adjoint.value),
        "seed": adjoint.seed,
        "holds": adjoint.holds,
        "terms": terms,
    }


def _edge(edge: Edge) -> dict[str, Any]:
    return {
        "source": edge.source,
        "target": edge.target,
        "argument": edge.argument,
        "partial": _text(edge.partial),
        "value": plain(edge.value),
        "pullback": _text(edge.pullback),
        "note": edge.note or None,
    }


def _text(formula: Node | None) -> str | None:
    return None if formula is None else text(formula)


def _box(box: Box) -> dict[str, Any]:
    return {
        "name": box.name,
        "title": box.title,
        "slots": list(box.slots),
        "shape": list(box.shape),
        "where": box.where,
    }
