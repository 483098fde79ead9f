"""``calcgrad descend``: gradient descent, told step by step."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from calcgrad.cli import showing
from calcgrad.cli.choices import given, one_of

if TYPE_CHECKING:
    from calcgrad.explaining.descend import DescendReport, Going
from calcgrad.cli.within import LONG, Timeout, within

_FORMATS = ("text", "markdown", "html", "json")
_Many = list[str] | None


def command(
    expression: Annotated[
        str | None, typer.Argument(metavar="EXPR", help="The loss: an expression, or model.py:loss.")
    ] = None,
    *,
    at: Annotated[
        _Many, typer.Option(metavar="POINT", help='Where to begin: 1.5, "x=1, y=2", w.npy.')
    ] = None,
    args: Annotated[
        _Many, typer.Option(metavar="JSON", help="Arguments as JSON, or from model.py:make_args.")
    ] = None,
    random: Annotated[_Many, typer.Option(metavar="DIST", help='Drawn arguments: "w=normal(3)".')] = None,
    seed: Annotated[int, typer.Option(metavar="K", help="The seed of what is drawn.")] = 1,
    wrt: Annotated[str | None, typer.Option(metavar="NAMES", help="What moves: w1,w2.")] = None,
    rate: Annotated[
        float | None, typer.Option(metavar="R", help="The rate; 0.1, and 1 for Newton's rule, without it.")
    ] = None,
    steps: Annotated[int, typer.Option(metavar="N", help="The most steps.")] = 20,
    until: Annotated[
        float | None, typer.Option(metavar="TOL", help="Stop where the gradient is no longer than this.")
    ] = None,
    rule: Annotated[str, typer.Option(metavar="NAME", help="gradient, momentum, or newton.")] = "gradient",
    claim: Annotated[
        _Many,
        typer.Option(metavar="EXPR", help="Your derivative, one for each variable: descends by it too."),
    ] = None,
    grad: Annotated[
        str | None,
        typer.Option(metavar="TARGET", help="Your gradient of a Python function: model.py:loss_grad."),
    ] = None,
    timeout: Timeout = LONG,
    format: Annotated[str, showing.formats(_FORMATS)] = "text",
    json: showing.Json = False,
    output: showing.Picture = None,
    quiet: showing.Quiet = False,
    color: showing.Color = "auto",
    ascii: showing.Ascii = False,
) -> int:
    """Gradient descent step by step: the slope's sign in words, the loss, and what f'' says about the rate.

    calcgrad descend "(w - 3.5)^2" --at 1.5 --rate 0.1

    calcgrad descend model.py:loss --at w.npy --grad model.py:loss_grad
    """
    format = showing.chosen(format, json, color, _FORMATS, output, pictures=True)
    one_of("--rule", rule, ("gradient", "momentum", "newton"))
    text = given(expression, 'calcgrad descend "(w - 3.5)^2" --at 1.5')

    from calcgrad.cli.exit_codes import of_descent
    from calcgrad.explaining.descend import Going
    from calcgrad.explaining.held import misfit
    from calcgrad.functions.loading import is_target

    shown = showing.Showing(format, output, color, quiet, ascii)
    going = Going(rule, rate, steps, until)  # type: ignore[arg-type]
    if is_target(text):
        if claim:
            raise misfit()
        report = within(timeout, lambda: _of_program(text, (at, args, random, seed), going, wrt, grad))
    else:
        if grad or args or random:
            raise misfit()
        report = within(timeout, lambda: _of_text(text, at, going, wrt, claim))
    shown.draw_or_write(report)
    return of_descent(report)


def _of_text(text: str, at: _Many, going: Going, wrt: str | None, claim: _Many) -> DescendReport:
    from calcgrad.comparing.request import asked
    from calcgrad.explaining.descend import descend

    return descend(asked(text, at or None, wrt=wrt or ()), going, claim or ())


def _of_program(
    text: str, where: tuple[_Many, _Many, _Many, int], going: Going, wrt: str | None, grad: str | None
) -> DescendReport:
    from calcgrad.comparing.options import split_names
    from calcgrad.explaining.descend import descend_program
    from calcgrad.functions.loading import load
    from calcgrad.inputs.arguments import Places, arguments_for
    from calcgrad.inputs.points import only_one

    at, args, random, seed = where
    with contextlib.redirect_stdout(sys.stderr):  # what the user's code prints is no part of a report
        function = load(text)
        places = Places(tuple(at or ()), tuple(args or ()), tuple(random or ()), seed)
        arguments = only_one(arguments_for(function, places), text)
        claimed = (grad, load(grad)) if grad else None
        return descend_program(text, function, arguments.values, going, split_names(wrt or ()), claimed)
