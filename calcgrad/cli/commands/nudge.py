"""``calcgrad nudge``: the difference quotient as the step shrinks."""

from __future__ import annotations

from typing import Annotated

import typer

from calcgrad.cli.choices import given, one_of
from calcgrad.cli.completing import expression as completed
from calcgrad.cli.completing import words

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
    format: Annotated[
        str,
        typer.Option(metavar="NAME", help=f"One of {', '.join(_FORMATS)}.", autocompletion=words(_FORMATS)),
    ] = "text",
    json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    output: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write to this file; .png and .svg are pictures.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show nothing; the exit code tells.")] = False,
    color: Annotated[str, typer.Option(metavar="WHEN", help="auto, always, or never.")] = "auto",
    ascii: Annotated[bool, typer.Option("--ascii", help="Signs of ASCII alone.")] = False,
) -> int:
    """The slope of a small step as the step shrinks: its error falls, turns, and rises, and why.

    calcgrad nudge "t^2" --at 3
    """
    format = "json" if json else one_of("--format", format, _FORMATS)
    one_of("--color", color, ("auto", "always", "never"))
    text = given(expression, 'calcgrad nudge "t^2" --at 3')

    from calcgrad.cli.exit_codes import of_points
    from calcgrad.cli.output import Output
    from calcgrad.comparing.request import asked
    from calcgrad.explaining.nudge import nudge
    from calcgrad.render import explaining
    from calcgrad.render.pictures import kind_of

    names = [name.strip() for name in methods.split(",") if name.strip()] if methods else []
    report = nudge(asked(text, at or None, wrt=wrt or ()), step, names)
    kind = kind_of(output)
    if kind is not None:
        from calcgrad.cli.pictures import write_picture
        from calcgrad.render.nudge import charts

        assert output is not None
        write_picture(output, charts(report), kind)
        return of_points([report.point])
    place = Output(output, color, quiet)
    style = place.style._replace(ascii=True) if ascii else place.style
    place.write(explaining.renderer("nudge", format)(report, style))
    place.close()
    return of_points([report.point])
