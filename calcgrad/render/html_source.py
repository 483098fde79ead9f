"""A piece of source or of a formula with a part of it underlined, as a figure of a page."""

from __future__ import annotations

from html import escape

from calcgrad.report import Excerpt


def underlined(text: str, start: int, end: int) -> str:
    """A line of text, a part of it underlined.

    >>> underlined("a<b", 1, 2)
    '<pre class="source">a<u>&lt;</u>b</pre>'
    """
    return f'<pre class="source">{_marked(text, start, end)}</pre>'


def excerpt(place: Excerpt) -> str:
    """The lines around a piece, numbered, the piece underlined; its file and line above them."""
    wide = len(str(place.first + len(place.lines)))
    rows = []
    for number, text in enumerate(place.lines, place.first):
        blamed = place.line <= number <= place.end_line
        start = place.column - 1 if number == place.line else len(text) - len(text.lstrip())
        end = place.end_column - 1 if number == place.end_line else len(text)
        shown = _marked(text, start, end) if blamed else escape(text)
        rows.append(f'<span class="line">{number:>{wide}}</span>  {shown}')
    last = f" to {place.end_line}" if place.end_line > place.line else ""
    said = f"{place.file}, line{'s' if last else ''} {place.line}{last}"
    return f'<figure><figcaption>{escape(said)}</figcaption><pre class="source">{chr(10).join(rows)}</pre></figure>'


def _marked(text: str, start: int, end: int) -> str:
    return f"{escape(text[:start])}<u>{escape(text[start:end])}</u>{escape(text[end:])}"
