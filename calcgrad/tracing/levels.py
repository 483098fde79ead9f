"""The number system of traced values of every level, and of plain floats and arrays beside them.

It binds the table's rules (pullbacks, pushforwards, their transposes) to :func:`calcgrad.tracing.traced.apply`, so that
a sweep over traced values is itself written down: that is how derivatives of derivatives come about. There are two of it.
One writes zeros by structure as plain zeros, and is quick. The other keeps masks for them (see
:mod:`calcgrad.systems.values.masked`), and decides where the first met nan.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy

from calcgrad.errors import UsageError
from calcgrad.operations import COMPOSITES, Elementwise
from calcgrad.operations.shapes import shape_of
from calcgrad.systems.array_rules import split
from calcgrad.systems.base import Arrays, NoClosedForm, system
from calcgrad.systems.values.masked import Masked, aware, dense
from calcgrad.tracing.traced import Traced, apply
from calcgrad.tracing.values import value_of_operation

#: Operations that put entries among zeros.
_PUTTING = ("scatter", "put", "put_along")


class Levels(Arrays):
    """Traced values of any level over floats and arrays; zeros by structure are told from numbers where it is ``masked``."""

    def __init__(self, masked: bool) -> None:
        super().__init__()
        self.masked = masked

    def _find(self, op: str) -> Callable[..., Any]:
        if op in COMPOSITES:
            return self._bind_definition(COMPOSITES[op])
        plain = system("numpy").function(op) if self.masked else value_of_operation(op)

        def either(*args: Any) -> Any:
            for a in args:
                if type(a) is Traced:
                    break
            else:
                return plain(*args)
            args, params = split(op, args)
            return apply(op, *args, params=params)

        if op == "div":
            return _divided(either)
        if not self.masked:
            return either
        return _supported(op, either) if op in _PUTTING else _masks_of_traced(op, either)

    def _bind_partial(self, row: Elementwise, j: int) -> Callable[..., Any]:
        """The partial; an argument that has none in the table (the order of a Bessel function) is refused by name."""
        try:
            return super()._bind_partial(row, j)
        except NoClosedForm:
            name = f"scipy.special.{row.scipy[0]}" if row.scipy else row.name
            raise UsageError.of(
                "E420",
                f"{name} has no derivative in its argument {j + 1} here",
                hints=(
                    "stop_gradient takes that argument as a constant",
                    "custom_rule gives a function of your own a derivative",
                ),
            ) from None

    def select(self, condition: Any, taken: Callable[[], Any], other: Callable[[], Any]) -> Any:
        if not shape_of(condition):
            return taken() if condition else other()
        if self.masked and type(condition) is not Traced:
            return super().select(condition, taken, other)
        a, b = taken(), other()
        if a is None and b is None:
            return None
        return self.function("where")(condition, 0.0 if a is None else a, 0.0 if b is None else b)


def _masks_of_traced(op: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """An operation that also takes masks beside traced values, by the rules of those beside plain ones."""
    mindful = aware(op, function)

    def either(*args: Any) -> Any:
        for a in args:
            if type(a) is Masked and isinstance(a.values, Traced):
                return mindful(*args)
        return function(*args)

    return either


def _divided(function: Callable[..., Any]) -> Callable[..., Any]:
    """A quotient above whose line a masked adjoint may stand."""

    def divide(a: Any, b: Any) -> Any:
        return a / dense(b) if type(a) is Masked else function(a, dense(b))

    return divide


def _supported(op: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """What a traced value is put to keeps its support, as a plain value's does."""

    def masked(a: Any, *rest: Any) -> Any:
        values = dense(a)
        if type(values) is not Traced:
            return function(a, *rest)
        there = a.support if type(a) is Masked else numpy.ones(values.shape, bool)
        reached = system("numpy").function(op)(numpy.where(there, 1.0, 0.0), *rest)
        if reached is None or not numpy.any(dense(reached)):
            return None
        values, support = function(values, *rest), dense(reached) > 0
        return values if numpy.all(support) else Masked(values, support)

    return masked


@cache
def levels(masked: bool = False) -> Levels:
    """The system of traced values, with masks or without."""
    return Levels(masked)
