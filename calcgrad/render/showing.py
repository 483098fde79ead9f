"""Reports that show themselves: printed, as one line, and in a notebook.

A kind of report is drawn by its view, a file in ``views`` with three functions: ``line(report)`` is what is said in one line,
``text(report, style)`` what the command prints, ``blocks(report)`` the same as a document.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from calcgrad.render import Style
from calcgrad.render import html as as_html
from calcgrad.render import latex as as_latex
from calcgrad.render import markdown as as_markdown
from calcgrad.render.views import VIEWS

#: The width of text that nobody gave a width.
WIDTH = 80


def view(report: Any) -> Any:
    """The view of a report."""
    return import_module(f"calcgrad.render.views.{VIEWS[type(report).__name__]}")


def text(report: Any) -> str:
    """What the command prints of it."""
    return str(view(report).text(report, Style(WIDTH))).rstrip("\n")


def line(report: Any) -> str:
    """One line, with the verdict."""
    return f"<{type(report).__name__} {view(report).line(report)}>"


def html(report: Any) -> str:
    """For a notebook."""
    return as_html.render(view(report).blocks(report))


def latex(report: Any) -> str:
    """For a paper that is made of a notebook."""
    return as_latex.written(view(report).blocks(report))


def markdown(report: Any) -> str:
    """For what shows neither."""
    return as_markdown.written(view(report).blocks(report))


def bundle(report: Any) -> dict[str, str]:
    """All that a notebook may choose from, by MIME type."""
    found = view(report)
    blocks = found.blocks(report)
    return {
        "text/plain": text(report),
        "text/html": as_html.render(blocks),
        "text/markdown": as_markdown.written(blocks),
        "text/latex": as_latex.written(blocks),
    }
