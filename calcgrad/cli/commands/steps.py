"""``calcgrad steps``: the derivation of an expression, rule by rule."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from calcgrad.cli.choices import one_of
from calcgrad.cli.completing import expression as completed
from calcgrad.cli.completing import words
from calcgrad.comparing.options import OPTIONS
from calcgrad.errors import UsageError

_FORMATS = ("text", "markdown", "latex", "html", "json")
_DETAILS = ("full", "brief")


def _option(name: str) -> Any:
    """How the command line shows an option of a request."""
    return typer.Option(metavar=OPTIONS[name].metavar, help=OPTIONS[name].help)


def command(
    expression: Annotated[
        str | None,
        typer.Argument(
            metavar="EXPR", help="The function; - reads it from standard input.", autocompletion=completed
        ),
    ] = None,
    *,
    at: Annotated[
        list[str] | None,
        typer.Option(metavar="POINT", help='Numbers beside the steps: 2, or "x=1, y=pi/2"; may be repeated.'),
    ] = None,
    wrt: Annotated[str | None, _option("wrt")] = None,
    order: Annotated[int, _option("order")] = 1,
    detail: Annotated[
        str, typer.Option(metavar="KIND", help="full, or brief: without what a beginner sees at once.")
    ] = "full",
    prove: Annotated[bool, typer.Option("--prove", help="Prove the results as formulas, by SymPy.")] = False,
    timeout: Annotated[float, _option("timeout")] = 10.0,
    format: Annotated[
        str,
        typer.Option(metavar="NAME", help=f"One of {', '.join(_FORMATS)}.", autocompletion=words(_FORMATS)),
    ] = "text",
    json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    output: Annotated[str | None, typer.Option(metavar="FILE", help="Write to this file.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show nothing; the exit code tells.")] = False,
    color: Annotated[str, typer.Option(metavar="WHEN", help="auto, always, or never.")] = "auto",
    ascii: Annotated[bool, typer.Option("--ascii", help="Signs of ASCII alone.")] = False,
    unicode: Annotated[
        bool, typer.Option("--unicode", help="Formulas as written by hand: x², not x^2.")
    ] = False,
) -> int:
    """The derivation of an expression, rule by rule, each step checked.

    calcgrad steps "sin(x^2)*exp(x)" --at 2
    """
    format = "json" if json else one_of("--format", format, _FORMATS)
    one_of("--color", color, ("auto", "always", "never"))
    one_of("--detail", detail, _DETAILS)
    if expression is None:
        hints = ('calcgrad steps "sin(x^2)*exp(x)"',)
        raise UsageError.of("E365", "there is no expression to differentiate", hints=hints)

    from calcgrad.cli.exit_codes import of_steps
    from calcgrad.cli.output import Output
    from calcgrad.comparing.request import asked
    from calcgrad.explaining.steps import explain
    from calcgrad.render import explaining

    text = sys.stdin.read().strip() if expression == "-" else expression
    request = asked(text, at or None, wrt=wrt or (), order=order, timeout=timeout)
    report = explain(request, "brief" if detail == "brief" else "full", prove)
    place = Output(output, color, quiet)
    style = place.style._replace(ascii=True) if ascii else place.style
    place.write(explaining.renderer("steps", format)(report, style, unicode and not style.ascii))
    place.close()
    return of_steps(report)
