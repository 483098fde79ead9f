"""The graph of a trace as boxes and arrows, for the pictures that a browser or a program draws: dot, mermaid, SVG."""

from __future__ import annotations

from typing import NamedTuple

from calcgrad.explaining.graph import Slot, TraceReport
from calcgrad.render.figures import figure, shape, short
from calcgrad.render.formulas import text


class Node(NamedTuple):
    """A box: its name, what it is, the lines of figures in it, and its kind: ``input``, ``step`` or ``output``."""

    name: str
    title: str
    lines: tuple[str, ...]
    kind: str


class Arrow(NamedTuple):
    """An arrow from a box to a box, and the local partial on it."""

    source: str
    target: str
    label: str


class Drawing(NamedTuple):
    """What is to be drawn."""

    title: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


def drawing(report: TraceReport) -> Drawing:
    """The boxes and arrows of a report: a box a slot, or, where steps are folded, a box for each run of them."""
    if report.boxes:
        return _folded(report)
    nodes = [_node(slot) for slot in report.slots]
    arrows = [Arrow(e.source, e.target, _partial(e.partial, e.value)) for e in report.edges]
    return _with_outputs(report, nodes, arrows, {slot.name: slot.name for slot in report.slots})


def _with_outputs(
    report: TraceReport, nodes: list[Node], arrows: list[Arrow], home: dict[str, str]
) -> Drawing:
    for output in report.outputs:
        if output.slot is not None:
            nodes.append(Node(output.name, output.name, (), "output"))
            arrows.append(Arrow(home[output.slot], output.name, ""))
    return Drawing(report.parsed, tuple(nodes), tuple(arrows))


def _node(slot: Slot) -> Node:
    size = shape(slot.value)
    lines = [f"{slot.name} = {figure(slot.value)}" if not size else f"{slot.name}: {size}"]
    lines += [f"d{slot.name} = {figure(a.value)}" for a in slot.adjoints[:1] if not size]
    lines += [f"line {slot.where}"] if slot.where else []
    title = slot.label if slot.kind == "input" else _title(slot)
    return Node(slot.name, title, tuple(lines), slot.kind)


def _title(slot: Slot) -> str:
    found = text(slot.formula)
    return found if len(found) <= 28 else slot.label


def _partial(formula: object, value: float | None) -> str:
    return "" if formula is None or value is None else short(value)


def _folded(report: TraceReport) -> Drawing:
    """A box for each run of steps; arrows between runs, each once."""
    home = {name: box.name for box in report.boxes for name in box.slots}
    nodes: list[Node] = []
    by_name = {slot.name: slot for slot in report.slots}
    for box in report.boxes:
        kind = by_name[box.slots[0]].kind
        size = " x ".join(map(str, box.shape))
        count = f"{len(box.slots)} steps" if len(box.slots) > 1 else ""
        lines = [part for part in (size, count, f"line {box.where}" if box.where else "") if part]
        nodes.append(Node(box.name, box.title, tuple(lines), kind))
    seen = dict.fromkeys(
        (home[e.source], home[e.target]) for e in report.edges if home[e.source] != home[e.target]
    )
    return _with_outputs(report, nodes, [Arrow(a, b, "") for a, b in seen], home)
