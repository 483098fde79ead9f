"""The form in which a derivative is shown: the shortest that cheap steps find, never at the price of seconds.

Runs in the worker.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy

from calcgrad.expression.nodes import Flat
from calcgrad.sympy_process.deadlines import INTERRUPTS, OutOfTime, limited
from calcgrad.sympy_process.spelling import NoCounterpartError, length, spell

LONG = 60  # characters beyond which ``simplify`` is worth its first 0.1 s
_CHEAP = 0.1
# What SymPy raises on an expression that is beyond it.
FAILURES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)
_MOST_NODES = 400
_HIGHEST_POWER = 40


def shortest(expression: Any) -> Any:
    """The shortest of the expression as it is, expanded, factored, and over one denominator."""
    if not tractable(expression):
        return expression
    found = [expression]

    def cheap_steps() -> None:
        found.extend(step(expression) for step in (sympy.expand, sympy.factor, sympy.together))

    _as_far_as_time_goes(_CHEAP, cheap_steps)
    return min(found, key=size)


def simplified(expression: Any, seconds: float) -> Any:
    """What ``simplify`` makes of a long expression within ``seconds``, if that is shorter and has the same
    values.
    """
    if seconds <= 0 or not INTERRUPTS or not tractable(expression) or size(expression) <= LONG:
        return expression
    found = [expression]
    _as_far_as_time_goes(seconds, lambda: found.append(sympy.simplify(expression)))
    best = min(found, key=size)
    return best if best is expression or _same_values(best, expression) else expression


def size(expression: Any) -> int:
    """About how many characters the expression takes."""
    flat = spelled(expression)
    return len(str(expression)) if flat is None else length(flat)


def spelled(expression: Any) -> Flat | None:
    """The flat form, or ``None`` where the language cannot say it."""
    try:
        return spell(expression)
    except NoCounterpartError:
        return None


def tractable(expression: Any) -> bool:
    """Whether rewriting may be tried: not too long, and no power that would be written out."""
    for count, node in enumerate(sympy.preorder_traversal(expression)):
        if count > _MOST_NODES:
            return False
        if node.is_Pow and node.exp.is_Rational and abs(node.exp) > _HIGHEST_POWER:
            return False
    return True


def _as_far_as_time_goes(seconds: float, work: Callable[[], Any]) -> None:
    """Run ``work`` until it ends, its time is up, or SymPy gives up on it; the form then stays as it was."""
    try:
        limited(seconds, work)
    except OutOfTime:
        sympy.core.cache.clear_cache()  # an interrupted assumption stays in the cache as unknown
    except FAILURES:
        pass


def _same_values(a: Any, b: Any) -> bool:
    """Whether two forms agree to 20 digits at a few points; where one has no value, the point does not
    count.
    """
    symbols = sorted(a.free_symbols | b.free_symbols, key=str)
    agreed = 0
    for start in (0.7109375, 1.3828125, -0.5390625, 2.6171875):
        point = {s: sympy.Float(start + 0.171875 * k) for k, s in enumerate(symbols)}
        values = [e.evalf(30, subs=point) for e in (a, b)]
        if not all(v.is_Float for v in values):
            continue
        if abs(values[0] - values[1]) > 1e-20 * (abs(values[0]) + sympy.Float("1e-300")):
            return False
        agreed += 1
    return agreed > 0
