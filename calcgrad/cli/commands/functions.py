"""``calcgrad functions``: what an expression may use."""

from __future__ import annotations

from typing import Annotated

import typer

from calcgrad.cli import completing, showing
from calcgrad.errors import CalcgradError, UsageError


def command(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="All about this one.", autocompletion=completing.functions),
    ] = None,
    *,
    numpy: Annotated[bool, typer.Option("--numpy", help="What may stand in a NumPy function.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    color: showing.Color = "auto",
) -> int:
    """The functions of the language, with their derivatives; or those of NumPy and SciPy that a NumPy function may use.

    calcgrad functions tan
    calcgrad functions --numpy linalg
    """
    from calcgrad.cli.choices import COLORS, one_of
    from calcgrad.cli.output import Output
    from calcgrad.render import functions
    from calcgrad.render.json import spread

    one_of("--color", color, COLORS)
    place = Output(None, color)
    if numpy:
        from calcgrad.render import numpy_functions

        if name is not None and not numpy_functions.matching(name):
            raise _unknown(name)
        place.write(numpy_functions.data(name) if json else numpy_functions.listing(place.style, name))
        return 0
    if name is None:
        shown = functions.entries()
        text = "" if json else functions.listing(place.style)
    else:
        entry = functions.find(name)
        if entry is None:
            raise _unknown(name)
        shown = [entry]
        text = "" if json else functions.page(entry, place.style)
    if json:
        found = {"schema": 1, "command": "functions", "functions": [functions.data(e) for e in shown]}
        text = spread(found, place.style.ascii) + "\n"
    place.write(text)
    place.close()
    return 0


def _unknown(name: str) -> CalcgradError:
    from difflib import get_close_matches

    from calcgrad.operations import VOCABULARY

    close = get_close_matches(name, VOCABULARY.words, n=1)
    hint = f"did you mean {close[0]}?" if close else "calcgrad functions lists them all"
    return UsageError.of("E367", f"there is no function {name}", hints=(hint,))
