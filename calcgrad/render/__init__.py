"""Reports as text: one file a format, each with ``render(report, style)``. Renderers compute nothing."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from calcgrad.report.derivatives import Report

FORMATS = ("table", "plain", "json", "jsonl", "markdown", "csv", "latex", "html")
#: The file of a format that is not called after it.
_FILES = {"html": "diff_html"}


class Style(NamedTuple):
    """What the place that the text goes to can show; without a ``width`` a line may have any length.

    A ``draft`` is shown while the rest is computed: it has no verdict, and asks for nothing. ``typed`` are the
    arguments of the command line, where there was one.
    """

    width: int | None = 80
    color: bool = False
    ascii: bool = False
    draft: bool = False
    typed: tuple[str, ...] = ()


def renderer(name: str) -> Callable[[Report, Style], str]:
    """The renderer of a format, one of ``FORMATS``; imported when first asked for."""
    render: Callable[[Report, Style], str] = importlib.import_module(
        f"calcgrad.render.{_FILES.get(name, name)}"
    ).render
    return render


__all__ = ["FORMATS", "Style", "renderer"]
