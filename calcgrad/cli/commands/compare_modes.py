"""``calcgrad compare-modes``: what forward, reverse and numerical differentiation cost."""

from __future__ import annotations

from typing import Annotated

import typer

from calcgrad.errors import UsageError


def command(
    expression: Annotated[
        str | None, typer.Argument(metavar="EXPR", help="Your own function; without it, the whole story.")
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
    from calcgrad.modes.compute import compare_modes, compare_modes_of_text
    from calcgrad.render import modes
    from calcgrad.render.json import spread

    one_of("--color", color, ("auto", "always", "never"))
    if expression is not None and at is None:
        raise UsageError.of("E369", "the modes are compared at a point", hints=('add one: --at "x=1, y=2"',))
    report = compare_modes() if expression is None else compare_modes_of_text(expression, at)
    place = Output(output, color)
    shown = modes.render(report, place.style)
    place.write(spread(modes.contract(report), place.style.ascii) + "\n" if json else shown)
    place.close()
    return 0
