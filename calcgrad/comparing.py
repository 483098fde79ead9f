"""Comparing: one function, one point, every method, and the truth beside them. ``diff`` computes its ``Report`` here."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from calcgrad.conditioning import Rounding, evaluation_condition
from calcgrad.errors import Diagnostic
from calcgrad.expression import to_latex, to_text
from calcgrad.functions import Expression
from calcgrad.judging import judge
from calcgrad.methods import MODULES, method
from calcgrad.methods.protocol import Problem
from calcgrad.operations import VOCABULARY
from calcgrad.points import Point
from calcgrad.reading import Reading, Request, flatten, read
from calcgrad.report import Derivative, PointReport, Report, Skipped, gravest
from calcgrad.rows import Run, labels, result_rows, truth_rows
from calcgrad.truth import Answer, PointTruth, ask
from calcgrad.verdicts import examine
from calcgrad.wording import explain, precision_warnings

__all__ = ["Request", "compute"]

NO_TRUTH = Diagnostic(
    "W201",
    "no truth: the methods are judged against each other only",
    hints=("leave out --truth none to have SymPy's value beside them",),
)


def compute(request: Request) -> Report:
    """The whole report of one request.

    Raises ``ParseError``, ``LimitError`` and ``UsageError`` for what cannot be read. A method that does not apply, or a truth
    that does not come in time, is a row of the report that says so.
    """
    reading = read(request)
    answer = ask(reading) if request.truth == "symbolic" else None
    return report(reading, answer)


def report(reading: Reading, answer: Answer | None) -> Report:
    """The report of a request that was read, with SymPy's answer to it if it was asked."""
    request = reading.request
    points = [_point(reading, k, answer) for k in range(len(reading.points))]
    warnings = [*reading.parsed.warnings, *(w for point in reading.points for w in point.warnings)]
    warnings += [w for _, more in points for w in more]
    return Report(
        input=request.text,
        parsed=to_text(reading.parsed.root, VOCABULARY),
        variables=reading.function.variables,
        order=request.order,
        warnings=tuple(dict.fromkeys(warnings)),
        derivatives=_formulas(reading, answer) if answer else (),
        points=tuple(point for point, _ in points),
        id=request.id,
    )


def _formulas(reading: Reading, answer: Answer) -> tuple[Derivative, ...]:
    """A row for each formula that SymPy found."""
    rows: list[Derivative] = []
    for wrt, formulas in zip(reading.wrts, answer.formulas, strict=True):
        names, index = labels(reading.function, wrt)
        for output, found in zip(reading.output_indices, formulas, strict=True):
            text = to_text(found.node, VOCABULARY) if found.node else found.text
            latex = to_latex(found.node, VOCABULARY) if found.node else None
            rows.append(Derivative(names, text, latex, found.note, output, index))
    return tuple(rows)


def _point(reading: Reading, k: int, answer: Answer | None) -> tuple[PointReport, list[Diagnostic]]:
    function, point = reading.function, reading.points[k]
    flat = flatten(function, point)
    value = function.values(flat)
    found = answer.points[k] if answer else None
    findings = examine(function, flat, point, reading.wrts)
    outcomes = _run(reading, flat, found)
    roundings = _roundings(function, flat, reading) if found else []
    results = result_rows(reading, outcomes)
    truth = truth_rows(reading, found, findings)
    results, truth = judge(results, truth, roundings)
    verdict = gravest([row.verdict for row in truth])
    done = PointReport(
        at=point.at(),
        value=value[0] if reading.output_indices == [None] else value,
        verdict=verdict,
        conditioning=max((r.condition for r in roundings if r), default=None),
        truth=truth if found or any(row.verdict != "agree" for row in truth) else (),
        results=results,
        at_exact=point.at_exact(),
        explanation=explain(verdict, truth, results),
    )
    return done, precision_warnings(reading, flat, done) if found else [NO_TRUTH]


def _roundings(function: Expression, flat: Sequence[float], reading: Reading) -> list[Rounding | None]:
    """The rounding allowed to each derivative and output, in the order of the rows."""
    outputs = len(reading.output_indices)
    rows: list[Rounding | None] = []
    for wrt in reading.wrts:
        rows.extend(evaluation_condition(function, flat, wrt) or [None] * outputs)
    return rows


def _run(reading: Reading, flat: list[float], found: PointTruth | None) -> list[Run]:
    """Every method that was chosen, timed; ``symbolic`` is SymPy's answer as a row."""
    chosen = reading.request.methods
    problem = Problem(reading.function, flat, reading.wrts, reading.request.step)
    runs: list[Run] = []
    for name in MODULES:
        if chosen is not None and name not in chosen:
            continue
        if name == "symbolic":
            asked = found or PointTruth(Skipped("SymPy was not asked (--truth none)"), (), None)
            runs.append(Run(name, asked.outcome, asked.seconds))
            continue
        derivatives = method(name).derivatives
        start = perf_counter()
        outcome = derivatives(problem)
        runs.append(Run(name, outcome, perf_counter() - start))
    return runs
