"""A report of ``diff`` as a web page: one file that needs nothing else."""

from __future__ import annotations

from calcgrad.render import Style
from calcgrad.render import html as as_html
from calcgrad.render.page import page
from calcgrad.render.views.diff import blocks
from calcgrad.report import Report


def render(report: Report, style: Style) -> str:
    """The page."""
    return page(
        f"calcgrad diff {report.input}", as_html.render(blocks(report)), f'calcgrad diff "{report.input}"'
    )
