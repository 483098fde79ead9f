"""A sheet of problems as a LaTeX document, its answers on a page of their own."""

from __future__ import annotations

from calcgrad.explaining.practice import PracticeReport
from calcgrad.render import Style
from calcgrad.render.formulas import latex
from calcgrad.render.latex import text as escaped
from calcgrad.render.practice import heading
from calcgrad.render.practice_markdown import rules


def render(report: PracticeReport, style: Style, unicode: bool = False, answers: bool = False) -> str:
    """The sheet, and its answers where they are asked for."""
    lines = [r"\documentclass[a4paper]{article}", r"\usepackage{amsmath}", r"\begin{document}"]
    lines += [rf"\section*{{{escaped(heading(report))}}}", r"\begin{enumerate}"]
    lines += [rf"  \item $\displaystyle f(x) = {latex(problem.function)}$" for problem in report.problems]
    lines.append(r"\end{enumerate}")
    if answers:
        lines += [r"\newpage", r"\section*{Answers}", r"\begin{enumerate}"]
        for problem in report.problems:
            said = rf"$\displaystyle f'(x) = {latex(problem.answer)}$ ({escaped(rules(problem))})"
            lines.append(rf"  \item {said}")
        lines.append(r"\end{enumerate}")
    return "\n".join([*lines, r"\end{document}"]) + "\n"
