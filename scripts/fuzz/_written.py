"""The witness as written: mpmath's values of the function at the exact point, differentiated by mpmath, to fifty digits.

It knows neither a rule of derivatives nor a power series of ours: only values, at points 10^-25 beside the exact one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mpmath

from calcgrad.autodiff.tape import run
from calcgrad.comparing.cases import cases_of
from calcgrad.comparing.request import Request, read
from calcgrad.errors import CalcgradError
from calcgrad.expression.nodes import Call, Node, postorder
from calcgrad.report.derivatives import PointReport
from calcgrad.systems.base import NoClosedForm, system

#: Digits that mpmath works with, and of the steps beside the point, of which the two must agree.
DIGITS = 120
STEPS = ("1e-25", "1e-28")
#: How far the truth may be off, as a share: where a second derivative jumps (elu at 0) a difference is good to its step alone.
CLOSE = mpmath.mpf("1e-22")
_FAILED = (
    ValueError,
    ZeroDivisionError,
    OverflowError,
    TypeError,
    NotImplementedError,
    mpmath.libmp.NoConvergence,
)


def against_mpmath(request: Request, point: PointReport) -> Iterator[str]:
    """Each truth as written that mpmath's differences contradict."""
    reading = read(request)
    if reading.function.arrays:
        return
    (case,) = cases_of(reading.function, reading.points)
    with mpmath.workdps(DIGITS):
        for row, wrt in zip(point.truth, reading.wrts, strict=True):
            if row.value is None or row.verdict not in ("agree", "disagree", "overflow", "removable"):
                continue
            slopes = [_slope(case.written, wrt[0], mpmath.mpf(step)) for step in STEPS]
            if None in slopes:
                continue
            (rough, _), (true, blur) = slopes
            if abs(rough - true) > abs(true) * mpmath.mpf("1e-20") + blur:
                continue
            said = mpmath.mpf(row.value)
            if abs(said - true) > CLOSE * abs(true) + mpmath.mpf("1e-40") * abs(said) + blur:
                yield f"d/d{row.wrt[0]} is {row.value} as written, by mpmath {mpmath.nstr(true, 25)}"


def _slope(subject: Any, coordinate: int, step: Any) -> Any:
    """The central difference with a step, and what rounding may do to it; None where mpmath has no finite real value."""
    numbers = system("mpmath")
    try:
        at = [_constant(node, numbers) for node in subject.nodes]
        sides = []
        for sign in (1, -1):
            moved = [x + sign * step if i == coordinate else x for i, x in enumerate(at)]
            (slot,) = subject.tape.outputs
            value = run(subject.tape, moved, numbers)[slot]
            if isinstance(value, bool) or not mpmath.isfinite(value):
                return None
            sides.append(value)
    except (CalcgradError, NoClosedForm, *_FAILED):
        return None
    return (sides[0] - sides[1]) / (2 * step), mpmath.mpf(10) ** (20 - DIGITS) * max(map(abs, sides)) / step


def _constant(root: Node, numbers: Any) -> Any:
    stack: list[Any] = []
    for node in postorder(root):
        if isinstance(node, Call):
            cut = len(stack) - len(node.args)
            stack[cut:] = [numbers.function(node.op)(*stack[cut:], *node.params)]
        else:
            stack.append(numbers.constant(node))
    return stack[0]
