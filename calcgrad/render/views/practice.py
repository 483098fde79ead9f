"""What ``practice`` gives: the problems, and what is said of answers."""

from __future__ import annotations

from calcgrad.explaining.practice import PracticeReport
from calcgrad.render import practice
from calcgrad.render.document import Block, Heading, Verdict
from calcgrad.render.document import line as line_of
from calcgrad.render.views.steps import maths

__all__ = ["blocks", "line", "text"]

text = practice.render


def line(report: PracticeReport) -> str:
    """How many problems of what kind."""
    count = len(report.problems)
    said = "".join(f", {judged.verdict}" for judged in report.judged)
    return f"{report.topic}, level {report.level}, seed {report.seed}: {count} problem{'s' if count != 1 else ''}{said}"


def blocks(report: PracticeReport) -> list[Block]:
    """The report as a document."""
    found: list[Block] = [Heading(practice.heading(report))]
    found += [line_of(f"{p.number}. f(x) = ", maths(p.function)) for p in report.problems]
    for judged in report.judged:
        good = {"right": True, "wrong": False, "inconclusive": None}[judged.verdict]
        said = judged.reasons or judged.notes
        found.append(Verdict(judged.verdict, good, (f"{judged.problem}. {judged.answer}", *said)))
    return found
