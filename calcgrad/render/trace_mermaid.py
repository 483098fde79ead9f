"""A graph in the language of mermaid, which documents in Markdown draw."""

from __future__ import annotations

from calcgrad.explaining.graph import TraceReport
from calcgrad.render import Style
from calcgrad.render.graphs import drawing

_BRACKETS = {"input": ("([", "])"), "step": ("[", "]"), "output": ("((", "))")}


def render(report: TraceReport, style: Style, unicode: bool = False) -> str:
    """A flowchart from left to right; the local partials stand on the arrows."""
    found = drawing(report)
    names = {node.name: f"n{k}" for k, node in enumerate(found.nodes)}
    lines = ["flowchart LR"]
    for node in found.nodes:
        left, right = _BRACKETS[node.kind]
        said = "<br>".join(map(_escaped, [node.title, *node.lines]))
        lines.append(f'  {names[node.name]}{left}"{said}"{right}')
    for arrow in found.arrows:
        label = f'|"{_escaped(arrow.label)}"|' if arrow.label else ""
        lines.append(f"  {names[arrow.source]} -->{label} {names[arrow.target]}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Mermaid writes signs that it would read by their numbers."""
    return "".join(f"#{ord(c)};" if c in '#&<>"`' else c for c in text)
