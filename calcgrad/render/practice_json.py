"""Problems as JSON. ``calcgrad/schemas/practice-v1.json`` is its schema."""

from __future__ import annotations

from typing import Any

from calcgrad.explaining.practice import Judged, PracticeReport, Problem
from calcgrad.render import Style
from calcgrad.render.formulas import latex, text
from calcgrad.render.json import spread


def render(report: PracticeReport, style: Style, unicode: bool = False, answers: bool = True) -> str:
    """The report as one object; the answers are always in it."""
    return spread(contract(report), style.ascii) + "\n"


def contract(report: PracticeReport) -> dict[str, Any]:
    """The report as the plain data of the contract."""
    return {
        "schema": 1,
        "command": report.command,
        "topic": report.topic,
        "level": report.level,
        "seed": report.seed,
        "problems": [_problem(problem) for problem in report.problems],
        "judged": [_judged(judged) for judged in report.judged],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    [derivation] = problem.steps.derivations
    rules = [line.line.rule for line in derivation.lines if line.line.kind == "rule" and line.line.rule]
    return {
        "number": problem.number,
        "topic": problem.topic,
        "level": problem.level,
        "function": problem.text,
        "latex": latex(problem.function),
        "answer": text(problem.answer),
        "answer_latex": latex(problem.answer),
        "check": problem.steps.check,
        "points": list(problem.points),
        "rules": list(dict.fromkeys(rules)),
    }


def _judged(judged: Judged) -> dict[str, Any]:
    return {
        "problem": judged.problem,
        "answer": judged.answer,
        "verdict": judged.verdict,
        "reasons": list(judged.reasons),
        "notes": list(judged.notes),
    }
