"""A piece of source or of a formula with a part of it underlined, as a figure of a page."""

from __future__ import annotations

from html import escape

from calcgrad.report.places import SourceRange


def underlined(text: str, start: int, end: int) -> str:
    """A line of text, a part of it underlined.

    >>> underlined("a<b", 1, 2)
    '<pre class="source">a<u>&lt;</u>b</pre>'
    """
    return f'<pre class="source">{_marked(text, start, end)}</pre>'


def excerpt(place: SourceRange) -> str:
    """The line of a piece, numbered, the piece underlined; its file and line above it. Nothing where the line is not known."""
    if place.text is None or place.column is None or place.end_column is None:
        return ""
    end = place.end_column - 1 if place.end_line == place.line else len(place.text)
    goes_on = place.end_line is not None and place.end_line > place.line
    said = f"{place.file}, line {place.line}" + (f", up to line {place.end_line}" if goes_on else "")
    number = f'<span class="line">{place.line}</span>'
    shown = f"{number}  {_marked(place.text, place.column - 1, end)}"
    return f'<figure><figcaption>{escape(said)}</figcaption><pre class="source">{shown}</pre></figure>'


def _marked(text: str, start: int, end: int) -> str:
    return f"{escape(text[:start])}<u>{escape(text[start:end])}</u>{escape(text[end:])}"
