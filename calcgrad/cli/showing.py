"""What every command has in common: the options that say how a report is shown, and where, and the writing of it.

Typer reads options from a command's signature, so that each stands there by its name; what it is stands here, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from calcgrad.cli import completing
from calcgrad.cli.choices import COLORS, one_of
from calcgrad.errors import UsageError

if TYPE_CHECKING:
    from calcgrad.cli.output import Output
    from calcgrad.render import Style

#: The group of these options in ``--help``.
PANEL = "What is shown, and where"


def _option(*names: str, help: str, metavar: str | None = None, completion: Any = None) -> Any:
    return typer.Option(*names, metavar=metavar, help=help, autocompletion=completion, rich_help_panel=PANEL)


def formats(names: Sequence[str]) -> Any:
    """``--format``, one of the names."""
    told = f"One of {', '.join(names)}."
    return _option(metavar="NAME", help=told, completion=completing.words(names))


def written(help: str) -> Any:
    """``--output``, with what is to be said of the file."""
    return _option("--output", metavar="FILE", help=help)


Json = Annotated[bool, _option("--json", help="Short for --format json.")]
File = Annotated[str | None, written("Write to this file; its ending tells the format.")]
Picture = Annotated[
    str | None, written("Write to this file; its ending tells the format, .png and .svg are pictures.")
]
Quiet = Annotated[bool, _option("--quiet", help="Show nothing; the exit code tells.")]
Color = Annotated[
    str, _option(metavar="WHEN", help="auto, always, or never.", completion=completing.words(COLORS))
]
Ascii = Annotated[bool, _option("--ascii", help="Signs of ASCII alone.")]
Unicode = Annotated[bool, _option("--unicode", help="Formulas as written by hand: x², not x^2.")]


#: The format that the ending of a file's name asks for.
_ENDINGS = {
    "csv": "csv",
    "dot": "dot",
    "gv": "dot",
    "htm": "html",
    "html": "html",
    "json": "json",
    "jsonl": "jsonl",
    "md": "markdown",
    "mmd": "mermaid",
    "sarif": "sarif",
    "svg": "svg",
    "tex": "latex",
    "xml": "junit",
}
#: Endings whose programs open no text: a table in such a file looks broken, or is not shown at all.
_NEVER_TEXT = frozenset({"gif", "htm", "html", "jpeg", "jpg", "pdf", "png", "svg"})


def chosen(
    format: str,
    json: bool,
    color: str,
    names: Sequence[str],
    output: str | None = None,
    pictures: bool = False,
) -> str:
    """The format that is asked for: by name, or else by the ending of the file of ``--output``.

    The first of ``names`` is what is written where nothing else is asked for; ``pictures`` says that the command draws ``.png``
    and ``.svg`` by itself. Raises ``UsageError`` (E363) where the format, the colour or what the ending promises is none of those
    that there are.

    >>> chosen("table", False, "auto", ("table", "html"), "report.html")
    'html'
    """
    one_of("--color", color, COLORS)
    if json:
        return "json"
    found = one_of("--format", format, names)
    return found if output is None or found != names[0] else _by_ending(output, names, pictures)


def _by_ending(output: str, names: Sequence[str], pictures: bool) -> str:
    from calcgrad.render.pictures import KINDS, kind_of

    ending = output.rpartition(".")[2].lower()
    asked = _ENDINGS.get(ending)
    if asked is not None and asked in names:
        return asked
    if ending in _NEVER_TEXT and not (pictures and kind_of(output)):
        drawn = f", or a picture: {' or '.join(f'.{kind}' for kind in KINDS)}" if pictures else ""
        hints = (f"what can be written: {', '.join(names)}{drawn}",)
        raise UsageError.of("E363", f"--output writes no .{ending} here", hints=hints)
    return names[0]


@dataclass(frozen=True, slots=True)
class Showing:
    """How the report of a command of ``explaining/`` is shown: its format, the file, and the signs."""

    format: str
    output: str | None = None
    color: str = "auto"
    quiet: bool = False
    ascii: bool = False
    unicode: bool = False

    @property
    def picture(self) -> str | None:
        """``png`` or ``svg`` where the file's ending asks for a picture."""
        from calcgrad.render.pictures import kind_of

        return kind_of(self.output)

    def opened(self) -> tuple[Output, Style]:
        """The place that the text goes to, and what it can show."""
        from calcgrad.cli.output import Output

        place = Output(self.output, self.color, self.quiet)
        return place, place.style._replace(ascii=True) if self.ascii else place.style

    def write(self, report: Any) -> None:
        """Write the report as text, in its format; raises ``UsageError`` E350 or E351 where that is impossible."""
        from calcgrad.render import Style
        from calcgrad.render.explaining import name_of, renderer

        render = renderer(name_of(report), self.format)
        # a drawing depends on no place, and what draws it may not be installed: nothing is opened, and emptied, before
        drawn = render(report, Style()) if self.format == "svg" else None
        place, style = self.opened()
        place.write(drawn or render(report, style, self.unicode and not style.ascii))
        place.close()

    def draw_or_write(self, report: Any) -> None:
        """A picture where the file's ending asks for one (E650 without matplotlib), else text."""
        kind = self.picture
        if kind is None:
            self.write(report)
            return
        from importlib import import_module

        from calcgrad.cli.pictures import write_picture
        from calcgrad.render.explaining import name_of

        assert self.output is not None
        write_picture(self.output, import_module(f"calcgrad.render.{name_of(report)}").charts(report), kind)
