"""SVG, written by hand: a document with a title, boxes with lines of text, and paths; readable in the light and in the dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from calcgrad.render.theme import alone

STYLE = """.calcgrad-graph text { font: 13px ui-monospace, "DejaVu Sans Mono", monospace; fill: var(--text); }
.calcgrad-graph .small { font-size: 11px; fill: var(--muted); }
.calcgrad-graph .label { font-size: 11px; fill: var(--accent); paint-order: stroke; stroke: var(--ground); stroke-width: 4px; }
.calcgrad-graph .box { fill: var(--box); stroke: var(--muted); }
.calcgrad-graph .input { fill: var(--input); stroke: var(--accent); }
.calcgrad-graph .output { fill: var(--output); stroke: var(--output-edge); }
.calcgrad-graph .line { fill: none; stroke: var(--muted); stroke-width: 1.3; }
.calcgrad-graph .head { fill: var(--muted); }"""


def document(width: float, height: float, title: str, parts: Sequence[str], backdrop: bool = True) -> str:
    """A document of this size around its parts; ``title`` is what is read out.

    Without ``backdrop`` it stands in a page: it is transparent, and its colours are the page's.

    >>> document(10, 10, "a < b", []).startswith('<svg xmlns="http://www.w3.org/2000/svg" class="calcgrad-graph" width="10"')
    True
    """
    ground = '<rect class="ground" width="100%" height="100%"/>' if backdrop else ""
    style = alone(STYLE + "\n.calcgrad-graph .ground { fill: var(--ground); }") if backdrop else STYLE
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="calcgrad-graph" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(title, quote=True)}">'
    )
    marker = (
        '<defs><marker id="calcgrad-head" viewBox="0 0 8 8" refX="7.5" refY="4" markerUnits="userSpaceOnUse" '
        'markerWidth="9" markerHeight="9" orient="auto">'
        '<path class="head" d="M0 0 L8 4 L0 8 z"/></marker></defs>'
    )
    return "\n".join(
        [
            head,
            f"<title>{escape(title)}</title>",
            f"<style>{style}\n</style>",
            marker,
            ground,
            *parts,
            "</svg>",
        ]
    )


def box(
    x: float, y: float, width: float, height: float, kind: str, lines: Sequence[str], name: str = ""
) -> str:
    """A rectangle with its upper left corner at ``x, y``, and lines of text in its middle; the first is the larger one."""
    middle, top = x + width / 2, y + height / 2 - 7.5 * (len(lines) - 1) + 4.5
    said = "".join(
        f'<text{" class=" + chr(34) + "small" + chr(34) if k else ""} x="{middle:.1f}" y="{top + 15 * k:.1f}" '
        f'text-anchor="middle">{escape(line)}</text>'
        for k, line in enumerate(lines)
    )
    marked = f' data-slot="{escape(name, quote=True)}"' if name else ""
    return (
        f'<g{marked}><rect class="box {kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="6"/>'
        f"{said}</g>"
    )


def arrow(points: Sequence[tuple[float, float]], label: str = "", bent: bool = True, name: str = "") -> str:
    """A line through the points with a head at its end; ``bent`` rounds it, otherwise the points are those of Bézier curves."""
    start, *rest = points
    d = f"M{start[0]:.1f} {start[1]:.1f}"
    if bent:
        for (x, y), (u, v) in zip(points, rest, strict=False):
            half = (x + u) / 2
            d += f" C{half:.1f} {y:.1f} {half:.1f} {v:.1f} {u:.1f} {v:.1f}"
    else:
        d += " C" + " ".join(f"{x:.1f} {y:.1f}" for x, y in rest)
    at = _middle(points)
    said = (
        f'<text class="label" x="{at[0]:.1f}" y="{at[1] + 4:.1f}" text-anchor="middle">{escape(label)}</text>'
        if label
        else ""
    )
    marked = f' data-edge="{escape(name, quote=True)}"' if name else ""
    return f'<g{marked}><path class="line" d="{d}" marker-end="url(#calcgrad-head)"/>{said}</g>'


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The middle of the last stretch of a line."""
    (x, y), (u, v) = points[-2], points[-1]
    return (x + u) / 2, (y + v) / 2
