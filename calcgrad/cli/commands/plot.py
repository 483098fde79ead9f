"""``calcgrad plot``: a function and its derivatives over a range, or the lines of equal height of a function of two variables."""

from __future__ import annotations

from typing import Annotated

import typer

from calcgrad.cli import showing
from calcgrad.cli.choices import given
from calcgrad.cli.within import LONG, Timeout, within

_FORMATS = ("text", "markdown", "html", "json")


def command(
    expressions: Annotated[
        list[str] | None, typer.Argument(metavar="EXPR...", help="One function, or several in one picture.")
    ] = None,
    *,
    low: Annotated[
        str | None,
        typer.Option("--from", metavar="A", help="Where the range begins: 0, or -2*pi, or x=0, y=1."),
    ] = None,
    high: Annotated[str | None, typer.Option("--to", metavar="B", help="Where the range ends.")] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="P", help="A point: the tangent, or the gradient, there is drawn too."),
    ] = None,
    order: Annotated[int, typer.Option(metavar="K", help="Derivatives up to this order are drawn.")] = 1,
    claim: Annotated[
        str | None,
        typer.Option(metavar="EXPR", help="Your derivative: drawn beside f', with the difference."),
    ] = None,
    timeout: Timeout = LONG,
    format: Annotated[str, showing.formats(_FORMATS)] = "text",
    json: showing.Json = False,
    output: showing.Picture = None,
    quiet: showing.Quiet = False,
    color: showing.Color = "auto",
    ascii: showing.Ascii = False,
) -> int:
    """A function and its derivative over a range; kinks, jumps, poles, holes and edges are marked.

    Of two variables: lines of equal height, and the gradient.

    calcgrad plot "x^2*sin(x)" --from -5 --to 5 --at 2

    calcgrad plot "abs(x - 1)/x" --output curve.svg

    calcgrad plot "x^2 + 3*y^2" --at "x=1, y=2"
    """
    format = showing.chosen(format, json, color, _FORMATS, output, pictures=True)
    example = 'calcgrad plot "x^2*sin(x)"'
    texts = [given(text, example) for text in expressions] if expressions else [given(None, example)]

    from calcgrad.cli.exit_codes import of_points
    from calcgrad.explaining.plotting import plotted

    report = within(timeout, lambda: plotted(texts, low, high, at, order=order, claim=claim))
    showing.Showing(format, output, color, quiet, ascii).draw_or_write(report)
    return of_points([report.point] if report.point is not None else [])
