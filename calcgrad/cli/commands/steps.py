"""``calcgrad steps``: the derivation of an expression, rule by rule."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from calcgrad.cli import showing
from calcgrad.cli.choices import one_of, typed
from calcgrad.cli.completing import expression as completed
from calcgrad.cli.within import Timeout
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
    timeout: Timeout = 10.0,
    format: Annotated[str, showing.formats(_FORMATS)] = "text",
    json: showing.Json = False,
    output: showing.File = None,
    quiet: showing.Quiet = False,
    color: showing.Color = "auto",
    ascii: showing.Ascii = False,
    unicode: showing.Unicode = False,
) -> int:
    """The derivation of an expression, rule by rule, each step checked.

    calcgrad steps "sin(x^2)*exp(x)" --at 2
    """
    format = showing.chosen(format, json, color, _FORMATS, output)
    one_of("--detail", detail, _DETAILS)
    if expression is None:
        hints = ('calcgrad steps "sin(x^2)*exp(x)"',)
        raise UsageError.of("E365", "there is no expression to differentiate", hints=hints)

    from calcgrad.cli.exit_codes import of_steps
    from calcgrad.comparing.request import asked
    from calcgrad.explaining.steps import explain

    text = typed(expression)
    request = asked(text, at or None, wrt=wrt or (), order=order, timeout=timeout)
    report = explain(request, "brief" if detail == "brief" else "full", prove)
    showing.Showing(format, output, color, quiet, ascii, unicode).write(report)
    return of_steps(report)
