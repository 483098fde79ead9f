"""The renderers of the reports of ``explaining/``: which module draws which report in which format."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from calcgrad.render.views import VIEWS

#: ``(command, format)`` -> the module under ``calcgrad.render`` with ``render(report, style, unicode)``. What is not here is
#: written from the blocks of the command's view.
MODULES = {
    ("steps", "text"): "steps",
    ("steps", "json"): "steps_json",
    ("steps", "latex"): "steps_latex",
    ("steps", "html"): "steps_html",
    ("trace", "text"): "trace",
    ("trace", "json"): "trace_json",
    ("trace", "dot"): "trace_dot",
    ("trace", "mermaid"): "trace_mermaid",
    ("trace", "svg"): "trace_svg",
    ("trace", "html"): "trace_html",
    ("descend", "text"): "descend",
    ("descend", "json"): "descend_json",
    ("descend", "html"): "descend_html",
    ("nudge", "text"): "nudge",
    ("nudge", "json"): "nudge_json",
    ("nudge", "html"): "nudge_html",
    ("plot", "text"): "plot",
    ("plot", "json"): "plot_json",
    ("plot", "html"): "plot_html",
    ("contours", "text"): "contours",
    ("contours", "json"): "contours_json",
    ("contours", "html"): "contours_html",
    ("practice", "text"): "practice",
    ("practice", "json"): "practice_json",
    ("practice", "markdown"): "practice_markdown",
    ("practice", "latex"): "practice_latex",
    ("practice", "html"): "practice_html",
}


def name_of(report: Any) -> str:
    """What the renderers of a report are called: a command, or one of two kinds of picture of ``plot``."""
    return VIEWS[type(report).__name__]


def renderer(command: str, format: str) -> Callable[..., str]:
    """The renderer of a command's report in a format; imported when first asked for."""
    module = MODULES.get((command, format))
    if module is None:
        return _from_blocks(command, format)
    found: Callable[..., str] = importlib.import_module(f"calcgrad.render.{module}").render
    return found


def _from_blocks(command: str, format: str) -> Callable[..., str]:
    """A document or a page of what the command's view says."""
    view = importlib.import_module(f"calcgrad.render.views.{command}")

    def markdown(report: Any, style: Any, unicode: bool = False) -> str:
        from calcgrad.render.markdown import written

        return written(view.blocks(report))

    def html(report: Any, style: Any, unicode: bool = False) -> str:
        from calcgrad.render.html import written
        from calcgrad.render.page import command_of, page

        made = command_of(style.typed, report.command, report.input)
        return page(f"calcgrad {report.command} {report.input}", written(view.blocks(report)), made)

    return {"markdown": markdown, "html": html}[format]
