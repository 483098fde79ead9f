"""E7 and E9: what went wrong within calcgrad."""

from __future__ import annotations

from calcgrad.codes.entry import Code

TITLE = "calcgrad itself"
CODES = (
    Code(
        "E700",
        "this is a bug of calcgrad",
        "An exception was raised that nobody expected.",
        "Please report it, with what you typed; CALCGRAD_DEBUG=1 shows where it happened.",
        "from calcgrad.cli import bug\nfrom calcgrad.errors import InternalError\n\n"
        'raise InternalError(bug(ValueError("an example")))',
    ),
    Code(
        "E901",
        "SymPy has no value at the point",
        "It found no formula or no number there; the row `symbolic` of the report says so in its note.",
        "Nothing is to be done: the other methods and the certified truth stand for themselves.",
        "from calcgrad.comparing.cases import cases_of\n"
        "from calcgrad.comparing.request import Request, read\n"
        "from calcgrad.comparing.symbolic_truth import ask\n"
        "from calcgrad.errors import CalcgradError\n"
        "from calcgrad.inputs.points import read_points\n"
        "from calcgrad.operations import VOCABULARY\n\n"
        'reading = read(Request("sqrt(x)", at=read_points(["0"], VOCABULARY)))\n'
        "answer = ask(reading, cases_of(reading.function, reading.points))()\n"
        "raise CalcgradError(answer.points[0].outcome.diagnostic)",
    ),
    Code(
        "E902",
        "the time of --timeout was up",
        "The answer took longer than it may. What was known by then is in the report, a method that was not done says so in its "
        "row, and numbers without a truth are inconclusive; where nothing was known the exit code is 4.",
        "Give it more time with --timeout, choose fewer --methods, or make the text shorter.",
        'calcgrad diff "sin(x)*exp(x)" --at 2 --timeout 1e-9',
    ),
)
