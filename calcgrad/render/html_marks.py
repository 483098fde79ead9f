"""The marks on a chart of a page: each kind has a shape of its own, so that none is told by its colour alone."""

from __future__ import annotations

import math
from html import escape

from calcgrad.render.charts import Point

#: A shape around the place where it stands, by the sign that the mark has among letters; hollow but for those of ``_FULL``.
_SHAPES = {
    "o": "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "P": "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "k": "m0-7l6 7-6 7-6-7z",
    "j": "m-5-5h10v10h-10z",
    "e": "m0-7l7 12h-14z",
    "v": "m0 7l7-12h-14z",
    "A": "m-5-5l10 10m0-10l-10 10",
}
_ANY, _FULL = "m-6 0h12m-6-6v12", ("P", "k")


def shape(sign: str, x: float, y: float, name: str = "") -> str:
    """A mark as SVG; its name shows where one points at it.

    >>> shape("o", 1, 2, "a<b")
    '<path class="mark" d="M1.0 2.0m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z"><title>a&lt;b</title></path>'
    """
    kind = "mark full" if sign in _FULL else "mark"
    title = f"<title>{escape(name)}</title>" if name else ""
    return f'<path class="{kind}" d="M{x:.1f} {y:.1f}{_SHAPES.get(sign, _ANY)}">{title}</path>'


def across(x: float, top: float, bottom: float, name: str = "") -> str:
    """A mark without a height: a line over the whole chart."""
    return f'<path class="mark across" d="M{x:.1f} {top}V{bottom}"><title>{escape(name)}</title></path>'


def arrow(start: Point, end: Point, strong: bool) -> str:
    """A direction: a line with a head of two strokes at its end."""
    (x, y), (u, v) = start, end
    length = math.hypot(u - x, v - y) or 1.0
    across, along = ((u - x) / length, (v - y) / length), (8.0 if strong else 4.5)
    sides = [
        (u - along * (across[0] * c - across[1] * s), v - along * (across[0] * s + across[1] * c))
        for c, s in ((0.85, 0.5), (0.85, -0.5))
    ]
    head = "".join(f"M{u:.1f} {v:.1f}L{a:.1f} {b:.1f}" for a, b in sides)
    return f'<path class="arrow{" strong" if strong else ""}" d="M{x:.1f} {y:.1f}L{u:.1f} {v:.1f}{head}"/>'
