"""What each kind of word looks like on a terminal: one theme of styles, named by meaning, read by all that draws there.

The colours are the eight that every terminal has, so that they follow its own palette, dark or light.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console

HEADING: Final = "heading"
NAME: Final = "name"
MUTED: Final = "muted"
GOOD: Final = "good"
BAD: Final = "bad"
UNSURE: Final = "unsure"
ERROR: Final = "error"
WARNING: Final = "warning"
PLACE: Final = "place"
ADVICE: Final = "advice"

STYLES = {
    HEADING: "bold",
    NAME: "cyan",  # of a function or a derivative where it is defined
    MUTED: "dim",
    GOOD: "green",
    BAD: "red",
    UNSURE: "yellow",
    ERROR: "bold red",
    WARNING: "bold yellow",
    PLACE: "bold blue",  # the gutter of an excerpt
    ADVICE: "bold cyan",
}


def paint(text: str, style: str, color: bool) -> str:
    """The text as a terminal shows it in one of the ``STYLES``; as it is without ``color``, or without a style.

    >>> paint("agree", GOOD, True), paint("agree", GOOD, False)
    ('\\x1b[32magree\\x1b[0m', 'agree')
    """
    if not (color and style and text):
        return text
    from rich.color import ColorSystem

    return console().get_style(style).render(text, color_system=ColorSystem.STANDARD)


def highlighted(code: str) -> str:
    """A line of Python with the colours of an editor, from the terminal's own palette."""
    from rich.color import ColorSystem
    from rich.style import Style
    from rich.syntax import Syntax

    text = Syntax("", "python", theme="ansi_dark").highlight(code)
    text.rstrip()
    written = []
    for segment in text.render(console(), end=""):
        style = segment.style and Style(color=segment.style.color, bold=segment.style.bold)
        written.append(
            style.render(segment.text, color_system=ColorSystem.STANDARD) if style else segment.text
        )
    return "".join(written)


@cache
def console() -> Console:
    """Rich's console with our theme, which lays text out and knows the styles; it writes nowhere."""
    import io

    from rich.console import Console
    from rich.theme import Theme

    theme = Theme(dict(STYLES), inherit=False)
    return Console(file=io.StringIO(), theme=theme, color_system="standard", force_terminal=True, width=80)
