"""``calcgrad plot``: a function and its derivatives over a range."""

from __future__ import annotations

from typing import Annotated

import typer

from calcgrad.cli.choices import given, one_of

_FORMATS = ("text", "markdown", "html", "json")


def command(
    expressions: Annotated[
        list[str] | None, typer.Argument(metavar="EXPR...", help="One function, or several in one picture.")
    ] = None,
    *,
    low: Annotated[
        str | None, typer.Option("--from", metavar="A", help="Where the range begins: 0, or -2*pi.")
    ] = None,
    high: Annotated[str | None, typer.Option("--to", metavar="B", help="Where the range ends.")] = None,
    at: Annotated[
        str | None, typer.Option(metavar="P", help="A point: the tangent there is drawn too.")
    ] = None,
    order: Annotated[int, typer.Option(metavar="K", help="Derivatives up to this order are drawn.")] = 1,
    claim: Annotated[
        str | None,
        typer.Option(metavar="EXPR", help="Your derivative: drawn beside f', with the difference."),
    ] = None,
    format: Annotated[str, typer.Option(metavar="NAME", help=f"One of {', '.join(_FORMATS)}.")] = "text",
    json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    output: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write to this file; .png and .svg are pictures.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show nothing; the exit code tells.")] = False,
    color: Annotated[str, typer.Option(metavar="WHEN", help="auto, always, or never.")] = "auto",
    ascii: Annotated[bool, typer.Option("--ascii", help="Signs of ASCII alone.")] = False,
) -> int:
    """A function and its derivative over a range; kinks, jumps, poles, holes and edges are marked.

    calcgrad plot "x^2*sin(x)" --from -5 --to 5 --at 2

    calcgrad plot "abs(x - 1)/x" --output curve.svg
    """
    format = "json" if json else one_of("--format", format, _FORMATS)
    one_of("--color", color, ("auto", "always", "never"))
    example = 'calcgrad plot "x^2*sin(x)"'
    texts = [given(text, example) for text in expressions] if expressions else [given(None, example)]

    from calcgrad.cli.exit_codes import of_points
    from calcgrad.cli.output import Output
    from calcgrad.explaining.plot import plot
    from calcgrad.render import explaining
    from calcgrad.render.pictures import kind_of

    report = plot(texts, low, high, at, order=order, claim=claim)
    code = of_points([report.point] if report.point is not None else [])
    kind = kind_of(output)
    if kind is not None:
        from calcgrad.cli.pictures import write_picture
        from calcgrad.render.plot import charts

        assert output is not None
        write_picture(output, charts(report), kind)
        return code
    place = Output(output, color, quiet)
    style = place.style._replace(ascii=True) if ascii else place.style
    place.write(explaining.renderer("plot", format)(report, style))
    place.close()
    return code
