"""Power series over Arb's balls as a number system: a tape that runs on them gives Taylor coefficients with their radii.

A value is a series where it moves along the direction that is followed, and a ball where it does not. The table's partials are
never used: an elementwise operation has a series of its own in :mod:`calcgrad.systems.values.series` and beside it, or its row
has a definition in operations that have one.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from typing import Any

from calcgrad.expression.nodes import Call, Node, postorder
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.systems.base import Balls, System, system

MODULES = (
    "calcgrad.systems.values.series",
    "calcgrad.systems.values.series_trigonometric",
    "calcgrad.systems.values.series_special",
    "calcgrad.systems.values.series_families",
)


class BallSeries(Balls):
    """Truncated power series (``arb_series``) and balls (``arb``) at the precision and the length of flint's context.

    A number of the expression is exact: whoever wants the doubles that a method gets gives an expression of these.

    >>> from flint import arb, arb_series, ctx
    >>> from calcgrad.systems.values.lengths import keeping
    >>> with ctx.workprec(100), keeping(3):
    ...     series = BallSeries().function("sinh")(arb_series([0, 1]))
    >>> [str(series[k]) for k in range(3)]
    ['0', '1.00000000000000', '0']
    """

    name = "arb_series"

    def _find(self, op: str) -> Callable[..., Any]:
        from flint import arb, arb_series

        from calcgrad.systems.values.balls import of_kind

        row = OPERATIONS[op]
        on_series = series_function(op)
        if on_series is None and isinstance(row, Elementwise) and row.definition:
            on_series = self._bind_definition(row)
        if on_series is None:
            raise KeyError(f"the operation {op!r} has no power series")
        on_balls = system("arb").function(op)

        def apply(*args: Any) -> Any:
            args = of_kind(op, args)
            if op == "where":
                return on_series(*args)
            still = True
            for a in args:
                moves = isinstance(a, arb_series)
                still = still and not moves
                if (moves and a[0].is_nan()) or (isinstance(a, arb) and a.is_nan()):
                    return arb("nan")
            try:
                return (on_balls if still else on_series)(*args)
            except (ValueError, ZeroDivisionError, OverflowError):
                return arb("nan")

        return apply


@cache
def series_function(op: str) -> Callable[..., Any] | None:
    """An operation's own function of series; ``None`` where there is none."""
    for where in MODULES:
        found: Callable[..., Any] | None = getattr(importlib.import_module(where), op, None)
        if found is not None:
            return found
    return None


def has_series(op: str) -> bool:
    """Whether an operation has a power series, so that its derivatives of every order can be certified.

    >>> has_series("besselj"), has_series("versin"), has_series("fft")
    (True, True, False)
    """
    row = OPERATIONS[op]
    return isinstance(row, Elementwise) and (bool(row.definition) or series_function(op) is not None)


@cache
def ball_series() -> System:
    """The one system of series."""
    return BallSeries()


def constant_ball(root: Node) -> Any:
    """The ball of a constant expression at the precision of flint's context; nan where it has no real value.

    Raises ``KeyError`` or ``NotImplementedError`` for an operation that has no enclosure.

    >>> from calcgrad.expression.nodes import Constant
    >>> str(constant_ball(Call("sin", (Constant("pi"),))).contains(0))
    'True'
    """
    from calcgrad.systems.values.balls import of_kind

    balls = system("arb")
    stack: list[Any] = []
    for node in postorder(root):
        if isinstance(node, Call):
            cut = len(stack) - len(node.args)
            stack[cut:] = [balls.function(node.op)(*of_kind(node.op, stack[cut:]), *node.params)]
        else:
            stack.append(balls.constant(node))
    return stack[0]
