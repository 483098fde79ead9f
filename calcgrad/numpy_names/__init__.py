"""From NumPy's functions to the table: ``handler(apply, *args, **kwargs)`` for each function that traced values go through.

``apply(op, *args, params=())`` evaluates one operation of the table on the arguments' primals, and writes a step where one of
them is traced; what it gives back goes through NumPy's names and Python's operators like any value. A handler says with it
what the function means, for plain and for traced arguments alike. It never reads a traced value's number: what has to be
decided by values is compared with ``apply`` (``less``, ``equal`` …), so that a compiled program knows what it depends on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy

from calcgrad.errors import UsageError
from calcgrad.operations import OPERATIONS, Elementwise

Handler: TypeAlias = Callable[..., Any]

#: The handler of each function, by the function itself.
HANDLERS: dict[Any, Handler] = {}


def handles(*functions: Any) -> Callable[[Handler], Handler]:
    """Register a handler for NumPy's functions."""

    def register(handler: Handler) -> Handler:
        for function in functions:
            HANDLERS[function] = handler
        return handler

    return register


def handler_of(function: Any) -> Handler:
    """The handler of a NumPy function. Raises ``UsageError`` (E420), with its name, where there is none."""
    found = HANDLERS.get(function)
    if found is None:
        raise UsageError.of(
            "E420",
            f"{_name(function)} is not traced",
            hints=("calcgrad.custom_rule can give a function of your own a derivative",),
        )
    return found


def method_of(ufunc: Any, method: str) -> Handler:
    """The handler of ``add.reduce`` and its like. Raises ``UsageError`` (E421) where there is none."""
    raise UsageError.of("E421", f"{_name(ufunc)}.{method} is not traced")


def _name(function: Any) -> str:
    module = getattr(function, "__module__", "") or "numpy"
    return f"{module}.{getattr(function, '__name__', function)}"


def _elementwise(op: str, name: str) -> Handler:
    def handler(apply: Any, *args: Any, **kwargs: Any) -> Any:
        for keyword, value in kwargs.items():
            if value is not None:
                raise UsageError.of("E422", f"numpy.{name} with {keyword}= is not traced")
        return apply(op, *args)

    return handler


for _op in (
    "sin",
    "cos",
    "tan",
    "exp",
    "log",
    "sqrt",
    "tanh",
    "add",
    "sub",
    "mul",
    "div",
    "neg",
    "square",
    "abs",
):
    _row = OPERATIONS[_op]
    assert isinstance(_row, Elementwise)
    _numpy = _row.numpy or _op
    HANDLERS[getattr(numpy, _numpy)] = _elementwise(_op, _numpy)


@handles(numpy.sum)
def _sum(apply: Any, a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    return apply("sum", a, params=(axis, keepdims))


@handles(numpy.where)
def _where(apply: Any, condition: Any, x: Any, y: Any) -> Any:
    return apply("where", condition, x, y)


@handles(numpy.matmul)
def _matmul(apply: Any, a: Any, b: Any) -> Any:
    return apply("matmul", a, b)


@handles(numpy.shape)
def _shape(apply: Any, a: Any) -> Any:
    return a.shape
