"""E6: what is asked of the commands that show: steps, practice and those beside them."""

from __future__ import annotations

from calcgrad.codes.entry import Code

TITLE = "What is asked of the commands that show"
CODES = (
    Code(
        "E600",
        "a Python function has no steps",
        "Steps are told of an expression, by the rules for what is written in it.",
        "Give the expression as text; diff, check and compare-modes take Python functions.",
        "calcgrad steps model.py:f",
        {"model.py": "def f(x):\n    return x * x\n"},
    ),
    Code(
        "E601",
        "the detail of steps is neither brief nor full",
        "A derivation is told in full, or without what a beginner differentiates at sight.",
        "Choose one of the two.",
        'import calcgrad\n\ncalcgrad.steps("x", detail="long")',
    ),
)
