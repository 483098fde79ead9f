"""How a report shows itself: printed, in a notebook. Who draws it stands above and is found by its name."""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: Who draws a report that is printed or shown in a notebook. It stands above this file, and is found by its name when first asked.
SHOWING = "calcgrad.render.showing"


class Shown:
    """What shows itself: ``str()`` is what the command prints, ``repr()`` a line with the verdict, and a notebook gets HTML,
    LaTeX and Markdown. A kind of report is drawn by its file in ``calcgrad/render/views``.
    """

    __slots__ = ()

    def __str__(self) -> str:
        return str(import_module(SHOWING).text(self))

    def __repr__(self) -> str:
        return str(import_module(SHOWING).line(self))

    def _repr_html_(self) -> str:
        return str(import_module(SHOWING).html(self))

    def _repr_latex_(self) -> str:
        return str(import_module(SHOWING).latex(self))

    def _repr_markdown_(self) -> str:
        return str(import_module(SHOWING).markdown(self))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        bundle: dict[str, str] = import_module(SHOWING).bundle(self)
        return bundle
