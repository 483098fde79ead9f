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
File = Annotated[str | None, written("Write to this file.")]
Picture = Annotated[str | None, written("Write to this file; .png and .svg are pictures.")]
Quiet = Annotated[bool, _option("--quiet", help="Show nothing; the exit code tells.")]
Color = Annotated[
    str, _option(metavar="WHEN", help="auto, always, or never.", completion=completing.words(COLORS))
]
Ascii = Annotated[bool, _option("--ascii", help="Signs of ASCII alone.")]
Unicode = Annotated[bool, _option("--unicode", help="Formulas as written by hand: x², not x^2.")]


def chosen(format: str, json: bool, color: str, names: Sequence[str]) -> str:
    """The format that is asked for; raises ``UsageError`` (E363) where it, or the colour, is none of those that there are."""
    found = "json" if json else one_of("--format", format, names)
    one_of("--color", color, COLORS)
    return found


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
