"""Problems as text: a numbered list, then what is said of the answers that were given."""

from __future__ import annotations

from collections.abc import Iterator

from calcgrad.explaining.practice import Judged, PracticeReport, Problem
from calcgrad.render import Style
from calcgrad.render.formulas import text
from calcgrad.render.layout import wrapped
from calcgrad.render.styles import BAD, GOOD, HEADING, UNSURE, paint

_COLORS = {"right": GOOD, "wrong": BAD}


def render(report: PracticeReport, style: Style, unicode: bool = False, answers: bool = False) -> str:
    """The problems, and what is said of answers; with ``answers`` the right ones too."""
    lines = [paint(heading(report), HEADING, style.color), ""]
    for problem in report.problems:
        lines += question(problem, style, unicode)
    for judged in report.judged:
        lines += ["", *said(judged, style)]
    if answers:
        lines += ["", paint("Answers", HEADING, style.color), ""]
        for problem in report.problems:
            lines += wrapped(
                f"f'(x) = {text(problem.answer, unicode)}", style.width, f"{problem.number}. ", "   "
            )
    return "\n".join(lines) + "\n"


def heading(report: PracticeReport) -> str:
    """What the problems are, and how to get the same again."""
    return f"Differentiate by x (topic {report.topic}, level {report.level}, seed {report.seed})"


def question(problem: Problem, style: Style, unicode: bool = False) -> list[str]:
    """One problem."""
    return wrapped(f"f(x) = {text(problem.function, unicode)}", style.width, f"{problem.number}. ", "   ")


def said(judged: Judged, style: Style) -> Iterator[str]:
    """What is said of an answer: the verdict, and why it is wrong."""
    color = _COLORS.get(judged.verdict, UNSURE)
    first = f"{judged.problem}. {judged.answer}: {judged.verdict if judged.verdict != 'inconclusive' else 'not judged'}"
    yield from [paint(line, color, style.color) for line in wrapped(first, style.width, hanging="   ")]
    for reason in judged.reasons or (judged.notes if judged.verdict != "right" else ()):
        yield from wrapped(reason, style.width, "   ", "     ")
