"""The renderers of the reports of ``explaining/``: which module draws which report in which format."""

from __future__ import annotations

import importlib
from collections.abc import Callable

#: ``(command, format)`` -> the module under ``calcgrad.render`` with ``render(report, style, unicode)``.
MODULES = {
    ("steps", "text"): "steps",
    ("steps", "json"): "steps_json",
}


def formats(command: str) -> tuple[str, ...]:
    """The formats that a command's report has."""
    return tuple(format for name, format in MODULES if name == command)


def renderer(command: str, format: str) -> Callable[..., str]:
    """The renderer of a command's report in a format; imported when first asked for."""
    found: Callable[..., str] = importlib.import_module(f"calcgrad.render.{MODULES[command, format]}").render
    return found
