"""The formats of ``compare-modes``: which function writes which."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import asdict, fields

from calcgrad.render import Style, modes
from calcgrad.report.modes import ModeRow, ModesReport

_COLUMNS = [field.name for field in fields(ModeRow)]


def renderer(format: str) -> Callable[[ModesReport, Style], str]:
    """The renderer of a format: table, json, markdown, csv, html, svg,."""
    from calcgrad.render.modes_html import render, render_svg

    return {
        "table": modes.render,
        "json": _json,
        "markdown": _markdown,
        "csv": _csv,
        "html": render,
        "svg": render_svg,
    }[format]


def _json(report: ModesReport, style: Style) -> str:
    from calcgrad.render.json import spread

    return spread(modes.contract(report), style.ascii) + "\n"


def _markdown(report: ModesReport, style: Style) -> str:
    from calcgrad.render.markdown import written
    from calcgrad.render.views.modes import blocks

    return written(blocks(report)) + "\n"


def _csv(report: ModesReport, style: Style) -> str:
    """A line a mode and size, under one header; what was not measured is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["story", *_COLUMNS])
    for story in report.stories:
        for row in story.rows:
            values = asdict(row)
            interval = row.seconds_interval
            values["seconds_interval"] = None if interval is None else f"{interval[0]!r} to {interval[1]!r}"
            writer.writerow([story.name, *["" if values[c] is None else values[c] for c in _COLUMNS]])
    return text.getvalue()
