"""``complex-step``: ``Im f(x + ih) / h`` for a tiny h; no subtraction, so no digits are lost.

Squire and Trapp, Using complex variables to estimate derivatives of real functions, SIAM Review 40 (1998). It holds only
where the function is analytic, and gives first derivatives.
"""

from __future__ import annotations

from calcgrad.expression.nodes import Call, postorder
from calcgrad.functions import Expression
from calcgrad.methods.protocol import Problem
from calcgrad.operations import OPERATIONS, VOCABULARY, Elementwise
from calcgrad.report import Estimate, Skipped

STEP = 1e-100


class ComplexStep:
    """The complex step; one evaluation with complex numbers a coordinate."""

    name = "complex-step"

    def derivatives(self, problem: Problem) -> Estimate | Skipped:
        """The first derivatives, or why the complex step does not apply."""
        if problem.order > 1:
            return Skipped("the complex step gives first derivatives only")
        reason = _not_analytic(problem.function)
        if reason:
            return Skipped(reason)
        h = problem.step or STEP
        rows: list[list[float]] = []
        for (i,) in problem.wrts:
            flat: list[complex] = [complex(x) for x in problem.flat]
            flat[i] = complex(problem.flat[i], h)
            outputs = problem.function.values(flat, "complex128")
            rows.append([v.imag / h if isinstance(v, complex) else 0.0 for v in outputs])
        return Estimate(rows, step=h, evaluations=len(rows))


def _not_analytic(function: Expression) -> str | None:
    """The reason why the function has no complex step, or ``None``."""
    if function.arrays:
        return "the complex step is for functions of numbers, not of arrays"
    for node in postorder(function.root):
        row = OPERATIONS.get(node.op) if isinstance(node, Call) else None
        if isinstance(row, Elementwise) and not row.analytic:
            return f"{VOCABULARY.forms[row.name].text} is not analytic"
    return None


METHOD = ComplexStep()
