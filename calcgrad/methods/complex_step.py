"""``complex-step``: ``Im f(x + ih) / h`` for a tiny h; no subtraction, so no digits are lost.

Squire and Trapp, Using complex variables to estimate derivatives of real functions, SIAM Review 40 (1998). It holds only
where the function is analytic, and gives first derivatives.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from calcgrad.autodiff.tape import run
from calcgrad.errors import CalcgradError
from calcgrad.expression.nodes import Call, postorder
from calcgrad.functions.expression import Expression
from calcgrad.methods.protocol import Facts, Problem
from calcgrad.operations import OPERATIONS, VOCABULARY, Bilinear, Elementwise
from calcgrad.report.estimates import Estimate, Skipped, Status
from calcgrad.systems.base import NoClosedForm

STEP = 2.0**-332  # about 1e-100; a power of two, so that multiples of it are exact
#: Where the imaginary part comes out so small that it may have lost digits, a step of a size relative to x is tried.
SMALL, LITTLE = 1e-290, 1e-270
RELATIVE, SCALE = 1e-20, 1e-30
#: A number on the way that is smaller than this loses digits of its product with the usual step; this much is left of it.
THIN, KEPT = 1e-190, 1e-280
#: Nearer to 0 than this (and not at it) the usual step is no longer small beside x.
NEAR_ZERO = 1e-80
#: Nearer than this no step is small beside it.
SMALLEST = 1e-300


class ComplexStep:
    """The complex step; one evaluation with complex numbers a coordinate.

    A step that the user asks for is meant for the differences: here it would only make an error.
    """

    name = "complex-step"

    def derivatives(self, problem: Problem) -> Estimate | Skipped:
        """The first derivatives, or why the complex step does not apply."""
        if problem.order > 1:
            return Skipped("the complex step gives first derivatives only")
        reason = _not_analytic(problem.function)
        if reason:
            return Skipped(reason)
        try:
            return _estimate(problem)
        except NoClosedForm as fact:
            return Skipped(str(fact))
        except CalcgradError as error:
            if problem.function.of_text:
                raise
            return Skipped(f"the function does not take complex numbers: {error.diagnostic.message}")


def _estimate(problem: Problem) -> Estimate:
    """One evaluation a coordinate."""
    cells: list[list[_Cell]] = []
    evaluations = 0
    usual = _usual_step(problem)
    for (i,) in problem.wrts:
        x = abs(problem.flat[i])
        h = RELATIVE * x if SMALLEST < x < NEAR_ZERO else min(usual, max(STEP, RELATIVE * x))
        outputs = _moved(problem, i, h)
        evaluations += 1
        larger = RELATIVE * (max(x, SCALE) if x > NEAR_ZERO or x == 0 else x)
        if larger > h and any(abs(v.imag) < SMALL for v in outputs):
            h, outputs = larger, _moved(problem, i, larger)
            evaluations += 1
        coarse = 0 < x <= SMALLEST and h > RELATIVE * x
        cell = _coarse if coarse else _thin if usual > h else _cell
        cells.append([cell(v, h) for v in outputs])
    return Estimate(
        [[cell.value for cell in row] for row in cells],
        step=[[cell.step for cell in row] for row in cells],
        evaluations=evaluations,
        status=[[cell.status for cell in row] for row in cells],
        note=[[cell.note for cell in row] for row in cells],
    )


def _usual_step(problem: Problem) -> float:
    """A step that leaves the digits of every number on the way: larger than the usual one where some are thin."""
    function = problem.function
    if not function.of_text or function.arrays:
        return STEP
    values = run(function.tape, function.unflatten(problem.flat), function.system)
    thinnest = min((abs(v) for v in values if isinstance(v, float) and v), default=1.0)
    return STEP if thinnest > THIN else KEPT / thinnest


class _Cell(NamedTuple):
    value: float
    step: float
    status: Status = "ok"
    note: str | None = None


def _cell(v: complex, h: float) -> _Cell:
    """The derivative that one complex value holds, and whether it can be believed."""
    if not (math.isfinite(v.real) and math.isfinite(v.imag)):
        return _Cell(math.nan, h, "undefined", "the function is not finite here")
    if abs(v.imag) < SMALL and 0 < abs(v.real) < LITTLE:
        return _Cell(
            v.imag / h, h, "noisy", "the function's values are near the smallest doubles: digits are lost"
        )
    return _Cell(v.imag / h, h)


def _coarse(v: complex, h: float) -> _Cell:
    """The same where the step is larger than the point: right only for a function that does not bend so near to 0."""
    cell = _cell(v, h)
    if cell.status != "ok":
        return cell
    return cell._replace(status="noisy", note="no step is small beside so small a number")


def _thin(v: complex, h: float) -> _Cell:
    """The same where a number on the way is so small that its product with the step has few digits, or none."""
    cell = _cell(v, h)
    if cell.status != "ok":
        return cell
    note = "a number on the way is near the smallest doubles: its product with the step loses digits"
    return cell._replace(status="noisy", note=note)


def _moved(problem: Problem, i: int, h: float) -> list[complex]:
    """The function's values with coordinate ``i`` moved by ``ih``."""
    flat: list[complex] = [complex(x) for x in problem.flat]
    flat[i] = complex(problem.flat[i], h)
    return [complex(v) for v in problem.function.values(flat, "complex128")]


def _not_analytic(function: Expression) -> str | None:
    """The reason why the function has no complex step, or ``None``."""
    if not function.of_text:
        return _python_not_analytic(function)
    if function.arrays:
        return "the complex step is for functions of numbers, not of arrays"
    for node in postorder(function.root):
        row = OPERATIONS.get(node.op) if isinstance(node, Call) else None
        if isinstance(row, Elementwise) and not row.analytic:
            return f"{VOCABULARY.forms[row.name].text} is not analytic"
    return None


def _python_not_analytic(function: Expression) -> str | None:
    """The same for a Python function, by what it does at the point."""
    try:
        steps = function.tape.steps
    except NoClosedForm:
        return "a function that is not traced may do what no analytic function does"
    for step in steps:
        row = OPERATIONS[step.op]
        if not isinstance(row, Bilinear) and not row.analytic:
            return f"{VOCABULARY.forms[row.name].text} is not analytic"
    return None


FACTS = Facts(
    sentence="a step in the imaginary direction, which needs no subtraction",
    exact=True,
    truncates=True,
    by_chain_rule=True,
    undefined="no derivative: the function is not analytic here",
)
METHOD = ComplexStep()
