"""Infix operators of traced values, written as text: between floats and arrays of one trace, nothing stands but the step.

Half the time of an operation on floats is spent on calling Python functions: so the arithmetic stands in the operator's own
body, and a new value is put together there. Where the values of a trace are traced themselves, their own operator is asked. What is
neither two floats, nor such, nor arrays of no program, goes by ``apply``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calcgrad.tracing import rules
from calcgrad.tracing.emitting import nested
from calcgrad.tracing.values import array_function, value_of_operation

#: A new traced value ``y``, whose step has just been written.
_NEW = """
{pad}new = Traced()
{pad}new.primal = y
{pad}new.slot = len(trace.steps) - 1
{pad}new._trace = trace
{pad}return new"""

#: The operator, its reflected and its augmented form. ``Traced``, ``apply`` … are names of the module of traced values.
_TEXT = """
def made(ufunc, div, pull_both, pull_left, pull_right, nested_both, nested_left, nested_right):
    def left(self, other):
        x = self.primal
        trace = self._trace
        if type(x) is float:
            if type(other) is Traced:
                b = other.primal
                if other._trace is trace and type(b) is float:
                    y = {left}
                    trace.append(({both_code}, self.slot, other.slot, x, b, y)){new5}
            elif type(other) is float or type(other) is int:
                b = other
                y = {left}
                trace.append(({left_code}, self.slot, None, x, b, y)){new4}
        elif type(x) is Traced:
            kind = type(other)
            if kind is Traced:
                b = other.primal
                if other._trace is trace and (type(b) is Traced or type(b) is float):
                    y = x {sign} b
                    pull = nested_both if type(y.primal) is float else None
                    trace.append((pull, "{op}", (self.slot, other.slot), (x, b), (), y)){new5}
            elif kind is float or kind is int:
                y = x {sign} other
                pull = nested_left if type(y.primal) is float else None
                trace.append((pull, "{op}", (self.slot, None), (x, other), (), y)){new4}
        elif type(x) is Array and not trace.program:
            kind = type(other)
            if kind is Traced:
                b = other.primal
                if other._trace is trace and type(b) in _PLAIN:
                    y = ufunc(x, b)
                    trace.append((pull_both, "{op}", (self.slot, other.slot), (x, b), (), y)){new5}
            elif kind in _PLAIN:
                b = trace.keep(other) if kind is Array else other
                y = ufunc(x, b)
                trace.append((pull_left, "{op}", (self.slot, None), (x, b), (), y)){new4}
        if getattr(other, "__array_ufunc__", self) is None:
            return NotImplemented
        return apply("{op}", self, _operand(other))

    def right(self, other):
        x = self.primal
        trace = self._trace
        if type(other) is float or type(other) is int:
            if type(x) is float:
                y = {right}
                trace.append(({right_code}, None, self.slot, other, x, y)){new4}
            if type(x) is Traced:
                y = other {sign} x
                pull = nested_right if type(y.primal) is float else None
                trace.append((pull, "{op}", (None, self.slot), (other, x), (), y)){new4}
            if type(x) is Array and not trace.program:
                y = ufunc(other, x)
                trace.append((pull_right, "{op}", (None, self.slot), (other, x), (), y)){new4}
        if getattr(other, "__array_ufunc__", self) is None:
            return NotImplemented
        return _reflected("{op}", other, self)

    def augmented(self, other):
        if type(self.primal) is not float and self.shape:
            raise written_over(self)
        if type(other) is not Traced and isinstance(other, Traced):
            return NotImplemented  # an array that can be written into: as in self {sign} other, its own operator is asked
        return left(self, other)

    return left, right, augmented
"""


def infix(op: str, sign: str, home: dict[str, Any]) -> tuple[Callable[..., Any], ...]:
    """An infix operator, its reflected and its augmented form; ``home`` holds the names of the module of traced values.

    The sign stands between two floats as it is, but for a quotient by zero, which Python refuses and IEEE's rules do not.
    """
    form = "{0} / {1} if {1} else div({0}, {1})" if op == "div" else f"{{0}} {sign} {{1}}"
    text = _TEXT.format(
        op=op,
        sign=sign,
        left=form.format("x", "b"),
        right=form.format("other", "x"),
        both_code=rules.scalar_code(op, (1, 1)),
        left_code=rules.scalar_code(op, (1, 0)),
        right_code=rules.scalar_code(op, (0, 1)),
        new4=_NEW.format(pad=" " * 16),
        new5=_NEW.format(pad=" " * 20),
    )
    names: dict[str, Any] = {}
    exec(compile(text, f"{__file__}: {op}", "exec"), home, names)
    actives = ((1, 1), (1, 0), (0, 1))
    pulls = [
        *(rules.array_pull(op, active) for active in actives),
        *(nested(op, rules.active_partials(op, active)) for active in actives),
    ]
    made: tuple[Callable[..., Any], ...] = names["made"](
        array_function(op), value_of_operation("div"), *pulls
    )
    return made
