"""The renderers of the reports of ``explaining/``: which module draws which report in which format."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

#: ``(command, format)`` -> the module under ``calcgrad.render`` with ``render(report, style, unicode)``.
MODULES = {
    ("steps", "text"): "steps",
    ("steps", "json"): "steps_json",
    ("steps", "markdown"): "steps_markdown",
    ("steps", "latex"): "steps_latex",
    ("steps", "html"): "steps_html",
    ("practice", "text"): "practice",
    ("practice", "json"): "practice_json",
    ("practice", "markdown"): "practice_markdown",
    ("practice", "latex"): "practice_latex",
    ("practice", "html"): "practice_html",
}


def formats(command: str) -> tuple[str, ...]:
    """The formats that a command's report has."""
    return tuple(format for name, format in MODULES if name == command)


def renderer(command: str, format: str) -> Callable[..., str]:
    """The renderer of a command's report in a format; imported when first asked for."""
    found: Callable[..., str] = importlib.import_module(f"calcgrad.render.{MODULES[command, format]}").render
    return found


def _steps_text(report: Any) -> str:
    from calcgrad.render import Style
    from calcgrad.render.steps import render

    return render(report, Style(width=100)).rstrip("\n")


def _steps_html(report: Any) -> str:
    from calcgrad.render.steps_html import fragment

    return fragment(report)


def _practice_text(report: Any) -> str:
    from calcgrad.render import Style
    from calcgrad.render.practice import render

    return render(report, Style(width=100)).rstrip("\n")


def _practice_html(report: Any) -> str:
    from calcgrad.render.practice_html import fragment

    return fragment(report)


#: ``(name of a report's class, MIME type)`` -> what a program or a notebook is shown.
SHOWN: dict[tuple[str, str], Callable[[Any], str]] = {
    ("StepsReport", "text/plain"): _steps_text,
    ("StepsReport", "text/html"): _steps_html,
    ("PracticeReport", "text/plain"): _practice_text,
    ("PracticeReport", "text/html"): _practice_html,
}
