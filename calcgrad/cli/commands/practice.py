"""``calcgrad practice``: problems in differentiation, whose answers are checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from calcgrad.cli import showing
from calcgrad.errors import UsageError

if TYPE_CHECKING:
    from calcgrad.cli.output import Output
    from calcgrad.explaining.practice import PracticeReport, Problem

_FORMATS = ("text", "markdown", "latex", "html", "json")
_WORDS = "an answer, or: steps, answer, next, quit"


def command(
    *,
    topic: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="power, product, quotient, chain, exponential, logarithm, trigonometric, inverse, logarithmic, or mixed.",
        ),
    ] = "mixed",
    level: Annotated[int, typer.Option(metavar="N", help="1 (easy) to 5 (hard).")] = 1,
    seed: Annotated[
        int | None, typer.Option(metavar="K", help="The same number gives the same problems.")
    ] = None,
    answer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EXPR",
            help="An answer to check, without a dialogue; the second is to the second problem.",
        ),
    ] = None,
    sheet: Annotated[
        int, typer.Option(metavar="N", help="A sheet of so many problems, and its answers.")
    ] = 0,
    format: Annotated[str, showing.formats(_FORMATS)] = "text",
    json: showing.Json = False,
    output: Annotated[
        str | None, showing.written("Write to this file; the answers of a sheet go to another beside it.")
    ] = None,
    color: showing.Color = "auto",
    unicode: showing.Unicode = False,
) -> int:
    """Problems in differentiation: type an answer, and learn whether it is right, and why not.

    calcgrad practice --topic chain --level 2
    """
    format = showing.chosen(format, json, color, _FORMATS, output)
    if sheet and answer:
        raise UsageError.of("E604", "--sheet and --answer exclude each other")

    from calcgrad.cli.output import Output
    from calcgrad.explaining.practice import practise

    chosen = seed if seed is not None else _any_seed()
    place = Output(output, color)
    if sheet:
        report = practise(topic, level, chosen, sheet)
        _write_sheet(report, place, format, output, unicode)
        code = 0
    elif answer or format != "text" or output is not None:
        report = practise(topic, level, chosen, max(1, len(answer or ())), answer or ())
        from calcgrad.render.explaining import renderer

        place.write(renderer("practice", format)(report, place.style, unicode))
        code = _exit_code([judged.verdict for judged in report.judged])
    else:
        code = _dialogue(topic, level, chosen, place, unicode)
    place.close()
    return code


def _any_seed() -> int:
    from random import SystemRandom

    return SystemRandom().randint(1, 99_999)


def _exit_code(verdicts: list[str]) -> int:
    from calcgrad.report.exits import EXIT_CODES, worst_exit_code

    return worst_exit_code([EXIT_CODES[verdict] for verdict in verdicts])


def _write_sheet(
    report: PracticeReport, place: Output, format: str, output: str | None, unicode: bool
) -> None:
    """The problems in one file and the answers in another beside it; both in one text where there is no file."""
    from pathlib import Path

    from calcgrad.cli.output import Output
    from calcgrad.render.explaining import renderer

    render = renderer("practice", format)
    if output is None or format == "json":
        place.write(render(report, place.style, unicode, True))
        return
    place.write(render(report, place.style, unicode, False))
    file = Path(output)
    beside = Output(str(file.with_name(f"{file.stem}-answers{file.suffix}")))
    beside.write(render(report, place.style, unicode, True))
    beside.close()


def _dialogue(topic: str, level: int, seed: int, place: Output, unicode: bool) -> int:
    """Problems one after another, answers from standard input, as long as there are any."""
    from calcgrad.cli.output import text_stream
    from calcgrad.explaining.practice import MOST, judge, practise
    from calcgrad.render.practice import heading, question, said

    answers = text_stream()
    spoken = answers.isatty()
    verdicts: list[str] = []
    count = 1
    report = practise(topic, level, seed, count)
    place.write(f"{heading(report)}\n")
    while count <= MOST:
        problem = report.problems[-1]
        place.write("\n" + "\n".join(question(problem, place.style, unicode)) + "\n")
        place.write(f"   {_WORDS}\n" if count == 1 else "")
        done = False
        while not done:
            place.write("   f'(x) = " if spoken else "")
            line = answers.readline()
            typed = line.strip()
            if not line or typed in ("quit", "exit"):
                place.write("\n" if spoken and not line else "")
                return _exit_code(verdicts)
            if typed in ("steps", "answer"):
                place.write(_shown(problem, typed, place, unicode))
                continue
            if typed and typed != "next":
                judged = judge(problem, typed)
                place.write("\n".join(said(judged, place.style)) + "\n")
                if judged.verdict != "inconclusive":
                    verdicts.append(judged.verdict)
                done = judged.verdict == "right"
            done = done or typed == "next"
        count += 1
        report = practise(topic, level, seed, min(count, MOST))
    return _exit_code(verdicts)


def _shown(problem: Problem, what: str, place: Output, unicode: bool) -> str:
    """The steps of a problem, or its answer."""
    from calcgrad.render import steps
    from calcgrad.render.formulas import text

    if what == "answer":
        return f"   f'(x) = {text(problem.answer, unicode)}\n"
    return steps.render(problem.steps, place.style, unicode)
