"""``calcgrad nudge``: the difference quotient as the step shrinks."""

from __future__ import annotations

from typing import Annotated

import typer

from calcgrad.cli import showing
from calcgrad.cli.choices import given
from calcgrad.cli.completing import expression as completed
from calcgrad.cli.within import LONG, Timeout, within

_FORMATS = ("text", "markdown", "html", "json")
_METHODS = "forward-difference, central-difference, five-point, seven-point, complex-step, adaptive"


def command(
    expression: Annotated[
        str | None,
        typer.Argument(
            metavar="EXPR", help="The function; - reads it from standard input.", autocompletion=completed
        ),
    ] = None,
    *,
    at: Annotated[list[str] | None, typer.Option(metavar="POINT", help='Where: 3, or "x=1, y=pi/2".')] = None,
    wrt: Annotated[
        str | None, typer.Option(metavar="NAME", help="The variable that is nudged, where there are several.")
    ] = None,
    step: Annotated[
        str, typer.Option(metavar="A:B", help="The steps, by powers of ten from A to B; or one step.")
    ] = "1e-1:1e-16",
    methods: Annotated[str | None, typer.Option(metavar="NAMES", help=f"Some of {_METHODS}.")] = None,
    timeout: Timeout = LONG,
    format: Annotated[str, showing.formats(_FORMATS)] = "text",
    json: showing.Json = False,
    output: showing.Picture = None,
    quiet: showing.Quiet = False,
    color: showing.Color = "auto",
    ascii: showing.Ascii = False,
) -> int:
    """The slope of a small step as the step shrinks: its error falls, turns, and rises, and why.

    calcgrad nudge "t^2" --at 3
    """
    format = showing.chosen(format, json, color, _FORMATS, output, pictures=True)
    text = given(expression, 'calcgrad nudge "t^2" --at 3')

    from calcgrad.cli.exit_codes import of_points
    from calcgrad.comparing.request import asked
    from calcgrad.explaining.nudge import nudge

    names = [name.strip() for name in methods.split(",") if name.strip()] if methods else []
    report = within(
        timeout, lambda: nudge(asked(text, at or None, wrt=wrt or (), timeout=timeout), step, names)
    )
    showing.Showing(format, output, color, quiet, ascii).draw_or_write(report)
    return of_points([report.point])
