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
    Code(
        "E602",
        "there is no such topic to practise",
        "A topic is a rule of differentiation.",
        "Choose one of those that the message lists, or mixed.",
        "calcgrad practice --topic integrals",
    ),
    Code(
        "E603",
        "there is no such level, or no sheet of that size",
        "Levels go from 1 to 5, and a sheet has up to 200 problems.",
        "Choose within these bounds.",
        "calcgrad practice --level 6",
    ),
    Code(
        "E604",
        "a sheet and an answer exclude each other",
        "A sheet is printed with its answers; an answer is checked for a problem by itself.",
        "Leave out one of them.",
        "calcgrad practice --sheet 5 --answer x",
    ),
    Code(
        "E605",
        "a derivation is that of one expression",
        "Many expressions, one a line, are for programs; a derivation is for people.",
        "Give the expression itself, or ask calcgrad steps.",
        "calcgrad diff --input list.txt --derivation",
        {"list.txt": "x^2\n"},
    ),
    Code(
        "E606",
        "a trace is of one point",
        "What flows through a graph are numbers, and they are those of one point.",
        "Give one --at.",
        'calcgrad trace "x^2"',
    ),
    Code(
        "E607",
        "a Python function cannot be traced",
        "A trace needs each operation of the function; one of them, which the message names, hides it.",
        "Write the function in NumPy, or declare what cannot be traced with custom_rule.",
        "calcgrad trace model.py:f --at 2",
        {"model.py": "import ctypes\n\n\ndef f(x):\n    return ctypes.c_double(x).value\n"},
    ),
    Code(
        "E608",
        "the mode of a trace is not known",
        "A graph is gone through forward, backward, or both ways.",
        "Choose both, forward or reverse.",
        'import calcgrad\n\ncalcgrad.trace("x", at=1, mode="sideways")',
    ),
    Code(
        "E609",
        "nothing lays out a graph",
        "A drawn graph is laid out by igraph, which the extra plots brings, or by graphviz.",
        "Install calcgrad[plots], or graphviz; dot, mermaid and text need neither.",
        "calcgrad trace x*y --at x=1,y=2 --format svg",
        libraries={"igraph": False},
    ),
    Code(
        "E670",
        "the modes of an expression are compared at one point, typed with --at",
        "Arguments that are made or drawn, and --wrt, are those of a Python function.",
        "Give one --at, or a Python function: model.py:loss.",
        'calcgrad compare-modes "x*y" --random "normal(2)"',
    ),
)
