"""The marks on a chart of a page: each kind has a shape of its own, so that none is told by its colour alone."""

from __future__ import annotations

from html import escape

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
