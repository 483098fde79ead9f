"""``calcgrad compare-modes``: what forward, reverse, numerical and symbolic differentiation cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from calcgrad.cli import showing
from calcgrad.cli.completing import expression as completed
from calcgrad.cli.within import Timeout, in_time, within
from calcgrad.errors import UsageError

if TYPE_CHECKING:
    from calcgrad.cli.output import Output
    from calcgrad.inputs.arguments import Places
    from calcgrad.report.modes import ModesReport, Story

_FORMATS = ("table", "json", "markdown", "csv", "html", "svg")
_Many = list[str] | None
#: The whole story is measured for minutes on a slow machine.
_LONGER = 600.0


def command(
    expression: Annotated[
        str | None,
        typer.Argument(
            metavar="EXPR",
            help="Your own function, or model.py:loss; without it, the whole story.",
            autocompletion=completed,
        ),
    ] = None,
    *,
    at: Annotated[
        _Many, typer.Option(metavar="POINT", help='The point: "x=1, y=2", or "w=[1,2,3]", or a file.')
    ] = None,
    args: Annotated[
        _Many, typer.Option(metavar="JSON", help="The arguments as JSON, or from model.py:make_args.")
    ] = None,
    random: Annotated[
        _Many, typer.Option(metavar="DIST", help='Drawn arguments: "normal(128, 784)", "w=uniform(3)".')
    ] = None,
    seed: Annotated[int, typer.Option(metavar="K", help="The seed of what is drawn at random.")] = 1,
    wrt: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES", help="The arguments of model.py:loss to differentiate by; default all."
        ),
    ] = None,
    timeout: Timeout = _LONGER,
    format: Annotated[str, showing.formats(_FORMATS)] = "table",
    json: showing.Json = False,
    output: showing.File = None,
    color: showing.Color = "auto",
) -> int:
    """What each mode of differentiation costs, as inputs and outputs grow.

    calcgrad compare-modes "x*y*z + sin(x)" --at "x=1, y=2, z=3"

    calcgrad compare-modes model.py:loss --random "w=normal(9)" --format csv
    """
    from calcgrad.cli.output import Output

    drawn = _FORMATS if expression is None else _FORMATS[:-1]  # one function at one size has no curves
    chosen = showing.chosen(format, json, color, drawn, output)
    if expression is not None and not (at or args or random):
        raise UsageError.of("E369", "the modes are compared at a point", hints=('add one: --at "x=1, y=2"',))
    place = Output(output, color)
    if expression is None:
        _whole(place, chosen, timeout)
    else:
        from calcgrad.cli.progress import looking_on
        from calcgrad.inputs.arguments import Places

        places = Places(tuple(at or ()), tuple(args or ()), tuple(random or ()), seed)
        with looking_on():
            report = within(timeout, lambda: _of_one(expression, places, wrt))
        place.write(_drawn(report, place, chosen))
    place.close()
    return 0


def _of_one(expression: str, places: Places, wrt: str | None) -> ModesReport:
    from calcgrad.comparing.options import split_names
    from calcgrad.functions.loading import is_target
    from calcgrad.modes import own

    if is_target(expression):
        return own.compare_modes_of_target(expression, places, split_names(wrt or ""))
    if len(places.at) != 1 or places.args or places.random or wrt:
        hints = ('calcgrad compare-modes "x*y" --at "x=1, y=2"',)
        raise UsageError.of("E670", "an expression is compared at one point, which --at gives", hints=hints)
    return own.compare_modes_of_text(expression, places.at[0])


def _whole(place: Output, format: str, timeout: float) -> None:
    """The whole story: on a terminal each part as soon as it is measured, elsewhere in one piece."""
    from calcgrad.cli.progress import Interrupted, looking_on
    from calcgrad.modes.stories import STORIES, stories
    from calcgrad.report.modes import ModesReport

    at_once = place.stream.isatty() and format == "table"
    found: list[Story] = []
    try:
        with looking_on() as progress:
            for story in in_time(stories(), timeout):
                if at_once:
                    progress.close()
                    between = "\n" if found else ""
                    place.write(between + _drawn(ModesReport((story,)), place, format))
                found.append(story)
    except KeyboardInterrupt:
        written = "those stand above" if at_once and found else "nothing was written"
        raise Interrupted(
            f"interrupted: {len(found)} of {STORIES} comparisons were done, and {written}; "
            "calcgrad compare-modes EXPR --at POINT compares one function"
        ) from None
    if not at_once:
        place.write(_drawn(ModesReport(tuple(found)), place, format))


def _drawn(report: ModesReport, place: Output, format: str) -> str:
    from calcgrad.render.modes_formats import renderer

    return renderer(format)(report, place.style)
