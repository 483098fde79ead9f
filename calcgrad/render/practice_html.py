"""A sheet of problems as a page: each with its answer folded beneath it, and the steps folded in that."""

from __future__ import annotations

from html import escape

from calcgrad.explaining.practice import Judged, PracticeReport, Problem
from calcgrad.expression.nodes import Node
from calcgrad.render import Style
from calcgrad.render.document import Maths
from calcgrad.render.formulas import latex, text
from calcgrad.render.html import displayed
from calcgrad.render.page import command_of, page
from calcgrad.render.practice import heading
from calcgrad.render.steps_html import derivations


def render(report: PracticeReport, style: Style, unicode: bool = False, answers: bool = False) -> str:
    """The sheet as a page, with the answers where they are asked for."""
    body = f"<h1>{escape(heading(report))}</h1>\n{fragment(report, answers)}"
    drawn = {"topic": report.topic, "level": report.level, "seed": report.seed, "sheet": len(report.problems)}
    words = [word for name, value in drawn.items() for word in (f"--{name}", str(value))]
    typed = style.typed if any(word.startswith("--seed") for word in style.typed) else ()
    return page(heading(report), body, command_of(typed, "practice", *words))


def fragment(report: PracticeReport, answers: bool = True) -> str:
    """The problems as a part of a page."""
    items = "".join(
        f"<li>{displayed(_equation('f(x)', p.function))}{_answer(p) if answers else ''}</li>\n"
        for p in report.problems
    )
    return f"<ol>\n{items}</ol>\n" + "".join(_judged(judged) for judged in report.judged)


def _answer(problem: Problem) -> str:
    answer = displayed(_equation("f'(x)", problem.answer))
    inner = f"<p>{answer}</p><details><summary>steps</summary>{derivations(problem.steps)}</details>"
    return f"<details open><summary>answer</summary>{inner}</details>"


def _equation(name: str, formula: Node) -> Maths:
    return Maths(f"{name} = {text(formula)}", f"{name} = {latex(formula)}")


def _judged(judged: Judged) -> str:
    reasons = "".join(f"<div>{escape(reason)}</div>" for reason in judged.reasons)
    return f"<p><code>{escape(judged.answer)}</code>: {judged.verdict}{reasons}</p>\n"
