"""The short way of NumPy's functions of one argument that are one operation of the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from calcgrad.numpy_names.ufuncs import single_operation
from calcgrad.tracing import rules
from calcgrad.tracing.values import inert, value_of_operation


class Short(NamedTuple):
    """What the short way of a function of one argument needs; ``of_float`` gives ``None`` where there is none."""

    op: str
    code: int | None
    pull: Any
    of_float: Callable[[float], Any]
    of_array: Callable[[Any], Any]


#: The short ways met so far, by NumPy's function.
SHORTS: dict[Any, Short] = {}


def short_way(ufunc: Any) -> Short:
    """The short way of a function that is one operation with a derivative; any other goes by its handler."""
    op = single_operation(ufunc)
    code = None if op is None or inert(op) else rules.scalar_code(op, (1,))
    if op is None or code is None:
        found = Short("", None, None, lambda x: None, lambda x: None)
    else:
        value = value_of_operation(op)
        found = Short(op, code, rules.array_pull(op, (1,)), value, value)
    SHORTS[ufunc] = found
    return found
