"""The register of codes as a list, as all about some of them, as the page ``calcgrad/docs/errors.md``, and as data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from calcgrad.codes import Code, groups
from calcgrad.render import Style
from calcgrad.render.layout import wrapped
from calcgrad.render.styles import BAD, HEADING, NAME, UNSURE, paint

_INTRODUCTION = """\
# Errors and warnings

Every error and every warning of calcgrad has a code with one meaning. `calcgrad explain E107` shows the entry of one in the
terminal, `calcgrad explain` lists them all. In JSON the code stands in `error.code` and in `warnings[].code`. Each example
below raises its code; the tests run them.
"""


def listing(style: Style) -> str:
    """Every code with its meaning, group by group."""
    lines: list[str] = []
    for title, entries in groups().items():
        lines += [*([""] if lines else []), paint(title, HEADING, style.color)]
        for entry in entries:
            first, *more = wrapped(f"{entry.code}  {entry.title}", style.width, "  ", " " * 8)
            lines += [first.replace(entry.code, paint(entry.code, NAME, style.color), 1), *more]
    return "\n".join([*lines, "", "calcgrad explain E107 says all about one"]) + "\n"


def pages(entries: Iterable[Code], style: Style) -> str:
    """All about each of some codes: its meaning, why it happens, how to mend it, what raises it."""
    return "\n".join(_page(entry, style) for entry in entries)


def _page(entry: Code, style: Style) -> str:
    color = UNSURE if entry.warning else BAD
    first, *lines = wrapped(f"{entry.code}: {entry.title}", style.width, "", "      ")
    lines.insert(0, paint(first, color, style.color))
    for name, text in (("why", entry.why), ("mend", entry.mend)):
        lines += wrapped(text, style.width, f"  {name.ljust(9)}", " " * 11)
    lines += _block("example", entry.example)
    for name, text in entry.files.items():
        lines += [f"  where {name} is", *_indented(text)]
    lines += [f"  where {there}" for there in _libraries(entry)]
    return "\n".join(lines) + "\n"


def _block(name: str, text: str) -> list[str]:
    """A command in the line of its name, a program below it: neither is wrapped, so that both can be copied."""
    if "\n" not in text:
        return [f"  {name.ljust(9)}{text}"]
    return [f"  {name}", *_indented(text)]


def _indented(text: str) -> list[str]:
    """The lines of a program or a file, no two blank ones together."""
    return [f"    {line}".rstrip() for line in re.sub(r"\n{3,}", "\n\n", text).splitlines()]


def _libraries(entry: Code) -> list[str]:
    return [f"{name} is {'' if there else 'not '}installed" for name, there in entry.libraries.items()]


def markdown(entries: Iterable[Code] | None = None) -> str:
    """Some entries as Markdown, or the whole page with its introduction."""
    if entries is not None:
        return "\n".join(map(_section, entries))
    parts = [_INTRODUCTION]
    for title, group in groups().items():
        parts += [f"## {title}\n", *map(_section, group)]
    return "\n".join(parts)


def _section(entry: Code) -> str:
    language = "console" if entry.command else "python"
    shown = f"$ {entry.example}" if entry.command else entry.example
    parts = [f"### {entry.code}: {entry.title}\n", f"{entry.why} {entry.mend}\n", _fenced(language, shown)]
    for name, text in entry.files.items():
        parts += [
            f"where `{name}` is\n",
            _fenced("python" if name.endswith(".py") else "text", text.rstrip()),
        ]
    parts += [f"where {there}\n" for there in _libraries(entry)]
    return "\n".join(parts)


def _fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```\n"


def contract(entries: Iterable[Code]) -> dict[str, Any]:
    """Some entries as JSON holds them; ``calcgrad/schemas/explain-v1.json`` is the schema."""
    titles = {entry.code: title for title, group in groups().items() for entry in group}
    return {
        "schema": 1,
        "command": "explain",
        "codes": [
            {
                "code": entry.code,
                "severity": "warning" if entry.warning else "error",
                "group": titles[entry.code],
                "title": entry.title,
                "why": entry.why,
                "mend": entry.mend,
                "example": entry.example,
                "language": "command" if entry.command else "python",
                "files": dict(entry.files),
                "libraries": dict(entry.libraries),
            }
            for entry in entries
        ],
    }
