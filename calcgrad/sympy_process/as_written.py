"""Formulas as people write them: the table's rows for k-th derivatives, which are there for digits, in terms of what they derive.

``dawson_derivative(1, x)`` is ``1 - 2*x*dawson(x)``: the row of ``dawson`` says so itself. Runs in the worker.
"""

from __future__ import annotations

from typing import Any

import sympy

from calcgrad.operations import OPERATIONS, parsed
from calcgrad.operations.row import ARGUMENTS, Elementwise
from calcgrad.systems.base import system

_ENDING = "_derivative"
#: Orders beyond this stay rows of the table: written out they are long.
_HIGHEST = 3


def as_written(expression: Any) -> Any:
    """The expression with the rows of derivatives written out, where the row that they derive says how.

    >>> from calcgrad.systems.values.symbolic_special import dawson
    >>> x = sympy.Symbol("x")
    >>> as_written(dawson(x).diff(x))
    -2*x*dawson(x) + 1
    """
    if not hasattr(expression, "atoms"):
        return expression
    for _ in range(_HIGHEST):
        found = {atom: _written_out(atom) for atom in expression.atoms(sympy.Function)}
        found = {atom: written for atom, written in found.items() if written is not None}
        if not found:
            break
        expression = expression.xreplace(found)
    return expression


def _written_out(atom: Any) -> Any:
    """One k-th derivative by the last argument, once in lower ones; ``None`` where it is none, or nothing says how."""
    name = atom.func.__name__
    if not name.endswith(_ENDING) or not atom.args[0].is_Integer or not 1 <= atom.args[0] <= _HIGHEST:
        return None
    base = name.removesuffix(_ENDING)
    row = OPERATIONS.get(base)
    text = row.written[-1] if isinstance(row, Elementwise) and row.written else None
    if text is None:
        return None
    order, *args = atom.args
    names = [sympy.Dummy(real=True) for _ in args]
    numbers = system("sympy")
    value = numbers.function(base)(*names)
    written = numbers.expression(parsed(text), (*ARGUMENTS[: len(args)], "y"))(*names, value)
    return written.diff(names[-1], order - 1).subs(dict(zip(names, args, strict=True)), simultaneous=True)
