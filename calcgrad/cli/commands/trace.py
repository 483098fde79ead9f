"""``calcgrad trace``: the computation graph of a function, and what flows through it forward and backward."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from calcgrad.cli import showing
from calcgrad.cli.choices import one_of
from calcgrad.comparing.options import OPTIONS
from calcgrad.errors import UsageError

_FORMATS = ("text", "json", "markdown", "html", "dot", "mermaid", "svg")
_MODES = ("both", "forward", "reverse")


def _option(name: str) -> Any:
    """How the command line shows an option of a request."""
    return typer.Option(metavar=OPTIONS[name].metavar, help=OPTIONS[name].help)


def command(
    expression: Annotated[
        str | None,
        typer.Argument(metavar="EXPR", help="The function, or model.py:f; - reads it from standard input."),
    ] = None,
    *,
    at: Annotated[
        list[str] | None, typer.Option(metavar="POINT", help='The point: 2, or "x=1, y=pi/2".')
    ] = None,
    mode: Annotated[str, typer.Option(metavar="KIND", help="both, forward, or reverse.")] = "both",
    depth: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Of a Python function: how far loops and calls are opened; 1 folds all."
        ),
    ] = None,
    format: Annotated[str, showing.formats(_FORMATS)] = "text",
    json: showing.Json = False,
    output: Annotated[
        str | None, showing.written("Write to this file; .svg, .dot, .html tell the format.")
    ] = None,
    quiet: showing.Quiet = False,
    color: showing.Color = "auto",
    ascii: showing.Ascii = False,
) -> int:
    """The computation graph, drawn, with values, tangents and adjoints, and where each comes from.

    calcgrad trace "x*y + sin(x)" --at "x=1, y=2"
    """
    if output is not None and format == "text":
        format = _by_ending(output)
    format = showing.chosen(format, json, color, _FORMATS)
    one_of("--mode", mode, _MODES)
    if expression is None:
        hints = ('calcgrad trace "x*y + sin(x)" --at "x=1, y=2"',)
        raise UsageError.of("E365", "there is no expression to trace", hints=hints)

    from calcgrad.api import trace
    from calcgrad.cli.exit_codes import of_trace

    text = sys.stdin.read().strip() if expression == "-" else expression
    report = trace(text, at or None, mode=mode, depth=depth)
    showing.Showing(format, output, color, quiet, ascii).write(report)
    return of_trace(report)


def _by_ending(path: str) -> str:
    """The format that a file's name asks for."""
    endings = {
        "svg": "svg",
        "dot": "dot",
        "gv": "dot",
        "html": "html",
        "json": "json",
        "md": "markdown",
        "mmd": "mermaid",
    }
    return endings.get(path.rpartition(".")[2].lower(), "text")
