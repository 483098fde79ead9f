"""``calcgrad diff``: the derivative of an expression by every method."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from calcgrad.cli.choices import names_of, one_of
from calcgrad.errors import UsageError
from calcgrad.render import FORMATS


def command(
    expression: Annotated[
        str | None, typer.Argument(metavar="EXPR", help="The function; - reads it from standard input.")
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(metavar="POINT", help='2, or "x=1, y=pi/2", or "x=0:2:41", or a file; may be repeated.'),
    ] = None,
    wrt: Annotated[
        str | None, typer.Option(metavar="NAMES", help="The variables to differentiate by: x,y.")
    ] = None,
    order: Annotated[int, typer.Option(metavar="K", help="The order of the derivative.")] = 1,
    methods: Annotated[
        str | None, typer.Option(metavar="NAMES", help="The methods to show: forward-ad,symbolic.")
    ] = None,
    truth: Annotated[
        str, typer.Option(metavar="KIND", help="What to judge by: symbolic, or none.")
    ] = "symbolic",
    step: Annotated[
        float | None, typer.Option(metavar="H", help="The step of the plain differences.")
    ] = None,
    digits: Annotated[int | None, typer.Option(metavar="N", help="The digits of the truth.")] = None,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="The time that SymPy may take.")] = 10.0,
    input: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Many: an expression, or a JSON object, a line; - is standard input."
        ),
    ] = None,
    format: Annotated[str, typer.Option(metavar="NAME", help=f"One of {', '.join(FORMATS)}.")] = "table",
    json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    output: Annotated[str | None, typer.Option(metavar="FILE", help="Write to this file.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show nothing; the exit code tells.")] = False,
    color: Annotated[str, typer.Option(metavar="WHEN", help="auto, always, or never.")] = "auto",
) -> int:
    """Differentiate an expression by every method.

    Each method's value stands beside its error against the truth.

    calcgrad diff "x**3+2*x" --at 2
    """
    format = "json" if json else one_of("--format", format, FORMATS)
    one_of("--color", color, ("auto", "always", "never"))
    one_of("--truth", truth, ("symbolic", "none"))
    _check(order, digits, timeout, step)
    if (expression is None) == (input is None):
        raise _which(expression is None)

    from calcgrad.cli.output import Output
    from calcgrad.comparing import Request
    from calcgrad.operations import VOCABULARY
    from calcgrad.points import read_points

    text = sys.stdin.read().strip() if expression == "-" else expression or ""
    request = Request(
        text=text,
        at=read_points(at or (), VOCABULARY),
        wrt=names_of(wrt),
        order=order,
        methods=names_of(methods) if methods is not None else None,
        truth=truth,
        step=step,
        digits=digits,
        timeout=timeout,
    )
    if input is not None:
        from calcgrad.cli.batch import run_many

        return run_many(input, request, format, output, color, quiet)

    from calcgrad.cli.exit_codes import of_report
    from calcgrad.comparing import compute
    from calcgrad.render import renderer

    report = compute(request)
    place = Output(output, color, quiet)
    place.write(renderer(format)(report, place.style))
    place.close()
    return of_report(report)


def _check(order: int, digits: int | None, timeout: float, step: float | None) -> None:
    wrong = None
    if order < 1:
        wrong = f"--order is 1 or more, not {order}"
    elif digits is not None and not 1 <= digits <= 1000:
        wrong = f"--digits is between 1 and 1000, not {digits}"
    elif not timeout > 0:
        wrong = f"--timeout is a number of seconds above 0, not {timeout}"
    elif step is not None and not 0 < step < float("inf"):
        wrong = f"--step is above 0, not {step}"
    if wrong is not None:
        raise UsageError.of("E364", wrong)


def _which(missing: bool) -> Exception:
    if missing:
        hints = ('calcgrad diff "x**3+2*x" --at 2', "--input FILE reads many, one a line")
        return UsageError.of("E365", "there is no expression to differentiate", hints=hints)
    return UsageError.of("E366", "an expression and --input exclude each other")
