"""``calcgrad compare-modes``: what forward, reverse and numerical differentiation cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from calcgrad.cli.completing import expression as completed
from calcgrad.errors import UsageError

if TYPE_CHECKING:
    from calcgrad.cli.output import Output
    from calcgrad.report import Story


def command(
    expression: Annotated[
        str | None,
        typer.Argument(
            metavar="EXPR", help="Your own function; without it, the whole story.", autocompletion=completed
        ),
    ] = None,
    *,
    at: Annotated[str | None, typer.Option(metavar="POINT", help='The point: "x=1, y=2".')] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    output: Annotated[str | None, typer.Option(metavar="FILE", help="Write to this file.")] = None,
    color: Annotated[str, typer.Option(metavar="WHEN", help="auto, always, or never.")] = "auto",
) -> int:
    """What each mode of differentiation costs, as inputs and outputs grow.

    calcgrad compare-modes "x*y*z + sin(x)" --at "x=1, y=2, z=3"
    """
    from calcgrad.cli.choices import one_of
    from calcgrad.cli.output import Output

    one_of("--color", color, ("auto", "always", "never"))
    if expression is not None and at is None:
        raise UsageError.of("E369", "the modes are compared at a point", hints=('add one: --at "x=1, y=2"',))
    place = Output(output, color)
    if expression is None:
        _whole(place, json)
    else:
        from calcgrad.modes.compute import compare_modes_of_text

        _write([*compare_modes_of_text(expression, at).stories], place, json)
    place.close()
    return 0


def _whole(place: Output, json: bool) -> None:
    """The whole story: on a terminal each part as soon as it is measured, elsewhere in one piece."""
    from calcgrad.cli.progress import Interrupted, looking_on
    from calcgrad.modes.compute import STORIES, stories

    at_once = place.stream.isatty() and not json
    found: list[Story] = []
    try:
        with looking_on() as progress:
            for story in stories():
                if at_once:
                    progress.close()
                    place.write("\n" if found else "")
                    _write([story], place, json)
                found.append(story)
    except KeyboardInterrupt:
        written = "those stand above" if at_once and found else "nothing was written"
        raise Interrupted(
            f"interrupted: {len(found)} of {STORIES} comparisons were done, and {written}; "
            "calcgrad compare-modes EXPR --at POINT compares one function"
        ) from None
    if not at_once:
        _write(found, place, json)


def _write(found: list[Story], place: Output, json: bool) -> None:
    from calcgrad.render import modes
    from calcgrad.render.json import spread
    from calcgrad.report import ModesReport

    report = ModesReport(tuple(found))
    as_json = spread(modes.contract(report), place.style.ascii) + "\n" if json else None
    place.write(as_json or modes.render(report, place.style))
