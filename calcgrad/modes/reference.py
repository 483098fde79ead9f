"""The true derivatives that the modes' errors are taken against: reverse mode in 30 digits, over numbers alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from math import prod

from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.tape import run
from calcgrad.errors import CalcgradError
from calcgrad.functions.expression import Expression
from calcgrad.functions.scalars import scalar_name
from calcgrad.systems.base import NoClosedForm, system

#: More numbers than these are not written out.
MOST_INPUTS, MOST_OUTPUTS = 1000, 256


def count_inputs(function: Expression) -> int:
    """How many numbers the function takes, without a list of them."""
    return sum(prod(function.shapes.get(name, ())) for name in function.variables)


def count_outputs(function: Expression) -> int:
    """How many numbers it gives."""
    return prod(function.shape)


def in_numbers(function: Expression) -> Expression | None:
    """The function as one of numbers, or ``None`` where it is too large for that, or has an operation that cannot be written so."""
    if count_inputs(function) > MOST_INPUTS or count_outputs(function) > MOST_OUTPUTS:
        return None
    try:
        if function.of_text:
            return function.in_numbers
        if not function.arrays:
            return function
        names = [c.name if c.index is None else scalar_name(c.name, c.index) for c in function.coordinates]
        return Expression(function.root, names)
    except (CalcgradError, NoClosedForm):
        return None


def reference(function: Expression, flat: Sequence[float]) -> list[float] | None:
    """The derivatives, input by input and output by output, rounded; ``None`` where they are not known.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.operations import VOCABULARY
    >>> reference(Expression(parse("x*y", VOCABULARY).root, ("x", "y")), [2.0, 3.0])
    [3.0, 2.0]
    """
    import mpmath

    written = in_numbers(function)
    if written is None:
        return None
    numbers = system("mpmath")
    try:
        with mpmath.workdps(30):
            tape = written.tape
            values = run(tape, [mpmath.mpf(x) for x in flat], numbers)
            columns = [pullback(tape, values, {slot: mpmath.mpf(1)}, numbers) for slot in tape.outputs]
            return [float(column[i] or 0) for i in range(len(flat)) for column in columns]
    except (CalcgradError, NoClosedForm, KeyError, ArithmeticError, ValueError):
        return None


def largest_error(found: Sequence[float], truth: Sequence[float] | None) -> float | None:
    """The largest relative error over the derivatives that are not 0; ``None`` where there is nothing to compare with.

    >>> largest_error([1.0, 0.0, 2.5], [1.0, 0.0, 2.0]), largest_error([1.0], None)
    (0.25, None)
    """
    if truth is None:
        return None
    relative = [abs(a - b) / abs(b) for a, b in zip(found, truth, strict=True) if b and math.isfinite(b)]
    return max(relative, default=None)
