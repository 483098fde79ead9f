"""A graph in the language of graphviz."""

from __future__ import annotations

from calcgrad.explaining.graph import TraceReport
from calcgrad.render import Style
from calcgrad.render.graphs import drawing

_SHAPES = {"input": "ellipse", "step": "box", "output": "plaintext"}


def render(report: TraceReport, style: Style, unicode: bool = False) -> str:
    """A digraph from left to right; the local partials stand on the arrows."""
    found = drawing(report)
    lines = [
        "digraph calcgrad {",
        "  rankdir=LR;",
        f"  label={_quoted(found.title)};",
        '  node [fontname="sans-serif"]; edge [fontname="sans-serif", fontsize=10];',
    ]
    for node in found.nodes:
        said = _quoted("\n".join([node.title, *node.lines]))
        lines.append(f"  {_quoted(node.name)} [shape={_SHAPES[node.kind]}, label={said}];")
    for arrow in found.arrows:
        label = f" [label={_quoted(arrow.label)}]" if arrow.label else ""
        lines.append(f"  {_quoted(arrow.source)} -> {_quoted(arrow.target)}{label};")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
