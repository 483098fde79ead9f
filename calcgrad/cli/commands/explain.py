"""``calcgrad explain``: what a code of an error or a warning means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from calcgrad.cli import completing, showing

if TYPE_CHECKING:
    from calcgrad.codes import Code

_FORMATS = ("table", "json", "markdown")


def command(
    codes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CODE...",
            help="As an error shows them; without one, all.",
            autocompletion=completing.codes,
        ),
    ] = None,
    *,
    format: Annotated[str, showing.formats(_FORMATS)] = "table",
    json: showing.Json = False,
    color: showing.Color = "auto",
) -> int:
    """What an error or a warning means, why it happens, how to mend it, and an example that raises it.

    calcgrad explain E107
    """
    from calcgrad.cli.output import Output
    from calcgrad.codes import register
    from calcgrad.render import codes as shown
    from calcgrad.render.json import spread

    format = showing.chosen(format, json, color, _FORMATS)
    place = Output(None, color)
    entries = [_found(code) for code in codes or ()]
    if format == "json":
        found = shown.contract(entries or register().values())
        text = spread(found, place.style.ascii) + "\n"
    elif format == "markdown":
        text = shown.markdown(entries or None)
    else:
        text = shown.pages(entries, place.style) if entries else shown.listing(place.style)
    place.write(text)
    place.close()
    return 0


def _found(word: str) -> Code:
    """The entry of a code, in capitals or not."""
    from calcgrad.codes import nearest, register
    from calcgrad.errors import UsageError

    entry = register().get(word.upper())
    if entry is not None:
        return entry
    close = nearest(word.upper())
    about = [
        code for code, told in register().items() if len(word) > 3 and word.lower() in told.title.lower()
    ]
    near = tuple(
        f"did you mean {code} ({register()[code].title})?" for code in ([close] if close else about[:3])
    )
    raise UsageError.of("E522", f"there is no code {word}", hints=(*near, "calcgrad explain lists them all"))
