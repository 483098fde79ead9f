"""``calcgrad check``: hand-written gradients, claimed derivatives, sheets of answers, the table's own proofs."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from calcgrad.cli import showing
from calcgrad.cli.choices import CHECK_FORMATS
from calcgrad.errors import CalcgradError, UsageError
from calcgrad.phrases import figure

_Many = list[str] | None
#: What the options are for: the groups of --help.
_CLAIM = "What is claimed, as code"
_FORMULA = "What is claimed, as a formula"
_WHERE = "Where it is checked"
_HOW = "How hard it looks"
_TABLE = "calcgrad's own table"


def command(
    context: typer.Context,
    target: Annotated[
        _Many,
        typer.Argument(
            metavar="TARGET...",
            help="model.py:loss, or an expression; without one, the project's targets, or calcgrad's own table.",
        ),
    ] = None,
    *,
    grad: Annotated[
        _Many,
        typer.Option(
            metavar="TARGET", help="The claimed gradient: model.py:loss_grad.", rich_help_panel=_CLAIM
        ),
    ] = None,
    value_and_grad: Annotated[
        _Many,
        typer.Option(
            metavar="TARGET",
            help="A function that returns the value and the gradient.",
            rich_help_panel=_CLAIM,
        ),
    ] = None,
    jacobian: Annotated[
        _Many, typer.Option(metavar="TARGET", help="The claimed Jacobian.", rich_help_panel=_CLAIM)
    ] = None,
    hvp: Annotated[
        _Many,
        typer.Option(metavar="TARGET", help="A Hessian-vector product: hvp(x, v).", rich_help_panel=_CLAIM),
    ] = None,
    jvp: Annotated[
        _Many, typer.Option(metavar="TARGET", help="A pushforward: jvp(x, v).", rich_help_panel=_CLAIM)
    ] = None,
    vjp: Annotated[
        _Many, typer.Option(metavar="TARGET", help="A pullback: vjp(x, cotangent).", rich_help_panel=_CLAIM)
    ] = None,
    command: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help='A program in place of TARGET: "./model {input} {output}".',
            rich_help_panel=_CLAIM,
        ),
    ] = None,
    grad_command: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="A program that gives the claimed gradient.", rich_help_panel=_CLAIM
        ),
    ] = None,
    framework: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The functions take arrays of torch or jax; its autograd is checked.",
            rich_help_panel=_CLAIM,
        ),
    ] = None,
    claim: Annotated[
        _Many,
        typer.Option(
            metavar="EXPR", help="The derivative of an expression; one a variable.", rich_help_panel=_FORMULA
        ),
    ] = None,
    claims: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="A sheet of answers: expression ; claim, one a line.",
            rich_help_panel=_FORMULA,
        ),
    ] = None,
    order: Annotated[
        int,
        typer.Option(
            metavar="K", help="The order of the derivative that is claimed.", rich_help_panel=_FORMULA
        ),
    ] = 1,
    show_answer: Annotated[
        bool,
        typer.Option(
            "--show-answer", help="Show the right derivative of an expression.", rich_help_panel=_FORMULA
        ),
    ] = False,
    at: Annotated[
        _Many,
        typer.Option(
            metavar="POINT",
            help="A point, or a .npy, .npz, .json, .csv file; may be repeated.",
            rich_help_panel=_WHERE,
        ),
    ] = None,
    args: Annotated[
        _Many,
        typer.Option(
            metavar="JSON", help="The arguments as JSON, or from model.py:make_args.", rich_help_panel=_WHERE
        ),
    ] = None,
    random: Annotated[
        _Many,
        typer.Option(
            metavar="DIST",
            help='Drawn arguments: "normal(128, 784)", "w=uniform(3)".',
            rich_help_panel=_WHERE,
        ),
    ] = None,
    points: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="How many points are drawn, or prove each row of the table.",
            rich_help_panel=_WHERE,
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(metavar="K", help="The seed of what is drawn at random.", rich_help_panel=_WHERE)
    ] = 1,
    wrt: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES", help="The arguments that the claim is for; default all.", rich_help_panel=_WHERE
        ),
    ] = None,
    rtol: Annotated[
        float,
        typer.Option(
            metavar="R", help="Forgive differences below this share of the true entry.", rich_help_panel=_HOW
        ),
    ] = 0.0,
    seed_call: Annotated[
        str | None,
        typer.Option(
            metavar="TARGET", help="Called with a seed before every evaluation.", rich_help_panel=_HOW
        ),
    ] = None,
    max_evaluations: Annotated[
        int | None, typer.Option(metavar="N", help="At most so many evaluations.", rich_help_panel=_HOW)
    ] = None,
    max_seconds: Annotated[
        float | None, typer.Option(metavar="S", help="At most so many seconds.", rich_help_panel=_HOW)
    ] = None,
    workers: Annotated[
        int, typer.Option(metavar="N", help="Processes that evaluate the function.", rich_help_panel=_HOW)
    ] = 1,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick",
            help="A verdict alone, in 10 to 20 evaluations; says what it may miss.",
            rich_help_panel=_HOW,
        ),
    ] = False,
    taylor: Annotated[
        bool,
        typer.Option(
            "--taylor",
            help="Add the Taylor test: what is left over falls with h squared.",
            rich_help_panel=_HOW,
        ),
    ] = False,
    dask: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Evaluate on the Dask cluster at this address.", rich_help_panel=_HOW
        ),
    ] = None,
    journal: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Keep every evaluation in this file.", rich_help_panel=_HOW),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with the same check that was stopped.", rich_help_panel=_HOW),
    ] = False,
    table: Annotated[
        bool,
        typer.Option(
            "--table", help="Prove calcgrad's own table, whatever the project lists.", rich_help_panel=_TABLE
        ),
    ] = False,
    numeric: Annotated[
        bool,
        typer.Option(
            "--numeric", help="Prove the table in numbers only, without SymPy.", rich_help_panel=_TABLE
        ),
    ] = False,
    timeout: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="The time that the answer to one claim may take; 30 for a formula.",
            rich_help_panel=_HOW,
        ),
    ] = None,
    format: Annotated[str, showing.formats(CHECK_FORMATS)] = "table",
    json: showing.Json = False,
    output: showing.File = None,
    quiet: showing.Quiet = False,
    color: showing.Color = "auto",
) -> int:
    """Find what is wrong with a hand-written gradient, check a claimed derivative, or prove calcgrad's own table.

    calcgrad check model.py:loss --grad model.py:loss_grad --at w.npy

    calcgrad check "x^2*sin(x)" --claim "2*x*sin(x) + x^2*cos(x)"
    """
    from dataclasses import replace

    from calcgrad.checking.project import FORMULA_SECONDS, Settings, project_requests, said_for_all
    from calcgrad.cli.checks import CheckRun, of_program, requests_of
    from calcgrad.cli.output import Output
    from calcgrad.comparing.options import require_timeout, split_names
    from calcgrad.inputs.arguments import Places

    chosen = showing.chosen(format, json, color, CHECK_FORMATS, output)
    _in_range(points, order, seed, rtol, max_evaluations, max_seconds, workers)
    targets = target or []
    found = {
        "grad": grad, "value-and-grad": value_and_grad, "jacobian": jacobian, "hvp": hvp, "jvp": jvp, "vjp": vjp
    }  # fmt: skip
    given = {option: values for option, values in found.items() if values}
    nothing = not (targets or given or claim or claims or framework or command)
    place = Output(output, color, quiet)
    if timeout is not None:
        require_timeout(timeout)
    if claims is not None:
        _alone(targets, given, claim)
        return _sheet(
            claims, chosen, place, FORMULA_SECONDS if timeout is None else timeout, seed, order, show_answer
        )
    if (order > 2 or show_answer) and not claim:
        option = "--order" if order > 1 else "--show-answer"
        raise UsageError.of("E515", f"{option} is for claimed formulas: --claim, or --claims with a sheet")
    requests = () if table or not nothing else project_requests()
    if nothing and not requests:
        return _table(points or 24, seed, quiet, chosen, place, symbolic=not numeric)
    if requests:
        requests = said_for_all(requests, _said(context))
    else:
        places = Places(tuple(at or ()), tuple(args or ()), tuple(random or ()), seed, points or 1)
        settings = Settings(
            rtol=rtol,
            seed=seed,
            max_evaluations=max_evaluations,
            max_seconds=max_seconds,
            workers=workers,
            quick=quick,
            taylor=taylor,
            timeout=timeout,
            seed_call=seed_call,
        )
        names = split_names(wrt or "")
        if command is not None:
            requests = (of_program(command, grad_command, targets, given, names, places, settings),)
        else:
            requests = requests_of(targets, given, claim or (), names, places, settings, framework)
        requests = tuple(replace(request, order=order, show_answer=show_answer) for request in requests)
    return _shown(CheckRun(quiet, journal, resume, dask).checked(requests), chosen, place)


def _said(context: typer.Context) -> dict[str, Any]:
    """The options that stand on the command line, with their values."""
    sources = ((name, context.get_parameter_source(name)) for name in context.params)
    return {name: context.params[name] for name, source in sources if source and source.name == "COMMANDLINE"}


def _in_range(
    points: Any, order: int, seed: int, rtol: float, evaluations: Any, seconds: Any, workers: int
) -> None:
    """Raise for a number that makes no sense."""
    for option, value, least in (
        ("--points", points, 1),
        ("--order", order, 1),
        ("--seed", seed, 0),
        ("--max-evaluations", evaluations, 1),
        ("--workers", workers, 1),
    ):
        if value is not None and value < least:
            raise UsageError.of("E378", f"{option} is {least} or more, not {value}")
    if not 0 <= rtol < 1:
        raise UsageError.of("E378", f"--rtol is a share from 0 to 1, not {figure(rtol)}")
    if seconds is not None and not seconds > 0:
        raise UsageError.of("E378", f"--max-seconds is more than 0, not {figure(seconds)}")


def _alone(targets: list[str], given: dict[str, Any], claim: Any) -> None:
    if targets or given or claim:
        hints = ("calcgrad check --claims answers.txt",)
        raise UsageError.of("E366", "--claims stands alone: the sheet names its expressions", hints=hints)


def _sheet(
    file: str, format: str, place: Any, timeout: float, seed: int, order: int, show_answer: bool
) -> int:
    from calcgrad.checking.sheets import mark
    from calcgrad.cli.output import text_of_standard_input

    try:
        if file == "-":
            text = text_of_standard_input()
        else:
            with open(file, encoding="utf-8-sig") as opened:
                text = opened.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = (getattr(error, "strerror", None) or "it is not UTF-8 text").lower()
        raise UsageError.of("E326", f"{file} cannot be read: {reason}") from error
    found = list(mark(text, file, timeout, seed, order, show_answer))
    if not found:
        raise UsageError.of("E328", f"{file} holds no answer", hints=("x^2 ; 2*x",))
    return _shown(found, format, place, "check_sheet" if format == "table" else None)


def _shown(found: list[Any], format: str, place: Any, renderer: str | None = None) -> int:
    """Write what was found; its exit code. An error that stands alone is said as every error is."""
    import importlib

    from calcgrad.report.exits import worst_exit_code

    if len(found) == 1 and found[0].error is not None and renderer is None and format in ("table", "json"):
        place.close()
        error = CalcgradError(found[0].error)
        error.exit_code = found[0].exit_code
        raise error
    name = renderer or ("check" if format == "table" else f"check_{format}")
    place.write(importlib.import_module(f"calcgrad.render.{name}").render(found, place.style))
    place.close()
    return worst_exit_code([c.exit_code for c in found])


def _table(points: int, seed: int, quiet: bool, format: str, place: Any, symbolic: bool) -> int:
    """Prove the table of operations."""
    from time import perf_counter

    from calcgrad.checking.table.proofs import how_many, prove
    from calcgrad.cli.progress import Interrupted, Progress
    from calcgrad.render import proofs as shown
    from calcgrad.render.json import spread
    from calcgrad.report.exits import EXIT_CODES
    from calcgrad.report.proofs import ProofReport

    if format not in ("table", "json"):
        raise UsageError.of("E363", f"the proof of the table is a table or json, not {format}")
    progress = Progress(how_many(), quiet, "proofs")
    start = perf_counter()
    rows = []
    try:
        for row in prove(points, seed, symbolic):
            rows.append(row)
            progress.tick()
    except KeyboardInterrupt:
        right = sum(row.verdict == "right" for row in rows)
        said = f"interrupted after {len(rows)} of {how_many()} proofs, of which {right} hold; nothing was written"
        raise Interrupted(f"{said}; --numeric leaves SymPy out and is faster") from None
    finally:
        progress.close()
    report = ProofReport(tuple(rows), perf_counter() - start)
    as_json = format == "json"
    place.write(
        spread(shown.contract(report), place.style.ascii) + "\n"
        if as_json
        else shown.render(report, place.style)
    )
    place.close()
    return EXIT_CODES[report.verdict]
