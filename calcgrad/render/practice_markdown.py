"""A sheet of problems in Markdown, and its answers with the rules that they take."""

from __future__ import annotations

from calcgrad.explaining.practice import PracticeReport, Problem
from calcgrad.render import Style
from calcgrad.render.formulas import latex
from calcgrad.render.practice import heading


def render(report: PracticeReport, style: Style, unicode: bool = False, answers: bool = False) -> str:
    """The sheet, and its answers where they are asked for."""
    lines = [f"# {heading(report)}", ""]
    lines += [f"{problem.number}. $f(x) = {latex(problem.function)}$" for problem in report.problems]
    if answers:
        lines += ["", "## Answers", ""]
        lines += [f"{p.number}. $f'(x) = {latex(p.answer)}$ ({rules(p)})" for p in report.problems]
    return "\n".join(lines) + "\n"


def rules(problem: Problem) -> str:
    """The rules that a problem takes, each once."""
    [derivation] = problem.steps.derivations
    found = [line.line.rule for line in derivation.lines if line.line.kind == "rule" and line.line.rule]
    return ", ".join(dict.fromkeys(found))
