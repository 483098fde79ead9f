"""The colours of pages and of graphs, by what they are for, on light and on dark ground.

``WRITTEN`` and ``DRAWN`` say which of them stand on which, so that a test can reckon every contrast that a reader meets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class Shade(NamedTuple):
    """A colour on light and on dark ground."""

    light: str
    dark: str


SHADES: Mapping[str, Shade] = {
    "ground": Shade("#ffffff", "#0d1117"),
    "text": Shade("#1b1f24", "#e6edf3"),
    "muted": Shade("#57606a", "#9da7b3"),
    "faint": Shade("#d0d7de", "#30363d"),
    "accent": Shade("#0550ae", "#79c0ff"),
    "back": Shade("#9a3412", "#ffa657"),
    "wrong": Shade("#b3261e", "#ff8a80"),
    "lit": Shade("#fff3c4", "#3d3200"),
    "box": Shade("#f6f8fa", "#161b22"),
    "input": Shade("#ddf4ff", "#0c2d4a"),
    "output": Shade("#fff8c5", "#3b2e04"),
    "output-edge": Shade("#7d5300", "#e3b341"),
}
#: White words on a ground of one colour, in the light and in the dark: the verdict.
BADGES: Mapping[str, str] = {"good": "#1a7f45", "bad": "#c93434", "open": "#9a6700"}
#: Curves and what stands on them: of middle lightness, seen on white and on black; told apart by dashes too.
CURVES = ("#2f7fd1", "#c2571a", "#2a8f5b", "#a04fb5", "#8a7a00")
MARK, POINT = "#9a6700", "#c93434"
#: Words on a ground, by the names of their shades.
WRITTEN = (
    *[(ink, "ground") for ink in ("text", "muted", "accent", "back", "wrong")],
    *[(ink, ground) for ink in ("text", "muted") for ground in ("box", "input", "output")],
    *[(ink, "lit") for ink in ("text", "accent", "back", "muted")],
)
#: Lines that must be seen on a ground; the grid of a chart is there for those who look for it.
DRAWN = tuple([(ink, "ground") for ink in ("muted", "accent", "back", "output-edge")])


#: Where the screen is dark.
DARK = "@media screen and (prefers-color-scheme: dark)"
_SHADE = re.compile(r"var\(--([a-z-]+)\)")


def variables() -> str:
    """The shades as variables of a page's CSS: those of the dark where the reader's screen is dark; paper is light.

    >>> variables()[:26]
    ':root { --ground: #ffffff;'
    """
    light, dark = (
        "; ".join(f"--{name}: {getattr(shade, side)}" for name, shade in SHADES.items())
        for side in Shade._fields
    )
    return f":root {{ {light}; }}\n{DARK} {{ :root {{ {dark}; }} }}"


def alone(style: str) -> str:
    """CSS of a picture that is a file of its own: with the colours themselves, since many programs know no variables.

    >>> print(alone("text { fill: var(--text); }"))
    text { fill: #1b1f24; }
    @media screen and (prefers-color-scheme: dark) { text { fill: #e6edf3; } }
    """
    light = _SHADE.sub(lambda found: SHADES[found[1]].light, style)
    dark = _SHADE.sub(lambda found: SHADES[found[1]].dark, style)
    return f"{light}\n{DARK} {{ {dark} }}"
