"""Checks as a web page: the verdict, where the wrong entries are, why, how sure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from calcgrad.render import Style
from calcgrad.render.check_words import summary
from calcgrad.render.html import written
from calcgrad.render.page import command_of, page
from calcgrad.render.views.check import blocks
from calcgrad.report import Checked


def render(checked: Sequence[Checked], style: Style) -> str:
    """One page for all checks."""
    parts = [f"<h1>{escape(summary(checked))}</h1>"]
    for one in checked:
        parts.append(f"<h2>{escape(one.title)}</h2>")
        if one.report is not None:
            parts.append(written(blocks(one.report)))
        elif one.error is not None:
            parts.append(f"<p>{escape(one.error.code)}: {escape(one.error.message)}</p>")
    return page("calcgrad check", "\n".join(parts), command_of(style.typed, "check"))
