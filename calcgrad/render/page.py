"""The frame of a web page: one file, no network, complete without a script, readable in the dark and on paper."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from html import escape

from calcgrad.render.html import STYLE
from calcgrad.render.page_style import PAGE
from calcgrad.version import __version__


def page(title: str, body: str, command: str = "") -> str:
    """A whole document around a body of HTML; ``title`` and ``command`` are texts, and are escaped.

    On paper everything that folds is open.

    >>> "<title>a &lt; b</title>" in page("a < b", "<p>hello</p>")
    True
    """
    made = (
        f"<footer>Made by <code>{escape(command)}</code>, calcgrad {__version__}</footer>" if command else ""
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n{STYLE}\n<style>{PAGE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n{made}\n</body>\n</html>\n"
    )


def command_of(typed: Sequence[str], *words: str) -> str:
    """The command that made a page: with the arguments as they were ``typed``, or, for a report of the library, the shortest one.

    >>> command_of((), "trace", "x*y"), command_of(("trace", "x*y", "--mode", "forward"), "trace", "x*y")
    ("calcgrad trace 'x*y'", "calcgrad trace 'x*y' --mode forward")
    """
    return shlex.join(["calcgrad", *(typed or words)])
