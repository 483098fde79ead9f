"""``calcgrad diff``: the derivative of an expression by every method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from calcgrad.cli import completing, showing
from calcgrad.cli.choices import one_of
from calcgrad.comparing.options import OPTIONS, TRUTHS
from calcgrad.errors import CalcgradError, UsageError
from calcgrad.render import FORMATS

if TYPE_CHECKING:
    from calcgrad.cli.output import Output
    from calcgrad.comparing.request import Request
    from calcgrad.report.derivatives import Report


_WHERE, _JUDGING, _MANY = (
    "Where, and by what",
    "The methods and the truth",
    "Many expressions, measured data",
)


def _option(name: str, panel: str | None = None) -> Any:
    """How the command line shows an option of a request."""
    option = OPTIONS[name]
    completion = completing.methods if name == "methods" else completing.words(option.choices)
    return typer.Option(
        metavar=option.metavar, help=option.help, autocompletion=completion, rich_help_panel=panel
    )


def command(
    expression: Annotated[
        str | None,
        typer.Argument(
            metavar="EXPR",
            help="The function: a text, or model.py:f, a function of NumPy; - reads a text from standard input.",
            autocompletion=completing.expression,
        ),
    ] = None,
    *,
    at: Annotated[
        list[str] | None,
        typer.Option(
            metavar="POINT",
            help='2, or "x=1, y=pi/2", or "x=0:2:41", or a file; may be repeated.',
            rich_help_panel=_WHERE,
        ),
    ] = None,
    wrt: Annotated[str | None, _option("wrt", _WHERE)] = None,
    order: Annotated[int, _option("order", _WHERE)] = 1,
    methods: Annotated[str | None, _option("methods", _JUDGING)] = None,
    truth: Annotated[str, _option("truth", _JUDGING)] = "both",
    step: Annotated[float | None, _option("step", _JUDGING)] = None,
    digits: Annotated[int | None, _option("digits", _JUDGING)] = None,
    timeout: Annotated[float, _option("timeout", _JUDGING)] = 10.0,
    derivation: Annotated[
        bool,
        typer.Option(
            "--derivation",
            help="Add the derivation, rule by rule, as steps tells it.",
            rich_help_panel=showing.PANEL,
        ),
    ] = False,
    input: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Many: an expression, or a JSON object, a line; - is standard input.",
            rich_help_panel=_MANY,
        ),
    ] = None,
    workers: Annotated[
        int,
        typer.Option(metavar="N", help="Processes that answer --input.", rich_help_panel=_MANY),
    ] = 1,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Differentiate measured data: a CSV file with --x and --y.",
            rich_help_panel=_MANY,
        ),
    ] = None,
    x: Annotated[
        str | None,
        typer.Option("--x", metavar="COLUMN", help="The column to differentiate by.", rich_help_panel=_MANY),
    ] = None,
    y: Annotated[
        str | None,
        typer.Option("--y", metavar="COLUMN", help="The column to differentiate.", rich_help_panel=_MANY),
    ] = None,
    format: Annotated[str, showing.formats(FORMATS)] = "table",
    json: showing.Json = False,
    output: showing.File = None,
    quiet: showing.Quiet = False,
    color: showing.Color = "auto",
) -> int:
    """Differentiate an expression by every method.

    Each method's value stands beside its error against the truth.

    calcgrad diff "x**3+2*x" --at 2
    calcgrad diff "x*y + sin(x)" --at "x=1, y=pi/2" --order 2
    calcgrad diff model.py:loss --at w.npy --methods reverse-ad
    calcgrad diff --input many.txt --at 2 --format jsonl
    """
    choices = (
        FORMATS if input is None else [name for name in FORMATS if name != "html"]
    )  # a page has one report
    format = showing.chosen(format, json, color, choices, output)
    one_of("--truth", truth, TRUTHS)
    if data is not None:
        return _data(data, x, y, order, format, output, color, quiet)
    if (expression is None) == (input is None):
        raise _which(expression is None)
    if workers != 1:
        _check_workers(workers, input is not None)
    if derivation and input is not None:
        raise UsageError.of("E605", "--derivation tells that of one expression", hints=("leave out --input",))

    from calcgrad.cli.output import Output, text_of_standard_input
    from calcgrad.comparing.request import asked

    request = asked(
        text_of_standard_input().strip() if expression == "-" else expression or "",
        at or None,
        wrt=wrt or (),
        order=order,
        methods=methods,
        truth=truth,
        step=step,
        digits=digits,
        timeout=timeout,
    )
    place = Output(output, color, quiet)
    if input is not None:
        from calcgrad.cli.batch import run_many
        from calcgrad.cli.writers import writer

        code = run_many(input, request, writer(place, format, color), quiet, workers)
    else:
        from calcgrad.cli.exit_codes import of_report
        from calcgrad.cli.live import computed

        if format == "html":
            report = _page(request, place)
        else:
            report = _told(request, place, format) if derivation else computed(request, place, format, quiet)
        code = of_report(report)
    place.close()
    return code


def _page(request: Request, place: Output) -> Report:
    """The report with all that a page shows beside it, written as a page; its command stands at its end."""
    from calcgrad.cli.progress import looking_on
    from calcgrad.explaining.paging import page_of
    from calcgrad.render.diff_html import render_page

    with looking_on():
        shown = page_of(request)
    place.write(render_page(shown, place.style))
    return shown.report


def _told(request: Request, place: Output, format: str) -> Report:
    """The report with its derivation, written."""
    from dataclasses import replace

    from calcgrad.comparing.compute import compute
    from calcgrad.explaining.steps import explain
    from calcgrad.render import renderer

    report = compute(request)
    report = replace(report, derivation=explain(request, judged=report.points))
    place.write(renderer(format)(report, place.style))
    return report


def _data(
    file: str,
    x: str | None,
    y: str | None,
    order: int,
    format: str,
    output: str | None,
    color: str,
    quiet: bool,
) -> int:
    """The derivative of measured data."""
    from calcgrad.cli.output import Output
    from calcgrad.inputs.sampled_data import differentiate_file
    from calcgrad.render import data
    from calcgrad.render.json import spread

    if x is None or y is None:
        raise UsageError.of("E393", "--data needs the names of two columns", hints=("--x t --y s",))
    if format not in ("table", "json"):
        raise UsageError.of("E394", f"data are shown as table or json, not {format}")
    report = differentiate_file(file, x, y, order)
    place = Output(output, color, quiet)
    shown = data.render(report, place.style)
    place.write(spread(data.contract(report), place.style.ascii) + "\n" if format == "json" else shown)
    place.close()
    return 0


def _check_workers(count: int, many: bool) -> None:
    """Raises ``UsageError``: E378 for a number that makes no sense, E366 without lines to answer."""
    from calcgrad.checking.measuring.subject import MOST_WORKERS

    if not 1 <= count <= MOST_WORKERS:
        raise UsageError.of("E378", f"--workers is from 1 to {MOST_WORKERS}, not {count}")
    if not many:
        raise UsageError.of("E366", "--workers answers the lines of --input, and there is none")


def _which(missing: bool) -> CalcgradError:
    if missing:
        hints = ('calcgrad diff "x**3+2*x" --at 2', "--input FILE reads many, one a line")
        return UsageError.of("E365", "there is no expression to differentiate", hints=hints)
    return UsageError.of("E366", "an expression and --input exclude each other")
