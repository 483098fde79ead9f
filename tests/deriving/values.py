"""Values of expressions in mpmath alone: what derivatives and tidied formulas are measured against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mpmath
from mpmath import mpf

from calcgrad.deriving.building import each_once
from calcgrad.expression.nodes import Call, Constant, Name, Node, Number
from tests.operations import special_truth, truth

FUNCTIONS: dict[str, Callable[..., Any]] = {
    **special_truth.TRUTH,
    **truth.TRUTH,
    "less": lambda a, b: a < b,
    "less_equal": lambda a, b: a <= b,
    "greater": lambda a, b: a > b,
    "greater_equal": lambda a, b: a >= b,
    "equal": lambda a, b: a == b,
    "not_equal": lambda a, b: a != b,
    "logical_and": lambda a, b: bool(a) and bool(b),
    "logical_or": lambda a, b: bool(a) or bool(b),
    "logical_not": lambda a: not a,
    "where": lambda c, a, b: a if c else b,
}
CONSTANTS = {
    "pi": lambda: +mpmath.pi,
    "e": lambda: +mpmath.e,
    "tau": lambda: 2 * mpmath.pi,
    "true": lambda: True,
    "false": lambda: False,
}
#: Beyond this mpmath's special functions take seconds.
FAR = 60
_FAULTS = (ArithmeticError, ValueError, TypeError, NotImplementedError, mpmath.libmp.NoConvergence)


class _Nothing:
    """The value of what is undefined; a choice that does not take it is none the worse."""


NOTHING = _Nothing()


def value(root: Node, at: Mapping[str, Any]) -> Any:
    """The real value at a point in the working precision, or ``None`` where there is none."""
    done: dict[int, Any] = {}
    for node in each_once(root):
        done[id(node)] = _one(node, done, at)
    found = done[id(root)]
    return None if found is NOTHING else mpf(found) if isinstance(found, bool | int) else found


def _one(node: Node, done: dict[int, Any], at: Mapping[str, Any]) -> Any:
    if isinstance(node, Number):
        return mpf(node.value.numerator) / node.value.denominator
    if isinstance(node, Constant):
        return CONSTANTS[node.name]()
    if isinstance(node, Name):
        return at[node.name]
    assert isinstance(node, Call)
    args = [done[id(arg)] for arg in node.args]
    if node.op == "where":
        return NOTHING if args[0] is NOTHING else args[1] if args[0] else args[2]
    if any(arg is NOTHING for arg in args):
        return NOTHING
    if node.op in special_truth.TRUTH and any(abs(arg) > FAR for arg in args):
        return NOTHING
    try:
        found = FUNCTIONS[node.op](*args)
    except _FAULTS:
        return NOTHING
    if isinstance(found, bool):
        return found
    if isinstance(found, mpmath.mpc) or not mpmath.isfinite(found):
        return NOTHING
    return found


def close(a: Any, b: Any, digits: int = 15) -> bool:
    """Whether two values agree to some digits."""
    return bool(abs(a - b) <= mpf(10) ** -digits * max(1, abs(a), abs(b)))
