"""``calcgrad trace``: the computation graph of a function, and what flows through it forward and backward."""

from __future__ import annotations

import contextlib
import sys
from typing import Annotated, Any

import typer

from calcgrad.cli import showing
from calcgrad.cli.choices import one_of, typed
from calcgrad.cli.within import LONG, Timeout, within
from calcgrad.comparing.options import OPTIONS
from calcgrad.errors import UsageError

_FORMATS = ("text", "json", "markdown", "html", "dot", "mermaid", "svg")
_Many = list[str] | None
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
    args: Annotated[
        _Many,
        typer.Option(metavar="JSON", help="Arguments of a Python function, or from model.py:make_args."),
    ] = None,
    random: Annotated[_Many, typer.Option(metavar="DIST", help='Drawn arguments: "w=normal(3)".')] = None,
    seed: Annotated[int, typer.Option(metavar="K", help="The seed of what is drawn.")] = 1,
    wrt: Annotated[
        str | None,
        typer.Option(metavar="NAMES", help="Arguments of a Python function that go in; others stand still."),
    ] = None,
    mode: Annotated[str, typer.Option(metavar="KIND", help="both, forward, or reverse.")] = "both",
    depth: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Of a Python function: how far loops and calls are opened; 1 folds all."
        ),
    ] = None,
    timeout: Timeout = LONG,
    format: Annotated[str, showing.formats(_FORMATS)] = "text",
    json: showing.Json = False,
    output: showing.File = None,
    quiet: showing.Quiet = False,
    color: showing.Color = "auto",
    ascii: showing.Ascii = False,
) -> int:
    """The computation graph, drawn, with values, tangents and adjoints, and where each comes from.

    calcgrad trace "x*y + sin(x)" --at "x=1, y=2"

    calcgrad trace model.py:loss --args model.py:args --wrt w --output loss.svg
    """
    format = showing.chosen(format, json, color, _FORMATS, output)
    one_of("--mode", mode, _MODES)
    if expression is None:
        hints = ('calcgrad trace "x*y + sin(x)" --at "x=1, y=2"',)
        raise UsageError.of("E365", "there is no expression to trace", hints=hints)

    from calcgrad.api import trace
    from calcgrad.cli.exit_codes import of_trace

    text = typed(expression)

    def traced() -> Any:
        point: Any = at or None
        if args or random or wrt:
            point = _arguments(text, (at, args, random, seed))
        return trace(text, point, mode=mode, depth=depth, wrt=wrt or ())

    report = within(timeout, traced)
    showing.Showing(format, output, color, quiet, ascii).write(report)
    return of_trace(report)


def _arguments(text: str, where: tuple[_Many, _Many, _Many, int]) -> dict[str, Any]:
    """A value for each parameter of a Python function."""
    from calcgrad.explaining.held import misfit
    from calcgrad.functions.loading import is_target, load
    from calcgrad.inputs.arguments import Places, arguments_for
    from calcgrad.inputs.points import only_one

    if not is_target(text):
        raise misfit()
    at, args, random, seed = where
    with contextlib.redirect_stdout(sys.stderr):  # what the user's code prints is no part of a report
        places = Places(tuple(at or ()), tuple(args or ()), tuple(random or ()), seed)
        return dict(only_one(arguments_for(load(text), places), text).values)
